"""A report that prints: `report`."""

from typing import Annotated, Any

from cyclopts import Parameter
from rich.text import Text

from proeftuin.cli.exits import OK
from proeftuin.cli.options import Acts, At, Chosen, Filters, Out, Store, Who
from proeftuin.cli.screen import GOOD
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

    screen, count = at.screen, 0
    with at.engine() as engine, screen.progress("f-writing") as bar:

        def progress(done: int, pilots: int) -> None:
            nonlocal count
            count = done
            if bar is not None:
                bar(done / pilots if pilots else 1)

        asked: dict[str, Any] = {
            "language": at.lang,
            "as_of": as_of,
            "actor": who.asker(),
            "months": months,
            "progress": progress,
        }
        write_whole(out, made(engine, **asked, **chosen.asked()))
    if out == STDOUT:
        return OK
    if screen.json:
        screen.data({"file": out, "pilots": count})
        return OK
    screen.item(Text("+", GOOD), screen.tell("f-written", count=count, file=out))
    return OK
