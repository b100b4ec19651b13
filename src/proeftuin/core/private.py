"""What in a workflow is about a participant, and what in a pilot's data points at somebody or something.

1. A type of record is private where it holds a participant, or points at a record that does: an answer about a
   placement is as much about a person as the placement is.
2. A trigger is private where its data names a participant or such a record, or where it touches one.
3. A plan for those who are placed is about them, wherever it is left.
4. What is told with somebody's consent is a record that says which: once it is ended, consent was withdrawn, and
   nothing of it is shown but that. The history keeps it, as it keeps everything; who may read it is the host's to say.

Source: GDPR articles 4(5) and 5(1)(c); the division is the project's own choice.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from attrs import frozen

from proeftuin.core.events import Event
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.workflow import Field, Workflow

if TYPE_CHECKING:
    from proeftuin.core.table import Rule

POINTING = frozenset({"track", "new_track", "party", "record", "subject"})
PERSON = "person"
PLAN = "placement_plan"
CONSENT = "consent"
TARGET_GROUP = "target_group"
CRIME = frozenset({"justice"})
"""The target groups to belong to which is information about a crime. Source: GDPR article 10."""


@frozen(eq=False, repr=False)
class Private:
    """What is private in a workflow.

    Attributes:
        records: types of records; `triggers` likewise.
        consented: types of records that somebody consented to.
        plans: data fields that hold a plan for those who are placed.
        pointing: data fields that point at a track, party, record or participant, with the types that each has.
    """

    records: frozenset[str]
    consented: frozenset[str]
    triggers: frozenset[str]
    plans: frozenset[str]
    pointing: Mapping[str, frozenset[str]]


def _inner(field: Field) -> Iterator[Field]:
    """Give a field and those inside it."""
    yield field
    if field.type == "list" and isinstance(field.of, Mapping):
        for one in field.of.values():
            yield from _inner(one)


def _types(field: Field) -> Iterator[str]:
    for one in _inner(field):
        yield one.type
        if one.type == "list" and isinstance(one.of, str):
            yield one.of


def _names(fields: Iterable[Field], known: frozenset[str]) -> bool:
    """Whether any of these fields holds a participant, or points at a record that does."""
    found = [one for field in fields for one in _inner(field)]
    return any(one.type == "subject" or one.of == "subject" or one.record in known for one in found)


def _records(workflow: Workflow) -> frozenset[str]:
    known = frozenset[str]()
    while True:
        found = frozenset(name for name, one in workflow.records.items() if _names(one.fields.values(), known))
        if found == known:
            return known
        known = found


def participants(workflow: Workflow) -> tuple[frozenset[str], frozenset[str]]:
    """Return the types of records that are about a participant, and the triggers whose data tells of one."""
    return workflow.derived(_participants)


def _participants(workflow: Workflow) -> tuple[frozenset[str], frozenset[str]]:
    records = _records(workflow)
    return records, frozenset(edge.trigger for edge in workflow.all_edges if _names(edge.data.values(), records))


def about_participant(workflow: Workflow, data: Mapping[str, object]) -> bool:
    """Whether data of an event names a type of record that is about a participant, or a clock that runs on one."""
    clock = workflow.clocks.get(str(data.get("clock", "")).partition(":")[0])
    return data.get("record", None if clock is None else clock.per) in participants(workflow)[0]


def professionals(workflow: Workflow) -> frozenset[str]:
    """Return the names of data fields that hold the id of a professional, or a list of such ids."""
    return workflow.derived(_professionals)


def _professionals(workflow: Workflow) -> frozenset[str]:
    data = [workflow.start.data, *(one.data for one in workflow.all_edges)]
    data += [one.fields for one in workflow.records.values()]
    return frozenset(name for fields in data for name, one in fields.items() if PERSON in (one.type, one.of))


def consented(workflow: Workflow) -> frozenset[str]:
    """Return the types of records that are told with somebody's consent."""
    return workflow.derived(_consented)


def _consented(workflow: Workflow) -> frozenset[str]:
    return frozenset(name for name, one in workflow.records.items() if CONSENT in one.fields)


def private(workflow: Workflow, rules: "Iterable[Rule]") -> Private:
    """Return what is private in a workflow, from its compiled edges, the start among them."""
    records = _records(workflow)
    triggers: set[str] = set()
    plans: set[str] = set()
    pointing: dict[str, frozenset[str]] = {}
    for rule in rules:
        touched = {name for op in rule.edge.records for name in (op.add, op.change, op.end, *op.correct)}
        if touched & records or _names(rule.fields.values(), records):
            triggers.add(rule.edge.trigger)
        for bound in (*rule.require, *rule.advise):
            if bound.guard.name == PLAN:
                plans |= bound.reads
        for name, field in rule.fields.items():
            if kinds := POINTING.intersection(_types(field)):
                pointing[name] = pointing.get(name, frozenset()) | kinds
    return Private(records, consented(workflow), frozenset(triggers), frozenset(plans), FrozenDict(pointing))


def reveals_crime(event: Event) -> bool:
    """Whether taking part in a pilot, or in what an agreement of it is for, says that somebody committed a crime.

    Args:
        event: any of its history: who took part before it was for others is known by what it was. What waits for a
            signature was not agreed.
    """
    return not event.type.startswith("signature.") and _of_crime(event.data)


def _of_crime(value: object) -> bool:
    """Whether data names a target group to belong to which is information about a crime."""
    if isinstance(value, tuple):
        return any(map(_of_crime, value))
    if not isinstance(value, Mapping):
        return False
    return not CRIME.isdisjoint(_several(value.get(TARGET_GROUP))) or any(map(_of_crime, value.values()))


def _several(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else (value,)
