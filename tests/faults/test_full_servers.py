"""Servers whose disk is full: a clear error, nothing half, all of it readable, and everything works again with room."""

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from shutil import copytree

import pytest
from attrs import frozen
from sqlalchemy import make_url

from proeftuin.core.evolve import replay
from proeftuin.errors import OutcomeUnknown, StoreFull, StoreUnavailable
from proeftuin.storage import open_store
from proeftuin.storage.sql import upgrade
from proeftuin.storage.verify import verify
from tests.faults.small_disks import MEGABYTE, mounted, until_it_fails
from tests.own_servers import OwnMariadb, OwnPostgres
from tests.serving import run_sql
from tests.stores import TENANT, advance, begin, stored, versions


@frozen
class Small:
    """A database whose tables are on a small disk, on which something lies that can be taken away."""

    url: str
    ballast: Path


@pytest.fixture
def small(request: pytest.FixtureRequest) -> Iterator[Small]:
    """A database of each kind of server on a small disk."""
    kind = request.param
    server = request.getfixturevalue(f"own_{kind}")
    with ExitStack() as stack:
        yield MAKE[kind](server, stack)


def on_postgres(server: OwnPostgres, stack: ExitStack) -> Small:
    """A database in a table space of its own; the log of the server is elsewhere."""
    folder = server.folder / "small"
    folder.mkdir(mode=0o700)
    stack.enter_context(mounted(folder, 24))
    stack.callback(server.stop)  # before the disk goes
    data = server.folder / "data"
    os.chown(folder, data.stat().st_uid, data.stat().st_gid)
    run_sql(server.url, f"CREATE TABLESPACE small LOCATION '{folder}'")
    run_sql(server.url, "CREATE DATABASE small TABLESPACE small TEMPLATE template0")
    return ready(make_url(server.url).set(database="small").render_as_string(), folder)


def on_mariadb(server: OwnMariadb, stack: ExitStack) -> Small:
    """A database whose folder is the disk; the log of the server is elsewhere."""
    folder = server.folder / "data" / "small"
    run_sql(server.url, "CREATE DATABASE small")
    options = (folder / "db.opt").read_bytes()
    stack.enter_context(mounted(folder, 12))
    stack.callback(server.stop)
    (folder / "db.opt").write_bytes(options)
    return ready(make_url(server.url).set(database="small").render_as_string(), folder)


MAKE: dict[str, Callable[..., Small]] = {"postgres": on_postgres, "mariadb": on_mariadb}
SERVERS = list(MAKE)


def ready(url: str, folder: Path) -> Small:
    ballast = folder / "ballast"
    ballast.write_bytes(bytes(3 * MEGABYTE))
    upgrade(url)
    return Small(url, ballast)


@pytest.mark.parametrize("small", SERVERS, indirect=True)
def test_a_full_disk_is_told_and_nothing_is_half(small: Small) -> None:
    """On a full disk a commit is refused whole, all can be read and verified, and with room again it works."""
    store = open_store(small.url)
    pilot, error = until_it_fails(store, size=40_000)
    assert StoreFull is type(error)
    assert pilot == stored(store)
    assert list(range(1, pilot.version + 1)) == versions(store)
    assert [] == list(verify(store, TENANT, replay=replay))
    small.ballast.unlink()
    assert pilot.version + 3 == advance(store, pilot, 3).version
    begin(store, "p2")
    assert [] == list(verify(store, TENANT, replay=replay))
    store.close()


def test_a_full_log_ends_the_server_and_loses_nothing(own_postgres: OwnPostgres) -> None:
    """PostgreSQL stops where its own log has no room: what comes is an error of ours, and nothing is lost."""
    log = own_postgres.folder / "data" / "pg_wal"
    own_postgres.stop()
    with ExitStack() as stack:
        written = log.rename(log.with_name("written"))
        log.mkdir(mode=0o700)
        stack.enter_context(mounted(log, 40))
        stack.callback(own_postgres.stop)
        copytree(written, log, dirs_exist_ok=True)
        owner = written.stat()
        for path in (log, *log.rglob("*")):
            os.chown(path, owner.st_uid, owner.st_gid)
        own_postgres.start()
        upgrade(own_postgres.url)
        store = open_store(own_postgres.url)
        pilot, error = until_it_fails(store, size=400_000)
        assert isinstance(error, StoreFull | StoreUnavailable | OutcomeUnknown)
        own_postgres.stop(immediate=True)
        subprocess.run(["mount", "-o", "remount,size=400m", str(log)], check=True)  # noqa: S607  # the system's own
        own_postgres.start()
        kept = stored(store)
        assert kept is not None
        assert kept.version in {pilot.version, pilot.version + 1}
        assert [] == list(verify(store, TENANT, replay=replay))
        assert kept.version + 1 == advance(store, kept).version
        store.close()
