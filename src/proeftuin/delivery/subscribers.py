"""Subscribers: who wants which events, and how that is kept in a store."""

from collections.abc import Iterable
from difflib import get_close_matches

from attrs import asdict, frozen

from proeftuin import codec, door
from proeftuin.core.events import EVENT_TYPES
from proeftuin.errors import BadArgument
from proeftuin.spi import Subscription


@frozen
class Subscriber:
    """A durable subscription.

    Attributes:
        name: what it is called; the sink of that name gets the events.
        types: the words of the events that it wants; None for all.
        workflows: the names of the workflows whose pilots it wants; None for all.
        party: the supplier whose own tracks it is limited to; None for the client's side, which gets everything.
    """

    name: str
    types: tuple[str, ...] | None = None
    workflows: tuple[str, ...] | None = None
    party: str | None = None

    @property
    def whole(self) -> bool:
        """Whether it gets every event of a pilot that it gets any of."""
        return self.types is None and self.party is None

    def wants(self, kind: str) -> bool:
        """Whether it wants events of this type."""
        return self.types is None or kind in self.types

    def kept(self) -> Subscription:
        """Return it as a store keeps it."""
        body = {name: one for name, one in asdict(self).items() if name != "name" and one is not None}
        return Subscription(self.name, codec.canonical(body))


def recall(kept: Subscription) -> Subscriber:
    """Return a subscription from what a store keeps of it."""
    body = codec.decode(kept.body, place=f"subscription {kept.name!r}")
    types, workflows = body.get("types"), body.get("workflows")
    return Subscriber(
        kept.name,
        None if types is None else tuple(types),
        None if workflows is None else tuple(workflows),
        body.get("party"),
    )


def event_types(given: object) -> tuple[str, ...] | None:
    """Return types of events, each once and in order.

    Raises:
        BadArgument: for a word that is none, or for no word at all.
    """
    found = names("types", given)
    for one in found or ():
        if one not in EVENT_TYPES:
            near = get_close_matches(one, EVENT_TYPES, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(EVENT_TYPES)}"
            raise BadArgument("types", f"{one!r} is no type of event; {hint}")
    return found


def names(argument: str, given: object) -> tuple[str, ...] | None:
    """Return names, each once and in order; None where nothing was given."""
    if given is None:
        return None
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise BadArgument(argument, "must be several names, such as a list")
    found = tuple(sorted({door.name(argument, one) for one in given}))
    if not found:
        raise BadArgument(argument, "must hold at least one name; None means all")
    return found
