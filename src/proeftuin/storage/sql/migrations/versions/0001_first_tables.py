"""The first tables: pilots, events, receipts, personal, workflows."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the first tables."""
    _pilots()
    op.create_table(
        "events",
        sa.Column("tenant", sa.String(255), primary_key=True),
        sa.Column("pilot_id", sa.String(255), primary_key=True),
        sa.Column("version", sa.BigInteger, primary_key=True),
        sa.Column("type", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "receipts",
        sa.Column("tenant", sa.String(255), primary_key=True),
        sa.Column("pilot_id", sa.String(255), primary_key=True),
        sa.Column("key", sa.String(255), primary_key=True),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "personal",
        sa.Column("tenant", sa.String(255), primary_key=True),
        sa.Column("pilot_id", sa.String(255), primary_key=True),
        sa.Column("subject", sa.String(64), primary_key=True),
        sa.Column("ref", sa.Text, nullable=False),
        sa.Column("salt", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "workflows",
        sa.Column("name", sa.String(255), primary_key=True),
        sa.Column("version", sa.BigInteger, primary_key=True),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )


def _pilots() -> None:
    op.create_table(
        "pilots",
        sa.Column("tenant", sa.String(255), primary_key=True),
        sa.Column("id", sa.String(255), primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("ref", sa.String(255)),
        sa.Column("workflow", sa.String(255), nullable=False),
        sa.Column("workflow_version", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String(255), nullable=False),
        sa.Column("phase", sa.String(255), nullable=False),
        sa.Column("outcome", sa.String(255)),
        sa.Column("hold", sa.String(255), nullable=False),
        sa.Column("organisation", sa.Text),
        sa.Column("programme", sa.Text),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Column("fold", sa.Integer, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("track_states", sa.Text, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("tenant", "ref", name="pilots_by_ref"),
    )
    for name in ("workflow", "state", "phase", "organisation", "programme"):
        op.create_index(f"pilots_by_{name}", "pilots", ["tenant", name, "id"])
    op.create_index("pilots_by_update", "pilots", ["tenant", "updated_at"])
