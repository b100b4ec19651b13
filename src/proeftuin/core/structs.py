"""The one door to msgspec's structs: the values of which each command makes dozens.

1. They are frozen, compared and shown as those of attrs are, and made in C, also from JSON: eight fields take 0.15 us
   where a generated `__init__` takes 0.5 to 1.5, and are read as slots. A `fire` of a pilot of 20 records takes five
   sixths of the time.
2. What was recorded is plain values through and through, which cannot refer back to what holds them: the collector need
   not look at it (`Fact`), be it what a command leaves or the records of all pilots that a cache keeps.
3. What is made seldom, as from a file or a form, is a value of attrs, which can convert and check.
"""

from typing import Any

import attrs
from msgspec import Struct, field
from msgspec.structs import asdict, force_setattr, replace

__all__ = ["Fact", "Inner", "Making", "Struct", "asdict", "field", "force_setattr", "names", "replace"]


class Fact(Struct, frozen=True, gc=False):
    """What was recorded, and what a store is asked and tells: plain values, frozen through and through."""


class Inner(Struct, frozen=True, eq=False):
    """What is ours alone: compared by identity, and shown by its class, whoever's data it holds."""

    __repr__ = object.__repr__


class Making(Struct, eq=False):
    """Likewise, and changed while something is made of it."""

    __repr__ = object.__repr__


def names(kind: type[Any]) -> tuple[str, ...]:
    """Return the names of the fields of a class, be it a struct or one of attrs; none of any other."""
    if issubclass(kind, Struct):
        return kind.__struct_fields__
    return tuple(one.name for one in attrs.fields(kind)) if attrs.has(kind) else ()
