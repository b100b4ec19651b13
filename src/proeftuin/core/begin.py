"""begin: how a pilot starts. The one command that has no pilot yet."""

from datetime import datetime
from typing import Any

from proeftuin.core import remedies, who
from proeftuin.core.checks import Ground, alone, check
from proeftuin.core.commands import Accepted, Attempt, Blocker, Refusal
from proeftuin.core.events import Event
from proeftuin.core.frozen import EMPTY, FrozenDict
from proeftuin.core.pilot import RUNNING, Pilot
from proeftuin.core.table import Table


def nothing(table: Table, pilot_id: str, now: datetime) -> Pilot:
    """Return a pilot before its first event: version 0, in the state in which it will start."""
    state = table.workflow.start.to
    today = now.astimezone(table.zone).date()
    return Pilot(
        id=pilot_id,
        ref=None,
        workflow=table.workflow.id,
        version=0,
        digest="",
        state=state,
        phase=table.workflow.states[state].phase or "",
        outcome=None,
        hold=RUNNING,
        cycle=1,
        data=EMPTY,
        tracks=EMPTY,
        signatures=(),
        kept=EMPTY,
        counts=EMPTY,
        acted_as=EMPTY,
        starter="",
        since=today,
        cycle_since=today,
        last_move=today,
        created_at=now,
        updated_at=now,
        progress=today,
        entered=FrozenDict({state: today}),
    )


def _facts(table: Table, pilot: Pilot, given: FrozenDict, ref: str | None) -> FrozenDict:
    facts: dict[str, Any] = {
        "workflow": table.workflow.id,
        "hash": table.workflow.hash,
        "state": pilot.state,
        "phase": pilot.phase,
        "set": given,
    }
    return FrozenDict(facts if ref is None else {**facts, "ref": ref})


def unknown(table: Table, attempt: Attempt) -> tuple[Blocker, ...]:
    """Return why a command begins no pilot where the workflow that it would follow is not there."""
    params = FrozenDict({"field": "workflow", "problem": "no-such-workflow"})
    return remedies.explain(table, attempt, (Blocker("bad-value", params),))


def begin(table: Table, attempt: Attempt, ref: str | None = None) -> Accepted | Refusal:
    """Return the `pilot.started` event of a new pilot, or every reason why not.

    Args:
        table: the workflow that it will follow.
        attempt: on `nothing(...)`, with a command whose trigger is `start`.
        ref: the host's own reference.
    """
    rule, pilot, command = table.start, attempt.pilot, attempt.command
    role = who.role_for(table, attempt, rule, None)
    if role is None:
        return Refusal(remedies.explain(table, attempt, (who.refusal(table, attempt, (rule,)),)))
    today = pilot.since
    on = command.on or today
    checked = check(rule.fields, command.data or EMPTY, Ground(pilot, None, today, attempt.findings))
    blockers = list(checked.blockers)
    if on > today:
        blockers.append(Blocker("bad-value", FrozenDict({"field": "on", "problem": "after-today"})))
    if blockers:
        return Refusal(remedies.explain(table, attempt, alone(blockers) or blockers))
    facts = _facts(table, pilot, checked.data, ref)
    by = attempt.actor.id
    return Accepted(
        (Event(pilot.id, 1, "pilot.started", attempt.now, on, by, role, "start", None, facts, attempt.key),)
    )
