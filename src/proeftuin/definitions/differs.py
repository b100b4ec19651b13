"""What a workflow has other than the one that it builds on: which elements were added, changed and left out, by name.

What is not here: what a difference does to pilots that are running. That, and what differs at all, is for `core.diff`.
"""

from collections.abc import Iterable
from typing import Literal

from attrs import frozen

from proeftuin.core.diff import Change, diff
from proeftuin.core.workflow import Workflow

What = Literal["added", "changed", "left-out"]
Element = tuple[str, str, str]  # its kind, its name, and which key of it

_KINDS = {
    "roles": "role",
    "groups": "group",
    "records": "record",
    "states": "state",
    "edges": "trigger",
    "tracks": "track",
    "clocks": "clock",
    "words": "word",
    "codes": "code",
}
_INNER = ("states", "edges")


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
    found: dict[tuple[What, str, str], dict[str, None]] = {}
    for change in diff(base, own):
        if (element := _element(change.path)) is not None:
            kind, name, key = element
            for what, its in _whats(change, name, key):
                keys = found.setdefault((what, kind, its), {})
                keys.update({key: None} if key else {})
    return OnTop(base.id, own.id, tuple(Difference(*what, tuple(keys)) for what, keys in found.items()))


def _element(path: str) -> Element | None:
    """Return the element that a path lies in, with the key of it; None for the order of elements."""
    section, *rest = path.split(".")
    if section not in _KINDS:
        return section, "", ""
    before = ""
    if section == "tracks" and len(rest) > 1 and rest[1] in _INNER:
        before, section, *rest = rest
        before += "."
    if not rest:
        return None
    return _KINDS[section], before + rest[0], rest[1] if len(rest) > 1 else ""


def _whats(change: Change, name: str, key: str) -> Iterable[tuple[What, str]]:
    """Give what happened to an element; of one that was renamed, both names are told, as a base knows no renaming."""
    plain, _, edge = name.partition("[")
    if not name or key or edge or change.kind == "changed":
        yield "changed", plain
        return
    if change.kind != "removed":
        yield "added", plain
    if change.kind != "added":
        before = plain.rpartition(".")[0]
        old = plain if change.kind == "removed" else ".".join((*filter(None, [before]), *change.names))
        yield "left-out", old
