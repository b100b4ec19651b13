"""What a figure is refused with: blockers as those of a command, with texts for people."""

from collections.abc import Iterable

from proeftuin.core.commands import Blocker, Remedy
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.metrics._base import Definition, Facts, NotMeasurable
from proeftuin.core.wording import texts
from proeftuin.core.workflow import Workflow

ASK = "metrics"
"""What stands for the trigger in the refusal of a figure."""


def _said(workflow: Workflow, code: str, *missing: Remedy, **params: object) -> Blocker:
    bare = Blocker(code, FrozenDict(params), missing=missing)
    return Blocker(code, FrozenDict(params), missing=missing, texts=texts(workflow, bare, missing))


def not_additive(workflow: Workflow, definition: Definition, tables: Iterable[str]) -> Blocker:
    """Return the refusal of a sum over amounts of several value tables; what helps is to ask for these per table."""
    again = Remedy(ASK, FrozenDict(by="table", metric=definition.apart))
    return _said(workflow, "not-additive", again, tables=", ".join(tables), metric=definition.name)


def unknown_potential(facts: Facts, category: str, known: Iterable[str]) -> NotMeasurable:
    """Return the refusal of the potential of a category of which nobody knows it."""
    return NotMeasurable(_said(facts.workflow, "unknown-potential", category=category, known=tuple(known)))


def unknown_table(facts: Facts, table: str) -> NotMeasurable:
    """Return the refusal of a value by a table that the engine was not given."""
    return NotMeasurable(_said(facts.workflow, "unknown-table", table=table))


def unknown_group(facts: Facts, table: str, group: str, known: Iterable[str]) -> NotMeasurable:
    """Return the refusal of a value of a group that a table does not have."""
    return NotMeasurable(_said(facts.workflow, "unknown-group", table=table, group=group, known=tuple(known)))
