"""The work of the loader: from text to a workflow and its faults, each with its place.

1. The text becomes plain values, with places and bounds (`_yaml`, `_tree`).
2. It is put on top of the files that it builds on (`_extend`, `_merge`).
3. The values become the classes of `core.workflow`, strictly (`_shapes`, `_values`, `_structure`).
4. All references are checked (`core.lint`); where step 3 found faults, those of the rest are told too (`_recover`).
"""

import json
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import NoReturn

import attrs

from proeftuin.core.faults import Fault
from proeftuin.core.guards import BUILT_IN, Guard
from proeftuin.core.lint import lint, references
from proeftuin.core.metrics import METRICS
from proeftuin.core.workflow import Workflow
from proeftuin.definitions._dump import content_hash
from proeftuin.definitions._extend import Document, read
from proeftuin.definitions._recover import SECTIONS, rest_of
from proeftuin.definitions._sources import Unreadable
from proeftuin.definitions._structure import Problem, structure
from proeftuin.definitions._tree import BROKEN
from proeftuin.definitions.differs import OnTop, differences
from proeftuin.errors import DefinitionError

MAX_FAULTS = 1_000


def parse(data: bytes) -> Workflow:
    """Return the workflow that `dump` wrote."""
    try:
        workflow, problems = structure(json.loads(data, parse_float=_no_float, parse_constant=_no_float))
        if workflow is not None:
            return _hashed(workflow)  # which half a surrogate pair has no bytes for
    except (ValueError, RecursionError) as error:
        raise DefinitionError([Fault("not-json", f"this is no stored workflow ({type(error).__name__})")]) from None
    raise DefinitionError([Fault(one.code, f"{one.text} (at {one.path})", one.path) for one in problems])


def _no_float(text: str) -> NoReturn:
    raise ValueError(text)


def _hashed(workflow: Workflow) -> Workflow:
    return attrs.evolve(workflow, hash=content_hash(workflow))


def examine(
    source: Path | str,
    guards: Mapping[str, Guard],
    metrics: Collection[str] | None = None,
    bases: Iterable[Workflow] = (),
    *,
    start: bool = False,
) -> tuple[Workflow | None, tuple[Fault, ...]]:
    """Return the workflow of a file or text, as far as there is one, and all faults: its own first, in their order.

    Args:
        source: as for `lint_workflow`, and so are the next three.
        guards: those of the host.
        metrics: None means the built-in ones.
        bases: workflows that may be extended.
        start: whether pilots are to be started by it, which they cannot by a base.
    """
    try:
        document = read(source, bases)
    except Unreadable as unreadable:
        return None, (Fault(unreadable.code, unreadable.text, file=str(source), line=1, column=1),)
    known = {**guards, **BUILT_IN}
    workflow, problems = (None, ()) if document.value is BROKEN else structure(document.value)
    found = list(document.faults)
    if start and document.fragment:
        text = "this is a base, for workflows to extend; no pilot can be started by it"
        found.append(document.fault(Fault("only-a-base", text, ("base",))))
    if workflow is None or not document.whole:
        found += _told(document, problems)
        found += _of_the_rest(document, problems, known)
    else:
        workflow = _hashed(workflow)
        faults = lint(workflow, known, metrics=METRICS if metrics is None else metrics)
        found += (document.fault(fault) for fault in faults)
    return workflow, _ordered(found, document.name)


def on_top(source: Path | str, bases: Iterable[Workflow]) -> OnTop | None:
    """Return what a file has other than the workflow that it builds on, None where one of the two is none."""
    try:
        document = read(source, bases)
    except Unreadable:
        return None
    base, own = (structure(value)[0] for value in (document.base, document.value))
    return differences(base, own) if base is not None and own is not None else None


def _told(document: Document, problems: Iterable[Problem]) -> list[Fault]:
    """Return the faults of the form; what a base may yet bring, or what others are to add to a base, is not missed."""
    return [
        document.fault(Fault(one.code, one.text, one.path, key=one.key))
        for one in problems
        if one.code and not (one.code == "missing-key" and not document.misses(one.path))
    ]


def _of_the_rest(document: Document, problems: tuple[Problem, ...], guards: Mapping[str, Guard]) -> list[Fault]:
    """Return the faults of references in a document that is at fault elsewhere, or is a base."""
    if not document.whole or not 0 < len(problems) <= MAX_FAULTS:
        return []
    if document.fragment:
        problems += tuple(Problem("", "", (section,)) for section in SECTIONS if section not in document.value)
    rest = rest_of(document.value, problems)
    if rest is None:
        return []
    told = (fault for fault in references(rest.workflow, guards) if rest.tells(fault))
    return [document.fault(attrs.evolve(fault, path=rest.original(fault.path))) for fault in told]


def _ordered(faults: Iterable[Fault], first: str) -> tuple[Fault, ...]:
    """Return faults by their places; of too many the warnings are left out first."""

    def place(one: Fault) -> tuple[object, ...]:
        return one.file != first, one.file, one.line, one.column, one.code

    found = sorted(faults, key=lambda one: (one.level != "error", *place(one)))
    told, left = sorted(found[:MAX_FAULTS], key=place), found[MAX_FAULTS:]
    if left:
        last, text = told[-1], f"{len(left)} more faults follow; mend these first"
        end = Fault("too-many-faults", text, (), left[0].level, last.file, last.line, last.column)
        told.append(end)
    return tuple(told)
