"""Many commands at once against one by one, and against a driver's own way of doing a statement many times.

A thousand pilots each get one command. On PostgreSQL the floor is psycopg's `executemany`, which sends all at once: the
reads by key, then the updates, then the events, in one transaction, decided by nobody. As every floor does, it reads
what it changes; what is left without that, which knows every version beforehand, is shown beside it.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

from sqlalchemy import make_url

from benchmarks import raw
from benchmarks.measure import Share, Skipped, supplied_in_turns
from benchmarks.servers import SERVERS, analysed, database
from benchmarks.sides import Side, Turn
from benchmarks.stores import DISK, KEPT, MEMORY
from benchmarks.supply import CONTRACT, Supply
from proeftuin import Engine, Fire
from proeftuin.storage import open_store, upgrade_schema

MANY = 1000
ROUNDS = 6
(FIRST, *_) = CONTRACT.triggers


def ratios() -> Iterator[Share | Skipped]:
    """Give the shares."""
    for folder, where, bounds in ((MEMORY, "a tmpfs", None), (DISK, "a disk", (2.5, 2.5))):
        with tempfile.TemporaryDirectory(dir=folder, prefix="proeftuin-bench-") as inside, ExitStack() as stack:
            together, singly = _against_single(f"sqlite:///{Path(inside) / 'bulk.db'}", stack)
        yield Share(f"fire_many of {MANY}, SQLite on {where}", together, singly, whose="single fires", bounds=bounds)
    for server in SERVERS:
        url = os.environ.get(server.variable)
        if not url:
            yield Skipped(f"fire_many of {MANY}, {server.name}", f"{server.variable} is not set")
            continue
        with database(make_url(url)) as place, ExitStack() as stack:
            upgrade_schema(place)
            together, singly = _against_single(place, stack)
            yield Share(f"fire_many of {MANY}, {server.name}", together, singly, whose="single fires")
            if server.connect is raw.postgresql:
                ours, theirs, blind = _against_executemany(place, stack)
                yield Share("  the same", ours, theirs, whose="psycopg's executemany", bounds=(0.8, 1.3))
                yield Share("  the same", ours, blind, whose="executemany of the writes", does="It reads nothing.")


def _opened(url: str, stack: ExitStack) -> tuple[Supply, Engine]:
    store = open_store(url)
    stack.callback(store.close)
    return Supply(CONTRACT, store), CONTRACT.engine(store, cache=KEPT)


def _against_single(url: str, stack: ExitStack) -> list[float]:
    supply, engine = _opened(url, stack)
    return supplied_in_turns([_together(supply, engine), _singly(supply, engine)], number=MANY, rounds=ROUNDS)


def _against_executemany(url: str, stack: ExitStack) -> list[float]:
    supply, engine = _opened(url, stack)
    supply.word = "others"
    supply.pilots(MANY * len(CONTRACT.triggers))
    analysed(url)
    sides = [_together(supply, engine)]
    for read in (True, False):
        floor, close = raw.postgresql_many(url, read=read)
        stack.callback(close)
        sides.append(_executed(supply, floor))
    return supplied_in_turns(sides, number=MANY, rounds=ROUNDS)


def _names(supply: Supply, engine: Engine, moves: int) -> list[str]:
    names = [one.pilot.id for one in supply.pilots(moves * len(CONTRACT.triggers))]
    for name in names:
        engine.get(name)
    return names


def _together(supply: Supply, engine: Engine) -> Side:
    def prepare(moves: int) -> Turn:
        commands = [Fire(name, FIRST, CONTRACT.actor) for name in _names(supply, engine, moves)]
        return lambda: engine.fire_many(commands)

    return prepare


def _singly(supply: Supply, engine: Engine) -> Side:
    def prepare(moves: int) -> Turn:
        names = _names(supply, engine, moves)

        def turn() -> None:
            for name in names:
                engine.fire(name, FIRST, actor=CONTRACT.actor)

        return turn

    return prepare


def _executed(supply: Supply, floor: Callable[[list[raw.Move]], None]) -> Side:
    def prepare(moves: int) -> Turn:
        commits = supply.commits(moves * len(CONTRACT.triggers), keyed=False)
        values = [raw.move(one) for one in commits if one.expected == commits[0].expected]
        return lambda: floor(values)

    return prepare
