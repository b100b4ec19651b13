"""The form that corrects a record: it shows what the record says, and what is changed there is what is sent.

1. A trigger corrects where an edge of the workflow says so. Its data is `record`, which one, and `fields`, what it is
   to say (`core.plan`); its other fields are those of any form.
2. Which record is shown stands on the form as `_of`: where another one is picked, that is shown first.
3. Whoever comes second takes back nothing of the first: a field that was not touched since the form was filled shows
   what the record says now, and is not sent.
4. A field that is emptied is taken away, as is a list of which nothing is ticked or every row is emptied; unless it has
   to be there: then the engine says so. What is not on the form stays as it was recorded.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import evolve, frozen

from proeftuin.core.commands import Actor, Blocker, Option
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.options import shape
from proeftuin.core.pilot import Pilot, Record
from proeftuin.core.workflow import Edge, Field, Workflow, expand_roles
from proeftuin.web.pages.form import DATA, Form, typed
from proeftuin.web.pages.taking import Shape, taken

RECORD, FIELDS, SHOWN = "record", "fields", "_of"
PLACE = DATA + FIELDS
_PREFIX = f"{PLACE}."
ADDER = "adder"


@frozen
class Correcting:
    """One correction on a form.

    Attributes:
        records: what this person may correct, by its id.
        chosen: the one that is picked, None as long as none is.
    """

    flow: Workflow
    pilot: Pilot
    records: Mapping[str, Record]
    chosen: Record | None

    def option(self, option: Option) -> Option:
        """Return an option that offers those records, and asks for the fields of the one that was picked."""
        fields = dict(option.fields)
        fields[RECORD] = FrozenDict({**fields[RECORD], "candidates": tuple(self.records)})
        if self.chosen is None:
            del fields[FIELDS]
        else:
            fields[FIELDS] = FrozenDict({**fields[FIELDS], "of": FrozenDict(self._shapes(self.chosen))})
        return evolve(option, fields=FrozenDict(fields))

    def told(self, blockers: Iterable[Blocker]) -> tuple[Blocker, ...]:
        """Return blockers without what is said of fields that are not there yet: as long as no record is picked."""
        return tuple(one for one in blockers if self.chosen is not None or one.params.get("field") != FIELDS)

    def shown(self, form: Form, was: Record | None = None) -> Form:
        """Return a form with what the picked record says, but for what was changed on it.

        Args:
            form: the form, which may have no record on it yet.
            was: the record as it was when the form was filled, where it may be another one by now.
        """
        if self.chosen is None:
            return form
        if self.other(form):
            return form.replaced([PLACE], [*typed(self.chosen.data, _PREFIX), (SHOWN, self.chosen.id)])
        if was is None:
            return form
        touched = self._changed(was, form)
        says = {name: one for name, one in self.chosen.data.items() if name not in touched}
        untouched = [_PREFIX + name for name in self._shapes(self.chosen) if name not in touched]
        return form.replaced(untouched, typed(says, _PREFIX))

    def other(self, form: Form) -> bool:
        """Whether another record is picked than the one whose fields are on the form."""
        return form.one(SHOWN) != (self.chosen.id if self.chosen is not None else "")

    def changed(self, data: dict[str, object], form: Form) -> dict[str, object]:
        """Return the data of a form with what is changed on it alone."""
        if self.chosen is None:
            return data
        changed = self._changed(self.chosen, form)
        others = {name: one for name, one in data.items() if name != FIELDS}
        return {**others, FIELDS: changed} if changed else others

    def _changed(self, record: Record, form: Form) -> dict[str, object]:
        """Return what a form says otherwise than a record does; what was emptied is empty."""
        shapes = self._shapes(record)
        held = taken(shapes, Form(list(typed(record.data, _PREFIX))), _PREFIX)
        now = taken(shapes, form, _PREFIX)
        sent = {name for name in shapes if shapes[name]["required"] or form.shows(_PREFIX + name)}
        gone = {name: "" for name in held if name not in now and name in sent}
        return {name: one for name, one in now.items() if one != held.get(name)} | gone

    def _shapes(self, record: Record) -> dict[str, Shape]:
        declared = self.flow.records[record.type].fields
        return {
            name: self._shape(name, one, record.data.get(name)) for name, one in declared.items() if not one.by_engine
        }

    def _shape(self, name: str, field: Field, held: object) -> Shape:
        """Return what a field takes, and what it holds: a choice that is none any more stays on the form."""
        found: dict[str, Any] = shape(self.flow, name, field)
        kind = field.of if field.type == "list" else field.type
        if kind == "track":
            found["candidates"] = tuple(self.pilot.tracks)
        elif kind == "record":
            there = self.pilot.kept.items()
            found["candidates"] = tuple(
                one.id for type_, kept in there if field.record in {None, type_} for one in kept
            )
        for key in {"choices", "candidates"} & found.keys():
            if isinstance(held, str) and held not in found[key]:
                found[key] = (*found[key], held)
        return found


def correcting(flow: Workflow, pilot: Pilot, actor: Actor, trigger: str, form: Form) -> Correcting | None:
    """Return what a form of a trigger corrects, None where it corrects nothing."""
    edges = [one for one in _edges(flow) if one.trigger == trigger]
    if not edges:
        return None
    found = ways(flow, actor, edges)
    records = {one.id: one for kept in pilot.kept.values() for one in kept if found.trigger(one) is not None}
    return Correcting(flow, pilot, records, records.get(form.one(DATA + RECORD)))


@frozen
class Ways:
    """By which trigger one person may correct records.

    Attributes:
        all: by the types of records that they may correct, whoever recorded them; `own` those of their own alone.
    """

    actor: Actor
    all: Mapping[str, str]
    own: Mapping[str, str]

    def trigger(self, record: Record) -> str | None:
        """Return the trigger that corrects a record, None where there is none."""
        mine = self.own if record.actor == self.actor.id else {}
        return self.all.get(record.type) or mine.get(record.type)


def ways(flow: Workflow, actor: Actor, edges: Iterable[Edge] | None = None) -> Ways:
    """Return by which trigger somebody may correct what, by all edges of a workflow that correct, or these."""
    everything, own = dict[str, str](), dict[str, str]()
    for edge in _edges(flow) if edges is None else edges:
        allowed = {*expand_roles(flow, edge.allow)}
        for kind in edge.corrects:
            if allowed & actor.roles:
                everything.setdefault(kind, edge.trigger)
            elif ADDER in allowed:
                own.setdefault(kind, edge.trigger)
    return Ways(actor, everything, own)


def _edges(flow: Workflow) -> Iterator[Edge]:
    """Give the edges that correct a record, as bundled workflows do; others ask for it by its words alone."""
    for edge in flow.edges:
        if edge.corrects and {RECORD, FIELDS} <= edge.data.keys():
            yield edge
