"""Every operation, called: who may, what is answered, and that none of the engine's calls was forgotten."""

from copy import deepcopy
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # its stubs are a package of their own
import pytest
from starlette.testclient import TestClient

from proeftuin import Actor, Engine
from proeftuin.definitions import Catalogue
from proeftuin.web import Seat
from proeftuin.web.api.operations import Operation
from proeftuin.web.api.table import NOT_SERVED, OPERATIONS, openapi
from tests.unit.engines import FACILITATOR, everything
from tests.unit.test_engine_tenants import public
from tests.web.api.calls import CALLS, EVERYTHING, engine
from tests.web.api.served import client, served, with_pilots

EACH = pytest.mark.parametrize("operation", [pytest.param(one, id=one.name) for one in OPERATIONS])


def strict() -> dict[str, Any]:
    """The schemas of the document, with nothing allowed that is not in them."""
    made: dict[str, Any] = deepcopy(openapi()["components"]["schemas"])
    for one in made.values():
        one["additionalProperties"] = False
    return made


STRICT = strict()


def test_every_call_of_the_engine_is_served_or_has_a_reason() -> None:
    """Each public method of the engine has an operation, or it is said why it has none: a new one without fails."""
    served_ = {name for one in OPERATIONS for name in one.calls}
    assert public(Engine) == served_ | set(NOT_SERVED)
    assert set() == served_ & set(NOT_SERVED)


def test_every_operation_has_a_name_and_a_call_of_its_own() -> None:
    """No two operations have one name, and a new one without a call that succeeds fails."""
    names = [one.name for one in OPERATIONS]
    assert len(names) == len(set(names))
    assert set(CALLS) == set(names)


@EACH
def test_an_answer_is_what_the_document_says(operation: Operation) -> None:
    """Called as it should be, an operation succeeds, and nothing is in its answer that the document does not have."""
    asked = client(served(engine(), who=lambda _: EVERYTHING))
    answer = CALLS[operation.name](asked)
    assert operation.status == answer.status_code, answer.text
    if isinstance(operation.answers, type):
        schema = {"$ref": f"#/components/schemas/{operation.answers.__name__}", "components": {"schemas": STRICT}}
        jsonschema.validate(answer.json(), schema, jsonschema.Draft202012Validator)


def plainly(asked: TestClient, operation: Operation) -> Any:
    """The answer to an operation, called with as little as will do."""
    path = operation.path.format(pilot="p", workflow="talks", name="news").lstrip("/")
    return asked.request(operation.method, path, json=None if operation.body is None else {})


def test_without_an_actor_nothing_is_served() -> None:
    """Whoever is let in by nobody gets a problem of 401 from every operation, and no word of what is there."""
    asked = client(served(engine(), who=lambda _: None))
    answers = [plainly(asked, one) for one in OPERATIONS]
    assert {(401, "application/problem+json")} == {(one.status_code, one.headers["content-type"]) for one in answers}
    assert {"urn:proeftuin:not-signed-in"} == {one.json()["type"] for one in answers}
    assert 1 == len({one.text for one in answers})


def test_what_is_for_who_runs_the_tool_is_for_nobody_else() -> None:
    """Whatever roles an actor has, a seat that is no operator's gets 403, and nothing was done."""
    made = engine()
    asked = client(served(made, who=lambda _: Seat(EVERYTHING.actor)))
    before = everything(made._store)
    answers = [plainly(asked, one) for one in OPERATIONS if one.operator]
    assert {(403, "urn:proeftuin:operators-only")} == {(one.status_code, one.json()["type"]) for one in answers}
    assert before == everything(made._store)


@pytest.mark.parametrize("name", ["erase", "read_privacy_log", "migrate", "undo_migration", "give_pilots"])
def test_an_operator_without_the_role_is_refused(name: str) -> None:
    """Where the engine itself asks for a role, running the tool is not enough."""
    keeper = Seat(Actor("kim", roles={"lead"}), operator=True)
    answer = CALLS[name](client(served(engine(), who=lambda _: keeper)))
    assert (409, ["forbidden-role"]) == (answer.status_code, [one["code"] for one in answer.json()["blockers"]])


def test_a_seat_of_a_tenant_is_served_its_own_pilots() -> None:
    """The same application answers two tenants from one store, each of its own alone."""
    made = engine()
    there = client(served(made, who=lambda _: Seat(EVERYTHING.actor, tenant="elsewhere", operator=True)))
    assert [] == there.get("pilots").json()["items"]
    assert 404 == there.get("pilots/p").status_code
    assert 201 == there.post("pilots", json={"workflow": "talks", "data": {"title": "T"}, "id": "p"}).status_code
    assert "T" == there.get("pilots/p").json()["data"]["title"]
    assert "Catering" == made.get("p").data["title"]


def test_a_facilitator_may_begin_what_it_sees() -> None:
    """Whoever may begin a pilot is shown what came of it, as far as they see it."""
    asked = client(served(engine(), who=lambda _: Seat(FACILITATOR)))
    answer = CALLS["start_pilot"](asked)
    assert (201, "open") == (answer.status_code, answer.json()["pilot"]["state"])


def test_the_privacy_officer_looks_up_who_somebody_is() -> None:
    """Whoever answers a person that asks may know who a subject is, and sees nothing else of the pilot."""
    officer = client(served(engine(), who=lambda _: Seat(Actor("fiona", roles={"privacy_officer"}))))
    answer = CALLS["look_up"](officer)
    assert (200, str) == (answer.status_code, type(answer.json()["ref"]))
    assert 404 == officer.get("pilots/p").status_code


def test_what_only_a_clock_does_is_described_to_nobody() -> None:
    """The triggers that are described are those of people; what those sign together is among them."""
    told = client(served(with_pilots())).get("workflows/existing-contract/triggers").json()["triggers"]
    assert "lapse" in {edge.trigger for edge in Catalogue().get("existing-contract").all_edges}
    assert (False, True, True) == tuple(one in told for one in ("lapse", "sign_agreement", "add_lesson"))
