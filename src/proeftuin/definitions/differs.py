"""What a workflow has other than the one that it builds on: which elements were added, changed and left out, by name.

What is not here: what a difference does to pilots that are running.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

import attrs
from attrs import frozen

from proeftuin.core.workflow import Edge, Workflow
from proeftuin.definitions._shapes import keys_of

What = Literal["added", "changed", "left-out"]

# Sections of a workflow, each with what one of its elements is called: before the triggers and tracks, and after them.
_BEFORE = {"roles": "role", "groups": "group", "records": "record", "states": "state"}
_AFTER = {"clocks": "clock", "words": "word", "codes": "code"}
_ALONE = ("label", "timezone", "calendar", "start", "metrics")


@frozen
class Difference:
    """An element that a workflow has other than its base.

    Attributes:
        what: `added`, `changed` or `left-out`.
        kind: of element: role, group, record, state, trigger, track, clock, word, code; or a key of the file itself.
        name: of the element; that of a state or trigger of a track stands behind the kind of track, `supplier.park`.
        keys: of a changed element, which of its keys differ.
    """

    what: What
    kind: str
    name: str = ""
    keys: tuple[str, ...] = ()


@frozen
class OnTop:
    """A workflow that builds on another one.

    Attributes:
        base: the other one, `existing-contract@1`.
        workflow: itself, `ours@1`.
    """

    base: str
    workflow: str
    differences: tuple[Difference, ...]


def differences(base: Workflow, own: Workflow) -> OnTop:
    """Return what a workflow has other than its base."""
    return OnTop(base.id, own.id, tuple(_differences(base, own)))


def _differences(base: Workflow, own: Workflow) -> Iterator[Difference]:
    for name in _ALONE:
        if getattr(base, name) != getattr(own, name):
            yield Difference("changed", name)
    for section, kind in _BEFORE.items():
        yield from _named(kind, getattr(base, section), getattr(own, section))
    yield from _named("trigger", _triggers(base.edges), _triggers(own.edges))
    yield from _named("track", base.tracks, own.tracks, leave=("states", "edges"))
    for name, track in base.tracks.items():
        if (other := own.tracks.get(name)) is not None:
            yield from _named("state", track.states, other.states, f"{name}.")
            yield from _named("trigger", _triggers(track.edges), _triggers(other.edges), f"{name}.")
    for section, kind in _AFTER.items():
        yield from _named(kind, getattr(base, section), getattr(own, section))


def _triggers(edges: Iterable[Edge]) -> dict[str, tuple[Edge, ...]]:
    found: dict[str, tuple[Edge, ...]] = {}
    for edge in edges:
        found[edge.trigger] = (*found.get(edge.trigger, ()), edge)
    return found


def _named(
    kind: str, base: Mapping[str, Any], own: Mapping[str, Any], before: str = "", leave: tuple[str, ...] = ()
) -> Iterator[Difference]:
    """Give the differences of two mappings, in the order of the file; `leave` are keys that are told otherwise."""
    for name, one in own.items():
        if name not in base:
            yield Difference("added", kind, before + name)
        elif one != base[name]:
            keys = tuple(key for key in _keys(base[name], one) if key not in leave)
            if keys or not leave:
                yield Difference("changed", kind, before + name, keys)
    for name in base:
        if name not in own:
            yield Difference("left-out", kind, before + name)


def _keys(base: Any, own: Any) -> tuple[str, ...]:  # noqa: ANN401  # an element of a workflow, or the edges of a trigger
    """Return the keys in which two elements differ."""
    if isinstance(own, tuple) and isinstance(base, tuple):
        if len(own) != len(base):
            return ()
        return tuple(dict.fromkeys(key for pair in zip(base, own, strict=True) for key in _keys(*pair)))
    if isinstance(own, Mapping):
        return tuple(name for name in {**base, **own} if base.get(name) != own.get(name))
    cls: type = type(own)
    if not attrs.has(cls):
        return ()
    return tuple(one.name for one in keys_of(cls) if getattr(base, one.attribute) != getattr(own, one.attribute))
