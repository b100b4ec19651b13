"""What of the terms of a pilot a store is told, and when a command looks at them."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from proeftuin import Actor, BadArgument, Dated, Engine, load_workflow, timekeeping
from proeftuin.calendars import Netherlands
from proeftuin.core.calendar import Weekdays
from proeftuin.core.settings import Settings
from proeftuin.core.table import compile_workflow
from proeftuin.definitions import bundled_files
from proeftuin.spi import UNTIMED, Timing
from proeftuin.storage import open_store
from proeftuin.timekeeping import TERMS, Timekeeper
from tests.unit import engines, ticking
from tests.unit.ticking import FLOW, LEAD, Play, day, moment

ROOT = Path(__file__).parents[2]
TABLE = compile_workflow(ticking.TERMS)
NO_CLOCKS = compile_workflow(engines.engine().workflow("talks"))
PLAIN = Timekeeper(None, Settings())
FORGETS = Timekeeper(None, Settings(), forgets=True)
DUTCH = Netherlands()


@pytest.fixture
def play() -> Play:
    return Play(open_store("memory://"))


def starts(number: int) -> datetime:
    """The instant at which a day begins in the zone of the workflow."""
    return moment(number, 0).astimezone(UTC)


def test_a_day_begins_when_it_does_in_the_zone_of_the_workflow(play: Play) -> None:
    """What is due on a day is due from midnight there, in summer an hour earlier by UTC than in winter."""
    pilot = play.start()
    assert Timing(
        datetime(2026, 3, 9, 23, tzinfo=UTC), datetime(2026, 3, 8, 23, tzinfo=UTC), FORGETS.mark(TABLE)
    ) == play.timing(pilot)
    summer = play.on(30).start("terms", actor=LEAD, data={}).pilot.id
    assert datetime(2026, 4, 8, 22, tzinfo=UTC) == play.timing(summer).due


@pytest.mark.parametrize("zone", ["Europe/Amsterdam", "Pacific/Auckland", "America/New_York"])
@pytest.mark.parametrize("end", [date.min, date.max])
def test_the_ends_of_time_are_days_too(zone: str, end: date) -> None:
    """A goal that was due on the first day of all is overdue, one of the last day is not, in every zone."""
    text = bundled_files()["existing-contract", 1].read_text(encoding="utf-8")
    workflow = load_workflow(text.replace("timezone: Europe/Amsterdam", f"timezone: {zone}"))
    with Engine.open("memory://", workflows=[workflow], time=SimpleNamespace(now=lambda: moment(0))) as engine:
        lead = Actor("lead-1", roles={"coordinator"})
        pilot = engine.start(
            "existing-contract", actor=lead, data={"title": "Catering", "organisation": "DJI"}
        ).pilot.id
        goal = {"kind": "short", "text": "Two met", "due": end}
        engine.fire(pilot, "set_goal", actor=lead, data=goal)
        past = end < day(0)
        assert [pilot][:past] == [one.id for one in engine.find(overdue=True).items]
        assert past == engine.tick().done
        assert [end][:past] == [one.on for one in engine.history(pilot) if one.type == "clock.reminded"]
        assert () == engine.verify()


def test_two_workflows_in_two_zones_are_due_at_two_instants(play: Play) -> None:
    """The same day begins eleven hours earlier in Auckland, and a tick between the two instants does the one alone."""
    here, there = play.start(), play.start("abroad")
    due = play.timing(here).due, play.timing(there).due
    assert due[0] is not None
    assert due[1] is not None
    assert timedelta(hours=12) == due[0] - due[1]
    play.clock.at = due[1]
    assert (1, [], ["reminded check_in"]) == (
        play.engine.tick().done,
        play.told(here),
        [one for one, _ in play.told(there)],
    )


def test_what_only_puts_a_term_off_leaves_the_timing_alone(play: Play) -> None:
    """A sign of life restarts a term, and the store keeps the earlier day, which is not later than the truth."""
    pilot = play.start()
    before = play.timing(pilot)
    play.on(3).fire(pilot, "note", actor=LEAD, data={"text": "x"})
    assert before == play.timing(pilot)


def test_a_term_that_begins_is_told_at_once(play: Play) -> None:
    """What sets a clock going, or brings a day nearer, is in the timing of its own commit."""
    pilot = play.start()
    play.on(6).fire(pilot, "note", actor=LEAD, data={"text": "x"})
    play.on(10).fire(pilot, "talk", actor=LEAD)
    assert (starts(18), starts(17)) == (play.timing(pilot).due, play.timing(pilot).overdue)


def test_what_was_done_and_begins_anew_is_told_at_once() -> None:
    """Where a sign of life was asked for before it was due, the next one that is to be asked for is known at once."""
    ahead = FLOW.replace("due: 7 days", "due: 30 days").replace("    escalate: {board: 21 days}\n", "")
    ahead = ahead.replace("    signal: {stalled: 28 days, tell: [facilitator]}\n", "")
    play = Play(open_store("memory://"), options={"workflows": [load_workflow(ahead)]})
    pilot = play.start()
    for number in range(16):
        play.tick(number)
    assert (None, starts(30)) == (play.timing(pilot).due, play.timing(pilot).overdue)
    play.on(16).fire(pilot, "note", actor=LEAD, data={"text": "x"})
    assert (starts(24), starts(30)) == (play.timing(pilot).due, play.timing(pilot).overdue)
    for number in range(17, 40):
        play.tick(number)
    assert [("reminded check_in", 8 + 16 * late + 6 * again) for late in (0, 1) for again in (0, 1)] == play.told(pilot)


def test_an_earlier_day_that_lies_ahead_is_kept(play: Play) -> None:
    """A commit that sets a clock going keeps the earlier day that is stored, as long as that has not come."""
    pilot = play.start()
    before = play.timing(pilot)
    play.on(3).fire(pilot, "talk", actor=LEAD)
    assert before == play.timing(pilot)


def test_a_closed_pilot_is_never_due(play: Play) -> None:
    """Once no term runs any more there is no day on which to look."""
    pilot = play.start()
    play.on(8).fire(pilot, "finish", actor=LEAD)
    assert Timing(None, None, FORGETS.mark(TABLE)) == play.timing(pilot)


def test_a_workflow_without_clocks_is_never_late() -> None:
    """Where nothing can be due, no timing makes a command look for it."""
    assert not PLAIN.late(NO_CLOCKS, UNTIMED, moment(0))
    assert not PLAIN.late(NO_CLOCKS, Timing(moment(0), None, "other"), moment(99))


def test_something_may_be_due_where_the_day_has_come_or_nobody_counted() -> None:
    """A command looks where the stored day has come, where there is none that counts, and nowhere else."""
    at = moment(5)
    assert not PLAIN.late(TABLE, Timing(at, None, PLAIN.mark(TABLE)), at - timedelta(microseconds=1))
    assert not PLAIN.late(TABLE, Timing(None, at, PLAIN.mark(TABLE)), at + timedelta(days=9))
    assert PLAIN.late(TABLE, Timing(at, None, PLAIN.mark(TABLE)), at)
    assert PLAIN.late(TABLE, UNTIMED, at)
    assert PLAIN.late(TABLE, Timing(None, None, "nl-x"), at)


def test_days_are_marked_with_the_calendar_that_counted_them() -> None:
    """A timing names the calendar only where working days are counted, and tells the host's from the workflow's own."""
    given = Timekeeper(DUTCH, Settings())
    none, dutch = f"-{TERMS}", f"{DUTCH.fingerprint}-{TERMS}"
    assert (f"weekdays-{TERMS}", none) == (PLAIN.mark(TABLE), PLAIN.mark(NO_CLOCKS))
    assert (f"={dutch}", none) == (given.mark(TABLE), given.mark(NO_CLOCKS))
    assert (none, f"weekdays-{TERMS}", dutch) == PLAIN.marks()
    assert (none, f"={dutch}") == given.marks()
    assert {none} == {*PLAIN.marks()} & {*Timekeeper(Weekdays(), Settings()).marks()}


def test_what_other_rules_counted_is_counted_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """No mark of the rules by which terms were counted before is one of today."""
    today, counted = {*FORGETS.marks()}, PLAIN.mark(TABLE)
    monkeypatch.setattr(timekeeping, "TERMS", TERMS - 1)
    assert set() == today & {*FORGETS.marks()}
    assert not PLAIN.counted(TABLE, Timing(calendar=counted))


def test_days_are_marked_with_the_months_for_which_participants_are_known() -> None:
    """Where a store can forget, other months are another mark, but only of workflows that know participants."""
    longer = Timekeeper(None, Settings({"retention_months": [Dated("36", date(2015, 1, 1), "ours")]}), forgets=True)
    assert FORGETS.mark(TABLE).startswith(f"weekdays-{TERMS}+")
    assert 3 == len({PLAIN.mark(TABLE), FORGETS.mark(TABLE), longer.mark(TABLE)})
    assert {FORGETS.mark(NO_CLOCKS), FORGETS.mark(TABLE), *PLAIN.marks()} <= set(FORGETS.marks())
    assert {*PLAIN.marks()} == {*FORGETS.marks()} & {*longer.marks()}
    assert f"-{TERMS}" == FORGETS.mark(compile_workflow(load_workflow(ROOT / "tests" / "data" / "lots.yaml")))
    assert 64 >= max(map(len, Timekeeper(Longest(), Settings(), forgets=True).marks()))  # as long as a store takes


class Longest:
    """The calendar with the longest fingerprint."""

    fingerprint = "x" * 53

    def works(self, day: date) -> bool:
        return day.weekday() < 5


BAD: list[Any] = [
    "nl",
    SimpleNamespace(fingerprint="x"),
    SimpleNamespace(works=lambda _: True),
    SimpleNamespace(works=lambda _: True, fingerprint=""),
    SimpleNamespace(works=lambda _: True, fingerprint="x" * 56),
    SimpleNamespace(works=lambda _: True, fingerprint=7),
    SimpleNamespace(works=True, fingerprint="x"),
]


@pytest.mark.parametrize("calendar", BAD)
def test_what_is_no_calendar_is_refused_when_the_engine_is_made(calendar: Any) -> None:
    """A calendar answers for days and has a word for itself, or there is no engine."""
    with pytest.raises(BadArgument, match="calendar"):
        Engine.open("memory://", calendar=calendar)


def test_a_calendar_of_the_host_counts_for_every_workflow() -> None:
    """What the host gives replaces what a workflow names, and moves the terms of working days alone."""
    closed = Play(open_store("memory://"), calendar=Netherlands(closures=[day(4), day(7)]))
    open_ = Play(open_store("memory://"))
    found = []
    for play in (open_, closed):
        pilot = play.start()
        play.engine.fire(pilot, "talk", actor=LEAD)
        play.tick(60)
        found.append(dict(play.told(pilot)))
    assert ({"raised review": 16, "reminded review": 14}) == {
        name: on for name, on in found[0].items() if "review" in name
    }
    assert ({"raised review": 18, "reminded review": 16}) == {
        name: on for name, on in found[1].items() if "review" in name
    }
    assert 28 == found[0]["raised check_in"] == found[1]["raised check_in"]
