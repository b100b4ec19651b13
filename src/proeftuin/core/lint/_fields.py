"""Fields of records and of data: types, choices, bounds, and what they refer to."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from proeftuin.core.checks import takes
from proeftuin.core.days import day_of
from proeftuin.core.lint._report import Report
from proeftuin.core.lint._scope import Path, Scope
from proeftuin.core.workflow import Field, Scalar

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_COUNTED = ("text", "list")
_HELD: Mapping[str, type | tuple[type, ...]] = {"integer": int, "decimal": (str, int), "list": tuple, "map": Mapping}
_BOUND = {"decimal": "a number in quotes", "integer": "a whole number", "text": "a length", "list": "a length"}


def among(value: Scalar, choices: tuple[Scalar, ...]) -> bool:
    """Whether a value is one of the choices, `true` and 1 kept apart."""
    return any(type(one) is type(value) and one == value for one in choices)


def choices(field: Field) -> tuple[Scalar, ...] | None:
    """Return the closed list of a field's values, None where there is none."""
    if field.type == "boolean":
        return (True, False)
    return field.of if field.type == "choice" and isinstance(field.of, tuple) else None


def written(value: object) -> str:
    """Return a value as it is written in a file."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def check_values(report: Report, field: Field, values: tuple[Scalar, ...], *path: str | int) -> None:
    """Report values that a field can never have."""
    possible = choices(field)
    for value in values if possible is not None else ():
        if not among(value, possible or ()):
            shown = written(value)
            report.known("choice", shown, {*map(written, possible or ())} - {shown}, *path)


def check_held(report: Report, field: Field, values: tuple[Scalar, ...], *path: str | int) -> None:
    """Report a condition that a field can never meet."""
    if not values:
        report.error("bad-when", f"this never holds, as no value is given; give one, or leave `{path[-1]}` out", *path)
    check_values(report, field, values, *path)


def check(scope: Scope, report: Report) -> None:
    """Check every field that the workflow declares."""
    for path, fields in scope.all_fields():
        _mapping(scope, report, fields, path)
    for name, record in scope.workflow.records.items():
        if any(one.type == "subject" for one in record.fields.values()):
            _beside(report, record.fields, ("records", name, "fields"))
        if len(record.interval) not in {0, 2}:
            text = "an interval is a list of two date fields: `[start, end]`"
            report.error("bad-interval", text, "records", name, "interval")
        for number, field in enumerate(record.interval):
            known = report.known("field", field, record.fields, "records", name, "interval", number)
            if known and record.fields[field].type != "date":
                text = f"`{field}` is no date field; an interval lies between two of them"
                report.error("bad-interval", text, "records", name, "interval", number)


def _mapping(scope: Scope, report: Report, fields: Mapping[str, Field], path: Path) -> None:
    for name, field in fields.items():
        here = (*path, name)
        for code, text, key in (*_of(field), *_bounds(field), *_default(field)):
            report.error(code, text, *here, key)
        if field.record is not None:
            report.known("record", field.record, scope.workflow.records, *here, "record")
        for other, values in field.required_when.items():
            if report.known("field", other, fields, *here, "required_when", other):
                check_held(report, fields[other], values, *here, "required_when", other)
        if isinstance(field.of, Mapping):
            _mapping(scope, report, field.of, (*here, "of"))


def _beside(report: Report, fields: Mapping[str, Field], path: Path) -> None:
    """Check that beside a participant nothing can be written that no field is for."""
    for name, field in fields.items():
        if field.type == "map" and field.of is None and not field.by_engine:
            text = "beside a participant a map says what it holds, as in `of: integer`; otherwise anything goes into it"
            report.error("bad-of", text, *path, name)


def _of(field: Field) -> Iterator[tuple[str, str, str]]:
    """Check `of`, `keys` and `record` against the type."""
    kind, of = field.type, field.of
    if kind == "choice" and not (isinstance(of, tuple) and of):
        yield "bad-of", "a choice needs the list of its values: `of: [one, other]`", "of"
    elif kind == "list" and isinstance(of, tuple | Mapping) and not of:
        yield "bad-of", "`of` is empty; give a type, choices, or the fields of a row", "of"
    elif of == "subject" or (isinstance(of, Mapping) and any(one.type == "subject" for one in of.values())):
        yield "bad-of", "a participant stands in a field of its own, `type: subject`, where the ref is taken away", "of"
    elif kind == "map" and of is not None and not isinstance(of, str):
        yield "bad-of", "a map holds values of one type: `of: integer`", "of"
    elif kind not in {"choice", "list", "map"} and of is not None:
        yield "bad-of", f"`of` is for choices, lists and maps, not for `{kind}`", "of"
    if field.keys and kind != "map":
        yield "misplaced-key", f"`keys` is for a map, not for `{kind}`", "keys"
    if field.record is not None and kind != "record" and not (kind == "list" and of == "record"):
        yield "misplaced-key", f"`record` is for type `record`, not for `{kind}`", "record"


def _bounds(field: Field) -> Iterator[tuple[str, str, str]]:
    """Check `min`, `max` and `not_after` against the type."""
    kind = str(field.of) if field.type == "map" else field.type
    found: list[Decimal] = []
    for key, value in (("min", field.min), ("max", field.max)):
        if value is None:
            continue
        whole = type(value) is int
        number = whole or _NUMBER.fullmatch(str(value)) is not None
        if kind == "decimal" and number:
            found.append(Decimal(str(value)))
        elif (kind == "integer" and whole) or (kind in _COUNTED and isinstance(value, int) and value >= 0):
            found.append(Decimal(value))
        else:
            meant = f"`{key}` of `{kind}` is {_BOUND[kind]}" if kind in _BOUND else f"`{kind}` has no `{key}`"
            yield "bad-bounds", f"{meant}, so `{written(value)}` cannot stand here", key
    if len(found) == 2 and found[0] > found[1]:  # noqa: PLR2004  # both of them
        yield "bad-bounds", "`min` is above `max`, so nothing fits", "min"
    if field.not_after is not None and kind != "date":
        yield "bad-bounds", f"`not_after` is for dates, not for `{kind}`", "not_after"


def _default(field: Field) -> Iterator[tuple[str, str, str]]:
    """Check that a default is a value that the field may have; what a faulty field may have is not known."""
    if field.default is None or any(_of(field)) or any(_bounds(field)):
        return
    if not fits(field, field.default) or not takes(field, field.default):
        yield "bad-default", f"`{written(field.default)}` is no value that this field takes", "default"


def fits(field: Field, value: Scalar) -> bool:
    """Whether a value is of the type of a field."""
    possible = choices(field)
    if possible is not None:
        return among(value, possible)
    if field.type == "integer":
        return type(value) is int
    if field.type == "decimal":
        return type(value) is int or (isinstance(value, str) and _NUMBER.fullmatch(value) is not None)
    if field.type == "date":
        return day_of(value) is not None
    return isinstance(value, str) and field.type not in {"list", "map", "subject", "record", "track", "new_track"}


def may_hold(field: Field, value: object) -> bool:
    """Whether what a field holds may be a value that `where` asks for; which of the choices is told by `check_values`.

    Note:
        Decimals are kept as text, but what ends the term of a record is compared as text with whatever the file says.
    """
    if choices(field) is not None:
        return isinstance(value, str | int)
    if field.type == "date":
        return day_of(value) is not None
    return isinstance(value, _HELD.get(field.type, str)) and not isinstance(value, bool)


def textual(field: Field) -> bool:
    """Whether all that a field may hold is text."""
    if field.type == "choice" and isinstance(field.of, tuple):
        return all(isinstance(one, str) for one in field.of)
    return field.type not in {"boolean", "integer", "list", "map"}
