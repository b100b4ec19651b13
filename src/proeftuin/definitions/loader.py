"""Reads workflow files: `load_workflow` gives a `Workflow`, or all faults at once, each with its line and column.

Nothing named in a file is ever imported or called: a guard is looked up in the registry, and compared. What reads YAML
is imported when the first file is read, as an engine may never read one.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from proeftuin.core.faults import Fault
from proeftuin.core.frozen import EMPTY
from proeftuin.core.workflow import Workflow
from proeftuin.errors import BadArgument, DefinitionError

if TYPE_CHECKING:
    from proeftuin.core.guards import Guard
    from proeftuin.core.migration.declared import Migration
    from proeftuin.core.migration.moving import Unknown
    from proeftuin.core.value_tables import ValueTable
    from proeftuin.definitions.differs import OnTop
    from proeftuin.definitions.lock import Entry

Source = Path | str


def load_workflow(source: Source, *, guards: "Mapping[str, Guard]" = EMPTY, bases: Iterable[Workflow] = ()) -> Workflow:
    """Return the workflow of a file or a text.

    Args:
        source: a path; a `str` is the text itself where it holds a new line, and a path otherwise. UTF-8, YAML 1.2 or
            JSON, at most 256 kB.
        guards: the host's own guards, by the name that the file may use.
        bases: workflows that the file may name in `extends`, beside the bundled ones and the files in its folder.

    Raises:
        DefinitionError: with every fault, in the order of the text.
        BadArgument: `source` is neither a path nor a text, or something else is given as guards or bases.
    """
    from proeftuin.definitions._examine import examine  # noqa: PLC0415  # see the head of this module

    workflow, faults = examine(_checked(source), _guards(guards), bases=_bases(bases), start=True)
    errors = [fault for fault in faults if fault.level == "error"]
    if workflow is None or errors:
        raise DefinitionError(errors)
    return workflow


def lint_workflow(
    source: Source,
    *,
    guards: "Mapping[str, Guard]" = EMPTY,
    metrics: Collection[str] | None = None,
    bases: Iterable[Workflow] = (),
) -> tuple[Fault, ...]:
    """Return every fault of a file or text, warnings included, in the order of the text; those of its bases come last.

    Args:
        source: as for `load_workflow`.
        guards: as for `load_workflow`.
        metrics: the names of the metrics there are; None means the built-in ones.
        bases: as for `load_workflow`.

    Raises:
        BadArgument: as for `load_workflow`.
    """
    from proeftuin.definitions._examine import examine  # noqa: PLC0415  # see the head of this module

    return examine(_checked(source), _guards(guards), metrics, _bases(bases))[1]


def on_top(source: Source, *, bases: Iterable[Workflow] = ()) -> "OnTop | None":
    """Return what a workflow file has other than the workflow that it builds on.

    Args:
        source: as for `load_workflow`.
        bases: as for `load_workflow`.

    Returns:
        None where it builds on no workflow, or one of the two has faults of form.

    Raises:
        BadArgument: as for `load_workflow`.
    """
    from proeftuin.definitions import _examine  # noqa: PLC0415  # see the head of this module

    return _examine.on_top(_checked(source), _bases(bases))


def publish(
    path: Path, *, guards: "Mapping[str, Guard]" = EMPTY, bases: Iterable[Workflow] = ()
) -> "tuple[Entry, ...]":
    """Publish what a workflow file, or each one in a folder, holds: its version never changes from here on.

    Args:
        path: a file, or a folder, which is searched with all below it. The lock file is `workflows.lock` in the
            folder; for a file the one it falls under already (in its folder, or the one above), or a new one beside it.
        guards: as for `load_workflow`.
        bases: as for `load_workflow`.

    Returns:
        What was added to the lock file; nothing where all was published before.

    Raises:
        DefinitionError: with the faults of the files, and every published version that a file has with other content.
            Nothing was written.
        OSError: the lock file cannot be written.
        BadArgument: there is no such file or folder, or no workflow in it; or as for `load_workflow`.
    """
    from proeftuin.definitions import publishing  # noqa: PLC0415  # see the head of this module

    return publishing.publish(path, guards=_guards(guards), bases=_bases(bases))


def lint_locked(
    path: Path, *, guards: "Mapping[str, Guard]" = EMPTY, bases: Iterable[Workflow] = ()
) -> tuple[Fault, ...]:
    """Return how workflow files differ from what is published; faults of the files themselves are `lint_workflow`'s.

    Args:
        path: as for `publish`.
        guards: as for `load_workflow`.
        bases: as for `load_workflow`.

    Raises:
        BadArgument: as for `publish`.
    """
    from proeftuin.definitions import publishing  # noqa: PLC0415  # see the head of this module

    return publishing.lint_locked(path, guards=_guards(guards), bases=_bases(bases))


def load_value_table(source: Source) -> "ValueTable":
    """Return the value table of a file or text, by which efforts of social return are valued.

    Args:
        source: as for `load_workflow`.

    Raises:
        DefinitionError: with every fault, in the order of the text.
        BadArgument: as for `load_workflow`.
    """
    from proeftuin.definitions._value_tables import load  # noqa: PLC0415  # see the head of this module

    return load(_checked(source))


def load_migration(source: Source, unknown: "Callable[[Migration], Iterable[Unknown]]") -> "Migration":
    """Return the plan of a migration from a file or text.

    Args:
        source: as for `load_workflow`.
        unknown: gives the words of a plan that its workflow does not have: where, which, and those that there are.

    Raises:
        DefinitionError: with every fault, in the order of the text.
        BadArgument: as for `load_workflow`.
    """
    from proeftuin.definitions._plans import load  # noqa: PLC0415  # see the head of this module

    return load(_checked(source), unknown)


def migration_text(plan: "Migration", open_clocks: Mapping[str, str], notes: Iterable[str] = ()) -> str:
    """Return the text of a plan's file, for people to review and complete.

    Args:
        plan: what is decided.
        open_clocks: the clocks of which nobody has said what becomes of them, and how each changed.
        notes: what stands above it, as comments.
    """
    from proeftuin.definitions._plans import text_of  # noqa: PLC0415  # see the head of this module

    return text_of(plan, open_clocks, notes)


def is_workflow_name(text: str) -> bool:
    """Whether a workflow may be called so: a-z, 0-9 and -, beginning with a letter, at most 64 characters."""
    from proeftuin.definitions._forms import CODE  # noqa: PLC0415  # see the head of this module

    return CODE.fits(text)


def starting_file(name: str, base: Workflow, extends: str, *, lang: str = "en") -> str:
    """Return the text of a workflow file to start with: on top of another one, with what to change as comments.

    Args:
        name: of the new workflow.
        base: what it builds on.
        extends: how the file is to name that: `existing-contract@1`, or a file in its folder.
        lang: of the comments, `en` or `nl`.
    """
    from proeftuin.definitions import _starting  # noqa: PLC0415  # see the head of this module

    return _starting.starting_file(name, base, extends, lang=lang)


def dump(workflow: Workflow) -> bytes:
    """Return a workflow as canonical JSON, in UTF-8, of which `workflow.hash` is the SHA-256."""
    from proeftuin.definitions._dump import canonical  # noqa: PLC0415  # see the head of this module

    return canonical(workflow)


def parse(data: bytes) -> Workflow:
    """Return the workflow that `dump` wrote.

    Raises:
        DefinitionError: these bytes are not what `dump` writes.
    """
    from proeftuin.definitions import _examine  # noqa: PLC0415  # see the head of this module

    return _examine.parse(data)


def _checked(source: object) -> Source:
    if isinstance(source, Path | str):
        return source
    raise BadArgument("source", "must be the path of a workflow file, or its text")


def _guards(guards: object) -> "Mapping[str, Guard]":
    from proeftuin.core.guards import Guard  # noqa: PLC0415  # see the head of this module

    if isinstance(guards, Mapping) and all(isinstance(one, Guard) for one in guards.values()):
        return guards
    raise BadArgument("guards", "must be guards by name; make guards with @guard")


def _bases(bases: object) -> tuple[Workflow, ...]:
    found = tuple(bases) if isinstance(bases, Iterable) else (None,)
    if all(isinstance(one, Workflow) for one in found):
        return found
    raise BadArgument("bases", "must be workflows, as `load_workflow` gives them")
