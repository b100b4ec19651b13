"""Publishing: from workflow files to the lines of a lock file, and whether the two still agree.

A file with a fault is never published, and where one of several is refused, none is.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from proeftuin.core.faults import Fault
from proeftuin.core.frozen import EMPTY
from proeftuin.core.workflow import Workflow
from proeftuin.definitions._content import Content, content_of
from proeftuin.definitions.catalogue import LOCK
from proeftuin.definitions.lock import (
    Entry,
    Lock,
    changed,
    entry_of,
    judge,
    nearest,
    read_lock,
    workflow_files,
    write_lock,
)
from proeftuin.errors import BadArgument, DefinitionError

if TYPE_CHECKING:
    from proeftuin.core.guards import Guard


@frozen
class _Files:
    """Workflow files, and what they hold.

    Attributes:
        whole: whether these are all that the lock file is about, and all of them could be read.
        faults: of the files themselves.
    """

    lock: Lock
    contents: Mapping[Path, Content]
    whole: bool
    faults: tuple[Fault, ...]


def publish(path: Path, *, guards: "Mapping[str, Guard]" = EMPTY, bases: Iterable[Workflow] = ()) -> tuple[Entry, ...]:
    """Write the lines of the lock file; see `proeftuin.definitions.publish`."""
    found = _read(path, guards, tuple(bases))
    judged = (*found.faults, *judge(found.lock, found.contents, whole=False))
    refused = [one for one in judged if one.level == "error" and one.code != "not-published"]
    if refused:
        raise DefinitionError(refused)
    entries = sorted(entry_of(one) for one in found.contents.values())
    new = tuple(one for one in entries if one.key not in found.lock.entries)
    if new:
        write_lock(found.lock, new)
    return new


def lint_locked(
    path: Path, *, guards: "Mapping[str, Guard]" = EMPTY, bases: Iterable[Workflow] = ()
) -> tuple[Fault, ...]:
    """Return how files differ from what is published; see `proeftuin.definitions.lint_locked`."""
    try:
        found = _read(path, guards, tuple(bases))
    except DefinitionError as error:
        return error.faults
    if not found.lock.there:
        text = f"nothing is published here: there is no {LOCK}; `proeftuin publish {path}` writes it"
        return (Fault("no-lock", text, file=str(path), line=1, column=1),)
    return tuple(judge(found.lock, found.contents, whole=found.whole))


def check_published(workflow: Workflow, file: Path, lock: Path | None = None) -> None:
    """Refuse a workflow that was read from a file, where that version was published with other content.

    Args:
        workflow: what was read.
        file: from where.
        lock: the lock file that it falls under, where that is not the nearest one.

    Raises:
        DefinitionError: with what to do; or the lock file cannot be read.
    """
    path = nearest(file) if lock is None else lock
    known = Lock(file) if path is None else read_lock(path)
    entry = known.entries.get(("workflow", workflow.name, workflow.version))
    if entry is not None and entry.hash != workflow.hash:
        content = Content("workflow", workflow.name, workflow.version, workflow.hash)
        raise DefinitionError([changed(known, entry, content, file)])


def _read(path: Path, guards: "Mapping[str, Guard]", bases: tuple[Workflow, ...]) -> _Files:
    """Return the workflow files that a path means.

    Raises:
        BadArgument: there is none.
        DefinitionError: the lock file cannot be read.
    """
    from proeftuin.definitions._examine import examine  # noqa: PLC0415  # the catalogue needs only `check_published`

    folder = path.is_dir()
    files = workflow_files(path) if folder else [path]
    if not files or not (folder or path.is_file()):
        raise BadArgument("path", f"there is no workflow file at {path}; name a file, or a folder that has some")
    lock = read_lock(path / LOCK if folder else nearest(path) or path.parent / LOCK)
    faults = tuple(fault for file in files for fault in examine(file, guards, bases=bases)[1])
    contents = {file: found for file in files if (found := content_of(file, bases)) is not None}
    return _Files(lock, contents, folder and len(contents) == len(files), faults)
