"""PostgreSQL, through psycopg: how a connection is opened, what its settings must be, what its errors mean."""

from contextlib import AbstractContextManager, nullcontext
from functools import cache
from itertools import takewhile
from math import ceil
from types import MappingProxyType
from typing import Any, ClassVar

from attrs import frozen
from sqlalchemy import URL, Connection
from sqlalchemy.dialects.postgresql import psycopg as dialect

from proeftuin.errors import BadArgument, ProeftuinError, StoreUnavailable
from proeftuin.ready import readable
from proeftuin.storage.sql.arrays import Blobs, Column, Numbers, Texts
from proeftuin.storage.sql.database import Cursor, Values, commits_each, foreign, translating
from proeftuin.storage.sql.one_statement import InOneStatement
from proeftuin.storage.sql.server import Address, address, opened, told, told_at_commit
from proeftuin.storage.sql.statements import Statements
from proeftuin.storage.sql.store import StreamingSqlStore
from proeftuin.storage.sql.tables import Tables

try:
    import psycopg
    from psycopg.pq import TransactionStatus
    from psycopg.rows import tuple_row
except ImportError as missing:
    raise StoreUnavailable("postgresql:// needs its driver; pip install proeftuin[postgres]") from missing

EXAMPLE = "postgresql+psycopg://user@host/database"
OLDEST = 130_000
FLOOD = 1000  # so many times 16 kB are read at once of what others tell: then a worker gets on with its work
MIGRATING = 0x70726F6566  # the advisory lock under which one process changes the schema

# Made on each connection, then read back in the same question.
SETTINGS = {
    "default_transaction_isolation": "read committed",
    "synchronous_commit": "on",
    "lock_timeout": "{patience}ms",
    "idle_in_transaction_session_timeout": "{idle}ms",
    "tcp_keepalives_idle": "60",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
    "TimeZone": "UTC",
}
# How soon the driver notices that a server is gone without a word, where the URL does not say: within half a minute.
# Otherwise a call would wait a quarter of an hour for the end of a statement, and two hours for an answer to one.
SILENCE = {"keepalives_idle": 15, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 30_000}
# The server's own: what was acknowledged outlives a power cut, and text comes back as it went in.
REQUIRED = {"fsync": "on", "full_page_writes": "on", "server_encoding": "UTF8", "client_encoding": "UTF8"}

# Which of the server's errors is which, by SQLSTATE or by its class, which is the first two characters of one.
STATES = MappingProxyType(
    {
        "08": "lost",
        "22": "value",
        "25006": "read-only",
        "25P03": "busy",
        "28": "barred",
        "3D": "absent",
        "3F": "absent",
        "40001": "busy",
        "40P01": "busy",
        "42501": "barred",
        "42P01": "no tables",
        "53100": "full",
        "53200": "full",
        "53300": "crowded",
        "53400": "full",
        "54000": "full",
        "55P03": "busy",
        "57014": "busy",
        "57P": "lost",
        "XX001": "damaged",
        "XX002": "damaged",
    }
)
# Whoever is not let in gets no SQLSTATE from the driver, only a text; where a server speaks another language than
# English, it counts as one that cannot be reached.
REFUSALS = MappingProxyType(
    {
        "too many": "crowded",
        "connection slots": "crowded",
        'role "': "barred",
        "does not exist": "absent",
        "authentication failed": "barred",
        "no password supplied": "barred",
        "no pg_hba.conf entry": "barred",
        "permission denied": "barred",
        "not permitted": "barred",
    }
)
UNIQUE = "23505"
UNBINDABLE = (UnicodeEncodeError, OverflowError)


class _Arrays(psycopg.adapt.Dumper):
    """How the driver takes a column; a connection of the host that was opened before knows it as a list."""

    format = psycopg.pq.Format.BINARY

    def dump(self, obj: Column) -> bytes:
        """Return what is sent."""
        return obj.dumped()


for _kind in (Texts, Numbers, Blobs):
    psycopg.adapters.register_dumper(_kind, type(f"_{_kind.__name__}", (_Arrays,), {"oid": _kind.array}))


def word(error: BaseException) -> str:
    """Return the word for an error, as `server.told` takes it."""
    if isinstance(error, UNBINDABLE):
        return "value"
    state = getattr(error, "sqlstate", None)
    if state is None:  # the driver's own
        broken = isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
        return _broken(f"{error}") if broken else "value" if isinstance(error, psycopg.DataError) else "other"
    return next((STATES[part] for part in (state, state[:3], state[:2]) if part in STATES), "other")


def _broken(text: str) -> str:
    return next((found for part, found in REFUSALS.items() if part in text), "lost")


@frozen
class PostgresqlDatabase:
    """A database on a server, and the tables of ours in it."""

    address: Address
    statements: Statements

    one_writer: ClassVar = False
    begin: ClassVar = "BEGIN"
    errors: ClassVar[tuple[type[Exception], ...]] = (psycopg.Error, *UNBINDABLE)

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

    def connect(self) -> "psycopg.Connection[Any]":
        """Open a connection in which each statement is its own transaction until `BEGIN`."""
        _, arguments = self.statements.dialect.create_connect_args(self.url)
        greeting = {"connect_timeout": max(ceil(self.patience), 1)}
        return psycopg.connect(**{**greeting, **SILENCE, **arguments, "autocommit": True})

    def open(self) -> "psycopg.Connection[Any]":
        """Open a connection for the pool, with its settings made and read back."""
        with translating(self):
            connection = self.connect()
            try:
                self._settle(connection)
            except BaseException:
                connection.close()
                raise
            return connection

    def _settle(self, connection: "psycopg.Connection[Any]") -> None:
        patience, idle = max(round(self.patience * 1000), 1), round(self.address.idle * 1000)  # 0 would mean for ever
        said = {name: value.format(patience=patience, idle=idle) for name, value in SETTINGS.items()}
        made = [f"set_config('{name}', '{value}', false)" for name, value in said.items()]
        asked = [f"current_setting('{name}')" for name in REQUIRED]
        found = self.run(connection, f"SELECT {', '.join([*asked, *made])}", {}).fetchone()
        wrong = [f"{name} = {has}" for (name, needs), has in zip(REQUIRED.items(), found, strict=False) if has != needs]
        if connection.info.server_version < OLDEST:
            wrong.append(f"server_version = {connection.info.server_version}")
        if wrong:
            needs = ", ".join(f"{name} = {value}" for name, value in REQUIRED.items())
            raise StoreUnavailable(
                f"{self.name} has {', '.join(wrong)}; it must be PostgreSQL 13 or later with {needs}"
            )

    def do(self, connection: "psycopg.Connection[Any]", text: str) -> None:
        """Run a statement that has no values and gives nothing."""
        connection.execute(text)

    def run(self, connection: "psycopg.Connection[Any]", text: str, values: Values) -> Cursor:
        """Run a statement; rows come as tuples and bytes as they are, whatever the host made of its connection."""
        return psycopg.Cursor(connection, row_factory=tuple_row).execute(text, values, binary=True)

    def pipeline(self, connection: "psycopg.Connection[Any]") -> AbstractContextManager[object]:
        """Send what is run inside without waiting; where the client library is too old for that, wait each time."""
        return connection.pipeline() if psycopg.Pipeline.is_supported() else nullcontext()

    def in_transaction(self, connection: "psycopg.Connection[Any]") -> bool:
        """Whether a transaction is open, be it a failed one."""
        return connection.pgconn.transaction_status in (TransactionStatus.INTRANS, TransactionStatus.INERROR)

    def alive(self, connection: "psycopg.Connection[Any]") -> bool:
        """Whether the connection is open and waits for a statement."""
        return not connection.closed and connection.pgconn.transaction_status != TransactionStatus.ACTIVE

    def quiet(self, connection: "psycopg.Connection[Any]") -> bool:
        """Whether the server has said nothing on a connection that lies idle."""
        return not connection.closed and not readable(connection.pgconn.socket)

    def adopted(self, connection: object) -> "psycopg.Connection[Any]":
        """Return a connection of the host."""
        if not isinstance(connection, psycopg.Connection):
            raise foreign(connection, "a Session, a SQLAlchemy Connection or a psycopg.Connection")
        if connection.info.encoding != "utf-8":
            raise BadArgument("connection", "its client_encoding must be UTF8")
        return connection

    def join(self, connection: "psycopg.Connection[Any]") -> None:
        """Make sure that a connection of the host is in a transaction; the driver begins one where it has to."""
        if connection.autocommit and not self.in_transaction(connection):
            raise commits_each()

    def translated(self, error: BaseException) -> ProeftuinError:
        """Return our error for one of the driver's."""
        return told(word(error), self.name, getattr(error, "sqlstate", None) or type(error).__name__)

    def at_commit(self, error: BaseException) -> ProeftuinError:
        """Return our error for one that COMMIT raised."""
        return told_at_commit(word(error), self.name, getattr(error, "sqlstate", None) or type(error).__name__)

    def repeats(self, error: BaseException) -> bool:
        """Whether an error says that a unique key is taken."""
        return isinstance(error, psycopg.Error) and error.sqlstate == UNIQUE

    @property
    def channel(self) -> str:
        """Where hints are told; stores in two schemas share one, which costs each of them a look for nothing."""
        name = f"proeftuin {self.statements.tables.prefix}".strip().replace('"', '""')
        return f'"{name}"'

    def heard(self, connection: "psycopg.Connection[Any]") -> bool:
        """Whether something was told to a connection since it was last asked; it does not wait."""
        reads = (list(connection.notifies(timeout=0)) for _ in range(FLOOD))
        return len(list(takewhile(bool, reads))) > 0

    def scrub(self, connection: "psycopg.Connection[Any]") -> None:
        """Write the table into a new file; the server only warns where this user may not, so that is asked first."""
        table = self.statements.tables.personal
        text = (
            "SELECT pg_has_role(relowner, 'USAGE') FROM pg_catalog.pg_class "
            "JOIN pg_catalog.pg_namespace n ON n.oid = relnamespace "
            "WHERE nspname = coalesce(%(schema)s, current_schema) AND relname = %(name)s"
        )
        owned = self.run(connection, text, {"schema": table.schema, "name": table.name}).fetchone()
        if owned != (True,):
            raise StoreUnavailable(f"{self.name}: only its owner may vacuum {table.name}; let that user run `db scrub`")
        self.run(connection, f"VACUUM (FULL) {self.statements.named(table)}", {})

    def prepare(self) -> None:
        """Do nothing: the database was made by whoever keeps the server."""

    def alone(self, connection: Connection) -> None:
        """Begin to change the schema, when no other process does."""
        connection.exec_driver_sql("BEGIN")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATING})")

    def done(self, connection: Connection) -> None:
        """Keep what was changed, and let others go on."""
        connection.exec_driver_sql("COMMIT")

    def names_taken(self, connection: "psycopg.Connection[Any]") -> set[str]:
        """Return the names of tables, views and indexes in the schema of ours, also of those we may not read."""
        text = (
            "SELECT relname FROM pg_catalog.pg_class JOIN pg_catalog.pg_namespace n ON n.oid = relnamespace "
            "WHERE nspname = coalesce(%(schema)s, current_schema)"
        )
        return {row[0] for row in self.run(connection, text, {"schema": self.statements.tables.schema}).fetchall()}


def open_postgresql(url: str) -> StreamingSqlStore:
    """Open a store on a PostgreSQL server, version 13 or later, whose tables were made by `proeftuin db upgrade`.

    Args:
        url: `postgresql+psycopg://user:password@host:port/database`; options `prefix` and `schema` say where our tables
            are, `pool_size` how many connections there may be (10), `timeout` how long to wait for a lock or a
            connection, in seconds (5); all others are libpq's (`sslmode`, `connect_timeout`, ...).

    Raises:
        BadArgument: for an option that does not exist.
        StoreUnavailable: for a server that cannot be reached, or would not keep what it acknowledges.
        SchemaTooOld, SchemaTooNew: for another schema; nothing was touched.
    """
    database = postgresql_database(url)
    return opened(database, InOneStatement(database), StreamingSqlStore)


def postgresql_database(url: str) -> PostgresqlDatabase:
    """Read a URL; nothing is opened."""
    given = address(url, "postgresql+psycopg", EXAMPLE)
    return PostgresqlDatabase(given, _statements(given.tables))


@cache
def _statements(tables: Tables) -> Statements:
    return Statements(dialect.dialect(), tables)  # type: ignore[no-untyped-call]  # SQLAlchemy's own
