"""An event loop in a thread of its own, so that whoever is not asynchronous can call what is."""

import asyncio
from collections.abc import Coroutine
from threading import Event, Thread
from typing import Any, TypeVar

Got = TypeVar("Got")


class Loop(Thread):
    """Runs coroutines for other threads, from when it is made until it is closed."""

    def __init__(self) -> None:
        super().__init__(name="proeftuin-temporal", daemon=True)
        self._begun = Event()
        self.start()
        self._begun.wait()

    def run(self) -> None:
        """Run the loop until it is told to end; `asyncio.run` then cancels what is left in it."""
        asyncio.run(self._live())

    async def _live(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._over = asyncio.Event()
        self._begun.set()
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
