"""The store over SQL databases, through SQLAlchemy Core. See `store`, and the module of each database.

A database is read from its URL by the module named for its scheme, which loads the driver; so nothing is imported that
is not used.
"""

from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from proeftuin.errors import BadArgument
from proeftuin.storage.sql import schema
from proeftuin.storage.sql.database import translating
from proeftuin.storage.sql.sqlite import open_sqlite
from proeftuin.storage.sql.store import SqlStore, StreamingSqlStore

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["SqlStore", "current", "open_mariadb", "open_postgresql", "open_sqlite", "upgrade"]

_READERS = MappingProxyType(
    {
        "sqlite": ("sqlite", "sqlite_database"),
        "postgresql": ("postgresql", "postgresql_database"),
        "mysql": ("mariadb", "mariadb_database"),
        "mariadb": ("mariadb", "mariadb_database"),
    }
)


def open_postgresql(url: str) -> StreamingSqlStore:
    """Open a store on a PostgreSQL server; see `postgresql.open_postgresql`."""
    from proeftuin.storage.sql import postgresql  # noqa: PLC0415  # loads the driver

    return postgresql.open_postgresql(url)


def open_mariadb(url: str) -> SqlStore:
    """Open a store on a MariaDB server; see `mariadb.open_mariadb`."""
    from proeftuin.storage.sql import mariadb  # noqa: PLC0415  # loads the driver

    return mariadb.open_mariadb(url)


def _database(url: str) -> schema.Upgradable:
    scheme = url.partition("://")[0].partition("+")[0].lower()
    if scheme not in _READERS:
        raise BadArgument("url", "it names no SQL database; write sqlite:///FILE, postgresql://... or mariadb://...")
    module, name = _READERS[scheme]
    reader = getattr(import_module(f"proeftuin.storage.sql.{module}"), name)
    return cast("Callable[[str], schema.Upgradable]", reader)(url)


def upgrade(url: str) -> tuple[str | None, str]:
    """Create the tables of the SQL database at a URL, or bring them to the present version.

    Returns:
        The version that was found, None where there were no tables, and the present one.

    Raises:
        SchemaTooNew: for a version that this library does not know; nothing was written.
        StoreError: where the database fails, or Alembic is not installed.
    """
    database = _database(url)
    with translating(database):
        return schema.upgrade(database), schema.PRESENT


def current(url: str) -> tuple[str | None, str]:
    """Return the version that the tables at a URL have, None where there are none, and the present one."""
    database = _database(url)
    with translating(database):
        connection = database.connect()
        try:
            return schema.revision(database, connection), schema.PRESENT
        finally:
            connection.close()
