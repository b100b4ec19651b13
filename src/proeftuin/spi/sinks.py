"""Sinks: where events are delivered. A sink is any object with `send`; nobody inherits from anything here.

What a sink is promised, by whichever worker calls it:

1. A call brings events of one pilot for one subscription, in order of version. The next call for that pilot is made
   when this one has ended; other pilots may be sent by other workers at the same time.
2. At least once: what was not told to have arrived is sent again. A repeat has the same `id` and the same `body`, byte
   for byte. The versions that a sink sees first are in order; where a subscription has a filter they have gaps.
3. Only what was committed is sent. Participants are in it as opaque subjects, never by the ref of the host.
4. It is called outside every transaction, in a thread of its own. What it raises is a failure of this one lane.

What a sink promises:

1. It returns when every event of the parcel has arrived, and raises `NotDelivered` where that is not so.
2. It answers within `parcel.seconds`, and sends nothing any more afterwards: the worker does not wait longer, takes it
   for failed, and may send the same again.
3. What it raises holds no secret and nothing of the events: the text of a `NotDelivered` is kept with the lane and
   shown to people. Of any other exception only the type is kept.
4. `send` may be called from any thread, and from several where several workers share the object.

A sink is found by its URL through the entry-point group `proeftuin.sinks`: a function that takes the URL and a mapping
of options and returns a `Sink`. `proeftuin.testing.SinkContract` proves it.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from attrs import frozen

from proeftuin.core.frozen import FrozenDict
from proeftuin.errors import ProeftuinError

DEFAULT_TENANT = "default"
"""Whose pilots those of an engine are that was told no tenant; ids for others name the tenant, but for this one."""
BATCH = 1
"""How many events a sink takes in one call, where it has no `batch` of its own."""
SECONDS = 10.0
"""How long a call may take, where the sink has no `seconds` of its own."""
LONGEST = 60.0
"""How long a call may take at most, whatever the sink says."""


@frozen
class Envelope:
    """One event on its way to a subscriber.

    Attributes:
        id: `<pilot>-<version>`, the same at each repeat. A pilot id may hold any character, a full stop too.
        type: the word of the log, such as `track.moved`.
        workflow: the name of the pilot's workflow, without its version.
        at: when it was recorded, UTC.
        on: the business date that it counts for.
        actor: the id of who did it, as the host gave it, in the role `role`.
        trigger: the word that was fired.
        track: the key of the track that it concerns, None for the pilot as a whole.
        data: what the type says (`docs/concepts.md`); participants are subjects such as `s1`.
        digest: hex SHA-256 of the whole event in the pilot's chain, also where a supplier gets less of it.
        body: canonical JSON of all the above, with `at` and `on` in ISO 8601; byte-equal at each repeat.
    """

    id: str
    type: str
    tenant: str
    pilot: str
    workflow: str
    version: int
    at: datetime
    on: date
    actor: str
    role: str
    trigger: str
    track: str | None
    data: FrozenDict
    digest: str
    body: bytes


@frozen
class Parcel:
    """What one call brings: consecutive deliveries of one pilot to one subscriber.

    Attributes:
        subscriber: the name of the subscription.
        events: at least one, at most as many as the sink takes, in order of version.
        attempt: 1 for the first try, one more after each failure of this lane since its last success.
        seconds: how long the call may take.
    """

    subscriber: str
    tenant: str
    pilot: str
    events: tuple[Envelope, ...]
    attempt: int
    seconds: float


class NotDelivered(ProeftuinError):
    """Some of a parcel did not arrive. Sinks raise it; the worker notes it and tries again, or sets the lane aside.

    Args:
        problem: what went wrong, in words for people, without secrets and without anything of the events.
        delivered: the last version of the parcel that did arrive; None where none did.
        permanent: trying again is of no use: the lane is parked until somebody resends it.
        retry_after: the subscriber asks not to be tried sooner. It is honoured up to the longest wait of the schedule.
    """

    code = "not-delivered"

    def __init__(
        self,
        problem: str,
        *,
        delivered: int | None = None,
        permanent: bool = False,
        retry_after: timedelta | None = None,
    ) -> None:
        self.problem = problem
        self.delivered = delivered
        self.permanent = permanent
        self.retry_after = retry_after
        super().__init__(problem)


class Sink(Protocol):
    """Where events are delivered.

    Besides `send` it may have:

    - `batch: int`: how many events it takes in one call; 1 where it has none;
    - `seconds: float`: how long one call may take, at most 60; 10 where it has none;
    - `close()`: called by whoever opened it by URL, once.
    """

    def send(self, parcel: Parcel, /) -> object:
        """Deliver a parcel; returning means that every event of it has arrived.

        Raises:
            NotDelivered: where some of it has not. Any other exception says: none of it, try again.
        """


SinkOpener = Callable[[str, Mapping[str, Any]], Sink]
"""What an entry point of the group `proeftuin.sinks` is: takes the URL and the options, returns the sink."""
