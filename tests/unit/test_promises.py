"""The page of promises says what the tests say, and no promise is forgotten."""

import pytest

from tests.promises import PAGE, PROMISES, claims, page

# What was of later work, and what was open, when the list was first made: it may only become shorter.
LATER: frozenset[str] = frozenset()
OPEN = {"R26", "R29"}
SECURITY = ["S20", "S21", "S22", "S23"]


def test_each_promise_has_a_test_or_is_of_later_work() -> None:
    """The promises are R1 to R30 and some of security; only those without a test are of later work, and none is new."""
    assert [*(f"R{number}" for number in range(1, 31)), *SECURITY] == [one.id for one in PROMISES]
    later = {one.id for one in PROMISES if not one.proofs}
    assert set() == later - LATER
    assert set() == {one.id for one in PROMISES if one.open} - OPEN
    assert set() == {one.id for one in PROMISES if one.open} & later


def test_each_proof_is_there() -> None:
    """Every test and case that proves a promise exists, and says what it claims."""
    proofs = {proof for one in PROMISES for proof in one.proofs}
    assert [] == sorted(proof for proof in proofs if not claims(proof))
    assert all(claim.endswith(".") for proof in proofs for _, claim in claims(proof))


@pytest.mark.parametrize("proof", ["tests/faults/test_kill.py::test_nothing", "tests/nowhere.py::test_x", "kit Z99"])
def test_a_proof_that_is_not_there_is_noticed(proof: str) -> None:
    """A test, a file or a case that does not exist claims nothing."""
    assert [] == claims(proof)


def test_the_page_is_what_the_tests_say() -> None:
    """The page of promises is written anew whenever a proof or its claim changes: `python -m tests.promises`."""
    assert page() == PAGE.read_text(encoding="utf-8")
