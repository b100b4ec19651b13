"""A story made shorter: whatever can be left out of it, and the same promise is still broken, is left out.

Hypothesis shrinks what it chose, and a choice means something else once an earlier one is gone. So it ends near the
shortest story rather than at it; the rest is done here, on the story itself.
"""

from collections.abc import Callable, Sequence

from attrs import evolve

from proeftuin.testing.lifecycles.seen import Violated
from proeftuin.testing.lifecycles.story import Line

TRIALS = 600
"""How many stories are tried at most."""

Lines = Sequence[Line]
Told = Callable[[Lines], Violated | None]
"""Tells a story anew, and gives how it breaks the promise, None where it does not."""


def shortened(lines: Lines, told: Told) -> Violated | None:
    """Return the shortest story that still breaks the promise, None where not even the whole one does.

    Args:
        lines: of the whole story.
        told: tells a story anew.
    """
    found = told(lines)
    if found is None:
        return None
    search = _Search(found, told)
    search.leave_out()
    search.at_once()
    return search.found


class _Search:
    def __init__(self, found: Violated, told: Told) -> None:
        self.found, self._told, self._left = found, told, TRIALS

    @property
    def lines(self) -> list[Line]:
        return self.found.told.lines

    def _try(self, lines: Lines) -> bool:
        """Keep a story, if it breaks the promise too."""
        if self._left == 0:
            return False
        self._left -= 1
        found = self._told(lines)
        if found is None or len(found.told.lines) > len(self.lines):
            return False
        self.found = found
        return True

    def leave_out(self) -> None:
        """Leave out halves, quarters and so on down to single lines, until none can be spared."""
        size = len(self.lines) // 2
        while size:
            end, shorter = len(self.lines), False
            while end > 0:
                start = max(0, end - size)
                if self._try([*self.lines[:start], *self.lines[end:]]):
                    shorter = True
                end = min(start, len(self.lines))
            if not (shorter and size == 1 and self._left):
                size //= 2

    def at_once(self) -> None:
        """Let no time go by, where none is needed."""
        if self.lines:
            first = self.lines[0].at
            self._try([evolve(line, at=first) for line in self.lines])
