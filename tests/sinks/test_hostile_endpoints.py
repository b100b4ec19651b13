"""Endpoints that attack who calls them, or just break: each call ends with a documented failure, in its time."""

import socket
import ssl
from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest
import trustme
from attrs import evolve

from proeftuin import BadArgument
from proeftuin.sinks import open_sink
from proeftuin.sinks.http import MOST
from proeftuin.sinks.webhook import Webhook
from proeftuin.spi import NotDelivered, Parcel
from tests.sinks.parcels import SECRET, SOURCE, parcel
from tests.sinks.servers import Rough, read_request, receiver, rough

OK = b"HTTP/1.1 200 OK\r\n"
EMPTY = OK + b"Content-Length: 0\r\n\r\n"
HINTS = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n"
Serve = Callable[[Rough, socket.socket], None]


def short(count: int = 1, seconds: float = 0.6) -> Parcel:
    """A parcel whose time is soon over."""
    sent = parcel()
    return evolve(sent, events=sent.events[:count], seconds=seconds)


def webhook(url: str, **options: object) -> Webhook:
    port = int(url.rsplit(":", 1)[1].split("/", maxsplit=1)[0])
    given = {"source": SOURCE, "secrets": SECRET, "ports": (port,), "insecure_loopback": True, **options}
    return Webhook(url, **given)  # type: ignore[arg-type]  # whatever a test gives


def problem(made: Webhook, sent: Parcel) -> str:
    with pytest.raises(NotDelivered) as caught:
        made.send(sent)
    assert not caught.value.permanent
    return caught.value.problem


def dripping(before: bytes, piece: bytes) -> Serve:
    def serve(server: Rough, connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(before)
        server.drip(connection, piece)

    return serve


@pytest.mark.parametrize(
    ("before", "piece"),
    [
        (b"", b""),
        (b"", b"H"),
        (b"HTTP/1.1 2", b"0"),
        (OK, b"X"),
        (OK + b"X: ", b"y"),
        (b"HTTP/1.1 100 Continue\r\n\r\n", b""),
        (HINTS, b""),
    ],
    ids=["silence", "status", "digits", "name", "value", "continue", "hints"],
)
def test_an_endpoint_that_drips_is_left_in_time(before: bytes, piece: bytes) -> None:
    """An endpoint that says nothing, or a byte at a time for ever, is left when the time is over, still dripping."""
    with rough(dripping(before, piece)) as server:
        assert f"127.0.0.1:{server.port} did not answer in time" == problem(webhook(server.url), short())
        assert server.busy.is_set()


@pytest.mark.parametrize(
    ("before", "piece"),
    [
        (OK, b"X: " + b"y" * 1000 + b"\r\n"),
        (OK + b"X: ", b"y" * 10_000),
        (b"", b"H" * 10_000),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 400),
        (b"", b"HTTP/1.1 100 Continue\r\n" + b"X: y\r\n" * 4000),
        (b"", HINTS * 100),
    ],
    ids=["headers", "header", "line", "continues", "continue", "hints"],
)
def test_a_flood_before_the_body_is_cut_off(before: bytes, piece: bytes) -> None:
    """An answer whose headers do not end is left after a bounded number of bytes."""
    with rough(dripping(before, piece)) as server:
        expected = f"127.0.0.1:{server.port} did not answer in HTTP, or with more than {MOST} bytes"
        assert expected == problem(webhook(server.url), short(seconds=20))


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: 99999999999\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n",
        b"Connection: close\r\n\r\n",
        b"Content-Encoding: gzip\r\nContent-Length: 9999999\r\n\r\n",
    ],
    ids=["long", "chunked", "until the end", "packed"],
)
@pytest.mark.parametrize("piece", [b"x", b"400\r\n" + b"x" * 1024 + b"\r\n", b"\x1f\x8b" * 5000], ids=["x", "k", "g"])
def test_an_endless_body_does_not_matter(head: bytes, piece: bytes) -> None:
    """Once the status says that an event arrived, it did, and of the rest little is read and nothing unpacked."""
    with rough(dripping(OK + head, piece)) as server:
        webhook(server.url).send(short(2, seconds=20))
        assert 2 == server.calls


def test_a_slow_body_does_not_eat_the_time_of_the_next_event() -> None:
    """A short body that drips is left soon, and the next event goes over a new connection within the parcel's time."""
    with rough(dripping(OK + b"Content-Length: 60000\r\n\r\n", b"x")) as server:
        webhook(server.url).send(short(2, seconds=6))
        assert 2 == server.calls


@pytest.mark.parametrize(
    "answer",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"\x15\x03\x01\x00\x02\x02",
        b"HTTP/1.1 two hundred\r\n\r\n",
        b"HTTP/1.1 2000 OK\r\n\r\n",
        b"HTTP/1.1 -20 OK\r\n\r\n",
        b"HTTP/9.9 200 OK\r\n\r\n",
        b"\r\n\r\n",
        b"ICY 200 OK\r\n\r\n",
    ],
)
def test_what_is_no_http_is_no_delivery(answer: bytes) -> None:
    """An answer in another language, or with a status that is none, does not mean that anything arrived."""

    def serve(_: Rough, connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(answer)

    with rough(serve) as server:
        assert "did not answer in HTTP" in problem(webhook(server.url), short())


def test_text_of_an_answer_is_kept_nowhere() -> None:
    """What an endpoint writes in its status line, headers or body is not in the error that people are shown."""

    def serve(_: Rough, connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(b"HTTP/1.1 500 MARKER\x1b[31m\r\nX: MARKER\r\nContent-Length: 6\r\n\r\nMARKER")

    with rough(serve) as server:
        assert f"127.0.0.1:{server.port} answered 500" == problem(webhook(server.url), short())


def _hang(server: Rough, _: socket.socket) -> None:
    server.stop.wait()


def _reset(_: Rough, connection: socket.socket) -> None:
    read_request(connection)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # close sends a reset


def _half(_: Rough, connection: socket.socket) -> None:
    read_request(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Le")


def _nothing(_: Rough, connection: socket.socket) -> None:
    read_request(connection)


@pytest.mark.parametrize("serve", [_reset, _half, _nothing])
def test_a_connection_that_breaks_is_told(serve: Serve) -> None:
    """An endpoint that resets or closes the connection before it answers has not taken the event."""
    with rough(serve) as server:
        assert f"127.0.0.1:{server.port} broke the connection" in problem(webhook(server.url), short())
        assert 1 == server.calls


def test_an_endpoint_that_is_not_there_is_told() -> None:
    """A port that nobody listens at refuses the connection."""
    with socket.create_server(("127.0.0.1", 0)) as once:
        port = once.getsockname()[1]
    assert f"127.0.0.1:{port} refused the connection" == problem(webhook(f"http://127.0.0.1:{port}/"), short())


@pytest.mark.parametrize("before", [HINTS, b"HTTP/1.1 102 Processing\r\n\r\n" + HINTS], ids=["one", "two"])
def test_what_comes_before_an_answer_is_passed_over(before: bytes) -> None:
    """Interim answers say nothing of what became of the event; the one behind them does, and the connection is kept."""

    def serve(_: Rough, connection: socket.socket) -> None:
        for answer in (EMPTY, OK + b"Content-Length: 3\r\n\r\nabc", b"HTTP/1.1 503 Later\r\nContent-Length: 0\r\n\r\n"):
            read_request(connection)
            connection.sendall(before + answer)

    with rough(serve) as server:
        made, sent = webhook(server.url), short(3, seconds=20)
        with pytest.raises(NotDelivered, match="answered 503") as caught:
            made.send(sent)
        assert (sent.events[1].version, 1) == (caught.value.delivered, server.calls)


def test_a_connection_that_was_kept_and_then_let_go_is_made_anew() -> None:
    """An endpoint that says it keeps the connection and closes it all the same gets the next event over a new one."""

    def serve(_: Rough, connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(EMPTY)

    with rough(serve) as server:
        webhook(server.url).send(short(4, seconds=20))
        assert 4 == server.calls


def test_a_body_that_breaks_off_does_not_matter() -> None:
    """An answer that ends before its length has said that the event arrived; the next one gets a new connection."""

    def serve(_: Rough, connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(OK + b"Content-Length: 10\r\n\r\nabc")

    with rough(serve) as server:
        webhook(server.url).send(short(3, seconds=20))
        assert 3 == server.calls


def test_the_time_of_a_parcel_is_for_all_its_events() -> None:
    """Where the time is over in the middle, what arrived is told, and the rest is not sent."""
    first = Event()

    def serve(server: Rough, connection: socket.socket) -> None:
        read_request(connection)
        if not first.is_set():
            first.set()
            connection.sendall(EMPTY)
            read_request(connection)
        server.stop.wait()

    with rough(serve) as server:
        with pytest.raises(NotDelivered, match="did not answer in time") as caught:
            webhook(server.url).send(short(3))
        server.stop.set()
        assert (1, 1) == (caught.value.delivered, server.calls)


def test_an_endpoint_that_reads_nothing_is_left_in_time() -> None:
    """A request that is not read stops when the time is over, however large it is."""
    with rough(_hang) as server:
        large = parcel()
        body = b'{"x":"' + b"x" * 20_000_000 + b'"}'
        sent = evolve(large, seconds=0.6, events=(evolve(large.events[0], body=body),))
        assert "did not answer in time" in problem(webhook(server.url), sent)
        server.stop.set()


def test_a_resolver_that_hangs_is_left_in_time() -> None:
    """A look-up that does not end takes no longer than the parcel may."""
    held = Event()

    def resolve(_host: str, _port: int) -> list[str]:
        held.wait()
        return ["127.0.0.1"]

    made = webhook("http://hr.example:80/", resolve=resolve)
    assert "hr.example:80 did not answer in time" == problem(made, short())
    held.set()


# -- TLS -------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """Who signs the certificates of these tests."""
    return trustme.CA()


def served(authority: trustme.CA, *names: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(context)
    return context


def trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def secure(port: int, tls: ssl.SSLContext | None, host: str = "hr.example") -> Webhook:
    url = f"https://{host}:{port}/hook"
    return webhook(url, insecure_loopback=False, allow=["127.0.0.0/8"], tls=tls, resolve=lambda *_: ["127.0.0.1"])


def test_a_certificate_is_checked_against_the_name_of_the_host(authority: trustme.CA) -> None:
    """TLS is verified by the name in the URL, though the connection goes to the address that was checked."""
    with receiver(served(authority, "hr.example")) as server:
        sent = short(6, seconds=20)
        secure(server.port, trusting(authority)).send(sent)
        assert 6 == len(server.requests)
        assert f"hr.example:{server.port}" == server.requests[0].headers["host"]


def test_a_certificate_of_another_name_is_refused(authority: trustme.CA) -> None:
    """A certificate for another host ends the call before anything of the event is sent."""
    with receiver(served(authority, "other.example")) as server:
        told = problem(secure(server.port, trusting(authority)), short(seconds=20))
        assert f"hr.example:{server.port} has no valid certificate: Hostname mismatch" in told
        assert [] == server.requests


def test_a_certificate_of_an_unknown_authority_is_refused(authority: trustme.CA) -> None:
    """Without a configuration the system's authorities count, and nobody else."""
    with receiver(served(authority, "hr.example")) as server:
        assert "has no valid certificate" in problem(secure(server.port, None), short(seconds=20))
        assert [] == server.requests


def test_an_endpoint_without_tls_is_told() -> None:
    """An endpoint at an `https` URL that speaks plain HTTP gets nothing."""
    with receiver() as server:
        assert "could not be spoken to by TLS" in problem(secure(server.port, None), short(seconds=20))
        assert [] == server.requests


def test_a_handshake_that_hangs_is_left_in_time() -> None:
    """An endpoint that never says its part of TLS is left when the time is over."""
    with rough(_hang) as server:
        assert "did not answer in time" in problem(secure(server.port, None), short())
        server.stop.set()


@pytest.mark.parametrize("change", [{"check_hostname": False}, {"check_hostname": False, "verify_mode": ssl.CERT_NONE}])
def test_a_context_that_verifies_nothing_is_refused(change: dict[str, object]) -> None:
    """TLS without a check of the name, or of the certificate, cannot be configured."""
    context = ssl.create_default_context()
    for name, value in change.items():
        setattr(context, name, value)
    with pytest.raises(BadArgument, match="tls: it must verify"):
        secure(443, context)


def test_a_configuration_names_its_authority_and_our_certificate(authority: trustme.CA, tmp_path: Path) -> None:
    """With files for whom to trust and who we are, an endpoint that asks for a certificate is reached."""
    ours, ca = authority.issue_cert("sender.example"), tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(ca))
    ours.private_key_and_cert_chain_pem.write_to_path(str(tmp_path / "ours.pem"))
    tls = served(authority, "127.0.0.1")
    tls.verify_mode = ssl.CERT_REQUIRED
    authority.configure_trust(tls)
    options = {"source": SOURCE, "secrets": [SECRET], "allow": ["127.0.0.0/8"], "authority": str(ca)}
    with receiver(tls) as server:
        given = {**options, "ports": [server.port]}
        url = f"https://127.0.0.1:{server.port}/"
        open_sink(url, {**given, "certificate": str(tmp_path / "ours.pem")}).send(short(2, seconds=20))
        assert 2 == len(server.requests)
        with pytest.raises(NotDelivered):
            open_sink(url, given).send(short(seconds=20))
