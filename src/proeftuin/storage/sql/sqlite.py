"""SQLite: how a file is opened, and what must hold before a pilot is read from it or written to it."""

import sqlite3
from collections.abc import Callable
from functools import cache
from os import W_OK, access
from pathlib import Path
from time import monotonic, sleep
from typing import ClassVar
from urllib.parse import quote

from attrs import frozen
from sqlalchemy import Connection
from sqlalchemy.dialects import sqlite

from proeftuin.errors import BadArgument, ProeftuinError, StoreBusy, StoreUnavailable
from proeftuin.storage.sql import schema
from proeftuin.storage.sql.connections import Connections
from proeftuin.storage.sql.database import (
    DEFAULT_PATIENCE,
    Cursor,
    Values,
    commits_each,
    foreign,
    parsed,
    place,
    seconds,
    translating,
)
from proeftuin.storage.sql.sqlite_faults import BUSY, DRIVER, at_commit, primary, translated
from proeftuin.storage.sql.statements import Statement, Statements
from proeftuin.storage.sql.store import SqlStore
from proeftuin.storage.sql.tables import Tables
from proeftuin.storage.sql.writes import SparingIndexes

RETRY_AFTER = 0.005
OPTIONS = frozenset({"busy_timeout", "prefix"})

# Set on each connection and read back: what was acknowledged outlives a power cut, and what was deleted is gone from
# the file. `journal_mode` is a property of the file, set once.
PRAGMAS = {"synchronous": ("FULL", 2), "foreign_keys": ("ON", 1), "secure_delete": ("ON", 1)}


@frozen
class SqliteDatabase:
    """A database file.

    Attributes:
        path: absolute, so that a change of folder does not move it.
        name: as the user wrote it.
        patience: how long to wait for another process that writes, in seconds.
        statements: on its tables.
    """

    path: Path
    name: str
    patience: float
    statements: Statements

    url: ClassVar = "sqlite://"
    size: ClassVar = 0
    one_writer: ClassVar = True
    begin: ClassVar = "BEGIN IMMEDIATE"
    errors: ClassVar[tuple[type[Exception], ...]] = DRIVER

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

    def open(self) -> sqlite3.Connection:
        """Open a connection for the pool."""
        with translating(self):
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

    def run(self, connection: sqlite3.Connection, text: Statement, values: Values) -> Cursor:
        """Run a statement; rows come as tuples, whatever the host made of its connection."""
        if connection.row_factory is None:
            return connection.execute(text, text.pick(values))
        cursor = connection.cursor()
        cursor.row_factory = None
        return cursor.execute(text, text.pick(values))

    def do(self, connection: sqlite3.Connection, text: str) -> None:
        """Run a statement that has no values and gives nothing."""
        connection.execute(text)

    def in_transaction(self, connection: sqlite3.Connection) -> bool:
        """Whether a transaction is open."""
        return connection.in_transaction

    def alive(self, connection: sqlite3.Connection) -> bool:
        """Whether the connection is open: a file does not hang up, but a `recorded` callback may close what it got."""
        try:
            return connection.total_changes >= 0
        except sqlite3.ProgrammingError:
            return False

    def quiet(self, connection: sqlite3.Connection) -> bool:  # noqa: ARG002  # as of every database
        """Return True: a file says nothing."""
        return True

    def adopted(self, connection: object) -> sqlite3.Connection:
        """Return a connection of the host."""
        if not isinstance(connection, sqlite3.Connection):
            raise foreign(connection, "a Session, a SQLAlchemy Connection or a sqlite3.Connection")
        if connection.text_factory is not str:
            raise BadArgument("connection", "its text_factory must be str")
        return connection

    def join(self, connection: sqlite3.Connection) -> None:
        """Make sure that a connection of the host is in a transaction."""
        if connection.in_transaction:
            return
        if connection.isolation_level is None or getattr(connection, "autocommit", None) is True:
            raise commits_each()
        connection.execute(self.begin)

    def translated(self, error: BaseException) -> ProeftuinError:
        """Return our error for one of the driver's."""
        return translated(error, self.name)

    def at_commit(self, error: BaseException) -> ProeftuinError:
        """Return our error for one that COMMIT raised."""
        return at_commit(error, self.name)

    def repeats(self, error: BaseException) -> bool:
        """Whether an error says that a unique key is taken."""
        return isinstance(error, sqlite3.IntegrityError) and error.sqlite_errorcode in _TAKEN

    def scrub(self, connection: sqlite3.Connection) -> None:
        """Write the table anew, bring the write-ahead log into the file, and empty it.

        Note:
            `secure_delete` overwrites cells and pages that are freed. Measured, what SQLite left behind where it moved
            cells, from one page to another or within one, still holds refs that were deleted.
        """
        self._write_anew(connection)
        deadline = monotonic() + self.patience
        while connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
            if monotonic() > deadline:
                raise StoreBusy(f"{self.name} was read by others for too long; what was deleted is still in its log")
            sleep(RETRY_AFTER)

    def _write_anew(self, connection: sqlite3.Connection) -> None:
        """Empty the table, which frees all its pages, and fill it again: in memory, as a copy would be a file too."""
        named = self.statements.named(self.statements.tables.personal)
        connection.execute(self.begin)
        try:
            rows = connection.execute(f"SELECT * FROM {named}").fetchall()  # noqa: S608  # the name is ours, and quoted
            connection.execute(f"DELETE FROM {named}")  # noqa: S608  # the same
            places = ", ".join("?" * len(self.statements.tables.personal.c))
            connection.executemany(f"INSERT INTO {named} VALUES ({places})", rows)  # noqa: S608  # the same
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:  # SQLite may have undone it by itself
                connection.execute("ROLLBACK")
            raise

    def prepare(self) -> str | None:
        """Look at the file, refuse what is not for us, make it one that is written safely; return its version."""
        connection = self.connect("rwc")
        try:
            if not access(self.path, W_OK):  # SQLite opens it all the same, and would complain at the first commit
                raise StoreUnavailable(f"{self.name} is read-only; nothing was written")
            found = schema.revision(self, connection)
            _patiently(self, lambda: connection.execute("PRAGMA journal_mode=WAL"))
            self.require(connection, "journal_mode", "wal")
            return found
        finally:
            connection.close()

    def alone(self, connection: Connection) -> None:
        """Begin to change the schema, when no other process does."""
        connection.exec_driver_sql(self.begin)

    def done(self, connection: Connection) -> None:
        """Keep what was changed."""
        connection.exec_driver_sql("COMMIT")

    def names_taken(self, connection: sqlite3.Connection) -> set[str]:
        """Return the names of tables, views and indexes in the file."""
        return {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}


_TAKEN = frozenset({sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_UNIQUE})


def open_sqlite(url: str) -> SqlStore:
    """Open a store in a file, creating it where there is none, and bringing its tables to the present version.

    Args:
        url: `sqlite:///pilots.db`, or with four slashes an absolute path; `?busy_timeout=SECONDS` says how long to wait
            for other processes that write (5), `&prefix=TEXT` what the names of our tables begin with.

    Raises:
        BadArgument: for an option that does not exist.
        StoreUnavailable: for what cannot be opened or written, or is no database.
        SchemaTooNew: for the file of a later version; nothing was written.
    """
    database = sqlite_database(url)
    with translating(database):
        if database.prepare() != schema.PRESENT:
            schema.upgrade(database)
    return SqlStore(database, SparingIndexes(database), Connections(database))


def sqlite_database(url: str) -> SqliteDatabase:
    """Read a URL; nothing is opened."""
    given = parsed(url, "sqlite:///pilots.db")
    name = given.database
    if not name or "\0" in name or name == ":memory:" or given.host:
        raise BadArgument("url", "it names no file; write sqlite:///pilots.db, or memory:// to keep nothing")
    unknown = sorted(set(given.query) - OPTIONS)
    if unknown:
        raise BadArgument("url", f"unknown option {', '.join(unknown)}; there are busy_timeout, in seconds, and prefix")
    patience = seconds(given, "busy_timeout", DEFAULT_PATIENCE)
    return SqliteDatabase(Path(name).absolute(), name, patience, _statements(place(given)))


@cache
def _statements(tables: Tables) -> Statements:
    return Statements(sqlite.dialect(paramstyle="qmark"), tables)


def _patiently(database: SqliteDatabase, act: Callable[[], object]) -> None:
    """Try until others let go: SQLite changes the journal mode at once or not at all."""
    deadline = monotonic() + database.patience
    while True:
        try:
            act()
        except sqlite3.OperationalError as error:
            if primary(error) not in BUSY or monotonic() > deadline:
                raise database.translated(error) from error
            sleep(RETRY_AFTER)
        else:
            return
