"""An event loop in a thread of its own, for a sink that is called from any thread and may not be asynchronous itself.

1. The thread begins with the first call, and ends with `close`. Whatever is under way then fails.
2. A process that is forked off has none of its parent's threads. So it begins anew: with a loop and a connection of its
   own, and leaves its parent's alone.
"""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import CancelledError, Future
from threading import Lock, Thread
from typing import Any, Generic, Protocol, TypeVar

from proeftuin.spi import renewed

PATIENCE = 5.0
"""Seconds that `close` waits for the thread: a name that is just being looked up cannot be interrupted."""


class Closes(Protocol):
    """What lives in a loop."""

    async def close(self) -> None:
        """Let go of everything."""


Held = TypeVar("Held", bound=Closes)
Got = TypeVar("Got")


class Closed(Exception):
    """The loop was ended."""


class Loop(Generic[Held]):
    """Runs coroutines over what lives in the loop.

    Args:
        make: makes that, inside the loop.
    """

    def __init__(self, make: Callable[[], Held]) -> None:
        self._make = make
        self._closed = False
        self._host: _Host[Held] | None = None
        self._left: list[_Host[Held]] = []
        self._lock = Lock()
        renewed(self)

    def run(self, use: Callable[[Held], Coroutine[Any, Any, Got]]) -> Got:
        """Run a coroutine, and return what it returns.

        Raises:
            Closed: where the loop was ended, be it meanwhile.
            OSError, RuntimeError: where this process can have no more files, or threads; the next call begins anew.
        """
        with self._lock:
            if self._closed:
                raise Closed
            if self._host is None:
                self._host = _Host(self._make)
            future = asyncio.run_coroutine_threadsafe(use(self._host.held), self._host.loop)
        try:
            return future.result()
        except CancelledError:
            raise Closed from None

    def close(self) -> None:
        """End the thread, and with it what is under way."""
        with self._lock:
            self._closed = True
            host, self._host = self._host, None
        if host is not None:
            host.end()

    def renew(self) -> None:
        """Begin anew in a process that was forked off; what was the parent's is kept, so that nothing closes it."""
        self._lock = Lock()
        if self._host is not None:
            self._left.append(self._host)
            self._host = None


class _Host(Thread, Generic[Held]):
    """The thread, while it runs."""

    loop: asyncio.AbstractEventLoop
    held: Held

    def __init__(self, make: Callable[[], Held]) -> None:
        super().__init__(name="proeftuin-nats", daemon=True)
        self._make = make
        self._begun: Future[None] = Future()
        self.start()
        self._begun.result()

    def run(self) -> None:
        """Run the loop until it is told to end; the runner then cancels what is left in it."""
        try:
            with asyncio.Runner() as runner:
                runner.run(self._live())
        except Exception as error:
            if self._begun.done():
                raise
            self._begun.set_exception(error)  # whoever made it is told, and does not wait for ever

    async def _live(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.held = self._make()
        self._over = asyncio.Event()
        self._begun.set_result(None)
        await self._over.wait()
        await self.held.close()

    def end(self) -> None:
        """Tell it to end, and wait for it."""
        self.loop.call_soon_threadsafe(self._over.set)
        self.join(PATIENCE)
