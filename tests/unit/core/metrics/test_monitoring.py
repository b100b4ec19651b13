from datetime import date, timedelta
from typing import Any

import pytest

from proeftuin.core.pilot import Episode, Nudge, Pause, Record
from proeftuin.core.settings import Dated, Settings
from tests.unit.core.metrics.people import ago, one, one_pilot, shared, stop
from tests.unit.core.small import TODAY, record

# Today, 2 March 2026, is a Monday; so the last whole week is that of 23 February.


def check(number: int, days: int, **more: Any) -> Record:
    return record("check_in", number, since=ago(days), date=ago(days).isoformat(), **more)


def test_weeks_are_whole_calendar_weeks() -> None:
    """Of the weeks from Monday to Sunday that a pilot ran through, those with a check-in count, each once."""
    held = one_pilot(check(1, 1), check(2, 3), check(3, 8), check(4, 0), check(5, 22), began=20)
    assert ("100.00", "2/2") == shared(one(held, "checkin_rate"))
    assert ["2/3", "2/2", "2/2"] == [
        f"{each.numerator}/{each.denominator}"
        for each in (one(one_pilot(check(1, 1), check(2, 8), began=days), "checkin_rate") for days in (21, 20, 15))
    ]


def test_a_week_counts_once_it_is_over() -> None:
    """On a Sunday the week counts, on the Saturday before not yet, and of what is told later nothing does."""
    held = one_pilot(check(1, 3), began=7)
    shown = [one(held, "checkin_rate", as_of=ago(days)).denominator for days in (0, 1, 2)]
    assert [1, 1, 0] == shown
    assert None is one(held, "checkin_rate", as_of=ago(2)).value
    late = one_pilot(
        record("check_in", 1, since=ago(9), date=ago(1).isoformat()), record("check_in", 2, since=ago(9)), began=30
    )
    assert 1 == one(late, "checkin_rate", as_of=ago(8)).numerator
    told = record("check_in", 1, since=TODAY, date=ago(10).isoformat())
    found = one(one_pilot(told, began=30), "checkin_rate", as_of=ago(5))
    assert 1 == found.numerator
    assert (1, 1) == found.coverage


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (14, 7, 3),
        (14, 14, 4),
        (13, 8, 3),
        (8, 7, 3),
        (8, 6, 2),
        (7, 7, 4),
        (10, None, 2),
        (28, 0, 0),
        (-1, None, 4),
        (27, 27, 4),
    ],
)
def test_weeks_on_hold_do_not_count(first: int, last: int | None, expected: int) -> None:
    """A week with a day on hold is no week in which a sign of life was to be had; a hold of no day changes nothing."""
    pause = Pause(ago(first), None if last is None else ago(last))
    assert expected == one(one_pilot(began=28, pauses=(pause,)), "checkin_rate").denominator


def test_after_closing_no_week_counts() -> None:
    """The week in which a pilot is closed is no whole one, nor is any after it."""
    held = one_pilot(began=28, path=[stop("closed", 10, "closed")], state="closed")
    assert [2, 2] == [one(held, "checkin_rate", as_of=day).denominator for day in (TODAY, ago(11))]


def test_however_many_states_it_came_through_a_pilot_ends_where_it_is_closed() -> None:
    """Weeks count up to the closing, not up to a move before it."""
    path = [stop("second", 20, "commitment"), stop("closed", 10, "closed")]
    assert 2 == one(one_pilot(began=28, path=path, state="closed"), "checkin_rate", as_of=TODAY).denominator


@pytest.mark.parametrize(("days", "expected"), [(8, 0), (7, 1), (1, 1), (0, 0)])
def test_a_check_in_is_of_the_week_of_its_day(days: int, expected: int) -> None:
    """From the Monday of a week to its Sunday a check-in is of that week, and of no other."""
    assert expected == one(one_pilot(check(1, days), began=7), "checkin_rate").numerator


def test_rates_are_pooled_and_not_averaged() -> None:
    """The rate of a portfolio is of all weeks together."""
    held = [one_pilot(check(1, 1), began=7), one_pilot(began=28, id="p2")]
    found = one(held, "checkin_rate")
    assert ("20.00", (1, 2)) == (found.value, found.coverage)


def test_silences_are_counted_from_the_day_on_which_they_were_told() -> None:
    """Each time that a pilot fell still counts, over or not; other signals do not."""
    episodes = (Episode("stalled", "check_in", ago(50), ago(40)), Episode("stalled", "check_in", ago(9)),
                Episode("report_overdue", "report", ago(9)))  # fmt: skip
    held = one_pilot(episodes=episodes)
    assert [2, 1, 0] == [one(held, "stall_episodes", as_of=ago(days)).value for days in (9, 10, 51)]


def test_reminders_that_helped_are_those_that_were_answered_in_time() -> None:
    """Of the reminders of at least 14 days ago, those after which a person did something within 14 days helped."""
    nudges = (Nudge(ago(80), ago(66)), Nudge(ago(60), ago(45)), Nudge(ago(40)), Nudge(ago(14), TODAY), Nudge(ago(13)))
    found = one(one_pilot(nudges=nudges), "nudge_success")
    assert (("50.00", "2/4"), (1, 1)) == (shared(found), found.coverage)
    assert (None, (0, 1)) == (
        one(one_pilot(nudges=nudges), "nudge_success", as_of=ago(81)).value,
        one(one_pilot(nudges=nudges), "nudge_success", as_of=ago(81)).coverage,
    )
    longer = Settings({"nudge_days": [Dated("15", date(2015, 1, 1), "test")]})
    assert (2, 3) == tuple(getattr(one(one_pilot(nudges=nudges), "nudge_success", settings=longer), each)
                           for each in ("numerator", "denominator"))  # fmt: skip


def test_what_was_learned_and_told_is_counted() -> None:
    """Lessons recorded, stories that still may be told, and exchanges up to the day, whenever they were recorded."""
    held = one_pilot(
        record("lesson", 1, since=ago(9)), record("lesson", 2, since=TODAY), record("story", 1, since=ago(9)),
        record("story", 2, since=ago(9), ended=ago(3)),
        record("activity", 1, type="exchange", since=ago(5), date=ago(9).isoformat()),
        record("activity", 2, type="exchange", since=ago(5)), record("activity", 3, type="coffee", since=ago(5)),
        record("activity", 4, type="exchange", since=ago(5), date=(TODAY + timedelta(1)).isoformat()),
    )  # fmt: skip
    assert [2, 1, 2] == [one(held, name).value for name in ("lessons", "stories", "exchanges")]
    assert [1, 1, 1] == [one(held, name, as_of=ago(6)).value for name in ("lessons", "stories", "exchanges")]


def test_a_story_that_was_withdrawn_counts_no_more() -> None:
    """Of three stories two of which were withdrawn, one is left."""
    stories = [record("story", number, since=ago(9), ended=ago(3) if number > 1 else None) for number in (1, 2, 3)]
    assert 1 == one(one_pilot(*stories), "stories").value


def test_an_exchange_counts_on_its_very_day() -> None:
    """What is held on a day counts on it, and not on the day before."""
    held = one_pilot(record("activity", 1, type="exchange", since=ago(5)))
    assert [0, 1] == [one(held, "exchanges", as_of=ago(days)).value for days in (6, 5)]
