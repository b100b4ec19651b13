"""What becomes of refs: they are in Temporal's history of a run, and go with it."""

from zlib import decompress

import pytest

from proeftuin import Refused
from proeftuin_temporal import TemporalEngine
from tests.temporal import Working
from tests.unit.engines import LEAD, REF
from tests.unit.ticking import OFFICER

OTHER = "ref-planted-0002"
PLACED = {"participant": REF, "start": "2026-01-05", "kind": "training"}


def placed(engine: TemporalEngine) -> str:
    pilot = engine.start("talks", actor=LEAD, data={"title": "x"}).pilot.id
    engine.fire(pilot, "identify", actor=LEAD, track="acme")
    engine.fire(pilot, "place", actor=LEAD, track="acme", data=PLACED)
    return pilot


def began_with(working: Working, pilot: str) -> tuple[str | None, bytes]:
    """The latest run of a pilot, and what it began with."""

    async def fetched() -> tuple[str | None, bytes]:
        handle = working.client.get_workflow_handle(f"pilot:{pilot}")
        run = (await handle.describe()).run_id
        history = await working.client.get_workflow_handle(f"pilot:{pilot}", run_id=run).fetch_history()
        given = history.events[0].workflow_execution_started_event_attributes.input.payloads
        return run, decompress(given[1].data)

    return working.background.do(fetched())


def test_a_ref_is_known_until_it_is_forgotten(engine: TemporalEngine, working: Working) -> None:
    """A ref leads to its subject and back; erased, it is gone from the pilot, whose history says so and stays whole."""
    pilot = placed(engine)
    assert ("s1", REF) == (engine.subject(pilot, REF), engine.ref(pilot, "s1"))
    assert engine.erase(pilot, REF, actor=OFFICER, reason="asked for")
    assert (None, None) == (engine.subject(pilot, REF), engine.ref(pilot, "s1"))
    assert "data.erased" == list(engine.history(pilot))[-1].type
    assert not engine.erase(pilot, REF, actor=OFFICER, reason="asked for")
    assert () == engine.snapshot(pilot).verify()


def test_the_run_that_goes_on_after_erasing_never_knew(engine: TemporalEngine, working: Working) -> None:
    """A run begins with the refs that are still known, and not with the one for which it goes on."""
    pilot = placed(engine)
    engine.fire(pilot, "place", actor=LEAD, track="acme", data={**PLACED, "participant": OTHER})
    first, _ = began_with(working, pilot)
    engine.erase(pilot, REF, actor=OFFICER, reason="asked for")
    assert "talking" == engine.fire(pilot, "talk", actor=LEAD).pilot.state
    second, carried = began_with(working, pilot)
    assert first != second
    assert (False, True) == (REF.encode() in carried, OTHER.encode() in carried)
    assert 6 == len(list(engine.history(pilot)))


def test_only_the_privacy_officer_forgets_and_who_looks_is_written_down(engine: TemporalEngine) -> None:
    """Erasing is refused to anybody else; looking up gives the ref, and the history says who asked and why."""
    pilot = placed(engine)
    with pytest.raises(Refused, match="forbidden-role"):
        engine.erase(pilot, REF, actor=LEAD, reason="x")
    assert REF == engine.look_up(pilot, "s1", actor=OFFICER, reason="a complaint")
    last = list(engine.history(pilot))[-1]
    assert ("data.looked_up", OFFICER.id, "a complaint") == (last.type, last.actor, last.data["reason"])
