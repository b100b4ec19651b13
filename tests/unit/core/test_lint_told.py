"""Every sentence of lint, held whole: its place, its level, its code and its words."""

import pytest

from tests.unit.core.told import BROKEN, kept, told

KEPT = kept()


@pytest.mark.parametrize("name", BROKEN)
def test_a_fault_is_told_whole(name: str) -> None:
    """A broken workflow gets the faults that are kept for it, no other and in no other words."""
    assert KEPT[name] == told(name)


def test_nothing_is_kept_of_what_nobody_breaks() -> None:
    """What is kept is of the workflows that are broken, each once."""
    assert [*BROKEN] == [*KEPT]
