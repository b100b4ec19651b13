"""How the parts of the SQL store read: a statement on a borrowed connection, its errors told in our words."""

from collections.abc import Callable, Iterator
from typing import Any

from proeftuin.errors import StoreUnavailable
from proeftuin.storage.sql.connections import Supply
from proeftuin.storage.sql.database import Cursor, Database, Row, Values
from proeftuin.storage.sql.statements import Statement

PAGE = 256


class Access:
    """A database, and where its connections come from."""

    def __init__(self, database: Database, connections: Supply) -> None:
        self._database = database
        self._connections = connections
        self._statements = database.statements

    def _one(self, statement: Statement, values: Values) -> Row | None:
        row: Row | None = self._read(statement, values, _first)
        return row

    def _all(self, statement: Statement, values: Values) -> list[Row]:
        rows: list[Row] = self._read(statement, values, _every)
        return rows

    def _paged(self, statement: Statement, where: Values, behind: Any) -> Iterator[Row]:  # noqa: ANN401  # a first column
        """Give rows in order of their first column, page by page: whoever stops half-way leaves nothing open."""
        while True:
            rows = self._all(statement, {**where, "after": behind, "limit": PAGE})
            yield from rows
            if len(rows) < PAGE:
                return
            behind = rows[-1][0]

    def _read(self, statement: Statement, values: Values, fetch: Callable[[Cursor], Any]) -> Any:  # noqa: ANN401  # the caller narrows it
        try:
            return self._tried(statement, values, fetch)
        except StoreUnavailable:
            if self._connections.hosted:
                raise
            return self._tried(statement, values, fetch)

    def _tried(self, statement: Statement, values: Values, fetch: Callable[[Cursor], Any]) -> Any:  # noqa: ANN401  # the same
        connection = self._connections.take()
        try:
            return fetch(self._database.run(connection, statement, values))
        except self._database.errors as error:
            raise self._database.translated(error) from error
        finally:
            self._connections.give(connection)


def _first(cursor: Cursor) -> Any:  # noqa: ANN401  # a row, or None
    return cursor.fetchone()


def _every(cursor: Cursor) -> list[Row]:
    return list(cursor.fetchall())
