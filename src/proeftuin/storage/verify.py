"""Whether what is stored is what was recorded: the chain, the versions, the heads; every fault with its place.

A digest vouches for its event and for all before it. So an event that was changed, deleted, swapped, inserted or brought
from another pilot breaks the chain at its place; a tail that was cut no longer reaches the head; a head that was changed
differs from the fold of its events. What cannot be seen from within: a chain rewritten as a whole, head included, by who
owns the database. Against that helps only a digest that another party keeps.

The store is asked through its port, and its history is streamed.
"""

from collections.abc import Callable, Iterable, Iterator

from attrs import frozen

from proeftuin import codec
from proeftuin.core.events import Event
from proeftuin.core.pilot import Pilot
from proeftuin.errors import CorruptStore
from proeftuin.spi import Entry, Loaded, Query, Store

Replay = Callable[[Iterable[Event]], Pilot | None]


@frozen
class Finding:
    """One thing that is wrong, and where.

    Attributes:
        version: the event that it was found at; None for the head.
        problem: a sentence that says what is wrong.
    """

    pilot_id: str
    version: int | None
    problem: str

    def __str__(self) -> str:
        """`pilot, event 7: problem`."""
        place = "head" if self.version is None else f"event {self.version}"
        return f"{self.pilot_id}, {place}: {self.problem}"


def verify(store: Store, tenant: str, pilot_id: str | None = None, *, replay: Replay) -> Iterator[Finding]:
    """Give everything that is wrong with one pilot, or with all of a tenant; nothing, if all is well.

    Args:
        store: any store.
        tenant: whose pilots.
        pilot_id: None checks all.
        replay: folds events into a pilot, to compare with the stored head.
    """
    for name in _ids(store, tenant) if pilot_id is None else (pilot_id,):
        loaded = store.load(tenant, name)
        if loaded is None:
            yield Finding(name, None, "there is no such pilot")
        else:
            yield from _Check(store, tenant, name, loaded).findings(replay)


def _ids(store: Store, tenant: str) -> Iterator[str]:
    after: str | None = None
    while True:
        page = store.find(Query(tenant, after=after))
        yield from (summary.id for summary in page.items)
        if page.next is None:
            return
        after = page.next


class _Check:
    """The check of one pilot, as of the moment its head was read: what is appended meanwhile is not looked at."""

    def __init__(self, store: Store, tenant: str, pilot_id: str, loaded: Loaded) -> None:
        self._history = store.history(tenant, pilot_id)
        self._pilot_id = pilot_id
        self._loaded = loaded
        self._found: list[Finding] = []
        self._version = 0
        self._digest = codec.genesis(pilot_id)
        self._sound = True

    def findings(self, replay: Replay) -> Iterator[Finding]:
        try:
            pilot = replay(self._events())
        except (LookupError, TypeError, ValueError) as error:
            pilot = None
            if self._sound:
                self._note(self._version, f"it cannot be folded: {error!r}")
        for _ in self._events():  # what is left, if the fold stopped half-way
            pass
        self._check_tail()
        if self._sound:
            self._check_head(pilot)
        yield from self._found

    def _note(self, version: int | None, problem: str) -> None:
        self._found.append(Finding(self._pilot_id, version, problem))
        self._sound = False

    def _events(self) -> Iterator[Event]:
        """Give the events for as long as they are sound; look at all."""
        for entry in self._history:
            if entry.version > self._loaded.version and self._appended_meanwhile(entry):
                return
            event = self._checked(entry)
            if event is not None and self._sound:
                yield event
    ...
