"""Rows of a sheet, read as commands: who does what, when, with which data, and what is wrong with the row itself.

What is wrong here follows from the row alone, so it is told of every row, also of one that is not reached.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from hashlib import sha256
from typing import Any

from attrs import Factory, define

from proeftuin import codec
from proeftuin.core.commands import Actor, Blocker
from proeftuin.core.frozen import freeze
from proeftuin.core.table import Rule, Table
from proeftuin.core.workflow import Field
from proeftuin.errors import BadArgument
from proeftuin.intake._columns import NEEDED, Column, Columns
from proeftuin.intake._faults import fault
from proeftuin.intake._sheet import Line
from proeftuin.intake._values import (
    Bad,
    by_name,
    day,
    from_json,
    listed,
    map_key,
    map_value,
    meant,
    one_of,
    plain_key,
    value,
)

START = "start"
_BETWEEN_ROLES = str.maketrans("+,\n", ";;;")


@define(eq=False, repr=False)
class Row:
    """One row.

    Attributes:
        pilot: the host's own reference of the pilot that it is about.
        trigger: the word of the workflow; empty where none is known.
        day: the heading of its day.
        keep: the name under which later rows can point at the record that this one adds.
        points: the fields that point at a record.
        faults: what is wrong with the row itself, and `faulty` the fields that this is about.
    """

    number: int
    pilot: str
    trigger: str = ""
    actor: Actor | None = None
    on: date | None = None
    day: str = "date"
    track: str | None = None
    data: dict[str, Any] = Factory(dict)
    keep: str | None = None
    points: frozenset[str] = frozenset()
    faults: list[Blocker] = Factory(list)
    faulty: set[str] = Factory(set)

    def wrong(self, blocker: Blocker, *fields: str) -> None:
        """Note what is wrong with the row, and with which fields."""
        self.faults.append(blocker)
        self.faulty.update(fields)


class RowReader:
    """Reads the rows of pilots that follow one workflow."""

    def __init__(self, table: Table, columns: Columns) -> None:
        self._table = table
        self._workflow = table.workflow
        self._columns = columns
        self._triggers = by_name(table.workflow, (START, *table.triggers))

    def read(self, line: Line, pilot: str) -> Row:
        """Return a row, with everything that is wrong with it."""
        cell = self._columns.cell
        row = Row(line.number, pilot, day=self._columns.words["date"].head)
        row.keep = cell(line, "keep").removeprefix("$") or None
        for word in NEEDED:
            if not cell(line, word):
                row.wrong(fault("missing-cell", column=self._columns.words[word].head))
        if any(line.cells[self._columns.width :]):
            row.wrong(fault("extra-cells"))
        row.actor = self._actor(line, row)
        try:
            row.on = day(cell(line, "date")) if cell(line, "date") else None
        except Bad as bad:
            row.wrong(bad.fault(row.day), "date", "on")
        rules = self._rules(cell(line, "trigger"), row)
        if rules:
            self._give(line, row, rules)
        return row

    def _rules(self, text: str, row: Row) -> tuple[Rule, ...]:
        """Find the trigger, and return what it may do."""
        row.trigger = self._triggers.get(plain_key(text), "")
        if row.trigger == START:
            return (self._table.start,)
        if text and not row.trigger:
            hints = meant(self._workflow, text, (START, *self._table.triggers))
            row.wrong(fault("unknown-trigger", value=text, meant=hints))
        return tuple(rule for rule in self._table.every if rule.edge.trigger == row.trigger)

    def _actor(self, line: Line, row: Row) -> Actor | None:
        """Return who acts; None where that, or one of the roles, is not known."""
        named, roles = self._columns.cell(line, "actor"), set[str]()
        given = self._columns.cell(line, "role").translate(_BETWEEN_ROLES).split(";")
        for text in filter(None, (one.strip() for one in given)):
            role = one_of(self._workflow, text, self._workflow.roles)
            if role is None:
                hints = meant(self._workflow, text, self._workflow.roles)
                row.wrong(fault("unknown-role", value=text, meant=hints))
                named = ""
            else:
                roles.add(str(role))
        if not named or not roles:
            return None
        return Actor(named, roles=roles, party=self._columns.cell(line, "party") or None)

    # -- the data --------------------------------------------------------------------------------------------------

    def _give(self, line: Line, row: Row, rules: Iterable[Rule]) -> None:
        """Read the fields, from the columns of their own, from JSON, and from the words that are fields too."""
        fields: dict[str, Field] = {}
        for rule in rules:
            fields |= rule.fields
        row.points = frozenset(name for name, one in fields.items() if "record" in (one.type, one.of))
        for column in self._columns.fields:
            if text := column.of(line):
                self._field(row, column, fields, text)
        self._json(line, row)
        if row.on is not None and "date" in fields:
            row.data.setdefault("date", row.on.isoformat())
        track = self._columns.cell(line, "track")
        if any(rule.kind is not None for rule in rules):
            row.track = track or None
        elif track and "track" in fields:
            row.data.setdefault("track", track)
        elif track:
            row.wrong(fault("not-on-a-track"))

    def _field(self, row: Row, column: Column, fields: Mapping[str, Field], text: str) -> None:
        name, workflow = str(column.field), self._workflow
        if name not in fields:
            known = listed(workflow, fields or ("-",), field=True)
            row.wrong(fault("not-asked", column=column.head, known=known), name)
            return
        field = fields[name]
        try:
            if column.part is None:
                found, twice = value(workflow, field, text), name in row.data
            else:
                key, held = map_key(workflow, field, column.part), row.data.get(name, {})
                found, twice = {**held, key: map_value(workflow, field, text)}, key in held
        except Bad as bad:
            row.wrong(bad.fault(column.head), name)
        else:
            if twice:
                row.wrong(fault("two-values", column=column.head), name)
            row.data[name] = found

    def _json(self, line: Line, row: Row) -> None:
        text = self._columns.cell(line, "data")
        if not text:
            return
        head = self._columns.words["data"].head
        try:
            found = from_json(text)
        except Bad as bad:
            row.wrong(bad.fault(head))
            return
        if not isinstance(found, dict):
            row.wrong(fault("bad-json", column=head, problem='{"field": ...}'))
            return
        for name in found.keys() & row.data.keys():
            row.wrong(fault("two-values", column=name), name)
        row.data |= found

    def mark(self, row: Row) -> str:
        """Return what tells this row from any other of its pilot, without what points at a participant."""
        try:
            return sha256(codec.canonical(freeze(self._said(row)))).hexdigest()
        except (BadArgument, RecursionError):
            return ""  # it cannot be kept, and is refused for that

    def _said(self, row: Row) -> dict[str, Any]:
        actor = row.actor
        return {
            "pilot": row.pilot,
            "trigger": row.trigger,
            "on": row.on,
            "track": row.track,
            "actor": None if actor is None else [actor.id, actor.party, *sorted(actor.roles)],
            "data": self._impersonal({name: one for name, one in row.data.items() if name not in row.points}),
        }

    def _impersonal(self, given: Any) -> Any:  # noqa: ANN401  # data is of any shape
        """Return data without participants: a hash of one would outlive an erasure."""
        if isinstance(given, Mapping):
            kept = {name: one for name, one in given.items() if name not in self._table.personal}
            return {name: self._impersonal(one) for name, one in kept.items()}
        return [self._impersonal(one) for one in given] if isinstance(given, list) else given
