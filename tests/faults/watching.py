"""What a database itself says about its clients: their sessions, those at work; and how one is ended.

A file has no sessions: nobody is ever there.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from types import MappingProxyType

from sqlalchemy import Connection, NullPool, create_engine, text

from tests.stores import TENANT

SESSIONS = MappingProxyType(
    {
        "postgresql": "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
        "mariadb": "SELECT id FROM information_schema.processlist WHERE db = database() AND id <> connection_id()",
    }
)
BUSY = MappingProxyType(
    {
        "postgresql": SESSIONS["postgresql"] + " AND state = 'active'",
        "mariadb": SESSIONS["mariadb"] + " AND command = 'Query'",
    }
)
END = MappingProxyType({"postgresql": "SELECT pg_terminate_backend({})", "mariadb": "KILL {}"})


class Watch:
    """A connection of its own, which is not counted."""

    def __init__(self, connection: Connection | None) -> None:
        self._connection = connection

    def sessions(self) -> set[int]:
        """The clients of this database."""
        return self._asked(SESSIONS)

    def busy(self) -> set[int]:
        """Those of them that are in the middle of a statement."""
        return self._asked(BUSY)

    def end(self, session: int) -> None:
        """End a client's session, and return when the server has forgotten it."""
        self._run(END[self._dialect].format(session))
        while session in self.sessions():
            pass

    def alone(self) -> None:
        """Return when no other client is left: what one did that was killed is then done or undone."""
        while self.sessions():
            pass

    def run(self, *statements: str) -> None:
        """Run statements, each for itself."""
        for one in statements:
            self._run(one)

    @property
    def _dialect(self) -> str:
        assert self._connection is not None, "a file has no sessions"
        return "postgresql" if self._connection.dialect.name == "postgresql" else "mariadb"

    def _asked(self, texts: "MappingProxyType[str, str]") -> set[int]:
        if self._connection is None:
            return set()
        return {row[0] for row in self._connection.exec_driver_sql(texts[self._dialect])}

    def _run(self, statement: str) -> None:
        assert self._connection is not None, "a file has no sessions"
        self._connection.exec_driver_sql(statement)


@contextmanager
def watching(url: str) -> Iterator[Watch]:
    """Watch the database at a URL."""
    if url.startswith("sqlite"):
        yield Watch(None)
        return
    with create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT").connect() as connection:
        yield Watch(connection)


@contextmanager
def locked(url: str, pilot_id: str) -> Iterator[None]:
    """Hold the row of a pilot for the length of a block, as another application would in a transaction of its own."""
    with create_engine(url, poolclass=NullPool).connect() as connection:
        row = text("SELECT id FROM pilots WHERE tenant = :tenant AND id = :id FOR UPDATE")
        connection.execute(row, {"tenant": TENANT, "id": pilot_id})
        yield
        connection.rollback()
