"""What happens: the events of an accepted command, in the order in which they are told.

1. the signature that completed the edge; 2. the pilot that is begun, the track that is opened; 3. records, in the order
of the ops; 4. the move, the hold, or the change of details; 5. the signatures that the move voids.

Every accepted command has at least one event. An event holds all that `evolve` needs.
"""

from datetime import date, datetime
from typing import Any

from proeftuin.core import who
from proeftuin.core.commands import Attempt, Begin
from proeftuin.core.events import Event
from proeftuin.core.frozen import EMPTY, FrozenDict
from proeftuin.core.judge import Judged
from proeftuin.core.pilot import PAUSED, Track, gathered
from proeftuin.core.structs import Making, field, replace
from proeftuin.core.table import Rule, Table
from proeftuin.core.workflow import KEY, PREVIOUS, SAME, FieldRef, Opens, Starts, Value


class _Log(Making):
    """The events of one command, numbered on from the pilot's version."""

    attempt: Attempt
    role: str
    on: date
    events: list[Event] = field(default_factory=list)
    quiet: bool = False  # what the workflow says is no progress

    def add(self, type: str, data: dict[str, Any], track: str | None = None) -> None:  # noqa: A002  # the field's own word
        attempt = self.attempt
        pilot, now = attempt.pilot, attempt.now
        at: datetime = max(pilot.updated_at, now)  # never backwards within a pilot
        if self.quiet:
            data["progress"] = False
        self.events.append(
            Event(
                pilot.id,
                pilot.version + len(self.events) + 1,
                type,
                at,
                self.on,
                attempt.actor.id,
                self.role,
                attempt.command.trigger,
                track,
                FrozenDict(data),
                attempt.key,
            )
        )


def _quiet(rule: Rule) -> bool:
    """Whether an edge is no progress and its events would not say so by themselves."""
    return not rule.edge.progress and rule.edge.hold is None


def signature(attempt: Attempt, judged: Judged) -> tuple[tuple[Event, ...], tuple[str, ...]]:
    """Return the events of a vote, and the roles that are still to sign."""
    log = _Log(attempt, judged.chosen.role, judged.on, quiet=_quiet(judged.chosen.rule))
    track, pilot = attempt.command.track, attempt.pilot
    valid = {judged.chosen.role}
    for vote in who.votes(attempt):
        if vote.data == judged.data:
            valid.add(vote.role)
        else:
            log.add("signature.voided", _voided(vote), track)
    waiting = tuple(role for role in judged.chosen.rule.edge.sign if role not in valid)
    state = pilot.tracks[track].state if track is not None else pilot.state
    data: dict[str, Any] = {"role": judged.chosen.role, "state": state, "data": judged.data}
    if not waiting:
        data["complete"] = True
    log.add("signature.added", data, track)
    return tuple(log.events), waiting


def _voided(vote: Any) -> dict[str, Any]:  # noqa: ANN401  # a Signature
    return {"trigger": vote.trigger, "role": vote.role, "actor": vote.actor}


def _value(value: Value | None, data: FrozenDict) -> Any:  # noqa: ANN401  # data
    return data.get(value.field) if isinstance(value, FieldRef) else value


def _left(rule: Rule, data: FrozenDict) -> FrozenDict:
    """Return what the edge sets on the track or the pilot: data that goes into no record, and its own `set`."""
    left = {name: value for name, value in data.items() if name not in rule.consumed}
    for name, value in rule.edge.set.items():
        left[name] = _value(value, data)
    return FrozenDict(left)


def committed(attempt: Attempt, events: tuple[Event, ...]) -> tuple[Event, ...]:
    """Return the events of a command with the commitments to new subjects in the first that names one of them.

    Note:
        Where no event names one, the last holds them: a subject that was issued must be counted, or the next person
        would get the same.
    """
    new = attempt.commitments
    if not new:
        return events
    place = next((number for number, event in enumerate(events) if _names(event, new)), len(events) - 1)
    told = replace(events[place], data=FrozenDict({**events[place].data, "commitments": new}))
    return (*events[:place], told, *events[place + 1 :])


def _names(event: Event, subjects: FrozenDict) -> bool:
    held = (event.data.get(part, EMPTY) for part in ("fields", "set", "data"))
    return any(isinstance(value, str) and value in subjects for values in held for value in values.values())


def _records(log: _Log, judged: Judged) -> None:
    for type_, track, fact in judged.plan.facts:
        log.add(type_, fact, track)


def _move_track(log: _Log, rule: Rule, left: FrozenDict, table: Table, *, falls: bool) -> None:
    key = str(log.attempt.command.track)
    track = log.attempt.pilot.tracks[key]
    to = track.state if rule.edge.to in (None, SAME) else str(rule.edge.to)
    if to == PREVIOUS:
        to = track.previous or track.state  # where it began there is nothing to go back to
    if falls and rule.edge.falls is not None:
        to = rule.edge.falls.to
    if to != track.state or left or not log.events:
        fact = {"from": track.state, "to": to, **({"set": left} if left else {})}
        log.add("track.moved", fact | _taken_over(table, track, to, left), key)
    if to != track.state:
        _void(log, key, rule)


def _taken_over(table: Table, track: Track, to: str, left: FrozenDict) -> dict[str, Any]:
    """Return whose the track is after a move, where that changes: a field that tells is set, or forgotten."""
    source = table.workflow.tracks[track.kind].party_from
    if source == KEY:
        return {}
    party = gathered(track.after(to, track.since, left)).get(source)
    return {"party": party} if party != track.party else {}


def _void(log: _Log, track: str | None, rule: Rule) -> None:
    """Void the votes that were cast in the state that is left."""
    for vote in log.attempt.pilot.signatures:
        if vote.track == track and not (vote.trigger == rule.edge.trigger and rule.edge.sign):
            log.add("signature.voided", _voided(vote), track)


def _open_track(log: _Log, table: Table, key: str, opens: Opens, left: FrozenDict) -> None:
    source = table.workflow.tracks[opens.track].party_from
    party = key if source == KEY else left.get(source)
    log.add("track.opened", {"kind": opens.track, "to": opens.to, "party": party, "set": left}, key)


def _move_pilot(log: _Log, rule: Rule, left: FrozenDict, table: Table, data: FrozenDict) -> None:
    pilot, edge = log.attempt.pilot, rule.edge
    new = {"set": left} if left else {}
    to = pilot.state if edge.to in (None, SAME) else str(edge.to)
    if pilot.hold == PAUSED and to != pilot.state and table.workflow.states[to].final:
        log.add("pilot.resumed", {})  # a closed pilot is not on hold
    if to != pilot.state or edge.outcome is not None or edge.cycle:
        fact: dict[str, Any] = {"from": pilot.state, "to": to, "phase": table.workflow.states[to].phase, **new}
        if edge.outcome is not None:
            fact["outcome"] = _value(edge.outcome, data)
        if edge.cycle:
            fact["cycle"] = pilot.cycle + 1
        log.add("pilot.moved", fact)
    if edge.hold:
        log.add("pilot.paused" if edge.hold == "pause" else "pilot.resumed", new)
    elif (to == pilot.state and new and not edge.cycle and edge.outcome is None) or not log.events:
        log.add("pilot.changed", {"set": left})
    if to != pilot.state:
        _void(log, None, rule)


def _begins(log: _Log, starts: Starts, data: FrozenDict, left: FrozenDict) -> Begin:
    pilot, trigger = log.attempt.pilot, log.attempt.command.trigger
    new = {name: pilot.data[name] for name in starts.copy if name in pilot.data}
    new |= {name: found for name, value in starts.set.items() if (found := _value(value, data)) is not None}
    if starts.link:
        new[starts.link] = pilot.id
    begun = Begin(str(_value(starts.workflow, data)), FrozenDict(new), trigger, str(log.attempt.new_id))
    log.add("pilot.linked", {"pilot": begun.id, "relation": begun.relation, **({"data": left} if left else {})})
    return begun


def _opening(log: _Log, rule: Rule, left: FrozenDict, table: Table, data: FrozenDict) -> None:
    """Open the track of an edge, its own or one beside it, which gets what is left of the data."""
    key, beside = log.attempt.command.track, rule.edge.beside
    if beside is None:
        _open_track(log, table, str(key), Opens(str(rule.opener), KEY, str(rule.edge.to)), left)
    else:
        source = {} if beside.link is None else {beside.link: key}
        _open_track(log, table, data[beside.key], beside, FrozenDict({**left, **source}))


def effects(
    table: Table, attempt: Attempt, judged: Judged, before: tuple[Event, ...] = ()
) -> tuple[tuple[Event, ...], Begin | None]:
    """Return the events of an edge that may be fired, after those in `before`; and the pilot that it begins."""
    rule = judged.chosen.rule
    log = _Log(attempt, judged.chosen.role, judged.on, list(before), quiet=_quiet(rule))
    left = _left(rule, judged.data) if judged.data or rule.edge.set else EMPTY
    begins = None
    if rule.edge.starts is not None:
        begins, left = _begins(log, rule.edge.starts, judged.data, left), EMPTY
    if rule.edge.opens is not None:
        _opening(log, rule, left, table, judged.data)
        left = EMPTY
    if judged.plan.facts:
        _records(log, judged)
    if rule.opener is None and rule.kind is not None:
        _move_track(log, rule, left, table, falls=judged.falls)
    elif rule.opener is None and (begins is None or rule.moves):
        _move_pilot(log, rule, left, table, judged.data)
    return committed(attempt, tuple(log.events)), begins
