"""Choices read from bytes: the one way in which commands are made up here.

One draw of some bytes costs as much as ten ordinary draws of Hypothesis. Zero bytes, and those beyond the end, are the
first and simplest choice: Hypothesis shrinks towards that, and a source of no bytes always gives it.
"""

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Source:
    """Gives choices for as long as its bytes last, and the simplest ones after that."""

    def __init__(self, data: bytes = b"") -> None:
        self._data = data
        self._place = 0

    def __repr__(self) -> str:
        return f"Source(bytes.fromhex({self._data.rstrip(bytes(1)).hex()!r}))"

    def below(self, count: int) -> int:
        """Return a number from 0 up to but not including `count`, at most 256."""
        if self._place >= len(self._data) or count <= 1:
            return 0
        self._place += 1
        return self._data[self._place - 1] % count

    def pick(self, options: Sequence[T]) -> T:
        """Return one of these, the first when the bytes are spent."""
        return options[self.below(len(options))]

    def chance(self, percent: int) -> bool:
        """Return whether something happens that does so this often; never once the bytes are spent."""
        return 100 - self.below(100) <= percent
