"""An event loop in a thread of its own, so that whoever is not asynchronous can call what is."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from threading import Lock, Thread
from typing import TypeVar

from proeftuin import StoreUnavailable

Got = TypeVar("Got")


class Loop(Thread):
    """Runs coroutines for other threads, from when it is made until it is closed.

    A process that is forked off has none of its parent's threads, and Temporal's client none of what it needs there.

    Raises:
        OSError, RuntimeError: where this process can have no more files, or threads.
    """

    def __init__(self) -> None:
        super().__init__(name="proeftuin-temporal", daemon=True)
        self._begun: Future[None] = Future()
        self._process = os.getpid()
        self._closed = False
        self._lock = Lock()  # nothing is asked of a loop behind its end: nobody would answer
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
        self._loop = asyncio.get_running_loop()
        self._over = asyncio.Event()
        self._begun.set_result(None)
        await self._over.wait()

    def do(self, call: Callable[[], Awaitable[Got]], seconds: float) -> Got:
        """Return what a call returns that is made and awaited in the loop.

        Raises:
            CancelledError: where it was closed meanwhile.
            StoreUnavailable: where it was closed before, or this process is a child of the one that made it.
            TimeoutError: where that takes too long.
        """

        async def limited() -> Got:
            async with asyncio.timeout(seconds):
                return await call()

        if self._process != os.getpid():
            raise StoreUnavailable("this engine was opened before a fork; open one in each process, after it")
        with self._lock:
            if self._closed:
                raise StoreUnavailable("this engine was closed; open a new one")
            future = asyncio.run_coroutine_threadsafe(limited(), self._loop)
        return future.result()

    def close(self) -> None:
        """End it, and what is under way in it."""
        if self.is_alive():  # in a child of a fork it is not
            with self._lock:
                self._closed = True
                self._loop.call_soon_threadsafe(self._over.set)
            self.join()
