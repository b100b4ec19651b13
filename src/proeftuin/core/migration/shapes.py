"""What becomes of a pilot's states, tracks, records, signatures and words: all but its clocks.

Each function returns the part as it is to be, and names what nobody has decided yet. A name that means nothing to the
new version any more stays where it is only history: on the path, and under whom acted.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from attrs import Factory, define

from proeftuin.core.checks import Ground, blank, check
from proeftuin.core.commands import Blocker
from proeftuin.core.frozen import EMPTY, FrozenDict
from proeftuin.core.migration.changes import by_type, emptied, in_order
from proeftuin.core.migration.declared import Branch, Migration, PilotMove, Steps, TrackMap, TrackMove
from proeftuin.core.pilot import Pilot, Record, Signature, Stop, Track, Visit, gathered
from proeftuin.core.privacy import names_citizen
from proeftuin.core.structs import replace
from proeftuin.core.table import Rule, Table
from proeftuin.core.workflow import KEY, Field, FieldRef, Scalar

NOTHING = PilotMove()
AS_IT_IS = TrackMove()
ALIKE = TrackMap()
STEPS = Steps()
PRIVATE = "privacy-violation"
DAY = Field("date")
PROBLEM = {"missing-field": "missing", "unknown-field": "not-allowed"}  # codes that are the problem themselves
Fault = tuple[str, str, str]  # code, field, problem


@define(eq=False, repr=False)
class Reshaping:
    """A pilot on its way to another version.

    Attributes:
        unsure: what needs a decision.
        never: what makes it impossible.
        voided: the signatures that will not count any more.
    """

    plan: Migration
    old: Table
    new: Table
    before: Pilot
    today: date
    unsure: list[Blocker] = Factory(list)
    never: list[Blocker] = Factory(list)
    voided: list[Signature] = Factory(list)

    @property
    def move(self) -> PilotMove:
        """What was decided for this pilot."""
        return self.plan.pilots.get(self.before.id, NOTHING)

    def pilot(self) -> Pilot:
        """Return the pilot with everything under its new name, as far as it has one."""
        pilot, plan = self.before, self.plan
        state = self._state()
        tracks = FrozenDict({key: self._track(one) for key, one in pilot.tracks.items()})
        moved = replace(
            pilot,
            workflow=self.new.workflow.id,
            state=state,
            phase=self._phase(state, pilot.phase),
            tracks=tracks,
            entered=self._entered(state),
            path=tuple(self._path({None: state, **{key: one.state for key, one in tracks.items()}})),
            acted_as=FrozenDict(
                {
                    name: tuple(dict.fromkeys(plan.roles.get(role, role) for role in roles))
                    for name, roles in pilot.acted_as.items()
                }
            ),
            data=self._data(plan.data, pilot.data, "start"),
            kept=by_type(map(self._record, in_order(pilot)), self._emptied()),
        )
        self._fits(moved)
        return replace(moved, signatures=tuple(self._signatures(moved)))

    # -- states and tracks -----------------------------------------------------------------------------------------

    def _state(self) -> str:
        old = self.before.state
        state = self.move.state or self.plan.states.get(old, old)
        found = self.new.workflow.states.get(state)
        if found is None:
            self.unsure.append(Blocker("state-gone", FrozenDict({"state": old})))
        elif found.final:
            self.never.append(Blocker("would-close", FrozenDict({"state": old, "to": state})))
        return state

    def _phase(self, state: str, phase: str | None) -> str:
        found = self.new.workflow.states.get(state)
        return str(phase if found is None else found.phase)

    def _named(self, state: str) -> str:
        return self.plan.states.get(state, state)

    def _entered(self, state: str) -> FrozenDict:
        found: dict[str, date] = {}
        for name, day in self.before.entered.items():
            new = state if name == self.before.state else self._named(name)
            found[new] = max(day, found.get(new, day))
        return FrozenDict(sorted(found.items()))

    def _path(self, here: Mapping[str | None, str]) -> Iterator[Stop]:
        """Give the path under its new names; it leads to where the pilot and its tracks are now."""
        path = self.before.path
        last = {stop.track: number for number, stop in enumerate(path)}
        for number, stop in enumerate(path):
            state = here[stop.track] if last[stop.track] == number else self._past(stop)
            phase = self._phase(state, stop.phase) if stop.track is None else None
            yield stop if (state, phase) == (stop.state, stop.phase) else replace(stop, state=state, phase=phase)

    def _past(self, stop: Stop) -> str:
        if stop.track is None:
            return self._named(stop.state)
        return self.plan.tracks.get(self.before.tracks[stop.track].kind, ALIKE).states.get(stop.state, stop.state)

    def _track(self, track: Track) -> Track:
        said, move = self.plan.tracks.get(track.kind, ALIKE), self.move.tracks.get(track.key, AS_IT_IS)
        kind = move.kind or self._kind(said, track)
        if kind is None or kind not in self.new.workflow.tracks:
            self.unsure.append(Blocker("kind-gone", FrozenDict({"kind": track.kind}), track.key))
            return track
        states = self.new.workflow.tracks[kind].states
        state = move.state or said.states.get(track.state, track.state)
        if state not in states:
            self.unsure.append(Blocker("state-gone", FrozenDict({"state": track.state}), track.key))
            return track
        before = [replace(one, state=said.states.get(one.state, one.state)) for one in track.trail[:-1]]
        last = replace(track.trail[-1], state=state)
        moved = replace(track, kind=kind, state=state, trail=_known((*before, last), states))
        source = self.new.workflow.tracks[kind].party_from
        if source != KEY and moved.data.get(source) != track.party:  # its next move reads anew whose it is
            self._misfit([("bad-value", "party", "another-party")], kind, track=track.key)
        return moved

    def _kind(self, said: TrackMap, track: Track) -> str | None:
        if not isinstance(said.to, tuple):
            return said.to or track.kind
        data = track.data
        return next((one.to for one in said.to if _meant(one, data)), None)

    # -- records and data ------------------------------------------------------------------------------------------

    def _record(self, record: Record) -> Record:
        said = self.plan.records.get(record.type)
        if said is None:
            return record
        kind = said.to or record.type
        return replace(record, type=kind, data=self._data(said, record.data, kind, record.id))

    def _data(self, steps: Steps, data: FrozenDict, kind: str, record: str | None = None) -> FrozenDict:
        """Return data after what is to become of it, and note where a rename gives one name two values."""
        names = [steps.rename.get(name, name) for name in data if name not in steps.drop]
        doubled = dict.fromkeys(name for name in names if names.count(name) > 1)
        self._misfit([("bad-value", name, "two-values") for name in doubled], kind, record)
        return _stepped(steps, data)

    def _emptied(self) -> Iterator[str]:
        """Give the types of which none is left, by the names that the new version has for them."""
        for kind in emptied(self.before.kept):
            name = self.plan.records.get(kind, STEPS).to or kind
            if name in self.new.workflow.records:
                yield name

    def _fits(self, after: Pilot) -> None:
        """Find what of the data the new version would not take, though the old one does."""
        old, new = self.old.workflow, self.new.workflow
        ground, past = (Ground(one, None, self.today, EMPTY) for one in (after, self.before))
        before = {one.id: one for held in self.before.kept.values() for one in held}
        for kind, held in after.kept.items():
            if kind not in new.records:
                self.unsure.append(Blocker("record-gone", FrozenDict({"record": kind, "count": len(held)})))
                continue
            fields = new.records[kind].fields
            for one in held:
                was = before[one.id]
                if one.data is was.data and fields == old.records[was.type].fields:
                    continue
                known = set(faults(old.records[was.type].fields, was.data, past))
                new_ones = [fault for fault in faults(fields, one.data, ground) if fault not in known]
                self._misfit(new_ones, kind, one.id, days=self._days_of(kind))
        own = {**self._days(None), **new.start.data}
        given = {name: one for name, one in after.data.items() if name in own or name in old.start.data}
        known = set(faults(old.start.data, self.before.data, past))
        new_ones = [one for one in faults(own, FrozenDict(given), ground) if one not in known]
        later = ((name, one) for name, one in after.data.items() if name not in given)
        changed = [(name, one) for name, one in later if one != self.before.data.get(name)]
        new_ones += [(PRIVATE, name, "citizen") for name, one in changed if any(map(names_citizen, _texts(one)))]
        self._misfit(new_ones, "start", days=self._days(None))
        for track in after.tracks.values():
            days = self._days(track.kind)
            named = FrozenDict({name: one for name, one in track.data.items() if name in days})
            self._misfit(faults(days, named, ground), track.kind, track=track.key, days=days)

    def _days(self, kind: str | None) -> dict[str, Field]:
        """Return the fields of tracks of a kind, or of the pilot, that hold the due day of a clock."""
        found: dict[str, Field] = {}
        for clock in self.new.workflow.clocks.values():
            if isinstance(clock.due, FieldRef) and clock.per is None:
                since = clock.since if isinstance(clock.since, str) else ""
                if kind == (since.partition(".")[0] if "." in since else None):
                    found[clock.due.field] = DAY
        return found

    def _days_of(self, kind: str) -> set[str]:
        """Return the fields of records of a type that days are counted from."""
        own = [one for one in self.new.workflow.clocks.values() if one.per == kind]
        due = {one.due.field for one in own if isinstance(one.due, FieldRef)}
        return {"date", *self.new.workflow.records[kind].interval, *due, *(str(one.since) for one in own)}

    def _misfit(
        self,
        found: Iterable[Fault],
        kind: str,
        record: str | None = None,
        *,
        track: str | None = None,
        days: Collection[str] = (),
    ) -> None:
        """Note faults; what no text may hold, and what must be a day, has its own code, which no plan can accept."""
        for fault, name, problem in found:
            params = {"field": name, "record": record, "kind": kind, "problem": problem}
            code = "day-misfits" if problem == "not-a-date" and name in days else "data-misfits"
            given = FrozenDict({key: one for key, one in params.items() if one})
            self.unsure.append(Blocker(PRIVATE if fault == PRIVATE else code, given, track))

    # -- signatures ------------------------------------------------------------------------------------------------

    def _signatures(self, after: Pilot) -> Iterator[Signature]:
        """Give the votes that still count: for the same trigger, from the same place, on the same content."""
        for vote in self.before.signatures:
            trigger = self.plan.triggers.get(vote.trigger, vote.trigger)
            role = self.plan.roles.get(vote.role, vote.role)
            was = self.before if vote.track is None else self.before.tracks.get(vote.track)
            now = after if vote.track is None else after.tracks.get(vote.track)
            if was and now and vote.state == was.state and self._counts_still(vote, trigger, role, was, now):
                yield replace(vote, trigger=trigger, role=role, state=now.state)
            else:
                self.voided.append(vote)

    def _counts_still(self, vote: Signature, trigger: str, role: str, was: Pilot | Track, now: Pilot | Track) -> bool:
        old, new = _signed(self.old, was, vote.trigger), _signed(self.new, now, trigger)
        return bool(new) and all(
            role in rule.edge.sign and any(_asks_the_same(rule, one, self.plan) for one in old) for rule in new
        )


def _signed(table: Table, at: Pilot | Track, trigger: str) -> tuple[Rule, ...]:
    kind = at.kind if isinstance(at, Track) else None
    return tuple(one for one in table.at.get((kind, at.state, trigger), ()) if one.edge.sign)


def _asks_the_same(new: Rule, old: Rule, plan: Migration) -> bool:
    """Whether the same content, by as many, leads to the same."""
    signers = tuple(plan.roles.get(one, one) for one in old.edge.sign)
    return sorted(signers) == sorted(new.edge.sign) and dict(new.fields) == dict(old.fields)


def _meant(branch: Branch, data: FrozenDict) -> bool:
    return all(data.get(name) == value for name, value in branch.where.items())


def _known(trail: tuple[Visit, ...], states: Mapping[str, Any]) -> tuple[Visit, ...]:
    """Return a trail without the states that there are no more, whose data the next one keeps.

    A state that two became is on it once, since the later of them: what lay between was a detour.
    """
    found: list[Visit] = []
    carried: dict[str, Any] = {}
    for visit in trail:
        carried |= visit.data
        if visit.state in states:
            place = next((at for at, one in enumerate(found) if one.state == visit.state), len(found))
            carried = {**gathered(tuple(found[place:])), **carried}
            found[place:] = [replace(visit, data=FrozenDict(carried))]
            carried = {}
    return tuple(found)


def _stepped(steps: Steps, data: FrozenDict) -> FrozenDict:
    """Return data after what is to become of it."""
    if steps == STEPS or steps == Steps(to=steps.to):
        return data
    found = {steps.rename.get(name, name): value for name, value in data.items() if name not in steps.drop}
    found |= {name: _replaced(found[name], words) for name, words in steps.replace.items() if name in found}
    for name, value in steps.set.items():
        found.setdefault(name, value)
    return FrozenDict({name: value for name, value in found.items() if not blank(value)})


def _texts(value: object) -> list[str]:
    """Return what a plan may have written in a value."""
    return [one for one in (value if isinstance(value, tuple) else (value,)) if isinstance(one, str)]


def _replaced(value: Any, words: Mapping[str, Scalar]) -> Any:  # noqa: ANN401  # what a record may hold
    """Return what a plan puts in the place of a value, in a list that of each."""
    if isinstance(value, tuple):
        return tuple(_replaced(one, words) for one in value)
    return words.get(str(value), value) if isinstance(value, str | int) else value


def faults(fields: Mapping[str, Field], data: FrozenDict, ground: Ground) -> Iterator[Fault]:
    """Give what is wrong with data, as code, field and problem."""
    for one in check(fields, data, ground).blockers:
        problem = one.params.get("problem") or PROBLEM.get(one.code, one.code)
        yield one.code, str(one.params["field"]), str(problem)
