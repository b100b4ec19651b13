"""evolve: one event folded into a pilot. The log is the truth; a pilot is nothing but the fold of its events.

1. `evolve` reads the event alone, never the workflow: what a later reader needs stands in the event, so that a history
   replays the same whatever became of the file.
2. It judges nothing: what is in the log has happened.
3. `FOLD` is the number of these rules. It rises with every change that makes the same events give another pilot; heads
   folded by another number are folded anew.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import reduce
from typing import Any

from proeftuin.core.events import Event
from proeftuin.core.frozen import EMPTY, FrozenDict, replace
from proeftuin.core.pilot import PAUSED, RUNNING, Pilot, Record, Signature, Track, Visit

FOLD = 1

Changes = dict[str, Any]


def _day(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)


def _with(mapping: Mapping[str, Any], key: str, value: object) -> FrozenDict:
    return FrozenDict({**mapping, key: value})


def _set(pilot: Pilot, event: Event) -> Changes:
    new = event.data.get("set")
    return {"data": FrozenDict({**pilot.data, **new})} if new else {}


def _moved(pilot: Pilot, event: Event) -> Changes:
    data = event.data
    changes = _set(pilot, event)
    if data["from"] != data["to"]:
        changes |= {"state": data["to"], "phase": data["phase"], "since": event.on, "last_move": event.on}
    if "outcome" in data:
        changes["outcome"] = data["outcome"]
    if "cycle" in data:
        changes |= {"cycle": data["cycle"], "cycle_since": event.on}
    return changes


def _paused(pilot: Pilot, event: Event) -> Changes:
    return {"hold": PAUSED, **_set(pilot, event)}


def _resumed(pilot: Pilot, event: Event) -> Changes:
    return {"hold": RUNNING, **_set(pilot, event)}


def _linked(pilot: Pilot, event: Event) -> Changes:
    linked = (*pilot.data.get("linked", ()), event.data)
    return {"data": _with(pilot.data, "linked", linked)}


def _track_opened(pilot: Pilot, event: Event) -> Changes:
    key, data = str(event.track), event.data
    visit = Visit(data["to"], data.get("set", EMPTY))
    track = Track(key, data["kind"], data["party"], data["to"], event.on, (visit,))
    return {"tracks": _with(pilot.tracks, key, track), "last_move": event.on}


def _retrace(trail: tuple[Visit, ...], to: str, new: FrozenDict) -> tuple[Visit, ...]:
    """Return the trail after a move: going back to a state on it forgets what lies behind that state."""
    for place, visit in enumerate(trail):
        if visit.state == to:
            return (*trail[:place], Visit(to, FrozenDict({**visit.data, **new}) if new else visit.data))
    return (*trail, Visit(to, new))


def _track_moved(pilot: Pilot, event: Event) -> Changes:
    track, data = pilot.tracks[str(event.track)], event.data
    changes: Changes = {"trail": _retrace(track.trail, data["to"], data.get("set", EMPTY))}
    moved = data["from"] != data["to"]
    if moved:
        changes |= {"state": data["to"], "since": event.on}
    tracks = _with(pilot.tracks, track.key, replace(track, **changes))
    return {"tracks": tracks, "last_move": event.on} if moved else {"tracks": tracks}


def _record_added(pilot: Pilot, event: Event) -> Changes:
    data = event.data
    kind, drops = data["record"], data.get("drops", ())
    record = Record(
        id=data["id"],
        type=kind,
        data=data["fields"],
        track=event.track,
        actor=event.actor,
        role=event.role,
        at=event.at,
        on=event.on,
        cycle=pilot.cycle,
        since=date.fromisoformat(data["since"]),
        until=_day(data.get("until")),
    )
    held = pilot.kept.get(kind, ())
    if drops:
        held = tuple(one for one in held if one.id not in drops)
    changes: Changes = {
        "kept": _with(pilot.kept, kind, (*held, record)),
        "counts": _with(pilot.counts, kind, pilot.counts.get(kind, 0) + 1),
    }
    return changes


def _revise(pilot: Pilot, event: Event, **changes: object) -> Changes:
    data = event.data
    kind, name = data["record"], data["id"]
    held = pilot.kept.get(kind, ())
    if data.get("drop"):
        return {"kept": _with(pilot.kept, kind, tuple(one for one in held if one.id != name))}
    new = data.get("set", EMPTY)
    revised = tuple(
        replace(one, data=FrozenDict({**one.data, **new}), **changes) if one.id == name else one for one in held
    )
    return {"kept": _with(pilot.kept, kind, revised)}


def _interval(event: Event) -> Changes:
    data = event.data
    return {"since": date.fromisoformat(data["since"]), "until": _day(data.get("until"))}


def _record_changed(pilot: Pilot, event: Event) -> Changes:
    return _revise(pilot, event, **_interval(event))


def _record_corrected(pilot: Pilot, event: Event) -> Changes:
    return _revise(pilot, event, ended=_day(event.data.get("ended")), **_interval(event))


def _record_ended(pilot: Pilot, event: Event) -> Changes:
    return _revise(pilot, event, ended=_day(event.data["on"]), until=_day(event.data["until"]))


def _signature_added(pilot: Pilot, event: Event) -> Changes:
    data, trigger, track = event.data, event.trigger, event.track
    same = [vote for vote in pilot.signatures if (vote.trigger, vote.track) == (trigger, track)]
    kept = tuple(vote for vote in pilot.signatures if vote not in same)
    if data.get("complete"):
        return {"signatures": kept}
    others = tuple(vote for vote in same if vote.role != data["role"])
    vote = Signature(trigger, track, data["role"], event.actor, data["state"], data["data"])
    return {"signatures": (*kept, *others, vote)}


def _signature_voided(pilot: Pilot, event: Event) -> Changes:
    gone = (event.data["trigger"], event.track, event.data["role"])
    return {"signatures": tuple(one for one in pilot.signatures if (one.trigger, one.track, one.role) != gone)}


def _count_subjects(pilot: Pilot, event: Event, changes: Changes) -> None:
    counts = changes.get("counts", pilot.counts)
    changes["counts"] = _with(counts, "subject", counts.get("subject", 0) + len(event.data["commitments"]))


FOLDS: Mapping[str, Callable[[Pilot, Event], Changes]] = {
    "pilot.moved": _moved,
    "pilot.paused": _paused,
    "pilot.resumed": _resumed,
    "pilot.changed": _set,
    "pilot.linked": _linked,
    "track.opened": _track_opened,
    "track.moved": _track_moved,
    "record.added": _record_added,
    "record.changed": _record_changed,
    "record.corrected": _record_corrected,
    "record.ended": _record_ended,
    "signature.added": _signature_added,
    "signature.voided": _signature_voided,
}


def begin(event: Event) -> Pilot:
    """Return the pilot that a `pilot.started` event began."""
    data = event.data
    return Pilot(
        id=event.pilot_id,
        ref=data.get("ref"),
        workflow=data["workflow"],
        version=event.version,
        digest=event.digest,
        state=data["state"],
        phase=data["phase"],
        outcome=None,
        hold=RUNNING,
        cycle=1,
        data=data["set"],
        tracks=EMPTY,
        signatures=(),
        kept=EMPTY,
        counts=EMPTY,
        acted_as=FrozenDict({event.actor: (event.role,)}),
        starter=event.actor,
        since=event.on,
        cycle_since=event.on,
        last_move=event.on,
        created_at=event.at,
        updated_at=event.at,
    )


def evolve(pilot: Pilot | None, event: Event) -> Pilot:
    """Return the pilot after an event.

    Args:
        pilot: as it was, None before `pilot.started`.
        event: the next of its history.

    Raises:
        ValueError: for an event that does not follow on the pilot, or of an unknown type.
    """
    if pilot is None:
        if event.type != "pilot.started":
            message = f"a history begins with pilot.started, not {event.type}"
            raise ValueError(message)
        return begin(event)
    fold = FOLDS.get(event.type)
    if fold is None or event.version != pilot.version + 1:
        message = f"event {event.version} ({event.type}) does not follow on version {pilot.version}"
        raise ValueError(message)
    changes = fold(pilot, event)
    if "commitments" in event.data:
        _count_subjects(pilot, event, changes)
    acted = pilot.acted_as.get(event.actor, ())
    if event.role not in acted:
        changes["acted_as"] = _with(pilot.acted_as, event.actor, (*acted, event.role))
    return replace(pilot, version=event.version, digest=event.digest, updated_at=event.at, **changes)


def replay(events: Iterable[Event], pilot: Pilot | None = None) -> Pilot | None:
    """Return the pilot that a history makes, from the beginning or on top of a pilot."""
    return reduce(evolve, events, pilot)
