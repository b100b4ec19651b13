"""What a tick costs: pilots at which a reminder is due, done by `tick`, against as many commands by `fire`.

Both run on one store among many other pilots, none of which is due, with no head in a cache: `python -m benchmarks
ticks` among 20,000, and `ticks=1000000` among a million. The million takes minutes, and 6 GB in a tmpfs.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from itertools import count
from random import Random

from attrs import define
from sqlalchemy import make_url

from benchmarks.lifecycles import EVERYBODY, NOW, exploring
from benchmarks.measure import Share, Skipped, supplied_in_turns
from benchmarks.servers import SERVERS, database
from benchmarks.stores import MEMORY
from benchmarks.supply import TENANT, timed
from proeftuin import Engine
from proeftuin.drafts import Draft
from proeftuin.spi import Store
from proeftuin.storage import open_store, upgrade_schema

CROWD, DUE, ROUNDS = 20_000, 1_000, 5
CHUNK = 1_000
ASKED = NOW + timedelta(days=9)  # the first reminder of a pilot that began at NOW came a day ago
LATER = NOW + timedelta(days=5)  # whose first reminder is still to come

Side = Callable[[int], Callable[[], object]]


@define
class Clock:
    """The moment at which both are asked."""

    def now(self) -> datetime:
        """Return that moment."""
        return ASKED


def ratios(size: int = CROWD) -> Iterator[Share | Skipped]:
    """Give the share of fire's rate, among so many pilots."""
    with tempfile.TemporaryDirectory(dir=MEMORY, prefix="proeftuin-bench-") as folder:
        yield _share(f"sqlite:///{folder}/pilots.db", "SQLite in a tmpfs", size)
    for server in SERVERS:
        url = os.environ.get(server.variable)
        if not url:
            yield Skipped(f"tick, {server.name}", f"{server.variable} is not set")
            continue
        with database(make_url(url)) as place:
            upgrade_schema(place)
            yield _share(place, server.name, size)


def _share(url: str, name: str, size: int) -> Share:
    with ExitStack() as stack:
        store = open_store(url)
        stack.callback(store.close)
        _fill(store, size)
        engine = Engine(store, time=Clock(), cache=0)
        ours, other = supplied_in_turns([_ticking(store, engine), _firing(engine, size)], number=DUE, rounds=ROUNDS)
    told = f"tick, {DUE:,} due among {size:,} pilots, {name}"
    return Share(told, ours, other, bounds=(0.5, 1.0), whose="single fires")


def _fill(store: Store, size: int) -> None:
    """Write so many pilots, of which none is due when both are asked."""
    for first in range(0, size, CHUNK):
        _write(store, (exploring(_name(number), LATER) for number in range(first, min(first + CHUNK, size))))


def _write(store: Store, drafts: Iterator[Draft]) -> None:
    store.append(*(timed(one).commit(TENANT, None) for one in drafts))


def _name(number: int) -> str:
    return f"pilot-{number:09}"


def _ticking(store: Store, engine: Engine) -> Side:
    numbers = count()

    def prepare(moves: int) -> Callable[[], object]:
        _write(store, (exploring(f"due-{next(numbers):09}") for _ in range(moves)))

        def turn() -> None:
            work = engine.tick()
            assert (work.done, work.failed, work.more) == (moves, 0, False), work

        return turn

    return prepare


def _firing(engine: Engine, size: int) -> Side:
    random = Random(size)

    def prepare(moves: int) -> Callable[[], object]:
        names = [_name(random.randrange(size)) for _ in range(moves)]

        def turn() -> None:
            for name in names:
                engine.fire(name, "add_lesson", actor=EVERYBODY, data={"text": "A lesson"})

        return turn

    return prepare
