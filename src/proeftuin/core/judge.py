"""Is there anything against it? State, hold, data and all guards, each judged, none hiding another.

Rules 4, 5 and 7 of `decide`.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from proeftuin.core import plan as planning
from proeftuin.core import remedies, who
from proeftuin.core.checks import PARTY, Checked, Ground, alone, check
from proeftuin.core.choose import Chosen, admits
from proeftuin.core.commands import Attempt, Blocker
from proeftuin.core.frozen import EMPTY, FrozenDict
from proeftuin.core.guards import Question
from proeftuin.core.pilot import PAUSED, Pilot, Track
from proeftuin.core.structs import Inner, force_setattr, replace
from proeftuin.core.table import SYSTEM, Bound, Rule, Table

NOTHING = Checked(EMPTY)
FAILED = "guard-error"


class Judged(Inner, frozen=True):
    """A verdict on an edge, with what its events would be made of.

    Attributes:
        falls: whether a guard has something against what the edge leaves behind, so that the track falls.
    """

    chosen: Chosen
    blockers: tuple[Blocker, ...]
    warnings: tuple[Blocker, ...]
    data: FrozenDict
    plan: planning.Plan
    on: date
    today: date
    falls: bool = False


def _ordinary(chosen: Chosen, pilot: Pilot) -> bool:
    """Whether state and hold have nothing against it, as nearly always."""
    rule, edge = chosen.rule, chosen.rule.edge
    return chosen.holds and rule.opener is None and not edge.when and edge.hold != "resume" and pilot.hold != PAUSED


def _standing(attempt: Attempt, chosen: Chosen) -> Iterator[Blocker]:
    """Give what state and hold have against it."""
    pilot, edge, key = attempt.pilot, chosen.rule.edge, attempt.command.track
    if not chosen.holds:
        yield remedies.not_yet(attempt, chosen.rule)
    if edge.hold == "resume":
        if pilot.hold != PAUSED:
            yield remedies.not_paused(attempt)
    elif pilot.hold == PAUSED and edge.held:
        yield remedies.paused(attempt)
    if chosen.rule.opener is not None and not PARTY.fullmatch(str(key)):
        yield Blocker("bad-value", FrozenDict({"field": "track", "problem": "form"}))
    if not admits(chosen.rule, attempt.command.data or EMPTY):  # a choice that no edge is for
        yield Blocker("bad-value", FrozenDict({"field": next(iter(edge.when)), "problem": "not-a-choice"}))


def _dated(attempt: Attempt, on: date, today: date) -> Iterator[Blocker]:
    params = {"field": "on", "last_move": attempt.pilot.last_move.isoformat()}
    if on > today:
        yield Blocker("bad-value", FrozenDict({**params, "problem": "after-today"}))
    elif on < attempt.pilot.last_move:
        yield Blocker("bad-value", FrozenDict({**params, "problem": "before-last-move"}))


def _asked(bound: Bound, checked: Checked, *, blind: bool) -> bool:
    """Whether a guard can be asked: not without a required field that it reads, nor with one that was refused."""
    if blind or not checked.refused.isdisjoint(bound.reads):
        return False
    return not any(blocker.params.get("field") in bound.reads for blocker in checked.blockers)


def _full(table: Table, attempt: Attempt, judged: tuple[Rule, planning.Plan], today: date, *, blind: bool) -> bool:
    """Whether the head would hold more records than it may; without data nobody knows which ones an edge would end."""
    rule, plan = judged
    if blind and any(one.end and table.workflow.records[one.end].keep == "open" for one in rule.edge.records):
        return False
    held = sum(len(records) for records in attempt.pilot.kept.values())
    return held + len(plan.adding) - plan.let_go > attempt.settings.whole("kept_records", today)


def _checked(attempt: Attempt, rule: Rule, track: Track | None, today: date) -> Checked:
    data = attempt.command.data
    if data is None and rule.edge.sign and (waiting := who.votes(attempt)):
        data = waiting[0].data  # a missing party signs exactly what is pending
    if not rule.fields and not data:
        return NOTHING
    ground = Ground(attempt.pilot, track.key if track else None, today, attempt.findings, rule.live)
    return check(rule.fields, data or EMPTY, ground, personal=rule.personal)


def _question(  # noqa: PLR0917  # the parts of one value
    table: Table,
    attempt: Attempt,
    chosen: Chosen,
    data: FrozenDict,
    plan: planning.Plan,
    track: Track | None,
    today: date,
) -> Question:
    return Question(
        workflow=table.workflow,
        pilot=attempt.pilot,
        track=track,
        data=data,
        actor=attempt.actor,
        role=chosen.role,
        today=today,
        settings=attempt.settings,
        trigger=attempt.command.trigger,
        adding=tuple(plan.adding),
        changing=tuple(plan.changing),
    )


def _afterwards(question: Question) -> Question:
    """Return the question about the pilot as the records of the command would leave it."""
    touched = {one.type for one in (*question.adding, *(change.after for change in question.changing))}
    kept = {**question.pilot.kept, **{kind: tuple(question.records(kind)) for kind in sorted(touched)}}
    return replace(question, pilot=replace(question.pilot, kept=FrozenDict(kept)), adding=(), changing=())


def judge(table: Table, attempt: Attempt, chosen: Chosen, *, blind: bool = False) -> Judged:
    """Judge an edge completely.

    Args:
        table: the workflow that the pilot follows.
        attempt: who does what, when.
        chosen: the edge that it is about.
        blind: without data, as `options` does: missing fields are no blockers, guards that read fields are not asked.
    """
    rule, command, pilot = chosen.rule, attempt.command, attempt.pilot
    today = attempt.now.astimezone(table.zone).date()
    on = command.on or max(today, pilot.last_move)  # a clock that jumps back moves no business date back
    track = pilot.tracks.get(command.track) if command.track is not None else None
    blockers = [] if _ordinary(chosen, pilot) else list(_standing(attempt, chosen))
    if command.on is not None:
        blockers += _dated(attempt, command.on, today)
    checked = _checked(attempt, rule, track, today)
    plan = planning.make(table, rule, attempt, chosen.role, checked.data, on, today)
    if (checked.blockers or plan.blockers) and not blind:
        faults = (*checked.blockers, *plan.blockers)
        if private := alone(faults):
            return Judged(chosen, private, (), checked.data, plan, on, today)
        blockers += faults
    if plan.adding and _full(table, attempt, (rule, plan), today, blind=blind):
        blockers.append(remedies.full(table, attempt))
    if rule.edge.refuse is not None:
        blockers.append(remedies.refused(table, attempt, rule))
    warnings: tuple[Blocker, ...] = ()
    falls = False
    if rule.require or rule.advise or rule.falls or rule.mended:
        question = _question(table, attempt, chosen, checked.data, plan, track, today)
        blockers += _answers((*rule.require, *rule.mended), question, chosen, checked, blind=blind)
        if rule.advise:
            warnings = tuple(_answers(rule.advise, question, chosen, checked, blind=blind))
        if rule.falls:
            objections = _answers(rule.falls, _afterwards(question), chosen, checked, blind=blind)
            blockers += [one for one in objections if one.code == FAILED]
            falls = bool(objections)
    return Judged(chosen, tuple(blockers), warnings, checked.data, plan, on, today, falls)


def objections(
    table: Table, attempt: Attempt, rule: Rule, bounds: Iterable[Bound], role: str = SYSTEM
) -> tuple[Blocker, ...]:
    """Return what guards of an edge have against a pilot, wherever it stands, and against the data of the command."""
    today = attempt.now.astimezone(table.zone).date()
    track = attempt.pilot.tracks.get(attempt.command.track) if attempt.command.track is not None else None
    chosen = Chosen(rule, role, holds=True)
    data = attempt.command.data or EMPTY
    question = _question(table, attempt, chosen, data, planning.NO_PLAN, track, today)
    return tuple(_answers(bounds, question, chosen, Checked(data), blind=not data))


def _several(answer: Iterable[Blocker]) -> tuple[Blocker, ...]:
    """Return the blockers of an answer; what holds anything else is no answer, and so no yes."""
    found = tuple(answer)
    if not all(isinstance(one, Blocker) for one in found):
        message = "a guard answers with None, a Blocker, or several"
        raise TypeError(message)
    return found


def _answers(
    uses: Iterable[Bound], question: Question, chosen: Chosen, checked: Checked, *, blind: bool
) -> list[Blocker]:
    """Ask guards, and return every blocker.

    Note:
        One question serves them all, with the parameters of each in turn: it is frozen to the guards, and copying it
        for each would cost a third of a decision.
    """
    found: list[Blocker] = []
    for bound in uses:
        if bound.reads and not _asked(bound, checked, blind=blind):
            continue
        force_setattr(question, "params", bound.params)
        try:
            answer = bound.guard.check(question)
            if answer is None:
                continue
            blockers = (answer,) if isinstance(answer, Blocker) else _several(answer)
        except Exception as error:  # noqa: BLE001  # fail closed: whatever a host's guard raises is a no
            if chosen.holds:
                params = FrozenDict({"guard": bound.guard.name, "error": type(error).__name__})
                found.append(Blocker(FAILED, params, question.track.key if question.track else None))
            continue
        found += [remedies.coded(blocker, bound.code, question.track) for blocker in blockers]
    return found
