"""How long a pilot, or a track of it, was in each state."""

from datetime import date

from attrs import frozen

from proeftuin.core.pilot import Pilot
from proeftuin.core.workflow import State


@frozen
class Spell:
    """A time in a state: from a day up to another; `until` is None for one that goes on."""

    state: str
    since: date
    until: date | None


def spells(pilot: Pilot, track: str | None, as_of: date = date.max) -> tuple[Spell, ...]:
    """Return the states that a pilot (None), or a track of it, was in, one after another, as far as a day."""
    own = [one for one in pilot.path if one.track == track and one.since <= as_of]
    later = [*(one.since for one in own), None][1:]
    return tuple(Spell(one.state, one.since, until) for one, until in zip(own, later, strict=False))


def is_end(state: State | None) -> bool:
    """Whether a state ends its lifecycle; one of an earlier version (None) does not."""
    return state is not None and (state.final or state.done)
