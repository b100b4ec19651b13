"""SQLite: how a file is opened, and what must hold before a pilot is read from it or written to it."""

import sqlite3
from collections.abc import Callable
from functools import cache
from os import W_OK, access
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import quote

from attrs import frozen
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from proeftuin.errors import BadArgument, StoreUnavailable
from proeftuin.storage.sql.connections import Connections
from proeftuin.storage.sql.faults import BUSY, primary, translated, translating
from proeftuin.storage.sql.schema import PRESENT, refuse_foreign, refuse_newer, revision, upgrade
from proeftuin.storage.sql.statements import Statements
from proeftuin.storage.sql.store import SqlStore

DEFAULT_PATIENCE = 5.0
RETRY_AFTER = 0.005

# Set on each connection and read back: what was acknowledged outlives a power cut, and what was deleted is gone from
# the file. `journal_mode` is a property of the file, set once.
PRAGMAS = {"synchronous": ("FULL", 2), "foreign_keys": ("ON", 1), "secure_delete": ("ON", 1)}


@frozen
class File:
    """A database file.

    Attributes:
        path: absolute, so that a change of folder does not move it.
        name: as the user wrote it.
        patience: how long to wait for another process that writes, in seconds.
    """

    path: Path
    name: str
    patience: float

    def connect(self, mode: str = "rw") -> sqlite3.Connection:
        """Open a connection in which each statement is its own transaction until `BEGIN`.

        Args:
            mode: `rwc` creates the file; `rw` does not, so that one removed meanwhile is not replaced by an empty one.
        """
        connection = sqlite3.connect(
            f"file:{quote(str(self.path))}?mode={mode}",
            uri=True,
            timeout=self.patience,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            for pragma, (value, expected) in PRAGMAS.items():
                connection.execute(f"PRAGMA {pragma}={value}")
                self.require(connection, pragma, expected)
        except BaseException:
            connection.close()
            raise
        return connection

    def ready(self) -> sqlite3.Connection:
        """Open a connection for the pool."""
        with translating(self.name):
            connection = self.connect()
            try:
                self.require(connection, "journal_mode", "wal")
            except BaseException:
                connection.close()
                raise
            return connection

    def require(self, connection: sqlite3.Connection, pragma: str, expected: object) -> None:
        """Read a pragma back, as SQLite ignores silently what it cannot do."""
        found = connection.execute(f"PRAGMA {pragma}").fetchone()[0]
        if found != expected:
            raise StoreUnavailable(
                f"{self.name} has {pragma} {found!r}, and needs {expected!r}; use a local disk that can be written"
            )


def open_sqlite(url: str) -> SqlStore:
    """Open a store in a file, creating it where there is none, and bringing its tables to the present version.

    Args:
        url: `sqlite:///pilots.db`, or with four slashes an absolute path; `?busy_timeout=SECONDS` says how long to wait
            for other processes that write (5).

    Raises:
        BadArgument: for an option that does not exist.
        StoreUnavailable: for what cannot be opened or written, or is no database.
        SchemaTooNew: for the file of a later version; nothing was written.
    """
    file = _file(url)
    with translating(file.name):
        found = _prepare(file)
        if found != PRESENT:
            upgrade(file.connect, file.name)
    return SqlStore(Connections(file.ready, file.name, file.patience), _statements(), file.name)


@cache
def _statements() -> Statements:
    return Statements(sqlite.dialect(paramstyle="named"))


def _file(url: str) -> File:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise BadArgument("url", "it is no URL of a store; write sqlite:///pilots.db") from error
    name = parsed.database
    if not name or "\0" in name or name == ":memory:" or parsed.host:
        raise BadArgument("url", "it names no file; write sqlite:///pilots.db, or memory:// to keep nothing")
    unknown = sorted(set(parsed.query) - {"busy_timeout"})
    if unknown:
        raise BadArgument("url", f"unknown option {', '.join(unknown)}; there is busy_timeout, in seconds")
    return File(Path(name).absolute(), name, _seconds(parsed.query.get("busy_timeout", str(DEFAULT_PATIENCE))))


def _seconds(value: object) -> float:
    try:
        seconds = float(str(value))
    except ValueError:
        seconds = -1
    if not 0 <= seconds <= 3600:  # noqa: PLR2004  # an hour; SQLite counts milliseconds in 31 bits
        raise BadArgument("url", f"busy_timeout={value} is no number of seconds from 0 to 3600")
    return seconds


def _prepare(file: File) -> str | None:
    """Look at the file, refuse what is not for us, then make it one that can be written safely; return its version."""
    connection = file.connect("rwc")
    try:
        if not access(file.path, W_OK):  # SQLite opens it all the same, and would complain at the first commit
            raise StoreUnavailable(f"{file.name} is read-only; nothing was written")
        found = revision(connection)
        refuse_newer(found, file.name)
        if found is None:
            refuse_foreign(connection, file.name)
        _patiently(file, lambda: connection.execute("PRAGMA journal_mode=WAL"))
        file.require(connection, "journal_mode", "wal")
        return found
    finally:
        connection.close()


def _patiently(file: File, act: Callable[[], object]) -> None:
    """Try until others let go: SQLite changes the journal mode at once or not at all."""
    deadline = monotonic() + file.patience
    while True:
        try:
            act()
        except sqlite3.OperationalError as error:
            if primary(error) not in BUSY or monotonic() > deadline:
                raise translated(error, file.name) from error
            sleep(RETRY_AFTER)
        else:
            return
