"""What a database itself says about its clients: their sessions, those at work; and how one is ended.

A file has no sessions: nobody is ever there.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, NullPool, create_engine, text

from tests.stores import TENANT

ACTIVITY = """
    SELECT pid, state = 'active' AS works FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


ASKED = 5000  # times, at which no server is so slow


class Watch:
    """A connection of its own, which is not counted."""

    def __init__(self, connection: Connection | None) -> None:
        self._connection = connection

    def sessions(self) -> set[int]:
        """The clients of this database."""
        return set(self._at_work())

    def busy(self) -> set[int]:
        """Those of them that are in the middle of a statement."""
        return {session for session, works in self._at_work().items() if works}

    def end(self, session: int) -> None:
        """End a client's session, and return when the server has forgotten it."""
        self.run(f"SELECT pg_terminate_backend({session})" if self._is_postgresql else f"KILL {session}")
        while session in self.sessions():
            pass

    def left(self, expected: int) -> int:
        """How many clients there are: a server forgets one a moment after it left, so it is asked more than once."""
        for _ in range(ASKED):
            found = len(self.sessions())
            if found <= expected:
                return found
        return len(self.sessions())

    def alone(self) -> None:
        """Return when no other client is left: what one did that was killed is then done or undone."""
        while self.sessions():
            pass

    def run(self, *statements: str) -> None:
        """Run statements, each for itself."""
        for one in statements:
            self._connected.exec_driver_sql(one)

    def _at_work(self) -> dict[int, bool]:
        if self._connection is None:
            return {}
        if self._is_postgresql:
            return {row.pid: row.works for row in self._connection.exec_driver_sql(ACTIVITY)}
        mine, here = self._connection.exec_driver_sql("SELECT connection_id(), database()").one()
        shown = self._connection.exec_driver_sql("SHOW PROCESSLIST")  # a query would make a table in a file
        return {row.Id: row.Command == "Query" for row in shown if row.db == here and row.Id != mine}

    @property
    def _connected(self) -> Connection:
        assert self._connection is not None, "a file has no sessions"
        return self._connection

    @property
    def _is_postgresql(self) -> bool:
        return self._connected.dialect.name == "postgresql"


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
