"""What the report may tell of a pilot: how it stands, and what happened, without what is about a participant.

A report travels, so nothing about participants is in it, whoever asks: no record, no reminder about one, no signal.
"""

from collections.abc import Iterable

from attrs import frozen

from proeftuin.core.events import Event
from proeftuin.core.frozen import replace
from proeftuin.core.pilot import Pilot
from proeftuin.core.private import about_participant
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
    told = tuple(one for one in events if not about_participant(workflow, one.data))
    shown = replace(pilot, signals=signals, episodes=episodes)
    return Account(workflow, shown, told, timeline(workflow, told, lang=lang))
