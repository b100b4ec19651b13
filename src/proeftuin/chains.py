"""What follows on what: the pilots that began with each other, as one story.

A pilot that an edge begins names the one that it came from in its field `follow_up_of`, and that one keeps whom it
began (`pilot.linked`). Somebody may also have named a pilot at the start, by hand.
"""

from collections.abc import Callable, Iterator

from attrs import frozen

from proeftuin.core.pilot import Pilot
from proeftuin.errors import BadArgument, UnknownPilot

FOLLOWS = "follow_up_of"
LINKED = "linked"


@frozen
class Link:
    """One pilot of a chain.

    Attributes:
        pilot: as it is.
        follows: the id of the pilot that it came from, None for the first.
        trigger: the word that began it there; None where somebody named it by hand.
        depth: how many pilots lie before it.
    """

    pilot: Pilot
    follows: str | None = None
    trigger: str | None = None
    depth: int = 0


Get = Callable[[str], Pilot]


def chain(get: Get, pilot_id: str) -> tuple[Link, ...]:
    """Return the chain that a pilot belongs to: what it came from first, each followed by what came of it.

    Args:
        get: gives a pilot by its id; what it does not know, or may not show, is left out with all that lies behind it.
        pilot_id: any pilot of the chain.

    Raises:
        UnknownPilot: where there is no such pilot.
    """
    way = [get(pilot_id)]
    while (before := _before(get, way[0])) is not None and before.id not in {one.id for one in way}:
        way.insert(0, before)
    named = dict(zip((one.id for one in way), way[1:], strict=False))
    return tuple(_onward(get, Link(way[0]), named, {way[0].id}))


def _before(get: Get, pilot: Pilot) -> Pilot | None:
    named = pilot.data.get(FOLLOWS)
    try:
        return None if named is None else get(named)
    except (UnknownPilot, BadArgument):  # a text of somebody's own, or a pilot that is not shown
        return None


def _onward(get: Get, link: Link, named: dict[str, Pilot], told: set[str]) -> Iterator[Link]:
    """Give a pilot and all that came of it, each once."""
    yield link
    begun = {one["pilot"]: one["relation"] for one in link.pilot.data.get(LINKED, ())}
    if (by_hand := named.get(link.pilot.id)) is not None:
        begun.setdefault(by_hand.id, None)
    for pilot_id, trigger in begun.items():
        if pilot_id not in told:
            told.add(pilot_id)
            try:
                pilot = get(pilot_id)
            except UnknownPilot:
                continue
            yield from _onward(get, Link(pilot, link.pilot.id, trigger, link.depth + 1), named, told)
