"""`extends`: from a file and those that it builds on to one document, of which every value knows where it stands.

1. The base is a workflow that was given, a bundled workflow or base, or a file beside the file. It may have a base in
   turn, `DEEPEST` of them at most, and never itself.
2. What the file leaves out (`without`) is taken from the base; then the file is put on top (`_merge`).
3. A track kind with `like` is put on top of the kind of that name among `kinds`, its own or the base's.
4. Name and version are the file's own. The keys that are about files are gone from what comes out.

What is not here: whether the result is a workflow. It is judged as if it had been written in one file.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import attrs
from attrs import define, field, frozen

from proeftuin.core.faults import Fault, did_you_mean
from proeftuin.core.workflow import Workflow
from proeftuin.definitions._dump import canonical
from proeftuin.definitions._heading import LIKE, Heading, Without
from proeftuin.definitions._merge import KIND, KINDS, TRIGGERS, Part, Source, by_name, merged, reduced, triggers
from proeftuin.definitions._shapes import keys_of
from proeftuin.definitions._sources import Unreadable, beside, bundled_source, source_of
from proeftuin.definitions._structure import structure
from proeftuin.definitions._tree import BROKEN, Tree
from proeftuin.definitions._tree import Path as Keys
from proeftuin.definitions.catalogue import bundled_bases, bundled_files

DEEPEST = 8
_SAID = ("extends", "without", "base")  # keys about files that a document has no more
_OWN = ("format", "workflow", "version")  # keys that no file has from its base


@frozen(eq=False)
class Document:
    """What a file comes to with its bases.

    Attributes:
        value: plain values, or `BROKEN`.
        origins: where the parts of it stand that were put together; the empty path is the file itself.
        faults: of the texts, and of what was to be put together, each with its place.
        fragment: the name under which others build on it, where it is a base for them and no workflow.
        whole: whether its base was there; otherwise what is missing in it is not known.
        base: the plain values of that base, None where there is none.
        base_from: where that base was read from, None likewise.
    """

    value: Any
    origins: Mapping[Keys, Part]
    faults: tuple[Fault, ...]
    fragment: str | None
    whole: bool
    base: Any
    base_from: Path | Workflow | None

    @property
    def name(self) -> str:
        """The name of the file itself."""
        return self.origins[()].source.name

    def misses(self, path: Keys) -> bool:
        """Whether a key that is not there has to be: a base that was not had, or who builds on a base, may bring it."""
        return (self.whole and not self.fragment) or path in {("format",), ("version",)} or not by_name(path[:-1])

    def fault(self, one: Fault) -> Fault:
        """Return a fault of the document with its file, line and column."""
        end = next(end for end in range(len(one.path), -1, -1) if one.path[:end] in self.origins)
        part = self.origins[one.path[:end]]
        line, column = part.source.tree.place((*part.path, *one.path[end:]), key=one.key)
        return Fault(one.code, one.text, one.path, one.level, part.source.name, line, column)


@define
class _Reader:
    """Reads a file with its bases, and collects the faults of all."""

    given: Mapping[tuple[str, int], Workflow]
    faults: list[Fault] = field(factory=list)
    whole: bool = True
    base: Part | None = None
    base_from: Path | Workflow | None = None

    def file(self, source: Source, path: Path | None, above: tuple[Path, ...]) -> tuple[Part, Heading]:
        """Return a file on top of its base, and what it says about files; `above` is how it was come by."""
        self.faults += (attrs.evolve(one, file=source.name) for one in source.tree.faults)
        own = Part(source.tree.value, source)
        said = {key: one.value for key, one in own.entries().items() if key in _SAID}
        heading, problems = structure(said, Heading)
        for one in problems:
            self._refuse(one.code, one.text, source, *one.path, key=one.key)
        if heading is None:
            self.whole, heading = False, Heading()
        self._misplaced(own, heading, source)
        base = self._base(own, heading, path, above)
        own = _less(own, _SAID)
        return self._like(own if base is None else merged(base, own)), heading

    def _refuse(self, code: str, text: str, source: Source, *path: str | int, key: bool = False) -> None:
        if code:
            self.faults.append(Fault(code, text, path, "error", source.name, *source.tree.place(path, key=key)))

    def _misplaced(self, own: Part, heading: Heading, source: Source) -> None:
        """Report keys about files that do not go together."""
        entries = own.entries()
        if heading.base is None and "kinds" in entries:
            text = "`kinds` belongs in a `base`, for others to take over"
            self._refuse("misplaced-key", text, source, "kinds", key=True)
        if heading.base is not None and "workflow" in entries:
            text = "a file is a `base` or a `workflow`; leave one of the two out"
            self._refuse("misplaced-key", text, source, "workflow", key=True)
        if "without" in entries and "extends" not in entries:
            text = "`without` leaves things out of what `extends` names, and that is not there"
            self._refuse("misplaced-key", text, source, "without", key=True)

    def _base(self, own: Part, heading: Heading, path: Path | None, above: tuple[Path, ...]) -> Part | None:
        """Return the base as this file wants it, None where it has none, or none that can be had."""
        source = own.source
        if heading.extends is None:
            return None
        try:
            found = self._found(heading.extends, path, above)
        except Unreadable as error:
            self._refuse(error.code, error.text, source, "extends")
            self.whole = False
            return None
        if not isinstance(found.value, dict):
            if found.value is not BROKEN:
                self._refuse("wrong-type", "a file holds a mapping, which begins with `format: 1`", found.source)
            self.whole = False
            return None
        if "workflow" in own.entries() and _id(own) == _id(found):
            text = "this is the name and version of the base; give this file a name or a version of its own"
            self._refuse("same-as-base", text, source, "workflow")
        self.base = found  # that of the file itself comes last
        return self._without(_less(found, _OWN), heading.without, source)

    def _found(self, name: str, path: Path | None, above: tuple[Path, ...]) -> Part:
        """Return the base of this name.

        Raises:
            Unreadable: there is none, or it cannot be the base of this file.
        """
        if "." in name:
            file = beside(path, name)
            source = source_of(file)[0]
        else:
            known = self._known(name)
            if isinstance(known, Workflow):
                self.base_from = known
                return Part(json.loads(canonical(known)), Source(known.id, Tree()))
            file, source = known, bundled_source(known)
        if file.resolve() in above:
            raise Unreadable("circular-base", f"`{name}` builds on this file itself")
        if len(above) == DEEPEST:
            raise Unreadable("too-many-bases", f"files build on each other at most {DEEPEST} deep; put some together")
        part, _ = self.file(source, file, (*above, file.resolve()))
        self.base_from = file  # after those of its own bases: that of the file itself comes last
        return part

    def _known(self, name: str) -> Path | Workflow:
        """Return what has this name: a workflow that was given, or else the file of a bundled workflow or base."""
        known: dict[tuple[str, int], Path | Workflow] = {**bundled_bases(), **bundled_files(), **self.given}
        word, _, version = name.partition("@")
        versions = [number for other, number in known if other == word]
        wanted = int(version) if version else max(versions, default=0)
        if wanted not in versions:
            words = [f"{word}@{number}" for number in sorted(versions)] or sorted({other for other, _ in known})
            raise Unreadable("unknown-base", f"there is no workflow or base `{name}`{did_you_mean(name, words)}")
        return known[word, wanted]

    def _without(self, base: Part, named: tuple[str, ...] | Without, source: Source) -> Part:
        """Return the base without what the file leaves out."""
        short = isinstance(named, tuple)
        without = Without(triggers=named) if isinstance(named, tuple) else named
        gone = {key.name: getattr(without, key.attribute) for key in keys_of(Without)}
        for section, names in gone.items():
            part = base.entries().get(section)
            known = triggers(base) if section == TRIGGERS else part.entries() if part else ()
            for place, name in enumerate(names):
                if name not in known:
                    text = f"the base has no {section[:-1]} `{name}` to leave out{did_you_mean(name, known)}"
                    self._refuse("not-in-base", text, source, "without", *(() if short else (section,)), place)
        return reduced(base, gone)

    def _like(self, file: Part) -> Part:
        """Return a file whose track kinds have what they take over."""
        tracks, kinds = (file.entries().get(section) for section in KINDS)
        if tracks is None or not any(LIKE in kind.entries() for kind in tracks.entries().values()):
            return file
        known = kinds.entries() if kinds else {}
        found = dict(tracks.entries())
        for name, kind in found.items():
            if (like := kind.entries().get(LIKE)) is not None:
                found[name] = _less(kind, (LIKE,))
                if isinstance(like.value, str) and like.value in known:
                    found[name] = merged(known[like.value], found[name], KIND)
                elif self.whole and like.value is not BROKEN:
                    text = f"the base has no kind of track `{like.value}` to take over"
                    hint = did_you_mean(str(like.value), known)
                    self._refuse("unknown-kind", text + hint, like.source, *like.path)
        return file.of({**file.entries(), "tracks": tracks.of(found)})


def _id(file: Part) -> tuple[object, object]:
    name, version = (file.entries().get(key) for key in ("workflow", "version"))
    return name and name.value, version and version.value


def _less(part: Part, keys: Iterable[str]) -> Part:
    entries = part.entries()
    if not any(key in entries for key in keys):
        return part
    return part.of({key: one for key, one in entries.items() if key not in keys})


def read(given: Path | str, bases: Iterable[Workflow] = ()) -> Document:
    """Return a file, or a text, with all that it builds on.

    Args:
        given: as for `load_workflow`.
        bases: workflows that it may name, beside the bundled ones.

    Raises:
        Unreadable: there is no such file, or it is no text.
    """
    source, path = source_of(given)
    reader = _Reader({(one.name, one.version): one for one in bases})
    part, heading = reader.file(source, path, () if path is None else (path.resolve(),))
    if (kinds := part.entries().get("kinds")) is not None:
        part = _less(part, ("kinds",))
        if heading.base is not None:  # so that they are judged where they are written
            tracks = part.entries().get("tracks")
            judged = kinds if tracks is None else kinds.of({**kinds.entries(), **tracks.entries()})
            part = part.of({**part.entries(), "tracks": judged})
    origins: dict[Keys, Part] = {}
    value = part.plain(origins)
    base = None if reader.base is None else _less(reader.base, ("kinds",)).plain({})
    return Document(value, origins, tuple(reader.faults), heading.base, reader.whole, base, reader.base_from)
