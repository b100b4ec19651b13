"""Guards: whether they exist, and whether their parameters fit what they declare."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING

from proeftuin.core.lint._fields import check_values, may_hold, written
from proeftuin.core.lint._report import Report
from proeftuin.core.lint._scope import Path, Place, Scope
from proeftuin.core.workflow import GuardUse

if TYPE_CHECKING:
    from proeftuin.core.guards import Guard
    from proeftuin.core.guards._base import Param

CODE = "code"
WHERE = "where"
LACKING = frozenset({"field", "state"})
"""What a guard does without where only its default names it, and there is none."""

_CODE = re.compile(r"[a-z][a-z0-9-]*")
_KINDS = {"text": "a text", "names": "a list of words", "integer": "a whole number", "mapping": "a mapping"}

Known = Mapping[str, Collection[str]]


def check(scope: Scope, report: Report) -> None:
    """Check every use of a guard."""
    for place in scope.places:
        for use, path in place.uses():
            if report.known("guard", use.name, scope.guards, *path):
                _use(scope, report, place, use, (*path, use.name))


def _use(scope: Scope, report: Report, place: Place, use: GuardUse, path: Path) -> None:
    guard, known = scope.guards[use.name], _known(scope, place, use)
    for name, param in guard.params.items():
        if name in use.params:
            continue
        if param.required:
            report.error("missing-parameter", f"guard `{use.name}` needs `{name}`: {_KINDS[param.type]}", *path)
        elif param.default is not None and param.refers not in LACKING:
            _value(report, param, param.default, known, (*path, name))
    for name, value in use.params.items():
        if name == CODE:
            if not isinstance(value, str) or not _CODE.fullmatch(value):
                report.error("bad-parameter", "a code is written with a-z, 0-9 and -", *path, name)
        elif report.known("parameter", name, {*guard.params, CODE}, *path, name):
            _value(report, guard.params[name], value, known, (*path, name))
    _types(report, place, guard, use, path)
    where, record = use.params.get(WHERE), _named(guard, use, "record")
    if isinstance(where, Mapping) and record in scope.workflow.records:
        check_where(scope, report, record, where, (*path, WHERE))


def _types(report: Report, place: Place, guard: "Guard", use: GuardUse, path: Path) -> None:
    """Check that the fields that a guard is to look at have a type that it can do something with."""
    params = guard.filled(use.params)
    for name, param in guard.params.items():
        field = place.fields.get(str(params.get(name)))
        if param.of and field is not None and field.type not in param.of:
            text = f"`{params[name]}` has to be a field of type {' or '.join(param.of)}, and is {field.type}"
            report.error("field-type", text, *path, name)


def check_where(scope: Scope, report: Report, record: str, where: Mapping[str, object], path: Path) -> None:
    """Report conditions on fields or values that a record can never have."""
    fields = scope.workflow.records[record].fields
    for name, value in where.items():
        if not report.known("field", name, fields, *path, name):
            continue
        if not may_hold(fields[name], value):
            shown = f"`{written(value)}`" if isinstance(value, str | int) else "such a list or mapping"
            text = f"`{name}` is a field of type {fields[name].type}, and never holds {shown}"
            report.error("field-type", text, *path, name)
        elif isinstance(value, str | int):
            check_values(report, fields[name], (value,), *path, name)


def _named(guard: "Guard", use: GuardUse, refers: str) -> str:
    """Return what the first parameter of a guard that refers to such a thing names, or nothing."""
    names = (name for name, one in guard.params.items() if one.refers == refers)
    return str(use.params.get(next(names, ""), ""))


def _known(scope: Scope, place: Place, use: GuardUse) -> Known:
    """Return, per kind of thing that a parameter may refer to, the words there are."""
    workflow = scope.workflow
    kind = _named(scope.guards[use.name], use, "track_kind")
    states = set(workflow.tracks[kind].states) if kind in workflow.tracks else scope.all_states
    return {
        "role": scope.roles,
        "duty": scope.duties,
        "record": workflow.records,
        "field": place.fields,
        "track_kind": workflow.tracks,
        "state": states,
    }


def _fits(param: "Param", value: object) -> bool:
    if param.type == "names":
        return isinstance(value, tuple) and bool(value) and all(isinstance(one, str) for one in value)
    if param.type == "integer":
        return type(value) is int and value >= 0
    return isinstance(value, str if param.type == "text" else Mapping)


def _words(value: object) -> tuple[str, ...]:
    """Return the words in the value of a parameter."""
    return value if isinstance(value, tuple) else (value,) if isinstance(value, str) else ()


def _value(report: Report, param: "Param", value: object, known: Known, path: Path) -> None:
    """Check the value of a parameter: its type, its closed list, and what it refers to."""
    if not _fits(param, value):
        report.error("bad-parameter", f"`{path[-1]}` has to be {_KINDS[param.type]} here", *path)
        return
    for word in _words(value):
        if param.values and word not in param.values:
            possible = ", ".join(f"`{one}`" for one in param.values)
            report.error("bad-parameter", f"`{path[-1]}` is one of {possible}, not `{word}`", *path)
        elif param.refers is not None and param.refers != CODE:
            report.known(param.refers.replace("_", " "), word, known[param.refers], *path)


def asked_roles(scope: Scope) -> Iterator[str]:
    """Give the roles and duties that the guards ask about."""
    for place in scope.places:
        for use, _ in place.uses():
            if (guard := scope.guards.get(use.name)) is not None:
                params = guard.filled(use.params)
                for name, param in guard.params.items():
                    if param.refers in {"role", "duty"}:
                        yield from _words(params.get(name))
