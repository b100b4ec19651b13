"""The sheet of figures: those of all pilots of an export together, one number a row."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Self

from attrs import frozen

from proeftuin.core.metrics import Metric
from proeftuin.core.workflow import Workflow
from proeftuin.exports._how import How
from proeftuin.exports._sheets import FIGURES, Cell, Column, Row
from proeftuin.exports._words import COLUMNS, SHEETS
from proeftuin.views.figures import FigureRow, Words, figure_rows, note_of

NAMES = ("figure", "part", "value", "unit", "numerator", "denominator", "n", "reported", "pilots", "as_of", "note")


@frozen
class Figures:
    """The sheet: what it is called, its columns and its rows."""

    label: str
    columns: tuple[Column, ...]
    rows: Iterable[Row]

    @classmethod
    def of(cls, found: Mapping[str, Metric], workflows: Iterable[Workflow], how: How) -> Self:
        """Return the sheet of these figures, in the words of these workflows; what is withheld is a word."""
        place = how.lang == "nl"
        words = Words(workflows, how.lang)
        columns = tuple(Column(name, COLUMNS[name][place]) for name in NAMES)
        return cls(SHEETS[FIGURES][place], columns, (_row(one, words) for one in figure_rows(found, words)))


def _row(row: FigureRow, words: Words) -> Row:
    one = row.metric
    value = None if row.value is None else _number(words.value(row.value))
    numbers = (value, words.unit(row.unit) or None, _number(row.numerator), _number(row.denominator), row.n)
    return row.label, row.part_label or None, *numbers, *one.coverage, one.as_of, note_of(one, words) or None


def _number(text: str) -> Cell:
    """Return text as a number, where it is one."""
    try:
        found = Decimal(text)
    except ArithmeticError:
        return text or None
    return found if found.is_finite() else text
