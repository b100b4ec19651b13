"""Worker threads that the calls of an asynchronous engine run in, and the one way to wait for them.

1. A call is begun by a thread or it never is, and once begun it runs to its end: nothing that happens to whoever awaits
   it can stop it half-way. Cancelling what waits in the queue takes it out.
2. The loop is never blocked, and no call belongs to one: a loop that is closed meanwhile loses the answer alone.
3. A child process has none of its parent's threads, so after a fork it starts some of its own.
"""

from asyncio import CancelledError, wrap_future
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

from proeftuin import forks, log
from proeftuin.errors import BadArgument, StoreUnavailable

R = TypeVar("R")


class Threads:
    """So many threads, started when there is work for them.

    Args:
        size: how many there may be at once.

    Raises:
        BadArgument: for a number that is none.
    """

    def __init__(self, size: int) -> None:
        if type(size) is not int or size < 1:
            raise BadArgument("threads", "must be a whole number, 1 or more")
        self._size = size
        self._closed = False
        self.renew()
        forks.renewed(self)

    def renew(self) -> None:
        """Begin without any thread."""
        self._pool = ThreadPoolExecutor(self._size, thread_name_prefix="proeftuin-aio")

    def submit(self, call: Callable[[], R]) -> "Future[R]":
        """Have a call done, in a copy of the context of whoever asks.

        Raises:
            StoreUnavailable: where the threads were closed, or none can be started; the call is never made then.
        """
        future: Future[R] = Future()
        context = copy_context()
        try:
            self._pool.submit(_fulfil, future, lambda: context.run(call))
        except RuntimeError as error:  # a pool that can start no thread has queued the work all the same
            if future.cancel():
                raise StoreUnavailable(
                    "the engine was closed; open it anew" if self._closed else f"{error}; nothing was done, try again"
                ) from error
        return future

    async def run(self, call: Callable[[], R], *, unwanted: Callable[[R], object] | None = None) -> R:
        """Have a call done, and wait for its answer.

        Args:
            call: what to do.
            unwanted: lets go of an answer that comes when nobody waits any more.
        """
        future = self.submit(call)
        try:
            return await wrap_future(future)
        except CancelledError:
            future.add_done_callback(lambda done: _left(done, unwanted))
            raise

    async def close(self, last: Callable[[], None]) -> None:
        """Take no more calls, wait for all that were asked, and make one last call; also when nobody waits for it."""
        closer = ThreadPoolExecutor(1, thread_name_prefix="proeftuin-aio-close")

        def end() -> None:
            self._closed = True
            self._pool.shutdown()
            last()

        future = closer.submit(end)
        closer.shutdown(wait=False)
        await wrap_future(future)


def _fulfil(future: "Future[R]", call: Callable[[], R]) -> None:
    try:
        if future.set_running_or_notify_cancel():
            future.set_result(call())
    except StopIteration as error:  # no coroutine can raise it
        failure = RuntimeError("what was called raised StopIteration")
        failure.__cause__ = error
        future.set_exception(failure)
    except BaseException as error:  # noqa: BLE001  # it is raised where the call is awaited
        future.set_exception(error)
    finally:
        del future, call  # a failure holds this frame, and must not hold itself by it


def _left(done: "Future[R]", unwanted: Callable[[R], object] | None) -> None:
    """Tell what came of a call that nobody waits for."""
    if done.cancelled():
        return
    if (error := done.exception()) is not None:
        log.warning("abandoned-call-failed", error=type(error).__name__)
    elif unwanted is not None:
        unwanted(done.result())
