"""What came of it: the agenda, due days, figures and portfolios; and the workflows that pilots follow."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from attrs import field, frozen

from proeftuin import errors
from proeftuin.agenda import Agenda, Deadlines
from proeftuin.definitions import dump
from proeftuin.web.api import answers, triggers
from proeftuin.web.api.answers import Figure, Overview
from proeftuin.web.api.operations import At, get
from proeftuin.web.api.pilots import Filters


@frozen
class Ahead:
    """How far ahead.

    Attributes:
        days: of the actions; what is overdue is always among them.
    """

    days: int = field(default=7, metadata={"schema": {"minimum": 0}})


@frozen(kw_only=True)
class DueDays(Filters):
    """Which due days, of which pilots.

    Attributes:
        pilot: these ids, and no filters; all that match the filters, where there are none.
        since: the first day that is told; what is behind us too, where it is left out.
        until: the last day that is told.
        limit: how many, the first due first; all, where it is left out.
    """

    pilot: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    limit: int | None = field(default=None, metadata={"schema": {"minimum": 0}})


@frozen(kw_only=True)
class Counting(Filters):
    """Over which pilots, and as of when.

    Attributes:
        pilot: these ids, and no filters; all that match the filters, where there are none.
        as_of: the day that the figures hold for, today by default.
        since: the first day of the period, for figures over one; the first of that year by default.
    """

    pilot: tuple[str, ...] = ()
    as_of: date | None = None
    since: date | None = None

    def period(self) -> dict[str, Any]:
        """Return what the engine is asked: which pilots, and as of when."""
        return {"pilots": self.pilot or None, "as_of": self.as_of, "since": self.since, **self.filters()}


@frozen(kw_only=True)
class Measuring(Counting):
    """Which figures, over which pilots.

    Attributes:
        name: which; those that the workflows declare, where there are none.
        of: one part of a figure.
        by: one field to break down by, such as `target_group`.
        strict: whether a figure that was named and cannot be given is a refusal; otherwise it stands there without a
            value.
    """

    name: tuple[str, ...] = ()
    of: str | None = None
    by: tuple[str, ...] = ()
    strict: bool = True


@frozen(kw_only=True)
class Looking(Counting):
    """Over which pilots, and how many of them are told of one by one.

    Attributes:
        limit: how many waiting pilots, the quietest first.
    """

    limit: int = field(default=100, metadata={"schema": {"minimum": 0}})


@frozen
class Figures:
    """Figures by their names."""

    figures: Mapping[str, Figure]


@frozen
class Flows:
    """What a new pilot may begin under, each `name@version`."""

    items: tuple[str, ...]


@frozen
class Flow:
    """A workflow.

    Attributes:
        id: `name@version`.
        hash: of its content; a version with another one is another workflow.
        definition: as in a workflow file, without what it extends; GET workflow.schema.json describes it.
    """

    id: str
    name: str
    version: int
    hash: str
    definition: dict[str, Any]


@frozen
class Triggers:
    """What each trigger takes as its data, as JSON Schema (2020-12).

    Attributes:
        start: the data that a pilot begins with.
        triggers: by name. Whether what is asked for may be done now is no matter of a schema: ask for the options.
    """

    workflow: str
    start: dict[str, Any]
    triggers: Mapping[str, dict[str, Any]]


def get_agenda(at: At, ask: Ahead) -> Agenda:
    """Say what is next for you: what to do, whom to call, and the goals on the horizon."""
    return at.desk.view.agenda(days=ask.days)


def get_deadlines(at: At, ask: DueDays) -> Deadlines:
    """List the due days of terms on the pilots that you may see, those behind us too."""
    asked: dict[str, Any] = {"pilots": ask.pilot or None, "since": ask.since, "until": ask.until, "limit": ask.limit}
    return at.desk.view.deadlines(**asked, **ask.filters())


def get_metrics(at: At, ask: Measuring) -> Figures:
    """Give figures over pilots; whoever is outside the pilot team gets them without small groups."""
    found = at.desk.view.metrics(*ask.name, of=ask.of, by=ask.by, strict=ask.strict, **ask.period())
    return Figures({name: answers.figure(one, at.lang) for name, one in found.items()})


def get_portfolio(at: At, ask: Looking) -> Overview:
    """Say what came of many pilots, and what each of them waits for."""
    return answers.overview(at.desk.view.portfolio(limit=ask.limit, **ask.period()), at.lang)


def list_workflows(at: At, _: object) -> Flows:
    """List the workflows that a new pilot may begin under."""
    return Flows(at.desk.engine.workflows())


def get_workflow(at: At, _: object) -> Flow:
    """Give a workflow by its name, for its highest version, or by `name@version`."""
    found = at.desk.workflow(at.named["workflow"])
    return Flow(found.id, found.name, found.version, found.hash, json.loads(dump(found)))


def get_triggers(at: At, _: object) -> Triggers:
    """Describe the data that each trigger of a workflow takes."""
    found = at.desk.workflow(at.named["workflow"])
    return Triggers(found.id, triggers.of_start(found), triggers.of_triggers(found))


PARTS = (errors.Refused, errors.UnknownPilot)
FLOW = (errors.UnknownWorkflow,)

OPERATIONS = (
    get("/agenda", get_agenda, ("agenda",), Agenda, query=Ahead),
    get("/deadlines", get_deadlines, ("deadlines",), Deadlines, query=DueDays, raises=(errors.UnknownPilot,)),
    get("/metrics", get_metrics, ("metrics",), Figures, query=Measuring, raises=PARTS),
    get("/portfolio", get_portfolio, ("portfolio",), Overview, query=Looking, raises=PARTS),
    get("/workflows", list_workflows, ("workflows",), Flows),
    get("/workflows/{workflow}", get_workflow, ("workflow",), Flow, raises=FLOW),
    get("/workflows/{workflow}/triggers", get_triggers, (), Triggers, raises=FLOW),
)
