"""A stream tells that what is shown has changed, and nothing else; it ends, and lets go of what it holds."""

import asyncio
import re
import threading
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from html import unescape
from typing import Any

import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from proeftuin import Engine, UnknownPilot
from proeftuin.aio._threads import Threads
from proeftuin.web import Limits, app, streams
from proeftuin.web.pages import live
from proeftuin.web.streams import News, marks
from tests.web.boards import BEGIN, LEAD, client, engine

Look = Callable[[], str]


async def opened(on: Engine, look: Look, **waits: float) -> AsyncGenerator[str, None]:
    """The lines of a stream, with threads of its own."""
    threads, news = Threads(2), News(on, poll=0.05)
    try:
        async with aclosing(marks(news, look, threads, **waits)) as lines:
            async for line in lines:
                yield line
    finally:
        await threads.close(lambda: None)


def test_a_commit_is_told_and_tells_nothing_of_itself() -> None:
    """After a commit the stream gives the new mark, after the one that was there when it was opened."""
    on = engine()

    async def heard() -> list[str]:
        found: list[str] = []
        async with aclosing(opened(on, lambda: str(on.get("canteen").version))) as lines:
            async for line in lines:
                if line.startswith("event"):
                    found.append(line)
                if len(found) == 1:
                    on.fire("canteen", "add_lesson", actor=LEAD, data={"text": "Begin klein"})
                if len(found) == 2:
                    return found
        return found

    assert ["event: moved\ndata: 1\n\n", "event: moved\ndata: 2\n\n"] == asyncio.run(heard())


def test_a_stream_ends_so_that_the_host_is_asked_again() -> None:
    """After its time a stream ends by itself."""

    async def all_of_it() -> list[str]:
        return [line async for line in opened(engine(), lambda: "same", longest=0.0)]

    assert [] == asyncio.run(all_of_it())


def test_a_stream_that_has_nothing_to_tell_says_that_it_is_there() -> None:
    """Between two marks there are lines that a browser leaves out."""

    async def second() -> str:
        async with aclosing(opened(engine(), lambda: "same", beat=0.01)) as lines:
            await anext(lines)
            return await anext(lines)

    assert asyncio.run(second()) == ": still here\n\n"


def test_a_stream_of_what_is_gone_ends() -> None:
    """Where the actor sees the pilot no more, the stream ends without a word."""

    def gone() -> str:
        raise UnknownPilot("canteen")

    async def all_of_it() -> list[str]:
        return [line async for line in opened(engine(), gone)]

    assert [] == asyncio.run(all_of_it())


def test_whoever_leaves_last_ends_the_thread() -> None:
    """One thread listens for all streams, and none when there is no stream any more."""
    on, before = engine(), set(threading.enumerate())  # one of another test may still be ending

    async def joined() -> list[int]:
        news = News(on, poll=0.05)
        ears = [news.join(), news.join()]
        listening = [one for one in threading.enumerate() if one.name == "proeftuin-news" and one not in before]
        for ear in ears:
            news.leave(ear)
        for one in listening:
            one.join()
        return [len(listening), sum(one.is_alive() for one in listening)]

    assert asyncio.run(joined()) == [1, 0]


def test_a_store_that_is_slow_to_listen_to_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """While a connection for hints is being made, other requests are answered, and the stream may be left."""
    on, reached, answered = engine(), threading.Event(), threading.Event()
    real = on.listen

    def listen() -> Any:
        reached.set()
        answered.wait(60)
        return real()

    monkeypatch.setattr(on, "listen", listen)

    async def answer() -> bool:
        news = News(on, poll=0.05)
        ear = news.join()
        assert reached.wait(60)
        assert not answered.is_set()
        news.leave(ear)
        answered.set()
        return await asyncio.wait_for(asyncio.to_thread(gone), 60)

    def gone() -> bool:
        for one in [one for one in threading.enumerate() if one.name == "proeftuin-news"]:
            one.join(60)
        return all(one.name != "proeftuin-news" for one in threading.enumerate())

    assert asyncio.run(answer())


def test_streams_end_with_the_server() -> None:
    """Told that the server is about to stop, every stream ends at once."""

    async def ended() -> list[str]:
        threads, news = Threads(1), News(engine())
        found = []
        async for line in marks(news, lambda: "same", threads):
            found.append(line)
            news.end()
        await threads.close(lambda: None)
        return found

    assert asyncio.run(ended()) == ["event: moved\ndata: same\n\n"]


def test_the_stream_of_a_page_is_served() -> None:
    """Board and pilot have a stream of events each, which nobody may keep."""
    visitor = client(engine())
    visitor.app.state.news.end()  # type: ignore[attr-defined]  # it is the board; its streams then end at once
    for where in ("/events", "/pilot/events?id=canteen"):
        answer = visitor.get(where)
        assert (200, "text/event-stream; charset=utf-8") == (answer.status_code, answer.headers["content-type"])
        assert "no-store" == answer.headers["cache-control"]


def test_the_stream_of_a_further_page_of_a_phase_is_of_that_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second page of a phase and its stream tell of the same pilots."""
    monkeypatch.setattr(live, "streaming", lambda _, look: PlainTextResponse(look()))
    on = engine()
    on.start("existing-contract", actor=LEAD, data={**BEGIN, "title": "Groen"}, id="green")
    page = (visitor := client(on)).get("/?phase=exploration&after=canteen").text
    ((stream, mark),) = re.findall(r'data-stream="([^"]+)"[^>]* data-version="([^"]+)"', page)
    assert (True, mark) == ("Groen" in page, visitor.get(unescape(stream)).text)


def test_nobody_opens_more_streams_than_they_may() -> None:
    """Where one person has as many open as may be, another is refused with when to come back."""
    board = app(engine(), authorize=lambda _: LEAD, limits=Limits(streams=1))
    assert board.state.streams.take((None, "lead"))
    answer = TestClient(board).get("/events")
    assert (429, "60") == (answer.status_code, answer.headers["retry-after"])
    assert streams.POLL > 0


@pytest.mark.parametrize("stage", ["http.response.start", "http.response.body"])
def test_whoever_is_gone_before_a_stream_begins_keeps_no_place(stage: str) -> None:
    """A stream whose connection breaks at its first word, or before, leaves its place to the next one."""
    board = app(engine(), authorize=lambda _: LEAD, limits=Limits(streams=1))
    scope = {
        "type": "http", "method": "GET", "path": "/events", "raw_path": b"/events", "query_string": b"",
        "root_path": "", "scheme": "http", "headers": [], "server": ("testserver", 80), "http_version": "1.1",
    }  # fmt: skip

    async def receive() -> Any:
        await asyncio.sleep(60)

    async def send(message: Any) -> None:
        if message["type"] == stage:
            raise OSError("the client is gone")

    with suppress(Exception):
        asyncio.run(board(scope, receive, send))
    assert board.state.streams.take((None, "lead"))
