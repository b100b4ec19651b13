from datetime import timedelta
from typing import Any

import pytest

from proeftuin.core.frozen import FrozenDict
from proeftuin.core.workflow import FieldRef, RecordRef
from tests.unit.core.days import Closed, clock, day, iso, moments, plan, timed, track
from tests.unit.core.small import NOW, a_pilot, record

DATED = FieldRef("until")


# -- since -----------------------------------------------------------------------------------------------------------


def test_progress_is_counted_from_the_last_thing_that_a_person_did() -> None:
    """A clock on progress runs on every open pilot, from its last progress."""
    flow = timed(quiet=clock("7 days", since="progress"))
    assert {"quiet": 10} == plan(flow, a_pilot(progress=day(3)))
    assert {} == plan(flow, a_pilot(progress=day(3), state="closed"))


def test_a_state_sets_a_clock_going_for_as_long_as_the_pilot_is_in_it() -> None:
    """A clock on a state runs from the day on which the pilot last came into it, and ends when that state is left."""
    flow = timed(here=clock(since="second"))
    entered = FrozenDict(first=day(-9), second=day(2))
    assert {"here": 30} == plan(flow, a_pilot(state="second", entered=entered))
    assert {} == plan(flow, a_pilot(state="third", entered=entered))


def test_with_an_end_a_clock_on_a_state_runs_on() -> None:
    """A clock on a state with an `until` goes on in later states, until that happened or the pilot closes."""
    flow = timed(asked=clock(since="second", until="note"))
    entered = FrozenDict(second=day(2))
    assert {"asked": 30} == plan(flow, a_pilot(state="third", entered=entered))
    assert {"asked": 30} == plan(flow, a_pilot(record("note", since=day(1)), state="third", entered=entered))
    assert {} == plan(flow, a_pilot(record("note", since=day(2)), state="third", entered=entered))
    assert {} == plan(flow, a_pilot(state="closed", entered=entered))


def test_a_state_may_be_an_end() -> None:
    """A clock runs until another state of the pilot is entered, from its own beginning on."""
    flow = timed(stage=clock(since="second", until="third"))
    assert {"stage": 28} == plan(flow, a_pilot(state="second", entered=FrozenDict(second=day(0))))
    assert {} == plan(flow, a_pilot(state="third", entered=FrozenDict(second=day(0), third=day(4))))
    again = FrozenDict(second=day(9), third=day(4))
    assert {"stage": 37} == plan(flow, a_pilot(state="second", entered=again))


def test_a_track_has_a_clock_of_its_own_for_each_state() -> None:
    """A clock on a state of a track runs per track, from the day it came there, while it is there."""
    flow = timed(answer=clock(since="supplier.talking"))
    here, there = track(("seen", 0), ("talking", 5)), track(("seen", 0), ("talking", 1), ("agreed", 7), key="other")
    assert {"answer:acme": 33} == plan(flow, a_pilot(tracks=[here, there]))


def test_the_progress_of_a_track() -> None:
    """A clock on the progress of a track counts from what a person last did on it; in a state, from its entering on."""
    flow = timed(
        quiet=clock("7 days", since="supplier.progress"), busy=clock("7 days", since="supplier.agreed.progress")
    )
    seen = track(("seen", 1), progress=3)
    agreed = track(("seen", 1), ("agreed", 5), key="other", progress=4)
    gone = track(("seen", 1), ("gone", 5), key="third")
    expected = {"quiet:acme": 10, "quiet:other": 11, "busy:other": 12}
    assert expected == plan(flow, a_pilot(tracks=[seen, agreed, gone]))


@pytest.mark.parametrize(
    ("visits", "jobs", "expected"),
    [
        ((("agreed", 0),), (), {"placing:acme": 60}),
        ((("agreed", 0), ("talking", 9)), (), {"placing:acme": 60}),  # a later state
        ((("agreed", 0), ("gone", 9)), (), {}),  # done
        ((("agreed", 0),), (("acme", 0),), {}),
        ((("agreed", 0),), (("acme", 40),), {}),
        ((("agreed", 0),), (("acme", -1),), {"placing:acme": 60}),  # before it was agreed
        ((("agreed", 0),), (("other", 9),), {"placing:acme": 60}),  # at somebody else's
        ((("talking", 9),), (), {}),  # the agreement was gone back from
    ],
)
def test_a_track_s_clock_with_an_end(
    visits: tuple[tuple[str, int], ...], jobs: tuple[tuple[str, int], ...], expected: dict[str, int]
) -> None:
    """A placement on the same track, not before the agreement, ends the clock; until then it runs on."""
    flow = timed(placing=clock("60 days", since="supplier.agreed", until="job"))
    placed = [record("job", number, track=key, since=day(at)) for number, (key, at) in enumerate(jobs, start=1)]
    assert expected == plan(flow, a_pilot(*placed, tracks=[track(("seen", -5), *visits)]))


def test_a_bundled_placement_ends_the_clock_of_every_track_that_contributes() -> None:
    """A bundled record ends a clock on its own track and on those of its rows, and on no other."""
    flow = timed(placing=clock("60 days", since="supplier.agreed", until="job"))
    rows = [{"track": "acme"}, {"track": "other"}, {}]
    bundled = record("job", track="acme", kind="bundled", contributions=rows)
    tracks = [track(("agreed", 0), key=key) for key in ("acme", "other", "third")]
    assert {"placing:third": 60} == plan(flow, a_pilot(bundled, tracks=tracks))


def test_an_end_may_be_a_state_of_the_track() -> None:
    """A clock on a track may end when the track comes into another state."""
    flow = timed(settle=clock(since="supplier.talking", until="supplier.agreed"))
    assert {"settle:acme": 28} == plan(flow, a_pilot(tracks=[track(("talking", 0), ("parked", 3))]))
    assert {} == plan(flow, a_pilot(tracks=[track(("talking", 0), ("parked", 3), ("agreed", 4))]))


def test_going_back_to_a_state_begins_its_days_anew() -> None:
    """A track that was parked and comes back counts the days of its state from the day on which it came back."""
    flow = timed(answer=clock(since="supplier.talking"), parked=clock(DATED, since="supplier.parked"))
    parked = track(("talking", 0), ("parked", 10), until=iso(50))
    assert {"parked:acme": 50} == plan(flow, a_pilot(tracks=[parked]))
    assert {"answer:acme": 68} == plan(flow, a_pilot(tracks=[track(("talking", 40))]))


def test_the_last_record_of_a_kind() -> None:
    """A clock on a record counts from the latest that is open and is what is asked for, by its date."""
    flow = timed(review=clock("12 months", since=RecordRef("note", FrozenDict(type="decision"))))
    older = record("note", 1, type="decision", date="2026-01-31")
    newer = record("note", 2, type="decision", date="2026-02-28")
    other = record("note", 3, type="minutes", date="2026-03-01")
    withdrawn = record("note", 4, type="decision", date="2026-03-01", ended=day(0))
    assert {"review": 363} == plan(flow, a_pilot(newer, older, other, withdrawn))  # 28 February 2027
    assert {} == plan(flow, a_pilot(other, withdrawn))


def test_records_in_a_row() -> None:
    """A clock on records in a row runs while the last so many, by their dates, are all what is asked for."""
    flow = timed(stuck=clock("7 days", since=RecordRef("note", FrozenDict(mood="stuck"), 2)))
    notes = [record("note", number, mood="stuck", date=iso(number)) for number in range(1, 4)]
    well = record("note", 9, mood="well", date=iso(2))
    assert {"stuck": 9} == plan(flow, a_pilot(notes[1], notes[0]))
    assert {"stuck": 10} == plan(flow, a_pilot(*notes))
    assert {} == plan(flow, a_pilot(notes[0]))
    assert {} == plan(flow, a_pilot(notes[0], well))
    assert {} == plan(flow, a_pilot(notes[2], notes[0], well))
    assert {} == plan(flow, a_pilot(notes[0], record("note", 8, mood="stuck", date=iso(3), ended=day(4))))


def test_a_record_without_a_date_counts_from_its_first_day() -> None:
    """A record that names no date counts from the day on which it began."""
    assert {"review": 31} == plan(timed(review=clock(since="note")), a_pilot(record("note", since=day(3))))


def test_every_record_of_a_kind() -> None:
    """A clock per record counts from the day on which each began, or from the date that it names."""
    job, other = record("job", 1, since=day(2), begin=iso(9)), record("job", 2, since=day(3))
    assert {"ask:job-1": 30, "ask:job-2": 31} == plan(timed(ask=clock(per="job")), a_pilot(job, other))
    assert {"ask:job-1": 37, "ask:job-2": 31} == plan(timed(ask=clock(per="job", since="begin")), a_pilot(job, other))


def test_a_record_that_ended_has_no_terms() -> None:
    """A clock per record ends with its record: at once, or, where that lies ahead, when the pilot is past that day."""
    flow = timed(ask=clock("2 weeks, 8 weeks", per="job", remind={"lead": "1 days after due"}))
    ended = record("job", since=day(-20), until=day(0), ended=day(0))
    assert {} == plan(flow, a_pilot(ended))
    ends = record("job", since=day(0), until=day(20), ended=day(20))
    assert {"remind.lead.1 days after due": 15} == moments(flow, a_pilot(ends))
    assert {} == plan(flow, a_pilot(ends, updated_at=NOW + timedelta(days=20)))


def test_nothing_is_done_on_a_record_from_its_end_on() -> None:
    """What would come on the last day of a record, or after it, does not come."""
    flow = timed(ask=clock(per="job", remind={"lead": "27 days, 28 days"}))
    ends = record("job", since=day(0), until=day(28))
    assert {"remind.lead.27 days": 27} == moments(flow, a_pilot(ends))


ASK = timed(
    ask=clock(
        "13 weeks, 26 weeks",
        per="job",
        since="begin",
        until=RecordRef("note", FrozenDict(job="of", weeks="due", sure=True)),
    )
)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (
            {"job": "job-1", "weeks": 13, "sure": True},
            {"ask:job-1:26 weeks", "ask:job-2:13 weeks", "ask:job-2:26 weeks"},
        ),
        (
            {"job": "job-2", "weeks": "26", "sure": True},
            {"ask:job-1:13 weeks", "ask:job-1:26 weeks", "ask:job-2:13 weeks"},
        ),
        ({"job": "job-1", "weeks": 13, "sure": False}, None),
        ({"job": "job-1", "weeks": 12, "sure": True}, None),
        ({"job": "job-3", "weeks": 13, "sure": True}, None),
        ({"weeks": 13, "sure": True}, None),
    ],
)
def test_a_due_day_is_met_by_its_own_answer(answer: dict[str, Any], expected: set[str] | None) -> None:
    """An answer names the record that it is about and the number of the due day that it meets, and meets that alone."""
    jobs = [record("job", number, begin=iso(0)) for number in (1, 2)]
    every = {f"ask:job-{number}:{weeks} weeks" for number in (1, 2) for weeks in (13, 26)}
    assert (expected or every) == set(plan(ASK, a_pilot(*jobs, record("note", **answer))))
    assert every == set(plan(ASK, a_pilot(*jobs, record("note", ended=day(0), **answer))))


def test_a_clock_per_record_may_end_with_any_other() -> None:
    """A clock per record may end with a record on the same track, whatever it is about."""
    flow = timed(ask=clock(per="job", until="note"))
    job = record("job", track="acme")
    assert {"ask:job-1": 28} == plan(flow, a_pilot(job, record("note", track="other"), tracks=[track(("seen", 0))]))
    assert {} == plan(flow, a_pilot(job, record("note", track="acme"), tracks=[track(("seen", 0))]))


@pytest.mark.parametrize(
    ("calls", "expected"),
    [
        ((), {92, 365}),
        ((-1,), {92, 365}),
        ((0,), {92, 365}),  # on the day of the closing
        ((0, 30), {365}),
        ((30,), {365}),  # early
        ((30, 60), {365}),
        ((92,), {365}),
        ((30, 92), {365}),
        ((200,), {365}),  # late
        ((364,), {365}),
        ((30, 200), set()),  # the second call, early
        ((100, 101), set()),
        ((365,), set()),  # one call after both
        ((30, 400), set()),
    ],
)
def test_calls_after_closing(calls: tuple[int, ...], expected: set[int]) -> None:
    """Each later call meets the first open due day, once the one before it has come, and all that it is not before."""
    flow = timed(call=clock("3 months, 12 months", since="closed", until="note", after_closing=True))
    made = [record("note", number, since=day(at)) for number, at in enumerate(calls, start=1)]
    closed = a_pilot(*made, state="closed", entered=FrozenDict(closed=day(0)))
    assert expected == set(plan(flow, closed).values())


def test_once_every_due_day_is_met_more_of_the_same_changes_nothing() -> None:
    """Records that come after the last due day was met meet nothing, and leave the term ended."""
    flow = timed(
        call=clock("3 months, 12 months", since="closed", until="note", after_closing=True),
        asked=clock(since="second", until="note"),
    )
    made = [record("note", number, since=day(at)) for number, at in enumerate((100, 400, 401, 500), start=1)]
    entered = FrozenDict(second=day(0), closed=day(0))
    assert {} == plan(flow, a_pilot(*made, state="closed", entered=entered))
    assert {} == plan(flow, a_pilot(*made, state="second", entered=entered))


@pytest.mark.parametrize(("at", "expected"), [(0, {4, 11}), (1, {11}), (4, {11}), (10, {11}), (11, set())])
def test_due_days_in_working_days_are_met_by_what_comes_on_them(at: int, expected: set[int]) -> None:
    """Whether something came by a due day in working days is counted on the calendar, as that day is."""
    flow = timed(asked=clock("3 working days, 8 working days", since="second", until="note"))
    here = a_pilot(record("note", since=day(at)), state="second", entered=FrozenDict(second=day(0)))
    assert expected == set(plan(flow, here, Closed(1)).values())


@pytest.mark.parametrize(
    ("said", "key", "expected"),
    [
        ({"sort": "yes"}, "acme", {}),
        ({"sort": "yes"}, "other", {"asked:acme": 28}),
        ({"sort": "no"}, "acme", {"asked:acme": 28}),
        ({}, "acme", {"asked:acme": 28}),
    ],
)
def test_an_end_may_ask_what_a_record_holds(said: dict[str, Any], key: str, expected: dict[str, int]) -> None:
    """A clock that ends with a record of a sort goes on after one of another sort, or on another track."""
    flow = timed(asked=clock(since="supplier.talking", until=RecordRef("note", FrozenDict(sort="yes"))))
    told = record("note", track=key, since=day(3), **said)
    assert expected == plan(flow, a_pilot(told, tracks=[track(("talking", 0))]))


def test_records_that_make_no_row_set_other_clocks_going() -> None:
    """Where the last records are not all what one clock asks for, another clock on such records runs all the same."""
    flow = timed(
        stuck=clock("7 days", since=RecordRef("note", FrozenDict(mood="stuck"), 2)),
        review=clock(since="note"),
        well=clock("9 days", since=RecordRef("note", FrozenDict(mood="well"))),
    )
    assert {"review": 28, "well": 9} == plan(flow, a_pilot(record("note", mood="well", date=iso(0))))
