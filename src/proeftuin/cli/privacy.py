"""What was done with personal data: `privacy log`."""

from typing import Annotated, Literal

from attrs import asdict
from cyclopts import Parameter

from proeftuin.cli.exits import OK
from proeftuin.cli.options import At, Store, find_pilot
from proeftuin.cli.screen import Screen
from proeftuin.core.commands import Actor
from proeftuin.noting import OFFICER, Noted
from proeftuin.views import plain


def privacy(
    what: Literal["log"],
    /,
    *pilots: str,
    since: str | None = None,
    by: Annotated[str, Parameter(name=("--by", "--as"), env_var="PROEFTUIN_AS")],
    role: Annotated[tuple[str, ...], Parameter(negative=())] = (OFFICER,),
    at: Store = At(),  # noqa: B008  # a frozen value
) -> int:
    """Show what was done with personal data: who was forgotten, exported or looked up, by whom, when and why.

    Args:
        what: log.
        pilots: their ids, the beginnings of them, or your refs; left out, all pilots.
        since: only what was recorded on this day or later, YYYY-MM-DD.
        by: who reads it.
        role: in which role; the privacy officer alone may.
        at: where pilots are kept.
    """
    del what  # there is one thing to do so far
    with at.engine() as engine:
        wanted = [find_pilot(engine, one) for one in pilots] or None
        found = list(engine.privacy_log(actor=Actor(by, roles=role), pilots=wanted, since=since))
    screen = at.screen
    if screen.json:
        screen.data([{**asdict(one), "at": one.at.isoformat(), "on": one.on.isoformat()} for one in found])
    elif found:
        heads = [screen.tell(f"c-{name}") for name in ("date", "pilot", "what", "who", "reason")]
        screen.table(heads, [_row(screen, one) for one in found], narrow=(0, 1))
    else:
        screen.show(screen.tell("no-privacy-log"))
    return OK


def _row(screen: Screen, one: Noted) -> tuple[str, ...]:
    what = " ".join(filter(None, (screen.tell(f"p-{one.what}"), ", ".join(one.subjects))))
    reason = screen.tell("p-outlived") if one.reason is None else one.reason
    return one.on.isoformat(), plain(one.pilot_id), plain(what), plain(one.actor), plain(reason)
