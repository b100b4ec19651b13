"""What goals want of figures, over a portfolio, beside what there is.

A goal may name a figure and a number. Of each pilot and figure the last goal counts that was not dropped; targets are
added up and compared with the same figure of the same pilots, over the same period. A target on a ratio, a median or a
figure whose parts do not add up does not either, so it stays with its pilot.
"""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from attrs import frozen

from proeftuin.core.frozen import FrozenDict
from proeftuin.core.metrics._base import Definition, Facts, exact
from proeftuin.core.metrics._cells import Display, Shown, percent, shown
from proeftuin.core.metrics.catalogue import METRICS
from proeftuin.core.metrics.measure import TOTAL, Meter
from proeftuin.core.settings import Settings

GOAL, DROPPED = "goal", "dropped"


@frozen
class Target:
    """What goals want of one figure, together, and what there is of it.

    Attributes:
        metric: its name; `label` what people call it, per language.
        target, value: as the figure is shown; the value is `<5` where it rests on few persons.
        share: the one of the other in per cent, None where that may not be told.
        pilots: how many pilots have such a goal.
    """

    metric: str
    label: FrozenDict
    unit: str
    target: Shown
    value: Shown
    share: str | None
    pilots: int


class Targets:
    """The targets of pilots, as these are added."""

    def __init__(self) -> None:
        self._wanted: dict[str, Fraction] = {}
        self._meters: dict[str, Meter] = {}

    def add(self, facts: Facts) -> None:
        """Add what the goals of one pilot want, and what there is of it."""
        for name, target in _wanted(facts).items():
            self._wanted[name] = self._wanted.get(name, Fraction(0)) + target
            if name not in self._meters:
                self._meters[name] = Meter(METRICS[name])
            self._meters[name].add(facts)

    def all(self, day: date, settings: Settings, limit: int | None) -> Iterator[Target]:
        """Give the targets, in the order of the figures; values on fewer persons than the limit are hidden."""
        for name, definition in METRICS.items():
            meter = self._meters.get(name)
            if meter is None or meter.blockers():
                continue
            cell, wanted = meter.cells[TOTAL], self._wanted[name]
            divisor = None if definition.divisor is None else settings.number(definition.divisor, day)
            display = Display(definition.shape, definition.unit, divisor, limit)
            hidden = cell.small(limit)
            reached = None if hidden else percent(display.exact(cell) or 0, wanted)
            yield Target(
                metric=name,
                label=definition.label,
                unit=definition.unit,
                target=shown(wanted, definition.unit),
                value=display.one(cell),
                share=reached,
                pilots=meter.asked,
            )


def _adds_up(definition: Definition) -> bool:
    """Whether what there is of a figure is one number, over all pilots as of one."""
    return definition.shape == "sum" and (definition.adds or not definition.in_parts)


def _wanted(facts: Facts) -> dict[str, Fraction]:
    """Return the targets of one pilot, per figure that adds up."""
    found: dict[str, Fraction] = {}
    for one in sorted(facts.kept(GOAL), key=lambda one: one.on):
        definition, target = METRICS.get(str(one.data.get("metric"))), one.data.get("target")
        if definition is None or target is None or not _adds_up(definition):
            continue
        if one.data.get("status") != DROPPED:
            found[definition.name] = exact(target)
    return found
