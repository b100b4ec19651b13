"""The JSON Schema (2020-12) of workflow files, for editors and for other languages.

It is made from the same shapes as the loader, and shipped as `workflow.schema.json`; a test holds the two together. It
says all that can be said of one place of a file: which keys, which kinds of values, which forms of words. A file with
`extends` or `base` may leave out what its base, or who extends it, has. The rest is
the loader's own: whether names refer to something and what else `core.lint` knows, what is not plain YAML, and `1.0`,
which is a whole number to a JSON Schema only.

`python -m proeftuin.definitions.schema` prints it.
"""

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from proeftuin.core.workflow import TrackKind, Workflow
from proeftuin.definitions import _forms as forms
from proeftuin.definitions import _shapes as shapes
from proeftuin.definitions._forms import Form
from proeftuin.definitions._heading import LIKE, Heading
from proeftuin.definitions._merge import FILE, Rules
from proeftuin.definitions._shapes import Shape, keys_of

SCHEMA_FILE = Path(__file__).with_name("workflow.schema.json")

Schema = dict[str, Any]

_FORM_NAMES = {one: name.lower() for name, one in vars(forms).items() if isinstance(one, Form)}


class _Writer:
    """Writes the schema of a shape; what has a name goes into `defs` once."""

    def __init__(self) -> None:
        self.defs: dict[str, Schema] = {}

        self._writers: Mapping[type, Callable[[Any], Schema]] = {
            shapes.Text: self._text,
            shapes.Whole: self._whole,
            shapes.Flag: self._flag,
            shapes.OneOf: self._one_of,
            shapes.ListOf: self._list_of,
            shapes.MapOf: self._map_of,
            shapes.Either: self._either,
            shapes.Single: self._single,
            shapes.Short: self._short,
            shapes.Record: self._record,
        }

    def write(self, shape: Shape) -> Schema:
        return self._writers[type(shape)](shape)

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

    def _one_of(self, shape: shapes.OneOf) -> Schema:
        return {"enum": list(shape.values)}

    def _list_of(self, shape: shapes.ListOf) -> Schema:
        item = self.write(shape.item)
        many = {"type": "array", "items": item}
        return {"anyOf": [item, many]} if shape.one else many

    def _map_of(self, shape: shapes.MapOf, item: Schema | None = None) -> Schema:
        keys, item = self._form(shape.keys), self.write(shape.item) if item is None else item
        return {"type": "object", "propertyNames": keys, "additionalProperties": item}

    def _either(self, shape: shapes.Either) -> Schema:
        return {"anyOf": [self.write(member) for member in shape.members]}

    def _single(self, shape: shapes.Single) -> Schema:
        """Write a mapping of one name, or of that and one of the keys beside it."""
        beside = {name: self.write(one) for name, one in shape.beside.items()}
        alone: Schema = {"maxProperties": 1, "properties": dict.fromkeys(beside, False)}
        return {
            "type": "object",
            "minProperties": 1,
            "properties": beside,
            "propertyNames": self._form(forms.NAME),
            "additionalProperties": self.write(shape.item),
            "anyOf": [alone, *({"required": [name], "minProperties": 2, "maxProperties": 2} for name in beside)],
        }

    def _short(self, shape: shapes.Short) -> Schema:
        return self._ref(shape.cls.__name__, lambda: self.write(shape.written))

    def _record(self, shape: shapes.Record) -> Schema:
        return self._ref(shape.cls.__name__, lambda: self._class(shape.cls))

    def loose(self, shape: Shape, rules: Rules) -> Schema:
        """Write what stands on top of a base: by the rules for that, its base may have any of its keys."""
        if isinstance(shape, shapes.MapOf) and (inner := rules.get("*")) is not None:
            return self._map_of(shape, self.loose(shape.item, inner))
        if not isinstance(shape, shapes.Record):
            return self.write(shape)
        return self._ref(f"{shape.cls.__name__}OnTop", lambda: self._on_top(shape.cls, rules))

    def _on_top(self, cls: type, rules: Rules) -> Schema:
        whole = self._class(cls)
        for key in keys_of(cls):
            if (inner := rules.get(key.name)) is not None:
                whole["properties"][key.name] = self.loose(key.shape, inner)
        if cls is TrackKind:
            whole["properties"][LIKE] = self.write(shapes.NAME)
        return {key: one for key, one in whole.items() if key != "required"}

    def file(self) -> Schema:
        """Write a file on top of a base, or one that is a base."""
        schema = self._on_top(Workflow, FILE)
        for key in keys_of(Heading):
            inner = FILE.get(key.name)
            schema["properties"][key.name] = self.write(key.shape) if inner is None else self.loose(key.shape, inner)
        return {
            **schema,
            "description": (Heading.__doc__ or "").split("\n")[0],
            "required": ["format", "version"],
            "oneOf": [{"required": ["workflow"]}, {"required": ["base"]}],
            "dependentRequired": {"kinds": ["base"], "without": ["extends"]},
        }

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
    root = {
        "if": {"anyOf": [{"required": ["extends"]}, {"required": ["base"]}]},
        "then": writer.file(),
        "else": writer.write(shapes.Record(Workflow)),
    }
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
