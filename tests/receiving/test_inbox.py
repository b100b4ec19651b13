import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import psycopg
import pymysql.cursors
import pytest
from attrs import evolve
from psycopg.rows import dict_row
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.engine import Engine as Database
from sqlalchemy.orm import Session

from proeftuin import BadArgument
from proeftuin.receiving import Gap, Inbox
from tests.sinks.parcels import STRANGE, parcel

EVENTS = parcel().events
INBOX = Inbox()
WHOLE = Inbox("whole_inbox", contiguous=True)
KINDS = ("sqlite", "postgresql", "mariadb")


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A receiver's own database of each kind, with both inboxes in it and a table to act on."""
    url = (
        f"sqlite:///{tmp_path / 'own.db'}"
        if request.param == "sqlite"
        else request.getfixturevalue(f"{request.param}_url")
    )
    made = create_engine(url)
    with made.begin() as connection:
        INBOX.create(connection)
        WHOLE.create(connection)
        connection.execute(text("CREATE TABLE acted (version INTEGER)"))
    yield made
    made.dispose()


@contextmanager
def driver(database: Database) -> Iterator[Any]:
    """A connection of the driver itself."""
    url = make_url(database.url)
    if url.get_backend_name() == "sqlite":
        made: Any = sqlite3.connect(str(url.database))
    elif url.get_backend_name() == "postgresql":
        made = psycopg.connect(url.set(drivername="postgresql").render_as_string(hide_password=False))
    else:
        made = pymysql.connect(
            host=url.host, port=url.port or 3306, user=url.username, password=url.password or "", database=url.database
        )
    try:
        yield made
    finally:
        made.close()


@contextmanager
def connected(database: Database) -> Iterator[Any]:
    with database.connect() as made:
        yield made


@contextmanager
def session(database: Database) -> Iterator[Any]:
    with Session(database) as made:
        yield made


WAYS = (driver, connected, session)
Way = Callable[[Database], Any]


def acted(database: Database) -> int:
    with database.connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM acted")).scalar_one())


@pytest.mark.parametrize("way", WAYS)
def test_an_event_is_taken_once(database: Database, way: Way) -> None:
    """Each event is taken the first time and not again, nor is one before it, over any kind of connection."""
    with way(database) as connection:
        assert [True] * 3 == [INBOX.once(connection, one) for one in EVENTS[:3]]
        connection.commit()
    with way(database) as connection:
        assert [False, False, False, True] == [INBOX.once(connection, one) for one in EVENTS[:4]]
        connection.commit()
        assert 4 == INBOX.last(connection, "default", "p")


@pytest.mark.parametrize("way", WAYS)
def test_what_was_rolled_back_was_not_taken(database: Database, way: Way) -> None:
    """An event whose handling was rolled back is taken when it comes again."""
    with way(database) as connection:
        assert INBOX.once(connection, EVENTS[0])
        connection.rollback()
        assert INBOX.once(connection, EVENTS[0])
        connection.commit()
        assert INBOX.once(connection, EVENTS[1])
        connection.rollback()
        assert INBOX.once(connection, EVENTS[1])
        connection.commit()
        assert not INBOX.once(connection, EVENTS[1])


def test_pilots_and_tenants_are_apart(database: Database) -> None:
    """Pilots whose ids differ in case, accent or blanks, and the same pilot of another tenant, are each their own."""
    names = ("p", "P", "p ", "é", "e", STRANGE, "x" * 255)
    several = [evolve(EVENTS[0], pilot=one, tenant=tenant) for one in names for tenant in ("default", "Default")]
    with database.begin() as connection:
        assert [True] * 14 == [INBOX.once(connection, one) for one in several]
        assert [False] * 14 == [INBOX.once(connection, one) for one in several]


@pytest.mark.parametrize("way", WAYS)
def test_an_id_that_no_engine_gives_is_refused(database: Database, way: Way) -> None:
    """Two long ids that begin alike are not taken for one, and the longest ids are told apart, on every database."""
    event, long = EVENTS[0], "x" * 254
    with way(database) as connection:
        for pilot in (f"{long}a", f"{long}b", "é" * 255):
            assert INBOX.once(connection, evolve(event, pilot=pilot))
            assert not INBOX.once(connection, evolve(event, pilot=pilot))
        for odd in ({"pilot": f"{long}ab"}, {"tenant": f"{long}ab"}, {"pilot": ""}, {"pilot": "a\0"}):
            with pytest.raises(BadArgument) as caught:
                INBOX.once(connection, evolve(event, **odd))  # type: ignore[arg-type]  # each is a text
            assert [caught.value.argument] == list(odd)
            with pytest.raises(BadArgument):
                INBOX.last(connection, **{"tenant": "default", "pilot": "p", **odd})
        for version in (2**63, 0, -1):
            with pytest.raises(BadArgument, match="version"):
                INBOX.once(connection, evolve(event, version=version))
        assert INBOX.once(connection, evolve(event, version=2**63 - 1))
        connection.commit()


def test_a_subscription_with_filters_has_gaps(database: Database) -> None:
    """An ordinary inbox takes versions that rise, whatever lies between them."""
    with database.begin() as connection:
        assert [True, True, False] == [INBOX.once(connection, EVENTS[place]) for place in (1, 4, 3)]


def test_a_contiguous_inbox_tells_what_is_missing(database: Database) -> None:
    """Where the event before it was not taken, one is refused until that one came, and nothing was written."""
    with database.begin() as connection:
        assert WHOLE.once(connection, EVENTS[1])
        with pytest.raises(Gap, match="version 4 of pilot 'p' came, and 3 was to be next") as caught:
            WHOLE.once(connection, EVENTS[3])
        assert ("p", 3, 4) == (caught.value.pilot, caught.value.expected, caught.value.actual)
        assert [True, True, False, False] == [WHOLE.once(connection, EVENTS[place]) for place in (2, 3, 2, 3)]


def test_a_repeat_that_comes_at_once_acts_once(database: Database) -> None:
    """Two requests with one event at the same moment: one of them takes it, and what it does is done once."""
    barrier = Barrier(2)
    with database.begin() as connection:
        INBOX.once(connection, EVENTS[0])

    def receive() -> None:
        barrier.wait()
        with database.begin() as connection:
            if database.dialect.name == "sqlite":
                connection.execute(text("UPDATE acted SET version = version"))  # SQLite has one writer from here on
            if INBOX.once(connection, EVENTS[1]):
                connection.execute(text("INSERT INTO acted VALUES (2)"))

    threads = [Thread(target=receive) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert 1 == acted(database)


@pytest.mark.parametrize("inbox", [INBOX, WHOLE])
def test_a_repeat_is_known_whatever_was_read_before(database: Database, inbox: Inbox) -> None:
    """Whoever looked at the inbox before somebody else took an event finds it taken, and nothing missing."""
    with driver(database) as first, driver(database) as second:
        assert inbox.once(first, EVENTS[0])
        first.commit()
        assert 1 == inbox.last(second, "default", "p")
        assert inbox.once(first, EVENTS[1])
        first.commit()
        assert not inbox.once(second, EVENTS[1])


def test_a_connection_that_commits_by_itself_is_refused(database: Database) -> None:
    """Where each statement is kept at once an event could be taken and not acted on, so that is refused."""
    with connected(database) as connection:
        alone = connection.execution_options(isolation_level="AUTOCOMMIT")
        with pytest.raises(BadArgument, match="begin a transaction first"):
            INBOX.once(alone, EVENTS[0])
    with driver(database) as connection:
        begin = {"sqlite3": "BEGIN", "psycopg": "BEGIN", "pymysql": "START TRANSACTION"}
        _alone(connection)
        with pytest.raises(BadArgument, match="begin a transaction first"):
            INBOX.once(connection, EVENTS[0])
        connection.cursor().execute(begin[type(connection).__module__.partition(".")[0]])
        assert INBOX.once(connection, EVENTS[0])
        connection.rollback()
        assert INBOX.last(connection, "default", "p") is None


def test_sqlite_commits_by_itself_in_the_way_of_later_versions_too(tmp_path: Path) -> None:
    """A connection with `autocommit=True`, as there is from Python 3.12 on, is refused until a transaction is begun."""

    class Later(sqlite3.Connection):
        autocommit = True

    with closing(sqlite3.connect(tmp_path / "own.db", factory=Later)) as connection:
        INBOX.create(connection)
        with pytest.raises(BadArgument, match="begin a transaction first"):
            INBOX.once(connection, EVENTS[0])
        connection.execute("BEGIN")
        assert INBOX.once(connection, EVENTS[0])


def _alone(connection: Any) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.isolation_level = None
    elif isinstance(connection, psycopg.Connection):
        connection.autocommit = True
    else:
        connection.autocommit(value=True)


def test_rows_may_be_of_any_shape(database: Database) -> None:
    """A host whose connection gives rows as mappings has the same inbox."""
    with driver(database) as connection:
        if isinstance(connection, sqlite3.Connection):
            connection.row_factory = sqlite3.Row
        elif isinstance(connection, psycopg.Connection):
            connection.row_factory = dict_row
        else:
            connection.cursorclass = pymysql.cursors.DictCursor
        assert WHOLE.once(connection, EVENTS[0])
        with pytest.raises(Gap):
            WHOLE.once(connection, EVENTS[2])


@pytest.mark.parametrize("given", [None, object(), "sqlite://", 7])
def test_what_is_no_connection_is_told(given: object) -> None:
    """Anything else than a connection that is known is refused."""
    with pytest.raises(BadArgument, match="connection: give one of"):
        INBOX.once(given, EVENTS[0])


@pytest.mark.parametrize("table", ["", "Inbox", "in box", "inbox; DROP TABLE acted", "x" * 49, '"inbox"', "1inbox"])
def test_a_table_has_a_plain_name(table: str) -> None:
    """A name that would have to be quoted is refused."""
    with pytest.raises(BadArgument, match="table: give a name"):
        Inbox(table)


def test_values_are_never_part_of_a_statement(database: Database) -> None:
    """A pilot id with quotes and a statement in it is a pilot id."""
    hostile = evolve(EVENTS[0], pilot="'; DROP TABLE acted; -- %s ? :x")
    with database.begin() as connection:
        assert [True, False] == [INBOX.once(connection, hostile) for _ in range(2)]
    assert 0 == acted(database)
