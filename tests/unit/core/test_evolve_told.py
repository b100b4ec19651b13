"""Folds of what is told beside the way of a pilot: what was forgotten, counted, put on hold, or held no more."""

from datetime import date, timedelta
from typing import Any

import pytest

from proeftuin.core.events import Event
from proeftuin.core.evolve import FORGOTTEN, replay
from proeftuin.core.frozen import freeze
from proeftuin.core.pilot import Episode, Laid, Pilot, Told
from tests.unit.core.small import NOW, TODAY

START = {"workflow": "small@1", "hash": "ab", "state": "first", "phase": "exploration", "set": {"title": "T"}}

Fact = tuple[str, dict[str, Any]]


def folded(*facts: Fact) -> Pilot:
    """The pilot that `pilot.started` and these facts make, a day after one another."""
    events = [
        Event(
            "p1", number, type_, NOW + timedelta(days=number), later(number - 1), "lead-1", "lead", "go", None,
            freeze(data),
        )
        for number, (type_, data) in enumerate((("pilot.started", START), *facts), start=1)
    ]  # fmt: skip
    pilot = replay(events)
    assert pilot is not None
    return pilot


def later(days: int) -> date:
    return TODAY + timedelta(days=days)


def clocked(clock: str, *done: str) -> Fact:
    return ("clock.fired", {"clock": clock, "anchor": TODAY.isoformat(), "done": done})


def test_forgetting_in_time_is_remembered() -> None:
    """Where participants were forgotten as their time had come, the pilot knows since when, and for how many."""
    pilot = folded(
        clocked("quiet", "a"),
        ("data.erased", {"subjects": ["s1"], "anchor": "2026-02-01", "upto": 3}),
        clocked("check_in", "b"),
    )
    expected = {
        "check_in": Told(TODAY, ("b",)),
        FORGOTTEN: Told(date(2026, 2, 1), ("3",)),
        "quiet": Told(TODAY, ("a",)),
    }
    assert (expected, sorted(expected)) == (pilot.told, list(pilot.told))


def test_forgetting_anew_takes_the_place_of_what_was_remembered() -> None:
    """The pilot remembers the last time alone: what came in later was forgotten with it."""
    first, second = ({"subjects": [], "anchor": f"2026-02-0{day}", "upto": upto} for day, upto in ((1, 3), (5, 4)))
    pilot = folded(("data.erased", first), ("data.erased", second))
    assert {FORGOTTEN: Told(date(2026, 2, 5), ("4",))} == pilot.told


def test_forgetting_one_on_request_is_remembered_nowhere() -> None:
    """An erasure without an anchor is no forgetting in time: nothing of the pilot changes."""
    assert {} == folded(("data.erased", {"subjects": ["s1"]})).told


def test_resuming_keeps_what_was_said_of_it() -> None:
    """The data of a resumption is added to that of the pilot, as that of a hold is."""
    pilot = folded(("pilot.paused", {"set": {"why": "x"}}), ("pilot.resumed", {"set": {"why": "y", "how": "z"}}))
    assert {"title": "T", "why": "y", "how": "z"} == pilot.data


@pytest.mark.parametrize(
    ("type_", "data"),
    [
        ("record.changed", {"set": {"n": 9}, "since": "2026-03-01"}),
        ("record.ended", {"on": "2026-03-09", "until": "2026-03-09"}),
        ("record.ended", {"on": "2026-03-09", "until": "2026-03-09", "drop": True}),
        ("record.corrected", {"set": {"n": 9}, "since": "2026-03-01", "reason": "typo"}),
    ],
)
def test_what_is_told_of_a_record_that_is_not_held_makes_none(type_: str, data: dict[str, Any]) -> None:
    """What a history tells of a record of a type that the head holds nothing of is folded, and makes no record."""
    fact = {"record": "goal", "id": "goal-1", **data}
    assert () == folded((type_, fact)).records("goal")


def test_subjects_are_counted_beside_those_issued_before() -> None:
    """An event that adds no record counts its subjects too, with all that was counted before it."""
    note = {"record": "note", "id": "note-1", "fields": {}, "since": "2026-03-02", "commitments": {"s1": "x"}}
    pilot = folded(("record.added", note), ("pilot.changed", {"set": {}, "commitments": {"s2": "y", "s3": "z"}}))
    assert {"note": 1, "subject": 3} == pilot.counts
    assert {"subject": 2} == folded(("pilot.changed", {"commitments": {"s1": "x", "s2": "y"}})).counts


def test_an_episode_that_is_over_says_whose_it_was() -> None:
    """A signal that is cleared leaves an episode of its clock, with both days, and those of other clocks alone."""
    raised = {"anchor": TODAY.isoformat(), "done": (), "signal": "s"}
    pilot = folded(
        ("signal.raised", {**raised, "clock": "quiet"}),
        ("signal.raised", {**raised, "clock": "quiet:acme"}),
        ("signal.cleared", {"clock": "quiet", "signal": "s"}),
    )
    assert (Episode("s", "quiet", later(1), later(3)), Episode("s", "quiet:acme", later(2))) == pilot.episodes


def test_after_a_migration_a_pilot_is_what_its_event_says() -> None:
    """It goes on under the workflow that is named, with what the event holds in place of what there was."""
    becomes = {"state": "begun", "entered": {"begun": "2026-03-02"}, "laid": {"quiet": {"anchor": "2026-03-01"}}}
    before, after = folded(), folded(("pilot.migrated", {"workflow": "small@2", "becomes": becomes}))
    assert ("small@1", "first", {"first": TODAY}, {}) == (before.workflow, before.state, before.entered, before.laid)
    assert ("small@2", "begun", {"begun": TODAY}) == (after.workflow, after.state, after.entered)
    assert {"quiet": Laid(date(2026, 3, 1))} == after.laid
    assert (before.phase, before.data) == (after.phase, after.data)
