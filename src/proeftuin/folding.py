"""Folding what is stored: as `core.evolve` does, and what cannot be folded is a corrupt store that names its place.

The core judges no history. Whoever reads one from a store folds it here, so that a hole in it, or an event that makes
no sense, is told alike everywhere. What reads the events is not guarded: its errors are its own.
"""

from collections.abc import Iterable
from functools import reduce

from proeftuin.codec import ADVICE
from proeftuin.core.events import Event
from proeftuin.core.evolve import evolve
from proeftuin.core.pilot import Pilot
from proeftuin.errors import CorruptStore

UNFOLDABLE = (AttributeError, LookupError, TypeError, ValueError)
"""What a fold may raise on events that make no sense."""


def fold(pilot: Pilot | None, event: Event) -> Pilot:
    """Return the pilot after an event that was stored.

    Raises:
        CorruptStore: where the event does not follow on the pilot, or makes no sense.
    """
    try:
        return evolve(pilot, event)
    except UNFOLDABLE as error:
        place = f"event {event.version} of pilot {event.pilot_id!r}"
        raise CorruptStore(f"{place} cannot be folded: {error}{ADVICE}") from error


def replay(events: Iterable[Event]) -> Pilot | None:
    """Return the pilot that a stored history makes; None for an empty one.

    Raises:
        CorruptStore: see `fold`.
    """
    pilot: Pilot | None = None
    return reduce(fold, events, pilot)
