"""What the data of a trigger must look like, as JSON Schema: made from the fields of its edges; see `core.checks`.

A schema says what can be said of the data alone. Whether a record is there, whether a day lies in the future and
whether the trigger may be fired now is for `explain` to say.
"""

from collections.abc import Mapping
from typing import Any

from attrs import evolve

from proeftuin.core import graph
from proeftuin.core.checks import NAME_LENGTH, PARTY, TEXT_LENGTH, WHOLE
from proeftuin.core.frozen import EMPTY
from proeftuin.core.table import SYSTEM, compile_edge
from proeftuin.core.workflow import Edge, Field, Workflow, expand_roles

Schema = dict[str, Any]

DECIMAL = "^-?[0-9]{1,30}(\\.[0-9]{1,18})?$"
SCALARS: Mapping[str, Schema] = {
    "text": {"type": "string", "maxLength": TEXT_LENGTH},
    "integer": {"type": "integer", "minimum": -WHOLE, "maximum": WHOLE - 1},
    "decimal": {"type": ["string", "integer"], "pattern": DECIMAL},
    "date": {"type": "string", "format": "date"},
    "boolean": {"type": "boolean"},
    "url": {"type": "string", "format": "uri", "maxLength": 2_000},
    "party": {"type": "string", "pattern": f"^{PARTY.pattern}$"},
    "new_track": {"type": "string", "pattern": f"^{PARTY.pattern}$"},
}
NAMED: Schema = {"type": "string", "maxLength": NAME_LENGTH}
"""A person, a participant, a track or a record, by its name."""


def of_field(field: Field) -> Schema:
    """Return the schema of one field."""
    if field.type == "choice" and isinstance(field.of, tuple):
        found: Schema = {"enum": list(field.of)}
    elif field.type == "list":
        found = {"type": "array", "items": _inner(field.of)}
        found |= _bounds(field, "minItems", "maxItems")
    elif field.type == "map":
        keys = {"propertyNames": {"enum": list(field.keys)}} if field.keys else {}
        found = {"type": "object", **keys, "additionalProperties": True if field.of is None else _inner(field.of)}
    else:
        found = dict(SCALARS.get(field.type, NAMED))
        if field.type in {"text", "integer"}:
            found |= _bounds(field, *BOUNDS[field.type])
    return found if field.label is None else {**found, "title": field.label.get("en", "")}


BOUNDS: Mapping[str, tuple[str, str]] = {"text": ("minLength", "maxLength"), "integer": ("minimum", "maximum")}


def _bounds(field: Field, least: str, most: str) -> Schema:
    found = {least: field.min, most: field.max}
    return {name: int(one) for name, one in found.items() if one is not None}


def _inner(of: object) -> Schema:
    if isinstance(of, Mapping):
        return of_fields(of)
    if isinstance(of, tuple):
        return {"enum": list(of)}
    return dict(SCALARS.get(str(of or "text"), NAMED))


def of_fields(fields: Mapping[str, Field]) -> Schema:
    """Return the schema of data with these fields; what is left blank is left out, or null."""
    return {
        "type": "object",
        "properties": {name: _optional(one) for name, one in fields.items()},
        "required": [name for name, one in fields.items() if one.required and one.default is None],
        "additionalProperties": False,
    }


def _optional(field: Field) -> Schema:
    found = of_field(field)
    return found if field.required else {"anyOf": [found, {"type": "null"}]}


def _taken(workflow: Workflow, edge: Edge, kind: str | None) -> Schema:
    """Return the schema of the data of one edge; its guards say nothing of that."""
    bare = evolve(edge, require=(), advise=(), falls=None)
    found = of_fields(compile_edge(workflow, bare, kind, EMPTY).fields)
    for name, held in edge.when.items():
        found["properties"][name] = {"enum": list(held)}
        found["required"] = sorted({*found["required"], name})
    return found


def of_start(workflow: Workflow) -> Schema:
    """Return the schema of what a pilot begins with."""
    return of_fields(workflow.start.data)


def of_triggers(workflow: Workflow) -> dict[str, Schema]:
    """Return the schema of the data of every trigger that a person may fire; of several edges, any will do."""
    found: dict[str, list[Schema]] = {}
    for kind in (None, *workflow.tracks):
        for edge in graph.lifecycle(workflow, kind)[1]:
            if expand_roles(workflow, edge.allow) == (SYSTEM,):
                continue  # a clock alone does it
            made, known = _taken(workflow, edge, kind), found.setdefault(edge.trigger, [])
            if made not in known:
                known.append(made)
    return {name: one[0] if len(one) == 1 else {"anyOf": one} for name, one in sorted(found.items())}
