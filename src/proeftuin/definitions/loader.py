"""Reads workflow files: `load_workflow` gives a `Workflow`, or all faults at once, each with its line and column.

Nothing named in a file is ever imported or called: a guard is looked up in the registry, and compared. What reads YAML
is imported when the first file is read, as an engine may never read one.
"""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from proeftuin.core.faults import Fault
from proeftuin.core.frozen import EMPTY
from proeftuin.core.workflow import Workflow
from proeftuin.errors import BadArgument, DefinitionError

if TYPE_CHECKING:
    from proeftuin.core.guards import Guard

Source = Path | str


def load_workflow(source: Source, *, guards: "Mapping[str, Guard]" = EMPTY) -> Workflow:
    """Return the workflow of a file or a text.

    Args:
        source: a path; a `str` is the text itself where it holds a new line, and a path otherwise. UTF-8, YAML 1.2 or
            JSON, at most 256 kB.
        guards: the host's own guards, by the name that the file may use.

    Raises:
        DefinitionError: with every fault, in the order of the text.
        BadArgument: `source` is neither a path nor a text.
    """
    from proeftuin.definitions._examine import examine  # noqa: PLC0415  # see the head of this module

    workflow, faults = examine(_checked(source), guards)
    errors = [fault for fault in faults if fault.level == "error"]
    if workflow is None or errors:
        raise DefinitionError(errors)
    return workflow


def lint_workflow(
    source: Source, *, guards: "Mapping[str, Guard]" = EMPTY, metrics: Collection[str] | None = None
) -> tuple[Fault, ...]:
    """Return every fault of a file or text, warnings included, in the order of the text.

    Args:
        source: as for `load_workflow`.
        guards: as for `load_workflow`.
        metrics: the names of the metrics there are; None means the built-in ones.

    Raises:
        BadArgument: as for `load_workflow`.
    """
    from proeftuin.definitions._examine import examine  # noqa: PLC0415  # see the head of this module

    return examine(_checked(source), guards, metrics)[1]


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
