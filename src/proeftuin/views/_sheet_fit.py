"""How large the letters of a sheet can be: lines are counted as a browser would break them, in Arial or one as wide.

Nothing here is exact. In a browser the bundled workflows are 5 to 17 per cent less high than is counted here, and
`ROOM` takes back what all of them leave.
"""

import re
from collections.abc import Sequence
from html import unescape
from math import ceil

LARGEST, SMALLEST = 9.0, 5.6  # points
STEP = 0.05

# All in points; a sheet of A4 within its margins of 8 mm.
PAGE = (549.9, 796.5)
ROOM = 1.04
LINE = 1.19
LETTER, BOLD = 0.485, 0.55  # the mean width of a letter, by the size
COLUMNS = (17, 21, 15, 47)  # of the table, in percent
CELL = (5.7, 2.3)  # what is between cells: beside, and above and below
GAP = 14.2  # between the columns of text
INDENT = 5.7
BETWEEN = 1.6  # between paragraphs
HEADING = (1.25, 6.3)  # the size of a heading by that of the text, and what is above and below it
CHIP = (13.0, 3.5)  # what a state takes in a strip beside its text: beside, and above and below
ENDS = (6.8, 56.0)  # head and foot: in lines, and beside those

Section = tuple[Sequence[str], Sequence[str]]  # the labels of states, and paragraphs


def shown(html: str) -> str:
    """Return the text of a piece of the page."""
    return unescape(re.sub("<[^>]*>", "", html))


def _lines(text: str, width: float, size: float, letter: float = LETTER) -> int:
    """Return how many lines a text takes: words do not break, so each line but the last loses half a word or so."""
    length = len(text) * letter * size
    return max(1, ceil(length / (width - 2.2 * letter * size))) if length > width else 1


def _strip(states: Sequence[str], width: float, size: float) -> float:
    rows, left = (1, width) if states else (0, 0.0)
    for state in states:
        wide = len(state) * LETTER * size + CHIP[0]
        rows, left = (rows, left - wide) if wide <= left else (rows + 1, width - wide)
    return rows * (LINE * size + CHIP[1])


def _table(rows: Sequence[Sequence[str]], size: float) -> float:
    widths = [PAGE[0] * percent / 100 - CELL[0] for percent in COLUMNS]
    letters = (BOLD, *[LETTER] * (len(COLUMNS) - 1))
    deep = (max(map(_lines, row, widths, [size] * len(row), letters)) for row in rows)
    return sum(lines * LINE * size + CELL[1] for lines in (1, *deep))


def _section(section: Section, width: float, size: float) -> float:
    states, paragraphs = section
    text = sum(_lines(one, width - INDENT, size) * LINE * size + BETWEEN for one in paragraphs)
    return HEADING[0] * LINE * size + HEADING[1] + _strip(states, width, size) + text


def height(top: Section, rows: Sequence[Sequence[str]], more: Sequence[Section], size: float) -> float:
    """Return about how high the page is with letters of a size, in points.

    Args:
        top: the states of the pilot, and what stands under the table.
        rows: of the table.
        more: what stands in three columns.
        size: of the letters, in points.
    """
    width = (PAGE[0] - 2 * GAP) / 3
    column = sum(_section(one, width, size) for one in more) / 3
    longest = max((_lines(one, width, size) for _, paragraphs in more for one in paragraphs), default=0)
    ends = ENDS[0] * LINE * size + ENDS[1]
    return _section(top, PAGE[0], size) + _table(rows, size) + column + longest * LINE * size / 3 + ends


def fitting(top: Section, rows: Sequence[Sequence[str]], more: Sequence[Section]) -> float:
    """Return the largest size of letters with which all of it goes on one page, as far as there is one."""
    size = LARGEST
    while size > SMALLEST and height(top, rows, more, size) > PAGE[1] * ROOM:
        size = round(size - STEP, 2)
    return size
