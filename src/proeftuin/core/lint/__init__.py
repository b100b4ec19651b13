"""The faults of a workflow, each with a stable code and its path in the file.

    _scope     what a workflow declares, and where its edges are          _report    how faults are collected
    _names     names that are taken, reserved or point nowhere            _fields    fields of records and data
    _edges     what one edge says; pairs of edges that can both hold      _records   what edges do to records
    _guards    guards and their parameters                                _clocks    terms that can never be due
    _graph     states that cannot be reached, left, or finished           _words     missing translations, unused names

An *error* refuses the workflow: it names what does not exist, or can never do what it says. A *warning* is about a
workflow that runs, but not as its readers would like. References are told even where the rest of the file has faults;
what follows from the whole (reachability, ambiguity, translations) only where that has none, and where nothing that it
would follow from is at fault: a misspelt state is one fault, and not one for each state behind it.

What is not here: whether the text has the form of a workflow file at all (`definitions`).
"""

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING

from proeftuin.core.faults import Fault
from proeftuin.core.lint import _clocks, _edges, _fields, _graph, _guards, _names, _records, _words
from proeftuin.core.lint._report import Report
from proeftuin.core.lint._scope import Scope, too_many
from proeftuin.core.workflow import Workflow

if TYPE_CHECKING:
    from proeftuin.core.guards import Guard

_LOCAL: tuple[Callable[[Scope, Report], None], ...] = (
    _names.check, _fields.check, _edges.check, _records.check, _guards.check, _clocks.check,
)  # fmt: skip
_WHOLE: tuple[Callable[[Scope, Report], None], ...] = (
    _edges.check_pairs, _graph.check, _clocks.check_due, _words.check,
)  # fmt: skip


def references(workflow: Workflow, guards: "Mapping[str, Guard]") -> tuple[Fault, ...]:
    """Return the faults of single elements: what points nowhere, or says what it cannot.

    Args:
        workflow: possibly with gaps, where the loader found faults.
        guards: all guards there are, by name.
    """
    report = Report()
    scope = Scope(workflow, guards)
    too_many(scope, report)
    if not report.faults:
        for check in _LOCAL:
            check(scope, report)
    return tuple(report.faults)


def lint(
    workflow: Workflow, guards: "Mapping[str, Guard]", *, metrics: Collection[str] | None = None
) -> tuple[Fault, ...]:
    """Return all faults of a workflow, errors first.

    Args:
        workflow: as the loader made it.
        guards: all guards there are, by name.
        metrics: the names of the metrics there are; None leaves `metrics` unchecked.
    """
    report = Report(list(references(workflow, guards)))
    if not any(fault.code == "too-many" for fault in report.faults):
        scope = Scope(workflow, guards)
        for check in _WHOLE:
            check(scope, report)
        for place, name in enumerate(workflow.metrics if metrics is not None else ()):
            report.known("metric", name, metrics or (), "metrics", place)
    return tuple(sorted(report.faults, key=lambda fault: fault.level))
