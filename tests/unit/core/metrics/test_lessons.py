"""Lessons, in the phase in which each was learnt."""

import pytest

from tests.unit.core.metrics.people import ago, one, one_pilot, stop
from tests.unit.core.small import record


def test_a_lesson_counts_in_the_phase_in_which_it_was_recorded() -> None:
    """The last phase that the pilot had come to by then, the day itself included; each lesson counts once."""
    path = [stop("second", 60, "commitment"), stop("third", 30, "implementation")]
    days = (80, 61, 60, 45, 30, 3)
    lessons = [record("lesson", number, since=ago(day)) for number, day in enumerate(days, 1)]
    found = one(one_pilot(*lessons, path=path, began=90), "lessons_by_phase").value
    assert {"exploration": 2, "commitment": 2, "implementation": 2} == {name: n for name, n in found.items() if n}


def test_a_period_may_be_of_one_day_and_not_of_none() -> None:
    """Figures of a day may be over that day alone; a period that begins after it is refused."""
    lesson = one_pilot(record("lesson", since=ago(3)), path=[stop("second", 60, "commitment")], began=90)
    assert 1 == one(lesson, "lessons_by_phase", since=ago(3), as_of=ago(3)).value["commitment"]
    with pytest.raises(LookupError, match="the period begins on 2026-02-28, after 2026-02-27, the day"):
        one(lesson, "lessons_by_phase", since=ago(2), as_of=ago(3))
