import os
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence

import pytest

from proeftuin.spi import Sink
from proeftuin.testing import SinkContract
from proeftuin_nats import NatsSink
from tests.nats_bus import Bus, Kept, TunedNats

PASSWORD = "PASSWORD-MARKER"  # noqa: S105  # no secret


class TestNats(SinkContract):
    """The kit on a server that is stopped, started and held still."""

    secrets = (PASSWORD,)

    @pytest.fixture(autouse=True)
    def _server(self, started: Callable[..., TunedNats], opened: Callable[..., NatsSink]) -> Iterator[None]:
        self.server = started("--user", "pilots", "--pass", PASSWORD)
        self.bus = Bus.on(self.server.url, ("pilots", PASSWORD))
        self.opened = opened
        self.down = self.still = False
        yield
        if self.still:
            os.kill(self.server.pid, signal.SIGCONT)

    def make(self) -> Sink:
        return self.opened(self.bus.url, user="pilots", password=PASSWORD)

    def kept(self) -> list[Kept]:
        if not self.down:
            return self.bus.kept
        self.server.start()
        found = self.bus.kept
        self.server.stop(immediate=True)
        return found

    def arrived(self) -> Sequence[str]:
        return [one.id for one in self.kept()]

    def bodies(self) -> Mapping[str, Sequence[bytes]]:
        found: dict[str, list[bytes]] = {}
        for one in self.kept():
            found.setdefault(one.id, []).append(one.body)
        return found

    def refuse(self) -> None:
        self.server.stop(immediate=True)
        self.down = True

    def accept(self) -> None:
        self.server.start()
        self.down = False

    def hang(self) -> None:
        os.kill(self.server.pid, signal.SIGSTOP)
        self.still = True
