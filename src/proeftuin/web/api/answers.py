"""What is answered: pilots, events and summaries as the library has them, and its other values as they are told.

A value with reasons in it is told in one language, and without what the reasons are made from.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Literal, TypeVar

from attrs import frozen

from proeftuin.core.commands import Blocker, Option, Remedy
from proeftuin.core.events import Event
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.metrics import Metric, Target
from proeftuin.core.migration.moving import Judged
from proeftuin.core.pilot import Pilot
from proeftuin.migrating import MigrationPlan
from proeftuin.portfolio import Portfolio
from proeftuin.result import Result
from proeftuin.waiting import Waiting
from proeftuin.web.api.classes import fields_of

T = TypeVar("T")


@frozen
class Reason:
    """One reason why not, or one thing to think of.

    Attributes:
        code: a stable word, for programs.
        text: for people.
        track: the track that it concerns.
        params: the facts behind it.
        missing: alternatives; doing one of them brings the pilot closer. Empty means that nothing would help.
        command: in a batch, the place of the command that it belongs to, from 0.
    """

    code: str
    text: str
    track: str | None
    params: FrozenDict
    missing: tuple[Remedy, ...]
    command: int | None


@frozen
class Possibility:
    """One thing that could be done, judged for who asks.

    Attributes:
        label: what people call it.
        to: the state that it leads to, null where it moves nothing.
        preset: the data that picks this way of doing it.
        allowed: whether it would be accepted, or a signature recorded.
        blockers, warnings: why not; what to think of.
        fields: per field of the data what must or may be given: type, required, choices, candidates, label.
    """

    trigger: str
    label: str
    track: str | None
    to: str | None
    kind: Literal["move", "record"]
    preset: FrozenDict
    allowed: bool
    blockers: tuple[Reason, ...]
    warnings: tuple[Reason, ...]
    fields: Mapping[str, FrozenDict]


@frozen
class Possibilities:
    """What may be done, then what not yet, then what is only recorded."""

    items: tuple[Possibility, ...]


@frozen
class Outcome:
    """What came of a command.

    Attributes:
        pilot: as it is after the command.
        events: what happened, in order.
        warnings: what to think of; they stop nothing.
        pending: the roles whose signature is still missing; empty when the command is complete.
        duplicate: whether this is the first result again, for a key seen before.
        started: the id of the pilot that the command began, if it did.
    """

    pilot: Pilot
    events: tuple[Event, ...]
    warnings: tuple[Reason, ...]
    pending: tuple[str, ...]
    duplicate: bool
    started: str | None


@frozen
class Events:
    """A page of a history; `next` is what to give as `after` for the one behind it, null at the end."""

    items: tuple[Event, ...]
    next: int | None


@frozen
class Figure:
    """A number, as it may be shown to who asks; see the page on metrics.

    Attributes:
        value: a number, a text such as `<5` or a decimal, or a mapping of parts or groups to these; null where there is
            nothing to divide by.
        exact, numerator, denominator: before rounding, `6/16`; null where they may not be shown.
        coverage: how many of the pilots asked about report anything, and how many there were on that day.
        refused: why there is no value, where it was not asked for by name.
        missing: how many pilots it is without, as they could not be read; the coverage does not count them.
    """

    name: str
    value: Any
    unit: str
    as_of: date
    total: int | str | None
    exact: str | None
    numerator: str | None
    denominator: str | None
    extra: FrozenDict
    ratios: FrozenDict
    n: FrozenDict
    names: tuple[str, ...]
    coverage: tuple[int, int]
    upper_bound: bool
    note: FrozenDict
    label: FrozenDict
    definition: int
    source: str
    since: date | None
    refused: Reason | None
    missing: int


@frozen
class Overview:
    """What came of many pilots, as of a day, and what they wait for now; see `Portfolio`.

    Attributes:
        missing: how many pilots all of it is without, as they could not be read; `unreadable` are their ids, where you
            may see them.
    """

    at: datetime
    as_of: date
    pilots: int
    figures: Mapping[str, Figure]
    targets: tuple[Target, ...]
    overdue: int | None
    open: int | None
    waiting: tuple[Waiting, ...]
    missing: int
    unreadable: tuple[str, ...]


@frozen
class Verdict:
    """What a migration would do to one pilot."""

    pilot_id: str
    verdict: Literal["fine", "decide", "impossible"]
    findings: tuple[Reason, ...]
    notes: tuple[Reason, ...]
    becomes: FrozenDict | None


@frozen
class Plan:
    """A migration, judged for every running pilot; nothing was written.

    Attributes:
        text: the file of the plan: to review, to complete, and to send back.
        undecided: what it leaves open; with any of it nothing can be applied.
    """

    text: str
    undecided: tuple[Reason, ...]
    pilots: tuple[Verdict, ...]


def reason(blocker: Blocker, lang: str) -> Reason:
    """Return a blocker or a warning, as it is told."""
    text = blocker.text(lang)
    return Reason(blocker.code, text, blocker.track, blocker.params, blocker.missing, blocker.command)


def reasons(blockers: Iterable[Blocker], lang: str) -> tuple[Reason, ...]:
    """Return blockers or warnings, as they are told."""
    return tuple(reason(one, lang) for one in blockers)


def possibility(option: Option, lang: str) -> Possibility:
    """Return an option, as it is told."""
    said = {"blockers": reasons(option.blockers, lang), "warnings": reasons(option.warnings, lang)}
    return _as(Possibility, option, label=option.label.get(lang, option.trigger), **said)


def outcome(result: Result, lang: str) -> Outcome:
    """Return what came of a command, as it is told."""
    return _as(Outcome, result, warnings=reasons(result.warnings, lang))


def figure(metric: Metric, lang: str) -> Figure:
    """Return a number, as it is told."""
    exact = {name: _text(getattr(metric, name)) for name in ("exact", "numerator", "denominator")}
    refused = None if metric.refused is None else reason(metric.refused, lang)
    return _as(Figure, metric, refused=refused, **exact)


def overview(portfolio: Portfolio, lang: str) -> Overview:
    """Return a portfolio, as it is told."""
    return _as(Overview, portfolio, figures={name: figure(one, lang) for name, one in portfolio.figures.items()})


def verdict(judged: Judged, lang: str) -> Verdict:
    """Return what a migration would do to one pilot, as it is told."""
    said = {"findings": reasons(judged.findings, lang), "notes": reasons(judged.notes, lang)}
    return _as(Verdict, judged, **said)


def plan(made: MigrationPlan, lang: str) -> Plan:
    """Return a migration with its verdict on every pilot, as it is told."""
    return Plan(made.text(), reasons(made.undecided, lang), tuple(verdict(one, lang) for one in made))


def _as(kind: type[T], value: object, **told: Any) -> T:  # noqa: ANN401  # of any field
    """Return a value as one of the classes here: what is told otherwise, and the rest as it is."""
    rest = (one.name for one in fields_of(kind) if one.name not in told)
    return kind(**told, **{name: getattr(value, name) for name in rest})


def _text(value: object) -> str | None:
    return None if value is None else str(value)
