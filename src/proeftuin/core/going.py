"""What sets clocks going: since which day, on which track or record; all of them, or those that events may have begun.

1. A clock counts from the day since which something is so. Where that is another day than before, it is anchored anew
   (`clocks`): nothing of it is done yet, so it may have something to do sooner.
2. Whatever else runs is as it was, was put off, or has ended. So whoever knows of an earlier day than any term had
   looks at what was begun alone; `begun` says where that is not enough.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from proeftuin.core.events import Event
from proeftuin.core.moments import Wheel, Wheels
from proeftuin.core.pilot import PAUSED, Pilot, Record, Track
from proeftuin.core.table import Table

NOTHING = frozenset(
    {
        "pilot.changed",
        "pilot.linked",
        "signature.added",
        "signature.voided",
        "data.erased",
        "data.exported",
        "data.looked_up",
    }
)
"""What begins nothing beside the clocks of its track."""

Going = tuple[Wheel, date, Track | None, Record | None]


def known(table: Table, pilot: Pilot) -> date:
    """Return the day up to which what is known of a pilot goes."""
    return pilot.updated_at.astimezone(table.zone).date()


def set_going(table: Table, pilot: Pilot, on: date | None = None) -> Iterator[Going]:
    """Give every clock that was set going: since when, on which track or record that is not over by a day."""
    work = table.clockwork
    for wheel in work.progress:
        yield wheel, pilot.progress, None, None
    if pilot.hold == PAUSED:
        for wheel in work.paused:
            yield wheel, pilot.pauses[-1].since, None, None
    for state, since in pilot.entered.items():
        if state in work.states:
            yield from ((one, since, None, None) for one in work.states[state] if one.lasts or state == pilot.state)
    for track in pilot.tracks.values():
        yield from _on_track(table, track)
    for kind, records in pilot.kept.items():
        yield from _on_records(table, pilot, kind, records, on)


def _on_records(
    table: Table, pilot: Pilot, kind: str, records: tuple[Record, ...], on: date | None = None
) -> Iterator[Going]:
    work = table.clockwork
    if kind in work.records:
        yield from _last_record(work.records[kind], records)
    if kind in work.per:
        yield from _per_record(work.per[kind], pilot, records, on or known(table, pilot))


def _on_track(table: Table, track: Track) -> Iterator[Going]:
    work, kind = table.clockwork, track.kind
    done = table.workflow.tracks[kind].states[track.state].done
    for visit in track.trail:
        here = visit.state == track.state
        for wheel in work.tracks.get((kind, visit.state), ()):
            if here or (wheel.lasts and not done):
                yield wheel, visit.since, track, None
        if here:
            for wheel in work.busy.get((kind, visit.state), ()):
                yield wheel, max(visit.since, track.progress), track, None
    if not done:
        for wheel in work.quiet.get(kind, ()):
            yield wheel, track.progress, track, None


def _last_record(wheels: Wheels, records: tuple[Record, ...]) -> Iterator[Going]:
    for wheel in wheels:
        where = wheel.where
        if wheel.row > 1 and not _in_a_row(wheel, records):
            continue
        held = [one.dated for one in records if one.ended is None and (not where or holds(one, where))]
        if held:  # an older one counts no more
            yield wheel, max(held), None, None


def _in_a_row(wheel: Wheel, records: tuple[Record, ...]) -> bool:
    """Whether so many of the last records are all of the kind that sets a clock going."""
    last = sorted((one for one in records if one.ended is None), key=lambda one: one.dated)[-wheel.row :]
    return len(last) == wheel.row and all(holds(one, wheel.where) for one in last)


def _per_record(wheels: Wheels, pilot: Pilot, records: tuple[Record, ...], on: date) -> Iterator[Going]:
    for record in records:
        if record.until is None or record.until > on:
            track = None if record.track is None else pilot.tracks.get(record.track)
            began = record if record.first is None else next((one for one in records if one.id == record.first), record)
            for wheel in wheels:
                since = wheel.clock.since
                yield wheel, (began.day(since) if isinstance(since, str) else None) or began.since, track, record


def holds(record: Record, where: Mapping[str, Any]) -> bool:
    """Whether a record holds these values."""
    for name, value in where.items():  # noqa: SIM110  # asked of every record at each command; `all` takes twice as long
        if record.data.get(name) != value:
            return False
    return True


# -- by events --------------------------------------------------------------------------------------------------------


def begun(table: Table, pilot: Pilot, events: Iterable[Event]) -> list[Going] | None:
    """Return the clocks that events may have set going, or anchored anew; None where that may be any.

    All others run on as they did, were put off, or have ended. What a person does anchors the clocks anew that count
    from progress; as nothing of those is done yet, they may have something to do sooner than before.

    Args:
        table: the workflow that the pilot follows.
        pilot: as it is after the events.
        events: those of one commit.
    """
    found: list[Going] = [(one, pilot.progress, None, None) for one in table.clockwork.progress]
    for event in events:
        if "commitments" in event.data or not table.clockwork.dated.isdisjoint(event.data.get("set", ())):
            return None  # a participant came in, who is to be forgotten; a day was named
        if event.type not in NOTHING:
            find = BEGINS.get(event.type)
            own = None if find is None else find(table, pilot, event)
            if own is None:
                return None
            found += own
        if event.track is not None and event.track in pilot.tracks:
            found += _on_track(table, pilot.tracks[event.track])
    return found


def _moved(table: Table, pilot: Pilot, event: Event) -> Iterable[Going] | None:
    """Give those of the new state. What is closed or opened again ends all terms or revives them."""
    states, (source, to) = table.workflow.states, (event.data["from"], event.data["to"])
    if source == to:
        return ()
    if states[source].final or states[to].final:
        return None
    return [(one, pilot.entered[to], None, None) for one in table.clockwork.states.get(to, ())]


def _opened(table: Table, pilot: Pilot, event: Event) -> Iterable[Going] | None:
    """Give those of records that named the track before it was there: what ends them is now what happens on it."""
    found = (_on_records(table, pilot, kind, pilot.kept.get(kind, ())) for kind in table.clockwork.per)
    return [one for some in found for one in some if one[2] is not None and one[2].key == event.track]


def _track_moved(_table: Table, pilot: Pilot, event: Event) -> Iterable[Going] | None:
    """Give none but the track's own; a track that goes back forgets what may have ended others."""
    source, to = event.data["from"], event.data["to"]
    return () if source == to or pilot.tracks[str(event.track)].previous == source else None


def _added(table: Table, pilot: Pilot, event: Event) -> Iterable[Going] | None:
    """Give those of its type, unless it takes the place of one that had ended a term."""
    work, kind = table.clockwork, event.data["record"]
    if event.data.get("drops") and kind in work.ends:
        return None
    return _on_records(table, pilot, kind, pilot.kept.get(kind, ()))


def _revised(table: Table, _pilot: Pilot, event: Event) -> Iterable[Going] | None:
    work, kind = table.clockwork, event.data["record"]
    return None if kind in work.per or kind in work.records or kind in work.ends else ()


BEGINS: Mapping[str, Callable[[Table, Pilot, Event], Iterable[Going] | None]] = {
    "pilot.moved": _moved,
    "track.opened": _opened,
    "track.moved": _track_moved,
    "record.added": _added,
    **dict.fromkeys(("record.changed", "record.corrected", "record.ended"), _revised),
}
"""What an event begins beside the clocks of its track; any, where nothing is said of it."""
