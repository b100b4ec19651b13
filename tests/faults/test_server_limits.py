"""A server that is full, gone, locked or closed to us: told in our words, without a secret, and after it all works."""

import pickle
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from functools import partial

import pytest
from sqlalchemy import make_url

from proeftuin.core.pilot import Pilot
from proeftuin.errors import Conflict, PilotExists, ProeftuinError, StoreBusy, StoreUnavailable
from proeftuin.spi import Commit, Store
from proeftuin.storage import open_store
from proeftuin.storage.sql import SqlStore, upgrade
from proeftuin.storage.sql.connections import Connections
from tests.conftest import needed
from tests.faults.conftest import SERVERS, plain, with_options
from tests.faults.watching import Watch, locked, watching
from tests.own_servers import OwnPostgres
from tests.servers import OWN
from tests.serving import OwnServer, free_port
from tests.stores import advance, begin, changed, started, stored, versions, written

on_servers = pytest.mark.parametrize("kind", SERVERS)

RIGHT, WRONG = "right-secret", "wrong-secret"
FEW = 3  # connections that the account of a test may have
FAILURES = 10_000


def pool_of(store: Store) -> Connections:
    assert isinstance(store, SqlStore)
    assert isinstance(store._connections, Connections)
    return store._connections


def asking(store: Store, connection: object) -> None:
    """A callback that needs another connection than the one it was given."""
    stored(store)


# -- the pool ------------------------------------------------------------------------------------------------------


@on_servers
def test_a_pool_of_one_serves_eight_threads(url: str) -> None:
    """With one connection all that threads do at once is done, one after the other, and there never is a second."""
    with watching(url) as watch, closing(open_store(with_options(url, pool_size="1", timeout="60"))) as store:
        pilots = [begin(store, f"p{number}") for number in range(8)]
        threads = [threading.Thread(target=advance, args=(store, pilot, 20)) for pilot in pilots]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        assert [list(range(1, 22))] * 8 == [versions(store, pilot.id) for pilot in pilots]
        assert 1 == len(watch.sessions())


@on_servers
def test_an_exhausted_pool_is_busy(url: str) -> None:
    """Who waits too long for a connection is told to try again; when one comes back all goes on."""
    with closing(open_store(with_options(url, pool_size="1", timeout="0.05"))) as store:
        pilot = begin(store)
        inside, go = threading.Event(), threading.Event()

        def stay(_: object) -> None:
            inside.set()
            go.wait()

        commit, _ = written(pilot, changed(pilot, slow=True))
        holder = threading.Thread(target=store.append, args=(commit,), kwargs={"recorded": stay}, daemon=True)
        holder.start()
        inside.wait()
        with pytest.raises(StoreBusy, match="all its 1 connections"):
            stored(store)
        with pytest.raises(StoreBusy, match="all its 1 connections"):
            begin(store, "p2")
        go.set()
        holder.join()
        assert [1, 2] == versions(store)
        begin(store, "p2")


@on_servers
def test_a_callback_that_needs_another_connection_is_busy_and_undone(url: str) -> None:
    """A callback that asks a pool of one for a second connection is told so, and its commit is undone."""
    with closing(open_store(with_options(url, pool_size="1", timeout="0.05"))) as store:
        pilot = begin(store)
        commit, _ = written(pilot, changed(pilot, asks=True))
        with pytest.raises(StoreBusy):
            store.append(commit, recorded=partial(asking, store))
        assert [1] == versions(store)
        store.append(commit)


@on_servers
def test_a_broken_connection_takes_the_idle_ones_with_it(store: Store, watch: Watch) -> None:
    """When one connection turns out to be broken those that lie idle are closed as well, and none of them is left."""
    pilot = begin(store)
    (first,) = watch.sessions()
    commit, after = written(pilot, changed(pilot))
    store.append(commit, recorded=partial(asking, store))
    assert 2 == len(watch.sessions())
    watch.end(first)
    assert after == stored(store)
    assert 1 == watch.left(1)


# -- locks ---------------------------------------------------------------------------------------------------------


@on_servers
def test_a_locked_row_is_busy_and_works_again(url: str, store: Store) -> None:
    """While another client holds a pilot an append waits and then says busy; reading and other pilots go on."""
    pilot, other = begin(store, "p1"), begin(store, "p2")
    with locked(url, "p1"):
        with pytest.raises(StoreBusy) as caught:
            advance(store, pilot)
        assert caught.value.__cause__ is not None
        assert pilot == stored(store)
        assert 2 == advance(store, other).version
        with pytest.raises(StoreBusy):
            store.append(written(None, started("p3"))[0], written(pilot, changed(pilot))[0])
    assert [] == versions(store, "p3")
    assert 2 == advance(store, pilot).version


# -- a server of one's own -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=SERVERS)
def server(request: pytest.FixtureRequest) -> Iterator[OwnServer]:
    """A server with our tables, and an account that has a password and few connections."""
    kind = request.param
    with needed(kind, OWN[kind]) as own:
        upgrade(own.url)
        with watching(own.url) as watch:
            watch.run(*account(kind))
        if isinstance(own, OwnPostgres):  # which trusts everybody else
            own.stop()
            rules = own.folder / "data" / "pg_hba.conf"
            rules.write_text(f"host all guarded 127.0.0.1/32 scram-sha-256\n{rules.read_text()}")
            own.start()
        yield own


def account(kind: str) -> list[str]:
    if kind == "mariadb":
        return [
            f"CREATE USER guarded@'127.0.0.1' IDENTIFIED BY '{RIGHT}' WITH MAX_USER_CONNECTIONS {FEW}",
            "GRANT ALL ON proeftuin.* TO guarded@'127.0.0.1'",
        ]
    return [
        f"CREATE ROLE guarded LOGIN PASSWORD '{RIGHT}' CONNECTION LIMIT {FEW}",
        "GRANT ALL ON ALL TABLES IN SCHEMA public TO guarded",
    ]


def guarded(server: OwnServer, password: str = RIGHT, **more: object) -> str:
    """The URL of the server by that account."""
    there = make_url(plain(server.url)).set(username="guarded", password=password, **more)  # type: ignore[arg-type]  # what a URL has
    return there.render_as_string(hide_password=False)


def hides(error: ProeftuinError, *secrets: str) -> bool:
    """Whether nothing that can be made of an error holds a secret, the driver's own error included."""
    told = "".join(traceback.format_exception(error, chain=True)) + repr(error) + repr(pickle.dumps(error))
    return not any(one in told for one in secrets)


def test_a_wrong_password_is_told_without_it(server: OwnServer) -> None:
    """Who may not come in is told so, and no password stands in the error, its cause or its traceback."""
    with pytest.raises(StoreUnavailable, match="may not be used by this account") as caught:
        open_store(guarded(server, WRONG))
    assert hides(caught.value, WRONG, RIGHT)


def test_a_database_that_does_not_exist_is_told(server: OwnServer) -> None:
    """A database of another name does not exist, and the name is told."""
    with pytest.raises(StoreUnavailable, match="elsewhere"):
        open_store(guarded(server, database="elsewhere"))


def test_a_server_that_is_not_there_is_told(server: OwnServer) -> None:
    """Where nobody listens the server cannot be reached, and the password is not told."""
    with pytest.raises(StoreUnavailable, match="cannot be reached") as caught:
        open_store(guarded(server, port=free_port()))
    assert hides(caught.value, RIGHT)


def test_too_many_connections_are_busy(server: OwnServer) -> None:
    """A store that finds no room on the server says so at open and in use, and works when there is."""
    url = guarded(server)
    with closing(open_store(url)) as store:
        pilot = begin(store, "crowded")
        with ExitStack() as others:
            for _ in range(FEW - 1):
                others.enter_context(watching(url))
            with pytest.raises(StoreBusy, match="too many connections"):
                open_store(url)
            commit, _ = written(pilot, changed(pilot))
            with pytest.raises(StoreBusy, match="too many connections"):
                store.append(commit, recorded=partial(asking, store))
            assert 1 == len(versions(store, "crowded"))
        assert 2 == advance(store, pilot).version


def test_a_server_that_went_away_and_came_back(server: OwnServer) -> None:
    """While the server is down each call says so, and when it is up the same store goes on with its one connection."""
    with closing(open_store(with_options(guarded(server), pool_size="1"))) as store:
        pilot = begin(store, "away")
        server.stop()
        commit, _ = written(pilot, changed(pilot))
        acts: list[Callable[[], object]] = [lambda: stored(store, "away"), lambda: store.append(commit)]
        for act in acts * 2:
            with pytest.raises(StoreUnavailable, match="cannot be reached"):
                act()
        server.start()
        assert pilot == stored(store, "away")
        assert 2 == advance(store, pilot).version


# -- ten thousand failures -----------------------------------------------------------------------------------------


@on_servers
def test_ten_thousand_failures_leak_no_connection(url: str, store: Store, watch: Watch) -> None:
    """After so many lost races, taken ids, raising callbacks and ended sessions one session is left, and it works."""
    first = begin(store)
    pilot = advance(store, first)
    commits = failing(first, pilot)
    for number in range(FAILURES):
        expected, given, recorded = commits[number % len(commits)]
        with pytest.raises(expected):
            store.append(*given, recorded=recorded)
        if number % 1000 == 0:
            for session in watch.sessions():
                watch.end(session)
            assert pilot == stored(store)
    assert (0, 1) == (pool_of(store)._lent, len(pool_of(store)._idle))
    assert 1 == watch.left(1)
    assert 3 == advance(store, pilot).version


Failing = tuple[type[BaseException], list[Commit], Callable[[object], None] | None]


def failing(first: Pilot, pilot: Pilot) -> list[Failing]:
    """Appends that fail, each in its own way, and what they raise."""
    stale, taken = written(first, changed(first))[0], written(None, started(pilot.id))[0]
    good, new = written(pilot, changed(pilot))[0], written(None, started("p2"))[0]
    return [
        (Conflict, [stale], None),
        (PilotExists, [taken], None),
        (Conflict, [new, stale], None),
        (LookupError, [good], partial(raising, LookupError)),
        (KeyboardInterrupt, [good, new], partial(raising, KeyboardInterrupt)),
    ]


def raising(kind: type[BaseException], connection: object) -> None:
    """A callback that fails."""
    raise kind
