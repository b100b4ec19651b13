"""A workflow with one thing changed: every attribute of every element in turn, by what its type allows.

Nothing here knows the classes of a workflow by name, so that what is added to them tomorrow is changed too.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

import attrs
from attrs import frozen

from proeftuin.core.frozen import FrozenDict
from proeftuin.core.workflow import Workflow

MORE = "more"


Steps = tuple[str | int, ...]


@frozen
class Variant:
    """A workflow in which one attribute of one element differs from another workflow's.

    Attributes:
        base: the other one.
        cls, name: of the element, and of its attribute.
        how: what was done to the value.
        steps: the way to it.
        value: what is there instead.
    """

    base: Workflow
    cls: type
    name: str
    how: str
    steps: Steps
    value: Any

    @property
    def workflow(self) -> Workflow:
        """The workflow itself."""
        made: Workflow = _put(self.base, self.steps, self.value)
        return made


def variants(workflow: Workflow, words: tuple[str, ...] = (MORE,)) -> Iterator[Variant]:
    """Give a workflow in every way in which one attribute can differ.

    Args:
        workflow: the one to begin with.
        words: texts to put in places of others.
    """
    for cls, name, how, steps, value in _of(workflow, words, ()):
        yield Variant(workflow, cls, name, how, steps, value)


def _of(value: Any, words: tuple[str, ...], steps: Steps) -> Iterator[tuple[type, str, str, Steps, Any]]:
    cls: type = type(value)
    if attrs.has(cls):
        for one in attrs.fields(attrs.resolve_types(cls)):
            for how, other in changed(getattr(value, one.name), one.type, words):
                yield cls, one.name, how, (*steps, one.name), other
    for name, held in _parts(value):
        yield from _of(held, words, (*steps, name))


def _parts(value: Any) -> Iterable[tuple[str | int, Any]]:
    cls: type = type(value)
    if attrs.has(cls):
        return [(one.name, getattr(value, one.name)) for one in attrs.fields(cls)]
    return enumerate(value) if isinstance(value, tuple) else value.items() if isinstance(value, Mapping) else ()


def _put(value: Any, steps: Steps, new: Any) -> Any:
    """Return a value with another one at the end of the way."""
    if not steps:
        return new
    name, *rest = steps
    if isinstance(value, Mapping):
        return FrozenDict({**value, str(name): _put(value[str(name)], tuple(rest), new)})
    if isinstance(value, tuple):
        return tuple(_put(one, tuple(rest), new) if place == name else one for place, one in enumerate(value))
    return attrs.evolve(value, **{str(name): _put(getattr(value, str(name)), tuple(rest), new)})


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
        yield from (("within", _put(value, one[3], one[4])) for one in islice(_of(value, words, ()), 1))
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
        yield "reordered", FrozenDict({name: value[name] for name in reversed(list(value))})
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
