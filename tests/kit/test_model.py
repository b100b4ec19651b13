"""The machine that compares any store with the reference finds broken ones too."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from proeftuin.testing.expect import Broken
from proeftuin.testing.model import machine
from tests.kit.test_mutants import MUTANTS
from tests.scale import RELEASE

# The same calls at every run, and no search for a shorter way: that it is found is enough. Half of these would do.
SEARCH = settings(
    max_examples=600,
    stateful_step_count=50,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
FOUND = (
    "M01", "M03", "M07", "M09", "M17", "M18", "M21", "M26", "M27", "M36", "M41",
    "AlwaysSendsHead", "ClearsUnseen", "CountsForEver", "CountsWrong", "DeliversTwice", "ForgetsPlaces", "IgnoresRefs",
    "InclusiveRange", "KeepsClaimOnResend", "LateSubscription", "OneSubscriber", "RefStaysTaken", "RevivesClaims",
    "SettlesTwice", "StaleSummary", "WakesParked",
    "CountsBySize", "CountsEverywhere", "CountsNone", "CountsOnePage", "CountsWithoutTracks", "FirstReceiptOnly",
    "ForgetsReceipts", "HoldersAsTheyCame", "HoldersEverywhere", "LooksAtOneKey", "ManyFromMemory",
    "ManyInOrderOfId", "ManyOnce", "ManyWithoutReceipts", "ManyWithoutTheUnknown", "MustBeThere", "ReceiptsAsTheyCame",
    "TakesAKeyTwice",
)  # fmt: skip


@pytest.mark.parametrize("name", FOUND if RELEASE else FOUND[::6])
def test_the_model_finds_a_broken_store(name: str) -> None:
    """Calls in an order that nobody thought of show that a broken store differs from the reference."""
    kind = MUTANTS[name]
    broken = machine("memory://", f"{kind.__module__}:{kind.__qualname__}.open")
    with pytest.raises((Broken, AssertionError, LookupError)):
        run_state_machine_as_test(broken, settings=SEARCH)
