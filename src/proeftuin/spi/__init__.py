"""The ports: what a store, a hook, a clock and an id maker must be. Nobody inherits from these to integrate.

A store keeps, per tenant and pilot, a log of events and one head (a fold of the log, kept for speed). It never looks
inside: bodies are bytes, written and returned exactly. What every store guarantees:

1. compare-and-append: of N writers at one version exactly one wins; the others get `Conflict` with the actual version
   and nothing of theirs is written (`expected` 0 begins a pilot; a taken id or ref is `PilotExists`);
2. one `append` is atomic, also under a crash; several commits in it are all or none; no read ever writes;
3. versions per pilot are 1..n without gaps; order is by version, never by time;
4. receipts live as long as the pilot; keys are compared exactly;
5. bytes and text come back exactly; what no database could keep is refused as `BadArgument` before it is looked at;
6. no delivery is skipped because of commit order, and there is no global position that anything depends on;
7. a claim has a lease and a token; a stale token settles nothing; every instant is given, no store reads a clock;
8. tenants never see each other, in any method;
9. the schema is checked at open; a newer one is refused before anything is written.

`proeftuin.storage.memory` is the reference: read it to know what a store is. What may be left out are the parts
`Definitions`, `Delivers`, `Wakes`, `Timed`, `Bulk`, `Streams`, `Erases` and `Hosted`, each a protocol of its own that
is known by its methods, and what the flags `durable`, `multi_process` and `multi_pilot` say. An adapter is found by its
URL through the entry-point group `proeftuin.stores`: a function that takes the URL and returns a `Store`, which
`proeftuin conform URL` proves. What goes in and comes out is frozen; `replace(value, field=other)` gives another one.
"""

from typing import TYPE_CHECKING, Any

from proeftuin.spi.hooks import (
    Before,
    Began,
    Committed,
    Conflicted,
    Ended,
    Hook,
    HookBefore,
    HookBegan,
    HookCommitted,
    HookConflicted,
    HookEnded,
    HookRecorded,
    HookRefused,
    Recorded,
    RefusedCommand,
)
from proeftuin.spi.ports import Ids, Time
from proeftuin.spi.stores import (
    UNTIMED,
    Bulk,
    Commit,
    Definitions,
    Due,
    Entry,
    Erases,
    Head,
    Holder,
    Hosted,
    HostedStore,
    Loaded,
    Page,
    Personal,
    Query,
    Receipt,
    Store,
    Streams,
    Summary,
    Tally,
    Timed,
    Timing,
    Wanted,
)
from proeftuin.spi.values import replace

if TYPE_CHECKING:
    from proeftuin.forks import renewed
    from proeftuin.spi.hints import Listener, Wakes
    from proeftuin.spi.lanes import Claim, Delivers, Lag, Lane, Outcome, Subscription
    from proeftuin.spi.sinks import Envelope, NotDelivered, Parcel, Sink, SinkOpener

SPI_VERSION = 3
"""Raised when a store that was right before would no longer be."""

_ON_FIRST_USE = {
    **dict.fromkeys(("Listener", "Wakes"), "proeftuin.spi.hints"),
    **dict.fromkeys(("Claim", "Delivers", "Lag", "Lane", "Outcome", "Subscription"), "proeftuin.spi.lanes"),
    **dict.fromkeys(("Envelope", "NotDelivered", "Parcel", "Sink", "SinkOpener"), "proeftuin.spi.sinks"),
    "renewed": "proeftuin.forks",
}

__all__ = [
    "SPI_VERSION",
    "UNTIMED",
    "Before",
    "Began",
    "Bulk",
    "Claim",
    "Commit",
    "Committed",
    "Conflicted",
    "Definitions",
    "Delivers",
    "Due",
    "Ended",
    "Entry",
    "Envelope",
    "Erases",
    "Head",
    "Holder",
    "Hook",
    "HookBefore",
    "HookBegan",
    "HookCommitted",
    "HookConflicted",
    "HookEnded",
    "HookRecorded",
    "HookRefused",
    "Hosted",
    "HostedStore",
    "Ids",
    "Lag",
    "Lane",
    "Listener",
    "Loaded",
    "NotDelivered",
    "Outcome",
    "Page",
    "Parcel",
    "Personal",
    "Query",
    "Receipt",
    "Recorded",
    "RefusedCommand",
    "Sink",
    "SinkOpener",
    "Store",
    "Streams",
    "Subscription",
    "Summary",
    "Tally",
    "Time",
    "Timed",
    "Timing",
    "Wakes",
    "Wanted",
    "renewed",
    "replace",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401  # whatever the public name is
    """Import the names of lanes and sinks on first use: whoever only fires needs none of them."""
    if name not in _ON_FIRST_USE:
        message = f"module 'proeftuin.spi' has no attribute {name!r}"
        raise AttributeError(message)
    from importlib import import_module  # noqa: PLC0415  # on first use

    return getattr(import_module(_ON_FIRST_USE[name]), name)
