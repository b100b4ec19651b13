from typing import Any

import pytest

from proeftuin.core import clocks
from proeftuin.core.clocks import schedule
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.pilot import PAUSED, Told
from proeftuin.core.table import compile_workflow
from proeftuin.core.workflow import FieldRef
from tests.unit.core.days import WEEKDAYS, Closed, clock, day, holds, iso, moments, plan, timed, track
from tests.unit.core.small import a_pilot, record

DATED = FieldRef("until")


# -- dates that the data names ---------------------------------------------------------------------------------------


def test_dates_of_tracks_records_and_the_pilot() -> None:
    """A due day may be read from a track, a record, or the pilot's own data; without a date there is no term."""
    flow = timed(
        parked=clock(DATED, since="supplier.parked"),
        goal=clock(DATED, per="note"),
        resume=clock(DATED, during="paused", shifts=False),
    )
    one, two = record("note", 1, until=None), record("note", 2, track=None)
    named = a_pilot(tracks=[track(("parked", 0), until=iso(9))], data=FrozenDict(until=iso(8)))
    assert {"parked:acme": 9} == plan(flow, named)
    assert {} == plan(flow, a_pilot(one, two, tracks=[track(("parked", 0))], hold=PAUSED, pauses=holds((0, None))))
    on_hold = a_pilot(data=FrozenDict(until=iso(8)), hold=PAUSED, pauses=holds((0, None)))
    assert {"resume": 8} == plan(flow, on_hold)


def test_a_dated_term_may_have_an_end() -> None:
    """A term whose due day the data names ends with what its `until` names."""
    flow = timed(due=clock(FieldRef("by"), since="second", until="note"))
    named: dict[str, Any] = {"state": "second", "entered": FrozenDict(second=day(0)), "data": FrozenDict(by=iso(9))}
    assert {"due": 9} == plan(flow, a_pilot(record("note", since=day(-1)), **named))
    assert {} == plan(flow, a_pilot(record("note", since=day(1)), **named))


@pytest.mark.parametrize(("until", "due"), [(None, 7), (20, 7), (7, None), (3, None)])
def test_a_term_on_what_is_over_by_its_day_is_not_due(until: int | None, due: int | None) -> None:
    """A placement that ended before the day on which somebody would be asked about it is overdue for nobody."""
    flow = timed(ask=clock("7 days", per="job", since="by"))
    over = None if until is None else day(until)
    assert [due] == list(plan(flow, a_pilot(record("job", since=day(0), until=over, by=iso(0)))).values())


def test_another_date_is_another_term() -> None:
    """What was done for one date is to be done again for the date that takes its place."""
    flow = timed(goal=clock(FieldRef("by"), per="note", remind={"lead": "2 days before due"}))
    told = FrozenDict({"goal:note-1": Told(day(9), ("remind.lead.2 days before due",))})
    assert {} == moments(flow, a_pilot(record("note", by=iso(9)), told=told))
    assert {"remind.lead.2 days before due": 18} == moments(flow, a_pilot(record("note", by=iso(20)), told=told))


def test_days_of_the_far_past_and_future_do_no_harm() -> None:
    """Terms on dates at the ends of time have a day like any other."""
    flow = timed(
        goal=clock(FieldRef("by"), per="note", remind={"lead": "9 weeks before due, 9 months after due"}),
        ask=clock("13 weeks", per="job", since="by"),
    )
    for by in ("0001-01-01", "9999-12-31"):
        kept = (record("note", by=by), record("job", by=by))
        assert 2 == len(plan(flow, a_pilot(*kept, pauses=holds((1, 400)))))
        assert 2 == len(moments(flow, a_pilot(*kept, pauses=holds((1, 400)))))


# -- holds -----------------------------------------------------------------------------------------------------------


def test_a_hold_stops_what_may_shift_and_nothing_else() -> None:
    """On hold a relative term and a date that may shift have no day; legal terms, and what is fixed, keep theirs."""
    flow = timed(
        relative=clock(since="progress"),
        legal=clock(since="progress", shifts=False),
        goal=clock(FieldRef("by"), per="note"),
    )
    kept = (record("note", 1, by=iso(20)), record("note", 2, by=iso(20), fixed=True))
    running = {"relative": 28, "legal": 28, "goal:note-1": 20, "goal:note-2": 20}
    assert running == plan(flow, a_pilot(*kept))
    held = a_pilot(*kept, hold=PAUSED, pauses=holds((5, None)))
    assert {**running, "relative": None, "goal:note-1": None} == plan(flow, held)
    resumed = a_pilot(*kept, pauses=holds((5, 15)))
    assert {**running, "relative": 38, "goal:note-1": 30} == plan(flow, resumed)
    assert running == plan(flow, a_pilot(*kept, pauses=holds((5, 5))))


def test_a_date_shifts_by_holds_after_it_was_named() -> None:
    """A hold before a date was named, or after the date itself, does not shift it."""
    flow = timed(goal=clock(FieldRef("by"), per="note"))
    for pauses, expected in ((holds((-9, -2)), 20), (holds((20, 25)), 20), (holds((-9, 3)), 23), (holds((19, 25)), 26)):
        assert {"goal:note-1": expected} == plan(flow, a_pilot(record("note", by=iso(20)), pauses=pauses))


def test_moments_beside_the_due_day_move_with_it() -> None:
    """What comes before or after the due day keeps its distance, and waits for a hold of its own."""
    flow = timed(
        term=clock(
            since="progress", remind={"lead": "7 days before due, 7 days after due"}, escalate={"board": "14 days"}
        )
    )
    names = ("remind.lead.7 days before due", "remind.lead.7 days after due", "escalate.board.14 days")
    for pauses, expected in (
        ((), (21, 35, 14)),
        (((5, 15),), (31, 45, 24)),
        (((20, 30),), (31, 45, 14)),
        (((25, 27),), (21, 37, 14)),
        (((28, 30),), (21, 37, 14)),
        (((30, 33),), (21, 38, 14)),
    ):
        assert dict(zip(names, expected, strict=True)) == moments(flow, a_pilot(pauses=holds(*pauses)))
    assert {names[0]: 21, names[2]: 14} == moments(flow, a_pilot(hold=PAUSED, pauses=holds((25, None))))
    assert {names[0]: 21, names[2]: 14} == moments(flow, a_pilot(hold=PAUSED, pauses=holds((30, None))))


def test_working_days_after_a_due_day_in_calendar_days() -> None:
    """A reminder some working days after the due day is counted from where a hold has put that day."""
    flow = timed(term=clock(since="progress", remind={"lead": "3 working days after due"}))
    # The due day, a Monday, becomes the Thursday of the week after the next; three working days on it is a Tuesday.
    assert {"remind.lead.3 working days after due": 43} == moments(flow, a_pilot(pauses=holds((5, 15))))


def test_a_new_closure_day_moves_exactly_the_terms_that_it_touches() -> None:
    """Only terms in working days whose days hold the closure become later, each by one working day."""
    flow = timed(
        short=clock("2 working days", since="progress"),
        long=clock("10 working days", since="progress"),
        calendar=clock("10 days", since="progress"),
    )
    before = plan(flow, a_pilot())
    assert {"short": 2, "long": 14, "calendar": 10} == before
    assert {**before, "long": 15} == plan(flow, a_pilot(), Closed(3))
    assert {**before, "long": 15, "short": 3} == plan(flow, a_pilot(), Closed(2))
    assert {**before, "long": 15} == plan(flow, a_pilot(), Closed(14))
    for beside in (0, 15, 12):
        assert before == plan(flow, a_pilot(), Closed(beside))


# -- what is still to be done ----------------------------------------------------------------------------------------


def test_what_was_done_is_not_to_be_done_again() -> None:
    """A moment that is behind a term is not given again, until the term is anchored anew."""
    flow = timed(quiet=clock(since="progress", remind={"lead": "8 days, 14 days"}))
    told = FrozenDict(quiet=Told(day(0), ("remind.lead.8 days",)))
    assert {"remind.lead.14 days": 14} == moments(flow, a_pilot(told=told))
    assert {"remind.lead.8 days": 9, "remind.lead.14 days": 15} == moments(flow, a_pilot(told=told, progress=day(1)))


def test_a_snooze_moves_reminders_alone() -> None:
    """Reminders that would come before the end of a snooze come then; escalations and signals come when they come."""
    flow = timed(
        quiet=clock(
            since="progress", remind={"lead": "8 days, 30 days"}, escalate={"board": "9 days"}, signal=("s", "10 days")
        )
    )
    told = FrozenDict(quiet=Told(day(0), (), ("lead",), (), day(20)))
    expected = {"remind.lead.8 days": 20, "remind.lead.30 days": 30, "escalate.board.9 days": 9, "signal.s": 10}
    assert expected == moments(flow, a_pilot(told=told))


def test_the_next_day_is_the_first_of_all() -> None:
    """The next day of a pilot is the first on which anything is to be done; without anything there is none."""
    flow = timed(a=clock(since="progress", remind={"lead": "8 days"}), b=clock("5 days", since="progress"))
    table = compile_workflow(flow)
    assert (day(8), day(5)) == schedule(table, a_pilot(), WEEKDAYS)
    held = a_pilot(hold=PAUSED, pauses=holds((1, None)))
    assert (None, None) == schedule(table, held, WEEKDAYS)


def test_terms_of_more_days_than_are_remembered_are_counted_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """A day that was counted once and let go of is counted again, and is the same."""
    monkeypatch.setattr(clocks, "REMEMBERED", 2)
    table = compile_workflow(timed(quiet=clock("5 days", since="progress", remind={"lead": "8 days"})))
    for number in (0, 1, 2, 3, 0, 1, 3):
        expected = (day(number + 8), day(number + 5))
        assert expected == schedule(table, a_pilot(progress=day(number)), WEEKDAYS)
