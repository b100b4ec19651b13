"""A workflow with one thing changed: every attribute of every element in turn, by what its type allows.

Nothing here knows the classes of a workflow by name, so that what is added to them tomorrow is changed too.
"""

from collections.abc import Iterator, Mapping
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

import attrs
from attrs import frozen

from proeftuin.core.frozen import FrozenDict
from proeftuin.core.workflow import Workflow

MORE = "more"


@frozen
class Variant:
    """A workflow in which one attribute of one element differs from another workflow's.

    Attributes:
        cls, name: of the element, and of its attribute.
        how: what was done to the value.
    """

    cls: type
    name: str
    how: str
    workflow: Any


def variants(workflow: Workflow, words: tuple[str, ...] = (MORE,)) -> Iterator[Variant]:
    """Give a workflow in every way in which one attribute can differ.

    Args:
        workflow: the one to begin with.
        words: texts to put in places of others.
    """
    yield from _of(workflow, words)


def _of(value: Any, words: tuple[str, ...]) -> Iterator[Variant]:
    cls: type = type(value)
    if attrs.has(cls):
        for one in attrs.fields(attrs.resolve_types(cls)):
            held = getattr(value, one.name)
            for how, other in changed(held, one.type, words):
                yield Variant(cls, one.name, how, attrs.evolve(value, **{one.name: other}))
            for inner in _of(held, words):
                yield attrs.evolve(inner, workflow=attrs.evolve(value, **{one.name: inner.workflow}))
    elif isinstance(value, Mapping):
        for name, held in value.items():
            for inner in _of(held, words):
                yield attrs.evolve(inner, workflow=FrozenDict({**value, name: inner.workflow}))
    elif isinstance(value, tuple):
        for place, held in enumerate(value):
            for inner in _of(held, words):
                yield attrs.evolve(inner, workflow=(*value[:place], inner.workflow, *value[place + 1 :]))


def changed(value: Any, kind: Any, words: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    """Give other values of a type, each with how it came about."""
    members = get_args(kind) if get_origin(kind) in {Union, UnionType} else (kind,)
    if type(None) in members and value is not None:
        yield "left out", None
    if isinstance(value, Mapping):
        yield from _mapping(value, kind, words)
    elif isinstance(value, tuple):
        yield from _tuple(value, members, words)
    elif isinstance(value, bool):
        yield "turned", not value
    elif isinstance(value, int):
        yield from (("more", value + 1), ("less", value - 1))
    elif get_origin(_first(members)) is Literal:
        yield from (("another", one) for one in get_args(_first(members)) if one != value)
    elif isinstance(value, str):
        yield from (("another", word) for word in words if word != value)
    elif attrs.has(type(value)):
        yield from (("within", one.workflow) for one in list(_of(value, words))[:1])
    elif value is None:
        yield "given", sample(_first(members), words)


def _mapping(value: Mapping[str, Any], kind: Any, words: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    members = get_args(kind) if get_origin(kind) in {Union, UnionType} else (kind,)
    inner = next((get_args(one)[1] for one in members if len(get_args(one)) == 2), Any)
    inner = type(next(iter(value.values()))) if isinstance(inner, str) and value else inner
    for name in value:
        yield "left out", FrozenDict({other: one for other, one in value.items() if other != name})
        yield "renamed", FrozenDict({MORE if other == name else other: one for other, one in value.items()})
    if len(value) > 1:
        yield "reordered", FrozenDict(dict(reversed(value.items())))
    for one in dict.fromkeys(value.values()):
        yield "added", FrozenDict({**value, MORE: one})
    if not value:
        yield "added", FrozenDict({MORE: sample(inner, words)})


def _tuple(value: tuple[Any, ...], members: tuple[Any, ...], words: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    inner = next((get_args(one)[0] for one in members if get_origin(one) is tuple), str)
    for place in range(len(value)):
        yield "left out", (*value[:place], *value[place + 1 :])
    if len(set(value)) > 1:
        yield "reordered", value[::-1]
    texts = str in {inner, *get_args(inner)} and all(isinstance(one, str) for one in value)
    more = words if texts else (sample(inner, words),)
    for one in more:
        if one not in value:
            yield from (("added", (*value, one)), ("added in front", (one, *value)))


def _first(members: tuple[Any, ...]) -> Any:
    return next(one for one in members if one is not type(None))


def sample(kind: Any, words: tuple[str, ...]) -> Any:
    """Return some value of a type."""
    origin, args = get_origin(kind), get_args(kind)
    if origin in {Union, UnionType}:
        return sample(_first(args), words)
    if origin is Literal:
        return args[0]
    if origin is tuple:
        return (sample(args[0], words),)
    if origin is not None or kind is FrozenDict:
        return FrozenDict({MORE: sample(args[1], words)} if len(args) > 1 else {MORE: MORE})
    if attrs.has(kind):
        fields = attrs.fields(attrs.resolve_types(kind))
        return kind(**{one.name: sample(one.type, words) for one in fields if one.default is attrs.NOTHING})
    simple = {str: words[0], int: 1, bool: True, Any: MORE}
    return simple[kind]
