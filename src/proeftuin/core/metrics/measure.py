"""From shares to the number that may be shown: grouped, summed, divided once, and suppressed where groups are small.

Small cells: a reader outside the pilot team gets a breakdown whole or not at all. If one of its cells rests on 1 to 4
persons, every cell is `withheld`, and the total is given if it rests on none or on at least 5, else as `<5`. A single
number, or a breakdown with one category, that rests on 1 to 4 persons is `<5`. Hiding single cells would not do: who
knows the rule can work them out. Not protected: differences between dates, between selections, between two breakdowns.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from proeftuin.core.frozen import EMPTY, FrozenDict
from proeftuin.core.metrics._base import Definition, Metric, Share
from proeftuin.core.metrics.placements import METRICS
from proeftuin.core.pilot import Pilot
from proeftuin.core.settings import Settings
from proeftuin.core.workflow import Workflow

FIELDS = ("category", "kind", "organisation", "origin", "programme", "sector", "target_group", "track")
WITHHELD = "withheld"

Owned = tuple[Pilot, Share]
Shown = int | str


def _group(pilot: Pilot, share: Share | None, field: str) -> str:
    """Return the group of a share; a pilot with several target groups is a group of its own."""
    if field in {"kind", "track"}:
        value = getattr(share, field) if share is not None else None
    else:
        value = pilot.data.get(field)
    if isinstance(value, tuple):
        return "+".join(sorted(value)) or "none"
    return str(value) if value is not None else "none"


def _distinct(shares: Iterable[Owned]) -> list[Owned]:
    seen: dict[tuple[str, str, str | None], Owned] = {}
    for pilot, share in shares:
        seen.setdefault((pilot.id, share.part, share.person), (pilot, share))
    return list(seen.values())


def _persons(shares: Iterable[Owned]) -> int:
    return len({(pilot.id, share.person) for pilot, share in shares if share.person is not None})


def _sum(shares: Iterable[Owned]) -> Fraction:
    return sum((share.amount for _, share in shares), Fraction(0))


def _show(total: Fraction, divisor: Decimal | None) -> Shown:
    if divisor is None:
        return int(total)
    exact = total / Fraction(divisor)
    shown = Decimal(exact.numerator) / Decimal(exact.denominator)
    return str(shown.quantize(Decimal("0.01"), ROUND_HALF_UP))


class _Cells:
    """Shows numbers, or hides them, by the persons that they rest on."""

    def __init__(self, pilots: Sequence[Pilot], divisor: Decimal | None, limit: int | None) -> None:
        self.pilots, self.divisor, self.limit = pilots, divisor, limit

    def small(self, shares: Sequence[Owned]) -> bool:
        """Whether a number rests on so few persons that it could point at one."""
        return self.limit is not None and 0 < _persons(shares) < self.limit

    def one(self, shares: Sequence[Owned]) -> Shown:
        """Return a single number."""
        if self.small(shares):
            return f"<{self.limit}"
        return _show(_sum(shares), self.divisor)

    def several(self, groups: Mapping[str, Sequence[Owned]]) -> FrozenDict:
        """Return a breakdown, whole or not at all."""
        if len(groups) > 1 and any(self.small(shares) for shares in groups.values()):
            return FrozenDict(dict.fromkeys(groups, WITHHELD))
        return FrozenDict({name: self.one(shares) for name, shares in groups.items()})


def _ratios(definition: Definition, value: object) -> FrozenDict:
    if not isinstance(value, Mapping) or not definition.distinct or not definition.parts:
        return EMPTY
    first = value.get(definition.parts[0])
    if not isinstance(first, int) or first == 0:
        return EMPTY
    return FrozenDict({name: f"{value[name]}/{first}" for name in definition.parts[1:] if isinstance(value[name], int)})


def _groups(main: Iterable[Owned], pilots: Iterable[Pilot], by: str) -> dict[str, list[Owned]]:
    """Return shares per group, in order of name; groups of pilots stand there also where nobody is in them."""
    of_pilots = by not in {"kind", "track"}
    groups: dict[str, list[Owned]] = {_group(pilot, None, by): [] for pilot in pilots} if of_pilots else {}
    for one in main:
        groups.setdefault(_group(*one, by), []).append(one)
    return dict(sorted(groups.items()))


def _metric(definition: Definition, cells: _Cells, *, day: date, of: str | None, by: str | None) -> Metric:
    found: list[Owned] = [(pilot, share) for pilot in cells.pilots for share in definition.shares(pilot, day)]
    if definition.distinct:
        found = _distinct(found)
    main = [one for one in found if one[1].part not in definition.extra and of in (None, one[1].part)]
    beside = {part: cells.one([one for one in found if one[1].part == part]) for part in definition.extra}
    shown: dict[str, Any] = {"extra": FrozenDict(beside)}
    if by is not None:
        shown["value"] = cells.several(_groups(main, cells.pilots, by))
        shown["total"] = cells.one(main)
    elif definition.parts and of is None:
        shown["value"] = cells.several(
            {part: [one for one in main if one[1].part == part] for part in definition.parts}
        )
        shown["ratios"] = _ratios(definition, shown["value"])
    else:
        shown["value"] = cells.one(main)
        shown["exact"] = None if cells.small(main) else _sum(main) / Fraction(cells.divisor or 1)
    return Metric(
        name=definition.name,
        unit=definition.unit,
        as_of=day,
        coverage=(sum(bool(pilot.kept.get(definition.source)) for pilot in cells.pilots), len(cells.pilots)),
        note=definition.note,
        label=definition.label,
        **shown,
    )


def measure(  # all by name
    found: Iterable[tuple[Workflow, Pilot]],
    names: Sequence[str],
    *,
    now: datetime,
    as_of: date | None = None,
    of: str | None = None,
    by: Sequence[str] = (),
    settings: Settings,
    suppress: bool = False,
) -> Mapping[str, Metric]:
    """Return metrics over pilots.

    Args:
        found: the pilots with their workflows.
        names: which metrics; none means those that the workflows declare.
        now: aware.
        as_of: the day that they hold for; today in the first workflow's zone by default.
        of: one part of a metric, `employment` of `stage_funnel`.
        by: at most one field of `FIELDS` to break down by.
        settings: the organisation's numbers.
        suppress: whether small groups are hidden.

    Raises:
        LookupError: for an unknown metric, part or field.
    """
    pairs = tuple(found)
    pilots = [pilot for _, pilot in pairs]
    declared = dict.fromkeys(name for workflow, _ in pairs for name in workflow.metrics)
    zone = ZoneInfo(pairs[0][0].timezone if pairs else "UTC")
    day = as_of or now.astimezone(zone).date()
    limit = settings.whole("small_cell", day) if suppress else None
    measured: dict[str, Metric] = {}
    for name in names or declared:
        definition = _defined(name, of, by)
        divisor = settings.number(definition.divisor, day) if definition.divisor else None
        measured[name] = _metric(definition, _Cells(pilots, divisor, limit), day=day, of=of, by=by[0] if by else None)
    return FrozenDict(measured)


def _defined(name: str, of: str | None, by: Sequence[str]) -> Definition:
    definition = METRICS.get(name)
    if definition is None:
        message = f"there is no metric {name!r}; known are {', '.join(METRICS)}"
        raise LookupError(message)
    if of is not None and of not in definition.parts:
        message = f"{name} has no part {of!r}; it has {', '.join(definition.parts) or 'none'}"
        raise LookupError(message)
    if len(by) > 1 or any(field not in FIELDS for field in by):
        message = f"by may hold one of {', '.join(FIELDS)}"
        raise LookupError(message)
    return definition
