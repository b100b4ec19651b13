"""Choices read from bytes: the one way in which these tests make things up.

One draw of a few hundred bytes costs as much as ten ordinary draws, so thousands of workflows and commands fit into a
quick run. Zero bytes, and those beyond the end, are the first and simplest choice; so Hypothesis shrinks towards that.
"""

from collections.abc import Sequence
from typing import TypeVar

from hypothesis import strategies as st

T = TypeVar("T")


class Source:
    """Gives choices for as long as its bytes last, and the simplest ones after that."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._place = 0

    def __repr__(self) -> str:
        return f"Source(bytes.fromhex({self._data.rstrip(bytes(1)).hex()!r}))"

    @property
    def spent(self) -> bool:
        return self._place >= len(self._data)

    def below(self, count: int) -> int:
        """A number from 0 up to but not including `count`, at most 256."""
        if self.spent or count <= 1:
            return 0
        self._place += 1
        return self._data[self._place - 1] % count

    def between(self, low: int, high: int) -> int:
        return low + self.below(high - low + 1)

    def pick(self, options: Sequence[T]) -> T:
        return options[self.below(len(options))]

    def chance(self, percent: int) -> bool:
        """Whether something happens that does so this often; never once the bytes are spent."""
        return 100 - self.below(100) <= percent

    def some(self, options: Sequence[T], percent: int = 50) -> tuple[T, ...]:
        """Some of these, in order."""
        return tuple(one for one in options if self.chance(percent))

    def split(self, options: Sequence[T], most: int) -> list[tuple[T, ...]]:
        """These, dealt out over at most so many groups, none of them empty."""
        groups: list[list[T]] = [[] for _ in range(self.between(1, most))]
        for one in options:
            self.pick(groups).append(one)
        return [tuple(group) for group in groups if group]


def sources(size: int) -> st.SearchStrategy[Source]:
    return st.binary(min_size=size, max_size=size).map(Source)
