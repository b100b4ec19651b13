"""How much one person may ask: a bucket of requests that fills again with time, and a number of open streams.

The buckets are in the memory of one process. Several processes behind one address allow as much each; where that is
too much, a proxy in front is the place for it.
"""

from collections import OrderedDict
from collections.abc import Callable
from math import ceil
from threading import Lock
from time import monotonic

from attrs import frozen

from proeftuin import door
from proeftuin.errors import BadArgument

KNOWN = 10_000
"""How many people are remembered; whoever asked longest ago is forgotten first, and begins anew."""


@frozen
class Limits:
    """How much one person may ask.

    Attributes:
        body: how many bytes a request may bring.
        burst: how many requests at once; `minute` is how many are added a minute.
        streams: how many live pages may be open at the same time; 0 for none.

    Raises:
        BadArgument: for what is no whole number, or lets nobody in.
    """

    body: int = 1_000_000
    burst: int = 240
    minute: int = 600
    streams: int = 12

    def __attrs_post_init__(self) -> None:
        """Refuse what could never be asked."""
        door.count("streams", self.streams)
        for name in ("body", "burst", "minute"):
            if not door.count(name, getattr(self, name)):
                raise BadArgument(name, "must be 1 or more")


class Buckets:
    """A bucket for each person.

    Args:
        limits: how large they are.
        clock: counts seconds.
    """

    def __init__(self, limits: Limits, clock: Callable[[], float] = monotonic) -> None:
        self._limits = limits
        self._clock = clock
        self._left: OrderedDict[object, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def take(self, who: object) -> int:
        """Take one request; return 0, or after how many seconds the next one is there."""
        pace = self._limits.minute / 60
        with self._lock:
            now = self._clock()
            left, since = self._left.pop(who, (float(self._limits.burst), now))
            left = min(left + (now - since) * pace, float(self._limits.burst))
            allowed = left >= 1
            self._left[who] = left - allowed, now
            if len(self._left) > KNOWN:
                self._left.popitem(last=False)
        return 0 if allowed else max(1, ceil((1 - left) / pace))


class Streams:
    """How many streams each person has open. Used from one event loop."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._open: dict[object, int] = {}

    def take(self, who: object) -> bool:
        """Whether there may be one more, which then counts until it is given back."""
        if self._open.get(who, 0) >= self._limits.streams:
            return False
        self._open[who] = self._open.get(who, 0) + 1
        return True

    def give(self, who: object) -> None:
        """Give one back."""
        self._open[who] -= 1
        if not self._open[who]:
            del self._open[who]
