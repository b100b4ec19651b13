"""What crosses the ports is frozen, and another one is made of it in one way."""

import pytest

from proeftuin.spi import Query, Receipt, replace


def test_another_one_is_made_of_a_frozen_value() -> None:
    """A copy has the other fields, the value itself stays, and what it does not have is told."""
    receipt, query = Receipt("key", "f", b""), Query("default")
    assert (Receipt("other", "f", b""), Query("default", state="open")) == (
        replace(receipt, key="other"),
        replace(query, state="open"),
    )
    assert (Receipt("key", "f", b""), Query("default")) == (receipt, query)
    for value in (receipt, query):
        with pytest.raises(TypeError, match="colour"):
            replace(value, colour="red")
        with pytest.raises(AttributeError):
            value.body = b"x"  # type: ignore[misc, union-attr]  # to set a field is what has to fail
