"""The columns of many rows as arrays of PostgreSQL, in the form in which its server takes them.

psycopg takes any list: it looks through it three times for what it holds, and makes each cell by calls in Python. Here
the type of a column is known; and where all rows have one value in common, its cell is made once. Measured, a column of
ids takes less than half the time, and one of states that are all the same a fourteenth.
"""

import struct
from collections.abc import Iterable
from itertools import chain
from typing import Any, ClassVar

from sqlalchemy import Integer, LargeBinary
from sqlalchemy.types import TypeEngine

_HEAD = struct.Struct("!iiIii").pack  # dimensions, whether any is NULL, type of the cells, how many, the first's number
_LENGTH = struct.Struct("!i").pack
_NULL = _LENGTH(-1)


class Column(list[Any]):
    """The values of a column, one at least; None is NULL.

    Attributes:
        array, cell: what the server calls the array's type, and that of what is in it.
    """

    array: ClassVar[int]
    cell: ClassVar[int]

    def bare(self, values: Iterable[Any]) -> Iterable[bytes]:
        """Return values, of which none is NULL, as bytes."""
        return values

    def dumped(self) -> bytes:
        """Return the array."""
        size, first = len(self), self[0]
        if self.count(first) == size:
            return self._head(some=first is None) + self._cell(first) * size
        if None in self:
            return self._head(some=True) + b"".join(map(self._cell, self))
        cells = list(self.bare(self))
        return self._head(some=False) + b"".join(chain(*zip(map(_LENGTH, map(len, cells)), cells, strict=True)))

    def _head(self, *, some: bool) -> bytes:
        return _HEAD(1, some, self.cell, len(self), 1)

    def _cell(self, value: object) -> bytes:
        if value is None:
            return _NULL
        (cell,) = self.bare([value])
        return _LENGTH(len(cell)) + cell


class Texts(Column):
    """A column of text."""

    array, cell = 1009, 25

    def bare(self, values: Iterable[str]) -> Iterable[bytes]:
        """See `Column.bare`."""
        return map(str.encode, values)


class Numbers(Column):
    """A column of integers."""

    array, cell = 1016, 20

    def bare(self, values: Iterable[int]) -> Iterable[bytes]:
        """See `Column.bare`."""
        return [one.to_bytes(8, signed=True) for one in values]


class Blobs(Column):
    """A column of bytes."""

    array, cell = 1001, 17


def column(kind: TypeEngine[Any], values: list[Any]) -> Column:
    """Return the values of a column of a type."""
    if isinstance(kind, Integer):
        return Numbers(values)
    return Blobs(values) if isinstance(kind, LargeBinary) else Texts(values)
