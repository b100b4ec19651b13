"""CSV: one sheet as text, for any spreadsheet and for programs. No cell of it can be taken for a formula."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import BinaryIO

from proeftuin.exports._sheets import Cell, Column, Row
from proeftuin.views.figures import csv_text


def write(columns: Sequence[Column], rows: Iterable[Row], file: BinaryIO) -> None:
    """Write a sheet, its columns by their words."""
    cells = ([_shown(cell) for cell in row] for row in rows)
    file.writelines(line.encode() for line in csv_text([one.name for one in columns], cells))


def _shown(cell: Cell) -> Cell:
    """Return a cell as text where a file has no type for it: a moment without its zone, which is UTC."""
    return cell.isoformat(" ", "seconds").removesuffix("+00:00") if isinstance(cell, datetime) else cell
