"""The dated numbers of an organisation: limits and thresholds that are configuration, each with its source.

A number may change on a day; `Settings.number(name, on)` gives the one in force. Every default can be overridden:
`Settings({"job_hours": [Dated("25.5", since=date(2016, 11, 10), source="...")]})`.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from attrs import frozen

from proeftuin.core.frozen import FrozenDict


@frozen
class Dated:
    """A number that holds from a day on.

    Args:
        value: exact, as text.
        since: the first day on which it holds.
        source: where it comes from.
    """

    value: str
    since: date
    source: str


DEFAULTS: Mapping[str, tuple[Dated, ...]] = FrozenDict(
    {
        # Average paid hours a week of the target group at the baseline measurement of the Jobs Agreement.
        "job_hours": (Dated("25.5", date(2015, 1, 1), "werkgeverslijn.nl, FAQ banenafspraak, 10-11-2016"),),
        # Persons below which a figure could point at somebody.
        "small_cell": (Dated("5", date(2015, 1, 1), "the project's own choice, as in official statistics"),),
        # Calendar days within which a short-term goal must be due.
        "short_goal_days": (Dated("90", date(2015, 1, 1), "the project's own choice"),),
        # Records that the head of one pilot may hold.
        "kept_records": (Dated("1000", date(2015, 1, 1), "the project's own choice"),),
    }
)


def _checked(name: str, values: tuple[Dated, ...]) -> tuple[Dated, ...]:
    if not values:
        message = f"{name} has no value; give at least one Dated"
        raise ValueError(message)
    for one in values:
        try:
            positive = Decimal(one.value) > 0
        except ArithmeticError:  # no number at all, or one that cannot be compared
            positive = False
        if not positive:
            message = f"{name} must be a positive number as text, not {one.value!r}"
            raise ValueError(message)
    return values


class Settings:
    """Frozen, dated numbers, given to guards and metrics.

    Args:
        numbers: per name the values that replace the defaults, in any order.

    Raises:
        ValueError: for a name that no default declares.
        ValueError: for a name without a value, or a value that is no positive number.
    """

    __slots__ = ("_numbers",)
    _numbers: Mapping[str, tuple[Dated, ...]]

    def __init__(self, numbers: Mapping[str, Sequence[Dated]] = FrozenDict()) -> None:  # frozen
        unknown = sorted(set(numbers) - set(DEFAULTS))
        if unknown:
            message = f"unknown setting {', '.join(unknown)}; known are {', '.join(sorted(DEFAULTS))}"
            raise ValueError(message)
        merged = {**DEFAULTS, **{name: _checked(name, tuple(values)) for name, values in numbers.items()}}
        ordered = {name: tuple(sorted(values, key=lambda one: one.since)) for name, values in merged.items()}
        object.__setattr__(self, "_numbers", FrozenDict(ordered))

    def __setattr__(self, name: str, value: object) -> None:
        """Refuse: settings are shared between threads."""
        message = "settings are frozen; make new ones"
        raise AttributeError(message)

    def dated(self, name: str, on: date) -> Dated:
        """Return the entry in force on a day; before the first one, the first."""
        values = self._numbers[name]
        for one in reversed(values):
            if one.since <= on:
                return one
        return values[0]

    def number(self, name: str, on: date) -> Decimal:
        """Return the number in force on a day, exact."""
        return Decimal(self.dated(name, on).value)

    def whole(self, name: str, on: date) -> int:
        """Return the number in force on a day as an integer."""
        return int(self.dated(name, on).value)
