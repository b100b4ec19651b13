"""The one place where a class that is taken or given is looked into: what its fields are."""

from collections.abc import Mapping
from types import NoneType, UnionType
from typing import Any, cast, get_args, get_type_hints

from attrs import NOTHING, fields, frozen, has

from proeftuin.core.frozen import EMPTY
from proeftuin.core.structs import names


@frozen
class Part:
    """A field of a class of ours; `needed` where it has no default."""

    name: str
    type: Any
    needed: bool = True
    metadata: Mapping[str, Any] = EMPTY


def fields_of(kind: type) -> tuple[Part, ...]:
    """Return the fields of a class of ours, in order; of a struct, which is only ever given, each is there."""
    if has(kind):
        made = cast("Any", fields)(kind)
        return tuple(Part(one.name, one.type, one.default is NOTHING, one.metadata) for one in made)
    told = names(kind)
    types = get_type_hints(kind) if told else {}
    return tuple(Part(name, types[name]) for name in told)


def plain_type(kind: object) -> object:
    """Return the type of a field that is given; whether it may be left out is no part of that."""
    if isinstance(kind, UnionType):
        return next(one for one in get_args(kind) if one is not NoneType)
    return kind
