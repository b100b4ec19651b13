"""What the errors of SQLite mean in our words."""

import pickle
import sqlite3
from pathlib import Path

import pytest

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
from proeftuin.storage.sql import sqlite_faults
from proeftuin.storage.sql.database import translating
from proeftuin.storage.sql.sqlite import SqliteDatabase, sqlite_database
from proeftuin.storage.sql.sqlite_faults import at_commit, translated


@pytest.fixture
def database(tmp_path: Path) -> SqliteDatabase:
    return sqlite_database(f"sqlite:///{tmp_path}/pilots.db")


def driver_error(code: int, kind: type[sqlite3.Error] = sqlite3.OperationalError) -> sqlite3.Error:
    error = kind("the driver's own text, with a secret")
    error.sqlite_errorcode = code
    error.sqlite_errorname = f"CODE_{code}"
    return error


MEANT: list[tuple[int, type[ProeftuinError]]] = [
    (sqlite3.SQLITE_BUSY, StoreBusy),
    (sqlite3.SQLITE_BUSY_SNAPSHOT, StoreBusy),
    (sqlite3.SQLITE_LOCKED, StoreBusy),
    (sqlite3.SQLITE_FULL, StoreFull),
    (sqlite3.SQLITE_IOERR_SHMSIZE, StoreFull),
    (sqlite3.SQLITE_READONLY, StoreUnavailable),
    (sqlite3.SQLITE_READONLY_DBMOVED, StoreUnavailable),
    (sqlite3.SQLITE_CANTOPEN, StoreUnavailable),
    (sqlite3.SQLITE_NOTADB, StoreUnavailable),
    (sqlite3.SQLITE_IOERR, StoreUnavailable),
    (sqlite3.SQLITE_IOERR_READ, StoreUnavailable),
    (sqlite3.SQLITE_PERM, StoreUnavailable),
    (sqlite3.SQLITE_PROTOCOL, StoreUnavailable),
    (sqlite3.SQLITE_CORRUPT, CorruptStore),
    (sqlite3.SQLITE_CORRUPT_INDEX, CorruptStore),
    (sqlite3.SQLITE_CONSTRAINT_TRIGGER, StoreError),
    (sqlite3.SQLITE_ERROR, StoreError),
]


@pytest.mark.parametrize(("code", "expected"), MEANT)
def test_each_error_of_the_driver_becomes_ours(
    database: SqliteDatabase, code: int, expected: type[ProeftuinError]
) -> None:
    """Each code has its class; the message names file and code, holds none of the driver's text, and can be pickled."""
    with pytest.raises(expected) as caught, translating(database):
        raise driver_error(code)
    assert expected is type(caught.value)
    assert isinstance(caught.value.__cause__, sqlite3.OperationalError)
    assert ("pilots.db" in str(caught.value), f"CODE_{code}" in str(caught.value)) == (True, True)
    assert "secret" not in str(caught.value)
    assert str(caught.value) == str(pickle.loads(pickle.dumps(caught.value)))  # noqa: S301  # our own bytes


def test_each_code_that_has_a_meaning_is_tried() -> None:
    """No code stands in the tables of faults that the list above leaves out."""
    told = {*sqlite_faults.BUSY, *sqlite_faults._UNAVAILABLE, *sqlite_faults._NO_ROOM}
    assert set() == told - {code for code, _ in MEANT}


def test_an_error_without_a_code_is_still_ours() -> None:
    """What the driver raises by itself, without a code, becomes an error of the store or of the argument."""
    assert StoreError is type(translated(sqlite3.ProgrammingError("closed"), "x"))
    assert BadArgument is type(translated(OverflowError("too large"), "x"))
    assert BadArgument is type(translated(UnicodeEncodeError("utf-8", "\ud800", 0, 1, "half"), "x"))


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (sqlite3.SQLITE_IOERR_FSYNC, OutcomeUnknown),
        (sqlite3.SQLITE_FULL, StoreFull),
        (sqlite3.SQLITE_BUSY, StoreBusy),
    ],
)
def test_only_a_failing_disk_leaves_the_outcome_open(
    database: SqliteDatabase, code: int, expected: type[ProeftuinError]
) -> None:
    """At COMMIT a failed write to disk may have been written; a full disk or a lock means that nothing was."""
    assert expected is type(at_commit(driver_error(code), "x"))
    assert expected is type(database.at_commit(driver_error(code)))


@pytest.mark.parametrize(
    ("code", "kind", "expected"),
    [
        (sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.IntegrityError, True),
        (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.IntegrityError, True),
        (sqlite3.SQLITE_CONSTRAINT_NOTNULL, sqlite3.IntegrityError, False),
        (sqlite3.SQLITE_CONSTRAINT_TRIGGER, sqlite3.IntegrityError, False),
        (sqlite3.SQLITE_BUSY, sqlite3.OperationalError, False),
    ],
)
def test_only_a_taken_key_repeats(
    database: SqliteDatabase,
    code: int,
    kind: type[sqlite3.Error],
    expected: bool,  # noqa: FBT001  # what is expected
) -> None:
    """A key that is taken is told from every other refusal of a row."""
    assert expected is database.repeats(driver_error(code, kind))
