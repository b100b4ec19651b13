"""Wake-ups: hints that something was committed, to workers that wait; see `proeftuin.spi.hints`.

1. The log is what is delivered from, and a worker looks at it every few seconds in any case. A hint only makes that
   sooner; so one that is lost costs some seconds, and nothing else.
2. Whoever commits sends a hint afterwards, but not within `SPACING` of the one before. Measured on PostgreSQL, with
   eight clients, a NOTIFY in each transaction leaves a tenth to a quarter of the commits a second, as it lets only one
   of them commit at a time; one beside each leaves seven to nine tenths; ten a second cost nothing that shows.
3. So a hint stands for what is committed within `SPACING` of it, too. Whoever hears one looks at once, and once more
   when that has passed. However many come meanwhile, it is that one look. Where a round takes longer than that, as with
   many tenants, it is as long until the next one: hints have nobody look for more than half of the time.
4. It depends on nobody being subscribed: a command would have to ask the store for that each time.
"""

from collections.abc import Callable
from threading import Event
from time import monotonic
from typing import Self

from proeftuin import log
from proeftuin.errors import StoreError
from proeftuin.spi.hints import Listener, Wakes

SPACING = 0.1
"""How many seconds lie between two hints of one process, at least."""
AGAIN = 2 * SPACING
"""After how many seconds whoever heard a hint looks once more; twice, as no clock is exact."""


class Waker:
    """Sends the hints of one engine, and of those that were made from it.

    Args:
        store: passes hints on, if it can.
        clock: counts seconds.
    """

    def __init__(self, store: object, clock: Callable[[], float] = monotonic) -> None:
        self._store = store if isinstance(store, Wakes) else None
        self._clock = clock
        self._next = float("-inf")

    def wake(self) -> None:
        """Send a hint, unless there was one just now. Two threads at once may send one each; that is harmless."""
        if self._store is None or (now := self._clock()) < self._next:
            return
        self._next = now + SPACING
        try:
            self._store.wake()
        except Exception as error:  # noqa: BLE001  # what is committed is committed, whatever becomes of its hint
            log.info("hint-lost", error=type(error).__name__)


class Listening:
    """Waits between two rounds of a worker until there may be something new. Made by `Engine.listen`.

    Use it in a `with`, or close it. One thread waits; any other may stop it. A handler of signals runs in the middle of
    a wait, whose locks are held then: let it raise, as Python's own of Ctrl-C does.

    Args:
        store: passes hints on; where it cannot, only the time ends a wait.
        clock: counts seconds.
    """

    def __init__(self, store: object, clock: Callable[[], float] = monotonic) -> None:
        self._store = store if isinstance(store, Wakes) else None
        self._clock = clock
        self._stopped = Event()
        self._listener = self._made()
        self._looked = clock()
        # when to look once more; at first, for what a hint stands for that was sent before anybody listened
        self._again = None if self._listener is None else self._looked + AGAIN

    def wait(self, seconds: float) -> bool:
        """Wait until something may have been committed, or the time is over, or it is stopped.

        Args:
            seconds: how long at most. What is due by its own time, such as what failed before, is not told.

        Returns:
            Whether there was a hint, or there may have been one. Look in either case.
        """
        took = self._clock() - self._looked
        told = self._told(seconds, took)
        self._looked = self._clock()
        return told

    def _told(self, seconds: float, took: float) -> bool:
        """Wait, after a round that took so long."""
        if self._again is None:
            heard = told = self._heard(seconds)
        else:
            left = max(self._again - self._clock(), 0)
            self._stopped.wait(min(left, seconds))
            if left > seconds:
                return True
            heard, told = self._heard(0), True
        self._again = self._clock() + max(AGAIN, took) if heard else None
        return told

    def _heard(self, seconds: float) -> bool:
        """Wait for a hint; where there can be none, the whole time."""
        if self._listener is None:
            self._listener = self._made()
            if self._listener is not None:
                return True  # what was sent while nobody listened was not heard
        if self._listener is None or self._stopped.is_set():
            self._stopped.wait(seconds)
            return False
        try:
            return self._listener.wait(seconds)
        except StoreError as error:
            self._listener = None
            _deaf(error)
            self._stopped.wait(min(AGAIN, seconds))  # a server that cuts each time is not asked without a pause
            return True

    def _made(self) -> Listener | None:
        if self._store is None or self._stopped.is_set():
            return None
        try:
            return self._store.listen()
        except StoreError as error:
            _deaf(error)
            return None

    def stop(self) -> None:
        """End the wait, and every later one at once."""
        self._stopped.set()
        listener = self._listener
        if listener is not None:
            listener.stop()

    def close(self) -> None:
        """Listen no more; called when nobody waits."""
        self.stop()
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.close()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Listen no more."""
        self.close()


def _deaf(error: StoreError) -> None:
    log.info("not-listening", error=type(error).__name__)
