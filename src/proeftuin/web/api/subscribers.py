"""Subscribers, for who runs the tool: who wants to be told, and how far they have come."""

from typing import Literal

from attrs import asdict, field, frozen

from proeftuin import errors
from proeftuin.delivery.subscribers import Subscriber
from proeftuin.spi import Lag, Lane
from proeftuin.web.api.operations import At, delete, get, own, post, put
from proeftuin.web.api.pilots import PAGE
from proeftuin.web.api.problems import Fault


@frozen
class LanesOf:
    """Which lanes.

    Attributes:
        parked: only those that were set aside, or only others.
        after: the pilot id of the last lane of the page before.
    """

    parked: bool | None = None
    limit: int = field(default=100, metadata={"schema": PAGE})
    after: str | None = None


@frozen
class Subscribing:
    """What a subscriber wants.

    Attributes:
        types: the types of the events; all, where it is left out.
        workflows: the names of the workflows; likewise.
        start: from now on, or the whole history of every pilot; it counts for a new subscription only.
        party: a supplier, which gets its own tracks alone.
    """

    types: list[str] | None = None
    workflows: list[str] | None = None
    start: Literal["now", "beginning"] = "now"
    party: str | None = None


@frozen
class Resending:
    """What to send again: a pilot, or every lane that is parked; and after which version."""

    pilot: str | None = None
    after: int | None = None


@frozen
class Subscriptions:
    """In order of name."""

    items: tuple[Subscriber, ...]


@frozen
class Lanes:
    """In order of pilot id."""

    items: tuple[Lane, ...]


@frozen
class Forgotten:
    """Whether there was one."""

    forgotten: bool


@frozen
class Woken:
    """How many lanes were woken."""

    woken: int


def list_subscriptions(at: At, _: object) -> Subscriptions:
    """List the subscriptions, in order of name."""
    return Subscriptions(at.desk.engine.subscriptions())


def subscribe(at: At, given: Subscribing) -> Subscriber:
    """Keep a durable subscription; one of that name is changed, and goes on where it was."""
    return at.desk.engine.subscribe(at.named["name"], **asdict(given, recurse=False))


def unsubscribe(at: At, _: object) -> Forgotten:
    """Forget a subscription, and how far it was."""
    return Forgotten(at.desk.engine.unsubscribe(at.named["name"]))


def list_lanes(at: At, ask: LanesOf) -> Lanes:
    """List how far the pilots have come to a subscriber, a page at a time."""
    return Lanes(at.desk.engine.lanes(_known(at), **asdict(ask)))


def get_lag(at: At, _: object) -> Lag:
    """Say how many lanes a subscriber has, how many are behind, and how many of those are parked."""
    return at.desk.engine.lag(_known(at))


def resend(at: At, given: Resending) -> Woken:
    """Make lanes due now, parked or not, and forget their failures."""
    return Woken(at.desk.engine.resend(_known(at), given.pilot, after=given.after))


def _known(at: At) -> str:
    """Return the name of a subscription that there is."""
    name = at.named["name"]
    if name not in {one.name for one in at.desk.engine.subscriptions()}:
        raise Fault(404, "no-such-subscriber", name=name)
    return name


ALL = "/subscriptions"
ONE = "/subscriptions/{name}"
FLOW = (errors.UnknownWorkflow,)

OPERATIONS = own(
    get(ALL, list_subscriptions, ("subscriptions",), Subscriptions),
    put(ONE, subscribe, ("subscribe",), Subscriber, body=Subscribing, raises=FLOW),
    delete(ONE, unsubscribe, ("unsubscribe",), Forgotten),
    get(f"{ONE}/lanes", list_lanes, ("lanes",), Lanes, query=LanesOf),
    get(f"{ONE}/lag", get_lag, ("lag",), Lag),
    post(f"{ONE}/resend", resend, ("resend",), Woken, body=Resending),
)
