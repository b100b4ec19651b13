"""The data of every trigger held against a workflow: the notation of the tables, and what differs from them.

`name*` is required, `name?kind=short` where another field has this value. `past` is a date that may not lie ahead.
A tuple is a choice, a list holds what stands in it (a dict: rows), `record:goal` refers to a record. An edge is looked
up by its label (`conclude.embedded`), then by its trigger; of a track first with its kind before it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from proeftuin.core.table import Rule, Table, compile_workflow
from proeftuin.core.workflow import Field, Workflow
from tests.domain.domain import Domain
from tests.domain.mutants import label


def _shape(field: Field) -> Any:
    record = f"record:{field.record or ''}"
    if field.type == "list":
        return [shapes(field.of) if isinstance(field.of, Mapping) else record if field.of == "record" else field.of]
    shape: dict[str, Any] = {
        "choice": field.of,
        "record": record,
        "date": "past" if field.not_after == "today" else "date",
        "map": {"of": field.of, "keys": field.keys},
    }
    return shape.get(field.type, field.type)


def shapes(fields: Mapping[str, Field]) -> dict[str, Any]:
    """Fields in the notation of the table."""
    found = {}
    for name, field in fields.items():
        when = "".join(f"?{other}={'/'.join(map(str, held))}" for other, held in field.required_when.items())
        found[f"{name}{'*' if field.required else when}"] = _shape(field)
    return found


def _expected(domain: Domain, table: Table, rule: Rule) -> Mapping[str, Any]:
    """The data of an edge, by the tables."""
    if rule is table.start:
        return domain.fields["start"]
    workflow = table.workflow
    edges = workflow.edges if rule.kind is None else workflow.tracks[rule.kind].edges
    names = (label(rule.edge, edges), rule.edge.trigger)
    named = (*(f"{rule.kind}.{one}" for one in names), *names)
    return next((domain.fields[one] for one in named if one in domain.fields), {})


def field_complaints(domain: Domain, workflow: Workflow, first: str = "") -> Iterator[str]:
    """Every field of every trigger that differs from the table, those of the trigger `first` first."""
    table = compile_workflow(workflow)
    rules = sorted((table.start, *table.every), key=lambda rule: rule.edge.trigger != first)
    for rule in rules:
        expected, came = _expected(domain, table, rule), shapes(rule.fields)
        for name in sorted({*expected, *came}):
            if expected.get(name) != came.get(name):
                yield f"{rule.edge.trigger}: {name}: expected {expected.get(name)}, came {came.get(name)}"
    if table.start.allowed != domain.starters or workflow.start.to != domain.first:
        yield f"start: by {table.start.allowed} to {workflow.start.to}"
    if workflow.start.data["origin"].default != "client":
        yield "start: origin is the client's unless said otherwise"
