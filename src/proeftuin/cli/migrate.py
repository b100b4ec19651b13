"""Running pilots under another version of their workflow: `migrate`."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter
from rich.text import Text

from proeftuin.cli.exits import OK, REFUSED, Usage
from proeftuin.cli.options import At, Store, Who
from proeftuin.cli.screen import BAD, GOOD, SOFT, Screen
from proeftuin.cli.whole import present, write_whole
from proeftuin.core.commands import Actor
from proeftuin.definitions import load_workflow
from proeftuin.engine import Engine
from proeftuin.migrating import MANAGER, Migrated, MigrationPlan
from proeftuin.views import plain

if TYPE_CHECKING:
    from proeftuin.core.migration.moving import Judged
    from proeftuin.core.workflow import Workflow

FEW = 20
FLAG = Parameter(negative=())


def migrate(
    workflow: Path,
    /,
    *,
    from_: Annotated[int, Parameter(name="--from")],
    plan: Path | None = None,
    out: Path | None = None,
    apply: Annotated[bool, FLAG] = False,
    undo: Annotated[bool, FLAG] = False,
    reason: str | None = None,
    who: Annotated[Who, Parameter(name="*")] = Who(),  # noqa: B008  # a frozen value
    at: Store = At(),  # noqa: B008  # a frozen value
) -> int:
    """Judge what another version of a workflow would do to running pilots; with --apply, move them to it.

    Args:
        workflow: the file of the new version.
        from_: the number of the version that the pilots follow.
        plan: a plan, as --out wrote it and somebody completed it.
        out: where to write the plan, for people to review; a file that is there is left alone.
        apply: move the pilots that are fine; the others stay.
        undo: move pilots back that the plan moved and to which nothing happened since.
        reason: why, with --apply or --undo; it stays in the history of each pilot.
        who: who does it.
        at: where pilots are kept.
    """
    _check(out, apply=apply, undo=undo)
    new = _newer(workflow, from_)
    screen = at.screen
    with at.engine(workflow=workflow) as engine:
        made = engine.plan_migration(f"{new.name}@{from_}", new.version, plan and present(plan))
        if apply or undo:
            return _carried_out(engine, made, screen, who, reason, undo=undo)
        found = _judged(made, screen)
    if out is not None:
        _written(made, out, screen)
    return found


def _check(out: Path | None, *, apply: bool, undo: bool) -> None:
    """Refuse what does not go together, and a plan where there is one.

    Raises:
        Usage: with what to do instead.
    """
    if apply and undo:
        raise Usage("g-one-of-two")
    if out is not None and (apply or undo):
        raise Usage("g-plan-first")
    if out is not None and out.exists():  # it may be a plan that somebody completed
        raise Usage("file-there", file=plain(out))


def _newer(file: Path, old: int) -> "Workflow":
    """Return the version to go to.

    Raises:
        Usage: there is no such file, or it is the old version itself.
    """
    new = load_workflow(present(file))
    if new.version == old:
        raise Usage("g-same-version", file=plain(file), version=old)
    return new


def _written(plan: MigrationPlan, out: Path, screen: Screen) -> None:
    write_whole(str(out), [plan.text()])
    if not screen.json:
        screen.item(Text("+", GOOD), screen.tell("g-written", file=plain(out)))


def _judged(plan: MigrationPlan, screen: Screen) -> int:
    """Show what every running pilot would come to: all of them counted, the first few that are not fine named."""
    counts: Counter[str] = Counter()
    shown: list[Judged] = []
    for one in plan:
        counts[one.verdict] += 1
        if one.verdict != "fine" and len(shown) < FEW:
            shown.append(one)
    undecided = [one.text(screen.lang) for one in plan.undecided]
    if screen.json:
        pilots = [{"pilot": one.pilot_id, "verdict": one.verdict, "codes": one.codes} for one in shown]
        screen.data({"counts": dict(counts), "undecided": undecided, "pilots": pilots})
    else:
        for text in undecided:
            screen.item(Text("-", BAD), plain(text))
        for verdict in ("fine", "decide", "impossible"):
            if counts[verdict]:
                mark = Text("+", GOOD) if verdict == "fine" else Text("-", BAD)
                screen.item(mark, screen.tell(f"g-{verdict}", count=counts[verdict]))
        if not counts:
            screen.show(screen.tell("g-nobody", workflow=f"{plan.migration.workflow}@{plan.migration.source.version}"))
        _show_judged(screen, shown, counts.total() - counts["fine"])
    return REFUSED if undecided or counts["decide"] or counts["impossible"] else OK


def _show_judged(screen: Screen, shown: "list[Judged]", several: int) -> None:
    """Show what is in the way of pilots that are not fine, and how many more there are."""
    for one in shown:
        screen.show(plain(one.pilot_id), indent=2)
        for finding in one.findings:
            where = f"{finding.track}: " if finding.track is not None else ""
            screen.show(plain(f"{where}{finding.text(screen.lang)}"), style=SOFT, indent=4)
    if several > len(shown):
        screen.show(screen.tell("d-more", count=several - len(shown)), style=SOFT, indent=2)


def _carried_out(
    engine: Engine, plan: MigrationPlan, screen: Screen, who: Who, reason: str | None, *, undo: bool
) -> int:
    if who.as_ is None or reason is None:
        raise Usage("g-why")
    actor = Actor(who.as_, roles=who.role or (MANAGER,), party=who.party)
    did = (engine.undo_migration if undo else engine.migrate)(plan, actor=actor, reason=reason)
    if screen.json:
        screen.data({"done": did.done, "left": did.left, "gone_on": did.gone_on})
    else:
        _told(did, screen, undo=undo)
    return REFUSED if did.left or did.gone_on else OK


def _told(did: Migrated, screen: Screen, *, undo: bool) -> None:
    screen.item(Text("+", GOOD), screen.tell("g-undone" if undo else "g-done", count=did.done))
    if did.left:
        screen.item(Text("-", BAD), screen.tell("g-left", count=did.left))
    if did.gone_on:
        screen.item(Text("-", BAD), screen.tell("g-gone-on", count=did.gone_on))
