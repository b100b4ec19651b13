"""Snoozing: who may put off what, until when, and what then comes on which day."""

from typing import Any

import pytest

from proeftuin.core.commands import Actor
from proeftuin.core.evolve import replay
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.workflow import Clock, Edge, Field, Offset, Workflow
from tests.unit.core.days import Days, clock, iso, timed
from tests.unit.core.small import BOARD, LEAD, OTHER_SELLER, SELLER, WATCHER, edge, kind, op, opener

DATA = FrozenDict(
    clock=Field("text", required=True),
    until=Field("date", required=True),
    reason=Field("text", required=True),
    track=Field("track"),
    record=Field("record"),
)
REASON = "On leave"


def snooze(length: str = "14 days", **more: Any) -> Edge:
    amount, _, unit = length.partition(" ")
    how = Offset(int(amount), unit)  # type: ignore[arg-type]  # a unit, as the file says it
    return edge("snooze", allow=("reminded",), data=DATA, snooze=how, progress=False, **more)


TAKE_ON = edge("take_on", "any", during=("any_open",), records=(op(add="task"),))
HAND_OVER = edge(
    "hand_over", "any", during=("any_open",), data=FrozenDict(task=Field("record", record="task"), to=Field("track")),
    records=(op(end="task", by="task"), op(add="task", copy="task", track="to")),
)  # fmt: skip


def workflow(*edges: Edge, length: str = "14 days", **clocks: Clock) -> Workflow:
    duty = kind("Assignment", duty=Field("text"), person=Field("person"), until=Field("date"))
    kept = {"assignment": duty, "task": kind("Task", due=Field("date"), owner=Field("person"))}
    return timed(
        snooze(length), edge("note", records=(op(add="note"),)), edge("assign", records=(op(add="assignment"),)),
        edge("plan", records=(op(add="task"),)), *edges,
        tracks=(opener("meet", "seen"), edge("talk", "seen", "talking", during=("any_open",)), TAKE_ON, HAND_OVER),
        records=kept, **clocks,
    )  # fmt: skip


NUDGE = clock("7 days", since="progress", remind={"lead": "8 days, 14 days"}, escalate={"board": "21 days"})


def put_off(number: int, name: str = "quiet", **more: str) -> dict[str, str]:
    return {"clock": name, "until": iso(number), "reason": REASON, **more}


def test_a_reminder_comes_again_on_the_day_that_is_given() -> None:
    """The reminder that was sent comes again after the snooze, those still to come wait for it, and nothing else."""
    play = Days(workflow(quiet=NUDGE))
    assert ["8 reminded quiet lead"] == play.daily(1, 8)
    play.accept("snooze", put_off(17))
    assert ["17 reminded quiet lead", "21 escalated quiet board"] == play.daily(8, 40)


def test_a_snooze_before_the_next_reminder_leaves_it_on_its_day() -> None:
    """A reminder that is due later than the snooze ends comes on its own day."""
    play = Days(workflow(quiet=NUDGE))
    play.tick(8)
    play.accept("snooze", put_off(10))
    assert ["10 reminded quiet lead", "14 reminded quiet lead"] == play.daily(8, 20)


def test_a_snooze_is_no_progress_and_says_why() -> None:
    """A snooze is one event, with the term, the day and the reason; it restarts no clock, and replays the same."""
    play = Days(workflow(quiet=NUDGE))
    play.tick(8)
    (event,) = play.accept("snooze", put_off(17)).events
    expected = {
        "clock": "quiet", "anchor": iso(0), "done": (), "again": ("remind.lead.8 days",), "until": iso(17),
        "reason": REASON, "progress": False,
    }  # fmt: skip
    assert ("clock.snoozed", "reminded", expected) == (event.type, event.role, dict(event.data))
    assert iso(0) == play.pilot.progress.isoformat()
    assert play.pilot == replay(play.events)


@pytest.mark.parametrize(
    ("number", "problem"),
    [(8, "not-after-today"), (7, "not-after-today"), (9, None), (22, None), (23, "too-late")],
)
def test_a_snooze_is_from_tomorrow_up_to_its_longest(number: int, problem: str | None) -> None:
    """It may be put off to a day after today, at most as far ahead as the edge says."""
    play = Days(workflow(quiet=NUDGE))
    play.tick(8)
    if problem is None:
        play.accept("snooze", put_off(number))
    else:
        (blocker,) = play.refuse("snooze", put_off(number))
        assert ("bad-value", "until", problem) == (blocker.code, blocker.params["field"], blocker.params["problem"])
        assert all("{" not in blocker.text(lang) for lang in ("en", "nl"))


def test_its_length_may_be_in_working_days() -> None:
    """Fourteen days of the week may be meant, or ten on which one works."""
    play = Days(workflow(quiet=NUDGE, length="2 working_days"))
    play.tick(8)  # a Tuesday
    assert ("bad-value",) == play.codes("snooze", put_off(11))
    play.accept("snooze", put_off(10))


def test_who_was_not_told_may_not() -> None:
    """Before anything was said nobody may, and then whoever was told; somebody else's reminder is theirs."""
    play = Days(workflow(quiet=NUDGE))
    assert ("forbidden-role",) == play.codes("snooze", put_off(10))
    play.tick(8)
    assert ("forbidden-role",) == play.codes("snooze", put_off(10), by=WATCHER)
    assert ("forbidden-role",) == play.codes("snooze", put_off(10), by=BOARD)
    play.tick(21)
    play.accept("snooze", put_off(25), by=BOARD)


def test_a_term_that_has_passed_cannot_be_put_off() -> None:
    """Where the clock began anew since it told somebody, there is nothing to put off; that is said, as is a slip."""
    play = Days(workflow(quiet=NUDGE))
    play.tick(8)
    play.accept("note")
    (passed,) = play.refuse("snooze", put_off(10))
    assert ("clock", "not-running") == (passed.params["field"], passed.params["problem"])
    (slip,) = play.refuse("snooze", put_off(10, "quite"), by=WATCHER)
    assert ("clock", "not-a-choice") == (slip.params["field"], slip.params["problem"])


def test_what_is_missing_is_told() -> None:
    """A snooze without a clock or a day is refused for what is missing, to whoever was told of anything."""
    play = Days(workflow(quiet=NUDGE))
    assert ("forbidden-role",) == play.codes("snooze")
    play.tick(8)
    assert {"missing-field"} == set(play.codes("snooze", {"reason": REASON}))
    assert {"missing-field"} == set(play.codes("snooze", {"clock": "quiet"}))


def test_a_recipient_is_offered_it() -> None:
    """Among what somebody may do now stands the snooze, from the first reminder on."""
    play = Days(workflow(quiet=NUDGE))
    assert [] == [one.trigger for one in play.options() if one.trigger == "snooze"]
    play.tick(8)
    (option,) = [one for one in play.options() if one.trigger == "snooze"]
    assert option.allowed
    assert ("clock", "until", "reason", "track", "record") == tuple(option.fields)


TALK = clock("28 days", since="supplier.seen", remind={"lead": "14 days", "seller": "14 days"})


def met() -> Days:
    play = Days(workflow(answer=TALK))
    play.accept("meet", track="acme")
    play.accept("meet", track="other")
    play.tick(14)
    return play


def test_one_track_or_all() -> None:
    """With a track only its term is put off; without one, every term of the clock that told this person."""
    one = met()
    one.accept("snooze", put_off(20, "answer", track="acme"))
    assert ["20 reminded answer:acme lead seller"] == one.daily(15, 30)
    both = met()
    both.accept("snooze", put_off(20, "answer"))
    assert ["20 reminded answer:acme lead seller", "20 reminded answer:other lead seller"] == both.daily(15, 30)


def test_a_supplier_puts_off_its_own() -> None:
    """A supplier was told of its own track alone."""
    play = met()
    assert ("forbidden-role",) == play.codes("snooze", put_off(20, "answer", track="other"), by=SELLER)
    play.accept("snooze", put_off(20, "answer"), by=SELLER)
    assert ["20 reminded answer:acme lead seller"] == play.daily(15, 30)
    play.accept("snooze", put_off(40, "answer", track="other"), by=OTHER_SELLER)


def test_a_supplier_was_not_told_of_the_pilot() -> None:
    """What the pilot's own clock says to suppliers cannot be told apart by party, so none of them puts it off."""
    play = Days(workflow(quiet=clock("7 days", since="progress", remind={"seller": "8 days"})))
    play.tick(8)
    assert ("forbidden-role",) == play.codes("snooze", put_off(10), by=SELLER)


def test_a_supplier_puts_off_what_is_about_a_record_on_its_track() -> None:
    """Of a term about a record that supplier is told on whose track it is, or the record that took its place."""
    play = Days(workflow(task=clock("7 days", per="task", remind={"seller": "7 days"})))
    for track in ("acme", "other"):
        play.accept("meet", track=track)
    play.accept("take_on", {}, track="acme")
    assert ["7 reminded task:task-1 seller"] == play.tick(7)
    assert ("forbidden-role",) == play.codes("snooze", put_off(9, "task"), by=OTHER_SELLER)
    play.accept("snooze", put_off(9, "task", record="task-1"), by=SELLER)
    play.accept("hand_over", {"task": "task-1", "to": "other"}, track="acme")
    assert ("task-1", "other") == ((moved := play.pilot.kept["task"][-1]).first, moved.track)
    assert ["9 reminded task:task-1 seller"] == play.daily(8, 10)
    assert ("forbidden-role",) == play.codes("snooze", put_off(12, "task"), by=SELLER)
    play.accept("snooze", put_off(12, "task"), by=OTHER_SELLER)


def test_a_person_who_was_named_may() -> None:
    """Whoever is told as a person may put off the reminder of that record, and of no other."""
    play = Days(workflow(task=clock("7 days", per="task", remind={"owner": "0 days after due"})))
    play.accept("plan", {"owner": WATCHER.id})
    play.accept("plan", {"owner": "somebody"})
    assert ["7 reminded task:task-1 watcher-1", "7 reminded task:task-2 somebody"] == play.tick(7)
    assert ("forbidden-role",) == play.codes("snooze", put_off(9, "task", record="task-2"), by=WATCHER)
    play.accept("snooze", put_off(9, "task", record="task-1"), by=WATCHER)
    assert ["9 reminded task:task-1 watcher-1"] == play.daily(8, 20)


def test_a_duty_counts() -> None:
    """Where a clock tells a duty, whoever it is assigned to may, up to the last day of that."""
    play = Days(workflow(quiet=clock("7 days", since="progress", remind={"helper": "8 days"})))
    play.accept("assign", {"duty": "helper", "person": WATCHER.id, "until": iso(9)})
    play.tick(8)
    assert ("forbidden-role",) == play.codes("snooze", put_off(10), by=LEAD)
    play.at(9).accept("snooze", put_off(10), by=WATCHER)
    assert ("forbidden-role",) == play.at(10).codes("snooze", put_off(12), by=WATCHER)


def test_a_role_that_is_excluded_does_not_count() -> None:
    """Who acted as the lead was not told as the board, whatever roles they hold."""
    both = Actor(LEAD.id, roles={"lead", "board"})
    play = Days(workflow(quiet=clock("7 days", since="progress", remind={"board": "8 days"})))
    play.tick(8)
    assert ("forbidden-role",) == play.codes("snooze", put_off(10), by=both)
    play.accept("snooze", put_off(10), by=BOARD)


def test_who_heard_of_an_escalation_only() -> None:
    """Where no reminder was sent there is none to come again; those still to come wait."""
    play = Days(
        workflow(quiet=clock("7 days", since="progress", remind={"lead": "9 days"}, escalate={"board": "8 days"}))
    )
    play.tick(8)
    (event,) = play.accept("snooze", put_off(12), by=BOARD).events
    assert () == event.data["again"]
    assert ["12 reminded quiet lead"] == play.daily(9, 20)


def test_a_hold_stops_what_was_put_off() -> None:
    """While a pilot is on hold a reminder that was put off waits too; what no hold stops, comes on its day."""
    base = workflow(
        edge("pause", hold="pause"), edge("resume", hold="resume", paused="allowed"),
        quiet=clock("90 days", since="first", remind={"lead": "8 days"}),
        legal=clock("90 days", since="first", remind={"lead": "8 days"}, shifts=False),
    )  # fmt: skip
    play = Days(base)
    play.tick(8)
    play.accept("snooze", put_off(17))
    play.accept("snooze", put_off(17, "legal"))
    play.at(12).accept("pause")
    assert ["17 reminded legal lead"] == play.daily(12, 30)
    play.at(31).accept("resume")
    assert ["17 reminded quiet lead"] == play.daily(31, 60)
