"""Columns as arrays of PostgreSQL: a real server gives back what it was given, whoever opened the connection."""

from typing import Any

import psycopg
import pytest
from psycopg.adapt import AdaptersMap
from psycopg.postgres import register_default_adapters
from sqlalchemy import BigInteger, Integer, LargeBinary, String, Text, make_url
from sqlalchemy.types import TypeEngine

from proeftuin.storage.sql.arrays import column
from proeftuin.storage.sql.postgresql import UNBINDABLE

GIVEN: dict[str, list[tuple[TypeEngine[Any], list[Any]]]] = {
    "text[]": [
        (String(), ["p1", "", "Käthe", '{"a", NULL}', "NULL"]),
        (String(), ["p1", None, "", None]),
        (Text(), ["[]"] * 3),
        (Text(), [None] * 3),
    ],
    "bigint[]": [
        (BigInteger(), [0, 1, -1, 2**63 - 1, -(2**63)]),
        (BigInteger(), [None, 5]),
        (BigInteger(), [None]),
        (Integer(), [5] * 4),
    ],
    "bytea[]": [
        (LargeBinary(), [b"", b"\0\xff", b"x" * 70_000]),
        (LargeBinary(), [b"same", None, b"same"]),
        (LargeBinary(), [b"\0"] * 2),
    ],
}
COLUMNS = [(name, *one) for name, some in GIVEN.items() for one in some]


def connected(url: str, context: AdaptersMap | None = None) -> "psycopg.Connection[Any]":
    return psycopg.connect(make_url(url).set(drivername="postgresql").render_as_string(), context=context)


@pytest.mark.parametrize(("name", "kind", "values"), COLUMNS)
def test_a_column_comes_back_as_it_was_given(
    postgresql_url: str, name: str, kind: TypeEngine[Any], values: list[Any]
) -> None:
    """Each cell is what it was, NULL is NULL, and the server takes the array for what the column is."""
    with connected(postgresql_url) as connection:
        rows = connection.execute("SELECT unnest(%(it)b), pg_typeof(%(it)b)::text", {"it": column(kind, values)})
        assert [(one, name) for one in values] == rows.fetchall()


def test_a_connection_that_was_opened_before_takes_a_column_as_a_list(postgresql_url: str) -> None:
    """A driver that was never told of columns gives back the same."""
    context = AdaptersMap(types=psycopg.adapters.types)
    register_default_adapters(context)
    with connected(postgresql_url, context) as connection:
        for name, kind, values in COLUMNS:
            rows = connection.execute(f"SELECT unnest(%b::{name})", [column(kind, values)])
            assert [(one,) for one in values] == rows.fetchall()


@pytest.mark.parametrize(
    ("kind", "values"), [(BigInteger(), [1, 2**63]), (BigInteger(), [2**63]), (String(), ["a", "\ud800"])]
)
def test_what_no_column_can_hold_is_told_as_that(kind: TypeEngine[Any], values: list[Any]) -> None:
    """What fits no cell is one of the errors that are told as a value that cannot be kept."""
    with pytest.raises(UNBINDABLE):
        column(kind, values).dumped()
