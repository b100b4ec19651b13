"""The tables. Migrations make them; a test compares what they made with what is declared here.

Times are microseconds since 1970 UTC, bodies the canonical JSON exactly as hashed. Every key begins with the tenant.
Wide columns stand last, so that what is asked often is read without them. Names are compared and sorted by code point
on every database: PostgreSQL by the collation C, MariaDB by a binary one that does not pad.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from attrs import frozen
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Constraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    func,
    literal_column,
    text,
)
from sqlalchemy.dialects import mysql

if TYPE_CHECKING:
    from sqlalchemy.types import TypeEngine

NAME = String(255).with_variant(String(255, collation="C"), "postgresql")
WORD = String(64).with_variant(String(64, collation="C"), "postgresql")
LONG = Text().with_variant(Text(collation="C"), "postgresql")
BODY = LargeBinary().with_variant(mysql.LONGBLOB(), "mysql", "mariadb")

# How MariaDB keeps a table: names differ in case, accent and trailing space, and a key of three names fits the index.
MARIADB: dict[str, Any] = {
    "mariadb_engine": "InnoDB",
    "mariadb_default_charset": "utf8mb4",
    "mariadb_collate": "utf8mb4_nopad_bin",
    "mariadb_row_format": "DYNAMIC",
}
BEGINNING = 255
"""How many characters of a long text an index holds, where it cannot hold all; the rest is compared in the row."""


def _name(name: str, *, key: bool = False) -> "Column[str]":
    return Column(name, NAME, primary_key=key, nullable=False)


def _required(name: str, kind: "TypeEngine[Any]") -> "Column[Any]":
    return Column(name, kind, nullable=False)


@frozen
class Tables:
    """The tables in one place of a database.

    Attributes:
        prefix: what each name of a table or an index begins with.
        schema: where there are such; None means the connection's own.
    """

    prefix: str
    schema: str | None
    metadata: MetaData
    pilots: Table
    events: Table
    receipts: Table
    personal: Table
    workflows: Table
    subscriptions: Table
    lanes: Table

    @property
    def version_table(self) -> str:
        """The name of the table that holds the version of the schema."""
        return f"{self.prefix}proeftuin_version"

    @property
    def names(self) -> frozenset[str]:
        """The names of all tables, indexes and constraints."""
        tables = self.metadata.tables.values()
        return frozenset(name for one in tables for name in (one.name, *_named(one.indexes), *_named(one.constraints)))


@cache
def tables_in(prefix: str = "", schema: str | None = None) -> Tables:
    """Return the tables with a prefix, in a schema."""
    metadata = MetaData(schema=schema)
    return Tables(
        prefix,
        schema,
        metadata,
        _pilots(prefix, metadata),
        _events(prefix, metadata),
        _receipts(prefix, metadata),
        _personal(prefix, metadata),
        _workflows(prefix, metadata),
        _subscriptions(prefix, metadata),
        _lanes(prefix, metadata),
    )


def _named(parts: Iterable[Index | Constraint]) -> Iterator[str]:
    return (str(part.name) for part in parts if part.name is not None)


def _pilots(prefix: str, metadata: MetaData) -> Table:
    organisation, programme = Column("organisation", LONG), Column("programme", LONG)
    return Table(
        f"{prefix}pilots",
        metadata,
        _name("tenant", key=True),
        _name("id", key=True),
        _required("version", BigInteger()),
        Column("ref", NAME),
        _name("workflow"),
        _required("workflow_version", BigInteger()),
        _name("state"),
        _name("phase"),
        Column("outcome", NAME),
        _name("hold"),
        organisation,
        programme,
        _required("created_at", BigInteger()),
        _required("updated_at", BigInteger()),
        Column("undelivered_since", BigInteger),
        _required("fold", Integer()),
        _required("digest", String(64)),
        Column("due_at", BigInteger),
        Column("overdue_at", BigInteger),
        Column("calendar", WORD, nullable=False, server_default=""),
        Column("track_states", LONG, nullable=False, doc="a JSON list, so that a state in it is found exactly"),
        Column("signals", LONG, nullable=False, server_default="[]", doc="likewise"),
        _required("body", BODY),
        UniqueConstraint("tenant", "ref", name=f"{prefix}pilots_by_ref"),
        Index(f"{prefix}pilots_by_workflow", "tenant", "workflow", "id"),
        Index(f"{prefix}pilots_by_state", "tenant", "state", "id"),
        Index(f"{prefix}pilots_by_phase", "tenant", "phase", "id"),
        *_by_long_text(prefix, "pilots", organisation, "id"),
        *_by_long_text(prefix, "pilots", programme, "id"),
        Index(f"{prefix}pilots_by_place", "tenant", "phase", "state"),  # holds all that `count` asks for
        Index(f"{prefix}pilots_by_update", "tenant", "updated_at"),
        *_by_what_waits(prefix),
        Index(f"{prefix}pilots_by_calendar", "tenant", "calendar", "id"),
        **MARIADB,
    )


def _by_what_waits(prefix: str) -> Iterator[Index]:
    """Give the indexes of pilots at which something waits: most have none of it, and are left out where that can be."""
    waiting = {
        "news": ("undelivered_since IS NOT NULL", ("undelivered_since",)),
        "due": ("due_at IS NOT NULL", ("due_at", "id")),
        "overdue": ("overdue_at IS NOT NULL", ("overdue_at", "id")),
        "signal": ("signals <> '[]'", ("id",)),
    }
    for name, (condition, columns) in waiting.items():
        held = text(condition)
        yield Index(f"{prefix}pilots_by_{name}", "tenant", *columns, sqlite_where=held, postgresql_where=held)


def beginning_of(long: ColumnElement[str]) -> ColumnElement[str]:
    """Return what an index of PostgreSQL holds of a long text."""
    return func.substr(long, literal_column("1"), literal_column(f"{BEGINNING}"))


def _by_long_text(prefix: str, table: str, column: "Column[str]", last: str) -> Iterator[Index]:
    """Give the index of a long text as each database needs it."""
    held = {"sqlite": column, "postgresql": beginning_of(column), "mariadb": column}
    name = f"{prefix}{table}_by_{column.name}"
    for dialect, part in held.items():
        index = Index(name, "tenant", part, last, mariadb_length={column.name: BEGINNING})
        yield index.ddl_if(dialect=dialect)


def _events(prefix: str, metadata: MetaData) -> Table:
    return Table(
        f"{prefix}events",
        metadata,
        _name("tenant", key=True),
        _name("pilot_id", key=True),
        Column("version", BigInteger, primary_key=True, autoincrement=False),
        _required("type", WORD),
        _required("digest", String(64)),
        _required("body", BODY),
        sqlite_with_rowid=False,
        **MARIADB,
    )


def _receipts(prefix: str, metadata: MetaData) -> Table:
    return Table(
        f"{prefix}receipts",
        metadata,
        _name("tenant", key=True),
        _name("pilot_id", key=True),
        _name("key", key=True),
        _required("fingerprint", String(64)),
        _required("body", BODY),
        sqlite_with_rowid=False,
        **MARIADB,
    )


def _personal(prefix: str, metadata: MetaData) -> Table:
    ref = _required("ref", LONG)
    return Table(
        f"{prefix}personal",
        metadata,
        _name("tenant", key=True),
        _name("pilot_id", key=True),
        _name("subject", key=True),
        ref,
        _required("salt", BODY),
        *_by_long_text(prefix, "personal", ref, "pilot_id"),
        sqlite_with_rowid=False,
        **MARIADB,
    )


def _workflows(prefix: str, metadata: MetaData) -> Table:
    return Table(
        f"{prefix}workflows",
        metadata,
        _name("name", key=True),
        Column("version", BigInteger, primary_key=True, autoincrement=False),
        _required("hash", String(64)),
        _required("body", BODY),
        **MARIADB,
    )


def _subscriptions(prefix: str, metadata: MetaData) -> Table:
    return Table(
        f"{prefix}subscriptions",
        metadata,
        _name("tenant", key=True),
        _name("name", key=True),
        _required("body", BODY),
        sqlite_with_rowid=False,
        **MARIADB,
    )


def _lanes(prefix: str, metadata: MetaData) -> Table:
    return Table(
        f"{prefix}lanes",
        metadata,
        _name("tenant", key=True),
        _name("subscriber", key=True),
        _name("pilot_id", key=True),
        _required("delivered", BigInteger()),
        _required("target", BigInteger()),
        _required("attempts", Integer()),
        Column("due", BigInteger),
        _required("token", BigInteger()),
        _required("claimed", Boolean()),
        _required("parked", Boolean()),
        Column("error", LONG),
        Index(f"{prefix}lanes_by_due", "tenant", "subscriber", "due"),
        sqlite_with_rowid=False,
        **MARIADB,
    )
