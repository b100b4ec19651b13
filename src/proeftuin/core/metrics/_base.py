"""The values that metrics are made of."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any, Literal

from attrs import frozen

from proeftuin.core.commands import Blocker
from proeftuin.core.frozen import EMPTY, FrozenDict
from proeftuin.core.pilot import Pilot, Record, Stop
from proeftuin.core.settings import Settings
from proeftuin.core.workflow import Workflow

Amount = Fraction | int
Shape = Literal["sum", "ratio", "median", "distinct"]
ONE_DAY = timedelta(1)


class NotMeasurable(Exception):
    """A figure cannot be given for a pilot, for a reason that people can read; raised by `shares` alone."""

    def __init__(self, blocker: Blocker) -> None:
        self.blocker = blocker
        super().__init__(blocker.code)


@lru_cache(maxsize=4096)
def exact(text: str) -> Fraction:
    """Return a decimal that the log keeps as text; the same hours and amounts come back again and again."""
    return Fraction(text)


@frozen
class Share:
    """What one fact adds to a metric.

    Attributes:
        amount: exact, in the metric's unit before any division; of a ratio the numerator.
        part: the part of the metric that it belongs to, where it has parts.
        person: the subject that it rests on, None where it rests on nobody.
        kind, track: of the placement, to break down by.
        of: of a ratio the denominator.
        name: what is counted once over a portfolio; or the table that an amount was valued by.
    """

    amount: Amount
    part: str = ""
    person: str | None = None
    kind: str | None = None
    track: str | None = None
    of: Amount = 0
    name: str | None = None


@frozen(slots=False, eq=False, repr=False)
class Facts:
    """One pilot on one day: what a metric looks at.

    What was true on the day is told as it is known now: what was recorded late counts from the day on which it
    happened, and what was corrected counts as corrected.

    Attributes:
        day: the day that the figures hold for.
        since: the first day of the period, for figures over a period; it ends with `day`.
        settings: the numbers and value tables of the organisation.
    """

    workflow: Workflow
    pilot: Pilot
    day: date
    since: date
    settings: Settings

    @cached_property
    def stops(self) -> tuple[Stop, ...]:
        """The states of the pilot itself up to the day, in order."""
        return tuple([one for one in self.pilot.path if one.track is None and one.since <= self.day])

    @cached_property
    def exists(self) -> bool:
        """Whether the pilot had begun."""
        return bool(self.stops) or (not self.pilot.path and self.pilot.cycle_since <= self.day)

    @cached_property
    def tracks(self) -> Mapping[str, str]:
        """The state of each track that there was on the day, by its key."""
        found: dict[str, str] = {}
        for one in self.pilot.path:
            if one.track is not None and one.since <= self.day:
                found[one.track] = one.state
        return found

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of placements that there can be."""
        record = self.workflow.records.get("placement")
        field = None if record is None else record.fields.get("kind")
        return field.of if field is not None and isinstance(field.of, tuple) else ()  # type: ignore[return-value]  # lint: choices are texts

    @property
    def state(self) -> str:
        """The pilot's state on the day."""
        return self.stops[-1].state if self.stops else self.pilot.state

    @property
    def phase(self) -> str:
        """The phase that it lay in on the day."""
        return (self.stops[-1].phase if self.stops else self.pilot.phase) or ""

    @property
    def closed(self) -> bool:
        """Whether it was closed on the day."""
        state = self.workflow.states.get(self.state)
        return state is not None and state.final

    def kept(self, kind: str) -> Iterator[Record]:
        """Give the records of a type that count from the day or before."""
        day = self.day
        return (one for one in self.pilot.kept.get(kind, ()) if one.since <= day)

    def open(self, kind: str) -> Iterator[Record]:
        """Give those of them that had not ended on the day."""
        return (one for one in self.kept(kind) if one.ended is None or self.day < one.ended)

    def happened(self, kind: str) -> Iterator[Record]:
        """Give the records of a type that tell of the day or before, whenever they were made."""
        return (one for one in self.pilot.kept.get(kind, ()) if one.dated <= self.day)

    @cached_property
    def active(self) -> tuple[Record, ...]:
        """The placements that are active on the day."""
        return self.pilot.records("placement", active_on=self.day)


def always(facts: Facts) -> bool:  # noqa: ARG001  # as every `reports`
    """Whether anything is known: it follows from the pilot itself."""
    return True


def holding(kind: str) -> Callable[[Facts], bool]:
    """Return whether there was a record of this type."""
    return lambda facts: next(facts.kept(kind), None) is not None


def telling(kind: str) -> Callable[[Facts], bool]:
    """Return whether something of this type had happened."""
    return lambda facts: next(facts.happened(kind), None) is not None


Shares = Callable[[Facts], Iterable[Share]]


@frozen
class Definition:
    """How a metric is computed. Change what it means, and `version` rises.

    Attributes:
        shares: what a pilot adds on a day; it may raise `NotMeasurable`.
        shape: a `sum`; a `ratio` of two sums; the `median` of the amounts; how many `distinct` names.
        parts: the names of its parts, in order, empty for a single number; `open_parts`: the parts are what comes.
        adds: whether the parts add up to something, so that a breakdown needs no part to be chosen.
        divisor: the setting that a sum is divided by, once.
        distinct: whether a person counts once per part, however many shares there are.
        beside: what stands beside the number and is not in it, with the unit of each.
        rates: exact ratios between parts: the sum of the first over the sum of the second.
        reports: whether a pilot has told anything about it, for the coverage.
        over_period: whether it counts what came in a period, and not how things stand on a day.
        apart: the figure to ask for by table, where shares of two value tables do not add up; empty where all do.
        of_persons: whether it rests on persons, so that small groups are hidden.
        source: where the definition comes from.
    """

    name: str
    unit: str
    shares: Shares
    label: FrozenDict
    shape: Shape = "sum"
    parts: tuple[str, ...] = ()
    open_parts: bool = False
    adds: bool = False
    divisor: str | None = None
    distinct: bool = False
    beside: FrozenDict = EMPTY
    rates: FrozenDict = EMPTY
    reports: Callable[[Facts], bool] = always
    apart: str = ""
    of_persons: bool = False
    over_period: bool = False
    note: FrozenDict = EMPTY
    source: str = "proeftuin"
    version: int = 1

    @property
    def in_parts(self) -> bool:
        """Whether it is told part by part."""
        return bool(self.parts) or self.open_parts


@frozen
class Metric:
    """A number, as it may be shown to whoever asked.

    Attributes:
        value: an integer; a decimal as text, rounded half up (jobs and EUR two places, per cent two, days one); `<5`;
            None where there is nothing to divide by; or a mapping of parts or groups to these (`withheld` where a
            small group could be worked out).
        total: over all groups of a breakdown.
        exact: the number before rounding, None where it may not be shown.
        numerator, denominator: of a ratio, exact; None where they may not be shown.
        unit: placements, persons, jobs, places, EUR, percent, days, ...
        as_of: the day that it holds for.
        since: the first day of the period, for a figure over a period.
        extra: what stands beside it, such as the jobs of which it is unknown whether they count; None where it would be
            a sum over two value tables.
        ratios: exact ratios per part or group, `6/16`.
        n: how many a median is made of, per part.
        names: the instruments that were counted; the value tables that amounts were valued by, with their dates.
        coverage: how many of the pilots asked about report anything, and how many there were on that day.
        upper_bound: whether one person may be counted more than once, as refs are not shared between pilots.
        note: how to read it, per language.
        label: what people call it, per language.
        definition: the number of its definition; another number is another figure.
        source: where the definition comes from.
        refused: why there is no value, where it was not asked for by name.
        missing: how many pilots it is without, as they could not be read; the coverage does not count them.
    """

    name: str
    value: Any
    unit: str
    as_of: date
    total: int | str | None = None
    exact: Fraction | None = None
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    extra: FrozenDict = EMPTY
    ratios: FrozenDict = EMPTY
    n: FrozenDict = EMPTY
    names: tuple[str, ...] = ()
    coverage: tuple[int, int] = (0, 0)
    upper_bound: bool = False
    note: FrozenDict = EMPTY
    label: FrozenDict = EMPTY
    definition: int = 1
    source: str = ""
    since: date | None = None
    refused: Blocker | None = None
    missing: int = 0


def said(en: str, nl: str) -> FrozenDict:
    """Return words per language."""
    return FrozenDict(en=en, nl=nl)
