"""A database as the plain text of statements, one behind the other, each of which a driver runs as it stands."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, NullPool, create_engine, event, select

from proeftuin.storage.sql.tables import tables_in

END = ";\n"  # between two statements, and in none of them
AS_IT_IS = {"no_parameters": True}  # a percent sign is one
MAKES = ("ALTER ", "CREATE ", "INSERT ", "UPDATE ")  # what an upgrade asks is not kept
PACKS = "SET COMPRESSION"  # nor how PostgreSQL is to pack values


@contextmanager
def heard() -> Iterator[list[str]]:
    """The statements with which an upgrade makes the tables, as they are run."""
    statements: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.strip().startswith(MAKES) and PACKS not in statement:
            statements.append(statement.strip())

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", hear)


def rows(url: str, kind: str) -> list[str]:
    """A statement for each row of our tables, in order of their keys."""
    literal, quote = LITERALS[kind], QUOTE[kind]
    engine, made = create_engine(url, poolclass=NullPool), list[str]()
    with engine.connect() as connection:
        for table in tables_in().metadata.tables.values():
            for row in connection.execute(select(table).order_by(*table.primary_key.columns)):
                columns = ", ".join(f"{quote}{column.name}{quote}" for column in table.columns)
                values = ", ".join(map(literal, row))
                made.append(f"INSERT INTO {table.name} ({columns}) VALUES ({values})")  # noqa: S608  # quoted above
    return made


def joined(statements: list[str]) -> str:
    """The text of statements."""
    assert [] == [one for one in statements if END in one]
    return END.join([*statements, ""])


def run(url: str, text: str) -> None:
    """Run the statements of a text, all or none where the database can."""
    with create_engine(url, poolclass=NullPool).begin() as connection:
        for statement in text.split(END)[:-1]:
            connection.exec_driver_sql(statement, execution_options=AS_IT_IS)


QUOTE = {"postgresql": '"', "mariadb": "`"}


def _postgresql(value: Any) -> str:
    if isinstance(value, bytes):
        return f"'\\x{value.hex()}'"
    return _plain(value) or "'" + value.replace("'", "''") + "'"


def _mariadb(value: Any) -> str:
    if isinstance(value, bytes):
        return f"X'{value.hex()}'"
    return _plain(value) or "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


def _plain(value: Any) -> str | None:
    if value is None:
        return "NULL"
    return str(value).upper() if isinstance(value, int) else None


LITERALS: dict[str, Callable[[Any], str]] = {"postgresql": _postgresql, "mariadb": _mariadb}
