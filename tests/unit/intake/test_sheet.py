"""The file itself: how it is encoded and separated, and what is no sheet."""

import pytest

from proeftuin.intake import take_in
from proeftuin.intake._sheet import Unreadable, read_sheet
from tests.unit.intake.sheets import begun, blockers, codes, done, engine, judged, sheet

ROWS = (begun(title="Café Zuid; de kantine\nen 'n bar"), done("add_lesson", text='Zeg "ja, graag"'))


@pytest.mark.parametrize("between", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_what_a_spreadsheet_writes_is_read(between: str, encoding: str) -> None:
    """Whatever the encoding and the separator, the pilot has the same title, with its accent and line break."""
    with engine() as one:
        source = sheet(*ROWS, between=between).decode().encode(encoding)
        assert ("P-1",) == take_in(one, source).written
        pilot = one.get(one.find(ref="P-1").items[0].id)
        assert "Café Zuid; de kantine\nen 'n bar" == pilot.data["title"]
        assert 'Zeg "ja, graag"' == pilot.kept["lesson"][0].data["text"]


def test_a_line_that_names_the_separator_is_understood() -> None:
    """The line by which a spreadsheet names its separator is no row, and the headings are row 1 after it."""
    found = read_sheet(b"sep=;\r\npilot;date\r\n\r\nP-1;x\r\n")
    assert (("pilot", "date"), [(3, ("P-1", "x"))]) == (
        found.heads.cells,
        [(one.number, one.cells) for one in found.lines],
    )


def test_rows_are_numbered_as_the_spreadsheet_does() -> None:
    """Empty rows and line breaks inside a cell count as a spreadsheet counts them."""
    found = read_sheet(b'pilot;note\r\n"P-1";"a\r\nb"\r\n;\r\n\r\n  P-2  ; c \r\n')
    assert [(2, ("P-1", "a\r\nb")), (5, ("P-2", "c"))] == [(one.number, one.cells) for one in found.lines]


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (b"", "empty-sheet"),
        (b"\xef\xbb\xbf\r\n;;\r\n", "empty-sheet"),
        (b"PK\x03\x04rest of a workbook", "workbook"),
        (b"\xd0\xcf\x11\xe0rest of an older one", "workbook"),
        (b"pilot;date\x00\r\n", "not-text"),
        (b"pilot;d\x81te\r\n", "not-text"),
        (b"\xff\xfep", "not-text"),
        (b'"pilot;date\r\n', "not-a-sheet"),
    ],
)
def test_what_is_no_sheet_is_told(source: bytes, code: str) -> None:
    """A workbook, what is no text, and an empty file are each told as such, with what to do."""
    with pytest.raises(Unreadable) as raised:
        read_sheet(source)
    assert code == raised.value.blocker.code
    with engine() as one:
        assert [(1, [code])] == codes(take_in(one, source))


def test_a_sheet_that_breaks_off_is_judged_up_to_there_and_not_written() -> None:
    """Where a quotation mark is never closed the rows before it are judged, and nothing at all is written."""
    source = sheet(begun()) + b'P-2;"2026-01-05\r\n'
    with engine() as one:
        report = take_in(one, source, partly=True)
        assert [(3, ["not-a-sheet"])] == codes(report)
        assert ("P-1",) == report.sound
        assert () == one.count()


def test_a_sheet_without_its_columns_is_not_judged() -> None:
    """Every column that is needed and missing is told, once."""
    with engine() as one:
        report = take_in(one, b"pilot;date;workflow\r\nP-1;2026-01-05;existing-contract\r\n")
    assert [("missing-column", name) for name in ("trigger", "actor", "role")] == [
        (one.code, one.params["column"]) for one in blockers(report)
    ]


def test_headings_that_cannot_be_followed_are_told() -> None:
    """A column that is there twice, and one without a heading with something in it, are told by name and letter."""
    source = (
        b"pilot;date;trigger;workflow;actor;role;title;titel;;\r\nP-1;2026-01-05;start;existing-contract;a;hr;x;;y;\r\n"
    )
    with engine() as one:
        report = take_in(one, source)
    assert [("double-column", "titel"), ("nameless-column", "I")] == [
        (one.code, one.params["column"]) for one in report.verdicts[0].blockers
    ]


def test_more_cells_than_headings_are_told() -> None:
    """A row that is longer than the headings is refused, unless what is too long is empty."""
    with engine() as one:
        assert [(3, ["extra-cells"])] == codes(
            take_in(one, sheet(begun()) + sheet(begun("P-2")).splitlines()[1] + b";x\r\n")
        )
        assert [] == codes(take_in(one, sheet(begun()).rstrip() + b";;;\r\n", dry_run=True))


def test_what_looks_like_a_formula_is_text() -> None:
    """A cell that a spreadsheet would calculate is kept as it stands."""
    with engine() as one:
        take_in(one, sheet(begun(title="=1+1"), done("add_lesson", text="@SUM(A1:A9)")))
        pilot = one.get(one.find(ref="P-1").items[0].id)
    assert ("=1+1", "@SUM(A1:A9)") == (pilot.data["title"], pilot.kept["lesson"][0].data["text"])


def test_headings_are_known_in_either_language_and_in_any_order() -> None:
    """Words of the sheet, names of fields and what the workflow calls them are all understood."""
    row = {"Titel": "Kantine", "ORGANISATION": "DJI", "Handeling": "Proeftuin starten", "Rol": "Projectleider"}
    row |= {"door": "anna", "datum": "5-1-2026", "Proeftuin": "P-1", "workflow": "existing-contract", "Sector": "Rijk"}
    source = (";".join(row) + "\n" + ";".join(row.values()) + "\n").encode()
    with engine() as one:
        assert ("P-1",) == take_in(one, source).written
        assert "Kantine" == one.get(one.find(ref="P-1").items[0].id).data["title"]


def test_a_heading_that_means_nothing_is_told_without_a_guess() -> None:
    """Where nothing is close no hint is given, and a column of the sheet itself can be meant too."""
    report = judged(begun(xyzzy="1", kolom="2"), done("add_lesson", text="x", trakc="y"))
    assert [("xyzzy", None), ("kolom", None), ("trakc", "track")] == [
        (one.params["column"], one.params.get("meant"))
        for one in report.verdicts[0].blockers
        if one.code == "unknown-column"
    ]
