"""A call of every operation that succeeds, by who may do everything; each on an engine of its own."""

from collections.abc import Callable, Mapping
from typing import Any

from starlette.testclient import TestClient

from proeftuin import Actor, Engine, load_workflow
from proeftuin.web import Seat
from tests.unit.engines import DATA, FLOW, LEAD, REF, TODAY
from tests.unit.engines import engine as opened

FLOWS = (load_workflow(FLOW), load_workflow(FLOW.replace("version: 1", "version: 2")))
EVERYTHING = Seat(Actor("kim", roles={"lead", "board", "privacy_officer", "workflow_manager"}), operator=True)
"""Who may do everything."""


def engine() -> Engine:
    """Two pilots under the first of two versions; in the one somebody was placed."""
    made = opened(workflows=FLOWS)
    for name in ("p", "q"):
        made.start("talks@1", actor=LEAD, data=DATA, id=name)
        made.fire(name, "identify", actor=LEAD, track="acme")
    place = {"participant": REF, "start": TODAY, "kind": "training"}
    made.fire("p", "place", actor=LEAD, track="acme", data=place)
    return made


Call = Callable[[TestClient], Any]
PLAN = {"workflow": "talks@1", "to_version": 2}
WHY = {"reason": "new rules"}


def _lines(answer: Any) -> list[str]:
    lines: list[str] = answer.text.splitlines(keepends=True)
    return lines


def _whole(asked: TestClient) -> list[str]:
    """The lines of whole pilots."""
    return _lines(asked.post("transfer/export", json={}))


def _subscribed(asked: TestClient) -> TestClient:
    asked.put("subscriptions/news", json={"start": "beginning"})
    return asked


def _moved(asked: TestClient) -> TestClient:
    asked.post("migrations", json={**PLAN, **WHY})
    return asked


NOTE = {"trigger": "note", "data": {"text": "x"}}

CALLS: Mapping[str, Call] = {
    "find_pilots": lambda asked: asked.get("pilots", params={"limit": 1}),
    "start_pilot": lambda asked: asked.post("pilots", json={"workflow": "talks", "data": {"title": "T"}}),
    "get_pilot": lambda asked: asked.get("pilots/p"),
    "get_history": lambda asked: asked.get("pilots/p/history", params={"limit": 2}),
    "get_chain": lambda asked: asked.get("pilots/p/chain"),
    "get_options": lambda asked: asked.get("pilots/p/options", params={"all": True}),
    "explain_command": lambda asked: asked.post("pilots/p/explain", json={"trigger": "finish"}),
    "fire_command": lambda asked: asked.post("pilots/p/commands", json=NOTE),
    "fire_batch": lambda asked: asked.post("pilots/p/batch", json={"commands": [NOTE, NOTE]}),
    "fire_many": lambda asked: asked.post("commands", json={"commands": [{"pilot": one, **NOTE} for one in "pq"]}),
    "count_pilots": lambda asked: asked.get("counts"),
    "export_pilots": lambda asked: asked.get("export"),
    "get_agenda": lambda asked: asked.get("agenda", params={"days": 1000}),
    "get_deadlines": lambda asked: asked.get("deadlines", params={"pilot": ["p", "q"], "limit": 3}),
    "get_metrics": lambda asked: asked.get("metrics", params={"name": ["persons_placed", "stage_funnel"]}),
    "get_portfolio": lambda asked: asked.get("portfolio"),
    "list_workflows": lambda asked: asked.get("workflows"),
    "get_workflow": lambda asked: asked.get("workflows/talks@1"),
    "get_triggers": lambda asked: asked.get("workflows/talks/triggers"),
    "look_up": lambda asked: asked.post("pilots/p/lookups", json={"subject": "s1", "reason": "asked"}),
    "read_privacy_log": lambda asked: (CALLS["look_up"](asked), asked.get("privacy-log"))[1],
    "get_subject": lambda asked: asked.post("pilots/p/subject", json={"ref": REF}),
    "erase": lambda asked: asked.post("erasures", json={"ref": REF, "reason": "asked"}),
    "tick": lambda asked: asked.post("tick", json={}),
    "list_due": lambda asked: asked.get("due", params={"limit": 10}),
    "verify": lambda asked: asked.post("verify", json={"against": _lines(asked.get("checkpoint"))}),
    "examine": lambda asked: asked.get("doctor"),
    "give_checkpoint": lambda asked: asked.get("checkpoint"),
    "list_tenants": lambda asked: asked.get("tenants"),
    "list_notices": lambda asked: asked.get("notices", params={"day": "2026-03-30"}),
    "list_subscriptions": lambda asked: _subscribed(asked).get("subscriptions"),
    "subscribe": lambda asked: asked.put("subscriptions/news", json={"types": ["pilot.started"]}),
    "unsubscribe": lambda asked: _subscribed(asked).delete("subscriptions/news"),
    "list_lanes": lambda asked: _subscribed(asked).get("subscriptions/news/lanes"),
    "get_lag": lambda asked: _subscribed(asked).get("subscriptions/news/lag"),
    "resend": lambda asked: _subscribed(asked).post("subscriptions/news/resend", json={"pilot": "p", "after": 0}),
    "plan_migration": lambda asked: asked.post("migrations/plan", json=PLAN),
    "migrate": lambda asked: asked.post("migrations", json={**PLAN, **WHY}),
    "undo_migration": lambda asked: _moved(asked).post("migrations/undo", json={**PLAN, **WHY, "pilots": ["p"]}),
    "give_pilots": lambda asked: asked.post("transfer/export", json={"personal": True, "reason": "moved"}),
    "bring_pilots": lambda asked: asked.post("transfer/import", json={"lines": _whole(asked), "dry_run": True}),
    "get_openapi": lambda asked: asked.get("openapi.json"),
    "get_workflow_schema": lambda asked: asked.get("workflow.schema.json"),
}  # fmt: skip
