"""The schema of a database: which version it has, and how it gets the present one.

The version is read with plain SQL at each open. Alembic, which takes 200 ms to import, is called only to create or to
upgrade. An embedded database is upgraded when it is opened, a server's never without being asked: `proeftuin db
upgrade`. Of two processes at once one does the work and the other finds it done. One that dies on the way leaves
nothing behind where the database can undo DDL; MariaDB cannot, so there each statement of a migration can be repeated,
and the version is written last.
"""

from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection, column, create_engine, select, table
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from proeftuin.errors import SchemaTooNew, SchemaTooOld, StoreUnavailable
from proeftuin.storage.sql.database import Database

REVISIONS = ("0001", "0002", "0003")  # in order; a test compares them with the migrations that are shipped
PRESENT = REVISIONS[-1]
MIGRATIONS = Path(__file__).parent / "migrations"


class Upgradable(Database, Protocol):
    """A database whose schema can be changed by one process at a time."""

    @property
    def url(self) -> Any:  # noqa: ANN401  # a text or a URL
        """What SQLAlchemy takes the dialect from."""

    def connect(self) -> Any:  # noqa: ANN401  # the driver's own connection
        """Open a connection without what the pool asks of it."""

    def prepare(self) -> object:
        """Make what is upgraded, where that is ours to make."""

    def alone(self, connection: Connection) -> None:
        """Begin to change the schema, when no other process does."""

    def done(self, connection: Connection) -> None:
        """Keep what was changed, and let others go on."""


def revision(database: Database, connection: Any) -> str | None:  # noqa: ANN401  # the driver's own connection
    """Return the version of the schema, None where there are no tables of ours.

    Raises:
        SchemaTooNew: for a version that this library does not know; nothing was written.
        StoreUnavailable: where another application has tables of our names; its other tables are left alone.
    """
    tables = database.statements.tables
    names = database.names_taken(connection)
    found = None
    if tables.version_table in names:
        version = table(tables.version_table, column("version_num"), schema=tables.schema)
        row = database.run(connection, database.statements.text(select(version.c.version_num)), {}).fetchone()
        found = None if row is None else str(row[0])
    if found is not None and found not in REVISIONS:
        raise SchemaTooNew(
            f"{database.name} has schema {found}, and this version of proeftuin knows up to {PRESENT}; "
            "nothing was touched: open it with the version that wrote it, or a later one"
        )
    if tables.version_table not in names and (taken := sorted(names & tables.names)):
        raise StoreUnavailable(
            f"{database.name} has {', '.join(taken)} of another application; nothing was touched: "
            "name another database, or give ours a ?prefix="
        )
    return found


def require_present(database: Database, connection: Any) -> None:  # noqa: ANN401  # the driver's own connection
    """Refuse a server's schema that is not the present one.

    Raises:
        SchemaTooOld: saying how to upgrade it.
    """
    found = revision(database, connection)
    if found != PRESENT:
        has = (
            "has no tables of proeftuin yet" if found is None else f"has schema {found}, which is older than {PRESENT}"
        )
        raise SchemaTooOld(f"{database.name} {has}; run `proeftuin db upgrade --store URL` once, nothing was touched")


def upgrade(database: Upgradable) -> str | None:
    """Create the tables, or bring them to the present version; does nothing where another process just did.

    Returns:
        The version that was found.

    Raises:
        StoreUnavailable: where Alembic is not installed.
        SchemaTooNew: for a version that this library does not know; nothing was written.
    """
    database.prepare()
    engine = create_engine(database.url, creator=database.open, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            database.alone(connection)
            found = revision(database, connection.connection.dbapi_connection)
            if found != PRESENT:
                _run_alembic(database, connection)
            database.done(connection)
            return found
    except DBAPIError as error:
        raise database.translated(error.orig or error) from error.orig
    finally:
        engine.dispose()


def _run_alembic(database: Database, connection: Connection) -> None:
    try:
        from alembic import command  # noqa: PLC0415  # 200 ms that an existing database does not need
        from alembic.config import Config  # noqa: PLC0415  # the same
    except ImportError as error:
        raise StoreUnavailable(
            f"{database.name} needs its tables made or changed; pip install proeftuin[sql]"
        ) from error
    config = Config()
    config.set_main_option("script_location", MIGRATIONS.as_posix().replace("%", "%%"))
    config.attributes["connection"] = connection
    config.attributes["tables"] = database.statements.tables
    command.upgrade(config, "head")
