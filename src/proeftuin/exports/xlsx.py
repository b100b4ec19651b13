"""The one door to `xlsxwriter`: all sheets in one workbook, written row by row; of the rows none stays in memory.

Each cell has its type: text is text whatever it begins with, numbers and days are numbers and days.
"""

import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, BinaryIO

from proeftuin.dossiers import Dossier
from proeftuin.errors import BadArgument
from proeftuin.exports._figures import Figures
from proeftuin.exports._sheets import FIGURES, PILOTS, Cell, Column, Row, Sheet, Sheets
from proeftuin.views.figures import may_calculate

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

ROWS = 1_048_576
"""How many rows a sheet may have, its heading among them."""
LONGEST = 32_767
"""How many characters a cell may hold."""
_CUT = "\u2026"
_OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "remove_timezone": True}
_FORMATS: Mapping[str, Mapping[str, object]] = {
    "head": {"bold": True, "bottom": 1},
    "formula": {"quote_prefix": True},  # looks like one, and stays text when somebody edits it
    "date": {"num_format": "yyyy-mm-dd"},
    "moment": {"num_format": "yyyy-mm-dd hh:mm:ss"},
}
_NO_NAME = re.compile(r"[\[\]:*?/\\]")
_LONGEST_NAME = 31
_A4 = 9
_NARROW, _WIDE = 12, 40
_LONG = frozenset({"title", "organisation", "activity", "text", "what", "reason", "note", "figure"})
_FIRST_YEAR = 1901


def write(dossiers: Iterable[Dossier], file: BinaryIO, sheets: Sheets, figures: Callable[[], Figures]) -> None:
    """Write a workbook: the pilots, each other sheet of which there is a row, and figures that are asked for at last.

    Raises:
        BadArgument: where `xlsxwriter` is not installed, or more rows come than a sheet may have.
    """
    try:
        from xlsxwriter import Workbook  # noqa: PLC0415  # only who writes workbooks needs it
    except ImportError as missing:
        raise BadArgument("format", "xlsxwriter is not installed; pip install proeftuin[exports]") from missing
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as whole:
        book = Workbook(whole, {**_OPTIONS, "tmpdir": folder})
        with _closing(book):
            _fill(_Pages(book), dossiers, sheets, figures)
            book.close()
        whole.seek(0)
        shutil.copyfileobj(whole, file)


@contextmanager
def _closing(book: "Workbook") -> Iterator[None]:
    """Close the files in which rows wait, also where the workbook comes to nothing."""
    try:
        yield
    finally:
        for page in book.worksheets():
            page.row_data_fh.close()


def _fill(pages: "_Pages", dossiers: Iterable[Dossier], sheets: Sheets, figures: Callable[[], Figures]) -> None:
    pages.of(sheets.all[PILOTS])
    for one in dossiers:
        for sheet in sheets.all.values():
            for row in sheet.rows(one):
                pages.of(sheet).add(row)
    pages.in_order(sheets.all)
    pages.add_figures(figures())


class _Pages:
    """The pages of a workbook, each made when its first row comes."""

    def __init__(self, book: "Workbook") -> None:
        self._book = book
        self._formats = {name: book.add_format(dict(one)) for name, one in _FORMATS.items()}
        self._pages: dict[str, _Page] = {}

    def of(self, sheet: Sheet) -> "_Page":
        """Return the page of a sheet."""
        if sheet.name not in self._pages:
            self._pages[sheet.name] = self._page(sheet.name, sheet.label, sheet.columns)
        return self._pages[sheet.name]

    def add_figures(self, figures: Figures) -> None:
        """Add the page of figures, where there are any."""
        page: _Page | None = None
        for row in figures.rows:
            page = page or self._page(FIGURES, figures.label, figures.columns)
            page.add(row)

    def _page(self, name: str, label: str, columns: Sequence[Column]) -> "_Page":
        page = self._book.add_worksheet(self._name(label, name))
        return _Page(page, columns, self._formats)

    def _name(self, label: str, name: str) -> str:
        """Return a name that a workbook takes, and that no other page has."""
        taken = {one.get_name().lower() for one in self._book.worksheets()}
        for wanted in (label, f"{label[:15]} {name}"):
            fitting = _NO_NAME.sub(" ", wanted)[:_LONGEST_NAME].strip(" '")
            if fitting and fitting.lower() not in {*taken, "history"}:  # a word that Excel keeps for itself
                return fitting
        return f"sheet {len(taken) + 1}"

    def in_order(self, names: Iterable[str]) -> None:
        """Put the pages in the order of these names, whichever came first."""
        pages = self._book.worksheets_objs
        pages[:] = [self._pages[name].sheet for name in names if name in self._pages]
        for place, page in enumerate(pages):
            page.index = place  # by which the workbook says whose the rows are that are printed on every page


class _Page:
    def __init__(self, sheet: "Worksheet", columns: Sequence[Column], formats: Mapping[str, "Format"]) -> None:
        self.sheet = sheet
        self._formats = formats
        self._rows = 1
        for place, column in enumerate(columns):
            sheet.write_string(0, place, column.label, formats["head"])
            sheet.set_column(place, place, _WIDE if column.name in _LONG else max(_NARROW, len(column.label) + 2))
        sheet.freeze_panes(1, 2)  # what each row is of stays in sight
        sheet.set_paper(_A4)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)

    def add(self, row: Row) -> None:
        if self._rows == ROWS:
            raise BadArgument("pilots", f"more rows come than the {ROWS} that a sheet may have; ask for fewer, or csv")
        for place, cell in enumerate(row):
            self._write(place, cell)
        self._rows += 1

    def _write(self, place: int, cell: Cell) -> None:
        sheet, at = self.sheet, self._rows
        if isinstance(cell, datetime):
            sheet.write_datetime(at, place, cell.astimezone(UTC).replace(tzinfo=None), self._formats["moment"])
        elif isinstance(cell, date):
            self._day(at, place, cell)
        elif isinstance(cell, str):
            self._text(at, place, cell)
        elif cell is not None:
            sheet.write_number(at, place, cell)

    def _text(self, at: int, place: int, text: str) -> None:
        cut = text if len(text) <= LONGEST else text[: LONGEST - 1] + _CUT
        self.sheet.write_string(at, place, cut, self._formats["formula"] if may_calculate(cut) else None)

    def _day(self, at: int, place: int, day: date) -> None:
        """Write a day; as text where it lies before the first that a workbook knows."""
        if day.year < _FIRST_YEAR:
            self.sheet.write_string(at, place, day.isoformat())
        else:
            self.sheet.write_datetime(at, place, datetime(day.year, day.month, day.day), self._formats["date"])  # noqa: DTZ001  # a day has no zone
