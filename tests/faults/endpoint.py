"""A subscriber on a socket of the loopback, which fails as subscribers do, and remembers all that it was sent."""

import random
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

from attrs import Factory, define

from proeftuin.spi import NotDelivered, Parcel

HOST = "127.0.0.1"
END = b"\n\n"
NOW = struct.pack("ii", 1, 0)  # closes with a reset, at once
# What it does, and how often: it fails 30 times of 100.
USUAL = {"accept": 70, "error": 10, "reset": 8, "lose": 10, "hang": 2}


@define(eq=False)
class Sending:
    """The sink: a parcel is a line for each event and an empty one, and the answer is a line."""

    port: int
    seconds: float = 0.5
    batch: int = 5

    def send(self, parcel: Parcel) -> None:
        with socket.create_connection((HOST, self.port), timeout=parcel.seconds * 0.8) as link:
            link.sendall(b"\n".join(one.body for one in parcel.events) + END)
            answer = link.recv(16)
        if answer != b"200\n":
            raise NotDelivered(f"the subscriber answers {answer.decode().strip() or 'nothing'}")


@define(eq=False)
class Endpoint:
    """The other side.

    Attributes:
        bodies: what came, in the order in which it came.
        faults: how often each thing happened.
        meets: called with each parcel before anything is done with it.
    """

    chance: random.Random
    usual: dict[str, int] = Factory(lambda: dict(USUAL))
    bodies: list[bytes] = Factory(list)
    faults: dict[str, int] = Factory(dict)
    meets: Callable[[Sequence[bytes]], None] = lambda bodies: None
    news: threading.Condition = Factory(threading.Condition)
    closing: threading.Event = Factory(threading.Event)
    _listener: socket.socket = Factory(lambda: socket.create_server((HOST, 0), backlog=128))

    @property
    def port(self) -> int:
        port: int = self._listener.getsockname()[1]
        return port

    @contextmanager
    def open(self) -> Iterator["Endpoint"]:
        """Serve for the length of a block."""
        threading.Thread(target=self._accept, daemon=True).start()
        try:
            yield self
        finally:
            self.closing.set()
            self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()

    def wait(self, arrived: Callable[[list[bytes]], bool], seconds: float) -> bool:
        """Wait until what has arrived is as wanted."""
        with self.news:
            return self.news.wait_for(lambda: arrived(self.bodies), seconds)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                link, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(link,), daemon=True).start()

    def _serve(self, link: socket.socket) -> None:
        with link, suppress(OSError):
            link.settimeout(30)
            came = b""
            while not came.endswith(END):
                more = link.recv(65_536)
                if not more:
                    return  # who was sending is gone, with half a parcel
                came += more
            bodies = came.removesuffix(END).split(b"\n")
            self.meets(bodies)
            with self.news:
                (what,) = self.chance.choices(list(self.usual), list(self.usual.values()))
                self.faults[what] = self.faults.get(what, 0) + 1
                if what in {"accept", "lose"}:
                    self.bodies += bodies
                    self.news.notify_all()
            self._answer(link, what)

    def _answer(self, link: socket.socket, what: str) -> None:
        if what == "hang":
            self.closing.wait(5)
        if what in {"reset", "lose", "hang"}:
            link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NOW)
        else:
            link.sendall(b"200\n" if what == "accept" else b"500\n")
