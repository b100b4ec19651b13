"""Many pilots, read page by page: one that cannot be read is noted, and takes no other one away.

A pilot cannot be read where its head is damaged, or what the store keeps of the workflow that it follows. Whoever makes
one answer of many pilots gives a `Missed` to note it in, and tells what the answer is without; without a `Missed` the
error is raised, as it is for who asked about that one pilot.
"""

from collections.abc import Callable, Iterator, Sequence

from proeftuin import log
from proeftuin.core.pilot import Pilot
from proeftuin.errors import CorruptStore
from proeftuin.heads import Heads
from proeftuin.spi import Page, Receipt, Summary
from proeftuin.tables import Tables

Missed = dict[str, str]
"""The pilots that could not be read, by id in the order in which they came, each with the workflow that it follows."""


def pages(find: Callable[[str | None], Page], after: str | None = None) -> Iterator[Page]:
    """Give pages one after another: `find` returns the one behind an id."""
    while True:
        page = find(after)
        yield page
        if page.next is None:
            return
        after = page.next


def read(
    items: Sequence[Summary], heads: Heads, tables: Tables, missed: Missed | None
) -> Iterator[tuple[Summary, Pilot | None]]:
    """Give what a page finds with the pilots themselves, without those that are gone; None for one that was missed.

    Args:
        items: what was found.
        heads: reads the pilots, many in one go.
        tables: reads the workflows that they follow.
        missed: takes those that cannot be read.

    Raises:
        CorruptStore: where one cannot be read, and `missed` is None.
    """
    if missed is None:
        found = heads.load_many([(one.id, None) for one in items])
        yield from ((one, loaded[0]) for one, loaded in zip(items, found, strict=True) if loaded is not None)
        return
    together = _together(items, heads)
    for place, one in enumerate(items):
        try:
            [loaded] = heads.load_many([(one.id, None)]) if together is None else [together[place]]
            if loaded is not None:
                tables.shown(loaded[0].workflow)
        except CorruptStore as error:
            log.warning("pilot-unreadable", pilot=one.id, reason=str(error))
            missed[one.id] = one.workflow
            yield one, None
        else:
            if loaded is not None:
                yield one, loaded[0]


def _together(items: Sequence[Summary], heads: Heads) -> Sequence[tuple[Pilot, Receipt | None] | None] | None:
    """Return what is read in one go; None where one of them cannot be, which each alone will tell."""
    try:
        return heads.load_many([(one.id, None) for one in items])
    except CorruptStore:
        return None
