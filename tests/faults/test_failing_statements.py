"""Statements that fail on a server, each in turn: a commit is whole or absent, no lock stays, the store goes on."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import count, product
from types import MappingProxyType

import psycopg
import pymysql
import pytest
from attrs import define, field
from sqlalchemy import NullPool, create_engine

from proeftuin.core.pilot import Pilot
from proeftuin.errors import Conflict, OutcomeUnknown, StoreBusy, StoreError, StoreUnavailable
from proeftuin.spi import Commit, Hosted, Personal, Receipt, Store, Subscription
from proeftuin.storage import open_store
from proeftuin.storage.sql import SqlStore
from proeftuin.storage.sql.connections import Connections
from proeftuin.testing.expect import present
from tests.faults.conftest import SERVERS, impatient
from tests.faults.statements import heard, point
from tests.faults.watching import Watch, locked
from tests.stores import RECEIPT, TENANT, advance, begin, changed, everything, started, stored, versions, written

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
on_servers = pytest.mark.parametrize("kind", SERVERS)

DRIVER: MappingProxyType[tuple[str, str], Callable[[], Exception]] = MappingProxyType(
    {
        ("postgresql", "busy"): lambda: psycopg.errors.DeadlockDetected("secret"),
        ("postgresql", "lost"): lambda: psycopg.OperationalError("secret"),
        ("postgresql", "odd"): lambda: psycopg.errors.CheckViolation("secret"),
        ("mariadb", "busy"): lambda: pymysql.err.OperationalError(1213, "secret"),
        ("mariadb", "lost"): lambda: pymysql.err.OperationalError(2013, "secret"),
        ("mariadb", "odd"): lambda: pymysql.err.OperationalError(4025, "secret"),
    }
)
OURS: MappingProxyType[str, type[BaseException]] = MappingProxyType(
    {
        "busy": StoreBusy,
        "lost": StoreUnavailable,
        "ended": StoreUnavailable,  # the session, by the server itself
        "odd": StoreError,
        "interrupt": KeyboardInterrupt,
        "memory": MemoryError,
    }
)
LOST = ("lost", "ended")
TABLES = {"pilots", "events", "receipts", "personal"}


@define
class Clients:
    """Two clients of one database, of which the first fails."""

    store: Store
    other: Store
    watch: Watch
    theirs: set[int]

    def end(self) -> None:
        """End the sessions of the first."""
        for session in self.watch.sessions() - self.theirs:
            self.watch.end(session)

    def clean(self) -> bool:
        """Whether no connection of the first is out, or back inside a transaction."""
        assert isinstance(self.store, SqlStore)
        pool = self.store._connections
        assert isinstance(pool, Connections)
        return not pool._lent and not any(map(self.store._database.in_transaction, pool._idle))


@pytest.fixture
def clients(url: str, watch: Watch) -> Iterator[Clients]:
    """The second waits a second for a lock, and no longer."""
    with closing(open_store(impatient(url))) as other:
        theirs = watch.sessions()
        with closing(open_store(impatient(url))) as store:
            yield Clients(store, other, watch, theirs)


@define
class Failure:
    """Lets the n-th statement that writes fail, before it is run or after.

    Attributes:
        run: the statements that write, as far as it came.
    """

    nth: int
    late: bool
    strike: Callable[[], None]
    run: list[str] = field(factory=list)

    def listen(self, statement: str, after: bool) -> None:  # noqa: FBT001  # the listener's own signature
        """Count, and fail when it is time."""
        name = point(statement)
        if name is None:
            return
        if not after:
            self.run.append(name)
        if after is self.late and len(self.run) == self.nth:
            self.strike()


def outcome(act: Callable[[], None]) -> BaseException | None:
    """What a call raised, None where it returned."""
    try:
        act()
    except BaseException as error:  # noqa: BLE001  # whatever it is, the caller judges it
        return error
    return None


SOMEONE = Personal("s1", "r", b"salt")


def prepared(pilot: Pilot, nth: int, *, follow_up: bool) -> tuple[list[Commit], Pilot]:
    """The next commit on a pilot, with all that a commit can have, and perhaps another pilot beside it."""
    commit, then = written(
        pilot,
        changed(pilot, nth=nth),
        receipt=Receipt(f"key-{nth}", "f", b""),
        personal=(Personal(f"s{nth}", "r", b"s"),),
    )
    return [commit, written(None, started(f"{pilot.id}-{nth}"))[0]] if follow_up else [commit], then


@define
class Trial:
    """One way to fail, tried at each statement of an append in turn."""

    kind: str
    what: str
    late: bool
    follow_up: bool
    clients: Clients

    @property
    def whole(self) -> bool:
        """Whether an append is one statement, which decides by itself."""
        return self.kind == "postgresql" and not self.follow_up

    def run(self) -> list[str]:
        """Fail until an append goes through, and return the statements that it ran."""
        pilot = begin(self.clients.store, f"{'after' if self.late else 'before'}-{'two' if self.follow_up else 'one'}")
        for nth in count(1):
            failure = Failure(nth, self.late, self._strike)
            commits, then = prepared(pilot, nth, follow_up=self.follow_up)
            raised = self._attempt(commits, failure)
            assert then == stored(self.clients.store, pilot.id)
            assert ([1] if self.follow_up else []) == versions(self.clients.store, f"{pilot.id}-{nth}")
            if raised is None:
                return failure.run
            pilot = then
        raise AssertionError

    def _attempt(self, commits: list[Commit], failure: Failure) -> BaseException | None:
        """Append, and fail; another client appends what is not written, so no lock was left."""
        names = [commit.pilot_id for commit in commits]
        before = everything(self.clients.other, *names)
        with heard(failure.listen):
            raised = outcome(lambda: self.clients.store.append(*commits))
        assert self.clients.clean()
        decides = self.whole or failure.run[-1] == "COMMIT"
        if raised is not None:
            expected = OutcomeUnknown if decides and self.what in LOST else OURS[self.what]
            assert expected is type(raised)
            assert "secret" not in str(raised)
        if before == everything(self.clients.other, *names):
            assert raised is not None
            self.clients.other.append(*commits)
        else:
            assert raised is None or (self.late and decides)
        return raised

    def _strike(self) -> None:
        if self.what == "ended":
            self.clients.end()
            return
        fault = DRIVER.get((self.kind, self.what), OURS[self.what])
        raise fault()


@on_servers
@pytest.mark.parametrize("what", OURS)
def test_whatever_statement_fails_nothing_is_half(kind: str, clients: Clients, what: str) -> None:
    """With each statement failing in turn an append is whole or absent, and another client can make it at once."""
    for late, follow_up in product([False, True], [False, True]):
        trial = Trial(kind, what, late, follow_up, clients)
        run = trial.run()
        assert trial.whole or run[0] == "BEGIN"
        assert TABLES == {one for name in run for one in name.split()[1:]}
    assert 2 == clients.watch.left(2)


def refusing(kind: str) -> list[str]:
    """The statements that have each of our tables refuse rows of the tenant that is called like it."""
    if kind == "mariadb":
        refuse = "SIGNAL SQLSTATE '23000' SET MYSQL_ERRNO = 1062, MESSAGE_TEXT = 'secret'"
        return [
            f"CREATE TRIGGER no_{one} BEFORE INSERT ON {one} FOR EACH ROW IF NEW.tenant = '{one}' THEN {refuse}; END IF"
            for one in TABLES
        ]
    function = "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE unique_violation; END $$"
    when = "FOR EACH ROW WHEN (NEW.tenant = '{0}') EXECUTE FUNCTION refuse()"
    return [function, *(f"CREATE TRIGGER no_{one} BEFORE INSERT ON {one} {when.format(one)}" for one in TABLES)]


@on_servers
def test_a_refusal_inside_the_database_is_no_conflict(kind: str, store: Store, watch: Watch) -> None:
    """Where a trigger of the host says that its own key is taken that is an error of the store, and nothing is half."""
    pilot = begin(store)
    watch.run(*refusing(kind))
    for tenant in sorted(TABLES):
        commit, _ = written(None, started("p2", ref="r"), tenant=tenant, receipt=RECEIPT, personal=(SOMEONE,))
        before = everything(store, "p2", tenant=tenant)
        with pytest.raises(StoreError) as caught:
            store.append(commit)
        assert StoreError is type(caught.value)
        assert caught.value.__cause__ is not None
        assert "secret" not in str(caught.value)
        assert before == everything(store, "p2", tenant=tenant)
    assert 2 == advance(store, pilot).version


@pytest.mark.parametrize("kind", ["postgresql"])
@pytest.mark.parametrize("table", sorted(TABLES))
def test_a_server_that_dies_inside_the_statement_wrote_nothing(store: Store, watch: Watch, table: str) -> None:
    """When the session ends at any table that the one statement writes, nothing of it is there, and a retry works."""
    pilot = begin(store)
    watch.run(
        "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN PERFORM pg_terminate_backend(pg_backend_pid()), pg_sleep(60); END $$",
        f"CREATE TRIGGER dies AFTER INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION die()",
    )
    commits, then = prepared(pilot, 1, follow_up=False)
    before = everything(store, "p1")
    with pytest.raises(OutcomeUnknown, match="same key"):
        store.append(*commits)
    assert before == everything(store, "p1")
    watch.run(f"DROP TRIGGER dies ON {table}")
    store.append(*commits)
    assert then == stored(store)


@on_servers
def test_appends_never_wait_in_a_circle(url: str) -> None:
    """Of two appends on the same pilots, given in opposite orders, one is written whole and the other lost its race."""
    with closing(open_store(url)) as store:
        pilots = {name: begin(store, name) for name in ("p1", "p2")}
        for _ in range(20):
            pilots = meet(store, pilots)


def meet(store: Store, pilots: dict[str, Pilot]) -> dict[str, Pilot]:
    """Change all pilots from two threads at once, in opposite orders, and return them."""
    gate, told = threading.Barrier(2), dict[str, BaseException | None]()

    def act(*names: str) -> None:
        commits = [written(pilots[name], changed(pilots[name], by=names[0]))[0] for name in names]
        gate.wait()
        told[names[0]] = outcome(lambda: store.append(*commits))

    at_once(act, tuple(pilots), tuple(reversed(pilots)))
    assert {type(None), Conflict} == set(map(type, told.values()))
    winner = next(name for name, raised in told.items() if raised is None)
    after = {name: present(stored(store, name)) for name in pilots}
    assert [winner] * 2 == [pilot.data["by"] for pilot in after.values()]
    return after


@on_servers
def test_a_deadlock_is_told_as_busy(url: str) -> None:
    """Of two transactions of hosts that wait for one another one is told to try again, and the other goes on."""
    with closing(open_store(url)) as store:
        assert isinstance(store, Hosted)
        pilots = {name: begin(store, name) for name in ("p1", "p2")}
        gate, told = threading.Barrier(2), dict[str, BaseException | None]()
        hosts = create_engine(url, poolclass=NullPool)

        def act(*names: str) -> None:
            first, second = (written(pilots[name], changed(pilots[name], by=names[0]))[0] for name in names)
            with hosts.connect() as link:
                hosted = store.using(link)
                hosted.append(first)
                gate.wait()
                told[names[0]] = outcome(lambda: hosted.append(second))
                if told[names[0]] is None:
                    link.commit()

        at_once(act, ("p1", "p2"), ("p2", "p1"))
        assert {type(None), StoreBusy} == set(map(type, told.values()))
        winner = next(name for name, raised in told.items() if raised is None)
        assert [winner] * 2 == [pilot.data["by"] for name in pilots if (pilot := stored(store, name))]


def at_once(act: Callable[..., None], *given: tuple[str, ...]) -> None:
    """Do something for each of these, in threads of their own."""
    threads = [threading.Thread(target=act, args=names, daemon=True) for names in given]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
        assert not one.is_alive()


@on_servers
def test_an_interrupt_during_a_wait_leaves_the_store_usable(url: str, store: Store, watch: Watch) -> None:
    """Whoever presses Ctrl-C while an append waits for a lock gets out, has written nothing, and can go on."""
    pilot = begin(store)

    def press() -> None:
        while not watch.busy():
            pass
        os.kill(os.getpid(), signal.SIGINT)

    presser = threading.Thread(target=press)
    with locked(url, "p1"):
        presser.start()
        with pytest.raises(KeyboardInterrupt):
            advance(store, pilot)
        presser.join()
        assert pilot == stored(store)
    assert 2 == advance(store, pilot).version


@on_servers
def test_who_subscribes_a_name_just_after_another_process_keeps_it(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two processes that subscribe a name at once the later one gives it its body, and every pilot has its lane."""
    with closing(open_store(url)) as store, closing(open_store(url)) as other:
        assert isinstance(store, SqlStore)
        assert isinstance(other, SqlStore)
        begin(store)
        run, adds = type(store._database).run, store._lane_statements.add_subscription

        def late(self: object, connection: object, statement: object, values: object) -> object:
            if statement is adds:  # the other one comes between looking and writing
                other.subscribe(TENANT, Subscription("hr", b"first"), now=AT)
            return run(self, connection, statement, values)  # type: ignore[arg-type]  # as it was called

        monkeypatch.setattr(type(store._database), "run", late)
        store.subscribe(TENANT, Subscription("hr", b"second"), now=AT)
        monkeypatch.undo()
        assert (Subscription("hr", b"second"),) == store.subscriptions(TENANT)
        assert ["p1"] == [one.pilot_id for one in store.lanes(TENANT, "hr")]
