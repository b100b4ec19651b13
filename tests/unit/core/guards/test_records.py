from datetime import date, timedelta
from typing import Any

import pytest

from proeftuin.core.commands import Blocker, Need
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.guards import Change, Question, records
from proeftuin.core.pilot import Record
from proeftuin.core.settings import Dated, Settings
from tests.unit.core.small import TODAY, a_pilot, a_track, codes_of, question, record


def day(number: int) -> str:
    return (TODAY + timedelta(days=number)).isoformat()


def asked(*held: Record, params: Any = None, **parts: Any) -> Question:
    return question(a_pilot(*held, **parts.pop("pilot", {})), params=params or {}, **parts)


HELD = record("report", 1, type="final", date="2026-01-31", track="acme", cycle=1)


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({}, True),
        ({"where": {"type": "final"}}, True),
        ({"where": {"type": "draft"}}, False),
        ({"where": {"type": "final", "colour": "red"}}, False),
        ({"cycle": "current"}, False),
        ({"state": "open"}, True),
        ({"months": 2}, True),
        ({"months": 1}, False),
        ({"track": "same"}, True),
    ],
)
def test_the_pilot_holds_such_a_record(params: Any, expected: bool) -> None:  # noqa: FBT001  # the expected answer
    """A record counts where its values, cycle, state, age and track are those asked for."""
    answer = records.has(asked(HELD, params={"record": "report", **params}, pilot={"cycle": 2}))
    assert (() if expected else ("missing-record",)) == codes_of(answer)


def test_an_ended_record_is_not_open() -> None:
    """Asked for an open record, an ended one does not count."""
    params = {"record": "report", "state": "open"}
    assert ("missing-record",) == codes_of(records.has(asked(record("report", ended=TODAY), params=params)))


def test_the_age_of_a_record_without_a_date_is_that_of_its_business_date() -> None:
    """A record without a date is as old as the command that added it."""
    params = {"record": "note", "months": 1}
    assert None is records.has(asked(record("note", since=date(2026, 2, 2)), params=params))
    assert ("missing-record",) == codes_of(records.has(asked(record("note", since=date(2026, 2, 1)), params=params)))


def test_on_a_track_the_record_must_be_on_that_track() -> None:
    """With `track: same` the track fired at needs a record of its own, and the remedy names it."""
    params = {"record": "report", "track": "same", "where": {"type": "final"}}
    assert None is records.has(asked(HELD, params=params, track=a_track("acme")))
    blocker = records.has(asked(HELD, params=params, track=a_track("other")))
    assert ("missing-record",) == codes_of(blocker)
    assert ("other", "other", {"type": "final"}) == (blocker.track, blocker.needs[0].track, blocker.needs[0].data)  # type: ignore[union-attr]  # one blocker


def test_open_records_are_counted_with_the_command() -> None:
    """What the command itself ends is no longer open, and each of the others can be ended."""
    one, two = record("obstacle", 1), record("obstacle", 2)
    params = {"record": "obstacle"}
    assert None is records.none_open(asked(record("obstacle", ended=TODAY), params=params))
    blocker = records.none_open(asked(one, two, params=params))
    assert ("open-records", 2, ("obstacle-1",)) == (blocker.code, blocker.params["count"], blocker.needs[0].ids)  # type: ignore[union-attr]  # one blocker
    ended = record("obstacle", 1, ended=TODAY)
    assert 1 == records.none_open(asked(one, two, params=params, changing=(Change(one, ended),))).params["count"]  # type: ignore[union-attr]  # one blocker


def test_of_a_track_only_its_own_open_records_count() -> None:
    """With `track: same` what is open on another track stands in no way."""
    held = [record("objection", 1, track="acme"), record("objection", 2, track="other")]
    params = {"record": "objection", "track": "same"}
    blocker = records.none_open(asked(*held, params=params, track=a_track("acme")))
    assert (1, ("objection-1",)) == (blocker.params["count"], blocker.needs[0].ids)  # type: ignore[union-attr]  # one blocker
    assert None is records.none_open(asked(*held, params=params, track=a_track("third")))
    assert 2 == records.none_open(asked(*held, params=params)).params["count"]  # type: ignore[union-attr]  # one blocker


def goal(kind: str, number: int = 1, **more: Any) -> Record:
    return record("goal", number, **{"kind": kind, **more})


SHORT, HORIZON = goal("short", due=day(90)), goal("horizon", 2)


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        ((SHORT, HORIZON), []),
        ((goal("short", due=day(0)), HORIZON), []),
        ((goal("short", due=day(91)), HORIZON), ["short"]),
        ((goal("short", due=day(-1)), HORIZON), ["short"]),
        ((goal("short"), HORIZON), ["short"]),
        ((SHORT,), ["horizon"]),
        ((goal("short", due=day(9), ended=TODAY),), ["short", "horizon"]),
    ],
)
def test_a_goal_soon_and_one_on_the_horizon(held: tuple[Record, ...], expected: list[str]) -> None:
    """An open short-term goal is due within ninety days from today, and there is one on the horizon."""
    answer = records.goals(asked(*held))
    assert isinstance(answer, list)
    assert expected == [one.params["kind"] for one in answer]


def test_each_goal_that_is_missed_is_told_with_one_that_would_do() -> None:
    """What helps is a short-term goal due on the last day that is soon enough, and one on the horizon."""
    answer = records.goals(asked(params={"record": "aim"}))
    assert isinstance(answer, list)
    assert [Blocker("missing-goals", FrozenDict(kind=name)) for name in ("short", "horizon")] == answer
    assert [
        (Need("add", record="aim", data=FrozenDict(kind="short", due=day(90))),),
        (Need("add", record="aim", data=FrozenDict(kind="horizon")),),
    ] == [one.needs for one in answer]


def test_how_soon_is_a_setting() -> None:
    """The number of days is the organisation's, and the remedy names the last day."""
    few = Settings({"short_goal_days": [Dated("10", TODAY, "test")]})
    answer = records.goals(asked(SHORT, HORIZON, settings=few))
    assert isinstance(answer, list)
    assert [day(10)] == [one.needs[0].data["due"] for one in answer]


def test_the_words_of_a_goal_can_be_chosen() -> None:
    """Another record type and other kinds may be used."""
    params = {"record": "aim", "short": "near", "horizon": "far"}
    held = (record("aim", 1, kind="near", due=day(1)), record("aim", 2, kind="far"))
    assert [] == records.goals(asked(*held, params=params))


@pytest.mark.parametrize(
    ("held", "params", "expected"),
    [
        ((record("step", due=day(7)),), {}, ()),
        ((record("step"),), {}, ()),
        ((record("step", due=day(8)),), {}, ("no-next-step",)),
        ((record("step", due=day(8)),), {"days": 8}, ()),
        ((record("step", due=day(8)),), {"days": 10**12}, ()),
        ((record("step", due=day(1), ended=TODAY),), {}, ("no-next-step",)),
        ((record("task", due=day(1)),), {"record": "task"}, ()),
        ((), {}, ("no-next-step",)),
    ],
)
def test_an_open_step_is_due_soon(held: tuple[Record, ...], params: Any, expected: tuple[str, ...]) -> None:
    """An open step without a day, or due within the days, is enough."""
    assert expected == codes_of(records.step_due(asked(*held, params=params)))


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        (record("decision", mission_link="x"), ()),
        (record("decision", mission_link="x", ended=TODAY), ("mission-link-missing",)),
        (record("decision"), ("mission-link-missing",)),
        (record("evidence", type="mission_link"), ()),
        (record("evidence", type="report"), ("mission-link-missing",)),
    ],
)
def test_the_mission_is_linked(held: Record, expected: tuple[str, ...]) -> None:
    """A standing decision that links the mission, or evidence of the link, is enough."""
    assert expected == codes_of(records.mission_link(asked(held)))


def test_another_outcome_can_never_become_this_one() -> None:
    """A closed pilot has one outcome, and where it is another one nothing would help."""
    params = {"outcome": "follow_up"}
    assert None is records.outcome_was(asked(params=params, pilot={"outcome": "follow_up"}))
    blocker = records.outcome_was(asked(params=params, pilot={"outcome": "ended"}))
    assert ("wrong-state", True, ()) == (blocker.code, blocker.params["never"], blocker.needs)  # type: ignore[union-attr]  # one blocker


def test_values_match_exactly() -> None:
    """A record matches where its data holds each of the values."""
    assert [HELD] == records.matching([HELD, record("report", 2)], FrozenDict(type="final"))


def said(number: int, mood: str, day: str, **more: Any) -> Record:
    return record("check_in", number, mood=mood, date=day, **more)


STUCK = [said(1, "stuck", "2026-02-02"), said(2, "stuck", "2026-02-09")]


@pytest.mark.parametrize(
    ("held", "params", "stuck"),
    [
        (STUCK, {}, True),
        (STUCK[:1], {}, False),
        ([*STUCK, said(3, "wobbling", "2026-02-16")], {}, False),
        ([*STUCK, said(3, "wobbling", "2026-01-26")], {}, True),
        (STUCK, {"times": 3}, False),
        ([*STUCK, said(3, "stuck", "2026-02-16")], {"times": 3}, True),
        ([STUCK[0], said(2, "stuck", "2026-02-09", help_from="facilitator")], {}, False),
        ([said(1, "stuck", "2026-02-02", help_from="facilitator"), STUCK[1]], {}, True),
        ([*STUCK, record("activity", type="exchange", date="2026-02-02")], {}, False),
        ([*STUCK, record("activity", type="exchange", date="2026-02-01")], {}, True),
        ([*STUCK, record("activity", type="coffee", date="2026-02-09")], {}, True),
    ],
)
def test_a_pilot_that_is_stuck_twice_needs_help(held: list[Record], params: dict[str, object], *, stuck: bool) -> None:
    """The last check-ins, by their dates, all say stuck, and nobody was asked and no exchange held since the first."""
    answer = records.not_stuck(question(a_pilot(*held), params=params))
    assert (("stuck-twice",) if stuck else ()) == codes_of(answer)


def test_the_check_in_at_hand_counts() -> None:
    """What the command adds is the last check-in, and four things may help."""
    answer = records.not_stuck(question(a_pilot(STUCK[0]), adding=(STUCK[1],), data={"mood": "stuck"}))
    assert isinstance(answer, Blocker)
    assert ["again", "add", "resume", "reach"] == [one.what for one in answer.needs]
    assert {"mood": "stuck", "help_from": "facilitator"} == answer.needs[0].data
    ended = record("check_in", 2, mood="stuck", date="2026-02-09", ended=TODAY)
    assert None is records.not_stuck(question(a_pilot(STUCK[0], ended)))
