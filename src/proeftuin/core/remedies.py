"""From "no" to a to-do list: what a guard misses becomes triggers of the workflow at hand, and words for people.

A remedy can be carried out now. Where what is missing lies several moves away, the remedy is the first of those moves;
doing it brings the blocker closer, and the next answer names the next move.
"""

from collections.abc import Iterable, Iterator, Mapping

from attrs import evolve

from proeftuin.core import graph, wording
from proeftuin.core._machine import RELATIONS, Rule, Table
from proeftuin.core.checks import among
from proeftuin.core.commands import Attempt, Blocker, Need, Remedy
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.pilot import PAUSED, Pilot, Record, Track
from proeftuin.core.workflow import PREVIOUS, RecordOp


def never(attempt: Attempt, track: Track | None) -> Blocker:
    """Return the blocker of what can no longer be done: nothing would help."""
    state = track.state if track is not None else attempt.pilot.state
    return Blocker("wrong-state", FrozenDict({"state": state, "never": True}), attempt.command.track)


def not_yet(attempt: Attempt, rule: Rule) -> Blocker:
    """Return the blocker of what cannot be done from here, but could be after other moves."""
    pilot, key = attempt.pilot, attempt.command.track
    needs: list[Need] = []
    track = pilot.tracks.get(key) if key is not None and rule.edge.opens is None else None
    needed: tuple[str, ...] = ()
    if track is not None and track.state not in rule.sources:
        needed += tuple(rule.sources)
        needs.append(Need("reach", track=key, states=tuple(sorted(rule.sources))))
    wanted = rule.sources if rule.kind is None and rule.edge.opens is None else rule.during
    if pilot.state not in wanted:
        needed += tuple(wanted)
        needs.append(Need("reach", states=tuple(sorted(wanted))))
    state = track.state if track is not None and track.state not in rule.sources else pilot.state
    params = FrozenDict({"state": state, "needed": tuple(sorted(set(needed))), "never": False})
    return Blocker("wrong-state", params, key, needs=tuple(needs))


def paused(attempt: Attempt) -> Blocker:
    """Return the blocker of a pilot that is on hold."""
    return Blocker("paused", FrozenDict({"resume_by": attempt.pilot.data.get("resume_by")}), needs=(Need("resume"),))


def not_paused(attempt: Attempt) -> Blocker:
    """Return the blocker of resuming a pilot that runs: it would have to be paused first."""
    params = FrozenDict({"state": attempt.pilot.state, "needed": (PAUSED,), "never": False})
    return Blocker("wrong-state", params, needs=(Need("resume", data=FrozenDict({"hold": "pause"})),))


def full(table: Table, attempt: Attempt) -> Blocker:
    """Return the blocker of a head that may hold no more records: end some that it lets go of, or close the pilot."""
    kinds = {name for name, one in table.workflow.records.items() if one.keep == "open"}
    open_ones = [one for name in kinds for one in attempt.pilot.kept.get(name, ()) if one.ended is None]
    needs: tuple[Need, ...] = tuple(Need("end", record=one.type, ids=(one.id,)) for one in open_ones[:3])
    if not needs:
        final = tuple(name for name, state in table.workflow.states.items() if state.final)
        needs = (Need("reach", states=final),)
    return Blocker("limit-reached", needs=needs)


def coded(blocker: Blocker, code: str | None, track: Track | None) -> Blocker:
    """Return a guard's blocker with the code and track of this use of it."""
    if code is None and (blocker.track is not None or track is None):
        return blocker
    return evolve(blocker, code=code or blocker.code, track=blocker.track or (track.key if track else None))


def explain(table: Table, attempt: Attempt, blockers: Iterable[Blocker]) -> tuple[Blocker, ...]:
    """Return blockers with their remedies and their words in every language."""
    done: list[Blocker] = []
    for blocker in blockers:
        found: dict[Remedy, None] = {}
        for need in blocker.needs:
            found.update(dict.fromkeys(_resolve(table, attempt, need)))
        missing = blocker.missing + tuple(found)
        params = blocker.params if "trigger" in blocker.params else FrozenDict(
            {**blocker.params, "trigger": attempt.command.trigger}
        )
        done.append(evolve(blocker, params=params, missing=missing, texts=wording.texts(table.workflow, blocker, missing)))
    return tuple(done)


def _resolve(table: Table, attempt: Attempt, need: Need) -> Iterator[Remedy]:
    if need.what == "again":
        command = attempt.command
        roles = _roles(next((rule for rule in table.every if rule.edge.trigger == command.trigger), None))
        yield Remedy(command.trigger, need.data, command.track, roles, need.day)
    elif need.what == "reach":
        yield from _steps(table, attempt.pilot, need)
    elif need.what == "resume":
        hold = need.data.get("hold", "resume")
        for rule in table.every:
            if rule.edge.hold == hold and attempt.pilot.state in rule.sources:
                yield Remedy(rule.edge.trigger, roles=_roles(rule))
    else:
        yield from _by_record(table, attempt, need)


def _roles(rule: Rule | None) -> tuple[str, ...]:
    """Return the roles that may fire a rule; relations are left out where a role can do it."""
    if rule is None:
        return ()
    return tuple(name for name in rule.allowed if name not in RELATIONS) or rule.allowed


def _signers(rule: Rule, pilot: Pilot, track: str | None) -> tuple[str, ...]:
    signed = {one.role for one in pilot.signatures if (one.trigger, one.track) == (rule.edge.trigger, track)}
    return tuple(name for name in _roles(rule) if name not in signed) or _roles(rule)


def _tracks(table: Table, pilot: Pilot, rule: Rule, need: Need) -> list[str | None]:
    """Return the tracks on which a rule could serve a need; None alone for a rule of the pilot."""
    if rule.kind is None:
        return [None]
    del table
    return [key for key, track in pilot.tracks.items() if track.kind == rule.kind and need.track in (None, key)]


def _fits(rule: Rule, op: RecordOp, data: Mapping[str, object]) -> bool:
    """Whether a rule can make a record hold these values: it takes them as data, or sets them itself."""
    for name, value in data.items():
        if name in op.set:
            if op.set[name] != value:
                return False
        elif name not in rule.fields:
            return False
        elif (held := rule.edge.when.get(name)) and not among(value, held):
            return False
        elif isinstance(rule.fields[name].of, tuple) and rule.fields[name].type == "choice" and not among(
            value, rule.fields[name].of
        ):
            return False
    return True


def _by_record(table: Table, attempt: Attempt, need: Need) -> Iterator[Remedy]:
    """Give the triggers that add or end a record; where none can be fired here, the first steps to where one can."""
    far: list[Need] = []
    found = False
    for rule in table.every:
        for op in rule.edge.records:
            if need.what == "end" and op.end == need.record and op.by and op.copy is None:
                records = [one for one in attempt.pilot.kept.get(str(op.end), ()) if one.id in need.ids]
                ready = [one for one in records if _here(attempt.pilot, rule, one.track)]
                for one in ready:
                    found = True
                    yield Remedy(rule.edge.trigger, _ending(op, one, need), rule.kind and one.track, _roles(rule))
            elif need.what == "add" and op.add == need.record and op.copy is None and _fits(rule, op, need.data):
                preset = FrozenDict({name: value for name, value in need.data.items() if name not in op.set})
                if "track" in rule.fields and need.track and rule.kind is None:
                    preset = FrozenDict({**preset, "track": need.track})
                for key in _tracks(table, attempt.pilot, rule, need):
                    if _here(attempt.pilot, rule, key):
                        found = True
                        yield Remedy(rule.edge.trigger, preset, key, _signers(rule, attempt.pilot, key))
                    elif key is not None:
                        far.append(Need("reach", track=key, states=tuple(sorted(rule.sources))))
                        far.append(Need("reach", states=tuple(sorted(rule.during))))
                if rule.kind is not None and not attempt.pilot.tracks:
                    far.append(Need("reach", kind=rule.kind, states=tuple(sorted(rule.sources))))
    if not found:
        for step in far:
            yield from _steps(table, attempt.pilot, step)


def _ending(op: RecordOp, record: Record, need: Need) -> FrozenDict:
    data: dict[str, object] = {str(op.by): record.id}
    if op.at and need.day:
        data[op.at] = need.day.isoformat()
    return FrozenDict(data)


def _here(pilot: Pilot, rule: Rule, key: str | None) -> bool:
    """Whether a rule can be fired now, as far as states and hold go."""
    if rule.edge.opens is not None or pilot.state not in rule.during:
        return False
    if pilot.hold == PAUSED and rule.edge.paused is None:
        return False
    if rule.kind is None:
        return pilot.state in rule.sources
    track = pilot.tracks.get(str(key))
    return track is not None and track.kind == rule.kind and track.state in rule.sources


def _steps(table: Table, pilot: Pilot, need: Need) -> Iterator[Remedy]:
    """Give the first moves on a shortest way to one of the states, or the openers of a track where there is none."""
    if need.kind is not None and need.track is None:
        keys = [key for key, track in pilot.tracks.items() if track.kind == need.kind]
        for key in keys:
            yield from _first(table, pilot, key, need.kind, need.states)
        for rules in table.openers.values():
            for rule in rules:
                if rule.edge.opens == need.kind and pilot.state in rule.during:
                    yield Remedy(rule.edge.trigger, roles=_roles(rule))
        return
    track = pilot.tracks.get(str(need.track)) if need.track is not None else None
    kind = track.kind if track is not None else None
    yield from _first(table, pilot, track.key if track else None, kind, need.states)


def _first(table: Table, pilot: Pilot, key: str | None, kind: str | None, states: Iterable[str]) -> Iterator[Remedy]:
    here = pilot.state if key is None else pilot.tracks[key].state
    away = table.distances[kind]
    goals = [state for state in states if state in away[here]]
    if not goals or here in goals:
        return
    fewest = min(away[here][goal] for goal in goals)
    own, edges = graph.lifecycle(table.workflow, kind)
    for rule in table.every:
        if rule.kind != kind or rule.edge.opens is not None or here not in rule.sources or rule.allowed == ("system",):
            continue
        if rule.edge.to == PREVIOUS and key is not None:
            ends: tuple[str | None, ...] = (pilot.tracks[key].previous,)
        else:
            ends = graph.targets(rule.edge, here, own, edges)
        if not any(away.get(str(end), {}).get(goal, fewest) == fewest - 1 for end in ends for goal in goals):
            continue
        if pilot.state in rule.during:
            preset = FrozenDict({name: held[0] for name, held in rule.edge.when.items()})
            yield Remedy(rule.edge.trigger, preset, key, _signers(rule, pilot, key))
        elif key is not None:
            yield from _first(table, pilot, None, None, tuple(sorted(rule.during)))
