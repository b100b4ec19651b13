"""Exports read back: by other libraries than those that wrote them, and held against the grammar of their format."""

import csv
import io
import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # its stubs are a package of their own
import openpyxl
from lxml import etree

from proeftuin import Engine
from proeftuin.exports import Format, write_export

GRAMMAR = Path(__file__).parent / "xes.rng"
OFFICIAL = "PROEFTUIN_TEST_SCHEMAS"
"""Names a folder with the published schemas, which may not be copied here: `xes-ieee-1849-2016.xsd` and
`ocel20-schema-json.json`, from www.xes-standard.org and www.ocel-standard.org."""

# OCEL 2.0 as its specification describes it in section 8, and stricter: nothing unknown, and times are moments in UTC.
_TIME = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$"}


def _list(**of: Any) -> dict[str, Any]:
    item = {"type": "object", "properties": of, "required": [*of], "additionalProperties": False}
    return {"type": "array", "items": item}


_TEXT = {"type": "string"}
_KIND = {"enum": ["string", "time", "integer", "float", "boolean"]}
_TYPES = _list(name=_TEXT, attributes=_list(name=_TEXT, type=_KIND))
_RELATED = _list(objectId=_TEXT, qualifier=_TEXT)
_CHANGES = _list(name=_TEXT, value=_TEXT, time=_TIME)
OCEL = {
    "type": "object",
    "properties": {
        "objectTypes": _TYPES,
        "eventTypes": _TYPES,
        "objects": _list(id=_TEXT, type=_TEXT, attributes=_CHANGES, relationships=_RELATED),
        "events": _list(
            id=_TEXT, type=_TEXT, time=_TIME, attributes=_list(name=_TEXT, value=_TEXT), relationships=_RELATED
        ),
    },
    "required": ["objectTypes", "eventTypes", "objects", "events"],
    "additionalProperties": False,
}


def exported(on: Engine, format: Format, **asked: Any) -> bytes:  # noqa: A002  # the word of the library
    file = io.BytesIO()
    write_export(on, file, format=format, **asked)
    return file.getvalue()


# What does not change is written once and read once, as all of it takes seconds.
written = cache(exported)


# -- XES ---------------------------------------------------------------------------------------------------------------


@cache
def log(text: bytes) -> Any:
    """The log, valid by our grammar and by the published schema where that is at hand."""
    tree = etree.fromstring(text)
    etree.RelaxNG(etree.parse(GRAMMAR)).assertValid(tree)
    if folder := os.environ.get(OFFICIAL):
        etree.XMLSchema(etree.parse(Path(folder) / "xes-ieee-1849-2016.xsd")).assertValid(tree)
    return tree


def attributes(element: Any) -> dict[str, str]:
    """The attributes of a trace or an event; no key is there twice."""
    found = [(one.get("key"), one.get("value")) for one in element if one.get("key") is not None]
    assert len(found) == len(dict(found))
    return dict(found)


@cache
def traces(text: bytes) -> dict[str, tuple[dict[str, str], list[dict[str, str]]]]:
    """Per pilot its attributes and its events."""
    found = {}
    for one in log(text).iter("trace"):
        told = attributes(one)
        found[told["concept:name"]] = told, [attributes(event) for event in one.iter("event")]
    return found


# -- OCEL --------------------------------------------------------------------------------------------------------------


@cache
def objects(text: bytes) -> dict[str, Any]:
    """The log, valid by our schema and by the published one where that is at hand, and whole in itself."""
    found: dict[str, Any] = json.loads(text)
    jsonschema.validate(found, OCEL)
    if folder := os.environ.get(OFFICIAL):
        schema = json.loads((Path(folder) / "ocel20-schema-json.json").read_text(encoding="utf-8"))
        jsonschema.validate(found, schema)
    for items, types in (("objects", "objectTypes"), ("events", "eventTypes")):
        known = {one["name"]: {each["name"] for each in one["attributes"]} for one in found[types]}
        assert len(known) == len(found[types])
        assert len(found[items]) == len({one["id"] for one in found[items]})
        assert set(known) == {one["type"] for one in found[items]}
        for one in found[items]:
            assert {each["name"] for each in one["attributes"]} <= known[one["type"]]
    there = {one["id"] for one in found["objects"]}
    assert {one["objectId"] for each in (*found["objects"], *found["events"]) for one in each["relationships"]} <= there
    return found


def standing(thing: dict[str, Any]) -> dict[str, str]:
    """The last value of each attribute of an object."""
    return {one["name"]: one["value"] for one in thing["attributes"]}


# -- sheets ------------------------------------------------------------------------------------------------------------


def table(text: bytes) -> list[dict[str, str]]:
    """The rows of a CSV file, by the names of their columns."""
    return list(csv.DictReader(io.StringIO(text.decode(), newline="")))


@cache
def pages(text: bytes) -> dict[str, list[list[Any]]]:
    """The pages of a workbook, with the cells of each row."""
    book = openpyxl.load_workbook(io.BytesIO(text))
    return {sheet.title: [list(row) for row in sheet.iter_rows()] for sheet in book}


def cells(text: bytes) -> Iterator[Any]:
    """Every cell of a workbook."""
    for rows in pages(text).values():
        for row in rows:
            yield from row
