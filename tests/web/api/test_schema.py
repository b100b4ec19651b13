"""What the document promises is what is answered: schemathesis asks what it allows, and what it does not."""

import re
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # its stubs are a package of their own
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core.parameters import ParameterLocation
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from proeftuin.web.api.given import tag, tags
from proeftuin.web.api.openapi import TAGS, document
from proeftuin.web.api.table import OPERATIONS, openapi
from tests.scale import RELEASE
from tests.web.api.served import PEOPLE, client, served, with_pilots

EXAMPLES = 200 if RELEASE else 5
SEEDS: Mapping[str, list[Any]] = {
    "pilot": ["one", "a/b", "nope"],
    "track": ["greens", "blues"],
    "workflow": ["existing-contract", "existing-contract@1", "tender"],
    "trigger": ["add_lesson", "complete_exploration", "open_supplier_talks", "propose", "pause", "assign"],
    "name": ["news", "places_agreed"],
    "data": [{"text": "Begin small"}, {"title": "T", "organisation": "O"}, {"supplier": "Greens"}],
}
"""What is there to be found; a text that is made up is seldom the id of a pilot."""
LABELS = [f"{one.method} {one.path}" for one in OPERATIONS]


def seeded() -> dict[str, Any]:
    """The document, in which a name may be one of something that is there."""
    doc: dict[str, Any] = deepcopy(dict(openapi()))
    for operation in (one for path in doc["paths"].values() for one in path.values()):
        for one in operation["parameters"]:
            one["schema"] = _with_seeds(one["name"], one["schema"])
    for operation in OPERATIONS:
        if operation.body is not None:
            made = doc["components"]["schemas"][operation.body.__name__]
            made["properties"] = {name: _with_seeds(name, one) for name, one in made["properties"].items()}
    return doc


def _with_seeds(name: str, schema: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"anyOf": [{"enum": SEEDS[name]}, schema]} if name in SEEDS else schema


@pytest.mark.parametrize("label", LABELS)
def test_no_answer_is_undocumented(label: str) -> None:
    """Asked what its document allows and what it forbids, an operation answers as it says, and never fails."""
    schema = schemathesis.openapi.from_dict(seeded())
    schema.app = served(with_pilots(), who=lambda _: PEOPLE["keeper"])
    found = [one.ok() for one in schema.get_all_operations() if isinstance(one, Ok)]
    operation = next(one for one in found if one.label == label)
    positive, negative = schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE
    cases = operation.as_strategy(generation_mode=positive) | operation.as_strategy(generation_mode=negative)

    @settings(
        max_examples=EXAMPLES,
        phases=[Phase.generate],
        database=None,
        derandomize=not RELEASE,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def asked(case: schemathesis.Case[Any]) -> None:
        # A schema does not say all: a workflow's name may be that of none, and a filter may go with no id.
        wrong = {where for where, one in case.meta.components.items() if one.mode.is_negative} if case.meta else set()
        # Whatever stands in a path is sent as text, and any text may be a name: no path is wrong by its schema.
        more = [negative_data_rejection] if wrong == {ParameterLocation.PATH} else []
        case.call_and_validate(excluded_checks=[positive_data_acceptance, *more])

    asked()


def test_an_etag_may_be_sent_back() -> None:
    """The tag of a pilot, with what of it is shown or without, alone or among others, is what the document allows."""
    allowed = re.compile(TAGS["pattern"])
    for one in (tag(7), tag(7, b"{}"), f"W/{tag(7)}", f"{tag(7)}, {tag(8, b'')}", "*"):
        assert allowed.search(one)
        assert tags(one) is not None
    assert not allowed.search("7")


def test_the_document_is_one_of_openapi() -> None:
    """Every schema in it is a JSON Schema of 2020-12, and every reference leads somewhere."""
    made = openapi()["components"]["schemas"]
    for one in made.values():
        jsonschema.Draft202012Validator.check_schema(one)
    text = repr(openapi())
    assert [] == [name for name in _refs(openapi()) if name not in made]
    assert "3.1.0" == openapi()["openapi"]
    assert "->" not in text


def _refs(value: object) -> list[str]:
    if isinstance(value, Mapping):
        own = [str(value["$ref"]).rpartition("/")[2]] if "$ref" in value else []
        return own + [name for one in value.values() for name in _refs(one)]
    return [name for one in value for name in _refs(one)] if isinstance(value, list) else []


def test_the_document_is_served_for_where_it_stands() -> None:
    """Its address is the one below which it was asked for, and the rest is the same everywhere."""
    found = client(served(with_pilots())).get("openapi.json").json()
    assert {**openapi(), "servers": [{"url": "/api/v1"}]} == found


def test_the_words_of_a_class_are_those_of_the_document() -> None:
    """What a docstring says of a class and its fields is what a reader of the document is told."""
    made = openapi()["components"]["schemas"]
    assert "One reason why not, or one thing to think of." == made["Reason"]["description"]
    assert "a stable word, for programs." == made["Reason"]["properties"]["code"]["description"]
    limit = next(one for one in openapi()["paths"]["/pilots"]["get"]["parameters"] if one["name"] == "limit")
    assert ("how many.", {"type": "integer", "minimum": 1, "maximum": 1000}) == (limit["description"], limit["schema"])
    assert document(OPERATIONS, "x")["info"]["version"] == "x"
