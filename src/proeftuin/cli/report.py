"""A report that prints: `report`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from attrs import define
from cyclopts import Parameter
from rich.text import Text

from proeftuin.cli.options import Acts, At, Chosen, Filters, Out, Store, Who
from proeftuin.cli.progress import progress_bar
from proeftuin.cli.screen import GOOD, Screen
from proeftuin.cli.unread import tell_unread
from proeftuin.cli.whole import STDOUT, write_whole


def report(
    *,
    out: Out,
    as_of: Annotated[str | None, Parameter(name=("--as-of", "--at"))] = None,
    months: int = 12,
    chosen: Chosen = Filters(),  # noqa: B008  # a frozen value
    who: Acts = Who(),  # noqa: B008  # a frozen value
    at: Store = At(),  # noqa: B008  # a frozen value
) -> int:
    """Write a report that prints: figures with drawings, and a page for each pilot, in one file of HTML.

    Args:
        out: the file, or - for the standard output.
        as_of: the day that it holds for, YYYY-MM-DD; today by default.
        months: how far back the phases are shown over time.
        chosen: which pilots.
        who: for whom; what this person may not see is left out, and a role outside the pilot team gets no small groups.
        at: where pilots are kept.
    """
    from proeftuin.report import report as made

    asked: dict[str, Any] = {
        "language": at.lang,
        "as_of": as_of,
        "actor": who.asker(),
        "months": months,
        **chosen.asked(),
    }
    screen, counted = at.screen, Counted()
    with at.engine() as engine, _counting(screen, counted) as progress:
        write_whole(out, made(engine, progress=progress, unread=counted.without, **asked))
    if out != STDOUT and screen.json:
        screen.data({"file": out, "pilots": counted.pilots})
    elif out != STDOUT:
        screen.item(Text("+", GOOD), screen.tell("f-written", count=counted.pilots, file=out))
    return tell_unread(screen, counted.unreadable, counted.missing)


@define
class Counted:
    """How many pilots were written, and how many could not be read, with the ids that may be named."""

    pilots: int = 0
    missing: int = 0
    unreadable: tuple[str, ...] = ()

    def without(self, missing: int, unreadable: tuple[str, ...]) -> None:
        """Note what the report is without."""
        self.missing, self.unreadable = missing, unreadable


@contextmanager
def _counting(screen: Screen, counted: Counted) -> Iterator[Callable[[int, int], None]]:
    """Show how far it is, and note how many pilots were written."""
    with progress_bar(screen.tell("f-writing")) as bar:

        def progress(done: int, pilots: int) -> None:
            counted.pilots = done
            if bar is not None:
                bar(done / pilots if pilots else 1)

        yield progress
