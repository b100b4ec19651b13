"""The one place where a class that is taken or given is looked into: what its fields are."""

from types import NoneType, UnionType
from typing import Any, cast, get_args

from attrs import Attribute, fields


def fields_of(kind: type) -> tuple["Attribute[Any]", ...]:
    """Return the fields of a class of ours, in order."""
    return tuple(cast("Any", fields)(kind))


def plain_type(kind: object) -> object:
    """Return the type of a field that is given; whether it may be left out is no part of that."""
    if isinstance(kind, UnionType):
        return next(one for one in get_args(kind) if one is not NoneType)
    return kind
