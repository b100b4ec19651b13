"""The awaited engine against the plain one, and worker threads against the other ways to do work beside an event loop.

1. A move by `AsyncEngine`, against the same move by `Engine`: one after another, and from many tasks against as many
   threads as the engine has.
2. The same statements by hand, on PostgreSQL: by psycopg in our worker threads, and by psycopg's own asynchronous
   connections through SQLAlchemy's greenlet bridge, from one task and from sixteen.
3. The way to a thread and back: ours, anyio's and asyncio's.
"""

import asyncio
import os
import tempfile
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from benchmarks import raw
from benchmarks.measure import Share, Skipped, in_turns, supplied_in_turns
from benchmarks.servers import database
from benchmarks.sides import Side, Turn, firing
from benchmarks.stores import KEPT, MEMORY
from benchmarks.supply import CONTRACT, Clock, Supply
from proeftuin import AsyncEngine
from proeftuin.aio import THREADS
from proeftuin.spi import Store
from proeftuin.storage import open_store
from proeftuin.storage.sql import upgrade

POSTGRESQL = "PROEFTUIN_TEST_POSTGRESQL_URL"
TASKS = 32
SEVERAL = 16
MOVES = CONTRACT.moves(1)
"""How many moves a pilot can make."""

Run = Callable[[Awaitable[object]], object]


def ratios() -> Iterator[Share | Skipped]:
    """Give the shares of the plain engine's rate, and of the rates of other ways."""
    with ExitStack() as stack:
        runner = stack.enter_context(asyncio.Runner())

        def run(awaited: Awaitable[object]) -> object:
            async def waiting() -> object:
                return await awaited

            return runner.run(waiting())

        folder = stack.enter_context(tempfile.TemporaryDirectory(dir=MEMORY, prefix="proeftuin-bench-"))
        yield from _engines(f"sqlite:///{Path(folder) / 'pilots.db'}", "SQLite in a tmpfs", run, stack)
        if url := os.environ.get(POSTGRESQL):
            place = stack.enter_context(database(make_url(url)))
            upgrade(place)
            yield from _engines(f"{place}?pool_size={SEVERAL}", "PostgreSQL", run, stack)
            yield from _bridges(place, run, stack)
        else:
            yield Skipped("PostgreSQL", f"{POSTGRESQL} is not set")
        yield from _ways(run)


# -- engines -------------------------------------------------------------------------------------------------------


def _engines(url: str, name: str, run: Run, stack: ExitStack) -> Iterator[Share]:
    store = open_store(url)
    stack.callback(store.close)
    plain = CONTRACT.engine(store, cache=KEPT)
    on = AsyncEngine(store, time=Clock(), cache=KEPT)
    threads = stack.enter_context(ThreadPoolExecutor(THREADS))
    stack.callback(lambda: run(on.close()))

    alone = [_awaiting(store, "awaited", on, run, 1), firing(Supply(CONTRACT, store, "plain"), plain)]
    ours, other = supplied_in_turns(alone, number=MOVES, rounds=100)
    yield Share(f"an awaited fire, {name}", ours, other, whose="the plain engine")
    several = [
        _awaiting(store, "awaited-by-many", on, run, TASKS),
        firing(Supply(CONTRACT, store, "plain-of-many"), plain, threads=threads, at=THREADS),
    ]
    ours, other = supplied_in_turns(several, number=CONTRACT.moves(TASKS), rounds=20)
    yield Share(f"  from {TASKS} tasks", ours, other, whose=f"the plain engine from {THREADS} threads")


def _awaiting(store: Store, word: str, on: AsyncEngine, run: Run, at: int) -> Side:
    """Fire at pilots from so many tasks."""
    supply = Supply(CONTRACT, store, word)

    def prepare(moves: int) -> Turn:
        names = [one.pilot.id for one in supply.pilots(moves)]
        for name in names:
            run(on.get(name))

        async def move(names: Sequence[str]) -> None:
            for name in names:
                for trigger in CONTRACT.triggers:
                    await on.fire(name, trigger, actor=CONTRACT.actor)

        async def together() -> None:
            await asyncio.gather(*(move(names[place::at]) for place in range(at)))

        return lambda: run(together())

    return prepare


# -- the same statements by hand -----------------------------------------------------------------------------------


def _bridges(url: str, run: Run, stack: ExitStack) -> Iterator[Share | Skipped]:
    if find_spec("greenlet") is None:
        yield Skipped("threads against greenlets", "greenlet is not installed; `make bench` does that")
        return
    store = open_store(url)
    stack.callback(store.close)
    threads = stack.enter_context(ThreadPoolExecutor(SEVERAL))
    opened = [raw.postgresql(url) for _ in range(SEVERAL)]
    for _, close in opened:
        stack.callback(close)
    bridged = [_bridged(url, run, stack) for _ in range(SEVERAL)]
    in_threads = [_in_thread(floor, threads) for floor, _ in opened]
    for at, rounds in ((1, 200), (SEVERAL, 40)):
        sides = [
            _writing(Supply(CONTRACT, store, f"threads-{at}"), in_threads[:at], run),
            _writing(Supply(CONTRACT, store, f"greenlets-{at}"), bridged[:at], run),
        ]
        ours, other = supplied_in_turns(sides, number=CONTRACT.moves(at), rounds=rounds)
        name = f"statements by hand, PostgreSQL, threads, {at} task{'s' * (at > 1)}"
        yield Share(name, ours, other, whose="SQLAlchemy's greenlet bridge")


Write = Callable[[raw.Move], Awaitable[object]]


def _in_thread(floor: raw.Floor, threads: ThreadPoolExecutor) -> Write:
    def write(move: raw.Move) -> Awaitable[object]:
        return asyncio.get_running_loop().run_in_executor(threads, lambda: floor.write([move], read=True))

    return write


def _bridged(url: str, run: Run, stack: ExitStack) -> Write:
    """Return what writes a move on an asynchronous connection, by the same code as the floor."""
    import psycopg  # noqa: PLC0415  # it need not be there
    from sqlalchemy.util.concurrency import await_only, greenlet_spawn  # noqa: PLC0415  # the same

    target = url.replace("postgresql+psycopg", "postgresql")
    connection: Any = run(psycopg.AsyncConnection.connect(target, autocommit=True))
    stack.callback(lambda: run(connection.close()))

    class Cursor:
        """Gives rows as a plain cursor does."""

        def __init__(self, cursor: Any) -> None:  # noqa: ANN401  # the driver's own
            self._cursor = cursor
            self.rowcount = cursor.rowcount

        def fetchone(self) -> Any:  # noqa: ANN401  # a row
            return await_only(self._cursor.fetchone())

    def execute(text: str, values: tuple[Any, ...] = ()) -> Cursor:
        return Cursor(await_only(connection.execute(text, values)))

    floor = raw.Floor(execute, "%s", "BEGIN", '"')
    return lambda move: greenlet_spawn(floor.write, [move], read=True)


def _writing(supply: Supply, writes: Sequence[Write], run: Run) -> Side:
    at = len(writes)

    def prepare(moves: int) -> Turn:
        values = [raw.move(one) for one in supply.commits(moves, keyed=False)]
        size = len(values) // at

        async def write(place: int) -> None:
            for one in values[place * size : (place + 1) * size]:
                await writes[place](one)

        async def together() -> None:
            await asyncio.gather(*(write(place) for place in range(at)))

        return lambda: run(together())

    return prepare


# -- the way to a thread and back ----------------------------------------------------------------------------------


def _ways(run: Run, number: int = 50) -> Iterator[Share | Skipped]:
    on = AsyncEngine(open_store("memory://"))

    def many(one: Callable[[], Awaitable[object]]) -> Callable[[], object]:
        async def go() -> None:
            for _ in range(number):
                await one()

        return lambda: run(go())

    ways: dict[str, Callable[[], object]] = {"asyncio": many(lambda: asyncio.to_thread(_nothing))}
    if find_spec("anyio") is not None:
        import anyio.to_thread  # noqa: PLC0415  # it need not be there

        ways["anyio"] = many(lambda: anyio.to_thread.run_sync(_nothing))
    ours, *others = in_turns([many(lambda: on.run(_nothing)), *ways.values()], number=1, rounds=100)
    for name, other in zip(ways, others, strict=True):
        yield Share("to a worker thread and back", ours / number, other / number, whose=f"{name}'s")
    run(on.close())


def _nothing(*_: object) -> None:
    """Do nothing."""
