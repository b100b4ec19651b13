"""From what was typed to the data of a command, by the fields of an option.

What does not look like its type is handed on as it was typed: the engine says what is wrong with it, in its own words.
"""

import re
from collections.abc import Mapping
from typing import Any

from proeftuin.web.pages.form import DATA, Form, word_of

Shape = Mapping[str, Any]
"""How an option tells one field."""

_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")
_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+")
_YES_NO = {"true": True, "false": False}


def taken(fields: Mapping[str, Shape], form: Form, prefix: str = DATA) -> dict[str, object]:
    """Return the data that a form holds; what was left empty is left out."""
    found: dict[str, object] = {}
    for name, shape in fields.items():
        value = _value(shape, form, prefix + name)
        if value is not None:
            found[name] = value
    return found


def _value(shape: Shape, form: Form, name: str) -> object | None:
    if shape["type"] == "list":
        return _several(shape, form, name)
    if shape["type"] == "map":
        return _pairs(shape, form, name)
    return scalar(shape, form.one(name)) if form.one(name) else None


def scalar(shape: Shape, text: str) -> object:
    """Return one value, of the type of its field where the text allows it."""
    kind = shape["type"]
    if kind == "boolean":
        return _YES_NO.get(text, text)
    if kind == "integer" and _WHOLE.fullmatch(text):
        return int(text)
    if kind == "decimal" and _COMMA.fullmatch(text):
        return text.replace(",", ".")
    if kind == "choice":
        return next((one for one in shape.get("choices", ()) if word_of(one) == text), text)
    return text


def within(shape: Shape) -> Mapping[str, Shape]:
    """Return the fields inside a field, of a row or of a record; of one without, none."""
    of = shape.get("of")
    return of if isinstance(of, Mapping) else {}


def _several(shape: Shape, form: Form, name: str) -> list[object] | None:
    of = shape.get("of", "text")
    if isinstance(of, Mapping):
        rows = [taken(of, form, f"{name}.{number}.") for number in range(form.rows(name))]
        return [row for row in rows if row] or None
    inner: Shape = {"type": "choice", "choices": of} if isinstance(of, tuple) else {"type": of}
    lines = [line for given in form.all(name) for line in given.split("\n") if line.strip()]
    return [scalar(inner, line.strip()) for line in lines] or None


def _pairs(shape: Shape, form: Form, name: str) -> dict[str, object] | None:
    """Return a map, from a field for each key where they are known, or from lines that say `name: value`."""
    if inside := within(shape):
        return taken(inside, form, f"{name}.") or None
    each: Shape = {"type": shape.get("of", "text")}
    if "keys" in shape:
        return taken(dict.fromkeys(shape["keys"], each), form, f"{name}.") or None
    found: dict[str, object] = {}
    for line in form.one(name).split("\n"):
        key, _, value = line.partition(":")
        if key.strip():
            found[key.strip()] = scalar(each, value.strip())
    return found or None
