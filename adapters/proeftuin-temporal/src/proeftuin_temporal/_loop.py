"""An event loop in a thread of its own, so that whoever is not asynchronous can call what is."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import Future
from threading import Thread
from typing import Any, TypeVar

Got = TypeVar("Got")


class Loop(Thread):
    """Runs coroutines for other threads, from when it is made until it is closed.

    Raises:
        OSError, RuntimeError: where this process can have no more files, or threads.
    """

    def __init__(self) -> None:
        super().__init__(name="proeftuin-temporal", daemon=True)
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
        self._loop = asyncio.get_running_loop()
        self._over = asyncio.Event()
        self._begun.set_result(None)
        await self._over.wait()

    def do(self, call: Coroutine[Any, Any, Got], seconds: float) -> Got:
        """Return what a coroutine returns.

        Raises:
            TimeoutError: where that takes too long.
        """

        async def limited() -> Got:
            async with asyncio.timeout(seconds):
                return await call

        return asyncio.run_coroutine_threadsafe(limited(), self._loop).result()

    def close(self) -> None:
        """End it, and what is under way in it."""
        if self.is_alive():
            self._loop.call_soon_threadsafe(self._over.set)
            self.join()
