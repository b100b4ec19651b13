"""The tables. Migrations make them; a test compares what they made with what is declared here.

Times are microseconds since 1970 UTC, bodies the canonical JSON exactly as hashed. Every key begins with the tenant.
Wide columns stand last, so that what is asked often is read without them.
"""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, String, Table, Text, UniqueConstraint

METADATA = MetaData()

PILOTS = Table(
    "pilots",
    METADATA,
    Column("tenant", String(255), primary_key=True),
    Column("id", String(255), primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("ref", String(255)),
    Column("workflow", String(255), nullable=False),
    Column("workflow_version", BigInteger, nullable=False),
    Column("state", String(255), nullable=False),
    Column("phase", String(255), nullable=False),
    Column("outcome", String(255)),
    Column("hold", String(255), nullable=False),
    Column("organisation", Text),
    Column("programme", Text),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Column("fold", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("track_states", Text, nullable=False, doc="a JSON list, so that a state in it is found exactly"),
    Column("body", LargeBinary, nullable=False),
    UniqueConstraint("tenant", "ref", name="pilots_by_ref"),
    Index("pilots_by_workflow", "tenant", "workflow", "id"),
    Index("pilots_by_state", "tenant", "state", "id"),
    Index("pilots_by_phase", "tenant", "phase", "id"),
    Index("pilots_by_organisation", "tenant", "organisation", "id"),
    Index("pilots_by_programme", "tenant", "programme", "id"),
    Index("pilots_by_update", "tenant", "updated_at"),
)

EVENTS = Table(
    "events",
    METADATA,
    Column("tenant", String(255), primary_key=True),
    Column("pilot_id", String(255), primary_key=True),
    Column("version", BigInteger, primary_key=True),
    Column("type", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("body", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

RECEIPTS = Table(
    "receipts",
    METADATA,
    Column("tenant", String(255), primary_key=True),
    Column("pilot_id", String(255), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("body", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

PERSONAL = Table(
    "personal",
    METADATA,
    Column("tenant", String(255), primary_key=True),
    Column("pilot_id", String(255), primary_key=True),
    Column("subject", String(64), primary_key=True),
    Column("ref", Text, nullable=False),
    Column("salt", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

WORKFLOWS = Table(
    "workflows",
    METADATA,
    Column("name", String(255), primary_key=True),
    Column("version", BigInteger, primary_key=True),
    Column("hash", String(64), nullable=False),
    Column("body", LargeBinary, nullable=False),
)
