"""From "no" to a to-do list: what is missing becomes triggers of the workflow at hand.

A remedy can be carried out now. Where what is missing lies several moves away, the remedy is the first of those moves;
doing it brings the blocker closer, and the next answer names the next move.
"""

from collections.abc import Iterable, Iterator, Mapping

from attrs import evolve

from proeftuin.core import graph
from proeftuin.core.checks import among
from proeftuin.core.commands import Attempt, Command, Need, Remedy
from proeftuin.core.frozen import EMPTY, FrozenDict
from proeftuin.core.pilot import PAUSED, Pilot, Record
from proeftuin.core.table import RELATIONS, SYSTEM, Rule, Table
from proeftuin.core.workflow import PREVIOUS, Field, FieldRef, RecordOp


def find(table: Table, attempt: Attempt, need: Need) -> Iterator[Remedy]:
    """Give the triggers that would supply what is missing, those that can be fired now first.

    Note:
        What the hold stands in the way of begins with resuming. The very command that was refused is not named where
        another leads on as well.
    """
    found = tuple(_find(table, attempt, need))
    if need.what == "reach":
        own = (attempt.command.trigger, attempt.command.track)
        found = tuple(one for one in found if (one.trigger, one.track) != own) or found
    if attempt.pilot.hold == PAUSED and need.what not in {"again", "resume"}:
        found = tuple(one for one in found if _on_hold(table, attempt.pilot, one.trigger))
        found = found or tuple(_find(table, attempt, Need("resume")))
    yield from (_able(table, attempt.pilot, one) for one in found)


def _able(table: Table, pilot: Pilot, remedy: Remedy) -> Remedy:
    """Return a remedy without the suppliers, where its track is nobody's yet: none of them may act there."""
    track = pilot.tracks.get(str(remedy.track or remedy.data.get("track")))
    if track is None or track.party is not None:
        return remedy
    sides = {name: role.side for name, role in table.workflow.roles.items()}
    return evolve(remedy, roles=tuple(name for name in remedy.roles if sides.get(name) != "supplier"))


def _on_hold(table: Table, pilot: Pilot, trigger: str) -> bool:
    """Whether a trigger can be fired while the pilot is on hold."""
    rules = (rule for rule in table.every if rule.edge.trigger == trigger and rule.edge.paused is not None)
    return any(pilot.state in (rule.sources if rule.kind is None else rule.during) for rule in rules)


def _find(table: Table, attempt: Attempt, need: Need) -> Iterator[Remedy]:
    if need.what == "again":
        command = attempt.command
        roles = _roles(next((rule for rule in table.every if rule.edge.trigger == command.trigger), None))
        yield Remedy(command.trigger, _impersonal(table, command, need.data), command.track, roles, need.day)
    elif need.what == "reach":
        yield from _steps(table, attempt.pilot, need)
    elif need.what == "resume":
        hold = need.data.get("hold", "resume")
        for rule in table.every:
            if rule.edge.hold == hold and attempt.pilot.state in rule.sources:
                yield Remedy(rule.edge.trigger, roles=_roles(rule))
    elif need.what == "begin":
        yield from _beginnings(table, attempt.pilot, str(need.data["workflow"]))
    else:
        yield from _by_record(table, attempt, need)


def _beginnings(table: Table, pilot: Pilot, workflow: str) -> Iterator[Remedy]:
    """Give the edges that begin a pilot of another workflow and leave this one where it is."""
    for rule in table.every:
        starts = rule.edge.starts
        if starts is not None and starts.workflow == workflow and not rule.moves and pilot.state in rule.sources:
            yield Remedy(rule.edge.trigger, roles=_roles(rule))


def _impersonal(table: Table, command: Command, data: FrozenDict) -> FrozenDict:
    """Return data without participants and without what the caller wrote, who has both.

    The pilot's own subjects mean nothing outside, and a refusal may end up where nobody thinks of what is in it.
    """
    rules = (rule.fields for rule in table.every if rule.edge.trigger == command.trigger)
    kept = _without(table, data, command.data or EMPTY, rules)
    if isinstance(fields := kept.get("fields"), FrozenDict):  # of a correction
        before = (command.data or EMPTY).get("fields")
        records = (one.fields for one in table.workflow.records.values())
        kept["fields"] = FrozenDict(
            _without(table, fields, before if isinstance(before, FrozenDict) else EMPTY, records)
        )
    return FrozenDict(kept)


def _without(
    table: Table, data: FrozenDict, given: FrozenDict, places: Iterable[Mapping[str, Field]]
) -> dict[str, object]:
    texts = {name for fields in places for name, field in fields.items() if field.type == "text"}
    return {
        name: value
        for name, value in data.items()
        if name not in table.personal and not (name in texts and given.get(name) == value)
    }


def _roles(rule: Rule | None) -> tuple[str, ...]:
    """Return the roles that may fire a rule; relations are left out where a role can do it instead."""
    if rule is None:
        return ()
    if rule.edge.sign:  # each of them does it, none instead of another
        return rule.allowed
    return tuple(name for name in rule.allowed if name not in RELATIONS) or rule.allowed


def _signers(rule: Rule, pilot: Pilot, track: str | None) -> tuple[str, ...]:
    signed = {one.role for one in pilot.signatures if (one.trigger, one.track) == (rule.edge.trigger, track)}
    return tuple(name for name in _roles(rule) if name not in signed) or _roles(rule)


def _tracks(pilot: Pilot, rule: Rule, need: Need) -> list[str | None]:
    """Return the tracks on which a rule could serve a need; None alone for a rule of the pilot."""
    if rule.kind is None:
        return [None]
    return [key for key, track in pilot.tracks.items() if track.kind == rule.kind and need.track in (None, key)]


def _fits(rule: Rule, op: RecordOp, data: Mapping[str, object]) -> bool:
    """Whether a rule can make a record hold these values: it takes them as data, or sets them itself."""
    for name, value in data.items():
        if name in op.set:
            if op.set[name] != value:
                return False
        elif (
            name not in rule.fields
            or ((held := rule.edge.when.get(name)) and not among(value, held))
            or (
                isinstance(rule.fields[name].of, tuple)
                and rule.fields[name].type == "choice"
                and not among(value, rule.fields[name].of)
            )
        ):
            return False
    return True


def _by_record(table: Table, attempt: Attempt, need: Need) -> Iterator[Remedy]:
    """Give the triggers that add or end a record; where none can be fired here, the first steps to where one can."""
    give = _endings if need.what == "end" else _additions
    found = tuple(give(table, attempt.pilot, need))
    if found:
        yield from found
    else:
        for step in _farther(table, attempt.pilot, need):
            yield from _steps(table, attempt.pilot, step)


def _endings(table: Table, pilot: Pilot, need: Need) -> Iterator[Remedy]:
    for rule, op in _ops(table):
        named = (op.by or op.same) and not any(one.add == op.end for one in rule.edge.records)
        if op.end == need.record and named:
            for one in pilot.kept.get(str(op.end), ()):
                if one.id in need.ids and _here(pilot, rule, one.track):
                    yield Remedy(rule.edge.trigger, _ending(rule, op, one, need), rule.kind and one.track, _roles(rule))


def _additions(table: Table, pilot: Pilot, need: Need) -> Iterator[Remedy]:
    for rule, op in _adders(table, need):
        preset = {name: value for name, value in need.data.items() if name not in op.set}
        if "track" in rule.fields and need.track and rule.kind is None:
            preset["track"] = need.track
        for key in _tracks(pilot, rule, need):
            if _here(pilot, rule, key):
                yield Remedy(rule.edge.trigger, FrozenDict(preset), key, _signers(rule, pilot, key))


def _farther(table: Table, pilot: Pilot, need: Need) -> Iterator[Need]:
    """Give the states to reach before a record can be added, or ended."""
    if need.what == "end":
        held = [one for one in pilot.kept.get(str(need.record), ()) if one.id in need.ids and one.track is not None]
        ending = [rule for rule, op in _ops(table) if op.end == need.record and op.by and rule.kind is not None]
        for one in held:
            yield from (Need("reach", track=one.track, states=tuple(sorted(rule.sources))) for rule in ending)
        return
    for rule, _ in _adders(table, need):
        sources, during = tuple(sorted(rule.sources)), tuple(sorted(rule.during))
        keys = [key for key in _tracks(pilot, rule, need) if key is not None]
        for key in keys:
            yield Need("reach", track=key, states=sources)
            yield Need("reach", states=during)
        if rule.kind is not None and not keys:
            yield Need("reach", track=need.track, kind=rule.kind, states=sources)


def _ops(table: Table) -> Iterator[tuple[Rule, RecordOp]]:
    return ((rule, op) for rule in table.every if rule.edge.refuse is None for op in rule.edge.records)


def _adders(table: Table, need: Need) -> Iterator[tuple[Rule, RecordOp]]:
    for rule, op in _ops(table):
        if op.add == need.record and op.copy is None and _fits(rule, op, need.data):
            yield rule, op


def _ending(rule: Rule, op: RecordOp, record: Record, need: Need) -> FrozenDict:
    """Return the data that names a record to be ended: by its id, or by the fields that it shares with the data."""
    data: dict[str, object] = {name: held[0] for name, held in rule.edge.when.items()}
    data |= {name: record.data[name] for name in op.same if name in record.data}
    if op.by:
        data[op.by] = record.id
    if op.at and need.day:
        data[op.at] = need.day.isoformat()
    return FrozenDict(data)


def _here(pilot: Pilot, rule: Rule, key: str | None) -> bool:
    """Whether a rule can be fired now, as far as states and hold go."""
    if rule.opener is not None or pilot.state not in rule.during:
        return False
    if pilot.hold == PAUSED and rule.edge.paused is None:
        return False
    if rule.kind is None:
        return pilot.state in rule.sources
    track = pilot.tracks.get(str(key))
    return track is not None and track.kind == rule.kind and track.state in rule.sources


def _steps(table: Table, pilot: Pilot, need: Need) -> Iterator[Remedy]:
    """Give the first moves on a shortest way to one of the states, or the openers of a track where there is none."""
    if "outcome" in need.data:
        yield from _ends(table, pilot, str(need.data["outcome"]))
        return
    if need.kind is not None and need.track not in pilot.tracks:
        keys = [key for key, track in pilot.tracks.items() if track.kind == need.kind]
        for key in keys if need.track is None else ():
            yield from _first(table, pilot, key, need.kind, need.states)
        for rules in table.openers.values():
            for rule in rules:
                if rule.opener == need.kind and pilot.state in rule.during:
                    yield Remedy(rule.edge.trigger, track=need.track, roles=_roles(rule))
        for rule in table.every:
            if rule.edge.beside is not None and rule.edge.beside.track == need.kind:
                yield from _opening_beside(table, pilot, rule)
        return
    track = pilot.tracks.get(str(need.track)) if need.track is not None else None
    kind = track.kind if track is not None else None
    yield from _first(table, pilot, track.key if track else None, kind, need.states)


def _opening_beside(table: Table, pilot: Pilot, rule: Rule) -> Iterator[Remedy]:
    """Give a rule that opens a track beside its own where it can be fired, or the first moves to where it can."""
    for key in _tracks(pilot, rule, Need("add")):
        if _here(pilot, rule, key):
            yield Remedy(rule.edge.trigger, track=key, roles=_signers(rule, pilot, key))
        else:
            yield from _first(table, pilot, key, rule.kind, tuple(sorted(rule.sources)))


def _ends(table: Table, pilot: Pilot, outcome: str) -> Iterator[Remedy]:
    """Give the edges that close the pilot with this outcome, or the first moves to where one of them can be fired."""
    for rule in table.every:
        preset = _closing(rule, outcome)
        if preset is not None and pilot.state in rule.sources:
            yield Remedy(rule.edge.trigger, preset, roles=_signers(rule, pilot, None))
        elif preset is not None:
            yield from _first(table, pilot, None, None, tuple(sorted(rule.sources)))


def _closing(rule: Rule, outcome: str) -> FrozenDict | None:
    """Return the data with which a rule gives the pilot this outcome, None where it cannot."""
    given = rule.edge.outcome
    preset = {name: held[0] for name, held in rule.edge.when.items()}
    if given == outcome:
        return FrozenDict(preset)
    if isinstance(given, FieldRef):
        field = rule.fields.get(given.field)
        if among(outcome, rule.edge.when.get(given.field) or (field.of if field else ())):
            return FrozenDict({**preset, given.field: outcome})
    return None


def _first(table: Table, pilot: Pilot, key: str | None, kind: str | None, states: Iterable[str]) -> Iterator[Remedy]:
    here = pilot.state if key is None else pilot.tracks[key].state
    goals = [state for state in states if state in table.distances[kind][here]]
    if not goals or here in goals:
        return
    moves = [(left, rule) for rule in table.every if (left := _left(table, pilot, rule, key, kind, goals)) is not None]
    moves = [(left, rule) for left, rule in moves if rule.edge.proposed] or moves
    nearest = min((left for left, _ in moves), default=None)
    for rule in (rule for left, rule in moves if left == nearest):
        if pilot.state in rule.during:
            preset = FrozenDict({name: held[0] for name, held in rule.edge.when.items()})
            yield Remedy(rule.edge.trigger, preset, key, _signers(rule, pilot, key))
        elif key is not None:
            yield from _first(table, pilot, None, None, tuple(sorted(rule.during)))


def _left(  # noqa: PLR0917  # the parts of one question
    table: Table, pilot: Pilot, rule: Rule, key: str | None, kind: str | None, goals: Iterable[str]
) -> int | None:
    """Return how many moves are left to a goal after this one, None where it is no move of a person from here.

    What begins another pilot instead is no step on the way of this one.

    Note:
        `previous` leads back to where the track was, and the table counts it as a move to every state that this could
        be; so the way is measured from where each move really leads, and a step aside counts as no step at all.
    """
    here = pilot.state if key is None else pilot.tracks[key].state
    if rule.kind != kind or rule.opener is not None or here not in rule.sources or rule.allowed == (SYSTEM,):
        return None
    if rule.edge.starts is not None:
        return None
    ends: tuple[str | None, ...] = graph.targets(rule.edge, here, *graph.lifecycle(table.workflow, kind))
    if rule.edge.to == PREVIOUS and key is not None:
        ends = (pilot.tracks[key].previous,)
    onward = _onward(table, kind)
    away = [onward.get(str(end), {}) for end in ends]
    return min((one[goal] for one in away for goal in goals if goal in one), default=None)


def _onward(table: Table, kind: str | None) -> graph.Distances:
    """Return how far states are from each other for who does not turn back."""
    known: dict[str | None, graph.Distances] = table.__dict__.setdefault("_onward", {})
    if kind not in known:  # derived from the workflow alone, so keeping it changes nothing
        known[kind] = graph.distances(graph.moves(table.workflow, kind, turning=False))
    return known[kind]
