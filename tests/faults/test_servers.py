"""The databases that tests ask for: fresh, apart, gone afterwards; and one PostgreSQL for a run, however it ends."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, make_url
from sqlalchemy.exc import OperationalError

from tests import servers
from tests.conftest import needed, pytest_configure
from tests.faults.test_own_servers import alive, until
from tests.own_servers import OwnPostgres, OwnRedis
from tests.redis_wire import ask_redis
from tests.serving import HOST, ServerFailed, run_sql

ROOT = Path(__file__).parents[2]

Fresh = Callable[[], AbstractContextManager[str]]

# Run twice, by two workers; each says where the data of its server is and which process has it, and may then wait.
ASKING = """
import os, pathlib, signal
from sqlalchemy import create_engine, NullPool

def test_asks(postgresql_url):
    with create_engine(postgresql_url, poolclass=NullPool).connect() as link:
        (folder,) = link.exec_driver_sql("SHOW data_directory").one()
    place = pathlib.Path(__file__)
    process = pathlib.Path(folder, "postmaster.pid").read_text().split()[0]
    place.with_suffix(".unfinished").write_text(f"{process} {folder}")
    place.with_suffix(".unfinished").rename(place.with_suffix(".told"))
    if os.environ["WAITS"]:
        signal.pause()
"""

# Says which process has its PostgreSQL, and where.
BORROWING = """
import pathlib
from sqlalchemy import create_engine, NullPool
from tests.servers import server_url
with create_engine(server_url("postgresql"), poolclass=NullPool).connect() as link:
    (folder,) = link.exec_driver_sql("SHOW data_directory").one()
print(pathlib.Path(folder, "postmaster.pid").read_text().split()[0], folder)
"""


def bare(**more: str) -> dict[str, str]:
    """The environment of a run that knows of no server and of no other run."""
    ours = {*map(servers.variable, servers.KINDS), servers.REQUIRE, servers.LENDER}
    kept = {name: value for name, value in os.environ.items() if name not in ours and not name.startswith("PYTEST_")}
    return kept | {"PYTHONPATH": f"{ROOT}"} | more


@pytest.fixture(params=["postgresql", "mariadb"])
def fresh(request: pytest.FixtureRequest) -> Fresh:
    url = needed(request.param, lambda: servers.server_url(request.param))
    return {
        "postgresql": lambda: servers.fresh_postgresql(url),
        "mariadb": lambda: servers.fresh_mariadb(url),
    }[request.param]


def test_fresh_databases_are_apart_and_empty(fresh: Fresh) -> None:
    """Two databases at once share nothing, though what is made in them has the same name."""
    with fresh() as one, fresh() as other:
        assert make_url(one).database != make_url(other).database
        for url in (one, other):
            run_sql(url, "CREATE TABLE mine (number INT)")


def test_a_fresh_database_is_gone_afterwards(fresh: Fresh) -> None:
    """A database is dropped on leaving, though a transaction that read a table of it was left open."""
    with fresh() as url:
        run_sql(url, "CREATE TABLE mine (number INT)")
        engine = create_engine(url, poolclass=NullPool)
        link = engine.connect()
        assert [] == link.exec_driver_sql("SELECT * FROM mine").all()
    link.invalidate()
    link.close()
    with pytest.raises(OperationalError):
        engine.connect()


def test_a_database_can_be_copied() -> None:
    """A fresh PostgreSQL database can be a copy of another, as it was then."""
    url = needed("postgresql", lambda: servers.server_url("postgresql"))
    with servers.fresh_postgresql(url) as first:
        run_sql(first, "CREATE TABLE copied (number INT)")
        with servers.fresh_postgresql(url, like=first) as second:
            run_sql(first, "DROP TABLE copied")
            run_sql(second, "DROP TABLE copied")


def test_redis_databases_are_apart_and_emptied(own_redis: OwnRedis) -> None:
    """Two Redis databases at once share no key and are emptied afterwards, and one that is in use is passed over."""
    where = (HOST, own_redis.port)
    ask_redis(where, ["SELECT", "1"], ["SET", "theirs", "x"])
    with servers.fresh_redis(own_redis.url) as one, servers.fresh_redis(own_redis.url) as other:
        assert ["2", "3"] == [make_url(url).database for url in (one, other)]
        ask_redis(where, ["SELECT", "2"], ["SET", "mine", "x"])
        assert "0" == ask_redis(where, ["SELECT", "3"], ["EXISTS", "mine"])[-1]
    sizes = [ask_redis(where, ["SELECT", number], ["DBSIZE"])[-1] for number in ("0", "1", "2", "3")]
    assert ["0", "1", "0", "0"] == sizes


def test_no_redis_database_is_shared_for_want_of_one(own_redis: OwnRedis) -> None:
    """Where each Redis database is in use, asking for another fails."""
    for number in servers.REDIS_DATABASES:
        ask_redis((HOST, own_redis.port), ["SELECT", f"{number}"], ["SET", "theirs", "x"])
    with pytest.raises(ServerFailed, match="taken"), servers.fresh_redis(own_redis.url):
        pass


def test_redis_may_ask_for_a_password(own_redis: OwnRedis) -> None:
    """The password of a URL is given to the Redis that it names."""
    ask_redis((HOST, own_redis.port), ["CONFIG", "SET", "requirepass", "a secret"])
    with servers.fresh_redis(own_redis.url.replace("://", "://:a%20secret@")) as mine:
        assert "a secret" == make_url(mine).password


def test_what_is_missing_is_skipped_unless_required(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test whose server is missing is skipped with the reason, and fails with it where the server is required."""
    reason = "PROEFTUIN_TEST_MARIADB_URL is not set"
    monkeypatch.delenv("PROEFTUIN_TEST_MARIADB_URL", raising=False)
    monkeypatch.setenv(servers.REQUIRE, "redis")
    with pytest.raises(pytest.skip.Exception, match=reason):
        needed("mariadb", lambda: servers.server_url("mariadb"))
    monkeypatch.setenv(servers.REQUIRE, "redis, mariadb")
    with pytest.raises(pytest.fail.Exception, match=reason):
        needed("mariadb", lambda: servers.server_url("mariadb"))


def test_an_unknown_requirement_stops_the_run(monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config) -> None:
    """A list of required servers with a name that is none is refused before any test."""
    monkeypatch.setenv(servers.REQUIRE, "postgres")
    with pytest.raises(pytest.UsageError, match="postgres; it may name postgresql, mariadb, redis, nats, chromium"):
        pytest_configure(pytestconfig)


def test_a_failure_to_start_reaches_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that asks for a PostgreSQL which does not start is told why."""

    def fails() -> str:
        raise ServerFailed("no room")

    for name in (servers.variable("postgresql"), servers.LENDER):
        monkeypatch.setenv(name, "")
    monkeypatch.setattr(servers, "_started", fails)
    servers.lend()
    with pytest.raises(ServerFailed, match="no room"):
        servers.server_url("postgresql")


@pytest.mark.parametrize("end", [None, signal.SIGINT, signal.SIGKILL])
def test_workers_share_a_server_that_ends_with_the_run(tmp_path: Path, end: signal.Signals | None) -> None:
    """All workers get the one PostgreSQL that was started for the run, and it is gone however the run ended."""
    needed("postgresql", OwnPostgres)
    files = [tmp_path / f"test_{name}.py" for name in "ab"]
    for file in files:
        file.write_text(ASKING)
    options = ["-q", "-p", "tests.conftest", "-p", "no:cacheprovider", "-n", "2", "--dist", "loadfile", "-W", "error"]
    command = [sys.executable, "-m", "pytest", *options, *map(str, files)]
    environment = bare(WAITS="yes" if end else "")
    # what runs in the background of a script begins with ^C ignored
    heeds = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    with subprocess.Popen(
        command,
        cwd=tmp_path,
        env=environment,
        start_new_session=True,
        preexec_fn=heeds,  # noqa: PLW1509  # no threads run here that hold a lock
    ) as run:
        told = [file.with_suffix(".told") for file in files]
        assert until(lambda: run.poll() is not None or all(path.exists() for path in told))
        if end is not None:
            os.killpg(run.pid, end)
        status = run.wait()
    assert {None: 0, signal.SIGINT: 2, signal.SIGKILL: -9}[end] == status
    ((pid, folder),) = {tuple(path.read_text().split()) for path in told}
    gone = until if end else lambda done: done()
    assert gone(lambda: not alive(int(pid)) and not Path(folder).parent.exists())


def test_a_script_has_a_server_until_it_ends() -> None:
    """A script that asks for a PostgreSQL where none is named gets one, which is gone when the script has ended."""
    needed("postgresql", OwnPostgres)
    done = subprocess.run([sys.executable, "-c", BORROWING], env=bare(), check=True, capture_output=True, text=True)
    pid, folder = done.stdout.split()
    assert (False, False) == (alive(int(pid)), Path(folder).parent.exists())


@pytest.mark.parametrize("end", [None, signal.SIGTERM, signal.SIGHUP])
def test_a_shell_has_servers_until_it_lets_go(end: signal.Signals | None) -> None:
    """The command prints the variable of each server, and stops them when its input ends or a signal comes, but ^C."""
    needed("redis", OwnRedis)
    command = [sys.executable, "-m", "tests.servers", "redis"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as shell:
        assert shell.stdin is not None
        assert shell.stdout is not None
        name, _, url = shell.stdout.read().strip().removeprefix("export ").partition("=")
        shell.send_signal(signal.SIGINT)
        port = make_url(url).port
        assert port is not None
        assert ("PROEFTUIN_TEST_REDIS_URL", ["PONG"]) == (name, ask_redis((HOST, port), ["PING"]))
        if end is None:
            shell.stdin.close()
        else:
            shell.send_signal(end)
        assert (128 + end if end else 0) == shell.wait()
    with pytest.raises(ConnectionRefusedError):
        ask_redis((HOST, port), ["PING"])


def test_a_shell_may_ask_for_known_servers_only() -> None:
    """The command refuses the name of a server that it does not know, and starts none."""
    command = [sys.executable, "-m", "tests.servers", "redis", "oracle"]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert (1, "") == (done.returncode, done.stdout)
    assert "postgresql mariadb redis nats" in done.stderr
