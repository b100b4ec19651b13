"""The lock file: which versions of workflows are published, and what each holds.

1. A line says the hash of one version, and of the base that it was put together with. It is there once and for all:
   publishing adds lines, and neither changes nor removes one.
2. A file in which such a version has other content is refused: by `judge`, for whoever changes files, and by a
   `Catalogue`, for whoever begins pilots by them.
3. The file is sorted, and nothing in it depends on when or where it was written. So two people who publish at the same
   time have a merge that anybody can judge.

What is not here: what a change does to pilots that are running. Those follow what their store keeps.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from attrs import field, frozen

from proeftuin.core.faults import Fault
from proeftuin.definitions._content import Content
from proeftuin.definitions._sources import ENDINGS
from proeftuin.definitions._tree import compose
from proeftuin.definitions._yaml import MAX_BYTES
from proeftuin.definitions.catalogue import LOCK
from proeftuin.errors import DefinitionError

SHOWN = 12
"""How many digits of a hash people read."""

_HEAD = """\
# The published versions of the workflows here, each with the SHA-256 of what it holds, and of the base it stands on.
# `proeftuin publish` adds lines. A line that stands here never changes: a change is the next version.
"""
_ID = r"([a-z][a-z0-9-]*)@([1-9][0-9]{0,6})"
_LINE = re.compile(rf"(base|workflow) {_ID} ([0-9a-f]{{64}})(?: on {_ID} ([0-9a-f]{{64}}))?")
_KEY = re.compile(r"^([a-z]+)\s*:", re.MULTILINE)
_NAMED = re.compile(r"""\b(workflow|base)["']?\s*:""")
_OTHERS = {"scenario", "table", "behaviour"}

Key = tuple[str, str, int]  # kind, name, version


@frozen(order=True)
class Entry:
    """A published version.

    Attributes:
        kind: `base` or `workflow`.
        hash: SHA-256 of what it holds, in hex.
        base: the name and version of what it builds on, `common@1`; None where it builds on nothing.
        base_hash: what that held when this was published.
        line: where it stands in the lock file; 0 where it is not written yet.
    """

    kind: str
    name: str
    version: int
    hash: str
    base: str | None = None
    base_hash: str | None = None
    line: int = 0

    @property
    def id(self) -> str:
        """Its name and version, `common@1`."""
        return f"{self.name}@{self.version}"

    @property
    def key(self) -> Key:
        """What no two entries have in common."""
        return self.kind, self.name, self.version

    def __str__(self) -> str:
        """Return its line in the file."""
        on = "" if self.base is None else f" on {self.base} {self.base_hash}"
        return f"{self.kind} {self.id} {self.hash}{on}"


@frozen
class Lock:
    """A lock file.

    Attributes:
        path: where it is, or would be.
        entries: the published versions; none where there is no such file.
        there: whether there is such a file.
    """

    path: Path
    entries: Mapping[Key, Entry] = field(factory=dict)
    there: bool = False

    def next_version(self, name: str) -> int:
        """Return the first version number of a name behind all that are published."""
        return 1 + max((version for _, known, version in self.entries if known == name), default=0)


def entry_of(content: Content) -> Entry:
    """Return the entry that publishes what a file holds."""
    base = content.base
    on = (None, None) if base is None else (base.id, base.hash)
    return Entry(content.kind, content.name, content.version, content.hash, *on)


def read_lock(path: Path) -> Lock:
    """Return a lock file.

    Raises:
        DefinitionError: with every line that is none, or it cannot be read at all.
    """
    if not path.is_file():
        return Lock(path)
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        problem = f"the lock file cannot be read ({type(error).__name__}); see to it that it can"
        raise DefinitionError([Fault("bad-lock", problem, file=str(path), line=1, column=1)]) from error
    return Lock(path, _entries(path, text), there=True)


def _entries(path: Path, content: str) -> dict[Key, Entry]:
    found: dict[Key, Entry] = {}
    faults: list[Fault] = []
    for number, line in enumerate(content.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        entry = _entry(line, number)
        if entry is None:
            text = "this is no line of a lock file; take back what was written here by hand, or by a merge"
            faults.append(Fault("bad-lock", text, file=str(path), line=number, column=1))
        elif (known := found.setdefault(entry.key, entry)) is not entry:
            text = f"{entry.id} stands on line {known.line} already; keep the line that was published first"
            faults.append(Fault("bad-lock", text, file=str(path), line=number, column=1))
    if faults:
        raise DefinitionError(faults)
    return found


def _entry(line: str, number: int) -> Entry | None:
    match = _LINE.fullmatch(line)
    if match is None:
        return None
    kind, name, version, digest, base, base_version, base_hash = match.groups()
    return Entry(kind, name, int(version), digest, base and f"{base}@{base_version}", base_hash, number)


def write_lock(lock: Lock, new: Iterable[Entry]) -> None:
    """Write a lock file with entries more; it has its name only once it is whole."""
    entries = {**lock.entries, **{one.key: one for one in new}}
    lines = (f"{entries[key]}\n" for key in sorted(entries))
    part = lock.path.with_name(f".{lock.path.name}.part")
    try:
        part.write_text(f"{_HEAD}\n{''.join(lines)}", encoding="utf-8", newline="\n")
        part.replace(lock.path)
    finally:
        part.unlink(missing_ok=True)


def nearest(file: Path) -> Path | None:
    """Return the lock file that a workflow file falls under: in its folder, or in the one that has `NAME/v1.yaml`."""
    folders = (file.absolute().parent, file.absolute().parent.parent)
    return next((found for one in folders if (found := one / LOCK).is_file()), None)


def workflow_files(folder: Path) -> list[Path]:
    """Return the files of workflows and bases in a folder and below: they say `workflow` or `base`, and `version`.

    Folders whose names begin with a dot are left out, as what stands there is of some tool.
    """
    files = (file for file in sorted(folder.glob("**/*")) if file.suffix in ENDINGS and file.is_file())
    return [file for file in files if not _hidden(file, folder) and _is_workflow(file)]


def _hidden(file: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in file.relative_to(folder).parts)


def _is_workflow(file: Path) -> bool:
    """Whether a file looks like a workflow or a base; scenarios and behaviours name a workflow too.

    Most say so at the beginnings of lines, which is seen soon, and however faulty the rest is. Where keys stand in
    quotes or further on, as in JSON, the text has to be taken apart; `format` then tells it from the file of some tool.
    """
    with file.open("rb") as opened:
        text = opened.read(MAX_BYTES).decode("utf-8-sig", "replace")
    keys = set(_KEY.findall(text))
    if keys & _OTHERS or _says(keys) or not _NAMED.search(text):
        return _says(keys)
    keys = {str(path[0]) for path in compose(text).keys if len(path) == 1}
    return "format" in keys and _says(keys)


def _says(keys: set[str]) -> bool:
    return "version" in keys and not keys & _OTHERS and bool(keys & {"workflow", "base"})


def judge(lock: Lock, contents: Mapping[Path, Content], *, whole: bool) -> Iterator[Fault]:
    """Give every difference between files and what is published.

    Args:
        lock: what is published.
        contents: what each file holds.
        whole: whether these are all files that there are; otherwise nothing is said of entries without one.
    """
    seen: dict[Key, Path] = {}
    for file, content in contents.items():
        entry = entry_of(content)
        other = seen.setdefault(entry.key, file)
        if other != file:
            text = f"{other} is {content.id} too; give one of the two another name or version"
            yield _fault("same-version", text, file)
        else:
            yield from _differences(lock, content, file)
    for key, entry in lock.entries.items() if whole else ():
        if key not in seen:
            text = f"{entry.id} is published, and its file is gone: pilots may follow it; put the file back"
            yield Fault("lost-version", text, file=str(lock.path), line=entry.line, column=1)


def _differences(lock: Lock, content: Content, file: Path) -> Iterator[Fault]:
    entry = lock.entries.get(entry_of(content).key)
    if entry is None:
        text = f"{content.id} is not published; `proeftuin publish {file}` does that, once it is to stay as it is"
        yield _fault("not-published", text, file)
    elif entry.hash != content.hash:
        yield changed(lock, entry, content, file)
    elif (entry.base, entry.base_hash) != _standing_on(content):
        text = f"{content.id} holds what was published, and {_moved(entry, content)}; name its base with the version"
        yield _fault("changed-base", text, file, level="warning")


def changed(lock: Lock, entry: Entry, content: Content, file: Path) -> Fault:
    """Return the fault of a file in which a published version has other content."""
    since = (entry.base, entry.base_hash) != _standing_on(content)
    why = f" ({_moved(entry, content)})" if since else ""
    text = (
        f"{content.id} is published as {entry.hash[:SHOWN]} and this is {content.hash[:SHOWN]}{why}: pilots follow "
        f"what was published, so put the file back as it was, and write the change into a copy of it with "
        f"`version: {lock.next_version(content.name)}`"
    )
    return _fault("changed-version", text, file)


def _standing_on(content: Content) -> tuple[str | None, str | None]:
    return (None, None) if content.base is None else (content.base.id, content.base.hash)


def _moved(entry: Entry, content: Content) -> str:
    """Return how the base of a version is another one than when it was published."""
    base, digest = _standing_on(content)
    was = "no base" if entry.base_hash is None else f"{entry.base} as {entry.base_hash[:SHOWN]}"
    now = "on none" if digest is None else f"on {base} as {digest[:SHOWN]}"
    return f"it was published on {was}, and stands {now}"


def _fault(code: str, text: str, file: Path, level: str = "error") -> Fault:
    return Fault(code, text, level=level, file=str(file), line=1, column=1)
