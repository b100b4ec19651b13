"""What happens, as it happens: a stream tells a page that what it shows has changed, and that asks for it anew.

1. A stream tells nothing but that: a mark of what its seat would be shown now. So nothing is in it that a page of that
   seat does not hold.
2. One thread for the whole application waits for hints of commits, for as long as anybody listens. Commits of other
   processes are heard of where the store passes hints on (PostgreSQL), and otherwise seen within some seconds.
3. After a while a stream ends, and the browser opens another: so `authorize` is asked again.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from threading import Lock, Thread
from time import monotonic
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from proeftuin import log
from proeftuin.engine import Engine
from proeftuin.errors import ProeftuinError
from proeftuin.web.asking import desk_of
from proeftuin.web.telling import short

if TYPE_CHECKING:
    from proeftuin.aio._threads import Threads
    from proeftuin.waking import Listening
    from proeftuin.web.limits import Streams

POLL = 3.0
"""How many seconds until a store is looked at that told nothing."""
BEAT = 15.0
"""How many seconds a stream may be silent; then it says that it is there."""
LONGEST = 600.0
"""How many seconds a stream lasts."""
SPACING = 1.0
"""How many seconds lie between two looks of one stream, at least."""
Look = Callable[[], str]


class News:
    """Wakes whoever waits, when something may have been committed.

    Args:
        engine: on whose store.
        poll: how many seconds until it wakes in any case.
    """

    def __init__(self, engine: Engine, poll: float = POLL) -> None:
        self._engine = engine
        self._poll = poll
        self._lock = Lock()
        self._ears: dict[asyncio.Event, asyncio.AbstractEventLoop] = {}
        self._turn: object = None  # of the thread that listens, None where nobody does
        self._listening: Listening | None = None
        self.ended = False

    def end(self) -> None:
        """Have every stream end at once, as the server is about to."""
        self.ended = True
        self._wake()

    def join(self) -> asyncio.Event:
        """Return what is set at every hint; called from a running event loop."""
        ear = asyncio.Event()
        with self._lock:
            self._ears[ear] = asyncio.get_running_loop()
            if self._turn is None:
                self._turn = object()
                Thread(target=self._hear, args=(self._turn,), name="proeftuin-news", daemon=True).start()
        return ear

    def leave(self, ear: asyncio.Event) -> None:
        """Stop waking; whoever leaves last ends the thread."""
        with self._lock:
            self._ears.pop(ear, None)
            if not self._ears and self._turn is not None:
                self._turn = None
                if self._listening is not None:
                    self._listening.stop()

    def _hear(self, turn: object) -> None:
        """Listen until it is another one's turn; what takes long to be reached holds up no event loop."""
        with self._engine.listen() as listening:
            with self._lock:
                if self._turn is turn:
                    self._listening = listening
            while self._turn is turn:
                listening.wait(self._poll)
                self._wake()

    def _wake(self) -> None:
        with self._lock:
            ears = list(self._ears.items())
        for ear, loop in ears:
            try:
                loop.call_soon_threadsafe(ear.set)
            except RuntimeError:  # that loop was closed, and nobody waits in it
                self.leave(ear)


async def marks(
    news: News, look: Look, threads: "Threads", *, beat: float = BEAT, longest: float = LONGEST
) -> AsyncGenerator[str, None]:
    """Give the lines of a stream: the mark of what is shown, at first and whenever it is another one.

    Args:
        news: wakes it.
        look: returns the mark, in a thread.
        threads: in which it is called.
        beat: after how many seconds of silence it says that it is there.
        longest: after how many seconds it ends.
    """
    ear, end, last = news.join(), monotonic() + longest, ""
    try:
        while monotonic() < end and not news.ended:
            mark = await threads.run(look)
            yield f"event: moved\ndata: {mark}\n\n" if mark != last else ": still here\n\n"
            last = mark
            if not await _woken(ear, beat):
                continue
            ear.clear()
            if not news.ended:
                await asyncio.sleep(SPACING)
    except ProeftuinError as error:  # what was looked at is gone, or not for this seat any more
        log.info("stream-ended", error=error.code)
    finally:
        news.leave(ear)


async def _woken(ear: asyncio.Event, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await ear.wait()
    except TimeoutError:
        return False
    return True


def streaming(request: Request, look: Look) -> Response:
    """Return a stream as an answer, where this person may open one more."""
    state, seat = request.app.state, desk_of(request).seat
    who = seat.tenant, seat.actor.id
    streams: Streams = state.streams
    if not streams.take(who):
        return short(request.scope, 429, headers={"retry-after": "60"})
    return _Stream(marks(state.news, look, state.threads), lambda: streams.give(who))


class _Stream(StreamingResponse):
    """Lines of a stream; its place is given back also where whoever asked is gone before the first of them."""

    def __init__(self, lines: AsyncIterator[str], leave: Callable[[], None]) -> None:
        super().__init__(lines, media_type="text/event-stream", headers={"x-accel-buffering": "no"})
        self._leave = leave

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._leave()
