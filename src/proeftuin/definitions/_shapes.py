"""What may stand where in a workflow file, told once: the loader and the JSON Schema are both made from these shapes.

The shapes come from the classes of `core.workflow` (types, defaults, `key` and `short` metadata) and from the forms of
texts in `_forms`. Three classes are written shorter in a file than they are: `Offset`, `GuardUse` and `Signal`.
"""

import types
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin

import attrs
from attrs import frozen

from proeftuin.core import workflow as wf
from proeftuin.core.frozen import EMPTY, FrozenDict
from proeftuin.core.migration import declared as mg
from proeftuin.definitions import _forms as forms
from proeftuin.definitions._forms import Form


@frozen
class Text:
    """A text of some form."""

    form: Form


@frozen
class Whole:
    """A whole number from `least` up."""

    least: int = -(10**18) + 1
    most: int = 10**18 - 1


@frozen
class Flag:
    """`true` or `false`."""


@frozen
class OneOf:
    """One of a closed list."""

    values: tuple[str | int, ...]


@frozen
class ListOf:
    """A list; with `one`, a single item may stand for a list of it."""

    item: "Shape"
    one: bool = False


@frozen
class MapOf:
    """A mapping of names of the file's own choosing."""

    keys: Form
    item: "Shape"


@frozen
class Record:
    """A mapping with fixed keys: a class of `core.workflow`."""

    cls: type


@frozen
class Either:
    """One of several shapes, told apart by the kind of value."""

    members: "tuple[Shape, ...]"


@frozen
class Short:
    """A class that is written shorter: `Offset`, `GuardUse` or `Signal`, and how."""

    cls: type
    written: "Shape"


@frozen
class Single:
    """A mapping of exactly one name, and of the keys of `beside`."""

    item: "Shape"
    beside: "Mapping[str, Shape]" = EMPTY


Shape = Text | Whole | Flag | OneOf | ListOf | MapOf | Record | Either | Short | Single

NAME = Text(forms.NAME)
SCALAR = Either((Text(forms.TEXT), Whole(), Flag()))
SCALARS = Either((*SCALAR.members, ListOf(SCALAR)))
PLAIN = Either((*SCALARS.members, MapOf(forms.NAME, SCALARS)))
OFFSET = Short(wf.Offset, Text(forms.OFFSET))
GUARD = Short(wf.GuardUse, Either((NAME, Single(MapOf(forms.NAME, PLAIN)))))
SIGNAL = Short(wf.Signal, Single(OFFSET, FrozenDict({"tell": ListOf(NAME)})))
LABEL = MapOf(forms.LANGUAGE, Text(forms.LABEL))

# Attributes whose shape says more than their type.
SPECIAL: dict[tuple[type, str], Shape] = {
    (wf.Workflow, "format"): OneOf((1,)),
    (wf.Workflow, "version"): Whole(1, 10**6 - 1),
    (wf.Field, "of"): Either(
        (
            OneOf(forms.SCALAR_TYPES),
            ListOf(Either((Text(forms.WORD), Whole(), Flag()))),
            MapOf(forms.NAME, Record(wf.Field)),
        )
    ),
}


NAMES = MapOf(forms.NAME, NAME)
RENAMING = ((mg.Migration, "states"), (mg.Migration, "triggers"), (mg.Migration, "roles"), (mg.TrackMap, "states"))
SPECIAL |= dict.fromkeys((*RENAMING, (mg.Steps, "rename")), NAMES)  # of the type of a label, and none


@frozen
class Key:
    """A key of a class in a file."""

    name: str
    attribute: str
    shape: Shape
    required: bool


@cache
def keys_of(cls: type) -> tuple[Key, ...]:
    """Return the keys that a class has in a file, in the order of its attributes."""
    return tuple(_keys(cls))


def _keys(cls: type) -> Iterator[Key]:
    for one in attrs.fields(attrs.resolve_types(cls)):
        name = one.metadata.get("key", one.name)
        if name is not None:
            shape = SPECIAL.get((cls, one.name)) or _shape(one.type, cls, one)
            yield Key(name, one.name, shape, one.default is attrs.NOTHING)


def _shape(kind: Any, cls: type, one: "attrs.Attribute[Any]") -> Shape:  # noqa: ANN401  # a type, or a form of types
    """Return the shape of a type, as it stands in this attribute."""
    place = (cls.__name__, one.name)
    origin, args = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return _union(tuple(member for member in args if member is not type(None)), cls, one)
    if origin is Literal:
        return OneOf(args)
    if origin is tuple:
        item = _shape(args[0], cls, one)
        return ListOf(item, one=item is OFFSET or "short" in one.metadata)
    if origin is not None and kind != wf.Label:
        return MapOf(forms.KEYS.get(place, forms.NAME), _shape(args[1], cls, one))
    if kind is str:
        return Text(forms.TEXTS.get(place, forms.NAME))
    return LABEL if kind == wf.Label else _PLAIN_TYPES.get(kind) or Record(kind)


def _union(members: tuple[Any, ...], cls: type, one: "attrs.Attribute[Any]") -> Shape:
    """Return the shape of a union; where it holds any scalar, its text is free."""
    found: list[Shape] = [SCALAR] if bool in members else []
    found += [_shape(member, cls, one) for member in members if bool not in members or member not in _SCALARS]
    return found[0] if len(found) == 1 else Either(tuple(_flat(found)))


def _flat(shapes: list[Shape]) -> Iterator[Shape]:
    for shape in shapes:
        yield from shape.members if isinstance(shape, Either) else (shape,)


_SCALARS = (str, int, bool)
_PLAIN_TYPES: Mapping[Any, Shape] = {
    int: Whole(),
    bool: Flag(),
    Any: PLAIN,
    FrozenDict: MapOf(forms.NAME, PLAIN),
    wf.Offset: OFFSET,
    wf.GuardUse: GUARD,
    wf.Signal: SIGNAL,
}
