"""What the URL of a SQL database may say, and what is refused without repeating a secret."""

from collections.abc import Callable
from typing import Any

import pytest

from proeftuin.errors import BadArgument
from proeftuin.storage import sql
from proeftuin.storage.sql.mariadb import mariadb_database
from proeftuin.storage.sql.postgresql import postgresql_database
from proeftuin.storage.sql.sqlite import sqlite_database
from proeftuin.storage.sql.tables import tables_in

READERS: dict[str, Callable[[str], Any]] = {
    "sqlite": sqlite_database,
    "postgresql": postgresql_database,
    "mariadb": mariadb_database,
}
BASES = {
    "sqlite": "sqlite:///pilots.db",
    "postgresql": "postgresql+psycopg://ann:hunter2@db.example:5433/pilots",
    "mariadb": "mariadb+pymysql://ann:hunter2@db.example:3307/pilots",
}
PATIENCE = {"sqlite": "busy_timeout", "postgresql": "timeout", "mariadb": "timeout"}
SERVERS = ("postgresql", "mariadb")


@pytest.mark.parametrize("kind", READERS)
def test_a_url_that_says_little_gets_the_defaults(kind: str) -> None:
    """Without options our tables have no prefix and no schema, and others are waited for five seconds."""
    database = READERS[kind](BASES[kind])
    assert (tables_in("", None), 5.0) == (database.statements.tables, database.patience)
    assert (0 if kind == "sqlite" else 10) == database.size


@pytest.mark.parametrize("kind", SERVERS)
def test_a_server_is_named_without_what_is_secret(kind: str) -> None:
    """The name of a database tells host, port and database, but neither user nor password nor option."""
    database = READERS[kind](f"{BASES[kind]}?timeout=3")
    assert f"{kind}://db.example:{database.address.url.port}/pilots" == database.name.replace("mysql", "mariadb")
    assert "hunter2" not in repr(database)


@pytest.mark.parametrize("kind", SERVERS)
def test_our_options_do_not_reach_the_driver(kind: str) -> None:
    """What is ours is taken out of the URL, and what is the driver's stays in it."""
    database = READERS[kind](f"{BASES[kind]}?prefix=pt_&schema=own&pool_size=3&timeout=0.5&connect_timeout=7")
    assert {"connect_timeout": "7"} == dict(database.url.query)
    assert (tables_in("pt_", "own"), 3, 0.5) == (database.statements.tables, database.size, database.patience)


@pytest.mark.parametrize("kind", SERVERS)
def test_each_scheme_of_a_server_means_its_driver(kind: str) -> None:
    """A URL with or without the name of the driver opens the same."""
    drivers = {"postgresql": "postgresql+psycopg", "mariadb": "mariadb+pymysql"}
    for scheme in {"postgresql": ("postgresql", "postgresql+psycopg"), "mariadb": ("mariadb", "mysql+pymysql")}[kind]:
        database = READERS[kind](f"{scheme}://ann@db.example/pilots")
        assert drivers[kind] == database.url.drivername


@pytest.mark.parametrize("kind", READERS)
@pytest.mark.parametrize(
    "wrong",
    [
        "{patience}=soon",
        "{patience}=-1",
        "{patience}=nan",
        "{patience}=inf",
        "{patience}=3601",
        "{patience}=1&{patience}=2",
        "prefix=a&prefix=b",
        "prefix=" + "x" * 25,
        "prefix=" + "%C3%BC" * 13,
        "prefix=a%00",
        "prefix=a%0A",
    ],
)
def test_an_option_that_makes_no_sense_is_refused(kind: str, wrong: str) -> None:
    """A time that is none, an option that is given twice and a prefix that is too long or unprintable are refused."""
    with pytest.raises(BadArgument, match="url") as caught:
        READERS[kind](f"{BASES[kind]}?{wrong.format(patience=PATIENCE[kind])}")
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("kind", SERVERS)
@pytest.mark.parametrize(
    "wrong", ["pool_size=0", "pool_size=-1", "pool_size=many", "pool_size=1001", "pool_size=%C2%B2", "schema=%00"]
)
def test_a_pool_that_makes_no_sense_is_refused(kind: str, wrong: str) -> None:
    """A pool holds 1 to 1000 connections, and the name of a schema can be printed."""
    with pytest.raises(BadArgument, match="url"):
        READERS[kind](f"{BASES[kind]}?{wrong}")


@pytest.mark.parametrize("url", ["sqlite:///pilots.db?schema=own", "sqlite:///pilots.db?pool_size=2"])
def test_a_file_has_neither_schema_nor_pool(url: str) -> None:
    """Options that only servers have are refused for a file."""
    with pytest.raises(BadArgument, match="unknown option"):
        sqlite_database(url)


@pytest.mark.parametrize("kind", READERS)
def test_the_longest_prefix_is_taken(kind: str) -> None:
    """A prefix may have 24 bytes, blanks, quotes and signs included."""
    prefix = 'Ü\'s "best" `pilots` %s: '
    assert 25 == len(prefix.encode())
    database = READERS[kind](f"{BASES[kind]}?prefix={prefix[:-1].replace('%', '%25')}")
    assert prefix[:-1] == database.statements.tables.prefix


@pytest.mark.parametrize(
    "url",
    ["memory://", "oracle://ann:hunter2@db.example/pilots", "pilots.db", "", "mssql+pyodbc://hunter2"],
)
@pytest.mark.parametrize("ask", [sql.upgrade, sql.current])
def test_only_a_sql_database_has_a_schema(ask: Callable[[str], Any], url: str) -> None:
    """A store in memory, another database and what is no URL have no schema to look at, and no secret is repeated."""
    with pytest.raises(BadArgument, match="names no SQL database") as caught:
        ask(url)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("kind", SERVERS)
@pytest.mark.parametrize("ask", [sql.upgrade, sql.current])
def test_a_url_that_cannot_be_read_repeats_no_password(ask: Callable[[str], Any], kind: str) -> None:
    """A port that is no number is refused without telling what stands before it."""
    with pytest.raises(BadArgument, match="no URL of a store") as caught:
        ask(f"{kind}://ann:hunter2@db.example:port/pilots")
    assert "hunter2" not in str(caught.value)
