"""What came before: one row per pilot in the receiver's own database, written in the receiver's own transaction.

1. Deliveries of a pilot come in order, and an event is sent again until it was answered. So the last version that was
   taken tells all: what is not above it came before.
2. The row is written in the transaction in which the receiver acts. Both are kept, or neither: an event whose handling
   was rolled back is not known, and comes again.
3. Two requests with the same event at once: the second waits for the row of the first, and then finds it taken.
4. An id that no engine gives is refused before the database sees it: MariaDB would cut a longer one, and know another
   pilot by what is left.

There are no statements but a few that SQLite, PostgreSQL and MariaDB share; a connection is recognised by its driver.
"""

import re
from collections.abc import Mapping
from contextlib import closing
from typing import Any, Self

from attrs import frozen

from proeftuin import door
from proeftuin.errors import BadArgument, ProeftuinError
from proeftuin.spi.sinks import Envelope

_NAME = re.compile("[a-z][a-z0-9_]{0,47}")
_LAST = 2**63 - 1  # what a BIGINT holds
_BINARY = " CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin"  # ids that differ in case or spaces are two ids


class Gap(ProeftuinError):
    """An event came, and the one before it did not. Answer 409: it is sent again.

    Attributes:
        pilot: the id of the pilot.
        expected, actual: the version that was to come, and the one that did.
    """

    code = "gap"

    def __init__(self, pilot: str, expected: int, actual: int) -> None:
        self.pilot = pilot
        self.expected = expected
        self.actual = actual
        super().__init__(f"version {actual} of pilot {pilot!r} came, and {expected} was to be next")


@frozen
class Inbox:
    """Which events were taken.

    Args:
        table: the name of its table; one for each sender, as two senders may have pilots of the same id.
        contiguous: refuse an event whose predecessor was not taken. Only for a subscription without filters: with them
            versions have gaps. The first event of a pilot may have any version, as a subscription can begin at any.

    Raises:
        BadArgument: for a name that no table should have.
    """

    table: str = "proeftuin_inbox"
    contiguous: bool = False

    def __attrs_post_init__(self) -> None:
        """Refuse what would have to be quoted."""
        if not _NAME.fullmatch(self.table):
            raise BadArgument("table", "give a name of lower-case letters, digits and underscores, such as hr_inbox")

    def create(self, connection: object) -> None:
        """Make the table, where it is not there yet; once, as your migrations do.

        Args:
            connection: as for `once`.
        """
        link = _link(connection)
        text = f"VARCHAR(255){_BINARY if link.mariadb else ''} NOT NULL"
        link.run(
            f"CREATE TABLE IF NOT EXISTS {self.table}"
            f" (tenant {text}, pilot {text}, version BIGINT NOT NULL, PRIMARY KEY (tenant, pilot))"
        )

    def once(self, connection: object, event: Envelope) -> bool:
        """Take an event; False where it was taken before. Nothing is committed here.

        Args:
            connection: a SQLAlchemy Connection or Session, Django's connection, or that of sqlite3, psycopg or PyMySQL:
                the one on which you act on the event, in a transaction that you commit.
            event: as `verify` returned it.

        Raises:
            Gap: for a contiguous inbox, where one is missing before it; nothing was written.
            BadArgument: for what is no such connection, or one that commits each statement by itself, and for a tenant,
                a pilot or a version that no engine has, such as an id of more than 255 characters.
        """
        _known(event.tenant, event.pilot)
        if not 0 < event.version <= _LAST:
            raise BadArgument("version", f"must be from 1 to {_LAST}")
        link = _link(connection).inside()
        values = (event.version, event.tenant, event.pilot)
        below = event.version - 1 if self.contiguous else event.version
        if link.run(self._update(), (*values, below)) or link.run(self._insert(link), values):
            return True
        last = self._last(link, event.tenant, event.pilot, now=True) or 0
        if self.contiguous and last < event.version:
            raise Gap(event.pilot, last + 1, event.version)
        return False

    def last(self, connection: object, tenant: str, pilot: str) -> int | None:
        """Return the version of a pilot that was taken last; None where none was.

        Raises:
            BadArgument: as `once`.
        """
        _known(tenant, pilot)
        return self._last(_link(connection), tenant, pilot)

    def _last(self, link: "_Link", tenant: str, pilot: str, *, now: bool = False) -> int | None:
        """Return the same; `now`: as it is, where MariaDB would tell what it was when the transaction first read."""
        lock = " FOR UPDATE" if now and link.mariadb else ""
        found = link.ask(
            f"SELECT version FROM {self.table} WHERE tenant = ? AND pilot = ?{lock}",  # noqa: S608  # the table's name was checked, and values are bound
            (tenant, pilot),
        )
        return None if found is None else int(found)

    def _update(self) -> str:
        above = "=" if self.contiguous else "<"
        return f"UPDATE {self.table} SET version = ? WHERE tenant = ? AND pilot = ? AND version {above} ?"  # noqa: S608  # as above

    def _insert(self, link: "_Link") -> str:
        ignore, rest = ("IGNORE ", "") if link.mariadb else ("", " ON CONFLICT (tenant, pilot) DO NOTHING")
        return f"INSERT {ignore}INTO {self.table} (version, tenant, pilot) VALUES (?, ?, ?){rest}"  # noqa: S608  # as above


def _known(tenant: str, pilot: str) -> None:
    door.name("tenant", tenant)
    door.name("pilot", pilot)


@frozen
class _Link:
    """A connection of a driver, and how it writes statements."""

    driver: Any
    kind: str

    @property
    def mariadb(self) -> bool:
        """Whether the database is MariaDB."""
        return self.kind == "pymysql"

    def run(self, statement: str, values: tuple[object, ...] = ()) -> int:
        """Run a statement, and return how many rows it made or changed."""
        with closing(self.driver.cursor()) as cursor:
            cursor.execute(self._written(statement), values)
            return max(0, int(cursor.rowcount))

    def ask(self, statement: str, values: tuple[object, ...]) -> Any:  # noqa: ANN401  # what the column holds
        """Return the one value that a statement finds, None where it finds no row."""
        with closing(self.driver.cursor()) as cursor:
            cursor.execute(self._written(statement), values)
            row = cursor.fetchone()
        if row is None:
            return None
        return next(iter(row.values() if isinstance(row, Mapping) else row))  # as the host has its rows

    def _written(self, statement: str) -> str:
        return statement if self.kind == "sqlite3" else statement.replace("?", "%s")

    def inside(self) -> Self:
        """Return it, where what is written waits for a commit.

        Raises:
            BadArgument: where the connection commits each statement by itself.
        """
        if self.kind == "sqlite3":
            alone = self.driver.isolation_level is None or getattr(self.driver, "autocommit", None) is True
            waits = not alone or self.driver.in_transaction
        elif self.kind == "psycopg":
            waits = not self.driver.autocommit or self.driver.info.transaction_status != _IDLE
        else:
            waits = not self.driver.get_autocommit() or bool(self.driver.server_status & _IN_TRANSACTION)
        if not waits:
            raise BadArgument("connection", "it commits each statement by itself; begin a transaction first")
        return self


_DRIVERS = frozenset({"sqlite3", "psycopg", "pymysql"})
_IDLE = 0  # psycopg's word for no transaction
_IN_TRANSACTION = 1  # the server's flag, as PyMySQL keeps it


def _link(given: Any) -> _Link:  # noqa: ANN401  # recognised by what it has
    """Return the driver's connection behind what a host has."""
    if callable(getattr(given, "connection", None)) and hasattr(given, "get_bind"):  # a Session of SQLAlchemy
        given = given.connection()
    if hasattr(given, "exec_driver_sql"):  # a Connection of SQLAlchemy
        if not given.in_transaction():
            given.begin()
        given = given.connection.driver_connection
    elif hasattr(given, "ensure_connection"):  # Django's
        given.ensure_connection()
        given = given.connection
    for kind in type(given).__mro__:
        name = kind.__module__.partition(".")[0]
        if name in _DRIVERS and hasattr(given, "cursor"):
            return _Link(given, name)
    raise BadArgument("connection", "give one of SQLAlchemy, Django, sqlite3, psycopg or PyMySQL")
