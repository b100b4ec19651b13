"""What an organisation counts an effort of social return for: tables of its own, dated, never a truth of the library.

Amounts differ from one region to the next and from year to year, so they are input. A table says what one person of a
group is worth who works `hours` a week for a year; fewer hours or months count in proportion.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from attrs import field, frozen

from proeftuin.core.frozen import FrozenDict


def _amounts(values: Mapping[str, object]) -> FrozenDict:
    return FrozenDict({name: str(value) for name, value in values.items()})


def _numbers(table: "ValueTable") -> Mapping[str, str]:
    return {"hours": table.hours, **table.values}


@frozen
class ValueTable:
    """A table of the building-block method.

    Args:
        id: what an effort names it by.
        since: the day from which it holds; it is shown with every amount that was valued by it.
        source: where it comes from.
        hours: hours a week that count as full, exact, as text.
        values: EUR for a year of full hours, per group, exact, as text.
        sample: whether it is only an example; it is shown then.
        label: what people call it, per language.

    Raises:
        ValueError: for hours or a value that is no positive number.
    """

    id: str
    since: date
    source: str
    hours: str
    values: Mapping[str, str] = field(converter=_amounts)
    sample: bool = False
    label: Mapping[str, str] = FrozenDict()

    def __attrs_post_init__(self) -> None:
        """Refuse what nothing can be multiplied or divided by."""
        for name, value in _numbers(self).items():
            try:
                positive = Decimal(value).is_finite() and Decimal(value) > 0
            except ArithmeticError:  # no number at all, or one that cannot be compared
                positive = False
            if not positive:
                message = f"{self.id}: {name} must be a positive number as text, not {value!r}"
                raise ValueError(message)

    @property
    def named(self) -> str:
        """Its id, with the day from which it holds, and whether it is only a sample."""
        return f"{self.id} ({self.since}{', sample' if self.sample else ''})"


@frozen
class Potential:
    """What part of the jobs in contracts of a category could suit, in per cent, from a day on.

    Args:
        low, high: both ends of the range, exact, as text.
        since: the first day on which it holds.
        source: where it comes from.
    """

    low: str
    high: str
    since: date
    source: str


_HANDBOOK = "De Normaalste Zaak, PIANOo: Partnership en inkoopkracht (2020)"
_SUITS = (Potential("5", "10", date(2015, 1, 1), _HANDBOOK),)
# Of no other category than these two (the one under both its names) is it said how many jobs could suit.
POTENTIAL: Mapping[str, tuple[Potential, ...]] = FrozenDict(catering=_SUITS, cleaning=_SUITS, schoonmaak=_SUITS)
