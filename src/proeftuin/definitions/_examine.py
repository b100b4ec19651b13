"""The work of the loader: from text to a workflow and its faults, each with its place.

1. The text becomes plain values, with places and bounds (`_yaml`, `_tree`).
2. The values become the classes of `core.workflow`, strictly (`_shapes`, `_values`, `_structure`).
3. All references are checked (`core.lint`); where step 2 found faults, those of the rest are told too (`_recover`).
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
from proeftuin.definitions._recover import rest_of
from proeftuin.definitions._structure import Problem, structure
from proeftuin.definitions._tree import BROKEN, Tree, compose
from proeftuin.definitions._yaml import MAX_BYTES
from proeftuin.errors import DefinitionError

MAX_FAULTS = 1_000
TEXT = "<text>"


def parse(data: bytes) -> Workflow:
    """Return the workflow that `dump` wrote."""
    try:
        workflow, problems = structure(json.loads(data, parse_float=_no_float, parse_constant=_no_float))
    except (ValueError, RecursionError) as error:
        raise DefinitionError([Fault("not-json", f"this is no stored workflow ({type(error).__name__})")]) from None
    if workflow is None:
        raise DefinitionError([Fault(one.code, f"{one.text} (at {one.path})", one.path) for one in problems])
    return _hashed(workflow)


def _no_float(text: str) -> NoReturn:
    raise ValueError(text)


def _hashed(workflow: Workflow) -> Workflow:
    return attrs.evolve(workflow, hash=content_hash(workflow))


def examine(
    source: Path | str, guards: Mapping[str, Guard], metrics: Collection[str] | None = None
) -> tuple[Workflow | None, tuple[Fault, ...]]:
    """Return the workflow of a file or text, as far as there is one, and all faults in the order of the text."""
    name = TEXT if isinstance(source, str) and "\n" in source else str(source)
    try:
        tree = compose(source if isinstance(source, str) and name == TEXT else _read(Path(source)))
    except _Unreadable as unreadable:
        return None, (Fault(unreadable.code, str(unreadable), file=name, line=1, column=1),)
    known = {**guards, **BUILT_IN}
    workflow, problems = (None, ()) if tree.value is BROKEN else structure(tree.value)
    found = list(tree.faults)
    if workflow is not None:
        workflow = _hashed(workflow)
        found += _placed(tree, lint(workflow, known, metrics=METRICS if metrics is None else metrics))
    else:
        found += _told(tree, problems)
        if 0 < len(problems) <= MAX_FAULTS and (rest := rest_of(tree.value, problems)):
            told = (fault for fault in references(rest.workflow, known) if rest.tells(fault))
            found += _placed(tree, (attrs.evolve(fault, path=rest.original(fault.path)) for fault in told))
    return workflow, _ordered(found, name)


def _told(tree: Tree, problems: Iterable[Problem]) -> list[Fault]:
    return [
        Fault(one.code, one.text, one.path, "error", TEXT, *tree.place(one.path, key=one.key))
        for one in problems
        if one.code
    ]


def _placed(tree: Tree, faults: Iterable[Fault]) -> list[Fault]:
    return [Fault(one.code, one.text, one.path, one.level, TEXT, *tree.place(one.path)) for one in faults]


def _ordered(faults: Iterable[Fault], name: str) -> tuple[Fault, ...]:
    placed = sorted(faults, key=lambda fault: (fault.line, fault.column, fault.code))
    if len(placed) > MAX_FAULTS:
        last = placed[MAX_FAULTS - 1]
        text = f"{len(placed) - MAX_FAULTS} more faults follow; mend these first"
        placed = [*placed[:MAX_FAULTS], Fault("too-many-faults", text, line=last.line, column=last.column)]
    return tuple(attrs.evolve(fault, file=name) for fault in placed)


class _Unreadable(Exception):  # never leaves this module
    def __init__(self, code: str, text: str) -> None:
        self.code = code
        super().__init__(text)


def _read(path: Path) -> str:
    """Return the text of a file, never more of it than a workflow may have."""
    try:
        if not path.is_file():
            raise _Unreadable("no-such-file", "there is no such file; a text, unlike a path, holds a new line")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 4)  # one more than fits, and a mark of the byte order
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _Unreadable("not-utf-8", f"the file is not in UTF-8 (byte {error.start}); save it so") from None
    except (OSError, ValueError) as error:
        raise _Unreadable("unreadable-file", f"the file cannot be read ({type(error).__name__})") from None
