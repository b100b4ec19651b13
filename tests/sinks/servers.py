"""Servers on loopback that a webhook may meet: well-behaved ones over HTTP and HTTPS, and any other over a socket."""

import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import create_server, socket
from threading import Event, Thread

from attrs import define, field, frozen


@frozen
class Request:
    """What came: the headers with names in lower case, the connection that it came over, and what was answered."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    peer: tuple[str, int]
    answered: int


@define
class Receiver:
    """A server that keeps what it gets, and answers as it was told: in turn, then `usual` for ever.

    While it is `hung` it takes what it gets and does not answer. Before it answers, `meets` is called with what came.
    """

    port: int = 0
    requests: list[Request] = field(factory=list)
    answers: list[tuple[int, Mapping[str, str]]] = field(factory=list)
    usual: int = 204
    hung: bool = False
    ended: Event = field(factory=Event)
    meets: Callable[[Request], None] = lambda request: None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?t=QUERY-MARKER"

    def next(self) -> tuple[int, Mapping[str, str]]:
        return self.answers.pop(0) if self.answers else (self.usual, {})


@contextmanager
def receiver(tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """A receiver, until the end of the block."""
    kept = Receiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_OPTIONS(self) -> None:
            self.do_POST()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, extra = kept.next()
            request = Request(self.command, self.path, headers, body, self.client_address, status)
            kept.requests.append(request)
            kept.meets(request)
            if kept.hung:
                kept.ended.wait()
            self.send_response(status)
            for name, value in extra.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """A client that breaks off is what is tested."""

    server = Server(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    kept.port = server.server_address[1]
    with _running(lambda: server.serve_forever(0.01)):
        yield kept
        kept.ended.set()
        server.shutdown()
    server.server_close()


@define
class Rough:
    """A server that does to each connection what a function says, and knows whether it was still at it."""

    port: int
    stop: Event = field(factory=Event)
    busy: Event = field(factory=Event)
    calls: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def drip(self, connection: socket, piece: bytes) -> None:
        """Send a piece again and again, for as long as the other side takes it or the test goes on."""
        self.busy.set()
        with suppress(OSError):
            while not self.stop.wait(0.01):
                connection.sendall(piece)


@contextmanager
def rough(serve: Callable[[Rough, socket], None]) -> Iterator[Rough]:
    """Such a server, until the end of the block."""
    listening = create_server(("127.0.0.1", 0))
    made = Rough(listening.getsockname()[1])

    def accept() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            made.calls += 1
            with connection, suppress(OSError):
                serve(made, connection)

    with _running(accept):
        yield made
        made.stop.set()
        with suppress(OSError):
            listening.shutdown(2)
        listening.close()


def read_request(connection: socket) -> bytes:
    """Read a request to its end, as far as its length says."""
    got = b""
    while b"\r\n\r\n" not in got:
        got += connection.recv(65_536)
    head, _, body = got.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(65_536)
    return head + b"\r\n\r\n" + body


@contextmanager
def _running(serve: Callable[[], None]) -> Iterator[None]:
    thread = Thread(target=serve, daemon=True)
    thread.start()
    yield
    thread.join(10)
    assert not thread.is_alive()
