"""The values that metrics are made of."""

from collections.abc import Callable, Iterable
from datetime import date
from fractions import Fraction
from typing import Any

from attrs import frozen

from proeftuin.core.frozen import EMPTY, FrozenDict
from proeftuin.core.pilot import Pilot
from proeftuin.core.settings import Settings


@frozen
class Share:
    """What one fact adds to a metric.

    Attributes:
        amount: exact, in the metric's unit before any division.
        part: the part of the metric that it belongs to, where it has parts.
        person: the subject that it rests on, None where it rests on nobody.
        kind, track: of the placement, to break down by.
    """

    amount: Fraction
    part: str = ""
    person: str | None = None
    kind: str | None = None
    track: str | None = None


@frozen
class Definition:
    """How a metric is computed.

    Attributes:
        shares: what a pilot adds on a day.
        parts: the names of its parts, in order, empty for a single number.
        divisor: the setting that the sum is divided by, once.
        distinct: whether a person counts once per part, however many shares there are.
        extra: parts that stand beside the number and are not in its total.
        source: the record type that a pilot must hold to be counted as reporting.
    """

    name: str
    unit: str
    shares: Callable[[Pilot, date], Iterable[Share]]
    label: FrozenDict
    parts: tuple[str, ...] = ()
    divisor: str | None = None
    distinct: bool = False
    extra: tuple[str, ...] = ()
    source: str = "placement"
    note: FrozenDict = EMPTY


@frozen
class Metric:
    """A number, as it may be shown to whoever asked.

    Attributes:
        value: an integer, a decimal as text with two places, `<5`, or a mapping of parts or groups to these
            (`withheld` where a small group could be worked out).
        total: over all groups of a breakdown.
        exact: the sum before rounding, None where it may not be shown.
        unit: `placements`, `persons`, `jobs`, `places`.
        as_of: the day that it holds for.
        extra: what stands beside it, such as the jobs of which it is unknown whether they count.
        ratios: exact conversion between parts, `6/16`.
        coverage: how many of the pilots asked about report anything, and how many there are.
        note: how to read it, per language.
        label: what people call it, per language.
    """

    name: str
    value: Any
    unit: str
    as_of: date
    total: int | str | None = None
    exact: Fraction | None = None
    extra: FrozenDict = EMPTY
    ratios: FrozenDict = EMPTY
    coverage: tuple[int, int] = (0, 0)
    note: FrozenDict = EMPTY
    label: FrozenDict = EMPTY


Measured = tuple[Pilot, date, Settings]
