"""The JSON Schema (2020-12) of workflow files, for editors and for other languages.

It is made from the same shapes as the loader, and shipped as `workflow.schema.json`; a test holds the two together. It
says all that can be said of one place of a file: which keys, which kinds of values, which forms of words. What it cannot
say is the loader's own: whether names refer to something, what `core.lint` knows, aliases and other YAML, and that
`1.0` is no whole number (to a JSON Schema it is).

`python -m proeftuin.definitions.schema` prints it.
"""

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from proeftuin.core.workflow import Workflow
from proeftuin.definitions import _forms as forms
from proeftuin.definitions import _shapes as shapes
from proeftuin.definitions._forms import Form
from proeftuin.definitions._shapes import Shape, keys_of

SCHEMA_FILE = Path(__file__).with_name("workflow.schema.json")

Schema = dict[str, Any]

_FORM_NAMES = {one: name.lower() for name, one in vars(forms).items() if isinstance(one, Form)}


class _Writer:
    """Writes the schema of a shape; what has a name goes into `defs` once."""

    def __init__(self) -> None:
        self.defs: dict[str, Schema] = {}

    def write(self, shape: Shape) -> Schema:
        writer: Callable[[Any], Schema] = getattr(self, f"_{type(shape).__name__.lower()}")
        return writer(shape)

    def _ref(self, name: str, make: Callable[[], Schema]) -> Schema:
        if name not in self.defs:
            self.defs[name] = {}  # holds the place while what is inside may refer to it
            self.defs[name] = make()
        return {"$ref": f"#/$defs/{name}"}

    def _form(self, form: Form) -> Schema:
        schema = {"type": "string", "pattern": f"^(?:{form.pattern})$", "maxLength": form.longest}
        return self._ref(_FORM_NAMES[form], lambda: schema)

    def _text(self, shape: shapes.Text) -> Schema:
        return self._form(shape.form)

    def _whole(self, shape: shapes.Whole) -> Schema:
        return {"type": "integer", "minimum": shape.least, "maximum": shape.most}

    def _flag(self, _: shapes.Flag) -> Schema:
        return {"type": "boolean"}

    def _oneof(self, shape: shapes.OneOf) -> Schema:
        return {"enum": list(shape.values)}

    def _listof(self, shape: shapes.ListOf) -> Schema:
        item = self.write(shape.item)
        many = {"type": "array", "items": item}
        return {"anyOf": [item, many]} if shape.one else many

    def _mapof(self, shape: shapes.MapOf) -> Schema:
        keys, item = self._form(shape.keys), self.write(shape.item)
        return {"type": "object", "propertyNames": keys, "additionalProperties": item}

    def _either(self, shape: shapes.Either) -> Schema:
        return {"anyOf": [self.write(member) for member in shape.members]}

    def _single(self, shape: shapes.Single) -> Schema:
        beside = {name: self.write(one) for name, one in shape.beside.items()}
        one: Schema = {
            "type": "object",
            "properties": beside,
            "propertyNames": self._form(forms.NAME),
            "additionalProperties": self.write(shape.item),
        }
        extra = list(beside)
        return one | {
            "oneOf": [
                {"minProperties": 1, "maxProperties": 1, "not": {"anyOf": [{"required": [name]} for name in extra]}},
                *({"required": [name], "minProperties": 2, "maxProperties": 2} for name in extra),
            ]
            if extra
            else [{"minProperties": 1, "maxProperties": 1}]
        }

    def _short(self, shape: shapes.Short) -> Schema:
        return self._ref(shape.cls.__name__, lambda: self.write(shape.written))

    def _record(self, shape: shapes.Record) -> Schema:
        return self._ref(shape.cls.__name__, lambda: self._class(shape.cls))

    def _class(self, cls: type) -> Schema:
        keys = keys_of(cls)
        return {
            "description": (cls.__doc__ or "").split("\n")[0],
            "type": "object",
            "properties": {key.name: self.write(key.shape) for key in keys},
            "required": [key.name for key in keys if key.required],
            "additionalProperties": False,
        }


def workflow_schema() -> Mapping[str, Any]:
    """Return the JSON Schema of a workflow file, as plain data."""
    writer = _Writer()
    root = writer.write(shapes.Record(Workflow))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:proeftuin:workflow:1",
        "title": "A workflow of proeftuin",
        **root,
        "$defs": dict(sorted(writer.defs.items())),
    }


def schema_text() -> str:
    """Return the schema as the text of `workflow.schema.json`."""
    return json.dumps(workflow_schema(), indent=2, ensure_ascii=True) + "\n"


if __name__ == "__main__":
    sys.stdout.write(schema_text())
