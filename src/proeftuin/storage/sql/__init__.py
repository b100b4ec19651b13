"""The store over SQL databases, through SQLAlchemy Core; SQLite for now. See `store` and `sqlite`."""

from proeftuin.storage.sql.sqlite import open_sqlite
from proeftuin.storage.sql.store import SqlStore

__all__ = ["SqlStore", "open_sqlite"]
