"""A gate at each step that a worker thread takes: a call of the store in memory, a statement of the others.

The thread that comes to step N stands still there until it is let through, so that a test can do something to whoever
awaits it just then, as often as there are steps.
"""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from proeftuin.spi import Store
from tests.faults.statements import heard

PATIENCE = 30.0
CALLS = (
    "load",
    "append",
    "history",
    "find",
    "due",
    "put_workflow",
    "fan_out",
    "claim",
    "settle",
    "subscribe",
    "personal",
)


class Gate:
    """Counts the steps of one thread, and shuts at one of them.

    Args:
        shut_at: the number of that step; 0 for none.
    """

    def __init__(self, shut_at: int = 0) -> None:
        self.shut_at = shut_at
        self.steps = 0
        self.reached = threading.Event()
        self._open = threading.Event()

    def step(self) -> None:
        """Take a step, in the worker thread."""
        self.steps += 1
        if self.steps == self.shut_at:
            self.reached.set()
            assert self._open.wait(PATIENCE), "nobody opened the gate"

    def open(self) -> None:
        self._open.set()


async def stands(task: "asyncio.Future[Any]", gate: Gate) -> bool:
    """Wait until the thread of a task stands at the gate; return whether it does, and was not done before."""
    task.add_done_callback(lambda _: gate.reached.set())
    assert await asyncio.to_thread(gate.reached.wait, PATIENCE), "it came neither to the gate nor to its end"
    if task.done():
        await task
    return not task.done()


@contextmanager
def gated(store: Store, gate: Gate) -> Iterator[None]:
    """Put the gate before and after each step on this store."""
    if store.durable:
        with heard(lambda _text, _after: gate.step()):
            yield
        return
    names = [name for name in CALLS if hasattr(store, name)]
    for name in names:
        setattr(store, name, _stepping(getattr(store, name), gate))
    try:
        yield
    finally:
        for name in names:
            delattr(store, name)


def _stepping(real: Callable[..., Any], gate: Gate) -> Callable[..., Any]:
    def call(*values: Any, **options: Any) -> Any:
        gate.step()
        result = real(*values, **options)
        gate.step()
        return result

    return call
