"""The one door to the driver: one connection, over which messages are published and acknowledged.

1. The driver never connects again by itself: it would send later what it had kept, when somebody else may have brought
   the same event and the next ones. A connection that was lost is replaced at the next call.
2. What the server says unasked, that the user may not do something or that it goes away, ends every call that waits.
   Otherwise each would wait for an answer that cannot come.
3. Where no stream answers it is asked why, once. In the usual course a user needs no right but to publish.
4. `tls://` means that nothing is said before TLS. The driver would leave it to the server whether there is any.
"""

import asyncio
import ssl
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from attrs import field, frozen
from nats.aio.client import Client
from nats.errors import SecureConnWantedError
from nats.js.api import StorageType, StreamConfig
from nats.js.errors import NoStreamResponseError

from proeftuin_nats._faults import Unpublished, refused, unheard, unreachable
from proeftuin_nats._messages import Message

CONNECT = 2.0
"""Seconds for each step of a connection."""
ANSWER = 60.0
"""Seconds for an acknowledgement; whoever calls has less."""
PARTING = 0.1
"""Seconds that the end of a connection is waited for; after a failed handshake the driver would wait for ever."""
WINDOW = 3600.0
"""Seconds for which a stream that we make knows repeats."""

Got = TypeVar("Got")


@frozen
class Place:
    """A server."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"


@frozen
class Stream:
    """Where events are kept.

    Attributes:
        subjects: those that it takes, where it is made by us.
        replicas: how many copies it then has; None where it is not made.
    """

    name: str
    subjects: str
    replicas: int | None = None


@frozen
class Access:
    """Who we are, and how certificates are verified; no TLS is asked for without `tls`."""

    user: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    tls: ssl.SSLContext | None = field(default=None, repr=False)


class Link:
    """The way to a stream. It lives in one event loop."""

    def __init__(self, places: tuple[Place, ...], stream: Stream, access: Access) -> None:
        self._places = places
        self._stream = stream
        self._access = access
        self._client: _Client | None = None
        self._connecting = asyncio.Lock()

    async def publish(self, message: Message) -> None:
        """Publish a message, and return when the stream keeps it.

        Raises:
            Unpublished: where it does not.
        """
        client = await self._connected()
        if not await client.answered(self._published(client, message)):
            await client.answered(self._ask_why(client))
            if not await client.answered(self._published(client, message)):
                raise unheard(f"{client.place}", self._stream.name)

    async def drop(self) -> None:
        """End the connection at once, without sending what waits in it."""
        client, self._client = self._client, None
        if client is not None:
            await client.end()

    async def close(self) -> None:
        """Let go of everything."""
        await self.drop()

    # -- one connection --------------------------------------------------------------------------------------------

    async def _connected(self) -> "_Client":
        async with self._connecting:
            if self._client is not None and self._client.lost.done():
                await self.drop()
            if self._client is None:
                self._client = await self._connect()
            return self._client

    async def _connect(self) -> "_Client":
        failure: Unpublished | None = None
        for place in self._places:
            client = _Client(place, self._access)
            try:
                await client.open()
            except Unpublished as error:
                failure = error
                await client.end()
            except BaseException:
                await client.end()
                raise
            else:
                return client
        assert failure is not None, "there is at least one place"  # noqa: S101  # the URL has a host
        raise failure

    async def _published(self, client: "_Client", message: Message) -> bool:
        """Return whether there is a stream that answers, and so keeps it."""
        js = client.jetstream()
        headers = dict(message.headers)
        try:
            await js.publish(message.subject, message.body, ANSWER, self._stream.name, headers)
        except NoStreamResponseError:
            return False
        except Exception as error:
            raise refused(error, f"{client.place}", self._stream.name) from error
        return True

    async def _ask_why(self, client: "_Client") -> None:
        """Return where the stream was made just now, by us or one like us; raise why it is missing otherwise."""
        js, wanted = client.jetstream(timeout=ANSWER), self._stream
        try:
            if wanted.replicas is None:
                await js.stream_info(wanted.name)
            else:
                await js.add_stream(
                    StreamConfig(
                        name=wanted.name,
                        subjects=[wanted.subjects],
                        storage=StorageType.FILE,
                        num_replicas=wanted.replicas,
                        duplicate_window=WINDOW,
                    )
                )
        except Exception as error:
            raise refused(error, f"{client.place}", wanted.name) from error
        if wanted.replicas is None:
            raise unheard(f"{client.place}", wanted.name)


class _Client(Client):
    """A connection of the driver that is used once, and knows when it is lost.

    Attributes:
        lost: has the reason as soon as nothing can be expected of this connection any more.
    """

    def __init__(self, place: Place, access: Access) -> None:
        super().__init__()
        self.place = place
        self.lost: asyncio.Future[Exception | None] = asyncio.get_running_loop().create_future()
        self._access = access

    async def open(self) -> None:
        """Connect.

        Raises:
            Unpublished: where that is not possible.
        """
        access = self._access
        try:
            await self.connect(
                f"{'tls' if access.tls else 'nats'}://{self.place}",
                error_cb=self._said,
                closed_cb=self._gone,
                name="proeftuin",
                allow_reconnect=False,
                connect_timeout=CONNECT,  # type: ignore[arg-type]  # a fraction of a second is one, too
                reconnect_time_wait=0,
                max_reconnect_attempts=1,  # 0 would be for ever
                user=access.user,
                password=access.password,
                token=access.token,
                tls=access.tls,
            )
        except Exception as error:
            raise self._failure(error) from error
        if self.lost.done():  # at once
            raise self._failure()

    async def answered(self, doing: Coroutine[Any, Any, Got]) -> Got:
        """Return what a request returns.

        Raises:
            Unpublished: as the request does, or where the connection is lost before that.
        """
        task = asyncio.ensure_future(doing)
        either: set[asyncio.Future[Any]] = {task, self.lost}
        task.add_done_callback(lambda done: done.cancelled() or done.exception())  # nobody may be left to look at it
        try:
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                return task.result()
            raise self._failure()
        finally:
            task.cancel()

    async def end(self) -> None:
        """End it at once: what waits to be sent is not sent."""
        self._lose(None)
        writer = getattr(self._transport, "_io_writer", None)  # no method of the driver ends without sending
        if writer is not None:
            writer.transport.abort()
        with suppress(Exception):  # it is gone already
            await asyncio.wait_for(self.close(), PARTING)

    def _failure(self, error: Exception | None = None) -> Unpublished:
        """Return why there is no connection: what was told of it, or else what was raised."""
        told = self.lost.result() if self.lost.done() else None
        return unreachable(told or error, f"{self.place}")

    async def _said(self, error: Exception) -> None:
        self._lose(error)

    async def _gone(self) -> None:
        self._lose(None)

    def _lose(self, reason: Exception | None) -> None:
        if not self.lost.done():
            self.lost.set_result(reason)

    def _connect_command(self) -> bytes:
        if self._access.tls is not None and not self._server_info.get("tls_required"):
            raise SecureConnWantedError
        return super()._connect_command()
