"""The steps of a new subscription, each cut off or overtaken in turn: it is made whole, and misses no pilot."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from threading import Thread
from types import MappingProxyType
from typing import Any

import psycopg
import pymysql
import pytest
from attrs import define, field

from proeftuin.errors import StoreError
from proeftuin.spi import Store, Subscription
from proeftuin.storage import open_store
from proeftuin.storage.sql import SqlStore
from proeftuin.testing.expect import present
from tests.faults.conftest import SERVERS, impatient
from tests.faults.watching import Watch
from tests.stores import TENANT, advance, begin, stored

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
HR = Subscription("hr", b"body")
FIRST = ("subscriptions", "drop_lanes", "add_subscription", "seed_at_end")
SECOND = ("catch_up", "wake_behind")
Run = Callable[..., object]


def taken(kind: str) -> Exception:
    """What the driver raises where another process made the same row."""
    if kind == "postgresql":
        return psycopg.errors.UniqueViolation("secret")
    if kind == "mariadb":
        return pymysql.err.IntegrityError(1062, "secret")
    error = sqlite3.IntegrityError("secret")
    error.sqlite_errorcode = sqlite3.SQLITE_CONSTRAINT_UNIQUE
    return error


LOST: MappingProxyType[str, Callable[[], Exception]] = MappingProxyType(
    {
        "sqlite": lambda: sqlite3.OperationalError("disk I/O error"),
        "postgresql": lambda: psycopg.OperationalError("secret"),
        "mariadb": lambda: pymysql.err.OperationalError(2013, "secret"),
    }
)


@define
class Cut:
    """Does something at one of the statements of a subscription, so many times; counts all that are run."""

    at: str
    act: Callable[[], None]
    times: int = 1
    ran: list[str] = field(factory=list)

    def of(self, store: SqlStore, run: Run) -> Run:
        names = {id(getattr(store._lane_statements, one)): one for one in (*FIRST, *SECOND)}

        def cut(database: object, connection: object, statement: object, values: Any) -> object:
            name = names.get(id(statement))
            if name is not None:
                self.ran.append(name)
                if name == self.at and self.ran.count(name) <= self.times:
                    self.act()
            return run(database, connection, statement, values)

        return cut


@pytest.fixture
def sql(url: str) -> Iterator[SqlStore]:
    """A store with a pilot in it."""
    with closing(open_store(impatient(url, 5))) as store:
        assert isinstance(store, SqlStore)
        begin(store)
        yield store


def raising(error: Callable[[], Exception]) -> Callable[[], None]:
    def act() -> None:
        raise error()

    return act


def lanes(store: Store) -> list[tuple[str, int, int]]:
    """The lanes of the subscriber: pilot, up to where it is delivered, and what is to come."""
    assert isinstance(store, SqlStore)
    return [(one.pilot_id, one.delivered, one.target) for one in store.lanes(TENANT, "hr")]


@pytest.mark.parametrize("at", [*FIRST[2:], *SECOND])
def test_a_step_that_another_process_did_just_now_is_done_again(
    sql: SqlStore, kind: str, at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At whichever statement a key is taken, that step is done once more, and not the one before it."""
    cut = Cut(at, raising(lambda: taken(kind)))
    monkeypatch.setattr(type(sql._database), "run", cut.of(sql, type(sql._database).run))
    sql.subscribe(TENANT, HR, now=AT)
    step = FIRST if at in FIRST else SECOND
    again = [*step[: step.index(at) + 1], *step]
    assert ([*again, *SECOND] if at in FIRST else [*FIRST, *again]) == cut.ran
    assert ((HR,), [("p1", 1, 1)]) == (sql.subscriptions(TENANT), lanes(sql))


@pytest.mark.parametrize("at", [*FIRST[2:], *SECOND])
def test_a_step_that_fails_twice_is_told(sql: SqlStore, kind: str, at: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Done again once and no more, it is an error of ours; what the step before it made stands."""
    cut = Cut(at, raising(lambda: taken(kind)), times=2)
    monkeypatch.setattr(type(sql._database), "run", cut.of(sql, type(sql._database).run))
    with pytest.raises(StoreError):
        sql.subscribe(TENANT, HR, now=AT)
    assert 2 == cut.ran.count(at)
    monkeypatch.undo()
    made = at in SECOND
    assert (((HR,) if made else ()), ([("p1", 1, 1)] if made else [])) == (sql.subscriptions(TENANT), lanes(sql))


@pytest.mark.parametrize("at", [*FIRST, *SECOND])
def test_a_subscription_that_was_cut_off_is_whole_when_it_is_made_again(
    sql: SqlStore, kind: str, at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut off at any statement and made again, it has a lane on each pilot, and what came since is still to come."""
    cut = Cut(at, raising(LOST[kind]))
    monkeypatch.setattr(type(sql._database), "run", cut.of(sql, type(sql._database).run))
    with pytest.raises(StoreError):
        sql.subscribe(TENANT, HR, now=AT)
    assert cut.ran[-1] == at
    monkeypatch.undo()
    advance(sql, present(stored(sql)))
    begin(sql, "p2")
    sql.subscribe(TENANT, HR, now=AT)
    made = at in SECOND
    assert (HR,) == sql.subscriptions(TENANT)
    assert [("p1", 1 if made else 2, 2), ("p2", 0 if made else 1, 1)] == sorted(lanes(sql))


@pytest.mark.parametrize("kind", SERVERS)
def test_a_lane_that_another_process_is_making_is_waited_for(
    sql: SqlStore, url: str, kind: str, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pilot that begins meanwhile, whose lane another process makes and commits as this one would, has it once."""
    run, catch_up, ran = type(sql._database).run, sql._lane_statements.catch_up, list[str]()
    with closing(open_store(url)) as other, ExitStack() as held:
        assert isinstance(other, SqlStore)

        def commit() -> None:
            while not watch.busy():
                pass
            held.close()

        committing = Thread(target=commit, daemon=True)

        def overtaken(database: Any, connection: Any, statement: Any, values: Any) -> Any:
            if statement is catch_up:
                ran.append("catch_up")
                if len(ran) == 1:
                    begin(other, "p2")
                    theirs = held.enter_context(other._connections.writing())
                    run(other._database, theirs, other._lane_statements.catch_up, values)
                    committing.start()
            return run(database, connection, statement, values)

        monkeypatch.setattr(type(sql._database), "run", overtaken)
        sql.subscribe(TENANT, HR, now=AT)
        monkeypatch.undo()
        committing.join(60)
    assert [("p1", 1, 1), ("p2", 0, 1)] == sorted(lanes(sql))
    assert len(ran) in {1, 2}  # twice where it had read before the other one committed
