import csv
import io
from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from attrs import evolve

from proeftuin.core.frozen import FrozenDict
from proeftuin.core.metrics import METRICS, Metric
from proeftuin.views.figures import COLUMNS, UNITS, FigureRow, Words, csv_text, figure_cells, figure_rows, may_calculate
from tests.unit.core.small import small, state, supplier

DAY = date(2026, 3, 2)
KINDS = {"supplier": supplier(), "lead": supplier()}  # there is a role of the same name as the second
WORKFLOW = small(tracks=KINDS, states={"open": state(word="=Open"), "closed": state(final=True)})
ENGLISH = Words([WORKFLOW], "en")
LABEL = FrozenDict(en="Jobs", nl="Banen")


def metric(value: object, **more: Any) -> Metric:
    return Metric("jobs", FrozenDict(value) if isinstance(value, dict) else value, "jobs", DAY, label=LABEL, **more)


def rows(one: Metric, words: Words = ENGLISH) -> list[FigureRow]:
    return list(figure_rows({one.name: one}, words))


def test_a_single_number_is_one_row() -> None:
    """A number stands alone, with what stands beside it after it, and a ratio has both its numbers."""
    one = metric(
        "66.67", numerator=Fraction(2), denominator=Fraction(3), extra=FrozenDict(unknown=1), n=FrozenDict(all=3)
    )
    first, beside = rows(one)
    assert ("Jobs", "", "66.67", "2", "3", 3, False) == (
        first.label, first.part, first.value, first.numerator, first.denominator, first.n, first.beside,
    )  # fmt: skip
    assert ("Unknown", 1, True) == (beside.part_label, beside.value, beside.beside)


def test_parts_stand_one_below_the_other() -> None:
    """Parts have a row each, in order, then the total; ratios stand with their part, or on a row of their own."""
    one = metric(
        {"open": 3, "closed": 4}, total=7, ratios=FrozenDict(open="3/4", agreement_rate="1/2"), n=FrozenDict(open=9)
    )
    told = [(each.part_label, each.value, each.numerator, each.denominator, each.n) for each in rows(one)]
    assert [
        ("=Open", 3, "3", "4", 9),
        ("Closed", 4, "", "", None),
        ("Total", 7, "", "", None),
        ("Share that agreed", None, "1", "2", None),
    ] == told


def test_states_stand_in_the_order_of_the_lifecycle() -> None:
    """States stand as in the file, those of two workflows by phase, and parts that are no states behind them."""
    other = small(states={"late": state(phase="evaluation"), "early": state(phase="exploration")})
    first = small(tracks=KINDS, states={"open": state(phase="commitment"), "closed": state(phase="closed", final=True)})
    words = Words([first, other], "en")
    given = metric({"unknown": 5, "closed": 1, "early": 2, "late": 3, "open": 4})
    assert ["early", "open", "late", "closed", "unknown"] == [one.part for one in rows(given, words)]
    tracks = [f"supplier.{name}" for name in KINDS["supplier"].states]
    assert tracks == [one.part for one in rows(metric(dict.fromkeys(reversed(tracks), 1)), words)]


def test_parts_in_an_order_of_their_own_keep_it() -> None:
    """Phases and outcomes stand as their figure has them, also where a state has the same name."""
    given = evolve(metric({"open": 1, "closed": 2, "early": 3}), name="pilots_by_phase")
    assert ["open", "closed", "early"] == [
        one.part for one in rows(given, Words([small(states={"early": state()})], "en"))
    ]


@pytest.mark.parametrize(
    ("part", "english", "dutch"),
    [
        ("supplier.agreed", "supplier: agreed", "supplier (nl): agreed (nl)"),
        ("lead.agreed", "supplier: agreed", "supplier (nl): agreed (nl)"),
        ("lot.seen", "lot: seen", "lot: seen"),
        ("13", "13 weeks", "13 weken"),
        ("unknown_26", "Unknown, 26 weeks", "Onbekend, 26 weken"),
        ("St. Anna", "St. Anna", "St. Anna"),
        ("2026", "2026", "2026"),
        ("withheld", "withheld", "niet getoond"),
        ("short", "Short, EUR", "Nog te leveren, EUR"),
        ("wajong+wia", "wajong+wia", "wajong+wia"),
    ],
)
def test_parts_are_called_what_people_call_them(part: str, english: str, dutch: str) -> None:
    """A part has the word of figures or of a workflow, a state of a track both, and a name stays as it is."""
    assert (english, dutch) == (ENGLISH.part(part), Words([WORKFLOW], "nl").part(part))


def test_what_there_is_no_number_of_is_a_dash() -> None:
    """Nothing to divide by is a dash, a hidden cell a word, anything else stays."""
    assert ["-", "withheld", "<5", "0"] == [ENGLISH.value(one) for one in (None, "withheld", "<5", 0)]


def test_every_unit_has_words() -> None:
    """Each unit of a metric is called something in both languages; an unknown one is itself."""
    assert {one.unit for one in METRICS.values()} <= set(UNITS)
    assert ("banen", "%", "knots") == (Words([], "nl").unit("jobs"), ENGLISH.unit("percent"), ENGLISH.unit("knots"))


def read(lines: Iterable[str]) -> list[list[str]]:
    return list(csv.reader("".join(lines).splitlines()))


def test_a_row_has_a_cell_for_each_column() -> None:
    """A number goes to a spreadsheet with what it rests on, and why it is not there where it is refused."""
    one = metric("1.50", coverage=(2, 3), since=date(2026, 1, 1), note=FrozenDict(en="A note", nl="Noot"), source="S")
    (row,) = rows(one)
    found = dict(zip(COLUMNS, figure_cells(row, ENGLISH), strict=True))
    assert ("jobs", "Jobs", "1.50", "jobs", 2, 3, DAY, date(2026, 1, 1), 1, "S", "A note") == tuple(
        found[name]
        for name in (
            "figure",
            "label",
            "value",
            "unit",
            "reported",
            "pilots",
            "as_of",
            "since",
            "definition",
            "source",
            "note",
        )
    )


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("=1+1", "'=1+1"), ("+31 6", "'+31 6"), ("-x", "'-x"), ("@cmd", "'@cmd"), ("\tx", "'\tx"), ("\rx", "'\rx"),
        ("-1.50", "-1.50"), ("1.50", "1.50"), (-3, "-3"), (7, "7"), ("<5", "<5"), ("-", "'-"), (None, ""),
        (" =1+1", "' =1+1"), ("\n=1", "'\n'=1"), ("\uff1d1", "'\uff1d1"), ("\u00a0@x", "'\u00a0@x"),
        ("a;=1+1", "a;'=1+1"), ("a; @b;c;-1", "a;' @b;c;'-1"), ("a\n- b", "a\n'- b"), ('a;"=1', "a;'\"=1"),
        ("+1", "'+1"), ("-1+2", "'-1+2"), (date(2026, 3, 2), "2026-03-02"), ('a, "b"', 'a, "b"'),
    ],
)  # fmt: skip
def test_no_cell_is_a_formula(cell: object, shown: str) -> None:
    """Text that a spreadsheet would carry out is given a quote in front; numbers stay numbers."""
    _, line = csv.reader(io.StringIO("".join(csv_text(("a", "b"), [(cell, 1)])), newline=""))
    assert [shown, "1"] == line


@pytest.mark.parametrize(
    "text", ['x;=HYPERLINK("http://evil")', 'x;"=1+1"', 'x"; =1', "x\r\n@sum(1)", "x\t=1", '"\n"+1']
)
def test_a_semicolon_makes_no_formula(text: str) -> None:
    """Where a spreadsheet parts cells at semicolons, what was behind one in a text is no formula either."""
    lines = io.StringIO("".join(csv_text(("a", "b"), [(1, text)])), newline="")
    assert [] == [cell for row in csv.reader(lines, delimiter=";") for cell in row if may_calculate(cell)]


def test_lines_end_as_in_a_spreadsheet() -> None:
    """A file has a head and ends each line in the way that spreadsheets expect."""
    assert ["a,b\r\n", "1,x\r\n"] == list(csv_text(("a", "b"), [(1, "x")]))
    assert [["a"], ["'=x"]] == read(csv_text(("a",), [("=x",)]))
