"""What is next: `agenda`, `calendar`."""

from collections.abc import Mapping

from attrs import asdict
from rich.text import Text

from proeftuin.agenda import Agenda, Call, Deadline
from proeftuin.cli.options import Acts, At, Out, Store, Who, workflow_of
from proeftuin.cli.screen import BAD, CARE, GOOD, HEAD, SOFT, Screen, clean
from proeftuin.cli.unread import tell_unread
from proeftuin.cli.whole import STDOUT, write_whole
from proeftuin.core.workflow import Workflow
from proeftuin.views import plain, word
from proeftuin.views.words import said

Flows = Mapping[str, Workflow]  # per pilot the one that it follows


def agenda(
    *,
    days: int = 7,
    who: Acts = Who(),  # noqa: B008  # a frozen value
    at: Store = At(),  # noqa: B008  # a frozen value
) -> int:
    """Show what is next for one person: what to do, whom to call, the goals ahead.

    Args:
        days: how many days ahead; what is overdue is always shown.
        who: for whom; what this person may not see is left out.
        at: where pilots are kept.
    """
    actor, screen = who.actor(), at.screen
    with at.engine() as engine:
        found = engine.agenda(actor=actor, days=days)
        shown = {one.pilot_id for one in found.actions} | {one.pilot_id for one in found.calls}
        flows = {one: workflow_of(engine, one) for one in shown}
    if screen.json:
        screen.data(asdict(found))
    else:
        _show_actions(screen, found, flows)
        _show_calls(screen, found, flows)
        _show_horizon(screen, found)
    return tell_unread(screen, found.unreadable, len(found.unreadable))


def calendar(
    *,
    out: Out,
    who: Acts = Who(),  # noqa: B008  # a frozen value
    at: Store = At(),  # noqa: B008  # a frozen value
) -> int:
    """Write the due days ahead to a calendar file, for any calendar to take in.

    Args:
        out: the file, or - for the standard output.
        who: with a role, only what this person may see.
        at: where pilots are kept.
    """
    from proeftuin.views.ics import ahead, ics

    asker, screen = who.asker(), at.screen
    with at.engine() as engine:
        found = engine.deadlines() if asker is None else engine.seen_by(asker).deadlines()
    write_whole(out, ics(found, lang=at.lang).splitlines(keepends=True))
    count = len(ahead(found))
    if out != STDOUT and screen.json:
        screen.data({"file": out, "events": count})
    elif out != STDOUT:
        screen.item(Text("+", GOOD), screen.tell("a-written", count=count, file=out))
    return tell_unread(screen, found.unreadable, len(found.unreadable))


def _show_actions(screen: Screen, found: Agenda, flows: Flows) -> None:
    screen.show(Text(screen.tell("a-actions", count=found.days), HEAD))
    if not found.actions:
        screen.show(screen.tell("a-nothing"), style=SOFT)
        return
    heads = [screen.tell(f"c-{name}") for name in ("date", "when", "pilot", "what", "as")]
    screen.table(heads, [_action(screen, one, flows[one.pilot_id]) for one in found.actions], narrow=(0, 1))


def _action(screen: Screen, one: Deadline, flow: Workflow) -> tuple[str | Text, ...]:
    style = BAD if one.days < 0 else CARE if one.days == 0 else ""
    what = ": ".join(filter(None, (one.track, said(one.label, screen.lang), one.text)))
    roles = ", ".join(word(flow, role, screen.lang) for role in one.roles)
    day, when = one.due.isoformat(), _when(screen, one.days)
    return Text(day, style), Text(when, style), plain(one.title), plain(what), roles or screen.tell("a-self")


def _when(screen: Screen, days: int) -> str:
    if days in {-1, 0, 1}:
        return screen.tell(("a-yesterday", "a-today", "a-tomorrow")[days + 1])
    return screen.tell("a-late" if days < 0 else "a-ahead", days=abs(days))


def _show_calls(screen: Screen, found: Agenda, flows: Flows) -> None:
    if not found.calls:
        return
    screen.head(screen.tell("a-calls"))
    heads = [screen.tell(f"c-{name}") for name in ("silent", "pilot", "mood", "call")]
    screen.table(heads, [_call(screen, one, flows[one.pilot_id]) for one in found.calls])


def _call(screen: Screen, one: Call, flow: Workflow) -> tuple[str, ...]:
    silent = screen.tell("a-day" if one.days == 1 else "a-days", days=one.days)
    mood = word(flow, one.mood, screen.lang) or "-"
    return silent, plain(one.title), mood, plain(", ".join(one.who))


def _show_horizon(screen: Screen, found: Agenda) -> None:
    if not found.horizon:
        return
    screen.head(screen.tell("a-horizon"))
    heads = [screen.tell(f"c-{name}") for name in ("date", "pilot", "goal", "owner")]
    rows = [(clean(one.day), plain(one.title), plain(one.text), clean(one.owner)) for one in found.horizon]
    screen.table(heads, rows)
