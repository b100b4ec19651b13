"""Any class of ours as plain JSON, and its JSON Schema, for programs that read and write us over a network.

What is stored is read and written by `codec`, exactly; here a fraction is text, and what is given is checked by the
class that it is for.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any, TypeVar

import attrs
import msgspec

from proeftuin.errors import BadArgument

Value = TypeVar("Value")


def _exact(value: object) -> str:
    if isinstance(value, Fraction):
        return str(value)
    raise TypeError(f"a {type(value).__name__} has no JSON")


_encode_told = msgspec.json.Encoder(enc_hook=_exact).encode


def tell(value: object) -> bytes:
    """Return the JSON of a value of any of our classes; dates, decimals and fractions as text."""
    return _encode_told(value)


def take(value: object, kind: type[Value]) -> Value:
    """Return plain data, as JSON gives it, as a value of a class.

    Raises:
        BadArgument: for a type that does not fit, or a name that the class does not have; the first of these.
    """
    _known(value, kind, "")
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        problem, _, place = str(error).partition(" - at `$")
        raise BadArgument(place.strip("`.") or "body", problem[:1].lower() + problem[1:]) from None


def _known(value: object, kind: type, place: str) -> None:
    if not isinstance(value, Mapping):
        return
    fields = {one.name: one.type for one in attrs.fields(kind)}
    for name, one in value.items():
        if name not in fields:
            raise BadArgument(f"{place}{name[:64]}", f"is not known here; there is {', '.join(fields) or 'nothing'}")
        inner = getattr(fields[name], "__args__", (None,))[0]
        if isinstance(one, list) and isinstance(inner, type) and attrs.has(inner):
            for number, item in enumerate(one):
                _known(item, inner, f"{place}{name}[{number}].")


def schemas(kinds: Iterable[type], ref: str) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of classes, and of all that is in them, by their names.

    Args:
        kinds: classes of ours.
        ref: where one schema finds another, `#/components/schemas/{name}`.
    """
    _, found = msgspec.json.schema_components(kinds, schema_hook=_loose, ref_template=ref)
    return found


def _loose(kind: type) -> dict[str, Any]:
    return {"type": "string"} if kind is Fraction else {"type": "object"}
