"""What is asserted when a connection is opened, and who else may hold up an upgrade."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import psycopg
import pymysql
import pytest
from sqlalchemy import make_url

from proeftuin.errors import BadArgument, StoreBusy, StoreUnavailable
from proeftuin.spi import Hosted
from proeftuin.storage import open_store
from proeftuin.storage.sql import SqlStore, mariadb, postgresql, sqlite, upgrade
from proeftuin.storage.sql.connections import Connections
from tests.own_servers import OwnMariadb
from tests.schema.catalog import catalog, run, with_options
from tests.serving import run_sql

SERVERS = ["postgresql", "mariadb"]
MODULES: dict[str, ModuleType] = {"sqlite": sqlite, "postgresql": postgresql, "mariadb": mariadb}

# What to demand of a database that it does not have: the name in its module, the value, and what is then said.
DEMANDS: dict[str, list[tuple[str, Any, str]]] = {
    "sqlite": [("PRAGMAS", {"synchronous": ("OFF", 2)}, "has synchronous 0, and needs 2")],
    "postgresql": [
        ("REQUIRED", {"fsync": "off"}, "has fsync = on; it must be PostgreSQL 13 or later with fsync = off"),
        ("OLDEST", 9_999_999, "server_version = "),
    ],
    "mariadb": [
        ("REQUIRED", {"innodb_doublewrite": ("0",)}, "has innodb_doublewrite = "),
        ("OLDEST", (99, 0), "has version = "),
        ("LEAST_PACKET", 2**40, "has max_allowed_packet = "),
        ("SETTINGS", ("of_another_database = 1",), "has version = .*; it must be MariaDB 10.6 or later"),  # as of MySQL
    ],
}


@pytest.mark.parametrize("ask", [open_store, upgrade])
def test_a_database_that_would_not_keep_its_word_is_refused(
    url: str, kind: str, ask: Callable[[str], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a setting or the version is not what it must be that is told, nothing is opened and nothing made."""
    for name, value, told in DEMANDS[kind]:
        with monkeypatch.context() as patched:
            patched.setattr(MODULES[kind], name, value)
            with pytest.raises(StoreUnavailable, match=told):
                ask(url)
    if kind != "sqlite":
        assert {} == catalog(url)


def test_a_mariadb_that_may_forget_is_refused(own_mariadb: OwnMariadb) -> None:
    """A server that writes its log once a second, or takes small packets only, is refused until it is set right."""
    upgrade(own_mariadb.url)
    for name, wrong, right in (("innodb_flush_log_at_trx_commit", 2, 1), ("max_allowed_packet", 2**20, 2**24)):
        run_sql(own_mariadb.url, f"SET GLOBAL {name} = {wrong}")
        for ask in (open_store, upgrade):
            with pytest.raises(StoreUnavailable, match=f"has {name} = {wrong}; it must be MariaDB"):
                ask(own_mariadb.url)
        run_sql(own_mariadb.url, f"SET GLOBAL {name} = {right}")
    open_store(own_mariadb.url).close()


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
def test_a_client_that_would_change_texts_is_refused(url: str) -> None:
    """An encoding in the URL that cannot hold every text is refused."""
    upgrade(url)
    with pytest.raises(StoreUnavailable, match="has client_encoding = LATIN1"):
        open_store(with_options(url, client_encoding="latin1"))


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_a_file_whose_journal_somebody_changed_is_refused(url: str) -> None:
    """Where another program has turned off the write-ahead log the next connection says so, and opening turns it on."""
    store = open_store(url)
    assert isinstance(store, SqlStore)
    connections = store._connections
    assert isinstance(connections, Connections)
    connections.before_fork()  # lets go of all that is open
    connections.after_fork(child=False)
    run(url, "PRAGMA journal_mode=DELETE")
    with pytest.raises(StoreUnavailable, match="has journal_mode 'delete', and needs 'wal'"):
        store.load("default", "p1")
    store.close()
    open_store(url).close()
    assert [("wal",)] == [tuple(row) for row in run(url, "PRAGMA journal_mode")]


# -- upgrades that wait --------------------------------------------------------------------------------------------


@contextmanager
def upgrading(url: str, kind: str) -> Iterator[None]:
    """Hold what an upgrade takes first, as another process does that is in the middle of one."""
    there = make_url(url)
    if kind == "sqlite":
        file = sqlite3.connect(str(there.database), isolation_level=None)
        file.execute("BEGIN IMMEDIATE")
        yield
        file.close()
    elif kind == "postgresql":
        dsn = there.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(dsn) as holder:
            holder.execute("SELECT pg_advisory_xact_lock(%s)", [postgresql.MIGRATING])
            yield
    else:
        user, host, port = str(there.username), str(there.host), there.port or 3306
        with pymysql.connect(host=host, port=port, user=user, password=there.password or "") as link:
            cursor = link.cursor()
            cursor.execute(f"SELECT GET_LOCK({mariadb.MIGRATING}, 0)", [there.database])
            assert cursor.fetchone() == (1,)
            yield


def test_an_upgrade_gives_up_on_another_that_takes_too_long(url: str, kind: str) -> None:
    """While another process upgrades, one waits as long as it may and says busy; afterwards it does it."""
    patience = {"busy_timeout" if kind == "sqlite" else "timeout": "0.2"}
    if kind == "sqlite":
        run(url, "CREATE TABLE people(name)", "PRAGMA journal_mode=WAL")
    with upgrading(url, kind), pytest.raises(StoreBusy):
        upgrade(with_options(url, **patience))
    assert upgrade(url)[0] is None


def test_an_upgrade_waits_for_none_of_another_database(url: str, other_url: str, kind: str) -> None:
    """An upgrade of one database goes on while another on the same server is being upgraded."""
    if kind == "sqlite":
        run(other_url, "CREATE TABLE people(name)")
    with upgrading(other_url, kind):
        assert upgrade(with_options(url, **{"busy_timeout" if kind == "sqlite" else "timeout": "0.2"}))[0] is None


# -- connections of a host, and drivers that are missing -----------------------------------------------------------


def foreign(url: str, kind: str) -> Any:
    """A connection of the right driver on which texts would not come back as they are."""
    there = make_url(url)
    if kind == "sqlite":
        file = sqlite3.connect(str(there.database))
        file.text_factory = bytes
        return file
    if kind == "postgresql":
        dsn = there.set(drivername="postgresql").render_as_string(hide_password=False)
        return psycopg.connect(dsn, client_encoding="latin1")
    user, host, port = str(there.username), str(there.host), there.port or 3306
    return pymysql.connect(host=host, port=port, user=user, password=there.password or "", charset="latin1")


def test_a_host_that_would_change_texts_is_refused(url: str, kind: str) -> None:
    """A connection of the host whose encoding cannot hold every text is a bad argument."""
    upgrade(url)
    store, lent = open_store(url), foreign(url, kind)
    assert isinstance(store, Hosted)
    with pytest.raises(BadArgument, match="must be"):
        store.using(lent)
    lent.close()
    store.close()


@pytest.mark.parametrize(
    ("scheme", "driver", "extra"),
    [("postgresql", "psycopg", "postgres"), ("mariadb", "pymysql", "mariadb")],
)
def test_a_driver_that_is_missing_is_named(scheme: str, driver: str, extra: str) -> None:
    """Where the driver is not installed the message says what to install."""
    code = f"""
import sys
sys.modules[{driver!r}] = None
from proeftuin.errors import StoreUnavailable
from proeftuin.storage import open_store, upgrade_schema
for ask in (open_store, upgrade_schema):
    try:
        ask("{scheme}://db.example/pilots")
    except StoreUnavailable as error:
        assert "pip install proeftuin[{extra}]" in str(error), error
    else:
        raise AssertionError
"""
    subprocess.run([sys.executable, "-c", code], check=True)
