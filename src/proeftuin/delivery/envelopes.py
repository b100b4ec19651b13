"""Envelopes: the events behind a claim, as one subscriber gets them.

What a subscriber gets of an event follows from the log up to that event alone, never from the pilot as it is now; so a
repeat is the same, byte for byte, however much later it is sent.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from proeftuin import codec
from proeftuin.core.events import Event
from proeftuin.delivery.subscribers import Subscriber
from proeftuin.folding import fold
from proeftuin.heads import Names
from proeftuin.reading import Reader
from proeftuin.sight import SUPPLIER, Sight
from proeftuin.spi import Claim
from proeftuin.spi.sinks import Envelope

if TYPE_CHECKING:
    from proeftuin.core.pilot import Pilot


class Envelopes:
    """Makes the envelopes of one subscriber."""

    def __init__(self, reader: Reader, workflows: Names, tenant: str, subscriber: Subscriber) -> None:
        self._reader = reader
        self._tenant = tenant
        self._subscriber = subscriber
        self._workflows = workflows

    def of(self, claim: Claim, upto: int) -> Iterator[Envelope]:
        """Give what the subscriber gets of the versions behind what was delivered, up to one of them, in order.

        Raises:
            CorruptStore: where an event cannot be read, or does not follow.
            UnknownPilot: where there is none.
        """
        wanted, pilot_id = self._subscriber, claim.pilot_id
        if wanted.workflows is not None and self._workflows.of(pilot_id) not in wanted.workflows:
            return
        after = claim.delivered
        events = self._own(pilot_id, after, upto) if wanted.party else self._events(pilot_id, after, upto)
        for event in events:
            if wanted.wants(event.type):
                yield self._envelope(event)

    def _events(self, pilot_id: str, after: int, upto: int) -> Iterator[Event]:
        for event in self._reader.events(pilot_id, after=after, upto=upto):
            if event.version == 1:
                self._workflows.note(pilot_id, event.data["workflow"])
            yield event

    def _own(self, pilot_id: str, after: int, upto: int) -> Iterator[Event]:
        """Give what a supplier sees of what happened on its tracks, and to the pilot while it had any."""
        pilot: Pilot | None = None
        before: Sight | None = None
        for event in self._reader.events(pilot_id, upto=upto):
            pilot = fold(pilot, event)
            sight = Sight(self._reader.shown(pilot.workflow), pilot, SUPPLIER, self._subscriber.party)
            concerned = sight.own or (before is not None and before.own)
            shown = sight.event(event, before) if concerned and event.version > after else None
            before = sight
            if shown is not None:
                yield shown

    def _envelope(self, event: Event) -> Envelope:
        at = event.at.isoformat().replace("+00:00", "Z")
        facts: dict[str, Any] = {
            "id": event.id,
            "type": event.type,
            "tenant": self._tenant,
            "pilot": event.pilot_id,
            "workflow": self._workflows.of(event.pilot_id),
            "version": event.version,
            "actor": event.actor,
            "role": event.role,
            "trigger": event.trigger,
            "track": event.track,
            "data": event.data,
            "digest": event.digest,
        }
        body = codec.canonical({**facts, "at": at, "on": event.on.isoformat()})
        return Envelope(**facts, at=event.at, on=event.on, body=body)
