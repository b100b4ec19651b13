"""A workflow file on top of another one: plain values that know in which file they stand, put together by name.

1. What has names of the file's own choosing is merged by them: roles, groups, records and their fields, track kinds and
   their states, clocks, words and codes. Within a role, record, field, track kind, state of a track or clock, keys are
   merged in turn; a label by its languages. Any other value that is given replaces the base's as a whole.
2. `start`, and the `states` of the pilot, are replaced as a whole.
3. Edges go by trigger, per lifecycle: all edges of a trigger that is named again replace those of the base, in their
   place. Edges of other triggers stand before those of the base.
4. Names that a base has stay where they are. A new one stands before the next name in its file that the base has, and
   otherwise behind all.

What is not here: which file is the base of which (`_extend`).
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from typing import Any

from attrs import frozen

from proeftuin.definitions._tree import Path, Tree

EDGES = "edges"
KINDS = ("tracks", "kinds")
TRIGGERS = "triggers"


@frozen(eq=False)
class Source:
    """A file that was read: its name, for people, and its content."""

    name: str
    tree: Tree


@frozen(eq=False, repr=False)
class Part:
    """A value, and where it stands.

    Attributes:
        value: a plain value, as it stands in its file; of what is put `together`, the keys or items are parts.
        path: where it stands in its source.
    """

    value: Any
    source: Source
    path: Path = ()
    together: bool = False

    def entries(self) -> Mapping[str, "Part"]:
        """Return the values under the keys of a mapping, and nothing where it is none."""
        if self.together or not isinstance(self.value, dict):
            return self.value if isinstance(self.value, dict) else {}
        return {key: Part(one, self.source, (*self.path, key)) for key, one in self.value.items()}

    def elements(self) -> "list[Part]":
        """Return the items of a list, and nothing where it is none."""
        if self.together or not isinstance(self.value, list):
            return self.value if isinstance(self.value, list) else []
        return [Part(one, self.source, (*self.path, place)) for place, one in enumerate(self.value)]

    def of(self, value: "Mapping[str, Part] | list[Part]") -> "Part":
        """Return what is put together in the place of this one."""
        return Part(value, self.source, self.path, together=True)

    def plain(self, origins: "dict[Path, Part]", at: Path = ()) -> Any:  # noqa: ANN401  # a plain value
        """Return the plain value, and note in `origins` where its parts stand."""
        origins[at] = self
        if not self.together:
            return self.value
        if isinstance(self.value, list):
            return [one.plain(origins, (*at, place)) for place, one in enumerate(self.value)]
        return {key: one.plain(origins, (*at, key)) for key, one in self.value.items()}


# What is merged by key: under each of its keys, or under any (`*`), how that is put together. Whatever is not named is
# replaced as a whole.
Rules = Mapping[str, Any]
_LABEL: Rules = {}
_ELEMENT: Rules = {"label": _LABEL}
KIND: Rules = {"label": _LABEL, "states": {"*": _ELEMENT}, EDGES: None}
FILE: Rules = {
    "label": _LABEL,
    "roles": {"*": _ELEMENT},
    "groups": {},
    "records": {"*": {"label": _LABEL, "fields": {"*": _ELEMENT}}},
    EDGES: None,
    "tracks": {"*": KIND},
    "kinds": {"*": KIND},
    "clocks": {"*": _ELEMENT},
    "words": {"*": _LABEL},
    "codes": {"*": _LABEL},
}


def by_name(path: Path) -> bool:
    """Whether what stands here is merged by its keys."""
    rules: Rules | None = FILE
    for key in path:
        rules = None if rules is None else rules.get(str(key), rules.get("*"))
    return rules is not None


def merged(base: Part, own: Part, rules: Rules = FILE) -> Part:
    """Return a mapping on top of another one; what is no mapping replaces the other."""
    if not isinstance(base.value, dict) or not isinstance(own.value, dict):
        return own
    theirs, mine = base.entries(), own.entries()
    found = {**theirs, **mine}
    for name in theirs.keys() & mine.keys():
        if name == EDGES and EDGES in rules:
            found[name] = _edges(theirs[name], mine[name])
        elif (inner := rules.get(name, rules.get("*"))) is not None:
            found[name] = merged(theirs[name], mine[name], inner)
    return own.of({name: found[name] for name in _order(theirs, mine)})


def _order(theirs: Collection[str], mine: Collection[str]) -> Iterator[str]:
    waiting: list[str] = []
    before: dict[str, list[str]] = {}
    for name in mine:
        if name in theirs:
            before[name], waiting = waiting, []
        else:
            waiting.append(name)
    for name in theirs:
        yield from before.get(name, ())
        yield name
    yield from waiting


def trigger(edge: Part) -> str | None:
    """Return the trigger of an edge, None where it has none."""
    named = edge.entries().get("trigger")
    return named.value if named is not None and isinstance(named.value, str) else None


def _edges(base: Part, own: Part) -> Part:
    if not isinstance(base.value, list) or not isinstance(own.value, list):
        return own
    theirs = {trigger(edge) for edge in base.elements()} - {None}
    found: list[Part] = []
    again: dict[str, list[Part]] = {}
    for edge in own.elements():
        name = trigger(edge)
        (again.setdefault(name, []) if name and name in theirs else found).append(edge)
    for edge in base.elements():
        name = trigger(edge)
        if name not in again:
            found.append(edge)
        else:
            found += again[name]
            again[name] = []
    return own.of(found)


def lifecycles(file: Part) -> Iterator[Part]:
    """Yield the file itself and its track kinds: whatever has edges."""
    yield file
    for section in KINDS:
        if (kinds := file.entries().get(section)) is not None:
            yield from kinds.entries().values()


def triggers(file: Part) -> set[str]:
    """Return the triggers of all lifecycles in a file."""
    edges = (one.entries().get(EDGES) for one in lifecycles(file))
    return {name for part in edges if part is not None for edge in part.elements() if (name := trigger(edge))}


def reduced(file: Part, without: Mapping[str, Collection[str]]) -> Part:
    """Return a file without the elements that are named, per section; `triggers` are left out of every lifecycle."""
    gone = without.get(TRIGGERS, ())

    def kept(lifecycle: Part) -> Part:
        return _at(lifecycle, EDGES, list, lambda part: [one for one in part.elements() if trigger(one) not in gone])

    file = kept(file)
    for section in KINDS:
        file = _at(file, section, dict, lambda part: {name: kept(kind) for name, kind in part.entries().items()})
    for section, names in without.items():
        file = _at(file, section, dict, partial(_others, names))
    return file


def _others(names: Collection[str], part: Part) -> dict[str, Part]:
    return {name: one for name, one in part.entries().items() if name not in names}


def _at(file: Part, key: str, kind: type, change: Callable[[Part], dict[str, Part] | list[Part]]) -> Part:
    """Return a mapping with one of its values changed, where it has a value of that kind there."""
    entries = file.entries()
    part = entries.get(key)
    return (
        file if part is None or not isinstance(part.value, kind) else file.of({**entries, key: part.of(change(part))})
    )
