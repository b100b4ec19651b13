"""NATS for tests: servers with settings of their own, and what a stream holds, read by the driver itself."""

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import nats
import pytest
from attrs import frozen
from nats.js import JetStreamContext
from nats.js.api import StreamConfig
from nats.js.errors import NotFoundError

from proeftuin.spi import NotDelivered, Parcel, Sink
from proeftuin.testing.sinks import parcels
from tests.own_servers import OwnNats

SOURCE = "urn:nld:oin:00000001823288444000:systeem:proeftuin"

Got = TypeVar("Got")


class TunedNats(OwnNats):
    """A NATS with other flags, or with lines of a configuration file."""

    def __init__(self, *flags: str | Path, lines: str = "", jetstream: bool = True) -> None:
        super().__init__()
        self._flags = flags
        self._lines = lines
        self._jetstream = jetstream

    def _command(self) -> list[str | Path]:
        (self.folder / "lines").write_text(self._lines)
        usual = [one for one in super()._command() if self._jetstream or one != "--jetstream"]
        return [*usual, "--config", self.folder / "lines", *self._flags]


@frozen
class Kept:
    """A message in a stream."""

    sequence: int
    subject: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return str(json.loads(self.body)["data"]["id"])


@frozen
class Bus:
    """A stream of a test's own.

    Attributes:
        server: its URL.
        login: user and password, where it asks for them.
    """

    server: str
    stream: str
    login: tuple[str, str] | None = None

    @classmethod
    def on(cls, server: str, login: tuple[str, str] | None = None) -> "Bus":
        """A stream that nobody else has, and that is not made yet."""
        return cls(server, f"T{secrets.token_hex(8)}", login)

    @property
    def prefix(self) -> str:
        return self.stream.lower()

    @property
    def url(self) -> str:
        """Of a sink that makes the stream."""
        return f"{self.server}/{self.stream}?source={SOURCE}&subject={self.prefix}&create=yes"

    @property
    def kept(self) -> list[Kept]:
        """What the stream holds, in its order; nothing where it is not made yet."""

        async def read(js: JetStreamContext) -> list[Kept]:
            try:
                last = (await js.stream_info(self.stream)).state.last_seq
            except NotFoundError:
                return []
            found = [await js.get_msg(self.stream, number) for number in range(1, last + 1)]
            return [Kept(one.seq or 0, one.subject or "", one.headers or {}, one.data or b"") for one in found]

        return self.ask(read)

    @property
    def ids(self) -> list[str]:
        return [one.id for one in self.kept]

    def ask(self, act: Callable[[JetStreamContext], Awaitable[Got]]) -> Got:
        """Ask the server something, past the sink."""

        async def ask() -> Got:
            user, password = self.login or (None, None)
            link = await nats.connect(self.server, user=user, password=password, allow_reconnect=False)
            try:
                return await act(link.jetstream())
            finally:
                await link.close()

        return asyncio.run(ask())

    def make(self, **settings: object) -> None:
        """Make the stream, otherwise than the sink would."""

        async def make(js: JetStreamContext) -> None:
            await js.add_stream(StreamConfig(name=self.stream, subjects=[f"{self.prefix}.>"]), **settings)

        self.ask(make)

    def remove(self) -> None:
        """Remove the stream, where it was made."""

        async def remove(js: JetStreamContext) -> None:
            try:
                await js.delete_stream(self.stream)
            except NotFoundError:
                return

        self.ask(remove)


def one(pilot: str = "p-1", text: str = "", seconds: float = 10.0) -> Parcel:
    """A parcel with one event."""
    return next(parcels(1, pilot=pilot, text=text, seconds=seconds))


def failed(sink: Sink, sent: Parcel) -> NotDelivered:
    """What a sink raises at a parcel."""
    with pytest.raises(NotDelivered) as caught:
        sink.send(sent)
    return caught.value
