import json
import logging
from typing import Any

import pytest

from proeftuin import Actor, Command, Fire, ProeftuinError
from proeftuin.spi import Before, NotDelivered, Parcel
from proeftuin_otel import observe
from tests.telemetry import Told
from tests.unit.engines import engine

MARK = "planted"
LEAD = Actor(f"{MARK}-lead", roles={"lead"})
SELLER = Actor(f"{MARK}-seller", roles={"seller"}, party=f"{MARK}-party")
TRACK = f"{MARK}-party"
STRANGE: list[dict[str, Any]] = [
    {"pilot_id": f"{MARK}-pilot", "trigger": "talk"},
    {"trigger": f"{MARK}-trigger"},
    {"trigger": "talk", "data": {f"{MARK}-field": MARK}},
    {"trigger": "note", "data": {"text": "x", "mood": MARK}},
    {"trigger": "remark", "track": f"{MARK}-track", "data": {"text": MARK}},
    {"trigger": "talk", "key": ""},
    {"trigger": "details", "data": {"sector": MARK}, "key": f"{MARK}-key"},
    {"trigger": "talk", "expect": 7, "key": f"{MARK}-used"},
    {"trigger": "talk", "key": f"{MARK}-once"},
]


class Host:
    """A hook that fails with words that are no one's business."""

    def before(self, moment: Before) -> None:
        if moment.command.trigger == "details":
            raise ValueError(MARK)


class Sink:
    """A sink that fails with such words."""

    times = 0

    def send(self, parcel: Parcel) -> None:
        self.times += 1
        if self.times < 3:
            raise NotDelivered(MARK) if self.times == 1 else ValueError(MARK)


def test_nothing_personal_is_told(told: Told, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever people are called, write, send or make up, no span, link, figure or log has a word of it."""
    on = engine(hooks=[told.commands(), Host()])
    observe(on, meter_provider=told.meters)
    on.subscribe("hr")
    caplog.set_level(logging.DEBUG)
    facts = {"title": MARK, "organisation": MARK, "programme": MARK}
    on.start("talks", actor=LEAD, data=facts, id="p", ref=f"{MARK}-ref", key=f"{MARK}-begin")
    on.fire("p", "identify", actor=LEAD, track=TRACK)
    place = {"participant": f"{MARK}@example.org", "start": "2026-03-02", "kind": "training"}
    for ref in (f"{MARK}-participant", f"{MARK}@example.org"):
        on.fire_many([Fire("p", "place", SELLER, {**place, "participant": ref}, track=TRACK)])
    on.fire("p", "agree", actor=SELLER, track=TRACK, data={"terms": MARK})
    on.batch("p", [Command("note", {"text": MARK})], actor=LEAD, key=f"{MARK}-once")
    for one in STRANGE:
        with pytest.raises((ProeftuinError, ValueError)):
            on.fire(**{"pilot_id": "p", "actor": LEAD, **one})
    sink = told.traced(Sink())
    for _ in range(3):
        on.resend("hr", "p")
        on.deliver({"hr": sink})
    on.tick()
    spans = [json.loads(one.to_json()) for one in told.exporter.get_finished_spans()]
    data = told.reader.get_metrics_data()
    assert data is not None
    figures = data.to_json()
    assert len(spans) > 20
    assert "proeftuin.refusals" in figures
    assert MARK not in json.dumps(spans)
    assert MARK not in figures
    assert MARK not in repr([vars(one) for one in caplog.records if one.name.startswith("opentelemetry")])
