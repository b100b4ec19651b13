"""The one place that writes: words for people through rich, JSON for scripts.

What rich lays out is written by us: so lines end where their words end, and a reader who goes away is an ordinary
`BrokenPipeError` (rich would leave the process). There are no colours where nobody sees them, or where NO_COLOR is set.
"""

import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from rich.console import Console, ConsoleRenderable
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from proeftuin.cli.jsontext import json_text
from proeftuin.cli.words import tell
from proeftuin.views import plain

Words = str | Text
_STYLED_BLANK = re.compile("\x1b\\[[0-9;]*m *\x1b\\[0m$")

GOOD, BAD, SOFT, HEAD, CARE = "green", "red", "dim", "bold", "yellow"


class Screen:
    """What one command writes to.

    Args:
        lang: the language of what it says.
        json: whether a script reads it.
        error: write to stderr instead.
    """

    def __init__(self, *, lang: str, json: bool = False, error: bool = False) -> None:
        self.lang = lang
        self.json = json
        self._console = Console(markup=False, highlight=False, emoji=False, stderr=error)

    @property
    def width(self) -> int:
        """Columns of the screen."""
        return self._console.width

    def tell(self, which: str, **facts: object) -> str:
        """Return words of the command itself in the language of the screen."""
        return tell(self.lang, which, **facts)

    def data(self, value: object) -> None:
        """Write JSON, with moments, days and fractions as text."""
        sys.stdout.write(json_text(value, indent=2) + "\n")

    def raw(self, text: str) -> None:
        """Write text exactly as it is, on lines of any length."""
        self._console.file.write(text)

    def show(self, what: ConsoleRenderable | str = "", *, style: str = "", indent: int = 0) -> None:
        """Write a paragraph or a table, wrapped to the width."""
        shown = Text(what, style) if isinstance(what, str) else what
        with self._console.capture() as captured:
            self._console.print(Padding(shown, (0, 0, 0, indent)) if indent else shown)
        self._console.file.write("".join(f"{_trimmed(line)}\n" for line in captured.get().split("\n")[:-1]))

    def head(self, title: str) -> None:
        """Write the title of a section, with a blank line before it."""
        self.show()
        self.show(Text(title, HEAD))

    def item(self, sign: Words, what: Words, *, indent: int = 0, style: str = "") -> None:
        """Write a paragraph behind a sign, wrapped beside it."""
        grid = Table.grid(padding=(0, 1, 0, 0))
        grid.add_column(no_wrap=True)
        grid.add_column(overflow="fold")
        grid.add_row(sign, Text(what, style) if isinstance(what, str) else what)
        self.show(grid, indent=indent)

    def table(
        self,
        columns: Sequence[str],
        rows: Iterable[Sequence[Words]],
        *,
        narrow: Iterable[int] = (0,),
        widest: Mapping[int, int] = MappingProxyType({}),
    ) -> None:
        """Write a table without lines, its column heads dim.

        Args:
            columns: their heads; all empty means none is shown.
            rows: cells; what came from outside must have passed `plain`.
            narrow: the places of the columns that are not wrapped.
            widest: per place of a column the most characters that it takes.
        """
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=any(columns), header_style=SOFT)
        for place, column in enumerate(columns):
            table.add_column(column, no_wrap=place in set(narrow), max_width=widest.get(place), overflow="fold")
        for row in rows:
            table.add_row(*row)
        self.show(table)


def clean(value: Any) -> str:  # noqa: ANN401  # any value of a pilot
    """Return a value as it may be shown, an empty one as a dash."""
    return plain(value) if value not in (None, "") else "-"


def _trimmed(line: str) -> str:
    """Return a line without the blanks at its end, coloured ones included."""
    while True:
        shorter = _STYLED_BLANK.sub("", line.rstrip(" "))
        if shorter == line:
            return line
        line = shorter
