"""notices: what was to be said on a day, one message for each person, over all pilots.

1. A notice is no fact of one pilot's log, as it crosses pilots. It is made from what their clocks wrote there.
2. Roles become the persons who are assigned to them on that pilot. A role that nobody holds gets a notice of its own:
   only the host knows who else has it. A supplier's role gets one for each supplier, as none may read of another.
3. A signal that tells nobody stays on its pilot, and gives no notice.
4. There is no participant in a notice, nor a subject: a term on a placement is named by the placement's id.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from types import MappingProxyType
from typing import Literal

from attrs import frozen

from proeftuin.core.events import Event
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.pilot import Pilot
from proeftuin.core.table import Table
from proeftuin.duties import clock_label, holders

Kind = Literal["reminder", "escalation", "signal"]

KINDS: MappingProxyType[str, Kind] = MappingProxyType(
    {"clock.reminded": "reminder", "clock.escalated": "escalation", "signal.raised": "signal"}
)
"""The types of events that are told, and what each is called in a notice."""


@frozen
class Item:
    """One thing that a notice tells.

    Attributes:
        title: what the pilot is called.
        clock, key: the clock, and its term with the track or record that it is about.
        label: what people call that term, per language.
        since: what the term counts from; the due day itself, where a field names that.
        on: the day on which this fell due.
        role: as what it is told; None for a person whom a record names.
        signal: the name of the signal that was raised.
    """

    pilot_id: str
    title: str
    kind: Kind
    clock: str
    key: str
    label: FrozenDict
    track: str | None
    since: date
    on: date
    role: str | None
    signal: str | None = None


@frozen
class Notice:
    """All that one person is told of a day; or those who have a role, where it is assigned to nobody.

    Attributes:
        person, role: to whom: one of the two.
        party: for a supplier's role, whose it is; the key of the track where that has no party yet.
        items: in order of pilot, day, and the order in which they were recorded.
    """

    day: date
    person: str | None
    role: str | None
    items: tuple[Item, ...]
    party: str | None = None

    @property
    def to(self) -> str:
        """Whom it is for: the id of a person, or `ROLE`, or `ROLE:PARTY`."""
        return self.person or ":".join(filter(None, (self.role, self.party)))


Told = tuple[Table, Pilot, Iterable[Event]]
_To = tuple[bool, str, str]  # whether it is a role, the id or name, and whose role it is
_Placed = tuple[tuple[str, date, int], Item]  # in order of pilot, day, version


def notices(told: Iterable[Told], day: date) -> tuple[Notice, ...]:
    """Return the notices of a day: persons in order of id, then roles by name.

    Args:
        told: pilots as they are now, each with events of its history.
        day: the day on which the events were recorded, in the zone of each workflow.
    """
    found: dict[_To, list[_Placed]] = {}
    for table, pilot, events in told:
        for event in events:
            if event.type in KINDS and event.at.astimezone(table.zone).date() == day:
                place = (pilot.id, event.on, event.version)
                for to, role in _addressed(table, pilot, event, day).items():
                    found.setdefault(to, []).append((place, _item(table, pilot, event, role)))
    return tuple(_notice(day, to, found[to]) for to in sorted(found))


def _notice(day: date, to: _To, placed: list[_Placed]) -> Notice:
    is_role, name, party = to
    items = tuple(item for _, item in sorted(placed, key=lambda one: one[0]))
    return Notice(day, None if is_role else name, name if is_role else None, items, party or None)


def _addressed(table: Table, pilot: Pilot, event: Event, day: date) -> dict[_To, str | None]:
    """Return to whom an event is told, and as what: each once, in the first role."""
    found: dict[_To, str | None] = {}
    for to, role in _each(table, pilot, event, day):
        found.setdefault(to, role)
    return found


def _each(table: Table, pilot: Pilot, event: Event, day: date) -> Iterator[tuple[_To, str | None]]:
    for role in event.data.get("roles", ()):
        persons = holders(table.workflow, pilot, role, event.track, day)
        for person in persons:
            yield (False, person, ""), role
        if not persons:
            yield (True, role, _party(table, pilot, event, role)), role
    for person in event.data.get("persons", ()):
        yield (False, person, ""), None


def _party(table: Table, pilot: Pilot, event: Event, role: str) -> str:
    """Return whose a role is, where that is a supplier's and the event is about a track."""
    known = table.workflow.roles.get(role)
    if event.track is None or known is None or known.side != "supplier":
        return ""
    track = pilot.tracks.get(event.track)
    return (track.party if track is not None else None) or event.track


def _item(table: Table, pilot: Pilot, event: Event, role: str | None) -> Item:
    data = event.data
    key = str(data["clock"])
    return Item(
        pilot.id,
        pilot.title,
        KINDS[event.type],
        key.partition(":")[0],
        key,
        clock_label(table.workflow, key),
        event.track,
        date.fromisoformat(data["anchor"]),
        event.on,
        role,
        data.get("signal"),
    )
