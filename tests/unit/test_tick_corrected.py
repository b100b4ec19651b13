from datetime import UTC, datetime, timedelta

import pytest

from proeftuin import Actor, Engine
from proeftuin.scenario import ScenarioIds, ScenarioTime

LEAD = Actor("lead-1", roles={"coordinator"})
OWNER = Actor("owner-1", roles={"client_owner"})


@pytest.mark.parametrize("every", [1, 400])
def test_a_term_whose_answer_is_corrected_away_comes_due_after_all(every: int) -> None:
    """A call after closing that turns out to be from before it ends no term, whether ticks came each day or once."""
    time = ScenarioTime(datetime(2026, 1, 5, 9, tzinfo=UTC))
    with Engine.open("memory://", time=time, ids=ScenarioIds("corrected")) as engine:
        data = {"title": "Canteen", "organisation": "Voorbeeld"}
        pilot = engine.start("existing-contract", actor=LEAD, data=data).pilot.id
        engine.fire(pilot, "add_lesson", actor=LEAD, data={"text": "Begin small"})
        engine.fire(pilot, "stop", actor=OWNER, data={"reason": "Cuts"})
        for day in range(1, 201):
            time.moment += timedelta(days=1)
            if day % every == 0:
                engine.tick()
            if day == 7:
                engine.fire(pilot, "check_in", actor=LEAD, data={"date": "2026-01-12", "mood": "going_well"})
            if day == 8:
                fields = {"date": "2025-12-04"}
                engine.fire(
                    pilot, "correct", actor=LEAD, data={"record": "check_in-1", "fields": fields, "reason": "A slip"}
                )
        engine.tick()
        assert ["follow_up_call"] == [one.signal for one in engine.get(pilot).signals]
        raised = [event for event in engine.history(pilot) if event.type == "signal.raised"]
        assert ["2026-04-05"] == [str(event.on) for event in raised]
