from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proeftuin.delivery import Schedule

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


def waits(schedule: Schedule, chance: float) -> list[timedelta | None]:
    return [schedule.wait(failures, chance) for failures in range(1, schedule.attempts + 1)]


def test_each_wait_is_longer_than_the_one_before() -> None:
    """Waits grow by the factor up to the longest, and after the last attempt there is none."""
    schedule = Schedule(first=SECOND, factor=10, longest=timedelta(seconds=500), attempts=6)
    assert [1 * SECOND, 10 * SECOND, 100 * SECOND, 500 * SECOND, 500 * SECOND, None] == waits(schedule, 1)


def test_chance_takes_up_to_half_of_a_wait() -> None:
    """The smallest chance halves a wait, the largest leaves it."""
    schedule = Schedule(first=10 * SECOND)
    assert (5 * SECOND, 7.5 * SECOND, 10 * SECOND) == tuple(schedule.wait(1, chance) for chance in (0, 0.5, 1))


def test_the_default_bridges_a_weekend() -> None:
    """Whatever chance does, one that is down from Friday at five is tried again on Monday after nine, by default."""
    least = sum((one for one in waits(Schedule(), 0) if one is not None), timedelta())
    most = sum((one for one in waits(Schedule(), 1) if one is not None), timedelta())
    assert (True, True) == (69 * HOUR < least, most < 140 * HOUR)


@pytest.mark.parametrize(
    ("asked", "expected"), [(None, 10), (timedelta(0), 10), (20 * SECOND, 20), (-HOUR, 10), (timedelta.max, 3600)]
)
def test_what_the_subscriber_asks_for_is_honoured_within_bounds(asked: timedelta | None, expected: int) -> None:
    """A longer wait is granted up to the longest one, and a shorter one is not."""
    schedule = Schedule(first=10 * SECOND, longest=HOUR)
    assert timedelta(seconds=expected) == schedule.wait(1, 1, asked)


@given(st.integers(1, 10**6), st.floats(0, 1))
def test_no_wait_is_longer_than_the_longest(failures: int, chance: float) -> None:
    """However often a lane fails, its wait is over nothing and within the longest."""
    wait = Schedule(attempts=10**9).wait(failures, chance)
    assert wait is not None
    assert timedelta(0) < wait <= Schedule().longest


@pytest.mark.parametrize(
    "wrong",
    [{"first": timedelta(0)}, {"factor": 0}, {"factor": 1.5}, {"attempts": 0}, {"attempts": "5"}, {"longest": -HOUR}],
    ids=str,
)
def test_a_schedule_that_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    """Waits of nothing, shrinking waits and no attempts are refused when the schedule is made."""
    with pytest.raises((ValueError, TypeError)):
        Schedule(**wrong)
