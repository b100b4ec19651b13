"""The workflows that there are: bundled ones, parsed on first use, or those that a host gives.

Names are looked up in what was found beforehand, and never joined into a path.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from proeftuin.core.faults import Fault
from proeftuin.core.frozen import EMPTY
from proeftuin.core.workflow import Workflow
from proeftuin.definitions.loader import load_workflow
from proeftuin.errors import BadArgument, DefinitionError, UnknownWorkflow

if TYPE_CHECKING:
    from proeftuin.core.guards import Guard

_FOLDER = re.compile(r"[a-z][a-z0-9-]{0,63}")
_FILE = re.compile(r"v([1-9][0-9]{0,5})\.yaml")
_ID = re.compile(r"([a-z][a-z0-9-]*)(?:@([1-9][0-9]{0,5}))?")

LOCK = "workflows.lock"
"""The file that says which versions are published, in the folder of the workflows."""

Id = tuple[str, int]


def bundled_folder() -> Path:
    """Return the folder of the bundled workflows: in the package, or beside `src` in an editable install."""
    here = Path(__file__).resolve()
    inside = here.parents[1] / "workflows"
    return inside if inside.is_dir() else here.parents[3] / "workflows"


def scenario_folder() -> Path:
    """Return the folder of the bundled scenario files."""
    return bundled_folder() / "scenarios"


def sample_tables() -> Mapping[str, Path]:
    """Return the files of the value tables that come along, by their ids: samples, none of them a truth."""
    return {path.stem: path for path in sorted((bundled_folder() / "tables").glob("*.yaml"))}


def bundled_files() -> Mapping[Id, Path]:
    """Return the file of every bundled workflow, by name and version: `<name>/v<version>.yaml`."""
    return _versions(bundled_folder())


def bundled_bases() -> Mapping[Id, Path]:
    """Return the files that bundled workflows share, by name and version: `bases/<name>/v<version>.yaml`."""
    return _versions(bundled_folder() / "bases")


def _versions(root: Path) -> dict[Id, Path]:
    found: dict[Id, Path] = {}
    for folder in sorted(root.iterdir()) if root.is_dir() else ():
        for path in sorted(folder.glob("v*.yaml")) if _FOLDER.fullmatch(folder.name) else ():
            if match := _FILE.fullmatch(path.name):
                found[folder.name, int(match[1])] = path
    return found


@cache
def _bundled(name: str, version: int, path: Path) -> Workflow:
    """Return a bundled workflow, parsed once per process: the file is part of the installation and the value frozen."""
    workflow = load_workflow(path)
    if (workflow.name, workflow.version) != (name, version):
        text = f"this is {workflow.id}, in the place of {name}@{version}; move it, or mend `workflow` and `version`"
        raise DefinitionError([Fault("misplaced", text, ("workflow",), file=str(path), line=1, column=1)])
    _check_published(workflow, path, bundled_folder() / LOCK)
    return workflow


def _check_published(workflow: Workflow, path: Path, lock: Path | None = None) -> None:
    from proeftuin.definitions.publishing import check_published  # noqa: PLC0415  # what reads files comes on first use

    check_published(workflow, path, lock)


class Catalogue:
    """The workflows that an engine knows.

    Args:
        sources: files and workflows; None means the bundled ones, which are parsed when first asked for. A file may
            build on what stands before it, and on the bundled ones.
        guards: the host's guards by name, that files may use.

    Raises:
        DefinitionError: a file has faults, or holds something else than was published under its version.
        BadArgument: two different workflows have the same name and version.
    """

    def __init__(
        self, sources: Iterable[Path | str | Workflow] | None = None, *, guards: "Mapping[str, Guard]" = EMPTY
    ) -> None:
        self._workflows: dict[Id, Workflow] = {}
        self._files: Mapping[Id, Path] = bundled_files() if sources is None else {}
        for source in sources or ():
            self._add(source if isinstance(source, Workflow) else self._read(source, guards))

    def _read(self, source: Path | str, guards: "Mapping[str, Guard]") -> Workflow:
        workflow = load_workflow(source, guards=guards, bases=self._workflows.values())
        if isinstance(source, Path) or "\n" not in source:
            _check_published(workflow, Path(source))
        return workflow

    def _add(self, workflow: Workflow) -> None:
        known = self._workflows.setdefault((workflow.name, workflow.version), workflow)
        if known != workflow:
            raise BadArgument("workflows", f"there are two different workflows {workflow.id}; give one a new version")

    def ids(self) -> tuple[str, ...]:
        """Return the known workflows with their versions, `existing-contract@1`, in order."""
        return tuple(f"{name}@{version}" for name, version in sorted({*self._workflows, *self._files}))

    def names(self) -> tuple[str, ...]:
        """Return the names of the known workflows, in order."""
        return tuple(sorted({name for name, _ in (*self._workflows, *self._files)}))

    def get(self, workflow: str) -> Workflow:
        """Return a workflow.

        Args:
            workflow: a name, for its highest version, or a name and version, `existing-contract@1`.

        Raises:
            UnknownWorkflow: there is none of this name and version.
            DefinitionError: its file has faults, or holds something else than was published.
        """
        match = _ID.fullmatch(workflow)
        versions = {version for name, version in (*self._workflows, *self._files) if match and name == match[1]}
        wanted = int(match[2]) if match and match[2] else max(versions, default=0)
        if match is None or wanted not in versions:
            raise UnknownWorkflow(workflow, self.ids() if versions else self.names())
        key = match[1], wanted
        return self._workflows[key] if key in self._workflows else _bundled(*key, self._files[key])
