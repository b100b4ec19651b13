"""Calling a sink: in a thread of its own, for so long and no longer, whatever it does.

1. A thread cannot be ended from outside. One that does not answer in time is left behind, and another one is made for
   the next call. Whatever it says later is not listened to.
2. A sink that has left `STUCK` threads behind that are still busy is not called by this process until one comes back.
3. Whatever is raised, `SystemExit` included, is a failure of that call. Of what is no `NotDelivered` only the type is
   told, since the text of a stranger's exception may hold anything.
"""

import threading
from datetime import timedelta
from inspect import isawaitable
from queue import Empty, SimpleQueue

from attrs import frozen

from proeftuin.errors import BadArgument
from proeftuin.spi.checks import MAX_ERROR
from proeftuin.spi.sinks import LONGEST, SECONDS, NotDelivered, Parcel, Sink

STUCK = 4
"""How many calls of one sink may hang in a process before it is not called there any more."""


@frozen
class Failure:
    """Why a call did not deliver everything.

    Attributes:
        kind: the type of what went wrong, for the log.
        problem: the same in words, for the lane.
        delivered: the last version that arrived; None for none of the parcel.
        permanent: trying again is of no use.
        retry_after: the subscriber asks not to be tried sooner.
    """

    kind: str
    problem: str
    delivered: int | None = None
    permanent: bool = False
    retry_after: timedelta | None = None


class Caller:
    """Calls one sink for one courier."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._helper: _Helper | None = None

    @property
    def stuck(self) -> bool:
        """Whether the sink has so many calls hanging in this process that it is to be left alone."""
        hanging = (one for one in threading.enumerate() if isinstance(one, _Helper) and one.left)
        return sum(one.sink is self._sink for one in hanging) >= STUCK

    def call(self, parcel: Parcel) -> Failure | None:
        """Send a parcel, and return what went wrong, if anything."""
        if self._helper is None:
            self._helper = _Helper(self._sink)
            self._helper.start()
        helper = self._helper
        helper.parcels.put(parcel)
        try:
            return helper.answers.get(timeout=parcel.seconds)
        except Empty:
            helper.left = True
            helper.parcels.put(None)  # one that answered just now looked at `left` before, and waits for more
            self._helper = None
            return Failure("TimeoutError", f"no answer within {parcel.seconds:g} seconds")

    def close(self) -> None:
        """Let the thread end."""
        if self._helper is not None:
            self._helper.parcels.put(None)
            self._helper = None


class _Helper(threading.Thread):
    """The thread in which a sink is called."""

    def __init__(self, sink: Sink) -> None:
        super().__init__(name="proeftuin-sink", daemon=True)
        self.sink = sink
        self.left = False
        self.parcels: SimpleQueue[Parcel | None] = SimpleQueue()
        self.answers: SimpleQueue[Failure | None] = SimpleQueue()

    def run(self) -> None:
        """Send parcels until told to stop, or left behind."""
        while not self.left and (parcel := self.parcels.get()) is not None:
            self.answers.put(_send(self.sink, parcel))


def _send(sink: Sink, parcel: Parcel) -> Failure | None:
    try:
        answer = sink.send(parcel)
        if isawaitable(answer):
            getattr(answer, "close", _nothing)()  # or Python would warn that nobody awaited it
            return Failure("TypeError", "`send` of the sink is asynchronous, and nothing awaits it", permanent=True)
    except NotDelivered as told:
        return _told(told, parcel)
    except BaseException as error:  # noqa: BLE001  # whatever a sink raises is a failure of this delivery alone
        kind = type(error).__name__
        return Failure(kind, kind)
    return None


def _nothing() -> None:
    """Close what needs no closing."""


def _told(told: NotDelivered, parcel: Parcel) -> Failure:
    """Return what a sink told, as far as it makes sense: a subclass may have left out anything."""
    kind = type(told).__name__
    problem, delivered = getattr(told, "problem", kind), getattr(told, "delivered", None)
    wait = getattr(told, "retry_after", None)
    arrived = type(delivered) is int and any(one.version == delivered for one in parcel.events)
    return Failure(
        kind,
        problem[:MAX_ERROR] if isinstance(problem, str) else kind,
        delivered if arrived else None,
        permanent=getattr(told, "permanent", False) is True,
        retry_after=wait if isinstance(wait, timedelta) else None,
    )


def seconds_of(sink: Sink) -> float:
    """Return how long a call of a sink may take.

    Raises:
        BadArgument: where it says no such thing.
    """
    seconds = getattr(sink, "seconds", SECONDS)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds <= LONGEST:
        raise BadArgument("sinks", f"`seconds` of a {type(sink).__name__} must be a number over 0, {LONGEST:g} at most")
    return float(seconds)
