"""What is told when Redis refuses, and when the way to it breaks at each of the places where it can."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

import pytest
from redis.exceptions import ConnectionError as Lost
from redis.exceptions import RedisError, ResponseError

from proeftuin.errors import (
    CorruptStore,
    OutcomeUnknown,
    ProeftuinError,
    StoreBusy,
    StoreError,
    StoreFull,
    StoreUnavailable,
)
from proeftuin.spi import Query, Receipt, Subscription
from proeftuin.testing import begin, changed, stored, versions, written
from proeftuin.testing import started as started_event
from proeftuin_redis import RedisStore, open_redis
from proeftuin_redis._faults import answered
from tests.forked import held, in_child
from tests.own_servers import OwnRedis

Asked = Callable[..., object]
Started = Callable[..., OwnRedis]
RECEIPT = Receipt("key-1", "f", b"")


class Relay:
    """A way to a server on which each call is noted, and that breaks when it is told to.

    Attributes:
        calls: how many scripts were sent on to the server.
        breaks: `before` a script is sent on, `after` its answer came, by `silence`, or never.
    """

    def __init__(self, url: str) -> None:
        host, _, port = url.partition("://")[2].partition("/")[0].rpartition(":")
        self._server = (host.rpartition("@")[2], int(port))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._links: list[socket.socket] = []
        self.calls = 0
        self.breaks = ""
        self.url = f"redis://127.0.0.1:{self._listener.getsockname()[1]}/{url.rpartition('/')[2]}"
        Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self._links.append(client)
                Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        with client, socket.create_connection(self._server) as server, suppress(OSError):
            Thread(target=self._answer, args=(server, client), daemon=True).start()
            while asked := client.recv(2**20):
                if b"EVALSHA" in asked:
                    if self.breaks == "before":
                        break
                    if self.breaks == "silence":
                        continue
                    self.calls += 1
                server.sendall(asked)
            _end(server)

    def _answer(self, server: socket.socket, client: socket.socket) -> None:
        with suppress(OSError):
            while answer := server.recv(2**20):
                if self.breaks == "after" and not answer.startswith((b"-NOSCRIPT", b"$40")):  # nothing was run yet
                    break
                client.sendall(answer)
        _end(client)

    def close(self) -> None:
        """Take nothing more, and let go of all."""
        self._listener.close()
        for one in self._links:
            _end(one)


def _end(link: socket.socket) -> None:
    with suppress(OSError):
        link.shutdown(socket.SHUT_RDWR)


@contextmanager
def relayed(url: str, options: str = "") -> Iterator[tuple[Relay, RedisStore]]:
    """A store behind a relay."""
    relay = Relay(url)
    opened = open_redis(f"{relay.url}{options}")
    try:
        yield relay, opened
    finally:
        opened.close()
        relay.close()


@pytest.mark.parametrize(("breaks", "written_then"), [("before", [1]), ("after", [1, 2])])
def test_a_write_whose_answer_is_lost(url: str, breaks: str, written_then: list[int]) -> None:
    """Where the connection breaks behind a write the outcome is unknown, it is sent once, and its key tells."""
    with relayed(url) as (relay, opened):
        pilot = begin(opened)
        commit, _ = written(pilot, changed(pilot), receipt=RECEIPT)
        relay.calls, relay.breaks = 0, breaks
        with pytest.raises(OutcomeUnknown, match="pilot 'p1'"):
            opened.append(commit)
        relay.breaks = ""
        assert len(written_then) - 1 == relay.calls
        assert written_then == versions(opened)
        assert (RECEIPT if len(written_then) == 2 else None) == opened.receipt("default", "p1", "key-1")


@pytest.mark.parametrize("breaks", ["before", "after"])
def test_a_question_whose_answer_is_lost(url: str, breaks: str) -> None:
    """Where the connection breaks behind a question nothing was written, and the next question is answered."""
    with relayed(url) as (relay, opened):
        begin(opened)
        relay.breaks = breaks
        with pytest.raises(StoreUnavailable, match="nothing was written"):
            opened.load("default", "p1")
        relay.breaks = ""
        assert [1] == versions(opened)


def test_a_connection_that_idled_to_its_end_is_replaced(started: Started) -> None:
    """After a restart of the server the first call of each kind works, as no dead connection is written to."""
    server = started()
    opened = open_redis(server.url)
    pilot = begin(opened)
    server.stop(immediate=True)
    with pytest.raises(StoreUnavailable, match="nothing was written"):
        opened.append(written(pilot, changed(pilot))[0])
    server.start()
    opened.append(written(pilot, changed(pilot))[0])
    assert [1, 2] == versions(opened)
    opened.close()


def test_scripts_that_the_server_forgot_are_given_again(url: str, store: RedisStore, asked: Asked) -> None:
    """A server that lost its scripts, as after a restart, is given them again, and each call is done once."""
    pilot = begin(store)
    asked(url, "SCRIPT FLUSH")
    store.append(written(pilot, changed(pilot))[0])
    assert [1, 2] == versions(store)


def test_a_server_that_is_silent_is_given_up(url: str) -> None:
    """A server that takes a call and says nothing is given up after the timeout; for a write the outcome is unknown."""
    with socket.create_server(("127.0.0.1", 0)) as mute, pytest.raises(StoreUnavailable):
        open_redis(f"redis://127.0.0.1:{mute.getsockname()[1]}/0?timeout=0.1")
    with relayed(url, "?timeout=0.3") as (relay, opened):
        pilot = begin(opened)
        relay.breaks = "silence"
        with pytest.raises(OutcomeUnknown):
            opened.append(written(pilot, changed(pilot))[0])
        with pytest.raises(StoreUnavailable):
            opened.load("default", "p1")
        relay.breaks = ""
        assert [1] == versions(opened)


def test_a_full_server_is_told(started: Started, asked: Asked) -> None:
    """Where there is no memory left a write is refused whole as `StoreFull`, and questions are answered."""
    server = started()
    opened = open_redis(server.url)
    pilot = begin(opened)
    commits = [written(pilot, changed(pilot))[0], *(written(None, started_event(f"q{one}"))[0] for one in range(5))]
    asked(server.url, "CONFIG SET", "maxmemory", "1")
    with pytest.raises(StoreFull, match="maxmemory"):
        opened.append(*commits)
    assert ([1], ["p1"]) == (versions(opened), [one.id for one in opened.find(Query("default")).items])
    asked(server.url, "CONFIG SET", "maxmemory", "0")
    opened.append(*commits)
    assert 6 == len(opened.find(Query("default")).items)
    opened.close()


def test_a_busy_server_is_told(started: Started, asked: Asked) -> None:
    """While a script of somebody else runs too long the store is busy, and afterwards it goes on."""
    server = started("--busy-reply-threshold", "1")
    opened = open_redis(server.url)
    begin(opened)
    endless = Thread(target=lambda: _raised(lambda: asked(f"{server.url}?", "EVAL", "while true do end", "0")))
    endless.start()
    told: ProeftuinError | None = None
    while told is None:  # until the script runs
        told = _raised(lambda: opened.load("default", "p1"))
    assert isinstance(told, StoreBusy)
    asked(server.url, "SCRIPT KILL")
    endless.join()
    assert [1] == versions(opened)
    opened.close()


def _raised(act: Callable[[], object]) -> ProeftuinError | None:
    try:
        act()
    except ProeftuinError as error:
        return error
    except ResponseError:
        return None  # the script that was killed
    return None


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (StoreBusy, "BUSY Redis is busy running a script. canary"),
        (StoreUnavailable, "MISCONF Errors writing to the AOF file: canary"),
        (StoreUnavailable, "NOREPLICAS Not enough good replicas to write. canary"),
        (CorruptStore, "WRONGTYPE Operation against a key holding the wrong kind of value canary"),
        (StoreError, "ERR unknown command canary"),
        (StoreError, "canary"),
    ],
)
def test_an_answer_that_refuses_is_told(kind: type[StoreError], text: str) -> None:
    """Each refusal of the server is an error of ours that says what to do, without the server's own words."""
    error = answered(ResponseError(text), "redis://db:6379/0", "pilot 'p1'")
    assert kind is type(error)
    assert "redis://db:6379/0" in str(error)
    assert "canary" not in str(error)


@pytest.mark.parametrize("error", [Lost("gone"), RedisError("what is it")])
def test_a_broken_connection_is_no_answer(error: RedisError) -> None:
    """What is no answer of the server does not say that nothing was written."""
    assert answered(error, "redis://db:6379/0", "pilot 'p1'") is None


def test_closing_leaves_nothing_open(url: str) -> None:
    """A store that was closed while nothing was under way, or in a callback, has no connection left."""

    def links() -> int:
        return sum(1 for _ in Path("/proc/self/fd").iterdir())

    before = links()
    opened = open_redis(url)
    pilot = begin(opened)
    with pytest.raises(StoreUnavailable, match="closed"):
        opened.append(written(pilot, changed(pilot))[0], recorded=lambda _: opened.close())
    assert before == links()
    again = open_redis(url)
    assert pilot == stored(again)
    assert [1] == versions(again)
    again.close()


def test_subscribing_twice_at_a_lost_answer(url: str) -> None:
    """A subscription whose answer was lost may be made again, and its lanes are as if it had been made once."""
    with relayed(url) as (relay, opened):
        pilot = begin(opened)
        now = pilot.updated_at
        relay.breaks = "after"
        with pytest.raises(OutcomeUnknown, match="subscriber 'log'"):
            opened.subscribe("default", Subscription("log", b""), now=now, beginning=True)
        relay.breaks = ""
        opened.subscribe("default", Subscription("log", b""), now=now, beginning=True)
        (lane,) = opened.lanes("default", "log")
        assert (0, 1, now) == (lane.delivered, lane.target, lane.due)


def test_a_child_goes_on_while_another_thread_was_at_work(store: RedisStore) -> None:
    """A child that was forked off while another thread took a connection takes one of its own."""
    begin(store, "p1")
    with held(store._wire._lock):
        assert 0 == in_child(lambda: begin(store, "p2"))
    assert [[1], [1]] == [versions(store, name) for name in ("p1", "p2")]
