from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from attrs import evolve

from proeftuin.core.catch_up import CatchUp
from proeftuin.core.clocks import schedule
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.pilot import Pilot
from proeftuin.core.structs import replace
from proeftuin.core.table import compile_workflow
from proeftuin.core.workflow import Edge, Field, FieldRef, Workflow
from tests.unit.core.days import WEEKDAYS, Days, clock, day, iso, timed, told, track
from tests.unit.core.small import NOW, a_pilot, edge, op, opener, record

NUDGES = clock(
    "7 days",
    since="progress",
    remind={"lead": "8 days, 14 days", "watcher": "14 days"},
    escalate={"board": "21 days"},
    signal=("stalled", "28 days"),
)
EVERY = [
    "8 reminded quiet lead",
    "14 reminded quiet lead watcher",
    "21 escalated quiet board",
    "28 raised quiet stalled",
]
LAPSE = edge("lapse", ("seen", "talking"), "gone", allow=("system",), during=("any_open",))


def flow(*edges: Edge, tracks: tuple[Edge, ...] = (), **clocks: Any) -> Workflow:
    """A workflow on which one can speak, hold, keep a note, and talk with a supplier until it lapses."""
    data = FrozenDict(by=Field("date"), who=Field("person"))
    speak = edge("speak", paused="allowed")
    hold = edge("hold", hold="pause", progress=False)
    resume = edge("resume", hold="resume", progress=False, paused="allowed")
    note = edge("note", records=(op(add="note"),))
    end = edge("end", "any_open", "closed")
    own = (opener("open", "seen", during=("any_open",)), edge("talk", "seen", "talking", during=("any_open",)), LAPSE)
    made = timed(speak, hold, resume, note, end, *edges, tracks=(*own, *tracks), **clocks)
    span = FrozenDict(start=Field("date"), end=Field("date"))
    kept = {"note": evolve(made.records["note"], fields=data), "job": evolve(made.records["job"], fields=span)}
    return evolve(made, records=FrozenDict(made.records, **kept))


def caught_up(workflow: Workflow, pilot: Pilot, now: datetime) -> CatchUp:
    return CatchUp(compile_workflow(workflow), pilot, WEEKDAYS, now).moves().reminders()


# -- every day ---------------------------------------------------------------------------------------------------------


def test_what_is_due_is_done_on_its_day() -> None:
    """Ticked daily, a clock does each thing once, on exactly its day."""
    assert EVERY == Days(flow(quiet=NUDGES)).daily(0, 60)


def test_nothing_is_done_the_day_before_or_twice() -> None:
    """A tick on the day before does nothing, nor does a second one on the day itself."""
    play = Days(flow(quiet=NUDGES))
    for number, line in zip((8, 14, 21, 28), EVERY, strict=True):
        assert [] == play.tick(number - 1, 21)
        assert [line] == play.tick(number, 0)
        assert [] == play.tick(number, 21)


def test_a_clock_that_jumps_back_does_nothing_twice() -> None:
    """After a tick, one an hour or a day earlier finds nothing to do; nor does the day that is lived again."""
    play = Days(flow(quiet=NUDGES))
    for number, line in zip((8, 14, 21, 28), EVERY, strict=True):
        assert [line] == play.tick(number)
        assert ([], [], []) == (play.tick(number, 8), play.tick(number - 1), play.tick(number))


def test_a_day_begins_at_midnight_in_the_zone_of_the_workflow() -> None:
    """What is due on a day is done from its first minute on, in the workflow's own zone, when clocks change too."""
    nudge = flow(quiet=clock(since="progress", remind={"lead": "27 days"}))  # on 29 March the clock goes forward
    away = evolve(nudge, timezone="America/New_York")
    pilot = a_pilot()
    before, after = datetime(2026, 3, 28, 22, 59, tzinfo=UTC), datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert [[], ["27 reminded quiet lead"]] == [told(caught_up(nudge, pilot, one).events) for one in (before, after)]
    assert [] == caught_up(away, pilot, after).events
    later = [datetime(2026, 3, 29, *one, tzinfo=UTC) for one in ((3, 59), (4, 0))]
    assert [[], ["27 reminded quiet lead"]] == [told(caught_up(away, pilot, one).events) for one in later]
    autumn = a_pilot(progress=day(210))  # 27 days on, the day after it went back: midnight is 23:00 again
    first = [datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2026, 10, 25, 22, 59, tzinfo=UTC)]
    assert [1, 1] == [len(caught_up(nudge, autumn, one).events) for one in first]
    assert [] == caught_up(nudge, autumn, datetime(2026, 10, 24, 21, 59, tzinfo=UTC)).events


# -- late --------------------------------------------------------------------------------------------------------------


def test_of_what_was_missed_the_latest_is_sent_alone() -> None:
    """After silent days each who would have been told is told once, as of the latest; signals keep their day."""
    late = ["28 raised quiet stalled", "14 reminded quiet lead watcher", "21 escalated quiet board"]
    assert late == Days(flow(quiet=NUDGES)).tick(60)
    play = Days(flow(quiet=NUDGES))
    assert ["8 reminded quiet lead"] == play.tick(10)
    assert ["14 reminded quiet lead watcher"] == play.tick(20)
    assert late[:1] + late[2:] == play.tick(28)


def test_whatever_was_missed_the_pilot_ends_up_the_same() -> None:
    """Ticked daily, or once after all of it, a clock leaves the same done, told and raised."""
    daily, late = Days(flow(quiet=NUDGES)), Days(flow(quiet=NUDGES))
    daily.daily(0, 60)
    late.tick(60)
    assert late.pilot.signals == daily.pilot.signals
    one, other = late.pilot.told["quiet"], daily.pilot.told["quiet"]
    assert (other.anchor, set(other.done), set(other.roles)) == (one.anchor, set(one.done), set(one.roles))
    assert {"lead", "watcher", "board"} == set(one.roles)


ANSWER = clock("28 days", since="supplier.talking", remind={"lead": "14 days"}, fire="lapse")


def test_a_lapse_is_anchored_on_the_day_on_which_it_fell_due() -> None:
    """A term that fires moves its track on its due day, however late that is seen, and what follows counts from it."""
    after = clock("5 days", since="supplier.gone", remind={"lead": "5 days"}, signal=("gone", "5 days"))
    play = Days(flow(answer=ANSWER, after=after))
    play.do(0, "open", {}, track="acme")
    play.do(2, "talk", {}, track="acme")
    expected = ["30 fired answer:acme lapse", "30 moved acme to gone", "35 raised after:acme gone"]
    assert [*expected, "35 reminded after:acme lead"] == play.tick(90)
    gone = play.pilot.tracks["acme"]
    assert ("gone", day(30), day(30), day(2)) == (gone.state, gone.since, play.pilot.last_move, gone.progress)
    assert day(2) == play.pilot.progress


def test_a_command_finds_what_was_due_before_it_done() -> None:
    """Between the due moment and the next tick a command meets the same pilot as after it: the track has lapsed."""
    play = Days(flow(answer=ANSWER))
    play.do(0, "open", {}, track="acme")
    play.do(0, "talk", {}, track="acme")
    assert ["28 fired answer:acme lapse", "28 moved acme to gone"] == play.do(40, "speak")
    assert ["2026-03-30", "2026-04-11"] == [one.on.isoformat() for one in play.events[-2:]]


def test_moves_come_before_signals_on_one_day() -> None:
    """What fires on a day goes before the signal of that day, which it may make needless."""
    both = clock("28 days", since="supplier.talking", signal=("late", "28 days"), fire="lapse")
    play = Days(flow(both=both))
    play.do(0, "open", {}, track="acme")
    play.do(0, "talk", {}, track="acme")
    assert ["28 fired both:acme lapse", "28 moved acme to gone"] == play.tick(28)
    assert () == play.pilot.signals


def test_days_are_done_in_order() -> None:
    """Of several clocks the one that fell due first goes first, and those of one day by name."""
    ways: dict[str, Any] = {
        name: clock(since=f"supplier.{state}", signal=(name, days))
        for name, state, days in (("b", "seen", "5 days"), ("a", "seen", "5 days"), ("c", "seen", "4 days"))
    }
    play = Days(flow(**ways))
    play.do(0, "open", {}, track="acme")
    assert ["4 raised c:acme c", "5 raised a:acme a", "5 raised b:acme b"] == play.tick(9)


def test_what_cannot_be_fired_is_behind_all_the_same() -> None:
    """A trigger that nothing can be moved by is marked as done, once, and moves nothing."""
    stuck = clock("5 days", since="supplier.parked", fire="lapse")  # there is no such way out of that state
    play = Days(flow(tracks=(edge("park", "seen", "parked", during=("any_open",)),), stuck=stuck))
    play.do(0, "open", {}, track="acme")
    play.do(0, "park", {}, track="acme")
    assert ["5 fired stuck:acme lapse"] == play.tick(9)
    assert ([], "parked") == (play.tick(10), play.pilot.tracks["acme"].state)


def test_a_clock_of_the_pilot_moves_the_pilot() -> None:
    """A clock that is about no track fires a trigger of the pilot."""
    shut = edge("shut", "first", "closed", allow=("system",))
    play = Days(flow(shut, idle=clock("9 days", since="first", fire="shut"), quiet=NUDGES))
    assert ["9 fired idle shut", "9 moved p1 to closed"] == play.tick(40)


def test_a_trigger_fires_though_the_clock_jumped_back() -> None:
    """Where the last move lies ahead of a clock that jumped back, what is due fires on the day of that move."""
    both = track(("talking", 0), key="acme"), track(("seen", 30), key="other")
    pilot = a_pilot(tracks=both, last_move=day(30))
    now = datetime(2026, 3, 31, 9, tzinfo=UTC)
    assert ["28 fired answer:acme lapse", "30 moved acme to gone"] == told(
        caught_up(flow(answer=ANSWER), pilot, now).events
    )


# -- signals -----------------------------------------------------------------------------------------------------------


def test_a_signal_is_raised_once_an_episode() -> None:
    """A signal stays up until there is progress, which takes it away, and goes up again after the next silence."""
    play = Days(flow(quiet=NUDGES))
    assert EVERY == play.daily(0, 90)
    assert ["91 cleared quiet stalled"] == play.do(91, "speak")
    assert [] == list(play.pilot.signals)
    assert [] == play.daily(92, 98)
    assert "119 raised quiet stalled" in play.daily(99, 150)
    assert (day(119),) == tuple(up.since for up in play.pilot.signals)


def test_a_signal_ends_with_its_clock() -> None:
    """A signal goes when the pilot closes, and when what it was about has gone."""
    play = Days(flow(quiet=NUDGES))
    play.tick(30)
    assert ["31 cleared quiet stalled"] == play.do(31, "end")
    late = clock(since="supplier.talking", signal=("late", "5 days"))
    lapse = clock("9 days", since="supplier.talking", fire="lapse")
    play = Days(flow(one=late, other=lapse))
    play.do(0, "open", {}, track="acme")
    play.do(0, "talk", {}, track="acme")
    expected = ["5 raised one:acme late", "9 fired other:acme lapse", "9 moved acme to gone", "9 cleared one:acme late"]
    assert expected == play.tick(20)


HIRE = edge("hire", records=(op(add="job"),))
STAY = clock("13 weeks", per="job", remind={"lead": "92 days"}, signal=("lost", "13 weeks"))
ASKED = clock("13 weeks", per="job", signal=("unasked", "14 weeks"))


@pytest.mark.parametrize("days", [range(200), [91, 120], [120], [199]])
def test_a_signal_about_a_record_goes_when_that_is_over(days: Iterable[int]) -> None:
    """Whoever looks when, a signal is raised on its day and goes on the day on which its record is over."""
    play = Days(flow(HIRE, stay=STAY, asked=ASKED))
    play.do(0, "hire", {"start": iso(0), "end": iso(100)})
    said = [line for number in days for line in play.tick(number) if "reminded" not in line]
    raised = ["91 raised stay:job-1 lost", "98 raised asked:job-1 unasked"]
    assert {*raised, "100 cleared stay:job-1 lost", "100 cleared asked:job-1 unasked"} == set(said)
    assert ((), (None, None)) == (play.pilot.signals, schedule(play.table, play.pilot, WEEKDAYS))
    assert [] == play.tick(200)


def test_whoever_looks_knows_when_a_signal_is_to_go() -> None:
    """While a signal about a record is up, the day on which that is over is one to look on."""
    play = Days(flow(HIRE, stay=STAY))
    play.do(0, "hire", {"start": iso(0), "end": iso(100)})
    assert ["91 raised stay:job-1 lost", "92 reminded stay:job-1 lead"] == play.daily(0, 95)
    assert (day(100), day(91)) == schedule(play.table, play.pilot, WEEKDAYS)
    assert (None, None) == schedule(play.table, play.pilot, WEEKDAYS, on=day(100))


def test_what_is_over_reminds_nobody() -> None:
    """A reminder that nobody sent while its record went on is not sent after it."""
    play = Days(flow(HIRE, stay=evolve(STAY, signal=None)))
    play.do(0, "hire", {"start": iso(0), "end": iso(100)})
    assert [] == play.tick(100)


def test_a_signal_whose_clock_is_unknown_is_taken_away() -> None:
    """A signal of a clock that the workflow does not have any more goes at the next look."""
    play = Days(flow(quiet=NUDGES))
    play.tick(30)
    bare = Days(flow())
    left = CatchUp(bare.table, play.pilot, WEEKDAYS, play.now).moves()
    assert ["30 cleared quiet stalled"] == told(left.events)
    forgotten: Pilot = replace(play.pilot, told=FrozenDict())
    assert ["30 cleared quiet stalled", "28 raised quiet stalled"] == told(
        CatchUp(play.table, forgotten, WEEKDAYS, play.now).moves().events
    )


def test_progress_comes_too_late_for_what_was_due_before_it() -> None:
    """A signal that fell due before a command is raised before it, and taken away by it."""
    play = Days(flow(quiet=NUDGES))
    assert ["28 raised quiet stalled", "40 cleared quiet stalled"] == play.do(40, "speak")


def test_nothing_that_the_system_does_is_progress() -> None:
    """Reminders, signals and lapses leave the last progress of pilot and track as it was."""
    play = Days(flow(quiet=NUDGES, answer=ANSWER))
    play.do(0, "open", {}, track="acme")
    play.do(0, "talk", {}, track="acme")
    play.tick(60)
    assert (day(0), day(0)) == (play.pilot.progress, play.pilot.tracks["acme"].progress)


# -- reminders ---------------------------------------------------------------------------------------------------------


def test_what_a_command_puts_an_end_to_is_not_sent() -> None:
    """A reminder that is due is not sent where the command that meets it ends or restarts its term."""
    asked = clock(since="supplier.seen", remind={"lead": "3 days"})
    play = Days(flow(quiet=NUDGES, asked=asked))
    play.do(0, "open", {}, track="acme")
    assert [] == play.do(10, "talk", {}, track="acme")


def test_what_still_runs_after_a_command_is_sent() -> None:
    """A reminder that is due on another term goes out with the command."""
    asked = clock(since="supplier.seen", remind={"lead": "3 days"})
    play = Days(flow(asked=asked))
    play.do(0, "open", {}, track="acme")
    assert ["3 reminded asked:acme lead"] == play.do(10, "speak")


OWNED = clock(
    FieldRef("by"), per="note", remind={"who": "7 days before due, 0 days after due", "lead": "0 days after due"}
)


def test_a_group_is_reminded_in_its_roles() -> None:
    """Who is in a group is told, in the role that they have; a role that the group shares with another line once."""
    both = clock(since="progress", remind={"team": "8 days", "lead": "8 days"})
    assert ["8 reminded quiet lead watcher"] == Days(flow(quiet=both)).daily(0, 10)


def test_the_owner_of_a_record_is_told() -> None:
    """Who is named in the record is told by name, with the roles beside it; without a name the coordinator is."""
    pilot = a_pilot(record("note", 1, by=iso(20), who="ann"), record("note", 2, by=iso(20)))
    events = caught_up(flow(owned=OWNED), pilot, datetime(2026, 3, 30, 9, tzinfo=UTC)).events
    assert ["20 reminded owned:note-1 lead ann", "20 reminded owned:note-2 coordinator lead"] == told(events)
    play = Days(flow(owned=OWNED))
    play.do(0, "note", {"by": iso(20), "who": "ann"})
    assert ["13 reminded owned:note-1 ann", "20 reminded owned:note-1 lead ann"] == play.daily(1, 40)
    assert (("lead",), ("ann",)) == (play.pilot.told["owned:note-1"].roles, play.pilot.told["owned:note-1"].persons)


def test_a_duty_is_reminded_of_a_record_as_such() -> None:
    """A name that is neither a role nor a field of the record is that of a duty, whoever holds it."""
    owned = clock(FieldRef("by"), per="note", remind={"steward": "0 days after due"})
    events = caught_up(flow(owned=owned), a_pilot(record("note", 1, by=iso(20))), datetime(2026, 3, 30, 9, tzinfo=UTC))
    assert ["20 reminded owned:note-1 steward"] == told(events.events)


def test_a_snoozed_reminder_waits() -> None:
    """A snooze puts off reminders to its last day, in daily ticks and late ones; escalations come all the same."""
    play = Days(flow(quiet=NUDGES))
    assert ["8 reminded quiet lead"] == play.tick(8)
    snoozed = {"clock": "quiet", "anchor": iso(0), "done": (), "until": iso(22), "reason": "r"}
    note = play.at(9).catch_up()
    note._add("clock.snoozed", day(9), snoozed, None)  # which trigger snoozes is the workflow's business
    play.events += note.events
    assert ["21 escalated quiet board", "22 reminded quiet lead watcher"] == play.daily(9, 27)


def test_what_a_clock_tells_of_a_track_is_told_there() -> None:
    """An event of a clock is on the track that it is about, also where a field of that track holds the day."""
    dated = clock(FieldRef("by"), since="supplier.seen", remind={"lead": "0 days after due"})
    counted = clock("3 days", since="supplier.seen", remind={"lead": "3 days"})
    pilot = a_pilot(tracks=[track(("seen", 0), by=iso(3))])
    found = caught_up(flow(dated=dated, counted=counted, own=NUDGES), pilot, NOW + timedelta(days=9)).events
    assert {(None, "own"), ("acme", "dated:acme"), ("acme", "counted:acme")} == {
        (one.track, one.data["clock"]) for one in found
    }


# -- holds -------------------------------------------------------------------------------------------------------------


def test_nothing_relative_happens_on_hold() -> None:
    """A hold stops reminders and lapses; then the sign of life begins anew, and other terms have their days left."""
    play = Days(flow(quiet=NUDGES, answer=ANSWER))
    play.do(0, "open", {}, track="acme")
    play.do(0, "talk", {}, track="acme")
    assert ["8 reminded quiet lead", "14 reminded quiet lead watcher", "14 reminded answer:acme lead"] == play.daily(
        1, 20
    )
    play.do(20, "hold")
    assert [] == play.daily(20, 29)
    play.do(30, "resume")
    assert ["38 fired answer:acme lapse", "38 moved acme to gone", "38 reminded quiet lead"] == play.daily(30, 40)


def test_a_hold_of_no_day_changes_nothing() -> None:
    """A hold that ends on its first day leaves every term, and the sign of life, as they were."""
    play = Days(flow(quiet=NUDGES))
    play.do(5, "hold")
    assert [] == play.tick(5)
    play.do(5, "resume")
    assert EVERY == play.daily(5, 60)


@pytest.mark.parametrize("last", [28, 60])
def test_what_a_hold_refuses_fires_when_the_pilot_goes_on(last: int) -> None:
    """A legal term that is due during a hold which refuses its trigger fires after it, on the day that it fell due."""
    legal = clock("28 days", since="supplier.talking", fire="lapse", shifts=False)
    play = Days(flow(legal=legal))
    play.do(0, "open", {}, track="acme")
    play.do(0, "talk", {}, track="acme")
    play.do(20, "hold")
    assert (None, day(28)) == schedule(play.table, play.pilot, WEEKDAYS)  # nobody needs to look before it goes on
    assert ([], "talking") == (play.daily(last, 60), play.pilot.tracks["acme"].state)
    play.do(61, "resume")
    assert ["28 fired legal:acme lapse", "28 moved acme to gone"] == play.daily(61, 70)


def test_a_trigger_that_is_allowed_on_hold_does_not_wait() -> None:
    """What a hold does not refuse fires on its day, and so does what ends the hold."""
    legal = clock("28 days", since="supplier.talking", fire="drop", shifts=False)
    back = clock("14 days", during="paused", fire="resume", shifts=False)
    drop = edge("drop", "talking", "gone", allow=("system",), during=("any_open",), paused="allowed")
    resume = edge("resume", hold="resume", allow=("system",))
    play = Days(flow(resume, tracks=(drop,), legal=legal, back=back))
    play.do(0, "open", {}, track="acme")
    play.do(0, "talk", {}, track="acme")
    play.do(20, "hold")
    assert ["28 fired legal:acme drop", "28 moved acme to gone", "34 fired back resume"] == play.daily(20, 60)
    assert "running" == play.pilot.hold


def test_an_edge_that_a_hold_refuses_in_another_state_keeps_none_waiting() -> None:
    """Of several edges of a trigger those count that can be fired in the pilot's own state."""
    legal = clock("28 days", since="supplier.talking", fire="drop", shifts=False)
    there = edge("drop", "talking", "gone", allow=("system",), during=("second",))
    here = edge("drop", "talking", "gone", allow=("system",), during=("first",), paused="allowed")
    play = Days(flow(tracks=(there, here), legal=legal))
    play.do(0, "open", {}, track="acme")
    play.do(0, "talk", {}, track="acme")
    play.do(20, "hold")
    assert ["28 fired legal:acme drop", "28 moved acme to gone"] == play.daily(20, 40)


@pytest.mark.parametrize("tick", [(30,), (20, 30), tuple(range(31)), (30, 30)])
def test_a_closed_pilot_is_left_alone(tick: tuple[int, ...]) -> None:
    """Once closed, only clocks that go on after closing do anything."""
    after = clock("9 days", since="closed", remind={"lead": "0 days after due"}, after_closing=True)
    play = Days(flow(quiet=NUDGES, after=after))
    play.do(0, "end")
    assert ["9 reminded after lead"] == [line for number in tick for line in play.tick(number)]
