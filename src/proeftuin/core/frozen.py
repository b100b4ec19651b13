"""Immutable values: what the core hands out can be shared between threads and caches without copies."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NoReturn, Self

MAPPINGS, LISTS = (dict, Mapping), (list, tuple)
"""What data is made of, for `isinstance`: a union that is made anew at each look takes ten times as long."""
_EXACT = frozenset({str, int, bool, type(None)})


class FrozenDict(dict[str, Any]):
    """A dict that refuses to be changed.

    Note:
        It is a dict, and not a proxy around one, so that it compares, prints and serialises as one.
    """

    __slots__ = ()

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        message = "this mapping is part of a recorded fact and cannot be changed; copy it with dict(...)"
        raise TypeError(message)

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __hash__(self) -> int:  # type: ignore[override]  # a dict has none as it can change; this one cannot
        """Return a hash of its items, which are frozen too."""
        return hash(frozenset(self.items()))

    def __copy__(self) -> Self:
        """Return itself: a copy of what cannot change is not needed."""
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Return itself, as all values inside are frozen too."""
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle as a plain dict that is frozen on arrival."""
        return (FrozenDict, (dict(self),))

    def __repr__(self) -> str:
        """Show as a plain dict, which is what it is to its reader."""
        return dict.__repr__(self)


EMPTY = FrozenDict()


def freeze(value: object) -> Any:  # noqa: ANN401  # the shape of data is the workflow's business, not the type checker's
    """Return `value` as what the log keeps: dates and decimals as text, mappings and lists immutable.

    Args:
        value: text, integer, boolean, date, decimal, None, or mappings and lists of them. What is none of these is
            returned as it is, for the data check to refuse.
    """
    kind = type(value)
    if kind in _EXACT:
        return value
    if isinstance(value, MAPPINGS):
        return FrozenDict({key: freeze(item) for key, item in value.items()})
    if isinstance(value, LISTS):
        return tuple(freeze(item) for item in value)
    return _scalar(value)


def _scalar(value: object) -> object:
    """Return a value of the host as plain text or a plain integer; an enumeration is what it stands for."""
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return int(value)
    if type(value) is date:
        return value.isoformat()
    if isinstance(value, Decimal) and value.is_finite():
        return format(value, "f")
    return value
