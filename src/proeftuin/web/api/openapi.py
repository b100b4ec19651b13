"""The OpenAPI 3.1 document: made from the table of operations and from the classes that they take and give.

What a class is for, and what its fields are, is what its docstring says: a text stands in one place.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any, cast, get_args

from proeftuin.core.workflow import LANGUAGES
from proeftuin.web.api import jsons, problems
from proeftuin.web.api.classes import Part, fields_of, plain_type
from proeftuin.web.api.given import JSON
from proeftuin.web.api.operations import LINES, Nothing, Operation, by_path
from proeftuin.web.api.problems import Problem, status_of

Schema = dict[str, Any]

REF = "#/components/schemas/{name}"
ALWAYS = (401, 405, 429)
"""What the guard in front may answer to whatever was asked, and what is answered to another method."""
DIALECT = "https://json-schema.org/draft/2020-12/schema"
SECTION = re.compile(r"^\s*(?:Args|Attributes|Note):\s*$", re.MULTILINE)
ENTRY = re.compile(r"^ {4}(\w+(?:, \w+)*): ", re.MULTILINE)
MOMENT = {"type": "string", "format": "date-time"}


# -- classes -------------------------------------------------------------------------------------------------------


def words(kind: type) -> tuple[str, dict[str, str]]:
    """Return what a docstring says of a class, and of each of its fields."""
    text = kind.__doc__ or ""
    says, *sections = SECTION.split(text)
    told: dict[str, str] = {}
    for section in sections[:1]:
        found = ENTRY.split(_dedented(section))[1:]
        for names, words_ in zip(found[::2], found[1::2], strict=True):
            told |= dict.fromkeys(names.split(", "), " ".join(words_.split()))
    return " ".join(says.split()), told


def _dedented(section: str) -> str:
    lines = [line for line in section.split("\n") if line.strip()]
    depth = min((len(line) - len(line.lstrip()) for line in lines), default=0)
    return "\n".join(" " * 4 + line[depth:] for line in lines)


def _described(kind: type, schema: Schema, *, whole: bool) -> Schema:
    """Return the schema of a class with its words; of what is answered, `whole`, every field is always there."""
    says, told = words(kind)
    held = {one.name: one for one in fields_of(kind)}
    made = {name: _field(held[name], dict(one), told.get(name)) for name, one in schema["properties"].items()}
    required = list(made) if whole else schema.get("required", [])
    found: Schema = {"type": "object", "description": says, "properties": made, "required": required}
    return found if whole else {**found, "additionalProperties": False}


def _field(held: Part, schema: Schema, says: str | None) -> Schema:
    schema.pop("default", None)
    if (linked := held.metadata.get("ref")) is not None:
        schema = {"anyOf": [{"$ref": REF.format(name=linked.__name__)}, {"type": "null"}]}
    if plain_type(held.type) is datetime:
        schema = MOMENT if schema == {"type": "string"} else {"anyOf": [MOMENT, {"type": "null"}]}
    schema = _narrowed(schema, held.metadata.get("schema", {}))
    return schema if says is None else {**schema, "description": says}


def _narrowed(schema: Schema, more: Mapping[str, Any]) -> Schema:
    if "anyOf" in schema and more:
        return {"anyOf": [one if one == {"type": "null"} else {**one, **more} for one in schema["anyOf"]]}
    return {**schema, **more}


def _classes(kinds: Iterable[type]) -> dict[str, type]:
    """Return classes and those in their fields, by name."""
    found: dict[str, type] = {}
    queue = list(kinds)
    while queue:
        kind = queue.pop()
        queue += get_args(kind)
        parts = fields_of(kind) if isinstance(cast("object", kind), type) else ()
        if parts and kind.__name__ not in found:
            found[kind.__name__] = kind
            queue += [one.type for one in parts if one.type is not None]
    return found


def components(operations: Iterable[Operation]) -> dict[str, Schema]:
    """Return the schemas of all that is taken and given, by name."""
    operations = tuple(operations)
    taken = _classes(one.body for one in operations if one.body is not None)
    given = _classes([Problem, *(one.answers for one in operations if isinstance(one.answers, type))])
    made = jsons.schemas([*taken.values(), *given.values()], REF)
    every = {**taken, **given}
    found = {name: _described(every[name], one, whole=name not in taken) for name, one in sorted(made.items())}
    found["Problem"] |= {"required": list(problems.REQUIRED)}
    return found


# -- operations ----------------------------------------------------------------------------------------------------


def _parameters(operation: Operation) -> list[Schema]:
    named = [_parameter(one, "path", {"type": "string", "minLength": 1}, required=True) for one in operation.parts]
    asked = _asked(operation.query)
    lang = _parameter(
        "lang", "query", {"enum": list(LANGUAGES)}, "In which language reasons are told; otherwise by Accept-Language."
    )
    return [*named, *asked, lang, *_headers(operation)]


def _asked(kind: type) -> list[Schema]:
    if kind is Nothing:
        return []
    schema = jsons.schemas([kind], REF)[kind.__name__]
    told = _described(kind, schema, whole=False)["properties"]
    return [_parameter(one.name, "query", _given(told[one.name]), required=one.needed) for one in fields_of(kind)]


def _given(schema: Schema) -> Schema:
    """Return the schema of a parameter that is given; whether it may be left out is no part of that."""
    if "anyOf" not in schema:
        return schema
    found: Schema = next(one for one in schema["anyOf"] if one != {"type": "null"})
    return {**found, **({"description": schema["description"]} if "description" in schema else {})}


def _parameter(name: str, where: str, schema: Schema, says: str | None = None, *, required: bool = False) -> Schema:
    schema = dict(schema)
    told = says or schema.pop("description", None)
    found: Schema = {"name": name, "in": where, "required": required, "schema": schema}
    return {**found, "description": told} if told else found


def _headers(operation: Operation) -> list[Schema]:
    found = []
    if operation.keyed:
        key = {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!#-\\[\\]-~]+$"}
        found.append(_parameter("Idempotency-Key", "header", key, KEY))
    if operation.conditional:
        found.append(_parameter("If-Match", "header", TAGS, MATCH))
    if operation.tagged and operation.method == "GET":
        told = "The ETag that you have; 304 where it is still that."
        found.append(_parameter("If-None-Match", "header", TAGS, told))
    return found


PLAIN = {LINES: "string", JSON: "object"}
_TAG = '(W/)?"[1-9][0-9]{0,17}(-[0-9a-f]{16})?"'
TAGS: Schema = {"type": "string", "pattern": f"^(\\*|{_TAG}( ?, ?{_TAG})*)$"}
KEY = "The same request under the same key acts once, and is answered the same again; another request under it is 422."
MATCH = 'The version that you saw, as the ETag of the pilot tells it, such as "7". Where it is another by now, 412.'


def _responses(operation: Operation, links: Schema) -> Schema:
    found: Schema = {str(operation.status): _success(operation)}
    if operation.status == HTTPStatus.CREATED:
        found[str(operation.status)]["links"] = links
    statuses = {*ALWAYS, *(status_of(one) for one in operation.failures)}
    statuses |= {413, 415} if operation.body is not None else set()
    statuses |= {403} if operation.operator or operation.method != "GET" else set()
    statuses |= {412} if operation.conditional else set()
    statuses |= {404} if operation.parts else set()
    if operation.tagged and operation.method == "GET":
        found["304"] = {"description": "It is still what you have."}
    for status in sorted(statuses):
        found[str(status)] = {
            "description": HTTPStatus(status).phrase,
            "content": {problems.MEDIA: {"schema": {"$ref": REF.format(name="Problem")}}},
        }
    return found


def _success(operation: Operation) -> Schema:
    answers = operation.answers
    if isinstance(answers, str):
        return {"description": operation.says, "content": {answers: {"schema": {"type": PLAIN[answers]}}}}
    content = {JSON: {"schema": {"$ref": REF.format(name=answers.__name__)}}}
    return {"description": words(answers)[0], "content": content, **_answer_headers(operation)}


def _answer_headers(operation: Operation) -> Schema:
    found: Schema = {}
    if operation.tagged:
        says = "The version of the pilot, and what of it you see." if operation.method == "GET" else "The version."
        found["ETag"] = {"description": says, "schema": {"type": "string"}}
    if operation.status == HTTPStatus.CREATED:
        found["Location"] = {"description": "The pilot.", "schema": {"type": "string"}}
    if operation.name == "find_pilots":
        found["Link"] = {"description": "The next page, where there is one.", "schema": {"type": "string"}}
    return {"headers": found} if found else {}


def _links(operations: Iterable[Operation]) -> Schema:
    """Return what can be done with a pilot that was begun."""
    named = {"pilot": "$response.body#/pilot/id"}
    of_pilot = (one for one in operations if one.parts == ("pilot",))
    return {one.name: {"operationId": one.name, "parameters": named} for one in of_pilot}


def _operation(operation: Operation, links: Schema) -> Schema:
    says = operation.says
    found: Schema = {
        "operationId": operation.name,
        "summary": says.partition(".")[0].partition(";")[0] + ".",
        "description": says + (" For who runs this tool alone." if operation.operator else ""),
        "parameters": _parameters(operation),
        "responses": _responses(operation, links),
    }
    if operation.body is not None:
        schema = {"$ref": REF.format(name=operation.body.__name__)}
        found["requestBody"] = {"required": True, "content": {JSON: {"schema": schema}}}
    return found


def document(operations: Iterable[Operation], version: str) -> Schema:
    """Return the document, for an application that is mounted at the root.

    Args:
        operations: the table.
        version: of the library.
    """
    operations = tuple(operations)
    links = _links(operations)
    paths = {
        path: {method.lower(): _operation(one, links) for method, one in held.items()}
        for path, held in by_path(operations).items()
    }
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": DIALECT,
        "info": {"title": "proeftuin", "version": version, "description": ABOUT, "license": {"name": "MIT"}},
        "servers": [{"url": "/api/v1"}],
        "paths": paths,
        "components": {"schemas": components(operations)},
    }


ABOUT = (
    "The lifecycle of pilots for inclusive jobs. Who asks is decided by the tool that this is mounted in; everything "
    "is answered as far as they may see it. Decimals are text, moments are UTC, days are ISO 8601."
)
