"""A report that prints: `report`."""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from cyclopts import Parameter
from rich.text import Text

from proeftuin.cli.exits import OK
from proeftuin.cli.options import Acts, At, Chosen, Filters, Out, Store, Who
from proeftuin.cli.progress import progress_bar
from proeftuin.cli.screen import GOOD, Screen
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
    with at.engine() as engine, _counting(at.screen) as (counted, progress):
        write_whole(out, made(engine, progress=progress, **asked))
    if out == STDOUT:
        return OK
    if at.screen.json:
        at.screen.data({"file": out, "pilots": counted[-1]})
        return OK
    at.screen.item(Text("+", GOOD), at.screen.tell("f-written", count=counted[-1], file=out))
    return OK


@contextmanager
def _counting(screen: Screen) -> Iterator[tuple[deque[int], Callable[[int, int], None]]]:
    """Show how far it is, and keep how many pilots were written."""
    counted = deque([0], maxlen=1)
    with progress_bar(screen.tell("f-writing")) as bar:

        def progress(done: int, pilots: int) -> None:
            counted.append(done)
            if bar is not None:
                bar(done / pilots if pilots else 1)

        yield counted, progress
