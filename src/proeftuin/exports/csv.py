"""CSV: one sheet as text, for any spreadsheet and for programs. No cell of it can be taken for a formula."""

from collections.abc import Iterable, Sequence
from typing import BinaryIO

from proeftuin.exports._sheets import Column, Row, shown
from proeftuin.views.figures import csv_text


def write(columns: Sequence[Column], rows: Iterable[Row], file: BinaryIO) -> None:
    """Write a sheet, its columns by their words."""
    cells = ([shown(cell) for cell in row] for row in rows)
    file.writelines(line.encode() for line in csv_text([one.name for one in columns], cells))
