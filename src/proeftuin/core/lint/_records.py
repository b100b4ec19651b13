"""What edges do to records."""

from collections.abc import Mapping

from proeftuin.core.frozen import EMPTY
from proeftuin.core.lint._fields import check_values, choices, fits, written
from proeftuin.core.lint._report import Report
from proeftuin.core.lint._scope import Path, Place, Scope
from proeftuin.core.workflow import Field, FieldRef, RecordOp, Value

VERBS = ("add", "change", "end", "correct")
# What `correct` reads of the data.
CORRECTION = {"record": "record", "fields": "map", "reason": "text"}
TRACK = "track"


def check(scope: Scope, report: Report) -> None:
    """Check every op of every edge."""
    for place in scope.places:
        for number, op in enumerate(place.edge.records):
            _op(scope, report, place, op, (*place.path, "records", number))


def _op(scope: Scope, report: Report, place: Place, op: RecordOp, path: Path) -> None:
    verbs = [verb for verb in VERBS if getattr(op, verb)]
    if len(verbs) != 1:
        said = " and ".join(f"`{verb}`" for verb in verbs) or "nothing"
        report.error("record-op", f"this does {said}; name exactly one of `add`, `change`, `end`, `correct`", *path)
    named = [(op.add, ("add",)), (op.change, ("change",)), (op.end, ("end",))]
    for name, where in named:
        if name is not None:
            report.known("record", name, scope.workflow.records, *path, *where)
    for number, name in enumerate(op.correct):
        report.known("record", name, scope.workflow.records, *path, "correct", number)
    for name, type_ in CORRECTION.items() if op.correct else ():
        if report.known("field", name, place.fields, *path, "correct") and place.fields[name].type != type_:
            text = f"`{name}` has to be a field of type {type_}, and is {place.fields[name].type}"
            report.error("field-type", text, *path, "correct")
    kind = op.add or op.change or op.end
    record = scope.workflow.records.get(kind or "")
    _data(report, place, op, path, None if record is None else kind)
    if record is not None:
        _fields(report, place, op, record.fields, path)


def _data(report: Report, place: Place, op: RecordOp, path: Path, kind: str | None) -> None:
    """Check what an op reads from the data of the command."""
    wanted = (("by", op.by, "record"), ("copy", op.copy, "record"), ("at", op.at, "date"), (TRACK, op.track, TRACK))
    for key, name, type_ in wanted:
        if name is None or not report.known("field", name, place.fields, *path, key):
            continue
        field = place.fields[name]
        if key == TRACK and place.edge.beside is not None and place.edge.beside.key == name:
            continue  # the track that this edge opens; `_edges` looks at it
        if field.type != type_ and not (key == "by" and field.type == "list" and field.of == type_):
            report.error("field-type", f"`{name}` has to be a field of type {type_}, and is {field.type}", *path, key)
        elif type_ == "record" and None not in {kind, field.record} and field.record != kind:
            report.error("field-type", f"`{name}` refers to `{field.record}`, and this is about `{kind}`", *path, key)


def _fields(report: Report, place: Place, op: RecordOp, fields: Mapping[str, Field], path: Path) -> None:
    """Check what an op says of the record's own fields."""
    for number, name in enumerate(op.same):
        report.known("field", name, {*fields, TRACK}, *path, "same", number)
    counter = op.number or ""
    if counter and report.known("field", counter, fields, *path, "number") and fields[counter].type != "integer":
        report.error("field-type", f"`{counter}` counts, so it has to be an integer", *path, "number")
    sources = {*place.fields, *fields}
    for name, value in op.set.items():
        if report.known("field", name, fields, *path, "set", name):
            _value(report, value, fields[name], sources, (*path, "set", name))
    _rows(report, op, fields, sources, path)


def _rows(report: Report, op: RecordOp, fields: Mapping[str, Field], sources: set[str], path: Path) -> None:
    """Check the rows that an op appends to lists of the record."""
    for name, row in op.append.items():
        if not report.known("field", name, fields, *path, "append", name):
            continue
        rows = fields[name].of
        if fields[name].type != "list" or not isinstance(rows, Mapping):
            report.error("field-type", f"`{name}` has to be a list of rows", *path, "append", name)
            continue
        for key, value in row.items():
            if report.known("field", key, rows, *path, "append", name, key):
                _value(report, value, rows[key], sources, (*path, "append", name, key))


def _value(report: Report, value: Value, field: Field, sources: set[str], path: Path) -> None:
    if isinstance(value, FieldRef):
        report.known("field", value.field, sources, *path)
    else:
        check_values(report, field, (value,), *path)
        if choices(field) is None and not fits(field, value):
            report.error("field-type", f"`{written(value)}` is no {field.type}", *path)


def added(scope: Scope) -> Mapping[str, Place]:
    """Return the record types that some edge adds, each with the first such edge."""
    found: dict[str, Place] = {}
    for place in scope.places:
        for op in place.edge.records:
            if op.add is not None:
                found.setdefault(op.add, place)
    return found or EMPTY
