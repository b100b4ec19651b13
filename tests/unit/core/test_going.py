"""Which clocks events begin: what of a pilot is to be looked at after them, and where that is everything."""

from collections.abc import Mapping
from typing import Any

import pytest

from proeftuin.core.events import Event
from proeftuin.core.frozen import EMPTY, FrozenDict, freeze
from proeftuin.core.going import begun, set_going
from proeftuin.core.pilot import Pilot
from proeftuin.core.structs import replace
from proeftuin.core.table import compile_workflow
from proeftuin.core.workflow import FieldRef
from tests.unit.core.days import clock, day, timed, track
from tests.unit.core.small import NOW, a_pilot, record

FLOW = timed(
    quiet=clock(since="progress"),
    second=clock(since="second"),
    asked=clock(since="supplier.talking"),
    silent=clock(since="supplier.progress"),
    last=clock(since="note"),
    each=clock(per="job", until="answer"),
    by=clock(FieldRef("deadline"), since="first"),
)
TABLE = compile_workflow(FLOW)
EVERYTHING = None
QUIET = {("quiet", None)}
ACME = {("silent", "acme"), ("asked", "acme")}


def event(type_: str, data: Mapping[str, Any] = EMPTY, track: str | None = None) -> Event:
    return Event("p1", 2, type_, NOW, day(0), "lead-1", "lead", "go", track, freeze(data))


def looked_at(pilot: Pilot, *events: Event) -> set[tuple[str, str | None]] | None:
    """The clocks that were begun, each with its track or record."""
    found = begun(TABLE, pilot, events)
    return None if found is None else {_named(*one) for one in found}


def _named(wheel: Any, _: Any, track: Any, record: Any) -> tuple[str, str | None]:
    return wheel.name, record.id if record is not None else None if track is None else track.key


def standing(**changes: Any) -> Pilot:
    """A pilot with a job and a note, and a supplier that talks."""
    entered = FrozenDict(first=day(0), second=day(0))
    given = {"state": "second", "entered": entered, "tracks": [track(("seen", 0), ("talking", 0))]}
    return a_pilot(record("job"), record("note"), **{**given, **changes})


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (event("signature.added"), QUIET),
        (event("data.exported"), QUIET),
        (event("pilot.linked", {"pilot": "p2", "relation": "follows"}), QUIET),
        (event("pilot.changed", {"set": {"title": "x"}}), QUIET),
        (event("pilot.moved", {"from": "first", "to": "second"}), {*QUIET, ("second", None)}),
        (event("pilot.moved", {"from": "second", "to": "second"}), QUIET),
        (event("signature.added", track="acme"), {*QUIET, *ACME}),
        (event("track.opened", {"to": "seen"}, "acme"), {*QUIET, *ACME}),
        (event("track.moved", {"from": "seen", "to": "talking"}, "acme"), {*QUIET, *ACME}),
        (event("track.moved", {"from": "talking", "to": "talking"}, "acme"), {*QUIET, *ACME}),
        (event("record.added", {"record": "note"}), {*QUIET, ("last", None)}),
        (event("record.added", {"record": "job"}), {*QUIET, ("each", "job-1")}),
        (event("record.added", {"record": "answer"}), QUIET),
        (event("record.changed", {"record": "other"}), QUIET),
    ],
)
def test_what_begins_is_looked_at_alone(told: Event, expected: set[tuple[str, str | None]]) -> None:
    """After most events it is enough to look at what they set going, and at what counts from progress."""
    assert expected == looked_at(standing(), told)


@pytest.mark.parametrize(
    "told",
    [
        event("pilot.paused"),
        event("pilot.resumed"),
        event("pilot.migrated"),
        event("clock.fired", {"clock": "quiet"}),
        event("signal.cleared", {"clock": "quiet"}),
        event("pilot.moved", {"from": "second", "to": "closed"}),
        event("pilot.moved", {"from": "closed", "to": "second"}),
        event("pilot.changed", {"set": {"deadline": "2026-04-01"}}),
        event("track.moved", {"from": "parked", "to": "talking"}, "acme"),
        event("record.added", {"record": "answer", "drops": ("answer-1",)}),
        event("record.added", {"record": "other", "commitments": {"s1": "x"}}),
        event("record.ended", {"record": "job"}),
        event("record.changed", {"record": "note"}),
        event("record.corrected", {"record": "answer"}),
    ],
)
def test_what_may_revive_any_clock_asks_for_all(told: Event) -> None:
    """Holds, ends, what is taken back and days that are named may bring any term nearer, so all are looked at."""
    assert looked_at(standing(), told) is EVERYTHING
    assert looked_at(standing(), event("signature.added"), told) is EVERYTHING


def test_a_track_that_is_opened_ends_less_of_what_names_it() -> None:
    """A record that named a track before that was there is ended from then on by what happens on that track alone."""
    early = record("job", track="acme")
    pilot = standing(tracks=[track(("seen", 0))])
    named = replace(pilot, kept=FrozenDict({**pilot.kept, "job": (early, record("job", 2))}))
    assert {*QUIET, ("silent", "acme"), ("each", "job-1")} == looked_at(named, event("track.opened", {}, "acme"))


def test_several_events_begin_what_each_does() -> None:
    """What the events of one commit begin is looked at together."""
    moved = event("pilot.moved", {"from": "first", "to": "second"})
    added = event("record.added", {"record": "job"}, "acme")
    assert {*QUIET, *ACME, ("second", None), ("each", "job-1")} == looked_at(standing(), moved, added)


def test_what_is_begun_is_going() -> None:
    """Whatever events begin is among all that goes on."""
    pilot = standing()
    everything = list(set_going(TABLE, pilot))
    found = begun(TABLE, pilot, [event("record.added", {"record": "note"}, "acme")])
    assert found
    assert all(one in everything for one in found)


def test_what_happens_where_nothing_is_set_going_begins_nothing() -> None:
    """A state that no clock counts from, a track that is not there, and a track before any record begin nothing."""
    moved = event("pilot.moved", {"from": "second", "to": "third"})
    assert QUIET == looked_at(standing(state="third", entered=FrozenDict(first=day(0), third=day(0))), moved)
    assert QUIET == looked_at(standing(), event("signature.added", track="gone"))
    assert {*QUIET, ("silent", "acme")} == looked_at(
        a_pilot(tracks=[track(("seen", 0))]), event("track.opened", {}, "acme")
    )
