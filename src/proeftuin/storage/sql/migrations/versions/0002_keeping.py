"""What keepers ask: how many pilots lie where, and in which pilots a ref is known."""

from typing import Any

import sqlalchemy as sa
from alembic import context, op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the indexes. MariaDB commits each statement, so each can be repeated where an upgrade was cut off."""
    _index("pilots_by_place", "pilots", "tenant", "phase", "state")
    on_postgresql = op.get_context().dialect.name == "postgresql"  # whose index holds no more than a third of a page
    held = sa.text("substr(ref, 1, 255)") if on_postgresql else "ref"
    _index("personal_by_ref", "personal", "tenant", held, "pilot_id", mariadb_length={"ref": 255})


def _index(name: str, table: str, *columns: str | sa.TextClause, **options: Any) -> None:  # noqa: ANN401  # those of Alembic
    prefix, schema = context.config.attributes["prefix"], context.config.attributes["schema"]
    op.create_index(f"{prefix}{name}", f"{prefix}{table}", columns, schema=schema, if_not_exists=True, **options)
