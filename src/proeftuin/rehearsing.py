"""Recorded histories, held against another version of their workflow: before it is published, and by every build."""

from collections.abc import Iterable, Iterator

from proeftuin.calendars import named
from proeftuin.core.calendar import Calendar
from proeftuin.core.guards import BUILT_IN, Guard
from proeftuin.core.migration.rehearse import Difference, first_difference
from proeftuin.core.settings import Settings
from proeftuin.core.table import compile_workflow
from proeftuin.core.workflow import Workflow
from proeftuin.engine import Engine


def rehearse(
    lines: Iterable[str],
    workflow: Workflow,
    *,
    guards: Iterable[Guard] = (),
    calendar: Calendar | None = None,
    settings: Settings | None = None,
) -> Iterator[tuple[str, Difference | None]]:
    """Give the pilots of an export that follow a workflow, each with where it would have gone differently first.

    Args:
        lines: the text that `export_pilots` gave, as lines.
        workflow: the version that they are held against.
        guards: the host's guards that it names.
        calendar: counts the working days of both versions; None means the calendar that each names.
        settings: the dated numbers of the organisation.

    Raises:
        BadArgument: for a text that is not whole.
    """
    known = {**{one.name: one for one in guards}, **BUILT_IN}
    table = compile_workflow(workflow, known)
    with Engine.open("memory://", guards=tuple(guards), hooks=()) as engine:
        engine.import_pilots(lines)
        for one in engine.each():
            if one.workflow.partition("@")[0] == workflow.name:
                own = compile_workflow(engine.workflow(one.workflow), known)
                history = tuple(engine.history(one.id))
                days = (calendar or named(workflow.calendar), calendar or named(own.workflow.calendar))
                yield one.id, first_difference(table, own, history, days, settings or Settings())
