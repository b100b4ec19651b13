"""The sink: brings the events of a parcel to the stream one after the other, and waits for each to be kept.

The next event is published when the one before it was acknowledged. To publish several at once would be faster, and
would break the order where one of them is refused.
"""

import asyncio

from proeftuin.spi import NotDelivered, Parcel
from proeftuin_nats._faults import Unpublished
from proeftuin_nats._loop import Closed, Loop
from proeftuin_nats._messages import message
from proeftuin_nats._wire import Access, Link, Place, Stream

BATCH = 100
MARGIN = 0.9
"""Which part of the time that a call may take is used, so that the answer comes before the worker gives up."""


class NatsSink:
    """Publishes events to a stream of JetStream. Made by `open_nats`.

    Args:
        places: the servers of one cluster; each is tried until one answers.
        stream: which has to keep the events.
        access: who we are, and how TLS is done.
        source: who publishes, a URN.
        prefix: what each subject begins with.
        seconds: how long one call may take, with all its events.
    """

    batch = BATCH

    def __init__(
        self, places: tuple[Place, ...], stream: Stream, access: Access, *, source: str, prefix: str, seconds: float
    ) -> None:
        self.seconds = seconds
        self._shown = f"{','.join(f'{one}' for one in places)}/{stream.name}"
        self._source = source
        self._prefix = prefix
        self._loop = Loop(lambda: Link(places, stream, access))

    def __repr__(self) -> str:
        """Show the servers and the stream, and nothing that may be secret."""
        return f"NatsSink({self._shown})"

    def send(self, parcel: Parcel, /) -> None:
        """Publish the events of a parcel, and return when the stream keeps them all.

        Raises:
            NotDelivered: at the first that it does not acknowledge; for ever where it is too large.
        """
        arrived: list[int] = []
        seconds = MARGIN * min(parcel.seconds, self.seconds)
        try:
            self._loop.run(lambda link: self._send(link, parcel, seconds, arrived))
        except Unpublished as error:
            raise NotDelivered(error.problem, delivered=_last(arrived), permanent=error.permanent) from None
        except TimeoutError:
            problem = f"{self._shown} did not acknowledge within {seconds:g} seconds"
            raise NotDelivered(problem, delivered=_last(arrived)) from None
        except (OSError, RuntimeError) as odd:
            raise NotDelivered(f"this process cannot reach {self._shown}: {odd}", delivered=_last(arrived)) from odd
        except Closed:
            raise NotDelivered("this sink was closed; open a new one", delivered=_last(arrived)) from None

    async def _send(self, link: Link, parcel: Parcel, seconds: float, arrived: list[int]) -> None:
        try:
            async with asyncio.timeout(seconds):
                for event in parcel.events:
                    one = message(event, parcel.subscriber, source=self._source, prefix=self._prefix)
                    await link.publish(one)
                    arrived.append(event.version)
        except TimeoutError:
            await link.drop()  # or what waits in it would be sent later
            raise

    def close(self) -> None:
        """End the connection, and its thread."""
        self._loop.close()


def _last(arrived: list[int]) -> int | None:
    return arrived[-1] if arrived else None
