from typing import Any

import pytest

from proeftuin.core import clocks
from proeftuin.core.clocks import schedule, terms
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.going import set_going
from proeftuin.core.pilot import PAUSED, Laid, Pilot, Raised, Told
from proeftuin.core.table import compile_workflow
from proeftuin.core.workflow import FieldRef
from tests.unit.core.days import WEEKDAYS, Closed, clock, day, holds, iso, moments, plan, timed, track
from tests.unit.core.small import a_pilot, edge, record

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


def test_the_first_due_day_is_that_of_any_term() -> None:
    """Whichever term comes first in the file, the due day of a pilot is the earliest of all."""
    flow = timed(b=clock("5 days", since="progress"), a=clock(since="progress"), c=clock("9 days", since="progress"))
    assert (None, day(5)) == schedule(compile_workflow(flow), a_pilot(), WEEKDAYS)


def test_of_the_clocks_that_were_set_going_those_alone_are_looked_at() -> None:
    """Asked about some of the clocks, a schedule leaves out what the others would do."""
    flow = timed(a=clock(since="progress", remind={"lead": "8 days"}), b=clock("5 days", since="progress"))
    table, pilot = compile_workflow(flow), a_pilot()
    a, b = set_going(table, pilot)
    assert (day(8), day(28)) == schedule(table, pilot, WEEKDAYS, [a])
    assert (None, day(5)) == schedule(table, pilot, WEEKDAYS, [b])
    assert (None, None) == schedule(table, pilot, WEEKDAYS, [])


def test_what_was_done_is_no_day_to_come_back_on() -> None:
    """The next day of a term is that of the first thing that it has not done yet, none once all is done."""
    table = compile_workflow(timed(quiet=clock(since="progress", remind={"lead": "8 days, 14 days"})))
    first, second = "remind.lead.8 days", "remind.lead.14 days"
    for done, expected in (((), day(8)), ((first,), day(14)), ((first, second), None)):
        pilot = a_pilot(told=FrozenDict(quiet=Told(day(0), done)))
        assert (expected, day(28)) == schedule(table, pilot, WEEKDAYS)


@pytest.mark.parametrize(
    ("until", "signalled", "expected"),
    [(10, "job-2", 7), (7, "job-2", None), (3, "job-2", None), (10, "job-1", 7), (7, "job-1", 7), (3, "job-1", 3)],
)
def test_the_end_of_a_record_is_a_day_to_come_back_on_while_its_signal_is_up(
    until: int, signalled: str, expected: int | None
) -> None:
    """What would come on the last day of a record or later is no day; that last day is, where a signal ends on it."""
    flow = timed(ask=clock(per="job", remind={"lead": "7 days"}))
    pilot = a_pilot(record("job", until=day(until)), signals=(Raised("s", f"ask:{signalled}", day(0)),))
    first, _ = schedule(compile_workflow(flow), pilot, WEEKDAYS)
    assert (None if expected is None else day(expected)) == first


def sent(pilot: Pilot) -> list[tuple[str, ...]]:
    """What was sent last by the term of a clock with three reminders, two of them on one day."""
    flow = timed(quiet=clock(since="progress", remind={"lead": "8 days, 14 days", "board": "14 days"}))
    return [one.sent() for one in terms(compile_workflow(flow), pilot, WEEKDAYS)]


def test_the_reminders_that_were_sent_last() -> None:
    """Of the reminders that were sent those of the latest day are told, all of them, and none before one was sent."""
    first, *second = "remind.lead.8 days", "remind.lead.14 days", "remind.board.14 days"
    for done, expected in (((), ()), ((first,), (first,)), ((first, *second), tuple(second))):
        assert [expected] == sent(a_pilot(told=FrozenDict(quiet=Told(day(0), done))))
    assert [()] == sent(a_pilot())


@pytest.mark.parametrize(
    ("began", "expected"), [(19, {}), (20, {"remind.lead.8 days": 20}), (21, {"remind.lead.8 days": 20})]
)
def test_a_hold_from_the_end_of_a_snooze_on_is_too_late_to_stop_it(began: int, expected: dict[str, int]) -> None:
    """A reminder that was put off until a day comes on that day, unless a hold began before it and goes on."""
    flow = timed(quiet=clock(since="progress", remind={"lead": "8 days"}))
    told = FrozenDict(quiet=Told(day(0), (), ("lead",), (), day(20)))
    assert expected == moments(flow, a_pilot(told=told, hold=PAUSED, pauses=holds((began, None))))


@pytest.mark.parametrize(
    ("state", "paused", "expected"),
    [
        ("first", None, {}),  # a hold refuses what the clock would fire
        ("first", "allowed", {"fire.lapse": 28}),
        ("second", None, {"fire.lapse": 28}),  # from where nothing of that name can be fired, nothing is refused
    ],
)
def test_a_trigger_waits_only_for_what_refuses_the_system(
    state: str, paused: str | None, expected: dict[str, int]
) -> None:
    """A clock waits where a hold refuses every edge that the system may fire, whatever the hold allows to people."""
    flow = timed(
        edge("lapse", "first", "closed", allow=("system",), paused=paused),
        edge("lapse", "first", "second", allow=("lead",), paused="allowed"),
        act=clock(since="progress", fire="lapse", shifts=False),
    )
    assert expected == moments(flow, a_pilot(state=state, hold=PAUSED, pauses=holds((0, None))))


def test_a_reminder_before_a_day_that_is_counted_in_working_days() -> None:
    """The due day is counted in working days, and the reminder back from it."""
    flow = timed(act=clock("5 working days", since="progress", remind={"lead": "2 days before due"}))
    assert {"remind.lead.2 days before due": 5} == moments(flow, a_pilot(progress=day(0)))
    assert {"remind.lead.2 days before due": 6} == moments(flow, a_pilot(progress=day(0)), Closed(1))


# -- what a migration laid down ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("laid", "due", "done"),
    [
        (Laid(day(1)), 29, {"remind.lead.3 days": 4, "fire.lapse": 29}),
        (Laid(day(1), since=day(5)), 29, {"remind.lead.3 days": 8, "fire.lapse": 29}),
        (Laid(day(1), base=day(5)), 33, {"remind.lead.3 days": 4, "fire.lapse": 33}),
        (Laid(day(1), since=day(5), base=day(6)), 34, {"remind.lead.3 days": 8, "fire.lapse": 34}),
        (Laid(day(1), amount=2, unit="weeks"), 15, {"remind.lead.3 days": 4, "fire.lapse": 15}),
        (Laid(day(1), amount=2), 29, {"remind.lead.3 days": 4, "fire.lapse": 29}),
        (Laid(day(1), unit="weeks"), 29, {"remind.lead.3 days": 4, "fire.lapse": 29}),
        (Laid(day(1), fires=day(40)), 29, {"remind.lead.3 days": 4, "fire.lapse": 40}),
        (Laid(day(1), fires=day(4)), 29, {"remind.lead.3 days": 4, "fire.lapse": 29}),
        (Laid(day(2), since=day(5), base=day(6), fires=day(40)), 29, {"remind.lead.3 days": 4, "fire.lapse": 29}),
        (Laid(day(2), ended=True), 29, {"remind.lead.3 days": 4, "fire.lapse": 29}),
    ],
)
def test_a_term_is_as_a_migration_left_it_until_it_is_anchored_anew(laid: Laid, due: int, done: dict[str, int]) -> None:
    """What it counts from, how long it is and when it may first fire are as laid down, for that one anchor alone."""
    flow = timed(edge("lapse", "second", "third"), act=clock(since="second", remind={"lead": "3 days"}, fire="lapse"))
    pilot = a_pilot(state="second", entered=FrozenDict(second=day(1)), laid=FrozenDict(act=laid))
    assert ({"act": due}, done) == (plan(flow, pilot), moments(flow, pilot))


def test_a_term_that_a_migration_ended_runs_no_more_and_its_neighbours_do() -> None:
    """What was laid down is of one term: those beside it run as the workflow says."""
    flow = timed(one=clock(since="second"), two=clock(since="second"), three=clock(since="second"))
    laid = FrozenDict(two=Laid(day(1), ended=True))
    pilot = a_pilot(state="second", entered=FrozenDict(second=day(1)), laid=laid)
    assert {"one": 29, "three": 29} == plan(flow, pilot)
