"""The schema of a database: which version it has, and how it gets the present one.

The version is read with plain SQL at each open. Alembic, which takes 200 ms to import, is called only to create or to
upgrade. It runs inside one immediate transaction: of two processes at once one does the work and the other finds it
done, and a process that dies on the way leaves nothing behind.
"""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import cast

from sqlalchemy import Connection, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from proeftuin.errors import SchemaTooNew, StoreUnavailable
from proeftuin.storage.sql.faults import translated
from proeftuin.storage.sql.tables import METADATA

VERSION_TABLE = "proeftuin_version"
REVISIONS = ("0001",)  # in order; a test compares them with the migrations that are shipped
PRESENT = REVISIONS[-1]
MIGRATIONS = Path(__file__).parent / "migrations"


def revision(connection: sqlite3.Connection) -> str | None:
    """Return the version of a database, None where there are no tables of ours."""
    known = connection.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (VERSION_TABLE,))
    if known.fetchone() is None:
        return None
    row = connection.execute(f"SELECT version_num FROM {VERSION_TABLE}").fetchone()  # noqa: S608  # a constant
    return None if row is None else str(row[0])


def refuse_newer(found: str | None, name: str) -> None:
    """Refuse a version that this library does not know, before anything is written.

    Raises:
        SchemaTooNew: naming both versions.
    """
    if found is not None and found not in REVISIONS:
        raise SchemaTooNew(
            f"{name} has schema {found}, and this version of proeftuin knows up to {PRESENT}; "
            "nothing was touched: open it with the version that wrote it, or a later one"
        )


def refuse_foreign(connection: sqlite3.Connection, name: str) -> None:
    """Refuse a database where another application has tables of our names; its other tables are left alone.

    Raises:
        StoreUnavailable: naming the tables.
    """
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")}
    taken = sorted(tables.intersection(METADATA.tables))
    if taken:
        raise StoreUnavailable(
            f"{name} has tables {', '.join(taken)} of another application; nothing was touched, name another file"
        )


def upgrade(opened: Callable[[], sqlite3.Connection], name: str) -> None:
    """Create the tables, or bring them to the present version; does nothing where another process just did.

    Args:
        opened: gives a connection; it is closed again.
        name: the database, as the user wrote it.

    Raises:
        StoreUnavailable: where Alembic is not installed.
    """
    engine = create_engine("sqlite://", creator=opened, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            found = revision(cast("sqlite3.Connection", connection.connection.dbapi_connection))
            refuse_newer(found, name)
            if found != PRESENT:
                _run_alembic(connection, name)
            connection.exec_driver_sql("COMMIT")
    except DBAPIError as error:
        raise translated(error.orig or error, name) from error.orig


def _run_alembic(connection: Connection, name: str) -> None:
    try:
        from alembic import command  # noqa: PLC0415  # 200 ms that an existing database does not need
        from alembic.config import Config  # noqa: PLC0415  # the same
    except ImportError as error:
        raise StoreUnavailable(f"{name} needs its tables made or changed; pip install proeftuin[sql]") from error
    config = Config()
    config.set_main_option("script_location", MIGRATIONS.as_posix().replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
