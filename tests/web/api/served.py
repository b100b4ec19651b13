"""An application with some pilots in it, as the tests of the API call it."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.testclient import TestClient

from proeftuin import Actor, Engine
from proeftuin.web import Limits, Seat, app

BASE = "http://testserver/api/v1/"
FREE = Limits(burst=1_000_000, minute=60_000_000)
"""So much that no test is ever told to wait."""
PEOPLE: Mapping[str, Seat] = {
    "anna": Seat(Actor("anna", roles={"coordinator", "contract_manager", "client_owner"})),
    "board": Seat(Actor("bo", roles={"board"})),
    "sofie": Seat(Actor("sofie", roles={"supplier_lead"}, party="greens")),
    "tom": Seat(Actor("tom", roles={"supplier_lead"}, party="blues")),
    "monitor": Seat(Actor("mo", roles={"monitor"})),
    "keeper": Seat(Actor("kim", roles={"coordinator", "privacy_officer", "workflow_manager"}), operator=True),
}
DATA = {"title": "Canteen", "organisation": "Voorbeeld"}


class Clock:
    """A time that a test moves on."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 2, 9, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def on(self, **later: float) -> None:
        self.at += timedelta(**later)


def authorize(request: Request) -> Seat | None:
    """Whoever the header says, where there is such a person."""
    return PEOPLE.get(request.headers.get("x-user", ""))


def served(engine: Engine, *, who: Callable[[Request], Seat | None] = authorize) -> Starlette:
    return app(engine, authorize=who, limits=FREE)


def client(made: Starlette, who: str | None = "anna", **headers: str) -> TestClient:
    """Somebody who calls; None for a stranger."""
    told = headers if who is None else {"x-user": who, **headers}
    return TestClient(made, base_url=BASE, headers=told, raise_server_exceptions=True)


def engine(**options: Any) -> Engine:
    return Engine.open("memory://", time=options.pop("time", None) or Clock(), **options)


def with_pilots() -> Engine:
    """An engine with a pilot on which two suppliers have a track each, and one that has just begun."""
    made = engine()
    anna = PEOPLE["anna"].actor
    made.start("existing-contract", actor=anna, data=DATA, id="one", ref="r-1")
    made.start("existing-contract", actor=anna, data={**DATA, "title": "Gardens"}, id="a/b")
    for name in ("sofie", "tom"):
        actor = PEOPLE[name].actor
        made.fire("one", "propose", actor=actor, track=actor.party, data={"supplier": f"{actor.party} ltd"})
    return made
