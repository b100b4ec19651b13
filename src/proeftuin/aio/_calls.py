"""How a method of the plain engine becomes one that is awaited: same parameters, same answer, no second body.

What it takes and gives is inferred from the plain method, by type checkers as by `inspect.signature`: it cannot differ.
"""

from asyncio import CancelledError, wrap_future
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterator
from functools import wraps
from itertools import islice
from threading import Event, Lock
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, TypeVar

from proeftuin.aio._threads import Threads
from proeftuin.errors import StoreUnavailable

if TYPE_CHECKING:
    from concurrent.futures import Future

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")

AHEAD = 100
"""How many items are fetched at a time; each time is one way to a thread and back."""


class Bridge:
    """What has a plain counterpart, whose methods are called in worker threads."""

    _plain: Any
    _threads: Threads


def awaited(
    method: Callable[Concatenate[Any, P], R],
) -> Callable[Concatenate[Bridge, P], Coroutine[Any, Any, R]]:
    """Return a coroutine method that has a plain one called."""

    @wraps(method)
    async def call(self: Bridge, /, *args: P.args, **kwargs: P.kwargs) -> R:
        return await self._threads.run(lambda: method(self._plain, *args, **kwargs))

    return call


def stopped(
    method: Callable[Concatenate[Any, P], R],
) -> Callable[Concatenate[Bridge, P], Coroutine[Any, Any, R]]:
    """Return the same of a method that takes a `stop`: it is told to stop when nobody waits for it any more."""

    @wraps(method)
    async def call(self: Bridge, /, *args: P.args, **kwargs: P.kwargs) -> R:
        left, asked = Event(), kwargs.get("stop")

        def stop() -> bool:
            return left.is_set() or (asked is not None and asked())  # type: ignore[operator]  # it is a `stop`

        kwargs["stop"] = stop
        try:
            return await self._threads.run(lambda: method(self._plain, *args, **kwargs))
        except CancelledError:
            left.set()
            raise

    return call


def iterated(
    method: Callable[Concatenate[Any, P], Iterator[T]], ahead: int = AHEAD
) -> Callable[Concatenate[Bridge, P], AsyncGenerator[T, None]]:
    """Return an asynchronous iterator of what a plain one gives; it is begun, and fails, at its first item."""

    @wraps(method)
    async def stream(self: Bridge, /, *args: P.args, **kwargs: P.kwargs) -> AsyncGenerator[T, None]:
        source = _Source(lambda: method(self._plain, *args, **kwargs), ahead)
        try:
            while not source.ended:
                for one in await self._threads.run(source.take):
                    yield one
        except CancelledError:
            _let_go(self._threads, source)  # behind the step that is on its way, for which nobody waits any more
            raise
        except GeneratorExit:
            closing = None if source.ended else _let_go(self._threads, source)
            if closing is not None:
                await wrap_future(closing)
            raise

    return stream


def _let_go(threads: Threads, source: "_Source[Any]") -> "Future[None] | None":
    """Have a thread close an iterator, or close it here where there are no threads any more, so no step either."""
    try:
        return threads.submit(source.close)
    except StoreUnavailable:
        source.close()
        return None


class _Source(Generic[T]):
    """An iterator of the engine, taken from by one thread at a time."""

    def __init__(self, opened: Callable[[], Iterator[T]], ahead: int) -> None:
        self._opened = opened
        self._ahead = ahead
        self._items: Iterator[T] | None = None
        self._failure: Exception | None = None
        self._lock = Lock()
        self.ended = False

    def take(self) -> list[T]:
        """Return the next items, none only at the end; what is raised behind some of them is raised after them."""
        with self._lock:
            if self._failure is not None:
                self.ended = True
                raise self._failure
            taken: list[T] = []
            try:
                if self._items is None:
                    self._items = self._opened()
                taken.extend(islice(self._items, self._ahead))
                self.ended = len(taken) < self._ahead
            except Exception as error:
                self.ended = not taken
                if not taken:
                    raise
                self._failure = error
            return taken

    def close(self) -> None:
        """Let go of what the iterator holds."""
        with self._lock:
            self.ended = True
            close = getattr(self._items, "close", None)
            if close is not None:
                close()
