from datetime import date, timedelta

import pytest

from proeftuin.core.calendar import Weekdays, add_months, later, plus, shifted
from tests.unit.core.days import WEEKDAYS, Closed, day, holds, number, offset

D = date


class Never:
    """A calendar without any working day."""

    fingerprint = "never"

    def works(self, day: date) -> bool:
        del day
        return False


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (D(2026, 1, 15), 1, D(2026, 2, 15)),
        (D(2026, 1, 31), 1, D(2026, 2, 28)),
        (D(2024, 1, 31), 1, D(2024, 2, 29)),
        (D(2026, 11, 30), 3, D(2027, 2, 28)),
        (D(2026, 3, 31), -1, D(2026, 2, 28)),
        (D(2026, 1, 10), -13, D(2024, 12, 10)),
        (D(2026, 5, 5), 0, D(2026, 5, 5)),
        (D(2024, 2, 29), 12, D(2025, 2, 28)),
        (D(2024, 2, 29), 48, D(2028, 2, 29)),
        (D(9999, 10, 15), 1, D(9999, 11, 15)),
        (D(9999, 12, 15), 1, date.max),
        (D(9999, 11, 1), 3, date.max),
        (D(1, 3, 15), -1, D(1, 2, 15)),
        (D(1, 1, 15), -1, date.min),
        (D(1, 2, 1), -3, date.min),
    ],
)
def test_months_are_added_and_their_end_clips(day: date, months: int, expected: date) -> None:
    """Months move a day within the year and across it, and a day that the month lacks becomes its last one."""
    assert expected == add_months(day, months)


@pytest.mark.parametrize(("day", "days", "expected"), [(date.max, 1, date.max), (date.min, -1, date.min)])
def test_no_day_lies_beyond_the_ends_of_time(day: date, days: int, expected: date) -> None:
    """A day that no calendar can name is clipped to the last, or the first, that one can."""
    assert expected == later(day, days)
    assert expected == plus(day, offset("2 working days"), Never(), back=days < 0)
    assert expected == plus(day, offset("2 weeks"), WEEKDAYS, back=days < 0)


def test_weekdays_are_monday_to_friday() -> None:
    """Without a calendar of its own a workflow works from Monday to Friday."""
    assert [True] * 5 + [False] * 2 == [Weekdays().works(day(one)) for one in range(7)]


@pytest.mark.parametrize(
    ("start", "text", "expected"),
    [
        (D(2026, 3, 2), "28 days", D(2026, 3, 30)),
        (D(2026, 3, 2), "13 weeks", D(2026, 6, 1)),
        (D(2026, 8, 31), "6 months", D(2027, 2, 28)),
        (D(2027, 8, 31), "6 months", D(2028, 2, 29)),
        (D(2028, 2, 28), "1 days", D(2028, 2, 29)),
        (D(2026, 3, 28), "2 days", D(2026, 3, 30)),  # in between the clock was put forward
        (D(2026, 10, 24), "2 days", D(2026, 10, 26)),  # and back
        (D(2026, 3, 2), "0 days", D(2026, 3, 2)),
    ],
)
def test_a_term_is_counted_in_calendar_days(start: date, text: str, expected: date) -> None:
    """A term of N days that starts on day D is due on D + N, over leap days, short months and changes of the clock."""
    assert expected == plus(start, offset(text), WEEKDAYS)


@pytest.mark.parametrize(
    ("start", "count", "back", "expected"),
    [
        (0, 1, False, 1),
        (0, 5, False, 7),
        (4, 1, False, 7),
        (5, 1, False, 7),  # a Saturday
        (6, 1, False, 7),
        (6, 0, False, 6),
        (0, 10, False, 14),
        (0, 1, True, -3),
        (6, 1, True, 4),
        (9, 5, True, 2),
        (5, 0, True, 5),
    ],
)
def test_the_nth_working_day(start: int, count: int, back: bool, expected: int) -> None:  # noqa: FBT001  # the direction
    """The N-th working day after or before a day leaves that day out, whatever day it is; none is the day itself."""
    assert expected == number(plus(day(start), offset(f"{count} working days"), WEEKDAYS, back=back))


def test_a_closure_day_is_no_working_day() -> None:
    """A day on which the calendar is closed is passed over, in both directions."""
    calendar = Closed(2)
    assert (3, 1) == (
        number(plus(day(0), offset("2 working days"), calendar)),
        number(plus(day(3), offset("1 working days"), calendar, back=True)),
    )


SHIFTS = [
    ((), 28),
    (((-20, -10),), 28),  # before it began
    (((-10, 0),), 28),
    (((-10, 5),), 33),  # it began during a hold
    (((20, 30),), 38),  # 8 days were left
    (((27, 37),), 38),
    (((28, 38),), 28),  # on the due day it is due
    (((30, 40),), 28),  # after it
    (((10, 10),), 28),  # no day at all
    (((5, 10), (20, 25)), 38),
    (((5, 10), (30, 35)), 38),  # the second hold is in time only because of the first
    (((5, 10), (33, 35)), 33),
    (((27, None),), None),
    (((-5, None),), None),
    (((28, None),), 28),
    (((5, 10), (32, None)), None),
]


@pytest.mark.parametrize(("pairs", "expected"), SHIFTS)
def test_a_hold_makes_a_term_so_much_later(pairs: tuple[tuple[int, int | None], ...], expected: int | None) -> None:
    """Days on hold between the start of a term and its due day are added to it; while on hold it has no due day."""
    assert expected == number(shifted(day(28), day(0), holds(*pairs), offset("28 days"), WEEKDAYS))


@pytest.mark.parametrize(
    ("pairs", "calendar", "expected"),
    [
        (((1, 4),), WEEKDAYS, 10),  # Tuesday to Friday: three working days
        (((4, 7),), WEEKDAYS, 8),  # Friday to Monday: one
        (((5, 7),), WEEKDAYS, 7),  # a weekend: none
        (((1, 4),), Closed(2), 9),
        (((0, 1),), WEEKDAYS, 8),
        (((1, 1),), WEEKDAYS, 7),
    ],
)
def test_a_hold_adds_its_working_days(pairs: tuple[tuple[int, int], ...], calendar: Closed, expected: int) -> None:
    """A term in working days becomes later by the working days of a hold: five from Monday are due on the next one."""
    assert expected == number(shifted(day(7), day(0), holds(*pairs), offset("5 working days"), calendar))


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ((), 21),
        (((5, 15),), 31),
        (((20, 30),), 31),
        (((21, 31),), 21),  # on its own day it comes, though the due day is put off
        (((5, 15), (30, 32)), 33),
        (((5, 15), (31, 33)), 31),
        (((5, None),), None),
        (((21, None),), 21),
    ],
)
def test_a_moment_before_the_due_day_moves_with_it(
    pairs: tuple[tuple[int, int | None], ...], expected: int | None
) -> None:
    """What comes a week before the due day comes a week before where the holds until then have put it."""
    found = shifted(day(28), day(0), holds(*pairs), offset("28 days"), WEEKDAYS, offset("7 days before due"))
    assert expected == number(found)


def test_working_days_before_a_due_day_in_calendar_days() -> None:
    """A hold moves the due day by its days, and a moment some working days before it is counted from there."""
    for length in range(1, 15):
        pauses = holds((5, 5 + length))
        due = shifted(day(28), day(0), pauses, offset("28 days"), WEEKDAYS)
        before = offset("3 working days before due")
        assert day(28 + length) == due
        found = shifted(day(28), day(0), pauses, offset("28 days"), WEEKDAYS, before)
        assert plus(day(0) + timedelta(days=28 + length), before, WEEKDAYS, back=True) == found
