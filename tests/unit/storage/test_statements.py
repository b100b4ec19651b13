"""The statements of the SQL store: every value bound, every question answered by an index."""

import re
from pathlib import Path

import pytest
from sqlalchemy import Dialect
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.mysql import mariadb
from sqlalchemy.dialects.postgresql import psycopg

from proeftuin.storage import open_store
from proeftuin.storage.sql import SqlStore
from proeftuin.storage.sql.statements import FILTERS, Statement, Statements
from proeftuin.storage.sql.tables import tables_in
from proeftuin.storage.sql.timing import TimingStatements
from tests.stores import path_url

DIALECTS = {
    "sqlite": sqlite.dialect(paramstyle="qmark"),
    "postgresql": psycopg.dialect(),  # type: ignore[no-untyped-call]  # SQLAlchemy's own
    "mariadb": mariadb.MariaDBDialect(paramstyle="pyformat"),
}
# What is asked for beside the columns themselves.
GIVEN = {
    "at_tenant",
    "at_id",
    "have",
    "expected",
    "after",
    "upto",
    "limit",
    "track_state",
    "signal",
    "overdue",
    "updated_after",
    "after_at",
    "after_id",
    "now",
}
NO_SIGNAL = "!= '[]'"  # so that an index of those that have one is used
ODD = "a'\"` %s:b ü"


class Asked(dict[str, object]):
    """Values that remember which of them were asked for."""

    def __missing__(self, name: str) -> object:
        self[name] = name
        return name


def texts(statements: Statements) -> list[Statement]:
    fixed = [text for text in vars(statements).values() if isinstance(text, Statement)]
    timing = TimingStatements(statements)
    timed = [timing.due, timing.timed_on, timing.retime]
    return fixed + timed + [statements.find(name) for name in FILTERS]


def bound(text: Statement) -> set[str]:
    """The names of the values that a statement takes."""
    asked = Asked()
    assert text.count("?") == len(text.pick(asked))
    return {*asked, *re.findall(r"%\((\w+)\)s", text)}


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=DIALECTS)
def test_every_value_of_a_statement_is_bound_by_name(dialect: Dialect) -> None:
    """No statement carries a value of its own: each has only parameters that the store gives."""
    statements = Statements(dialect, tables_in())
    found = texts(statements)
    assert len(found) > 15
    names = set().union(*map(bound, found))
    columns = {column.name for table in statements.tables.metadata.tables.values() for column in table.c}
    assert {"at_tenant", "tenant"} <= names
    assert set() == names - columns - GIVEN
    assert [] == [text for text in found if "'" in text.replace(NO_SIGNAL, "")]


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=DIALECTS)
def test_a_prefix_and_a_schema_stand_before_every_table(dialect: Dialect) -> None:
    """With an odd prefix and schema each statement names its tables in that place, quoted as the database wants it."""
    quote = dialect.identifier_preparer
    names = [f"{ODD}{name}" for name in ("pilots", "events", "receipts", "personal", "workflows")]
    places = [f"{quote.quote_schema(ODD)}.{quote.quote(name)}" for name in names]
    assert [] == [text for text in texts(Statements(dialect, tables_in(ODD, ODD))) if not _names(text, places)]


WORDS = ("FROM", "UPDATE", "INTO", "JOIN")


def _names(text: str, places: list[str]) -> bool:
    named = re.findall(r"(?:(?<!DISTINCT )FROM|UPDATE|INTO|JOIN) (\S)", text)
    return 0 < len(named) == sum(text.count(f"{word} {place}") for place in places for word in WORDS)


def plan(folder: Path, name: str) -> str:
    """How SQLite answers a question with one filter."""
    store = open_store(path_url(folder / "pilots.db"))
    assert isinstance(store, SqlStore)
    connection = store._connections.take()
    text = store._statements.find(name)
    values = dict.fromkeys(FILTERS, "x") | {"at_tenant": "t", "limit": 10, "updated_after": 1, "overdue": 1}
    steps = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {text}", text.pick(values))]
    store._connections.give(connection)
    store.close()
    return "; ".join(steps)


@pytest.mark.parametrize("name", [name for name in FILTERS if name not in ("workflow_version", "track_state")])
def test_each_filter_uses_an_index(tmp_path: Path, name: str) -> None:
    """The plan of each filter is a search and never a scan of all pilots."""
    assert plan(tmp_path, name).startswith("SEARCH pilots USING INDEX")


def test_only_pages_by_instants_are_sorted(tmp_path: Path) -> None:
    """A page by any filter but an instant comes from its index in order of id, without a sort."""
    assert {"updated_after", "overdue"} == {name for name in FILTERS if "TEMP B-TREE" in plan(tmp_path, name)}
