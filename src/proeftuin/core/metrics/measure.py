"""From pilots to the numbers that may be shown: one after another, summed, divided once, rounded once.

1. Each pilot gives shares (`Definition.shares`), which are added to the cells of a metric (`_cells`) and forgotten.
2. A pilot that had not begun on the day is not there: it gives nothing, and is in no denominator. One that was closed
   or stopped stays in.
3. What cannot be added up, or cannot be known, is refused with its reasons, all at once; where a metric was not asked
   for by name it stands there without a value instead.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from proeftuin.core.commands import Blocker
from proeftuin.core.frozen import EMPTY, FrozenDict
from proeftuin.core.metrics._base import Definition, Facts, Metric, NotMeasurable, Share
from proeftuin.core.metrics._cells import WITHHELD, Cell, Display
from proeftuin.core.metrics._refusals import not_additive
from proeftuin.core.metrics.catalogue import METRICS
from proeftuin.core.pilot import Pilot
from proeftuin.core.settings import Settings
from proeftuin.core.workflow import Workflow

OF_SHARES = {"kind": "kind", "track": "track", "table": "name"}
FIELDS = ("category", "kind", "organisation", "origin", "programme", "sector", "table", "target_group", "track")
NONE = "none"

Found = Iterable[tuple[Workflow, Pilot]]
Key = tuple[str, str]

TOTAL: Key = ("total", "")


def _group(pilot: Pilot, share: Share | None, field: str) -> str:
    """Return the group of a share; a pilot with several target groups is a group of its own."""
    value = getattr(share, OF_SHARES[field]) if field in OF_SHARES else pilot.data.get(field)
    if isinstance(value, tuple):
        return "+".join(sorted(value)) or NONE
    return str(value) if value is not None else NONE


def _once(shares: Iterable[Share]) -> Iterable[Share]:
    """Return the first share of each person in each part, of those that one cell is made of."""
    seen: dict[tuple[str, str | None], Share] = {}
    for share in shares:
        seen.setdefault((share.part, share.person), share)
    return seen.values()


class Meter:
    """One metric, as pilots are added to it.

    Args:
        definition: what is measured.
        of: one of its parts alone.
        by: the field to break it down by.
    """

    def __init__(self, definition: Definition, *, of: str | None = None, by: str | None = None) -> None:
        self.definition, self.of, self.by = definition, of, by
        self.cells: dict[Key, Cell] = {TOTAL: Cell()}
        self.reported = self.asked = 0
        self.refusals: dict[str, Blocker] = {}
        self.workflow: Workflow | None = None

    def add(self, facts: Facts) -> None:
        """Add what one pilot adds."""
        if not facts.exists:
            return
        self.asked += 1
        self.workflow = facts.workflow
        self.reported += self.definition.reports(facts)
        try:
            shares: Iterable[Share] = tuple(self.definition.shares(facts))
        except NotMeasurable as refused:
            self.refusals.setdefault(str(refused.blocker.params), refused.blocker)
            return
        for group in self._empty(facts):
            self._cell(("group", group))
        held: dict[Key, list[Share]] = {}
        for share in shares:
            for key in self._keys(facts.pilot, share):
                held.setdefault(key, []).append(share)
        for key, some in held.items():
            self._cell(key).take(_once(some) if self.definition.distinct else some, self.definition.shape)

    def _empty(self, facts: Facts) -> Iterable[str]:
        """Give the groups that stand there also where nobody is in them: which are empty tells about the others."""
        if self.by is None:
            return ()
        if self.by not in OF_SHARES:
            return (_group(facts.pilot, None, self.by),)
        if not self.definition.of_persons:
            return ()
        return tuple(facts.tracks) if self.by == "track" else facts.kinds if self.by == "kind" else ()

    def _keys(self, pilot: Pilot, share: Share) -> Iterable[Key]:
        if share.part in self.definition.beside:
            return (("beside", share.part),)
        if self.of not in {None, share.part}:
            return ()
        if self.by is not None:
            return TOTAL, ("group", _group(pilot, share, self.by))
        return TOTAL, ("part", share.part)

    def _cell(self, key: Key) -> Cell:
        cell = self.cells.get(key)
        if cell is None:
            cell = self.cells[key] = Cell()
        return cell

    def _all(self, kind: str) -> dict[str, Cell]:
        return {name: cell for (one, name), cell in sorted(self.cells.items()) if one == kind}

    def blockers(self) -> tuple[Blocker, ...]:
        """Return why there is no number, all reasons."""
        if self.refusals:
            return tuple(self.refusals.values())
        if self.workflow is None:
            return ()
        shown = self._all("group").values() if self.by is not None else (self.cells[TOTAL],)
        mixed = sorted({name for cell in shown if self._mixed(cell) for name in cell.names})
        return (not_additive(self.workflow, self.definition, mixed),) if mixed else ()

    def _mixed(self, cell: Cell) -> bool:
        """Whether a cell holds shares that do not add up."""
        return bool(self.definition.apart) and len(cell.names) > 1

    def metric(self, day: date, since: date, settings: Settings, limit: int | None) -> Metric:
        """Return the number, hidden where it rests on fewer persons than the limit."""
        one = self.definition
        divisor = settings.number(one.divisor, day) if one.divisor else None
        display = Display(one.shape, one.unit, divisor, limit)
        blockers = self.blockers()
        return Metric(
            name=one.name,
            unit=one.unit,
            as_of=day,
            since=since if one.over_period else None,
            coverage=(self.reported, self.asked),
            upper_bound=one.distinct and self.reported > 1,
            note=one.note,
            label=one.label,
            definition=one.version,
            source=one.source,
            names=tuple(sorted(settings.named(name) for name in self.cells[TOTAL].names)) if not blockers else (),
            **({"value": None, "refused": blockers[0]} if blockers else self._shown(display)),
        )

    def _shown(self, display: Display) -> dict[str, Any]:
        one, total = self.definition, self.cells[TOTAL]
        cells = {part: self.cells.get(("beside", part), Cell()) for part in one.beside}
        beside = {
            part: None if self._mixed(cell) else display.beside(cell, one.beside[part]) for part, cell in cells.items()
        }
        shown: dict[str, Any] = {"extra": FrozenDict(beside)}
        if self.by is not None:
            whole = total if one.distinct else None
            return shown | self._several(display, self._all("group"), whole) | {"total": self._total(display)}
        if one.in_parts and self.of is None:
            cells = self._all("part")
            return shown | self._several(display, {part: cells.get(part, Cell()) for part in (*one.parts, *cells)})
        shown["value"] = display.one(total)
        if not total.small(display.limit):
            shown["exact"] = display.exact(total)
            if one.shape == "ratio":
                shown |= {"numerator": Fraction(total.amount), "denominator": Fraction(total.of)}
            if one.shape == "median":
                shown["n"] = FrozenDict(all=total.values.total())
        return shown

    def _total(self, display: Display) -> int | str | None:
        """Return the number over all groups, None where they do not add up."""
        total = self.cells[TOTAL]
        return None if self._mixed(total) else display.one(total)

    def _several(self, display: Display, cells: Mapping[str, Cell], whole: Cell | None = None) -> dict[str, Any]:
        value = display.several(cells, whole)
        shape = self.definition.shape
        if WITHHELD in value.values() or shape == "distinct":
            return {"value": value}
        if shape == "median":
            return {"value": value, "n": FrozenDict({name: cell.values.total() for name, cell in cells.items()})}
        if shape == "ratio":
            open_cells = {name: cell for name, cell in cells.items() if not cell.small(display.limit)}
            return {"value": value, "ratios": _ratios({name: (one.amount, one.of) for name, one in open_cells.items()})}
        return {"value": value, "ratios": EMPTY if self.by is not None else self._rates(cells)}

    def _rates(self, cells: Mapping[str, Cell]) -> FrozenDict:
        return _ratios(
            {
                name: tuple(sum(cells[part].amount for part in parts) for parts in two)
                for name, two in self.definition.rates.items()
            }
        )


def _ratios(found: Mapping[str, tuple[Any, ...]]) -> FrozenDict:
    return FrozenDict({name: f"{above}/{below}" for name, (above, below) in found.items() if below})


class Unmeasurable(Exception):
    """Figures that were asked for cannot be given; `blockers` say why, all of them."""

    def __init__(self, blockers: Sequence[Blocker]) -> None:
        self.blockers = tuple(blockers)
        super().__init__(", ".join(one.code for one in self.blockers))


def measure(  # all by name
    found: Found,
    names: Sequence[str],
    *,
    now: datetime,
    as_of: date | None = None,
    since: date | None = None,
    of: str | None = None,
    by: Sequence[str] = (),
    settings: Settings,
    suppress: bool = False,
    lenient: bool = False,
) -> Mapping[str, Metric]:
    """Return metrics over pilots, which are looked at one by one and not kept.

    Args:
        found: the pilots with their workflows.
        names: which metrics; none means those that the workflows declare, and then all pilots are held at once.
        now: aware; today in the first workflow's zone is the day by default.
        as_of: the day that they hold for; `since` the first of the period, by default that of the year.
        since: see there.
        of: one part of a metric, `employment` of `stage_funnel`.
        by: at most one field of `FIELDS` to break down by.
        settings: the organisation's numbers and value tables.
        suppress: whether small groups are hidden.
        lenient: whether what is refused stands there without a value, and what cannot be broken down is left out.

    Raises:
        LookupError: for an unknown metric, part or field.
        Unmeasurable: for metrics that cannot be given.
    """
    if not names:
        found, lenient = tuple(found), True
        names = tuple(dict.fromkeys(name for workflow, _ in found for name in workflow.metrics))
    meters = _meters(names, of, _field(by), lenient=lenient)
    day, first = _go_through(found, meters, now, as_of, since, settings)
    if not lenient and (blockers := [blocker for meter in meters for blocker in meter.blockers()]):
        raise Unmeasurable(blockers)
    limit = settings.whole("small_cell", day) if suppress else None
    return FrozenDict({one.definition.name: one.metric(day, first, settings, limit) for one in meters})


def _go_through(  # noqa: PLR0917  # those of `measure`
    found: Found, meters: Sequence[Meter], now: datetime, as_of: date | None, since: date | None, settings: Settings
) -> tuple[date, date]:
    """Add every pilot to every metric, and return the day that they hold for and the first of the period."""
    day = as_of
    for workflow, pilot in found:
        day = day or now.astimezone(ZoneInfo(workflow.timezone)).date()
        facts = Facts(workflow, pilot, day, begins(since, day), settings)
        for meter in meters:
            meter.add(facts)
    day = day or now.date()
    return day, begins(since, day)


def begins(since: date | None, day: date) -> date:
    """Return the first day of the period that figures of a day are over.

    Raises:
        LookupError: where it comes after that day.
    """
    if since is not None and since > day:
        message = f"the period begins on {since}, after {day}, the day that the figures hold for"
        raise LookupError(message)
    return since or day.replace(month=1, day=1)


def _field(by: Sequence[str]) -> str | None:
    if len(by) > 1 or any(one not in FIELDS for one in by):
        message = f"by may hold one of {', '.join(FIELDS)}"
        raise LookupError(message)
    return by[0] if by else None


def _meters(names: Iterable[str], of: str | None, by: str | None, *, lenient: bool) -> list[Meter]:
    return [Meter(one, of=of, by=by) for one in _chosen(names, of, by, lenient=lenient)]


def _chosen(names: Iterable[str], of: str | None, by: str | None, *, lenient: bool) -> Iterable[Definition]:
    for name in names:
        definition = METRICS.get(name)
        if definition is None:
            message = f"there is no metric {name!r}; known are {', '.join(METRICS)}"
            raise LookupError(message)
        if of is not None and of not in definition.parts and not definition.open_parts:
            message = f"{name} has no part {of!r}; it has {', '.join(definition.parts) or 'none'}"
            raise LookupError(message)
        why = _unbroken(definition, of, by)
        if why is None:
            yield definition
        elif not lenient:
            raise LookupError(why)


def _unbroken(one: Definition, of: str | None, by: str | None) -> str | None:
    """Return why a figure cannot be broken down so, None where it can."""
    if by is not None and of is None and one.parts and not one.adds:
        return f"the parts of {one.name} do not add up; to break it down, say of which one: {', '.join(one.parts)}"
    if by == "table" and one.apart not in {"", one.name}:
        return f"{one.name} is of no table by itself; by table there is {one.apart}"
    return None
