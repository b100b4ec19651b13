"""A wire to a server that can be cut, or lose answers: what was asked is done, and the client never hears of it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import make_url

from tests.serving import HOST


class Wire:
    """Passes bytes on between clients and a server, until it is told to lose the next answer, or each, or to be cut."""

    def __init__(self, server: tuple[str, int]) -> None:
        self._server = server
        self._listener = socket.create_server((HOST, 0))
        self._sockets = list[socket.socket]()
        self._losing = False
        self._deaf = False
        self._down = False
        self.lost = 0
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def port(self) -> int:
        """Where clients come in."""
        port: int = self._listener.getsockname()[1]
        return port

    def lose(self) -> None:
        """Cut the connection that the next answer comes back on, and lose the answer."""
        self._losing = True

    def deafen(self) -> None:
        """Do so with each answer, until mended."""
        self._deaf = True

    def cut(self) -> None:
        """Cut all connections, and let nobody in until mended."""
        self._down = True
        self._cut_all()

    def mend(self) -> None:
        """Let all through again."""
        self._deaf = self._down = False

    def close(self) -> None:
        """Cut all, for ever."""
        _cut(self._listener)
        self._cut_all()

    def _cut_all(self) -> None:
        while self._sockets:
            _cut(self._sockets.pop())

    def _accept(self) -> None:
        with suppress(OSError):  # closed
            while True:
                client, _ = self._listener.accept()
                if self._down:
                    client.close()
                    continue
                server = socket.create_connection(self._server)
                self._sockets += (client, server)
                for ends in ((client, server), (server, client)):
                    threading.Thread(target=self._pass, args=(*ends, server), daemon=True).start()

    def _pass(self, source: socket.socket, sink: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):  # closed by either side
            while data := source.recv(65536):
                if source is server and (self._losing or self._deaf):
                    self._losing = False
                    self.lost += 1
                    break
                sink.sendall(data)
        _cut(source)
        _cut(sink)


def _cut(one: socket.socket) -> None:
    with suppress(OSError):  # cut already
        one.shutdown(socket.SHUT_RDWR)
    one.close()


@contextmanager
def wired(url: str) -> Iterator[tuple[str, Wire]]:
    """The URL of the same database by way of a wire, and the wire."""
    there = make_url(url)
    default = 5432 if there.get_backend_name() == "postgresql" else 3306
    wire = Wire((there.host or HOST, there.port or default))
    try:
        yield there.set(host=HOST, port=wire.port).render_as_string(hide_password=False), wire
    finally:
        wire.close()
