"""A subscriber on a socket of the loopback, which fails as subscribers do, and remembers all that it was sent."""

import json
import random
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress

from attrs import Factory, define

from proeftuin.spi import NotDelivered, Parcel
from tests.faults.ledger import Ledger

HOST = "127.0.0.1"
END = b"\n\n"
PATIENCE = 120.0  # seconds in which nothing comes, after which nothing will
NOW = struct.pack("ii", 1, 0)  # closes with a reset, at once
# What it does, and how often: it fails 30 times of 100.
USUAL = {"accept": 70, "error": 10, "reset": 8, "lose": 10, "hang": 2}


@define(eq=False)
class Sending:
    """The sink: a parcel is a line for each event and an empty one, and the answer is a line."""

    port: int
    seconds: float = 0.5
    batch: int = 5
    host: str = HOST

    def send(self, parcel: Parcel) -> None:
        with socket.create_connection((self.host, self.port), timeout=parcel.seconds * 0.8) as link:
            link.sendall(b"\n".join(one.body for one in parcel.events) + END)
            answer = link.recv(16)
        if answer != b"200\n":
            raise NotDelivered(f"the subscriber answers {answer.decode().strip() or 'nothing'}")


@define(eq=False)
class Endpoint:
    """The other side.

    Attributes:
        ledger: what it took.
        did: how often it did what.
    """

    chance: random.Random
    usual: Mapping[str, int] = Factory(lambda: USUAL)
    ledger: Ledger = Factory(Ledger)
    did: dict[str, int] = Factory(dict)
    news: threading.Condition = Factory(threading.Condition)
    closing: threading.Event = Factory(threading.Event)
    _listener: socket.socket = Factory(lambda: socket.create_server((HOST, 0), backlog=128))

    @property
    def port(self) -> int:
        """Where it listens."""
        port: int = self._listener.getsockname()[1]
        return port

    @property
    def arguments(self) -> tuple[str, ...]:
        """What a worker is told of it."""
        return ("socket", f"{self.port}", "0.5")

    @contextmanager
    def open(self) -> Iterator[None]:
        """Serve for the length of a block."""
        threading.Thread(target=self._accept, daemon=True).start()
        try:
            yield
        finally:
            self.closing.set()
            self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()

    def came(self, count: int) -> bool:
        """Wait until it took so many; False where nothing more comes."""
        return self._wait(lambda: self.ledger.came >= count)

    def has(self, count: int) -> bool:
        """Wait until it has so many, repeats left out; False where nothing more comes."""
        return self._wait(lambda: len(self.ledger.first) >= count)

    def _wait(self, enough: Callable[[], bool]) -> bool:
        with self.news:
            while not enough():
                if not self.news.wait(PATIENCE):
                    return False
        return True

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
            with self.news:
                (what,) = self.chance.choices(list(self.usual), list(self.usual.values()))
                self.did[what] = self.did.get(what, 0) + 1
                if what in {"accept", "lose"}:
                    for body in came.removesuffix(END).split(b"\n"):
                        self.ledger.take(body, json.loads(body))
                    self.news.notify_all()
            self._answer(link, what)

    def _answer(self, link: socket.socket, what: str) -> None:
        if what == "hang":
            self.closing.wait(5)
        if what in {"reset", "lose", "hang"}:
            link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NOW)
        else:
            link.sendall(b"200\n" if what == "accept" else b"500\n")
