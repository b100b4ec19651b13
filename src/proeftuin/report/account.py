"""What the report may tell of a pilot: how it stands, and what happened, without what is about a participant.

A report travels, so nothing about participants is in it, whoever asks: no record, no reminder about one, no signal. Nor
does it name professionals: what somebody was assigned to is told, and in which role something was done.
"""

from collections.abc import Iterable, Mapping

from attrs import frozen

from proeftuin.core.events import Event
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.pilot import Pilot
from proeftuin.core.private import about_participant, professionals
from proeftuin.core.structs import replace
from proeftuin.core.workflow import Workflow
from proeftuin.views import Row, timeline


@frozen
class Account:
    """A pilot as a page tells of it.

    Attributes:
        events: what happened; `rows` tells each of these in words.
    """

    workflow: Workflow
    pilot: Pilot
    events: tuple[Event, ...]
    rows: tuple[Row, ...]


def account(workflow: Workflow, pilot: Pilot, events: Iterable[Event], lang: str) -> Account:
    """Return what may be told of a pilot, of what the reader sees of it."""
    signals, episodes = (
        tuple(one for one in ones if not about_participant(workflow, {"clock": one.clock}))
        for ones in (pilot.signals, pilot.episodes)
    )
    told = tuple(_nameless(workflow, one) for one in events if not about_participant(workflow, one.data))
    shown = replace(pilot, signals=signals, episodes=episodes)
    return Account(workflow, shown, told, timeline(workflow, told, lang=lang))


def _nameless(workflow: Workflow, event: Event) -> Event:
    """Return an event without the ids of professionals."""
    people, changes = professionals(workflow), dict[str, object]()
    for part in ("fields", "set", "data"):
        held = event.data.get(part)
        if isinstance(held, Mapping) and not people.isdisjoint(held):
            changes[part] = FrozenDict({name: one for name, one in held.items() if name not in people})
    if event.data.get("persons"):
        changes["persons"] = ()
    return replace(event, data=FrozenDict({**event.data, **changes})) if changes else event
