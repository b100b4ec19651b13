"""A workflow as canonical JSON, and its content hash.

The canonical form is a workflow file itself: keys of a class in alphabetical order, defaults left out, everything in
the shortest form, no white space. So comments, quotes, layout, the order of an element's keys and shorthands do not
change the hash. The order of roles, states, fields and the like does: it is the order in which people see them.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import attrs

from proeftuin.core.workflow import Workflow
from proeftuin.definitions._shapes import keys_of
from proeftuin.definitions._shorthand import TO_SHORT


def plain_of(value: Any) -> Any:  # noqa: ANN401  # what a workflow holds, and what JSON can hold
    """Return a part of a workflow as plain values, in the shortest form."""
    if short := TO_SHORT.get(type(value)):
        return plain_of(short(value))
    cls: type = type(value)
    if attrs.has(cls):
        defaults = {one.name: one.default for one in attrs.fields(cls)}
        held = ((key.name, getattr(value, key.attribute), defaults[key.attribute]) for key in keys_of(cls))
        return {name: plain_of(one) for name, one, default in sorted(held, key=_name) if one != default}
    if isinstance(value, Mapping):
        return {key: plain_of(one) for key, one in value.items()}
    return [plain_of(one) for one in value] if isinstance(value, tuple) else value


def _name(held: tuple[str, object, object]) -> str:
    return held[0]


def canonical(workflow: Workflow) -> bytes:
    """Return a workflow as canonical JSON, in UTF-8."""
    return json.dumps(plain_of(workflow), separators=(",", ":"), ensure_ascii=False).encode()


def content_hash(workflow: Workflow) -> str:
    """Return the SHA-256 of the canonical JSON, in hex."""
    return hashlib.sha256(canonical(workflow)).hexdigest()
