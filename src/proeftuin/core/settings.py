"""The dated numbers of an organisation: limits and thresholds that are configuration, each with its source.

A number may change on a day; `Settings.number(name, on)` gives the one in force. Every default can be overridden:
`Settings({"job_hours": [Dated("25.5", since=date(2016, 11, 10), source="...")]})`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from attrs import frozen

from proeftuin.core.frozen import EMPTY, FrozenDict

if TYPE_CHECKING:
    from proeftuin.core.value_tables import Potential, ValueTable


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


_OLD = "duke.yt, learn/concepts/eu-threshold, for 2024 and 2025"
_NEW = "tenderwolf.com, European thresholds, 10-09-2025, for 2026 and 2027"
_CENTRAL = (Dated("143000", date(2024, 1, 1), _OLD), Dated("140000", date(2026, 1, 1), _NEW))
_OTHER = (Dated("221000", date(2024, 1, 1), _OLD), Dated("216000", date(2026, 1, 1), _NEW))

DEFAULTS: Mapping[str, tuple[Dated, ...]] = FrozenDict(
    {
        # Average paid hours a week of the target group at the baseline measurement of the Jobs Agreement.
        "job_hours": (Dated("25.5", date(2015, 1, 1), "werkgeverslijn.nl, FAQ banenafspraak, 10-11-2016"),),
        # Persons below which a figure could point at somebody.
        "small_cell": (Dated("5", date(2015, 1, 1), "the project's own choice, as in official statistics"),),
        # Calendar days within which a short-term goal must be due.
        "short_goal_days": (Dated("90", date(2015, 1, 1), "the project's own choice"),),
        # Euro without VAT, for supplies and services, above which a European procedure is needed: of the central
        # government, of others, and the one of these two that counts for this organisation.
        "threshold_central": _CENTRAL,
        "threshold_other": _OTHER,
        "threshold": _OTHER,
        # Euro without VAT up to which an assignment may be bought without a tender.
        "purchase_limit": (Dated("50000", date(2015, 1, 1), "the project's own choice"),),
        # Calendar days after an award decision was sent in which no contract may be signed.
        "standstill_days": (
            Dated("20", date(2013, 4, 1), "article 2.127 Aanbestedingswet 2012, in the commentary of sdu.nl"),
        ),
        # Percentage of workers with a distance to the labour market from which a firm is admitted to a reserved lot.
        "reserved_share": (
            Dated("30", date(2016, 7, 1), "article 2.82 Aanbestedingswet 2012, in vbk.nl, legal update of 19-10-2018"),
        ),
        # Months after closing in which the participants of a pilot are still known.
        "retention_months": (
            Dated("24", date(2015, 1, 1), "the project's own choice, as the GDPR (article 5(1)(e)) names no number"),
        ),
        # Records that the head of one pilot may hold.
        "kept_records": (Dated("1000", date(2015, 1, 1), "the project's own choice"),),
        # Social enterprises that a category of small purchases offers: at least, at most, and best.
        "choice_min": (Dated("2", date(2015, 1, 1), "the project's own choice"),),
        "choice_max": (Dated("5", date(2015, 1, 1), "the project's own choice"),),
        "choice_target": (Dated("3", date(2015, 1, 1), "De Normaalste Zaak, Kleine producten sociaal inkopen"),),
        # Euro without VAT that one order of a small purchase may come to.
        "small_purchase_limit": (Dated("5000", date(2015, 1, 1), "the project's own choice"),),
        # Calendar days within which something done after a reminder counts as its success.
        "nudge_days": (Dated("14", date(2015, 1, 1), "the project's own choice"),),
    }
)


WHOLE = frozenset(
    {
        "small_cell", "short_goal_days", "standstill_days", "retention_months", "kept_records", "choice_min",
        "choice_max", "choice_target", "nudge_days",
    }
)  # fmt: skip
"""What is counted in whole numbers."""
_WHOLE = re.compile("[0-9]{1,6}")


def _checked(name: str, values: tuple[Dated, ...]) -> tuple[Dated, ...]:
    if not values:
        message = f"{name} has no value; give at least one Dated"
        raise ValueError(message)
    for one in values:
        try:
            number = Decimal(one.value)
            sound = (
                number.is_finite()
                and number > 0
                and (name not in WHOLE or _WHOLE.fullmatch(f"{one.value}") is not None)
            )
        except ArithmeticError:  # no number at all, or one that cannot be compared
            sound = False
        if not sound:
            kind = "whole " if name in WHOLE else ""
            message = f"{name} must be a positive {kind}number as text, not {one.value!r}"
            raise ValueError(message)
    return values


def _word(category: str) -> str:
    return " ".join(category.split()).casefold()


def _since(one: "Potential") -> date:
    return one.since


class Settings:
    """Frozen, dated numbers, given to guards and metrics.

    Args:
        numbers: per name the values that replace the defaults, in any order.
        tables: the value tables by which efforts of social return are valued; there are none by default.
        potential: per category what part of the jobs in a contract could suit; beside those for catering and cleaning.

    Raises:
        ValueError: for a name that no default declares.
        ValueError: for a name without a value, or a value that is no positive number; for two tables of one id.
    """

    __slots__ = ("_numbers", "_potential", "_tables")
    _numbers: Mapping[str, tuple[Dated, ...]]
    _potential: "Mapping[str, tuple[Potential, ...]]"
    _tables: "Mapping[str, ValueTable]"

    def __init__(
        self,
        numbers: Mapping[str, Sequence[Dated]] = FrozenDict(),  # frozen
        *,
        tables: "Iterable[ValueTable]" = (),
        potential: "Mapping[str, Sequence[Potential]]" = EMPTY,
    ) -> None:
        unknown = sorted(set(numbers) - set(DEFAULTS))
        if unknown:
            message = f"unknown setting {', '.join(unknown)}; known are {', '.join(sorted(DEFAULTS))}"
            raise ValueError(message)
        merged = {**DEFAULTS, **{name: _checked(name, tuple(values)) for name, values in numbers.items()}}
        ordered = {name: tuple(sorted(values, key=lambda one: one.since)) for name, values in merged.items()}
        object.__setattr__(self, "_numbers", FrozenDict(ordered))
        given = tuple(tables)
        object.__setattr__(self, "_tables", FrozenDict({one.id: one for one in given}))
        if len(self._tables) < len(given):
            message = f"two value tables have one id: {', '.join(one.id for one in given)}"
            raise ValueError(message)
        rates = {_word(name): tuple(sorted(some, key=_since)) for name, some in potential.items()}
        object.__setattr__(self, "_potential", FrozenDict(rates))

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

    def entries(self, name: str) -> tuple[Dated, ...]:
        """Return every entry of a number, the earliest first."""
        return self._numbers[name]

    def number(self, name: str, on: date) -> Decimal:
        """Return the number in force on a day, exact."""
        return Decimal(self.dated(name, on).value)

    def whole(self, name: str, on: date) -> int:
        """Return the number in force on a day as an integer."""
        return int(self.dated(name, on).value)

    def table(self, name: str) -> "ValueTable | None":
        """Return the value table of an id, None where there is none."""
        return self._tables.get(name)

    def named(self, name: str) -> str:
        """Return the id of a value table with its day; any other word as it is."""
        table = self._tables.get(name)
        return name if table is None else table.named

    @property
    def potentials(self) -> tuple[str, ...]:
        """The categories of which it is known how many jobs could suit."""
        return tuple(self._rates())

    def _rates(self) -> "Mapping[str, tuple[Potential, ...]]":
        from proeftuin.core.value_tables import POTENTIAL  # noqa: PLC0415  # on first use: most processes only fire

        return {**POTENTIAL, **self._potential}

    def potential(self, category: str, on: date) -> "Potential | None":
        """Return what part of the jobs in contracts of a category could suit, None where nobody says it."""
        rates = self._rates().get(_word(category), ())
        return next((one for one in reversed(rates) if one.since <= on), rates[0] if rates else None)
