"""What is told when NATS refuses, and when the way to it breaks; and what is in the stream then."""

import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from threading import enumerate as enumerate_threads
from urllib.parse import urlsplit

import pytest
from nats.js import JetStreamContext
from nats.js.api import DiscardPolicy

from proeftuin.testing.sinks import parcels
from proeftuin_nats import NatsSink
from tests.nats_bus import SOURCE, Bus, TunedNats, failed, one

Opened = Callable[..., NatsSink]
Started = Callable[..., TunedNats]
INFO = b'INFO {"server_id":"x","version":"2.9.0","headers":true,"max_payload":99999999}\r\n'


# -- streams -----------------------------------------------------------------------------------------------------------


def test_a_missing_stream_is_told(bus: Bus, opened: Opened) -> None:
    """Without `create` a stream that is not there is a failure that says what to do, and nothing is made."""
    error = failed(opened(bus.url.replace("&create=yes", "")), one())
    assert f"has no stream {bus.stream}; make it, or give create=yes" in error.problem
    assert (None, False, None) == (error.delivered, error.permanent, error.retry_after)
    assert [] == bus.kept


def test_a_stream_is_made_as_the_readme_says(bus: Bus, opened: Opened) -> None:
    """With `create` the stream is made in files, for our subjects, and knows repeats for an hour."""
    opened(bus.url).send(one())

    async def settings(js: JetStreamContext) -> tuple[object, ...]:
        found = (await js.stream_info(bus.stream)).config
        return found.subjects, f"{found.storage}", found.num_replicas, found.duplicate_window, found.max_age

    assert ([f"{bus.prefix}.>"], "file", 1, 3600, 0) == bus.ask(settings)


def test_a_stream_of_ones_own_is_left_as_it_is(bus: Bus, opened: Opened) -> None:
    """Where there is a stream for our subjects already, `create` changes nothing of it."""
    bus.make(max_msgs=7)
    opened(bus.url).send(one())

    async def most(js: JetStreamContext) -> int | None:
        return (await js.stream_info(bus.stream)).config.max_msgs

    assert 7 == bus.ask(most)
    assert ["p-1-1"] == bus.ids


@pytest.mark.parametrize("create", ["&create=yes", ""])
def test_a_stream_for_other_subjects_is_told(bus: Bus, opened: Opened, create: str) -> None:
    """A stream of that name that does not take our subjects is told as that, and nothing of it is changed."""
    bus.make()
    error = failed(opened(f"{bus.server}/{bus.stream}?source={SOURCE}&subject=x{bus.prefix}{create}"), one())
    assert "does not take our subjects" in error.problem
    assert not error.permanent


@pytest.mark.parametrize("create", ["&create=yes", ""])
def test_subjects_that_another_stream_keeps_are_told(bus: Bus, opened: Opened, create: str) -> None:
    """Where another stream has our subjects nothing is put into it."""
    bus.make()
    error = failed(opened(f"{bus.server}/X{bus.stream}?source={SOURCE}&subject={bus.prefix}{create}"), one())
    assert f"keeps our subjects in another stream than X{bus.stream}" in error.problem
    assert [] == bus.kept


def test_a_full_stream_is_told(bus: Bus, opened: Opened) -> None:
    """A stream that takes no more is a failure that passes, and what came before it is told as delivered."""
    bus.make(max_msgs=2, discard=DiscardPolicy.NEW)
    error = failed(opened(bus.url), next(parcels(4)))
    assert f"has no room left in {bus.stream}" in error.problem
    assert (2, False) == (error.delivered, error.permanent)
    assert ["p-1-1", "p-1-2"] == bus.ids


def test_an_event_that_is_too_large_is_set_aside(bus: Bus, opened: Opened) -> None:
    """An event that the stream, or the server, never takes fails for ever, and alone: the connection goes on."""
    bus.make(max_msg_size=5_000)
    sink = opened(bus.url)
    error = failed(sink, one(text="x" * 10_000))
    assert f"does not take events as large as this in {bus.stream}" in error.problem
    assert error.permanent
    error = failed(sink, one(text="x" * 2_000_000))
    assert "does not take messages as large as this event" in error.problem
    assert error.permanent
    sink.send(one())
    assert ["p-1-1"] == bus.ids


def test_a_server_without_jetstream_is_told(started: Started, opened: Opened) -> None:
    """A server that keeps nothing is told as that, whether or not a stream would be made."""
    server = started(jetstream=False)
    for url in (Bus.on(server.url).url, Bus.on(server.url).url.replace("&create=yes", "")):
        assert f"127.0.0.1:{server.port} has no JetStream" == failed(opened(url), one()).problem


def test_copies_that_there_cannot_be_are_told(bus: Bus, opened: Opened) -> None:
    """A stream with replicas is not made on a server that has no others."""
    assert "is no cluster" in failed(opened(f"{bus.url}&replicas=3"), one()).problem


# -- the way to it -----------------------------------------------------------------------------------------------------


class Relay:
    """A way to a server that breaks, or falls silent, when it is told to.

    Attributes:
        breaks: at `request` the connection ends before a message is sent on; at `answer`, before the answer to it is;
            at `silence` it stays, and no message is sent on.
        ended: whether a connection came to its end during a silence.
    """

    def __init__(self, url: str) -> None:
        host, _, port = url.removeprefix("nats://").rpartition(":")
        self._server = (host, int(port))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.breaks = ""
        self.ended = Event()
        self.url = f"nats://127.0.0.1:{self._listener.getsockname()[1]}"
        Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        with client, socket.create_connection(self._server) as server, suppress(OSError):
            Thread(target=self._answer, args=(server, client), daemon=True).start()
            while asked := client.recv(2**20):
                if b"HPUB" in asked and self.breaks == "request":
                    break
                if b"HPUB" in asked and self.breaks == "silence":
                    continue
                server.sendall(asked)
            _end(server)
        if self.breaks == "silence":
            self.ended.set()

    def _answer(self, server: socket.socket, client: socket.socket) -> None:
        with suppress(OSError):
            while answer := server.recv(2**20):
                if b"MSG" in answer and self.breaks == "answer":
                    break
                client.sendall(answer)
        _end(client)

    def close(self) -> None:
        self._listener.close()


def _end(link: socket.socket) -> None:
    with suppress(OSError):
        link.shutdown(socket.SHUT_RDWR)


@contextmanager
def relayed(bus: Bus) -> Iterator[tuple[Relay, str]]:
    """A way to the server of a stream, and the URL of a sink that goes it."""
    relay = Relay(bus.server)
    try:
        yield relay, bus.url.replace(bus.server, relay.url)
    finally:
        relay.close()


@pytest.mark.parametrize(("breaks", "there"), [("request", ["p-1-1"]), ("answer", ["p-1-1", "p-1-2"])])
def test_a_lost_acknowledgement_leaves_no_double(bus: Bus, opened: Opened, breaks: str, there: list[str]) -> None:
    """Where the connection breaks at a message it is told, and after a repeat the stream has it once, in order."""
    with relayed(bus) as (relay, url):
        sink = opened(url)
        first, second = parcels(1, 3)
        sink.send(first)
        relay.breaks = breaks
        error = failed(sink, second)
        assert "went away" in error.problem
        assert (None, False) == (error.delivered, error.permanent)
        assert there == bus.ids
        relay.breaks = ""
        for _ in range(2):
            sink.send(second)
    assert ["p-1-1", "p-1-2", "p-1-3", "p-1-4"] == bus.ids


def test_a_connection_without_an_answer_is_ended(bus: Bus, opened: Opened) -> None:
    """When the time is up the connection is ended, nothing goes over it later, and the next call has another."""
    with relayed(bus) as (relay, url):
        sink = opened(url)
        first, second = parcels(1, 1, seconds=1)
        sink.send(first)
        relay.breaks = "silence"
        assert "did not acknowledge within 0.9 seconds" in failed(sink, second).problem
        assert relay.ended.wait(30)
        assert ["p-1-1"] == bus.ids
        relay.breaks = ""
        sink.send(second)
    assert ["p-1-1", "p-1-2"] == bus.ids


def test_what_was_given_up_is_not_sent_later(opened: Opened) -> None:
    """Of a message that a server did not read before the time was up the rest never comes."""
    size, got, given_up = 2**24, [0], Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            link, _ = listener.accept()
            with link:
                link.sendall(INFO)
                link.recv(4096)
                link.sendall(b"PONG\r\n")
                given_up.wait(30)
                with suppress(ConnectionResetError):
                    while some := link.recv(2**16):
                        got[0] += len(some)

        server = Thread(target=serve)
        server.start()
        sink = opened(f"nats://127.0.0.1:{listener.getsockname()[1]}/PILOTS?source={SOURCE}")
        assert "did not acknowledge" in failed(sink, one(text="x" * size, seconds=1)).problem
        given_up.set()
        server.join(30)
    assert not server.is_alive()
    assert 0 < got[0] < size


def test_a_server_that_starts_again_is_found(started: Started, opened: Opened) -> None:
    """The same sink delivers after a crash of the server, and the stream has what it had."""
    server = started()
    bus = Bus.on(server.url)
    sink = opened(bus.url)
    first, second = parcels(2, 2)
    sink.send(first)
    server.stop(immediate=True)
    assert f"127.0.0.1:{server.port} cannot be reached" in failed(sink, second).problem
    server.start()
    sink.send(second)
    sink.send(first)
    assert ["p-1-1", "p-1-2", "p-1-3", "p-1-4"] == bus.ids


def test_another_server_of_the_cluster_is_tried(bus: Bus, opened: Opened) -> None:
    """Where the first server does not answer the next one gets the events."""
    host = bus.server.removeprefix("nats://")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        gone = listener.getsockname()[1]
    opened(bus.url.replace(host, f"127.0.0.1:{gone},{host}")).send(one())
    assert ["p-1-1"] == bus.ids


def test_what_is_no_acknowledgement_is_not_taken_for_one(opened: Opened) -> None:
    """Somebody who answers in the place of a stream, with whatever words, has not kept an event."""
    with answering(b"thanks") as url:
        assert "answered with what is no acknowledgement" in failed(opened(url), one()).problem


@contextmanager
def answering(words: bytes) -> Iterator[str]:
    """A server on which not a stream but a stranger answers every message."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            link, _ = listener.accept()
            with link, link.makefile("rb") as lines, suppress(OSError):
                link.sendall(INFO)
                for line in lines:
                    if line.startswith(b"PING"):
                        link.sendall(b"PONG\r\n")
                    if line.startswith(b"HPUB"):
                        link.sendall(b"MSG %s 1 %d\r\n%s\r\n" % (line.split()[2], len(words), words))

        Thread(target=serve, daemon=True).start()
        yield f"nats://127.0.0.1:{listener.getsockname()[1]}/PILOTS?source={SOURCE}"


# -- threads and processes ---------------------------------------------------------------------------------------------


def test_a_closed_sink_says_so(bus: Bus, opened: Opened) -> None:
    """After `close` nothing is sent, a second one does nothing, and neither a thread nor a connection is left."""
    sink = opened(bus.url)
    sink.send(one())
    assert (1, 1) == (connections(bus.server), threads())
    sink.close()
    sink.close()
    assert "this sink was closed; open a new one" == failed(sink, one("q")).problem
    assert (0, 0) == (connections(bus.server), threads())
    assert ["p-1-1"] == bus.ids


def test_closing_ends_what_is_under_way(started: Started, opened: Opened) -> None:
    """A call that waits for a server that hangs ends when the sink is closed."""
    server = started()
    bus = Bus.on(server.url)
    sink = opened(bus.url, seconds=60)
    sink.send(one())
    os.kill(server.pid, signal.SIGSTOP)
    told: list[str] = []
    waiting = Thread(target=lambda: told.append(failed(sink, one("q", seconds=60)).problem))
    waiting.start()
    sink.close()
    waiting.join(30)
    os.kill(server.pid, signal.SIGCONT)
    assert 1 == len(told)
    assert not waiting.is_alive()


def connections(server: str) -> int:
    """How many connections this process has to a server; other processes and other tests may have some of their own."""
    held = set[str]()
    for descriptor in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # closed meanwhile
            held.add(str(descriptor.readlink()))
    rows = [line.split() for line in Path("/proc/self/net/tcp").read_text().splitlines()[1:]]
    return sum(row[2].endswith(f":{urlsplit(server).port:04X}") and f"socket:[{row[9]}]" in held for row in rows)


def threads() -> int:
    return sum(one.name == "proeftuin-nats" for one in enumerate_threads())


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")  # from 3.12 on, of any process that has threads
def test_a_process_that_is_forked_off_has_its_own_connection(bus: Bus, opened: Opened) -> None:
    """A sink that was in use goes on in the child and in the parent, each over a connection of its own."""
    sink = opened(bus.url)
    first, second, third = parcels(1, 1, 1)
    sink.send(first)
    child = os.fork()
    if child == 0:
        signal.alarm(60)  # it would hang, not fail
        try:
            sink.send(second)
        except BaseException:  # noqa: BLE001  # the parent is told by the status
            os._exit(1)
        os._exit(0)
    assert 0 == os.waitpid(child, 0)[1]
    sink.send(third)
    assert ["p-1-1", "p-1-2", "p-1-3"] == bus.ids
