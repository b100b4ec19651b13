"""Inside a transaction of the host: our rows and the host's are kept together or not at all, on every SQL store."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from attrs import define, field
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from proeftuin import Actor, BadArgument, Conflict, Engine, KeyReused, PilotExists, Refused, Result
from proeftuin.spi import Committed, Recorded
from proeftuin.storage.sql import upgrade

LEAD = Actor("ann", roles={"coordinator"})
ROUTE = {"route": "existing-contract", "rationale": "Two years to run"}
LESSON = {"text": "Coffee first"}


@define
class Listener:
    """A hook that writes down what was committed, and what was recorded in which connection."""

    committed_: list[int] = field(factory=list)
    connections: list[Any] = field(factory=list)

    def committed(self, moment: Committed) -> None:
        self.committed_.append(moment.pilot.version)

    def recorded(self, moment: Recorded) -> None:
        self.connections.append(moment.connection)


@define(slots=False)
class Host:
    """A host application on the same database: a table of its own, and three ways to hold a connection."""

    url: str
    engine: Engine
    listener: Listener
    calls: list[Callable[[], None]] = field(factory=list)

    def __attrs_post_init__(self) -> None:
        self.sql = create_engine(make_url(self.url).difference_update_query(["busy_timeout"]), poolclass=NullPool)
        with self.sql.begin() as connection:
            connection.execute(text("CREATE TABLE people (name VARCHAR(40))"))

    @property
    def people(self) -> int:
        with self.sql.connect() as connection:
            return int(connection.execute(text("SELECT count(*) FROM people")).scalar_one())

    def start(self, engine: Engine, name: str = "p1", **options: Any) -> Result:
        data = {"title": "Canteen", "organisation": "Voorbeeld"}
        return engine.start("existing-contract", actor=LEAD, data=data, id=name, **options)

    def version(self, name: str = "p1") -> int:
        found = self.engine.find(limit=100).items
        return next((one.version for one in found if one.id == name), 0)

    def using(self, connection: object) -> Engine:
        """The engine in a transaction; calls for after the commit are kept, to be made by hand."""
        return self.engine.using(connection, on_commit=self.calls.append)

    def told(self) -> list[int]:
        """What `committed` hooks heard, once the host has made the calls."""
        for call in self.calls:
            call()
        self.calls.clear()
        heard, self.listener.committed_[:] = list(self.listener.committed_), []
        return heard


@pytest.fixture(params=["sqlite", "postgresql", "mariadb"])
def host(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Host]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'pilots.db'}?busy_timeout=0.2"
    else:
        url = request.getfixturevalue(f"{request.param}_url")
        upgrade(url)
    listener = Listener()
    with Engine.open(url, hooks=[listener]) as engine:
        made = Host(url, engine, listener)
        yield made
        made.sql.dispose()


Kind = Callable[[Host], Any]


@contextmanager
def shared(host: Host) -> Iterator[Connection]:
    """A SQLAlchemy Connection in a transaction, rolled back at the end unless it was committed."""
    with host.sql.connect() as connection:
        yield connection


@contextmanager
def raw(host: Host) -> Iterator[Any]:
    """The driver's own connection, with the settings that a host would have."""
    proxied = host.sql.raw_connection()
    try:
        yield proxied.driver_connection
    finally:
        proxied.close()


@contextmanager
def session(host: Host) -> Iterator[Session]:
    """A SQLAlchemy Session."""
    with Session(host.sql) as made:
        yield made


def hire(connection: Any) -> None:
    """Write a row of the host's own."""
    if isinstance(connection, Session | Connection):
        connection.execute(text("INSERT INTO people VALUES ('Bea')"))
    else:
        connection.cursor().execute("INSERT INTO people VALUES ('Bea')")


@pytest.fixture(params=[shared, raw, session])
def kind(request: pytest.FixtureRequest) -> Kind:
    found: Kind = request.param
    return found


def test_what_the_host_commits_is_there(host: Host, kind: Kind) -> None:
    """A pilot, a step and a row of the host are unseen before the host commits, and wholly there after."""
    with kind(host) as connection:
        engine = host.using(connection)
        host.start(engine)
        hire(connection)
        done = engine.fire("p1", "choose_route", actor=LEAD, data=ROUTE)
        assert (2, 2) == (done.pilot.version, engine.get("p1").version)
        assert (0, 0, []) == (host.version(), host.people, host.listener.committed_)
        connection.commit()
    assert (2, 1) == (host.version(), host.people)
    assert [1, 2] == host.told()
    assert () == host.engine.verify()
    assert 3 == host.engine.fire("p1", "add_lesson", actor=LEAD, data=LESSON).pilot.version


def test_what_the_host_rolls_back_never_was(host: Host, kind: Kind) -> None:
    """After a rollback neither the step nor the host's row is there, and the version is written anew."""
    host.start(host.engine)
    host.told()
    with kind(host) as connection:
        engine = host.using(connection)
        hire(connection)
        engine.fire("p1", "choose_route", actor=LEAD, data=ROUTE, key="k")
        connection.rollback()
    assert (1, 0) == (host.version(), host.people)
    again = host.engine.fire("p1", "add_lesson", actor=LEAD, data=LESSON, key="k")
    assert (2, False) == (again.pilot.version, again.duplicate)
    assert () == host.engine.verify()


def test_a_refusal_leaves_the_transaction_as_it_was(host: Host, kind: Kind) -> None:
    """A refusal, a taken id and a used key are told, and what the host wrote before and after is kept."""
    host.start(host.engine, key="begin")
    with kind(host) as connection:
        engine = host.using(connection)
        hire(connection)
        with pytest.raises(Refused):
            engine.fire("p1", "complete_exploration", actor=LEAD)
        with pytest.raises(PilotExists):
            host.start(engine)
        engine.fire("p1", "add_lesson", actor=LEAD, data=LESSON, key="k")
        with pytest.raises(KeyReused):
            engine.fire("p1", "add_lesson", actor=LEAD, data={"text": "other"}, key="k")
        hire(connection)
        connection.commit()
    assert (2, 2) == (host.version(), host.people)


def test_a_conflict_is_told_and_never_tried_again(host: Host, kind: Kind) -> None:
    """A step decided on a version that has passed is a conflict, which leaves the transaction usable."""
    host.start(host.engine)
    with kind(host) as connection:
        engine = host.using(connection)
        hire(connection)
        engine.fire("p1", "add_lesson", actor=LEAD, data=LESSON)
        with pytest.raises(Conflict) as caught:
            engine.fire("p1", "choose_route", actor=LEAD, data=ROUTE, expect=1)
        assert (1, 2) == (caught.value.expected, caught.value.actual)
        assert 3 == engine.fire("p1", "choose_route", actor=LEAD, data=ROUTE).pilot.version
        connection.commit()
    assert (3, 1) == (host.version(), host.people)


def test_a_savepoint_of_the_host_takes_ours_with_it(host: Host) -> None:
    """What was written inside a savepoint that is rolled back is gone, and what was written around it is kept."""
    host.start(host.engine)
    with session(host) as connection:
        engine = host.engine.using(connection)
        engine.fire("p1", "add_lesson", actor=LEAD, data={"text": "before"})
        inner = connection.begin_nested()
        hire(connection)
        engine.fire("p1", "add_lesson", actor=LEAD, data={"text": "inside"})
        inner.rollback()
        engine.fire("p1", "add_lesson", actor=LEAD, data={"text": "after"})
        kept = connection.begin_nested()
        engine.fire("p1", "add_lesson", actor=LEAD, data={"text": "kept"})
        kept.commit()
        host.listener.committed_.clear()
        connection.commit()
    assert [2, 3, 4] == host.listener.committed_
    found = [one.data["text"] for one in host.engine.get("p1").records("lesson")]
    assert ["before", "after", "kept"] == found
    assert () == host.engine.verify()


def test_a_session_tells_hooks_of_its_commit_and_of_no_rollback(host: Host) -> None:
    """Hooks wait for the session's outermost commit, are called after no rollback or close, and serve one twice."""
    host.start(host.engine)
    host.listener.committed_.clear()
    with session(host) as connection:
        engine = host.engine.using(connection)
        engine.fire("p1", "add_lesson", actor=LEAD, data=LESSON)
        connection.rollback()
        assert [] == host.listener.committed_
        host.engine.using(connection).fire("p1", "add_lesson", actor=LEAD, data=LESSON)
        connection.close()  # which undoes it, and leaves a session that can be used
        engine = host.engine.using(connection)
        engine.fire("p1", "add_lesson", actor=LEAD, data=LESSON)
        assert [] == host.listener.committed_
        connection.commit()
        assert [2] == host.listener.committed_
        host.engine.using(connection).fire("p1", "add_lesson", actor=LEAD, data=LESSON)
        connection.commit()
    assert [2, 3] == host.listener.committed_


def test_recorded_hooks_get_the_connection_of_the_host(host: Host) -> None:
    """A `recorded` hook is given the very connection that the host lent, to write in the same transaction."""
    with raw(host) as connection:
        host.start(host.using(connection))
        assert connection is host.listener.connections[-1]
        connection.commit()
    assert 1 == host.version()


def test_without_a_registrar_committed_hooks_are_refused(host: Host) -> None:
    """Where nothing would tell of the commit, an engine with `committed` hooks says what to give."""
    with shared(host) as connection:
        with pytest.raises(BadArgument, match="on_commit"):
            host.engine.using(connection)
        with Engine.open(host.url) as silent:
            host.start(silent.using(connection))
            connection.commit()
    assert 1 == host.version()


def test_a_connection_of_another_kind_is_refused(host: Host) -> None:
    """A URL, a cursor and a connection of another driver are told what to give instead."""
    with raw(host) as connection:
        for wrong in (host.url, connection.cursor(), None):
            with pytest.raises(BadArgument, match=r"(?i)session"):
                host.using(wrong)


def test_a_connection_that_commits_each_statement_is_refused(host: Host) -> None:
    """On a connection in autocommit nothing is written before the host begins a transaction."""
    with raw(host) as connection:
        if isinstance(connection, sqlite3.Connection):
            connection.isolation_level = None
        elif isinstance(connection, psycopg.Connection):
            connection.autocommit = True
        else:
            connection.autocommit(value=True)
        engine = host.using(connection)
        with pytest.raises(BadArgument, match="begin a transaction"):
            host.start(engine)
        connection.cursor().execute("BEGIN")
        host.start(engine)
        assert 0 == host.version()
        connection.cursor().execute("COMMIT")
    assert 1 == host.version()


def test_closing_the_engine_in_a_transaction_closes_nothing(host: Host) -> None:
    """The host's connection, and the engine outside, go on after the engine inside was closed."""
    with raw(host) as connection:
        with host.using(connection) as engine:
            host.start(engine)
        hire(connection)
        connection.commit()
    assert (1, 1) == (host.version(), host.people)


def test_memory_has_no_transactions_of_a_host() -> None:
    """A store in memory says that it cannot take part."""
    with Engine.open("memory://") as engine, pytest.raises(BadArgument, match="SQL stores can"):
        engine.using(object())
