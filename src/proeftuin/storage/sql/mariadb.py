"""MariaDB, through PyMySQL: how a connection is opened, what its settings must be, what its errors mean."""

from collections.abc import Sequence
from functools import cache
from math import ceil
from types import MappingProxyType
from typing import Any, ClassVar

from attrs import frozen
from sqlalchemy import URL, Connection
from sqlalchemy.dialects.mysql import mariadb as dialect

from proeftuin.errors import BadArgument, ProeftuinError, StoreBusy, StoreUnavailable
from proeftuin.ready import readable
from proeftuin.storage.sql.database import Cursor, Values, commits_each, foreign, translating
from proeftuin.storage.sql.many_rows import ManyRows
from proeftuin.storage.sql.server import Address, address, opened, told, told_at_commit
from proeftuin.storage.sql.statements import Statement, Statements
from proeftuin.storage.sql.store import SqlStore
from proeftuin.storage.sql.tables import Tables

try:
    import pymysql
    from pymysql.constants import CLIENT, SERVER_STATUS
    from pymysql.cursors import Cursor as PlainCursor
except ImportError as missing:
    raise StoreUnavailable("mariadb:// needs its driver; pip install proeftuin[mariadb]") from missing

EXAMPLE = "mysql+pymysql://user@host/database"
OLDEST = (10, 6)
# The lock under which one process changes the schema. Locks are the server's, and their names short: one per database.
MIGRATING = "concat('proeftuin upgrades ', left(sha2(coalesce(%s, database()), 256), 32))"

# Made on each connection: what does not fit is refused and never cut, and a transaction sees what others committed.
SETTINGS = (
    "sql_mode = 'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'",
    "innodb_lock_wait_timeout = {patience}",
    "lock_wait_timeout = {patience}",
    "idle_transaction_timeout = {idle}",
    "time_zone = '+00:00'",
    "tx_isolation = 'READ-COMMITTED'",
    "autocommit = 1",
)
# The server's own: what was acknowledged outlives a power cut, and text comes back as it went in.
REQUIRED = {
    "innodb_flush_log_at_trx_commit": ("1",),
    "innodb_doublewrite": ("ON", "1", "DETECT_AND_RECOVER"),
    "character_set_connection": ("utf8mb4",),
}
LEAST_PACKET = 16 * 2**20  # bytes: that of the largest body, each character of which may have to be escaped

# Which of the server's errors is which, by its number.
NUMBERS = MappingProxyType(
    {
        **dict.fromkeys((1205, 1213, 1020, 3024, 1969), "busy"),
        **dict.fromkeys((1040, 1203, 1226), "crowded"),
        **dict.fromkeys((1021, 1114, 1297, 3, 28), "full"),
        **dict.fromkeys(
            (1053, 1077, 1152, 1158, 1159, 1160, 1161, 1184, 1927, 2000, 2001, 2002, 2003, 2006, 2013), "lost"
        ),
        **dict.fromkeys((2014, 2026, 2055, 4031, 0), "lost"),
        1146: "no tables",
        **dict.fromkeys((1044, 1045, 1142, 1143, 1227, 1698), "barred"),
        1049: "absent",
        **dict.fromkeys((1290, 1792, 1836), "read-only"),
        **dict.fromkeys((1264, 1366, 1406, 1153, 1301), "value"),
        **dict.fromkeys((1034, 1194, 1712, 126, 127, 145), "damaged"),
    }
)
UNIQUE = 1062
UNKNOWN_SETTING = 1193
UNBINDABLE = (UnicodeEncodeError, OverflowError)


def word(error: BaseException) -> str:
    """Return the word for an error, as `server.told` takes it."""
    if isinstance(error, UNBINDABLE):
        return "value"
    if isinstance(error, OSError):
        return "lost"
    return NUMBERS.get(number(error), "other")


def number(error: BaseException) -> int:
    """Return the server's or the driver's number of an error; -1 where it has none."""
    first = error.args[0] if error.args else None
    return first if isinstance(first, int) else -1


@frozen
class MariadbDatabase:
    """A database on a server, and the tables of ours in it."""

    address: Address
    statements: Statements

    one_writer: ClassVar = False
    begin: ClassVar = "BEGIN"
    errors: ClassVar[tuple[type[Exception], ...]] = (pymysql.Error, OSError, *UNBINDABLE)

    @property
    def url(self) -> URL:
        """What SQLAlchemy takes the dialect from."""
        return self.address.url

    @property
    def name(self) -> str:
        """The database, without what is secret."""
        return self.address.name

    @property
    def patience(self) -> float:
        """How long to wait for others, in seconds."""
        return self.address.patience

    @property
    def size(self) -> int:
        """How many connections there may be at once."""
        return self.address.size

    def connect(self) -> "pymysql.Connection[Any]":
        """Open a connection in which each statement is its own transaction until `BEGIN`."""
        _, arguments = self.url.get_dialect()().create_connect_args(self.url)
        ours = {"charset": "utf8mb4", "autocommit": True, "client_flag": CLIENT.FOUND_ROWS}  # matched, not changed
        greeting = dict.fromkeys(("connect_timeout", "read_timeout"), max(ceil(self.patience), 1))
        connection = pymysql.connect(**{**greeting, **arguments, **ours})
        connection._read_timeout = arguments.get("read_timeout")  # type: ignore[attr-defined]  # noqa: SLF001  # the driver has no time-out for the greeting alone; a statement may take longer
        return connection

    def open(self) -> "pymysql.Connection[Any]":
        """Open a connection for the pool, with its settings made and read back."""
        with translating(self):
            connection = self.connect()
            try:
                self._settle(connection)
            except BaseException:
                connection.close()
                raise
            return connection

    def _settle(self, connection: "pymysql.Connection[Any]") -> None:
        patience = max(round(self.patience), 1)
        made = ", ".join(f"SESSION {one.format(patience=patience, idle=ceil(self.address.idle))}" for one in SETTINGS)
        try:
            self.do(connection, f"SET {made}")
        except pymysql.err.OperationalError as error:
            if number(error) != UNKNOWN_SETTING:
                raise
            ((version,),) = self.run(connection, Statement("SELECT @@version"), {}).fetchall()
            raise StoreUnavailable(f"{self.name} has version = {version}; it must be MariaDB 10.6 or later") from error
        asked = ", ".join(f"@@{name}" for name in (*REQUIRED, "max_allowed_packet", "version"))
        *found, packet, version = self.run(connection, Statement(f"SELECT {asked}"), {}).fetchone()
        has = {name: str(value) for name, value in zip(REQUIRED, found, strict=True)}
        wrong = [f"{name} = {has[name]}" for name, needs in REQUIRED.items() if has[name] not in needs]
        if "MariaDB" not in version or tuple(int(part) for part in version.split(".")[:2]) < OLDEST:
            wrong.append(f"version = {version}")
        if packet < LEAST_PACKET:
            wrong.append(f"max_allowed_packet = {packet}")
        if wrong:
            needs = ", ".join(f"{name} = {value[0]}" for name, value in REQUIRED.items())
            needs += f", max_allowed_packet >= {LEAST_PACKET}"
            raise StoreUnavailable(f"{self.name} has {', '.join(wrong)}; it must be MariaDB 10.6 or later with {needs}")

    def do(self, connection: "pymysql.Connection[Any]", text: str) -> None:
        """Run a statement that has no values and gives nothing."""
        connection.query(text)

    def run(self, connection: "pymysql.Connection[Any]", text: Statement, values: Values) -> Cursor:
        """Run a statement; rows come as tuples, whatever the host made of its connection.

        Note:
            The driver writes every value that it is given as text, so it is given those of the statement only.
        """
        cursor = connection.cursor(PlainCursor)
        cursor.execute(text, text.pick(values))
        return cursor

    def add_many(self, connection: "pymysql.Connection[Any]", text: Statement, rows: Sequence[Values]) -> None:
        """Run an INSERT for each of these rows; the driver makes one statement of as many as fit into half a packet."""
        connection.cursor(PlainCursor).executemany(text, [text.pick(row) for row in rows])

    def in_transaction(self, connection: "pymysql.Connection[Any]") -> bool:
        """Whether a transaction is open."""
        return bool(connection.server_status & SERVER_STATUS.SERVER_STATUS_IN_TRANS)  # type: ignore[attr-defined]  # missing in the stubs

    def alive(self, connection: "pymysql.Connection[Any]") -> bool:
        """Whether the connection is open."""
        return bool(connection.open)

    def quiet(self, connection: "pymysql.Connection[Any]") -> bool:
        """Whether the server has said nothing on a connection that lies idle."""
        socket = connection._sock  # type: ignore[attr-defined]  # missing in the stubs  # noqa: SLF001  # there is no other way to it
        return socket is not None and not readable(socket.fileno())

    def adopted(self, connection: object) -> "pymysql.Connection[Any]":
        """Return a connection of the host."""
        if not isinstance(connection, pymysql.Connection):
            raise foreign(connection, "a Session, a SQLAlchemy Connection or a pymysql.Connection")
        if connection.charset != "utf8mb4":
            raise BadArgument("connection", "its charset must be utf8mb4")
        return connection

    def join(self, connection: "pymysql.Connection[Any]") -> None:
        """Make sure that a connection of the host is in a transaction."""
        if self.in_transaction(connection):
            return
        if connection.get_autocommit():
            raise commits_each()
        self.do(connection, self.begin)

    def translated(self, error: BaseException) -> ProeftuinError:
        """Return our error for one of the driver's."""
        return told(word(error), self.name, _code(error))

    def at_commit(self, error: BaseException) -> ProeftuinError:
        """Return our error for one that COMMIT raised."""
        return told_at_commit(word(error), self.name, _code(error))

    def repeats(self, error: BaseException) -> bool:
        """Whether an error says that a unique key is taken."""
        return number(error) == UNIQUE

    def scrub(self, connection: "pymysql.Connection[Any]") -> None:
        """Write the table into a new file."""
        named = self.statements.named(self.statements.tables.personal)
        text = Statement(f"OPTIMIZE NO_WRITE_TO_BINLOG TABLE {named}")
        told = [row[2:] for row in self.run(connection, text, {}).fetchall()]
        if ("status", "OK") not in told:
            raise StoreBusy(f"{self.name} could not write {named} anew: {told}")

    def prepare(self) -> None:
        """Do nothing: the database was made by whoever keeps the server."""

    def alone(self, connection: Connection) -> None:
        """Begin to change the schema, when no other process does."""
        asked = f"SELECT GET_LOCK({MIGRATING}, %s)"
        got = connection.exec_driver_sql(asked, (self.statements.tables.schema, self.patience)).scalar()
        if got != 1:
            raise StoreBusy(f"{self.name} is being upgraded by another process for too long; try again")

    def done(self, connection: Connection) -> None:
        """Let others go on; each statement was kept as it was run."""
        connection.exec_driver_sql(f"SELECT RELEASE_LOCK({MIGRATING})", (self.statements.tables.schema,))

    def names_taken(self, connection: "pymysql.Connection[Any]") -> set[str]:
        """Return the names of tables and views in the database of ours; an index has its name from its table."""
        wanted = "table_schema = coalesce(%s, database())"
        asked = f"SELECT table_name FROM information_schema.tables WHERE {wanted}"  # noqa: S608  # the value is bound
        text = Statement(asked, ["schema"])
        return {row[0] for row in self.run(connection, text, {"schema": self.statements.tables.schema}).fetchall()}


def _code(error: BaseException) -> object:
    code = number(error)
    return type(error).__name__ if code < 0 else code


def open_mariadb(url: str) -> SqlStore:
    """Open a store on a MariaDB server, version 10.6 or later, whose tables were made by `proeftuin db upgrade`.

    Args:
        url: `mysql+pymysql://user:password@host:port/database` (or `mariadb+pymysql://`); options `prefix` and `schema`
            (another database) say where our tables are, `pool_size` how many connections there may be (10), `timeout`
            how long to wait for a lock or a connection, in seconds (5); all others are PyMySQL's.

    Raises:
        BadArgument: for an option that does not exist.
        StoreUnavailable: for a server that cannot be reached, or would not keep what it acknowledges.
        SchemaTooOld, SchemaTooNew: for another schema; nothing was touched.
    """
    database = mariadb_database(url)
    return opened(database, ManyRows(database), SqlStore)


def mariadb_database(url: str) -> MariadbDatabase:
    """Read a URL; nothing is opened."""
    given = address(url, "mariadb+pymysql", EXAMPLE)
    return MariadbDatabase(given, _statements(given.tables))


@cache
def _statements(tables: Tables) -> Statements:
    return Statements(dialect.MariaDBDialect(paramstyle="format"), tables)
