"""Data for a command: every field that its edge takes, filled in as a person would fill in a form.

1. What is given is kept: what a `when` asks, what a remedy says, what a caller wants.
2. A field is filled by its type, its bounds and its choices; a reference points at what there is.
3. What a guard asks of the data comes from its supplier: a function of `Wanted` that gives fields. The built-in guards
   have theirs here (`SUPPLY`); a host gives one for a guard of its own, by the guard's name.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from attrs import frozen

from proeftuin.core.checks import among
from proeftuin.core.frozen import EMPTY
from proeftuin.core.pilot import Pilot, Record
from proeftuin.core.table import Rule, Table
from proeftuin.core.workflow import Field, FieldRef
from proeftuin.testing.lifecycles.source import Source
from proeftuin.testing.lifecycles.supplying import SUPPLY, WEEK, Supplier, Wanted
from proeftuin.testing.people import People

DAYS = (0, 7, 1, 30, 90, 400, -1, -7, -40)
TEXTS = ("as asked", "Catering", "één", "漢字")
CORRECTING = ("record", "fields", "reason")
REFS = tuple(f"somebody-{number}" for number in range(1, 30))


class Filler:
    """Fills in the data of commands.

    Args:
        table: of the workflow.
        people: who there is to name.
        source: what to choose by; one without bytes always takes the simplest.
        supply: suppliers for guards of a host, by the guard's name.
        optional: how often, in percent, a field is filled that may be left out.
    """

    def __init__(
        self,
        table: Table,
        people: People,
        source: Source | None = None,
        supply: Mapping[str, Supplier] = EMPTY,
        optional: int = 30,
    ) -> None:
        self.table, self.people = table, people
        self.source = source or Source()
        self._supply = {**SUPPLY, **supply}
        self._optional = optional

    def data(
        self, rule: Rule, pilot: Pilot | None, track: str | None, today: date, given: Mapping[str, Any] = EMPTY
    ) -> dict[str, Any]:
        """Return the data of a command for an edge.

        Args:
            rule: the edge, compiled.
            pilot: on which pilot, None for a start.
            track: the key of its track.
            today: the day in the workflow's zone.
            given: what it must hold.
        """
        data = {name: value for name, value in given.items() if value is not None}
        for name, held in rule.edge.when.items():
            data.setdefault(name, self.source.pick(held))
        form = _Form(self, rule, pilot, track, today, data)
        for name, field in rule.fields.items():
            if name not in data and (asked(rule, name, data) or self.source.chance(self._optional)):
                value = form.value(name, field)
                if value is not None:
                    data[name] = value
        if rule.edge.snooze is not None and pilot is not None:
            data = {**data, **_snoozed(pilot, today), **given}
        if pilot is not None:
            self._satisfy(rule, pilot, track, today, data, given)
        return data

    def _satisfy(  # noqa: PLR0917  # the parts of one command
        self, rule: Rule, pilot: Pilot, track: str | None, today: date, data: dict[str, Any], given: Mapping[str, Any]
    ) -> None:
        for bound in (*rule.require, *rule.advise):
            supplier = self._supply.get(bound.guard.name)
            if supplier is not None:
                told = supplier(Wanted(pilot, track, today, data, bound.params, rule.fields))
                data |= {name: value for name, value in told.items() if given.get(name) is None}


def candidates(rule: Rule, name: str, field: Field, pilot: Pilot, track: str | None) -> list[Record]:
    """Return the records that a field of an edge can point at."""
    allowed = set(rule.edge.corrects) if name == "record" else set()
    found = [
        one
        for kind, kept in pilot.kept.items()
        if field.record in (None, kind) and (not allowed or kind in allowed)
        for one in kept
    ]
    own = track if rule.kind is not None else None
    return [one for one in found if own in (None, one.track) and not (name in rule.live and one.ended is not None)]


def asked(rule: Rule, name: str, data: Mapping[str, Any]) -> bool:
    """Return whether an edge does nothing good without a field: it is required, or corrects, or begins a pilot."""
    edge, field = rule.edge, rule.fields[name]
    when = field.required_when
    if field.required or (bool(when) and all(among(data.get(other), held) for other, held in when.items())):
        return True
    if edge.corrects and name in CORRECTING:
        return True
    return edge.starts is not None and FieldRef(name) in edge.starts.set.values()


def _snoozed(pilot: Pilot, today: date) -> dict[str, Any]:
    """Return the clock that somebody was told by last, and a day to wait for."""
    key = next(reversed(list(pilot.told)), "")
    clock, _, place = key.partition(":")
    found = {"clock": clock, "until": (today + WEEK).isoformat()}
    where = place.partition(":")[0]
    return {**found, "track" if where in pilot.tracks else "record": where} if where else found


@frozen
class _Form:
    """One command on its way."""

    filler: Filler
    rule: Rule
    pilot: Pilot | None
    track: str | None
    today: date
    data: dict[str, Any]

    def value(self, name: str, field: Field) -> Any:  # noqa: PLR0911  # one case per type
        """Return a value for a field, None where there is nothing that it could be."""
        source = self.filler.source
        match field.type:
            case "choice":
                return source.pick(field.of) if isinstance(field.of, tuple) else None
            case "list":
                return self._list(name, field)
            case "map":
                return self._map(field)
            case "record":
                return self._record(name, field)
            case "track":
                return self._track()
            case "person":
                return self._person()
            case "date":
                days = [one for one in DAYS if one <= 0] if field.not_after else DAYS
                return (self.today + timedelta(days=source.pick(days))).isoformat()
            case _:
                return self._plain(field)

    def _plain(self, field: Field) -> Any:  # noqa: PLR0911  # one case per type
        source = self.filler.source
        match field.type:
            case "boolean":
                return not source.chance(40)
            case "integer":
                return source.pick(_integers(field))
            case "decimal":
                return source.pick(_decimals(field))
            case "url":
                return "https://example.org/"
            case "party" | "new_track":
                return self._new() if field.type == "new_track" else source.pick(self._parties())
            case "subject":
                return source.pick(self._refs())
            case _:
                text = source.pick(TEXTS)
                return text[: int(field.max or len(text))].ljust(int(field.min or 0), ".")

    def _refs(self) -> list[str]:
        """Return the refs of people, those of who was named least first: a person has one place at a time."""
        issued = self.pilot.counts.get("subject", 0) if self.pilot else 0
        return list(REFS[issued % len(REFS) :] + REFS[: issued % len(REFS)])[:4]

    def _parties(self) -> list[str]:
        own = self.pilot.parties if self.pilot else ()
        return list(dict.fromkeys((*([self.track] if self.track else []), *own, *self.filler.people.parties, "alpha")))

    def _new(self) -> str:
        taken = self.pilot.tracks if self.pilot else {}
        return next(key for number in range(1, 1000) if (key := f"track-{number}") not in taken)

    def _track(self) -> str | None:
        keys = list(self.pilot.tracks) if self.pilot else []
        own = [self.track] if self.track in keys else []
        options = list(dict.fromkeys((*own, *keys)))
        return self.filler.source.pick(options) if options else None

    def _person(self) -> str:
        """Return somebody: who holds the duty that the data names, or else whoever comes first."""
        people, duty = self.filler.people, self.data.get("duty")
        if self.pilot is None:
            return people.everybody()[0].id
        if duty in people.workflow.roles:
            key = self.data.get("track") or self.track
            own = self.pilot.tracks.get(str(key))
            return people.person(str(duty), own.party if own and own.party else self._parties()[0]).id
        return self.filler.source.pick(people.everybody(self.pilot)).id

    def _record(self, name: str, field: Field) -> str | None:
        found = candidates(self.rule, name, field, self.pilot, self.track) if self.pilot else []
        return self.filler.source.pick([one.id for one in reversed(found)]) if found else None

    def _list(self, name: str, field: Field) -> Any:
        least = max(1, int(field.min or 1))
        if isinstance(field.of, Mapping):
            return [self._row(field.of) for _ in range(least)]
        if isinstance(field.of, tuple):
            return list(field.of[:least])
        inner = Field(field.of or "text", record=field.record)  # type: ignore[arg-type]  # a scalar type, as the loader saw to
        found = self.value(name, inner)
        return None if found is None else [found] * least

    def _row(self, fields: Mapping[str, Field]) -> dict[str, Any]:
        row = {name: self.value(name, one) for name, one in fields.items() if one.required}
        if "role" in row and "person" in row and row["role"] in self.filler.people.workflow.roles:
            row["person"] = self.filler.people.person(row["role"], self._parties()[0]).id
        return row

    def _map(self, field: Field) -> dict[str, Any]:
        source = self.filler.source
        if field.of is None:
            return self._corrections() if self.rule.edge.corrects else {"as": "asked"}
        inner = Field(field.of, min=field.min, max=field.max)  # type: ignore[arg-type]  # a scalar type, as the loader saw to
        keys = [key for key in field.keys if source.chance(40)] or list(field.keys[:1] or ("one",))
        return {key: self.value(key, inner) for key in keys}

    def _corrections(self) -> dict[str, Any]:
        """Return another value for one field of the record that is corrected, a text where it has one."""
        kept = self.pilot.kept if self.pilot else {}
        found = next((one for held in kept.values() for one in held if one.id == self.data.get("record")), None)
        if found is None:
            return {"note": "as asked"}
        own = self.filler.table.workflow.records[found.type].fields
        fields = {name: one for name, one in own.items() if not one.by_engine and one.type != "subject"}
        names = sorted(fields, key=lambda name: fields[name].type != "text")
        name = self.filler.source.pick(names)
        return {name: self.value(name, fields[name])}


def _integers(field: Field) -> range:
    low = int(field.min or 1)
    high = max(4, low) if field.max is None else int(field.max)
    return range(min(low, high), high + 1)[:9]


def _decimals(field: Field) -> list[str]:
    low, high = Decimal(str(field.min or "1")), Decimal(str(field.max or "1000"))
    options: Iterable[str] = ("8", "16", "25.5", "32", "1.50", str(field.min or "1"))
    return [one for one in options if low <= Decimal(one) <= high] or [
        str(field.max if field.min is None else field.min)
    ]
