"""How an author of a store, a sink or a test changes what crosses the ports: all of it is frozen."""

from typing import Any, TypeVar

import attrs

from proeftuin.core import structs

T = TypeVar("T")


def replace(value: T, **changes: Any) -> T:  # noqa: ANN401  # each field has its type
    """Return a copy of a frozen value of ours with other fields.

    Raises:
        TypeError: for a field that it does not have.
    """
    if isinstance(value, structs.Struct):
        return structs.replace(value, **changes)
    return attrs.evolve(value, **changes)  # type: ignore[misc]  # what is no struct is of attrs
