"""The board: a page of one pilot and the board of many, against what they ask of the engine and an empty page.

Pages are asked of the application itself, without a server or a network between. The pilot has eight tracks and five
hundred events; of the ten thousand pilots the board shows the first of each phase, and its `find` is that: one a phase.
Titles are remembered by the application, as in any but its first moments.
"""

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing
from functools import partial
from typing import Any
from urllib.parse import urlencode

from starlette.types import ASGIApp

from benchmarks.measure import Ratio, in_turns
from benchmarks.portfolio import fill
from benchmarks.stores import MEMORY
from proeftuin import Actor, Engine
from proeftuin.definitions import scenario_folder
from proeftuin.scenario import Player, load_scenario
from proeftuin.storage import open_store
from proeftuin.web import Limits, Seat, app
from proeftuin.web.pages.board import COLUMN
from proeftuin.web.pages.words import PHASES

PILOTS, EVENTS, TRACKS, ROUNDS = 10_000, 500, 8, 40
LEAD = Actor("lead", roles={"coordinator"})
EMPTY = "/start"


class Visitor:
    """Asks an application for pages, in a loop of its own."""

    def __init__(self, board: ASGIApp) -> None:
        self._board = board
        self._loop = asyncio.new_event_loop()

    def close(self) -> None:
        """Leave the loop."""
        self._loop.close()

    def page(self, path: str, **query: str) -> None:
        """Ask for a page, and check that it came."""
        assert self._loop.run_until_complete(self._status(path, urlencode(query).encode())) == 200  # noqa: PLR2004  # OK

    async def _status(self, path: str, query: bytes) -> int:
        scope = {"type": "http", "method": "GET", "path": path, "query_string": query, "headers": [], "root_path": ""}
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:  # noqa: ANN401  # a message of ASGI
            sent.append(message)

        await self._board({**scope, "scheme": "http", "server": ("localhost", 80)}, receive, send)
        return int(sent[0]["status"])


def ratios(size: int = PILOTS) -> Iterator[Ratio]:
    """Give the two figures; `size` is how many pilots the board has."""
    with ExitStack() as stack:
        yield _one(stack)
        yield _many(stack, size)


def _visitor(stack: ExitStack, engine: Engine) -> Visitor:
    wide = Limits(burst=10**9, minute=10**9)
    visitor = stack.enter_context(closing(Visitor(app(engine, authorize=lambda _: Seat(LEAD), limits=wide))))
    visitor.page("/")  # reads the workflows, once
    visitor.page(EMPTY)
    return visitor


def _one(stack: ExitStack) -> Ratio:
    player = Player(load_scenario(scenario_folder() / "eight-suppliers.yaml"), partial(Engine.open, "memory://"))
    engine = stack.enter_context(player.engine)
    assert all(outcome.ok for outcome in player.run())
    pilot_id = next(iter(player.pilots))
    while engine.get(pilot_id).version < EVENTS:
        engine.fire(pilot_id, "add_lesson", actor=LEAD, data={"text": "Begin small"})
    assert len(engine.get(pilot_id).tracks) >= TRACKS
    visitor, view = _visitor(stack, engine), engine.seen_by(LEAD)

    def floor() -> None:
        view.get(pilot_id)
        view.options(pilot_id)
        visitor.page(EMPTY)

    ours, least = in_turns([lambda: visitor.page("/pilot", id=pilot_id), floor], number=1, rounds=ROUNDS)
    name = f"a pilot of {TRACKS} tracks and {EVENTS} events, against get, options, an empty page"
    return Ratio(name, ours, least, must=3, aim=2)


def _many(stack: ExitStack, size: int) -> Ratio:
    folder = stack.enter_context(tempfile.TemporaryDirectory(dir=MEMORY, prefix="proeftuin-bench-"))
    store = open_store(f"sqlite:///{folder}/pilots.db")
    stack.callback(store.close)
    fill(store, size)
    engine = Engine(store)
    visitor, view = _visitor(stack, engine), engine.seen_by(LEAD)

    def floor() -> None:
        for phase in PHASES:
            view.find(phase=phase, limit=COLUMN)
        visitor.page(EMPTY)

    ours, least = in_turns([lambda: visitor.page("/"), floor], number=1, rounds=ROUNDS)
    return Ratio(f"the board of {size:,} pilots, against its find and an empty page", ours, least, must=3, aim=2)
