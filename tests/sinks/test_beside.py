"""Endpoints that misbehave, each beside a good one: what becomes of their lanes; the good one has everything."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from socket import create_server, socket

import pytest

from proeftuin.delivery import Schedule
from proeftuin.receiving import verify
from proeftuin.sinks.http import MOST
from tests.sinks.parcels import SECRET
from tests.sinks.servers import Receiver, Rough, read_request, receiver, rough
from tests.sinks.test_hostile_endpoints import OK, _reset, dripping, webhook
from tests.unit.delivery.catching import Play

Opened = Callable[[ExitStack], str]


@pytest.fixture
def good() -> Iterator[Receiver]:
    """An endpoint that takes everything."""
    with receiver() as made:
        yield made


def played(pilots: int = 1) -> Play:
    """Pilots with three events each, and two subscribers to them."""
    play = Play()
    play.engine.subscribe("bad")
    play.engine.subscribe("good")
    for _ in range(pilots):
        play.pilot(notes=2)
    return play


def versions(at: Receiver) -> list[int]:
    return [verify(one.headers, one.body, SECRET).version for one in at.requests]


def _roughly(serve: Callable[[Rough, socket], None]) -> Opened:
    return lambda stack: stack.enter_context(rough(serve)).url


def _round(server: Rough, connection: socket) -> None:
    """Send whoever comes to itself, for ever."""
    read_request(connection)
    connection.sendall(f"HTTP/1.1 307 Again\r\nLocation: {server.url}\r\nContent-Length: 0\r\n\r\n".encode())


def _away(_: ExitStack) -> str:
    with create_server(("127.0.0.1", 0)) as once:
        return f"http://127.0.0.1:{once.getsockname()[1]}/"


LATE, ODD = "did not answer in time", f"did not answer in HTTP, or with more than {MOST} bytes"
HOSTILE = {
    "hangs": (_roughly(dripping(b"", b"")), LATE),
    "drips": (_roughly(dripping(OK, b"X")), LATE),
    "headers without end": (_roughly(dripping(OK, b"X: " + b"y" * 1000 + b"\r\n")), ODD),
    "an error without end": (_roughly(dripping(b"HTTP/1.1 500 No\r\n\r\n", b"x" * 10_000)), "answered 500"),
    "redirects to itself": (_roughly(_round), "answered 307"),
    "resets": (_roughly(_reset), "broke the connection (ConnectionResetError)"),
    "speaks another language": (_roughly(dripping(b"SSH-2.0-x\r\n", b"")), ODD),
    "is not there": (_away, "refused the connection"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_endpoint_fails_its_own_lane(name: str, good: Receiver) -> None:
    """Whatever one endpoint does, its lane waits as is documented and is held by nobody; the other has it all."""
    opened, problem = HOSTILE[name]
    play = played()
    with ExitStack() as stack:
        bad = webhook(opened(stack), seconds=1 if problem == LATE else 10)
        assert (3, 1, False) == play.deliver(bad=bad, good=webhook(good.url))
    (lane,) = play.engine.lanes("bad")
    assert (0, 1, False, False) == (lane.delivered, lane.attempts, lane.parked, lane.claimed)
    assert f"{bad!r}"[len("Webhook(") : -1] + f" {problem}" == lane.error
    assert [1, 2, 3] == versions(good)
    assert 0 == play.engine.lag("good").behind


def test_an_answer_without_end_is_an_answer(good: Receiver) -> None:
    """An endpoint that says yes and then never ends has taken each event; it is asked once for each, and no more."""
    play = played(2)
    with rough(dripping(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"400\r\n" + b"x" * 1024 + b"\r\n")) as server:
        assert (12, 0, False) == play.deliver(bad=webhook(server.url), good=webhook(good.url))
        assert 6 == server.calls
    assert (0, 0) == (play.engine.lag("bad").behind, play.engine.lag("good").behind)


def test_an_hour_without_one_endpoint_is_an_hour_like_any_other_for_the_next(good: Receiver) -> None:
    """The other endpoint is up to date each minute; the dead one's lane is parked, and once resent goes on in order."""
    schedule = Schedule(first=timedelta(minutes=1), factor=2, longest=timedelta(minutes=16), attempts=5)
    play, behind = played(), list[int]()
    (pilot,) = (one.id for one in play.engine.each())
    with receiver() as dead:
        dead.usual = 503
        sinks = {"bad": webhook(dead.url), "good": webhook(good.url)}
        for _ in range(60):
            play.notes(pilot)
            play.deliver(schedule, **sinks)
            behind.append(play.engine.lag("good").behind)
            play.clock.pass_(minutes=1)
        assert [0] * 60 == behind
        assert [1] * 5 == versions(dead)
        assert 1 == len({one.body for one in dead.requests})
        (parked,) = play.engine.lanes("bad", parked=True)
        assert (0, 5, f"127.0.0.1:{dead.port} answered 503") == (parked.delivered, parked.attempts, parked.error)

        dead.usual = 204
        assert 1 == play.engine.resend("bad")
        play.deliver(schedule, **sinks)
        assert [1] * 5 + list(range(1, 64)) == versions(dead)
    assert list(range(1, 64)) == versions(good)
