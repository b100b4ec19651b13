"""A board to test: an engine with a pilot or two, people known by a header, and forms filled in as a browser would."""

import re
from collections.abc import Mapping
from functools import cache, partial
from html import unescape
from itertools import islice
from typing import Any

from starlette.requests import Request
from starlette.testclient import TestClient

from proeftuin import Actor, Engine, Workflow
from proeftuin.definitions import Catalogue, scenario_folder
from proeftuin.scenario import Player, load_scenario
from proeftuin.web import Limits, app

LEAD = Actor("lead", roles={"coordinator"})
OWNER = Actor("owner", roles={"client_owner"})
ACME = Actor("anna", roles={"supplier_lead"}, party="acme")
STORY = load_scenario(scenario_folder() / "dji-sodexo.yaml")
PEOPLE = {one.id: one for one in (LEAD, OWNER, ACME, *STORY.actors.values())}
BEGIN = {"title": "Catering", "organisation": "DJI", "origin": "supplier"}
FORM = "application/x-www-form-urlencoded"
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


def authorize(request: Request) -> Actor | None:
    return PEOPLE.get(request.headers.get("remote-user", ""))


@cache
def flow() -> Workflow:
    """The workflow that the pilot follows, read once."""
    return Catalogue().get("existing-contract")


def engine() -> Engine:
    """An engine with one pilot that is exploring, `canteen`."""
    made = Engine.open("memory://", workflows=[flow()])
    made.start("existing-contract", actor=LEAD, data=BEGIN, id="canteen")
    return made


def midway(number: int) -> Engine:
    """The first story, played as far as a step; its pilot is `dji-sodexo-1`, and its people sign in by their ids."""
    player = Player(STORY, partial(Engine.open, "memory://"))
    assert all(one.ok for one in islice(player.run(), number))
    return player.engine


def client(on: Engine, who: str = "lead", limits: Limits | None = None) -> TestClient:
    """Somebody who reads Dutch."""
    headers = {"remote-user": who, "accept-language": "nl-NL,nl;q=0.9,en;q=0.5"}
    return TestClient(app(on, authorize=authorize, limits=limits), headers=headers, follow_redirects=False)


def hidden(page: str) -> dict[str, str]:
    """What a form carries unseen."""
    return {name: unescape(value) for name, value in _HIDDEN.findall(page)}


def filled(visitor: TestClient, where: str, data: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Open a form, and fill it in: the address that it is sent to, and what is sent."""
    page = visitor.get(where).text
    action = unescape(re.findall(r'<form class="act" method="post" action="([^"]+)"', page)[0])
    return action, {**hidden(page), **{f"d.{name}": value for name, value in data.items()}}


def sent(visitor: TestClient, where: str, data: Mapping[str, Any]) -> Any:
    """Open a form, fill it in, and send it."""
    action, fields = filled(visitor, where, data)
    return visitor.post(action, data=fields)
