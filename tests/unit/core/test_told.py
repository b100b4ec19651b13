"""Every sentence of lint, and every difference between two versions, held whole: place, weight, reason and words."""

import pytest

from tests.unit.core.told import DIFFERENCES, FAULTS, Told

KEPT = {one.file: one.kept() for one in (FAULTS, DIFFERENCES)}


@pytest.mark.parametrize(("told", "name"), [(one, name) for one in (FAULTS, DIFFERENCES) for name in one.names])
def test_what_is_told_is_what_is_kept(told: Told, name: str) -> None:
    """What is told of a workflow is what is kept for it: no more, no less, and in no other words."""
    assert KEPT[told.file][name] == told.told(name)


@pytest.mark.parametrize("told", [FAULTS, DIFFERENCES])
def test_nothing_is_kept_of_what_is_not_told(told: Told) -> None:
    """What is kept is of the names that there are, each once, in their order."""
    assert [*told.names] == [*KEPT[told.file]]
