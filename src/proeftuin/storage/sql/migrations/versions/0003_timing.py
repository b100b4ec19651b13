"""When a pilot is due and overdue, on which calendar that was counted, which signals are up.

SQLite reads a row from its beginning, so there what is asked often has to stand before the body: the table is written
anew. The others keep a long body elsewhere, and get columns at the end.
"""

from typing import Any

import sqlalchemy as sa
from alembic import context, op
from sqlalchemy.dialects import mysql

revision = "0003"
down_revision = "0002"

NAME = sa.String(255).with_variant(sa.String(255, collation="C"), "postgresql")
WORD = sa.String(64).with_variant(sa.String(64, collation="C"), "postgresql")
LONG = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
BODY = sa.LargeBinary().with_variant(mysql.LONGBLOB(), "mysql", "mariadb")

COPIED = (
    "tenant", "id", "version", "ref", "workflow", "workflow_version", "state", "phase", "outcome", "hold",
    "organisation", "programme", "created_at", "updated_at", "undelivered_since", "fold", "digest", "track_states",
    "body",
)  # fmt: skip


def upgrade() -> None:
    """Add the columns and their indexes. MariaDB commits each statement, so each can be repeated."""
    dialect = op.get_context().dialect.name
    if dialect == "sqlite":
        _write_anew()
    else:
        for column in _timing():
            _add(column)
    for name in ("due", "overdue"):
        held = sa.text(f"{name}_at IS NOT NULL")
        _index(f"pilots_by_{name}", "tenant", f"{name}_at", "id", sqlite_where=held, postgresql_where=held)
    signalled = sa.text("signals <> '[]'")
    _index("pilots_by_signal", "tenant", "id", sqlite_where=signalled, postgresql_where=signalled)
    _index("pilots_by_calendar", "tenant", "calendar", "id")


def _timing() -> "tuple[sa.Column[Any], ...]":
    return (
        sa.Column("due_at", sa.BigInteger),
        sa.Column("overdue_at", sa.BigInteger),
        sa.Column("calendar", WORD, nullable=False, server_default=""),
        sa.Column("signals", LONG, nullable=False, server_default="[]"),
    )


def _add(column: "sa.Column[Any]") -> None:
    op.add_column(_named("pilots"), column, schema=_schema(), if_not_exists=True)


def _write_anew() -> None:
    """Copy the table of SQLite, where the whole upgrade is one transaction."""
    old, new = _named("pilots"), _named("pilots_0003")
    op.create_table(new, *_columns(), sa.UniqueConstraint("tenant", "ref", name=_named("pilots_by_ref")))
    source = sa.table(old, *map(sa.column, COPIED))
    op.execute(sa.insert(sa.table(new, *map(sa.column, COPIED))).from_select(COPIED, sa.select(*source.c)))
    op.drop_table(old)
    op.rename_table(new, old)
    for name in ("workflow", "state", "phase", "organisation", "programme"):
        _index(f"pilots_by_{name}", "tenant", name, "id")
    _index("pilots_by_update", "tenant", "updated_at")
    _index("pilots_by_place", "tenant", "phase", "state")
    marked = sa.text("undelivered_since IS NOT NULL")
    _index("pilots_by_news", "tenant", "undelivered_since", sqlite_where=marked)


def _columns() -> "tuple[sa.Column[Any], ...]":
    due_at, overdue_at, calendar, signals = _timing()
    return (
        sa.Column("tenant", NAME, primary_key=True),
        sa.Column("id", NAME, primary_key=True),
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
        due_at,
        overdue_at,
        calendar,
        sa.Column("track_states", LONG, nullable=False),
        signals,
        sa.Column("body", BODY, nullable=False),
    )


def _schema() -> str | None:
    schema: str | None = context.config.attributes["schema"]
    return schema


def _named(name: str) -> str:
    return f"{context.config.attributes['prefix']}{name}"


def _index(name: str, *columns: str, **options: Any) -> None:  # noqa: ANN401  # those of Alembic
    op.create_index(_named(name), _named("pilots"), columns, schema=_schema(), if_not_exists=True, **options)
