"""Stores on PostgreSQL and MariaDB against hand-written code on the same drivers, from one thread and from four.

The servers are named by the variables that the tests use. Each run makes a database of its own and drops it.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

from attrs import frozen
from sqlalchemy import URL, NullPool, create_engine, make_url

from benchmarks import raw
from benchmarks.measure import Share, Skipped, supplied_in_turns
from benchmarks.sides import Side, firing, writing
from benchmarks.stores import KEPT
from benchmarks.supply import CONTRACT, PLAIN, Case, Supply
from proeftuin.storage import open_store
from proeftuin.storage.sql import upgrade

THREADS = 4


@frozen
class Server:
    """A kind of server: its variable, its driver's floor, and what is promised of it.

    Attributes:
        bounds: must and aim, the same from one thread and from four.
        several: whether four threads are promised too.
    """

    name: str
    variable: str
    connect: Callable[[str], tuple[raw.Floor, Callable[[], None]]]
    driver: str
    bounds: tuple[float, float]
    several: bool


SERVERS = (
    Server("PostgreSQL", "PROEFTUIN_TEST_POSTGRESQL_URL", raw.postgresql, "naive psycopg", (0.8, 1.2), several=True),
    Server("MariaDB", "PROEFTUIN_TEST_MARIADB_URL", raw.mariadb, "naive PyMySQL", (0.6, 0.8), several=False),
)


def ratios() -> Iterator[Share | Skipped]:
    """Give the shares of the floor's rate."""
    for server in SERVERS:
        url = os.environ.get(server.variable)
        if not url:
            yield Skipped(f"fire, {server.name}", f"{server.variable} is not set")
            continue
        for case in (CONTRACT, PLAIN):
            with database(make_url(url)) as place, ExitStack() as stack:
                yield from _compare(server, place, case, stack)


def _compare(server: Server, url: str, case: Case, stack: ExitStack) -> Iterator[Share]:
    upgrade(url)
    store = open_store(url)
    stack.callback(store.close)
    engine = case.engine(store, cache=KEPT)
    opened = [server.connect(url) for _ in range(THREADS)]
    floors = [floor for floor, _ in opened]
    for _, close in opened:
        stack.callback(close)
    threads = stack.enter_context(ThreadPoolExecutor(THREADS))

    def ours(word: str, *, keyed: bool = False) -> Side:
        return firing(Supply(case, store, word), engine, keyed=keyed)

    def theirs(word: str, *, keyed: bool = False) -> Side:
        return writing(Supply(case, store, word), floors[:1], read=True, keyed=keyed)

    alone = [ours("ours"), theirs("theirs"), ours("kept", keyed=True), theirs("their-kept", keyed=True)]
    fire, write, keyed, kept = supplied_in_turns(alone, number=case.moves(1), rounds=100)
    several = [
        firing(Supply(case, store, "ours-of-four"), engine, threads=threads, at=THREADS),
        writing(Supply(case, store, "theirs-of-four"), floors, read=True, threads=threads),
    ]
    fires, writes = supplied_in_turns(several, number=case.moves(THREADS), rounds=100)
    bounds = server.bounds if case is CONTRACT else None
    of_four = bounds if server.several else None
    name = f"fire warm, {case.name}, {server.name}"
    yield Share(name, fire, write, whose=server.driver, bounds=bounds)
    yield Share("  the same with a key, so with a receipt on both sides", keyed, kept, whose=server.driver)
    yield Share(f"  from {THREADS} threads", fires, writes, whose=server.driver, bounds=of_four)


@contextmanager
def database(server: URL) -> Iterator[str]:
    """Give the URL of a new database, dropped on leaving."""
    name = f"proeftuin_bench_{os.getpid()}"
    engine = create_engine(server, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
            try:
                yield server.set(database=name).render_as_string(hide_password=False)
            finally:
                connection.exec_driver_sql(f"DROP DATABASE {name}")
    finally:
        engine.dispose()


def analysed(url: str) -> None:
    """Let PostgreSQL look at what it holds, as it does by itself where it has run for a minute.

    Before that it may plan to go through all pilots for one, which would be a floor of nobody's.
    """
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
    engine.dispose()
