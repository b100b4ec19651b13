"""Sums that grow pilot by pilot, and what of them may be shown.

Nothing of a pilot is kept once it is added: a sum, two sums, how many persons they rest on, how often a median's value
came, which names there were. So a portfolio of any size takes no more memory than its groups.

Small cells: a reader outside the pilot team gets a breakdown whole or not at all. If one of its cells rests on 1 to 4
persons, every cell is `withheld`, and the total is given if it rests on none or on at least 5, else as `<5`. A single
number, or a breakdown with one category, that rests on 1 to 4 persons is `<5`. A ratio is small where its numerator,
its denominator or what lies between them rests on so few. Where a person may be in several cells, these tell with
their total how much more they are together, and how many are not in each of them: if one of these is 1 to 4, every cell
is `withheld` too. Hiding single cells would not do: who knows the rule can work them out; and so can who sees which
cells are not empty, so the kinds and tracks of nobody stand there too. Not protected: differences between dates,
between selections, between two breakdowns.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate

from proeftuin.core.frozen import FrozenDict
from proeftuin.core.metrics._base import Amount, Shape, Share

WITHHELD = "withheld"
DECIMALS: Mapping[str, int] = FrozenDict(jobs=2, EUR=2, percent=2, days=1)

Shown = int | str | None


def rounded(number: Fraction, decimals: int) -> str:
    """Return a number as text with so many decimals, rounded half up."""
    scaled = abs(number) * 10**decimals
    whole = (scaled.numerator * 2 + scaled.denominator) // (scaled.denominator * 2)
    digits = str(whole).zfill(decimals + 1)
    return f"{'-' if number < 0 and whole else ''}{digits[:-decimals]}.{digits[-decimals:]}"


def percent(numerator: Amount, denominator: Amount) -> str | None:
    """Return a share in per cent, None where there is nothing to divide by."""
    return rounded(Fraction(numerator) * 100 / Fraction(denominator), DECIMALS["percent"]) if denominator else None


def few(limit: int | None, *persons: int) -> bool:
    """Whether one of these numbers of persons is so small that it could point at one."""
    return limit is not None and any(0 < one < limit for one in persons)


class Cell:
    """One sum of shares."""

    __slots__ = ("amount", "between", "counted", "names", "of", "persons", "values")

    def __init__(self) -> None:
        self.amount: Amount = 0
        self.of: Amount = 0
        self.persons = 0  # that the denominator, or a plain sum, rests on
        self.counted = 0  # that the numerator rests on
        self.between = 0  # that what lies between the two rests on, also of those who are in the numerator for more
        self.values: Counter[Amount] = Counter()
        self.names: set[str] = set()

    def take(self, shares: Iterable[Share], shape: Shape) -> None:
        """Add what one pilot adds."""
        persons: set[str] = set()
        counted: set[str] = set()
        rest: set[str] = set()
        for one in shares:
            self.amount += one.amount
            self.of += one.of
            if shape == "median":
                self.values[one.amount] += 1
            if one.name is not None:
                self.names.add(one.name)
            if one.person is not None:
                persons.add(one.person)
                if one.amount:
                    counted.add(one.person)
                if shape == "ratio" and one.amount != one.of:
                    rest.add(one.person)
        if persons:
            self.persons += len(persons)
            self.counted += len(counted)
            self.between += len(persons - counted | rest)

    def small(self, limit: int | None) -> bool:
        """Whether the number rests on so few persons that it could point at one."""
        return few(limit, self.persons, self.counted, self.between)

    def median(self) -> Fraction | None:
        """Return the middle of the values, or half way between the two in the middle."""
        n = self.values.total()
        return (self._at((n - 1) // 2) + self._at(n // 2)) / 2 if n else None

    def _at(self, place: int) -> Fraction:
        """Return the value at a place, from 0, in their order."""
        ordered = sorted(self.values)
        passed = accumulate(self.values[value] for value in ordered)
        return Fraction(next(value for value, until in zip(ordered, passed, strict=True) if until > place))


class Display:
    """Shows cells, or hides them.

    Args:
        shape: how a cell becomes a number.
        unit: of that number.
        divisor: what a sum is divided by, once.
        limit: persons below which a number is hidden; None hides nothing.
    """

    def __init__(self, shape: Shape, unit: str, divisor: Decimal | None, limit: int | None) -> None:
        self.shape, self.unit, self.limit = shape, unit, limit
        self.divisor = Fraction(1 if divisor is None else divisor)

    def exact(self, cell: Cell) -> Fraction | None:
        """Return the number before rounding."""
        if self.shape == "median":
            return cell.median()
        if self.shape == "distinct":
            return Fraction(len(cell.names))
        if self.shape == "ratio":
            return Fraction(cell.amount) / Fraction(cell.of) if cell.of else None
        return Fraction(cell.amount) / self.divisor

    def one(self, cell: Cell) -> Shown:
        """Return a single number."""
        if cell.small(self.limit):
            return f"<{self.limit}"
        if self.shape == "ratio":
            return percent(cell.amount, cell.of)
        return shown(self.exact(cell), self.unit)

    def beside(self, cell: Cell, unit: str) -> Shown:
        """Return what stands beside the number, a plain sum in a unit of its own."""
        if cell.small(self.limit):
            return f"<{self.limit}"
        return shown(Fraction(cell.amount) / (self.divisor if unit == self.unit else 1), unit)

    def several(self, cells: Mapping[str, Cell], whole: Cell | None = None) -> FrozenDict:
        """Return a breakdown, whole or not at all; `whole` is its total, where a person may be in several cells."""
        hidden = any(cell.small(self.limit) for cell in cells.values())
        if whole is not None:
            held = [cell.persons for cell in cells.values()]
            hidden |= few(self.limit, sum(held) - whole.persons, *(whole.persons - one for one in held))
        if hidden and len(cells) > 1:
            return FrozenDict(dict.fromkeys(cells, WITHHELD))
        return FrozenDict({name: self.one(cell) for name, cell in cells.items()})


def shown(number: Fraction | None, unit: str) -> Shown:
    """Return a number as its unit is shown; part of what is counted, as a goal may want it, in hundredths."""
    if number is None:
        return None
    if unit in DECIMALS or number.denominator != 1:
        return rounded(number, DECIMALS.get(unit, 2))
    return int(number)
