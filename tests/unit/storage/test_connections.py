"""How connections are lent, taken back, waited for, committed and let go of."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread
from typing import ClassVar

import pytest
from attrs import frozen

from proeftuin.errors import OutcomeUnknown, Reentered, StoreBusy, StoreError, StoreUnavailable
from proeftuin.storage.sql.connections import KEPT_OPEN, Connections
from proeftuin.storage.sql.sqlite import SqliteDatabase, sqlite_database
from tests.stores import spied, spying

Make = Callable[[type[SqliteDatabase]], Connections]


@frozen
class Small(SqliteDatabase):
    """A database of which one connection may be open."""

    size: ClassVar = 1
    one_writer: ClassVar = False


@frozen
class Shut(SqliteDatabase):
    """A database that cannot be opened."""

    def open(self) -> sqlite3.Connection:
        raise KeyboardInterrupt


@frozen
class Lost(SqliteDatabase):
    """A database whose connections are always found broken."""

    def alive(self, connection: sqlite3.Connection) -> bool:
        return False


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """Makes a pool on a file, of a kind of database."""
    given = sqlite_database(f"sqlite:///{tmp_path}/pilots.db?busy_timeout=0.02")
    given.prepare()
    made: list[Connections] = []

    def pool(kind: type[SqliteDatabase]) -> Connections:
        made.append(Connections(kind(given.path, given.name, given.patience, given.statements)))
        return made[-1]

    yield pool
    for one in made:
        one.close()


@pytest.fixture
def connections(make: Make) -> Connections:
    return make(SqliteDatabase)


def is_closed(connection: sqlite3.Connection) -> bool:
    try:
        connection.execute("SELECT 1")
    except sqlite3.ProgrammingError:
        return True
    return False


def test_only_what_lies_idle_is_spare(connections: Connections) -> None:
    """Whoever can do without gets a connection that lies idle, once, and otherwise none: no new one, and no wait."""
    assert connections.spare() is None
    lent = connections.take()
    assert connections.spare() is None
    connections.give(lent)
    assert lent is connections.spare()
    assert connections.spare() is None
    connections.give(lent)
    connections.close()
    assert connections.spare() is None


def test_a_connection_is_lent_again(connections: Connections) -> None:
    """What was given back is lent to the next, and two at once are two."""
    one, two = connections.take(), connections.take()
    assert one is not two
    connections.give(one)
    assert one is connections.take()
    connections.give(one)
    connections.give(two)


def test_only_some_are_kept_open(connections: Connections) -> None:
    """After a rush no more than a few connections stay open."""
    lent = [connections.take() for _ in range(KEPT_OPEN + 3)]
    for one in lent:
        connections.give(one)
    assert KEPT_OPEN == len(connections._idle)
    assert is_closed(lent[-1])


def test_a_connection_comes_back_clean(connections: Connections) -> None:
    """A connection that is given back inside a transaction is brought out of it."""
    one = connections.take()
    one.execute("BEGIN IMMEDIATE")
    connections.give(one)
    assert (False, [one]) == (one.in_transaction, connections._idle)


def test_a_connection_that_stays_in_its_transaction_is_closed(connections: Connections) -> None:
    """Where a connection cannot be brought out of its transaction it is closed, and not lent again."""

    class Stuck(sqlite3.Connection):
        in_transaction = True

        def rollback(self) -> None:
            raise sqlite3.OperationalError

    connections.take().close()
    stuck = sqlite3.connect(":memory:", factory=Stuck)
    connections.give(stuck)
    assert ([], True) == (connections._idle, is_closed(stuck))


def test_with_a_broken_connection_the_idle_ones_go_too(make: Make) -> None:
    """One connection that turns out to be broken tells of all: those that lie idle are closed with it."""
    connections = make(Lost)
    one, two = connections.take(), connections.take()
    connections._idle.append(two)
    connections.give(one)
    assert ([], True, True) == (connections._idle, is_closed(one), is_closed(two))


def test_a_connection_that_comes_back_late_is_closed(connections: Connections) -> None:
    """What is still lent when the pool is closed is closed when it comes back, and nothing is lent any more."""
    one = connections.take()
    connections.close()
    connections.close()
    connections.give(one)
    assert is_closed(one)
    with pytest.raises(StoreUnavailable, match="closed"):
        connections.take()


def test_a_connection_that_cannot_be_opened_leaves_nothing_behind(make: Make) -> None:
    """Where opening fails the error is raised on, and the count of what is lent stays right."""
    connections = make(Shut)
    with pytest.raises(KeyboardInterrupt):
        connections.take()
    assert 0 == connections._lent


def test_who_waits_for_a_connection_gives_up(make: Make) -> None:
    """Where all connections are lent another thread waits as long as it may and then says busy; then all works."""
    connections = make(Small)
    one = connections.take()
    with pytest.raises(StoreBusy, match="all its 1 connections"):
        connections.take()
    connections.give(one)
    assert one is connections.take()
    connections.give(one)


@pytest.mark.parametrize("end", ["give", "close"])
def test_who_waits_for_a_connection_gets_the_next(tmp_path: Path, end: str) -> None:
    """A waiting thread gets the connection that comes back, or is told that the pool was closed."""
    given = sqlite_database(f"sqlite:///{tmp_path}/pilots.db?busy_timeout=60")
    given.prepare()
    connections = Connections(Small(given.path, given.name, given.patience, given.statements))
    one, told = connections.take(), list[object]()
    waits = Event()
    wait_for = connections._gate.wait_for

    def waiting(free: Callable[[], bool], timeout: float) -> bool:
        waits.set()
        return wait_for(free, timeout)

    connections._gate.wait_for = waiting  # type: ignore[assignment]  # tells that the thread waits

    def take() -> None:
        try:
            told.append(connections.take())
        except StoreUnavailable as error:
            told.append(str(error))

    thread = Thread(target=take)
    thread.start()
    waits.wait()
    connections.give(one) if end == "give" else connections.close()
    thread.join()
    assert [one if end == "give" else f"{given.name} was closed; open it anew"] == told
    if end == "give":
        connections.give(one)
    connections.close()
    connections.give(one) if end == "close" else None


# -- writing -------------------------------------------------------------------------------------------------------


def test_a_thread_that_waits_for_its_turn_gives_up(connections: Connections) -> None:
    """While one thread writes, another one waits as long as it may and then says busy."""
    holding, enough = Event(), Event()

    def hold() -> None:
        with connections.writing():
            holding.set()
            enough.wait()

    thread = Thread(target=hold)
    thread.start()
    holding.wait()
    with pytest.raises(StoreBusy, match="other threads"), connections.writing():
        pass
    enough.set()
    thread.join()
    with connections.writing() as connection:
        assert connection.in_transaction


def test_what_is_written_is_kept_at_the_end_or_undone(connections: Connections) -> None:
    """A block that ends is committed, one that raises is undone, and its connection can be lent at once."""
    with connections.writing() as connection:
        connection.execute("CREATE TABLE kept(name UNIQUE)")
    with pytest.raises(sqlite3.IntegrityError), connections.writing() as connection:
        connection.execute("INSERT INTO kept VALUES('Ann'), ('Bea'), ('Ann')")
    assert connection is connections.take()
    assert [] == connection.execute("SELECT * FROM kept").fetchall()
    connections.give(connection)


def test_writing_inside_writing_is_refused(connections: Connections) -> None:
    """A thread that writes cannot begin another write, which would wait for itself."""
    with connections.writing(), pytest.raises(Reentered), connections.writing():
        pass
    with connections.writing():
        pass


def test_a_block_that_ended_the_transaction_is_told(connections: Connections) -> None:
    """Where the transaction is gone at the end of the block, whether it was kept is unknown."""
    with pytest.raises(OutcomeUnknown), connections.writing() as connection:
        connection.execute("ROLLBACK")
    with connections.writing():
        pass


@pytest.mark.parametrize(
    ("code", "expected"), [(sqlite3.SQLITE_IOERR, OutcomeUnknown), (sqlite3.SQLITE_CONSTRAINT, StoreError)]
)
def test_an_error_at_commit_is_judged_as_such(make: Make, code: int, expected: type[StoreError]) -> None:
    """What COMMIT raises is translated as an error at COMMIT, with the driver's as its cause."""
    error = sqlite3.OperationalError("failed")
    error.sqlite_errorcode, error.sqlite_errorname = code, "FAILED"

    def fail(text: str, after: bool) -> None:  # noqa: FBT001  # the spy's own signature
        if (text, after) == ("COMMIT", False):
            raise error

    with spying():
        connections = make(SqliteDatabase)
        with spied(fail), pytest.raises(expected) as caught, connections.writing():
            pass
    assert (expected, error) == (type(caught.value), caught.value.__cause__)
    assert 0 == connections._lent


def test_where_many_may_write_none_waits_for_a_turn(make: Make) -> None:
    """In a database with many writers the pool makes no thread wait but for a connection."""
    connections = make(Small)
    with connections.writing(), pytest.raises(StoreBusy, match="connections in use"):
        connections.take()
    assert not connections._turn.locked()
