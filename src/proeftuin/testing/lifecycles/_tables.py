"""A workflow by its name, file or value, and its compiled table, whatever guards of a host it uses."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from proeftuin.core.frozen import EMPTY
from proeftuin.core.guards import BUILT_IN, Guard
from proeftuin.core.table import Table, compile_workflow
from proeftuin.core.workflow import FieldRef, Workflow
from proeftuin.definitions import Catalogue, load_workflow

_known: dict[str, Table] = {}


def workflow_of(workflow: Workflow | Path | str, guards: Mapping[str, Guard] = EMPTY) -> Workflow:
    """Return a workflow.

    Args:
        workflow: itself; or its file; or the name of a bundled one, whose highest version is meant.
        guards: the host's guards by name, for a file that uses them.

    Raises:
        DefinitionError: where the file has faults, or is not there.
    """
    if isinstance(workflow, Workflow):
        return workflow
    if isinstance(workflow, str) and workflow in Catalogue().names():
        return Catalogue().get(workflow)
    return load_workflow(workflow, guards=guards)


def known_with(workflow: Workflow, others: Iterable[Path | str | Workflow] = ()) -> tuple[Path | str | Workflow, ...]:
    """Return what an engine must know: a workflow, others that are given, and the bundled ones that it may begin."""
    given = tuple(others)
    there = {workflow.name, *(one.name for one in given if isinstance(one, Workflow))}
    bundled = Catalogue()
    begun = tuple(bundled.get(name) for name in _begun(workflow) if name in {*bundled.names()} - there)
    return (workflow, *given, *begun)


def _begun(workflow: Workflow) -> Iterator[str]:
    """Give the names of the workflows that edges begin pilots of."""
    names: dict[str, None] = {}
    for rule in table_of(workflow).every:
        if rule.edge.starts is not None:
            named = rule.edge.starts.workflow
            choices = rule.fields[named.field].of if isinstance(named, FieldRef) else (named,)
            names.update(dict.fromkeys(str(one) for one in choices or ()))
    yield from names


def table_of(workflow: Workflow) -> Table:
    """Return the table of a workflow, to look at; guards of a host say yes in it, as it is the engine that judges."""
    table = _known.get(workflow.hash)
    if table is None:
        others = {name: Guard(name, _yes) for name in workflow.guards if name not in BUILT_IN}
        table = compile_workflow(workflow, others)
        if workflow.hash:
            _known[workflow.hash] = table
    return table


def _yes(_question: object) -> None:
    return None
