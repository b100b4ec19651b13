"""The first tables: pilots, events, receipts, personal, workflows, subscriptions, lanes."""

from typing import Any

import sqlalchemy as sa
from alembic import context, op
from sqlalchemy.dialects import mysql

revision = "0001"
down_revision = None

NAME = sa.String(255).with_variant(sa.String(255, collation="C"), "postgresql")
WORD = sa.String(64).with_variant(sa.String(64, collation="C"), "postgresql")
LONG = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
BODY = sa.LargeBinary().with_variant(mysql.LONGBLOB(), "mysql", "mariadb")
OPTIONS: dict[str, Any] = {
    "mariadb_engine": "InnoDB",
    "mariadb_default_charset": "utf8mb4",
    "mariadb_collate": "utf8mb4_nopad_bin",
    "mariadb_row_format": "DYNAMIC",
    "if_not_exists": True,
}


def upgrade() -> None:
    """Make the first tables. MariaDB commits each statement, so each can be repeated where an upgrade was cut off."""
    _pilots()
    _histories()
    _personal()
    _workflows()
    _lanes()


def _pilots() -> None:
    _table(
        "pilots",
        _key("tenant"),
        _key("id"),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("ref", NAME),
        sa.Column("workflow", NAME, nullable=False),
        sa.Column("workflow_version", sa.BigInteger, nullable=False),
        sa.Column("state", NAME, nullable=False),
        sa.Column("phase", NAME, nullable=False),
        sa.Column("outcome", NAME),
        sa.Column("hold", NAME, nullable=False),
        sa.Column("organisation", LONG),
        sa.Column("programme", LONG),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Column("undelivered_since", sa.BigInteger),
        sa.Column("fold", sa.Integer, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("track_states", LONG, nullable=False),
        sa.Column("body", BODY, nullable=False),
        sa.UniqueConstraint("tenant", "ref", name=f"{_prefix()}pilots_by_ref"),
    )
    for name in ("workflow", "state", "phase"):
        _index(f"pilots_by_{name}", "pilots", "tenant", name, "id")
    on_postgresql = op.get_context().dialect.name == "postgresql"  # whose index holds no more than a third of a page
    for name in ("organisation", "programme"):
        held = sa.text(f"substr({name}, 1, 255)") if on_postgresql else name
        _index(f"pilots_by_{name}", "pilots", "tenant", held, "id", mariadb_length={name: 255})
    _index("pilots_by_update", "pilots", "tenant", "updated_at")
    marked = sa.text("undelivered_since IS NOT NULL")
    _index("pilots_by_news", "pilots", "tenant", "undelivered_since", sqlite_where=marked, postgresql_where=marked)
    if on_postgresql:
        _pack_faster("pilots")


def _pack_faster(name: str) -> None:
    """Let PostgreSQL pack bodies by lz4, where it can: a commit, which writes a head, takes an eighth less time."""
    connection = op.get_bind()
    asked = "SELECT 'lz4' = ANY (enumvals) FROM pg_settings WHERE name = 'default_toast_compression'"
    if connection.exec_driver_sql(asked).scalar():
        place = sa.table(f"{_prefix()}{name}", schema=context.config.attributes["schema"])
        named = connection.dialect.identifier_preparer.format_table(place)
        connection.exec_driver_sql(f"ALTER TABLE {named} ALTER COLUMN body SET COMPRESSION lz4")


def _histories() -> None:
    _table(
        "events",
        _key("tenant"),
        _key("pilot_id"),
        sa.Column("version", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("type", WORD, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("body", BODY, nullable=False),
        sqlite_with_rowid=False,
    )
    _table(
        "receipts",
        _key("tenant"),
        _key("pilot_id"),
        _key("key"),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("body", BODY, nullable=False),
        sqlite_with_rowid=False,
    )


def _personal() -> None:
    _table(
        "personal",
        _key("tenant"),
        _key("pilot_id"),
        _key("subject"),
        sa.Column("ref", LONG, nullable=False),
        sa.Column("salt", BODY, nullable=False),
        sqlite_with_rowid=False,
    )


def _workflows() -> None:
    _table(
        "workflows",
        _key("name"),
        sa.Column("version", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("body", BODY, nullable=False),
    )


def _lanes() -> None:
    _table(
        "subscriptions",
        _key("tenant"),
        _key("name"),
        sa.Column("body", BODY, nullable=False),
        sqlite_with_rowid=False,
    )
    _table(
        "lanes",
        _key("tenant"),
        _key("subscriber"),
        _key("pilot_id"),
        sa.Column("delivered", sa.BigInteger, nullable=False),
        sa.Column("target", sa.BigInteger, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("due", sa.BigInteger),
        sa.Column("token", sa.BigInteger, nullable=False),
        sa.Column("claimed", sa.Boolean, nullable=False),
        sa.Column("parked", sa.Boolean, nullable=False),
        sa.Column("error", LONG),
        sqlite_with_rowid=False,
    )
    _index("lanes_by_due", "lanes", "tenant", "subscriber", "due")


def _prefix() -> str:
    prefix: str = context.config.attributes["prefix"]
    return prefix


def _key(name: str) -> "sa.Column[str]":
    return sa.Column(name, NAME, primary_key=True)


def _table(name: str, *parts: sa.schema.SchemaItem, **options: Any) -> None:  # noqa: ANN401  # those of Alembic
    op.create_table(f"{_prefix()}{name}", *parts, schema=context.config.attributes["schema"], **OPTIONS, **options)


def _index(name: str, table: str, *columns: str | sa.TextClause, **options: Any) -> None:  # noqa: ANN401  # those of Alembic
    schema = context.config.attributes["schema"]
    op.create_index(f"{_prefix()}{name}", f"{_prefix()}{table}", columns, schema=schema, if_not_exists=True, **options)
