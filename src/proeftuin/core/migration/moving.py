"""One pilot, moved to another version: what becomes of it, and whether it may.

    declared   what people wrote        shapes   states, tracks, records, signatures
    terms      the running clocks       gates    where it then stands
    changes    what the event keeps

A pilot is *fine*; or somebody has to *decide* something, each by a code; or it is *impossible*. Findings that the plan
accepts by their code are no findings. Nothing here writes; every pilot is judged by the same rules that move it.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import cached_property
from typing import Literal

from attrs import evolve, frozen

from proeftuin.core import wording
from proeftuin.core.calendar import Calendar
from proeftuin.core.commands import Blocker
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.migration.changes import between
from proeftuin.core.migration.declared import Migration, Steps
from proeftuin.core.migration.gates import Gates
from proeftuin.core.migration.shapes import Reshaping
from proeftuin.core.migration.terms import Changeover
from proeftuin.core.pilot import Pilot
from proeftuin.core.settings import Settings
from proeftuin.core.table import Table
from proeftuin.core.workflow import Workflow

ACCEPTABLE = frozenset({"data-misfits", "clock-lost", "gate-jumped", "join-unmet"})
"""What a plan may accept by its code; what only a map decides it may not, as there is nothing to move the pilot to."""

Unknown = tuple[tuple[str, ...], str, Iterable[str]]
"""A word of a plan that is not there: where it stands, which it is, and those that there are."""
Verdict = Literal["fine", "decide", "impossible"]


@frozen(eq=False)
class Judged:
    """What a migration would do to one pilot.

    Attributes:
        verdict: `fine`, `decide` or `impossible`.
        findings: why it is not fine.
        notes: what happens to it that somebody should know, such as a signature that will not count any more.
        becomes: what changes of it; None where it is not fine.
    """

    pilot_id: str
    verdict: Verdict
    findings: tuple[Blocker, ...] = ()
    notes: tuple[Blocker, ...] = ()
    becomes: FrozenDict | None = None

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the findings, each once."""
        return tuple(dict.fromkeys(one.code for one in self.findings))


@frozen(slots=False, eq=False, repr=False)
class Move:
    """A migration, ready to judge pilots with.

    Attributes:
        old, new: the versions, compiled.
        calendars: those of the old and of the new one.
    """

    plan: Migration
    old: Table
    new: Table
    calendars: tuple[Calendar, Calendar]
    settings: Settings

    @cached_property
    def _clocks(self) -> Changeover:
        return Changeover(self.plan, self.old, self.new, self.calendars)

    @cached_property
    def _gates(self) -> Gates:
        return Gates(self.plan, self.old, self.new, self.settings)

    @cached_property
    def undecided(self) -> tuple[Blocker, ...]:
        """What the plan itself leaves open: with any of it, no pilot is moved."""
        return self._said(self._clocks.undecided())

    def judge(self, pilot: Pilot, now: datetime) -> Judged:
        """Return what the migration would do to a pilot that follows the old version.

        Args:
            pilot: as it is, with what is due under the old version done.
            now: the moment of the migration.
        """
        today = now.astimezone(self.new.zone).date()
        shaping = Reshaping(self.plan, self.old, self.new, pilot, today)
        after = shaping.pilot()
        unsure = self._unaccepted(pilot, shaping.unsure)
        if shaping.never or unsure:
            return self._judged(pilot, unsure, shaping.never)
        moved, unkept = self._clocks.moved(pilot, after, today)
        never = tuple(self._gates.stuck(moved))
        if not never:
            found = (*unkept, *self._gates.jumped(pilot, moved, now), *self._gates.unmet(moved))
            unsure = self._unaccepted(pilot, found)
        notes = tuple(
            Blocker("signature-voided", FrozenDict({"trigger": one.trigger, "role": one.role}), one.track)
            for one in shaping.voided
        )
        judged = self._judged(pilot, unsure, never)
        becomes = between(pilot, moved) if judged.verdict == "fine" else None
        return evolve(judged, notes=self._said(notes), becomes=becomes)

    def _unaccepted(self, pilot: Pilot, found: Iterable[Blocker]) -> tuple[Blocker, ...]:
        """Return what nobody has accepted by its code, or by that of the gate that is jumped."""
        own = self.plan.pilots.get(pilot.id)
        accepted = {*self.plan.accept, *(own.accept if own is not None else ())}
        return tuple(
            one
            for one in found
            if one.code not in ACCEPTABLE or accepted.isdisjoint({one.code, one.params.get("gate")})
        )

    def _judged(self, pilot: Pilot, unsure: tuple[Blocker, ...], never: Iterable[Blocker]) -> Judged:
        never = tuple(never)
        verdict: Verdict = "impossible" if never else "decide" if unsure else "fine"
        return Judged(pilot.id, verdict, self._said((*never, *unsure)))

    def _said(self, found: Iterable[Blocker]) -> tuple[Blocker, ...]:
        return tuple(evolve(one, texts=wording.texts(self.new.workflow, one, ())) for one in found)


def unknown(plan: Migration, old: Table, new: Table) -> Iterator[Unknown]:
    """Give the words of a plan that its versions do not have: where, which, and those that there are."""
    one, two = old.workflow, new.workflow
    yield from _words(("states",), plan.states, one.states, two.states)
    yield from _words(("roles",), plan.roles, one.roles, two.roles)
    yield from _words(("triggers",), plan.triggers, old.triggers, new.triggers)
    for kind, said in plan.tracks.items():
        places: tuple[str, ...] = ("tracks", kind)
        if kind not in one.tracks:
            yield places, kind, one.tracks
            continue
        to = said.to if isinstance(said.to, tuple) else ()
        kinds = [branch.to for branch in to] or [said.to if isinstance(said.to, str) else kind]
        yield from (((*places, "to"), name, two.tracks) for name in kinds if name not in two.tracks)
        there = {state for name in kinds if name in two.tracks for state in two.tracks[name].states}
        yield from _words((*places, "states"), said.states, one.tracks[kind].states, there)
    for name, steps in plan.records.items():
        if name not in one.records:
            yield ("records", name), name, one.records
        elif (steps.to or name) not in two.records:
            yield ("records", name, "to"), steps.to or name, two.records
        else:
            yield from _steps(("records", name), steps, one.records[name].fields, two.records[steps.to or name].fields)
    yield from _steps(("data",), plan.data, _own(one), _own(two))
    for name in plan.clocks:
        if name not in one.clocks and name not in two.clocks:
            yield ("clocks", name), name, {**one.clocks, **two.clocks}
    yield from _decided(plan, new)


def _own(workflow: Workflow) -> set[str]:
    """Return the names that a pilot's own data may have: what it begins with, and what triggers set or leave."""
    moves = workflow.edges
    return {*workflow.start.data, *(name for one in moves for names in (one.data, one.set) for name in names)}


def _steps(place: tuple[str, ...], steps: Steps, old: Iterable[str], new: Iterable[str]) -> Iterator[Unknown]:
    """Give the fields that a step names and a record does not have; what is set or replaced has its new name."""
    yield from _words((*place, "rename"), steps.rename, old, new)
    yield from (((*place, "drop"), name, old) for name in steps.drop if name not in old)
    for which, names in (("replace", steps.replace), ("set", steps.set)):
        yield from (((*place, which, name), name, new) for name in names if name not in new)


def _decided(plan: Migration, new: Table) -> Iterator[Unknown]:
    """Give what is accepted and is no finding, and where single pilots and tracks are to go that is not there."""
    gates = {
        code for rule in new.every for one in rule.require for code in ((one.code,) if one.code else one.guard.codes)
    }
    known, flow = sorted(ACCEPTABLE | gates), new.workflow
    states = {name for kind in flow.tracks.values() for name in kind.states}
    yield from ((("accept",), code, known) for code in plan.accept if code not in known)
    for pilot_id, said in plan.pilots.items():
        place = ("pilots", pilot_id)
        yield from (((*place, "accept"), code, known) for code in said.accept if code not in known)
        if said.state is not None and said.state not in flow.states:
            yield (*place, "state"), said.state, flow.states
        for key, track in said.tracks.items():
            for which, name, there in (("kind", track.kind, flow.tracks), ("state", track.state, states)):
                if name is not None and name not in there:
                    yield (*place, "tracks", key, which), name, there


def _words(
    place: tuple[str, ...], said: Mapping[str, str], old: Iterable[str], new: Iterable[str]
) -> Iterator[Unknown]:
    for before, after in said.items():
        if before not in old:
            yield (*place, before), before, old
        if after not in new:
            yield (*place, before), after, new
