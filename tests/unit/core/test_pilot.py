from datetime import date
from decimal import Decimal

import pytest

from proeftuin.core.frozen import EMPTY, FrozenDict
from proeftuin.core.pilot import Track, Visit
from tests.unit.core.small import TODAY, a_pilot, a_track, record

D = date


@pytest.mark.parametrize(
    ("day", "expected"),
    [(D(2026, 2, 28), False), (D(2026, 3, 1), True), (D(2026, 3, 9), True), (D(2026, 3, 10), False)],
)
def test_a_record_is_active_from_its_first_day_up_to_its_last(day: date, expected: bool) -> None:  # noqa: FBT001  # the expected answer
    """The interval of a record is half-open: it holds on the first day and no longer on the last."""
    assert expected is record("placement", since=D(2026, 3, 1), until=D(2026, 3, 10)).active(day)


def test_a_record_without_end_stays_active() -> None:
    """An open-ended record is active on every day from its first."""
    assert record("placement", since=TODAY).active(D(2999, 1, 1))


def test_fields_are_read_as_dates_and_exact_numbers() -> None:
    """A field is given as a date or an exact decimal, and as None where it is absent."""
    held = record("goal", due="2026-04-01", hours="1.10")
    assert (D(2026, 4, 1), Decimal("1.10")) == (held.day("due"), held.number("hours"))
    assert (None, None) == (held.day("review"), held.number("target"))


def test_records_are_picked_by_day_and_track() -> None:
    """Records of a type come in order, narrowed to a day and to a track."""
    one = record("placement", 1, track="acme", since=D(2026, 1, 1), until=D(2026, 2, 1))
    two = record("placement", 2, track="acme")
    three = record("placement", 3, track="other")
    pilot = a_pilot(one, two, three)
    assert (one, two, three) == pilot.records("placement")
    assert (two, three) == pilot.records("placement", active_on=TODAY)
    assert (two,) == pilot.records("placement", active_on=TODAY, track="acme")
    assert () == pilot.records("story")


def test_assignments_are_the_open_ones() -> None:
    """Who holds a duty is told by the assignments that were not ended."""
    open_one = record("assignment", 2, duty="hr")
    assert (open_one,) == a_pilot(record("assignment", 1, duty="hr", ended=TODAY), open_one).assignments


def test_what_a_track_holds_is_what_its_way_here_set() -> None:
    """The data of a track is that of all states on its trail, later ones first, and it knows the one before."""
    trail = (Visit("seen", TODAY, FrozenDict(a=1, b=1)), Visit("talking", TODAY, FrozenDict(b=2)))
    track = Track("acme", "supplier", "acme", "talking", TODAY, TODAY, trail)
    assert ({"a": 1, "b": 2}, "seen") == (track.data, track.previous)


def test_a_track_that_was_just_opened_has_no_state_before() -> None:
    """There is nothing before the first state of a track."""
    assert None is a_track().previous


def test_the_row_of_a_day_is_the_latest_that_has_begun_by_then() -> None:
    """A row counts from its own day on, one without a day from the beginning, and of one day the last told counts."""
    told = (
        {"n": "1"},
        {"n": "2", "from": "2026-03-09"},
        {"n": "3", "from": "2026-03-05"},
        {"n": "4", "from": "2026-03-05"},
    )
    held = record("job", hours=told)
    expected = {D(2026, 3, 4): "1", D(2026, 3, 5): "4", D(2026, 3, 8): "4", D(2026, 3, 9): "2"}
    assert expected == {day: (held.row("hours", day) or EMPTY).get("n") for day in expected}
    assert {"n": "1"} == record("job", hours=({"n": "0"}, {"n": "1"})).row("hours", TODAY)
    assert None is record("job", hours=told[1:]).row("hours", D(2026, 3, 4))
    assert None is record("job").row("hours", TODAY)
