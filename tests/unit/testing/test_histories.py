"""The check of recorded histories, on histories made by hand: those that fit an order, and those that fit none."""

import pytest

from proeftuin.testing.histories import Act, Done, faults


def read(began: int, ended: int, version: int) -> Done:
    return Done(Act.READ, began, ended, version)


def won(began: int, ended: int, version: int) -> Done:
    return Done(Act.WON, began, ended, version, version - 1)


def lost(began: int, ended: int, expected: int, actual: int) -> Done:
    return Done(Act.LOST, began, ended, actual, expected)


GOOD = {
    "nothing": [],
    "one after the other": [read(0, 1, 1), won(2, 3, 2), read(4, 5, 2), won(6, 7, 3), read(8, 9, 3)],
    "a read beside a write sees either": [won(0, 5, 2), read(1, 2, 1), read(3, 4, 2)],
    "a write is seen before its writer knows": [won(0, 9, 2), read(1, 2, 2), won(3, 4, 3)],
    "a loser beside the winner": [won(0, 3, 2), lost(1, 2, 1, 2)],
    "a late answer": [read(0, 9, 1), won(1, 2, 2), won(3, 4, 3)],
    "the order of a list does not count": [won(6, 7, 3), read(8, 9, 3), won(2, 3, 2)],
}
BAD = {
    "made twice": [won(0, 1, 2), won(2, 3, 2)],
    "a lost write": [won(0, 1, 2), read(2, 3, 1)],
    "a read of what nobody made": [won(0, 1, 2), read(2, 3, 7)],
    "a read of what was not begun": [read(0, 1, 2), won(2, 3, 2)],
    "a jump": [Done(Act.WON, 0, 1, 4, 2), won(2, 3, 2), won(4, 5, 3)],
    "a conflict with itself": [won(0, 1, 2), lost(2, 3, 2, 2)],
    "a conflict with what is long past": [won(0, 1, 2), won(2, 3, 3), lost(4, 5, 4, 2)],
    "two readers, back and forth": [won(0, 9, 2), read(1, 2, 2), read(3, 4, 1)],
    "a write in the past": [won(0, 1, 2), won(2, 3, 3), won(4, 5, 4), won(6, 7, 3)],
    "a write before a known version": [won(0, 1, 3), won(2, 3, 2)],
}


@pytest.mark.parametrize("name", GOOD)
def test_what_fits_an_order_is_no_fault(name: str) -> None:
    """Histories that some order explains are let through."""
    assert [] == faults(GOOD[name])


@pytest.mark.parametrize("name", BAD)
def test_what_fits_no_order_is_found(name: str) -> None:
    """Histories that no order explains are found out."""
    assert [] != faults(BAD[name])


def test_a_history_may_begin_at_any_version() -> None:
    """A version that was there before the first act is known, and no other."""
    assert [] == faults([read(0, 1, 5), won(2, 3, 6)], first=5)
    assert [] != faults([read(0, 1, 4)], first=5)
