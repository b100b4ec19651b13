"""A CSV file as spreadsheets write them, read into rows of text.

1. UTF-8 with or without a byte order mark, UTF-16 with one, or else the Western European code page of Windows.
2. Fields are separated by `;`, `,` or TAB, whichever the headings are; a line `sep=;` that says so is understood.
3. A row is numbered as the spreadsheet shows it: the headings are row 1, and a cell may hold line breaks.
4. Everything is text. What looks like a formula is text too, and is never calculated.
"""

import codecs
import csv
import io

from attrs import frozen

from proeftuin.core.commands import Blocker
from proeftuin.intake._faults import fault

_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # .xlsx and .ods, .xls
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SEPARATORS = ";,\t"


@frozen
class Line:
    """A row of a sheet: its number, and its cells without the white space around them."""

    number: int
    cells: tuple[str, ...]


@frozen
class Sheet:
    """What stands in a file: the headings, the rows below them that are not empty, and where it stops being a sheet."""

    heads: Line
    lines: tuple[Line, ...]
    broken: tuple[int, Blocker] | None = None


class Unreadable(Exception):
    """A file that is no sheet; it never leaves this package."""

    def __init__(self, blocker: Blocker) -> None:
        self.blocker = blocker
        super().__init__(blocker.code)


def read_sheet(source: bytes) -> Sheet:
    """Return the rows of a file.

    Raises:
        Unreadable: where not even headings can be read.
    """
    text = _decoded(source)
    separator, text = _separator(text)
    found: list[Line] = []
    broken: tuple[int, Blocker] | None = None
    number = 0
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for number, cells in enumerate(rows, 1):
            stripped = tuple(cell.strip() for cell in cells)
            if any(stripped):
                found.append(Line(number, stripped))
    except csv.Error as error:
        broken = (number + 1, fault("not-a-sheet", problem=str(error)))
    if not found:
        raise Unreadable(broken[1] if broken else fault("empty-sheet"))
    return Sheet(found[0], tuple(found[1:]), broken)


def _decoded(source: bytes) -> str:
    if source.startswith(_WORKBOOKS):
        raise Unreadable(fault("workbook"))
    encodings = ("utf-16",) if source.startswith(_UTF16) else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = source.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Unreadable(fault("not-text"))


def _separator(text: str) -> tuple[str, str]:
    """Return what separates the cells, and the text without a line that says so."""
    first, _, rest = text.partition("\n")
    said = first.strip("\r").lower()
    if said.startswith("sep=") and len(said) == len("sep=") + 1 and said[-1] in _SEPARATORS:
        return said[-1], rest
    counts = dict.fromkeys(_SEPARATORS, 0)
    quoted = False
    for one in text.lstrip("\r\n;,\t "):
        if one == '"':
            quoted = not quoted
        elif not quoted and one in "\r\n":
            break
        elif not quoted and one in counts:
            counts[one] += 1
    return max(counts, key=lambda one: counts[one]), text
