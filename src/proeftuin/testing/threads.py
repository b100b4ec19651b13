"""Threads that meet: no case sleeps, and none waits without an end.

1. `together` lets acts begin at one barrier and returns what came of each. Meanwhile the interpreter changes threads as
   often as it can, so that a gap between looking and writing is found.
2. `Aside` is one act beside the caller. `gets_through` gives it a moment to be done; a store may make it wait instead,
   and a case must be right either way.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Barrier, Thread
from typing import Generic, TypeVar

from proeftuin.testing.expect import Broken

T = TypeVar("T")

PATIENCE = 60.0  # seconds until a thread is taken to wait for ever
A_MOMENT = 0.1  # seconds that a store may use to show that it does not make others wait
OFTEN = 1e-6  # seconds between two changes of thread; the interpreter's own choice is 5 ms


class Aside(Generic[T]):
    """One act in a thread of its own, begun when it is made."""

    def __init__(self, act: Callable[[], T]) -> None:
        self._act = act
        self._outcome: T | BaseException | None = None
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._outcome = self._act()
        except BaseException as error:  # noqa: BLE001  # whatever it is, the case judges it
            self._outcome = error

    def gets_through(self) -> bool:
        """Give it a moment, and return whether it is done."""
        self._thread.join(A_MOMENT)
        return not self._thread.is_alive()

    def outcome(self, patience: float | None = None) -> T | BaseException:
        """Wait for its end, and return what it gave or raised.

        Args:
            patience: seconds until it is taken to wait for ever.
        """
        seconds = PATIENCE if patience is None else patience
        self._thread.join(seconds)
        if self._thread.is_alive():
            raise Broken(f"a thread did not come back within {seconds:.0f} seconds: it waits for ever")
        return self._outcome  # type: ignore[return-value]  # it was set when the thread ended

    def result(self) -> T:
        """Wait for its end, and return what it gave, or raise what it raised."""
        found = self.outcome()
        if isinstance(found, BaseException):
            raise found
        return found


def together(acts: Sequence[Callable[[], T]]) -> list[T | BaseException]:
    """Run acts in threads that begin at once; return what each gave or raised, in their order."""
    barrier = Barrier(len(acts))

    def begun(act: Callable[[], T]) -> Callable[[], T]:
        def run() -> T:
            barrier.wait(PATIENCE)
            return act()

        return run

    with changing_often():
        running = [Aside(begun(act)) for act in acts]
        return [one.outcome() for one in running]


def all_well(outcomes: Sequence[T | BaseException]) -> list[T]:
    """Return outcomes none of which may be an error; raise the first that is."""
    for one in outcomes:
        if isinstance(one, BaseException):
            raise one
    return list(outcomes)  # type: ignore[arg-type]  # none is an error


@contextmanager
def changing_often() -> Iterator[None]:
    """Let threads take turns as often as can be."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(OFTEN)
    try:
        yield
    finally:
        sys.setswitchinterval(before)
