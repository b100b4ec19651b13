"""A child of a fork goes on, whatever another thread of its parent was in the middle of."""

from collections.abc import Callable
from typing import Any

import pytest

from proeftuin.heads import Heads
from proeftuin.storage.bell import Bell
from proeftuin.storage.memory import MemoryStore
from tests.forked import held, in_child
from tests.stores import TENANT, started, written

Use = Callable[[], object]


def _heads() -> tuple[Any, Use]:
    store = MemoryStore()
    store.append(written(None, started("p1"))[0])
    heads = Heads(store, TENANT, 10)
    heads.load("p1")
    return heads._lock, lambda: heads.load("p1")


def _bell() -> tuple[Any, Use]:
    bell = Bell()
    return bell.gate, bell.ring


@pytest.mark.parametrize("made", [_heads, _bell])
def test_a_lock_that_another_thread_held_is_free_in_the_child(made: Callable[[], tuple[Any, Use]]) -> None:
    """What another thread was just using, heads or hints, serves a child of a fork all the same."""
    lock, use = made()
    with held(lock):
        assert 0 == in_child(use)
    use()
