from datetime import timedelta
from typing import Any

import pytest
from attrs import evolve
from temporalio.exceptions import TimeoutError as NoTime
from temporalio.exceptions import TimeoutType

from proeftuin.spi import Timing, replace
from proeftuin_temporal import TemporalEngine
from proeftuin_temporal._life import Carried, carry
from proeftuin_temporal._workflow import Pilot
from tests.temporal import SkippedTime
from tests.unit.ticking import LEAD

Skipped = tuple[TemporalEngine, SkippedTime]


def begun(engine: TemporalEngine, **options: Any) -> str:
    return engine.start("terms", actor=LEAD, data={"title": "x"}, **options).pilot.id


def test_clocks_act_by_themselves_on_the_day(skipped: Skipped) -> None:
    """Reminders, an escalation, a signal and a lapse come on their days, each once, with nobody calling."""
    engine, time = skipped
    pilot = begun(engine)
    engine.fire(pilot, "identify", actor=LEAD, track="acme")
    asked = engine.fire(pilot, "ask", actor=LEAD, track="acme").events[0].on
    time.skip(timedelta(days=40))
    told = [(one.type, one.data.get("clock"), (one.on - asked).days) for one in engine.history(pilot, after=3)]
    assert [
        ("clock.reminded", "check_in", 8),
        ("clock.reminded", "check_in", 14),
        ("clock.reminded", "answer:acme", 14),
        ("clock.escalated", "check_in", 21),
        ("clock.fired", "answer:acme", 28),
        ("track.moved", None, 28),
        ("signal.raised", "check_in", 28),
    ] == told


def test_a_term_that_is_put_off_does_nothing_on_its_old_day(skipped: Skipped) -> None:
    """A sign of life on the seventh day moves the reminder; the timer of the old day finds nothing to do."""
    engine, time = skipped
    pilot = begun(engine)
    time.skip(timedelta(days=7))
    noted = engine.fire(pilot, "note", actor=LEAD, data={"text": "x"}).events[0].on
    time.skip(timedelta(days=7))
    assert ["pilot.started", "record.added"] == [one.type for one in engine.history(pilot)]
    time.skip(timedelta(days=2))
    (reminded,) = engine.history(pilot, after=2)
    assert ("clock.reminded", 8) == (reminded.type, (reminded.on - noted).days)


def test_a_decision_for_which_no_worker_has_time_is_made_later(
    skipped: Skipped, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a term comes and the time for deciding it runs out, the pilot lives on, and it is decided when one has."""
    engine, time = skipped
    pilot, late, real = begun(engine), list[int](), Pilot._decided

    async def decided(self: Pilot, call: dict[str, Any]) -> Any:
        if call == {"do": "tick"} and not late:
            late.append(1)
            raise NoTime("Activity timed out", type=TimeoutType.SCHEDULE_TO_CLOSE, last_heartbeat_details=[])
        return await real(self, call)

    monkeypatch.setattr(Pilot, "_decided", decided)
    time.skip(timedelta(days=9))
    time.skip(timedelta(minutes=1))
    assert [1] == late
    assert ["clock.reminded"] == [one.type for one in engine.history(pilot, after=1)]


def test_who_sleeps_by_older_rules_counts_anew_when_told_to(skipped: Skipped, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pilot whose term comes sooner by the worker's rules than by older ones sleeps on, unless it counts anew."""

    def older(*given: Any) -> Carried:
        pilot = carry(*given)
        due = pilot.head.timing.due
        assert due is not None
        return evolve(pilot, head=replace(pilot.head, timing=Timing(due + timedelta(days=60), None, "weekdays-1")))

    engine, time = skipped
    monkeypatch.setattr("proeftuin_temporal._engine.carry", older)
    asleep, told = begun(engine), begun(engine)
    engine.recount(told)
    engine.recount(told)
    time.skip(timedelta(days=9))
    happened = [[one.type for one in engine.history(pilot, after=1)] for pilot in (asleep, told)]
    assert [[], ["clock.reminded"]] == happened
    engine.recount(asleep)
    assert ["clock.reminded"] == [one.type for one in engine.history(asleep, after=1)]
