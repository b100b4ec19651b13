"""The parts of the SQL store by themselves: schema, statements, translation of errors, connections."""

import pickle
import re
import sqlite3
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import create_engine, inspect
from sqlalchemy.dialects import sqlite

from proeftuin.errors import (
    BadArgument,
    CorruptStore,
    OutcomeUnknown,
    ProeftuinError,
    StoreBusy,
    StoreError,
    StoreFull,
    StoreUnavailable,
)
from proeftuin.storage import open_store
from proeftuin.storage.sql import SqlStore, faults
from proeftuin.storage.sql.connections import KEPT_OPEN, Connections
from proeftuin.storage.sql.statements import FILTERS, Statements
from proeftuin.storage.sql.tables import METADATA
from tests.stores import path_url


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "pilots.db"


def described(url: str) -> dict[str, Any]:
    engine = create_engine(url)
    found = inspect(engine)
    tables = {
        name: (
            [(one["name"], str(one["type"]), one["nullable"]) for one in found.get_columns(name)],
            found.get_pk_constraint(name)["constrained_columns"],
            sorted((str(one["name"]), tuple(one["column_names"])) for one in found.get_indexes(name)),
            sorted((str(one["name"]), tuple(one["column_names"])) for one in found.get_unique_constraints(name)),
            found.get_table_options(name),
        )
        for name in METADATA.tables
    }
    engine.dispose()
    return tables


def test_migrations_make_what_is_declared(path: Path, tmp_path: Path) -> None:
    """The tables that the migrations made have the columns, keys and indexes that the statements are built on."""
    open_store(path_url(path)).close()
    declared = path_url(tmp_path / "declared.db")
    engine = create_engine(declared)
    METADATA.create_all(engine)
    engine.dispose()
    assert described(declared) == described(path_url(path))


def test_every_value_of_a_statement_is_bound_by_name() -> None:
    """No statement carries a value of its own: each has only parameters that the store gives."""
    statements = Statements(sqlite.dialect(paramstyle="named"))
    texts = [text for text in vars(statements).values() if isinstance(text, str)]
    texts += [statements.find(name) for name in FILTERS]
    assert len(texts) > 15
    bound = set(re.findall(r":(\w+)", " ".join(texts)))
    columns = {column.name for table in METADATA.tables.values() for column in table.c}
    given = {"at_tenant", "at_id", "have", "expected", "after", "upto", "limit", "track_state", "updated_after"}
    assert bound == bound & (columns | given)
    assert [] == [text for text in texts if "'" in text]


@pytest.mark.parametrize("name", [name for name in FILTERS if name not in ("workflow_version", "track_state")])
def test_each_filter_uses_an_index(path: Path, name: str) -> None:
    """The plan of each filter is a search and never a scan of all pilots, and pages need no sorting by id."""
    store = open_store(path_url(path))
    assert isinstance(store, SqlStore)
    text = store._statements.find(name)
    connection = store._connections.take()
    values = dict.fromkeys(FILTERS, "x") | {"at_tenant": "t", "limit": 10, "updated_after": 1}
    plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {text}", values)]
    store._connections.give(connection)
    store.close()
    assert "SEARCH pilots USING INDEX" in plan[0]


# -- errors --------------------------------------------------------------------------------------------------------


def driver_error(code: int, kind: type[sqlite3.Error] = sqlite3.OperationalError) -> sqlite3.Error:
    error = kind("the driver's own text, with a secret")
    error.sqlite_errorcode = code
    error.sqlite_errorname = f"CODE_{code}"
    return error


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (sqlite3.SQLITE_BUSY, StoreBusy),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, StoreBusy),
        (sqlite3.SQLITE_LOCKED, StoreBusy),
        (sqlite3.SQLITE_FULL, StoreFull),
        (sqlite3.SQLITE_IOERR_SHMSIZE, StoreFull),
        (sqlite3.SQLITE_READONLY, StoreUnavailable),
        (sqlite3.SQLITE_READONLY_DBMOVED, StoreUnavailable),
        (sqlite3.SQLITE_CANTOPEN, StoreUnavailable),
        (sqlite3.SQLITE_NOTADB, StoreUnavailable),
        (sqlite3.SQLITE_IOERR_READ, StoreUnavailable),
        (sqlite3.SQLITE_PERM, StoreUnavailable),
        (sqlite3.SQLITE_PROTOCOL, StoreUnavailable),
        (sqlite3.SQLITE_CORRUPT, CorruptStore),
        (sqlite3.SQLITE_CORRUPT_INDEX, CorruptStore),
        (sqlite3.SQLITE_CONSTRAINT_TRIGGER, StoreError),
        (sqlite3.SQLITE_ERROR, StoreError),
    ],
)
def test_each_error_of_the_driver_becomes_ours(code: int, expected: type[ProeftuinError]) -> None:
    """Each code has its class; the message names file and code, holds none of the driver's text, and can be pickled."""
    with pytest.raises(expected) as caught, faults.translating("pilots.db"):
        raise driver_error(code)
    assert expected is type(caught.value)
    assert isinstance(caught.value.__cause__, sqlite3.OperationalError)
    assert ("pilots.db" in str(caught.value), f"CODE_{code}" in str(caught.value)) == (True, True)
    assert "secret" not in str(caught.value)
    assert str(caught.value) == str(pickle.loads(pickle.dumps(caught.value)))  # noqa: S301  # our own bytes


def test_an_error_without_a_code_is_still_ours() -> None:
    """What the driver raises by itself, without a code, becomes an error of the store or of the argument."""
    assert StoreError is type(faults.translated(sqlite3.ProgrammingError("closed"), "x"))
    assert BadArgument is type(faults.translated(OverflowError("too large"), "x"))


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (sqlite3.SQLITE_IOERR_FSYNC, OutcomeUnknown),
        (sqlite3.SQLITE_FULL, StoreFull),
        (sqlite3.SQLITE_BUSY, StoreBusy),
    ],
)
def test_only_a_failing_disk_leaves_the_outcome_open(code: int, expected: type[ProeftuinError]) -> None:
    """At COMMIT a failed write to disk may have been written; a full disk or a lock means that nothing was."""
    assert expected is type(faults.at_commit(driver_error(code), "x"))


# -- connections ---------------------------------------------------------------------------------------------------


@pytest.fixture
def connections(path: Path) -> Connections:
    return Connections(lambda: sqlite3.connect(path, isolation_level=None, check_same_thread=False), "pilots.db", 0.02)


def test_a_connection_is_lent_again(connections: Connections) -> None:
    """What was given back is lent to the next, and two at once are two."""
    one, two = connections.take(), connections.take()
    assert one is not two
    connections.give(one)
    assert one is connections.take()
    connections.give(one)
    connections.give(two)
    connections.close()


def test_only_some_are_kept_open(connections: Connections) -> None:
    """After a rush no more than a few connections stay open."""
    lent = [connections.take() for _ in range(KEPT_OPEN + 3)]
    for one in lent:
        connections.give(one)
    assert KEPT_OPEN == len(connections._idle)
    with pytest.raises(sqlite3.ProgrammingError):
        lent[-1].execute("SELECT 1")
    connections.close()


def test_a_connection_comes_back_clean(connections: Connections) -> None:
    """A connection that is given back inside a transaction is brought out of it, or closed where that fails."""
    one = connections.take()
    one.execute("BEGIN IMMEDIATE")
    connections.give(one)
    assert (False, [one]) == (one.in_transaction, connections._idle)

    class Stuck(sqlite3.Connection):
        in_transaction = True

        def rollback(self) -> None:
            raise sqlite3.OperationalError

    stuck = sqlite3.connect(":memory:", factory=Stuck)
    connections.take()
    connections.give(stuck)
    assert [] == connections._idle
    with pytest.raises(sqlite3.ProgrammingError):
        stuck.execute("SELECT 1")
    one.close()
    connections.close()


def test_a_connection_that_comes_back_late_is_closed(connections: Connections) -> None:
    """What is still lent when the store is closed is closed when it comes back."""
    one = connections.take()
    connections.close()
    connections.give(one)
    with pytest.raises(sqlite3.ProgrammingError):
        one.execute("SELECT 1")


def test_a_connection_that_cannot_be_opened_leaves_nothing_behind(path: Path) -> None:
    """Where opening fails the error is raised on, and the count of what is lent stays right."""

    def refuse() -> sqlite3.Connection:
        raise KeyboardInterrupt

    connections = Connections(refuse, "pilots.db", 0.02)
    with pytest.raises(KeyboardInterrupt):
        connections.take()
    assert 0 == connections._lent


def test_a_thread_that_waits_for_its_turn_gives_up(connections: Connections) -> None:
    """While one thread writes, another one waits as long as it may and then says busy."""
    holding, enough = Event(), Event()

    def hold() -> None:
        with connections.writing():
            holding.set()
            enough.wait()

    thread = Thread(target=hold)
    thread.start()
    holding.wait()
    with pytest.raises(StoreBusy, match="other threads"), connections.writing():
        pass
    enough.set()
    thread.join()
    with connections.writing() as connection:
        assert connection.in_transaction
    connections.close()
