"""The shipped kit for sinks, on the webhook in both of its modes, over a real connection."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

import pytest

from proeftuin.cloudevent import Mode
from proeftuin.sinks.webhook import Webhook
from proeftuin.spi import Sink
from proeftuin.testing import SinkContract
from tests.sinks.parcels import SECRET, SOURCE
from tests.sinks.servers import Receiver, Request, receiver

TOKEN = "TOKEN-MARKER"  # noqa: S105  # no secret


class TestStructured(SinkContract):
    """The whole CloudEvent as body."""

    mode: ClassVar[Mode] = "structured"
    secrets = (SECRET, TOKEN, "QUERY-MARKER")

    @pytest.fixture(autouse=True)
    def _endpoint(self) -> Iterator[None]:
        with receiver() as made:
            self.endpoint: Receiver = made
            yield

    def make(self) -> Sink:
        end = self.endpoint
        options = {"ports": (end.port,), "insecure_loopback": True, "mode": self.mode, "token": TOKEN, "batch": 3}
        return Webhook(end.url, source=SOURCE, secrets=SECRET, **options)  # type: ignore[arg-type]  # each as it should be

    def _taken(self) -> list[Request]:
        return [one for one in self.endpoint.requests if one.answered == 204]

    def event_id(self, request: Request) -> str:
        return str(json.loads(request.body)["data"]["id"])

    def arrived(self) -> Sequence[str]:
        return list(dict.fromkeys(self.event_id(one) for one in self._taken()))

    def bodies(self) -> Mapping[str, Sequence[bytes]]:
        found: dict[str, list[bytes]] = {}
        for one in self._taken():
            found.setdefault(self.event_id(one), []).append(one.body)
        return found

    def refuse(self) -> None:
        self.endpoint.usual = 503

    def accept(self) -> None:
        self.endpoint.usual = 204

    def hang(self) -> None:
        self.endpoint.hung = True


class TestBinary(TestStructured):
    """Its attributes as headers."""

    mode = "binary"

    def event_id(self, request: Request) -> str:
        return str(json.loads(request.body)["id"])
