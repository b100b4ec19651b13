"""The HR tool on FastAPI, served by uvicorn and walked over HTTP."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import count
from typing import Any

import httpx2
import pytest
from attrs import evolve, field, frozen

from proeftuin import Actor, Engine
from proeftuin.cloudevent import written
from proeftuin.receiving import new_secret
from proeftuin.signing import as_secrets, signed
from proeftuin.spi import Envelope
from tests.examples.programs import Program, copied
from tests.sinks.parcels import parcel

ANNA = Actor("anna", roles={"coordinator"})
SOURCE = "urn:nld:oin:00000001823288444000:systeem:pilots"
SESSION = {
    "type": "joint_session",
    "date": "2026-01-12",
    "present": [{"person": "hanna", "role": "hr"}, {"person": "piet", "role": "procurement"}],
}


@frozen
class Tool:
    """The running tool, a client of it, and the store that it works on."""

    program: Program
    client: httpx2.Client
    engine: Engine
    keys: Iterator[int] = field(factory=count)

    def begun(self, name: str) -> str:
        """Begin a pilot, as another program on the same store may."""
        data = {"title": name, "organisation": "Voorbeeld"}
        return self.engine.start("existing-contract", actor=ANNA, data=data, id=name).pilot.id

    def options(self, pilot: str, who: str = "anna", **headers: str) -> httpx2.Response:
        return self.client.get(f"/pilots/{pilot}/options", headers={"Remote-User": who, **headers})

    def fire(self, where: str, data: Any = None, who: str = "anna", key: str = "", **headers: str) -> httpx2.Response:
        sent = {"Remote-User": who, "Idempotency-Key": key or f"key-{next(self.keys)}", **headers}
        return self.client.post(f"/pilots/{where}", json=data, headers=sent)

    def hook(self, event: Envelope, secret: str = "", more: bytes = b"") -> int:
        """Post an event as a sender does, signed with a secret; with `more` it was changed on its way."""
        headers, body = written(event, SOURCE, "structured")
        known = as_secrets(secret or self.program.environment["HR_SECRET"])
        proof = signed(known, event.id, datetime.now(UTC), body)
        return self.client.post("/hooks", content=body + more, headers={**headers, **proof}).status_code

    def news(self, pilot: str) -> list[tuple[int, str]]:
        """What the tool did with what it was told of a pilot."""
        with closing(sqlite3.connect(self.program.folder / "news.db")) as connection:
            return connection.execute("SELECT version, type FROM news WHERE pilot = ?", (pilot,)).fetchall()


@pytest.fixture(scope="module")
def tool(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tool]:
    """The tool on a port of its own; its webhook is subscribed."""
    store = f"sqlite:///{tmp_path_factory.mktemp('store') / 'hr.db'}"
    folder = tmp_path_factory.mktemp("program")
    program = copied("fastapi_hr", folder, PROEFTUIN_STORE=store, HR_SECRET=new_secret())
    program.done("proeftuin", "init")
    program.done("proeftuin", "subscribe", "hr")
    with program.served("app:app") as port, Engine.open(store) as engine:
        sinks = program.folder / "sinks.toml"
        sinks.write_text(sinks.read_text(encoding="utf-8").replace("8000", port), encoding="utf-8")
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
            yield Tool(program, client, engine)


def test_a_no_is_a_list_of_what_to_do(tool: Tool) -> None:
    """What an option lacks is told beforehand and in the refusal alike, and once that is done it can be fired."""
    pilot = tool.begun("canteen")
    (option,) = (one for one in tool.options(pilot).json() if one["trigger"] == "complete_exploration")
    refused = tool.fire(f"{pilot}/complete_exploration")
    assert (409, "application/problem+json") == (refused.status_code, refused.headers["content-type"])
    assert option["blockers"] == refused.json()["blockers"]
    assert ["log_activity", "add_evidence", "choose_route"] == [
        one["missing"][0]["trigger"] for one in option["blockers"]
    ]

    tool.fire(f"{pilot}/log_activity", SESSION)
    tool.fire(f"{pilot}/add_evidence", {"type": "inventory", "date": "2026-01-12", "reference": "DOC-1"})
    tool.fire(f"{pilot}/choose_route", {"route": "existing-contract", "rationale": "It has two years to run"})
    done = tool.fire(f"{pilot}/complete_exploration")
    assert (200, "committing", '"5"') == (done.status_code, done.json()["state"], done.headers["etag"])


CLOSED = """
import os
import app as tool
from proeftuin import Blocker, Engine

class Office:
    def before(self, moment):
        if moment.command.trigger == "add_lesson":
            return Blocker("office-closed", texts={"en": "Not in the weekend.", "nl": "Niet in het weekend."})

tool.engine = Engine.open(os.environ["PROEFTUIN_STORE"], hooks=[Office()])
app = tool.app
"""


def test_what_a_hook_says_is_told(tool: Tool) -> None:
    """A refusal by a hook of the tool, of which no option knows, reaches the user with its reason."""
    (tool.program.folder / "closed.py").write_text(CLOSED, encoding="utf-8")
    pilot = tool.begun("closed")
    with (
        tool.program.served("closed:app") as port,
        httpx2.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client,
    ):
        refused = evolve(tool, client=client).fire(f"{pilot}/add_lesson", {"text": "Coffee"})
    assert (409, "Not in the weekend.") == (refused.status_code, refused.json()["detail"])
    assert ["office-closed"] == [one["code"] for one in refused.json()["blockers"]]


def test_reasons_are_told_in_the_language_of_the_reader(tool: Tool) -> None:
    """Who reads Dutch is refused in Dutch."""
    refused = tool.fire(f"{tool.begun('dutch')}/complete_exploration", **{"Accept-Language": "nl"})
    assert "Geweigerd" == refused.json()["title"]


def test_a_request_that_is_sent_again_acts_once(tool: Tool) -> None:
    """A repeat gets the first answer, even behind its If-Match, and its key does nothing else."""
    pilot = tool.begun("repeats")
    version = tool.options(pilot).headers["etag"]
    first, again = (
        tool.fire(f"{pilot}/add_lesson", {"text": "Coffee"}, key="once", **{"If-Match": version}) for _ in range(2)
    )
    assert (False, True) == (first.json()["duplicate"], again.json()["duplicate"])
    assert '"2"' == first.headers["etag"] == again.headers["etag"] == tool.options(pilot).headers["etag"]
    other = tool.fire(f"{pilot}/add_lesson", {"text": "Tea"}, key="once")
    assert (422, "urn:proeftuin:key-reused") == (other.status_code, other.json()["type"])


def test_what_was_looked_at_is_what_is_changed(tool: Tool) -> None:
    """With a version that is no longer so in If-Match nothing is done."""
    pilot = tool.begun("conflicts")
    version = tool.options(pilot).headers["etag"]
    tool.fire(f"{pilot}/add_lesson", {"text": "Coffee"}, **{"If-Match": version})
    late = tool.fire(f"{pilot}/add_lesson", {"text": "Tea"}, **{"If-Match": version})
    assert (412, "urn:proeftuin:conflict") == (late.status_code, late.json()["type"])
    assert '"2"' == tool.options(pilot).headers["etag"]


def test_a_supplier_hears_of_its_own_affairs_alone(tool: Tool) -> None:
    """No answer to a supplier tells of another one, and to strangers there is no pilot."""
    pilot = tool.begun("suppliers")
    for supplier in ("greens", "blues"):
        tool.fire(f"{pilot}/identify?track={supplier}", {"supplier": supplier})
    assert "blues" in tool.options(pilot).text
    seen = tool.options(pilot, "sofie")
    assert {"greens", None} == {one["track"] for one in seen.json()}
    refused = tool.fire(f"{pilot}/express_willingness?track=blues", who="sofie")
    assert (409, ["unknown-track"]) == (refused.status_code, [one["code"] for one in refused.json()["blockers"]])
    nowhere = tool.fire(f"{pilot}/express_willingness?track=ghosts", who="sofie")
    assert refused.text.replace("blues", "ghosts") == nowhere.text, "it tells whether somebody has a track of that name"
    assert "blues" not in seen.text
    assert pilot in tool.client.get("/pilots", headers={"Remote-User": "sofie"}).text
    assert [] == tool.client.get("/pilots", headers={"Remote-User": "somebody"}).json()["items"]
    assert [404, 404] == [
        tool.options(pilot, "somebody").status_code,
        tool.fire(f"{pilot}/x", who="somebody").status_code,
    ]


def test_what_happened_is_delivered_and_acted_on_once(tool: Tool) -> None:
    """`proeftuin deliver` brings each event to the receiver, which acts once though all of it comes again."""
    pilot = tool.begun("delivered")
    tool.fire(f"{pilot}/add_lesson", {"text": "Coffee"})
    tool.program.done("proeftuin", "deliver", "--sinks", "sinks.toml")
    assert [(1, "pilot.started"), (2, "record.added")] == tool.news(pilot)
    tool.program.done("proeftuin", "resend", "hr", pilot, "--after", "0")
    assert "2" in tool.program.done("proeftuin", "deliver", "--sinks", "sinks.toml")
    assert [(1, "pilot.started"), (2, "record.added")] == tool.news(pilot)


def test_a_delivery_that_is_not_ours_is_refused(tool: Tool) -> None:
    """What was signed with another secret or changed on its way is not acted on, and the same event untouched is."""
    event = parcel("forged").events[0]
    assert [401, 401] == [tool.hook(event, secret=new_secret()), tool.hook(event, more=b" ")]
    assert [204, 204] == [tool.hook(event), tool.hook(event)]
    assert [(1, event.type)] == tool.news("forged")


def test_an_event_before_its_turn_waits(tool: Tool) -> None:
    """An event whose predecessor did not come is left to be sent again."""
    first, second, third = parcel("order").events[:3]
    assert [204, 409, 204, 204] == [tool.hook(one) for one in (first, third, second, third)]
    assert [1, 2, 3] == [version for version, _ in tool.news("order")]
