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
from proeftuin.core.frozen import EMPTY, FrozenDict
from proeftuin.core.migration import changes as migrated
from proeftuin.core.pilot import (
    PAUSED,
    RUNNING,
    Episode,
    Nudge,
    Pause,
    Pilot,
    Raised,
    Record,
    Signature,
    Stop,
    Told,
    Track,
    Visit,
)
from proeftuin.core.structs import replace

FOLD = 5

Changes = dict[str, Any]

SYSTEM = "system"
FORGOTTEN = "erase-after"
"""Under which key a pilot remembers that its participants were forgotten a set time after closing (`retention`)."""
CHECK_IN = "check_in"
"""The clock whose reminders are nudges: it waits for a sign of life."""


def _day(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)


def _with(mapping: Mapping[str, Any], key: str, value: object) -> FrozenDict:
    """Return a mapping with one value more or changed, in order of its keys: as it comes back from a store."""
    changed = {**mapping, key: value}
    return FrozenDict(changed if key in mapping else sorted(changed.items()))


def _set(pilot: Pilot, event: Event) -> Changes:
    new = event.data.get("set")
    return {"data": FrozenDict({**pilot.data, **new})} if new else {}


def _moved(pilot: Pilot, event: Event) -> Changes:
    data = event.data
    changes = _set(pilot, event)
    if data["from"] != data["to"]:
        changes |= {"state": data["to"], "phase": data["phase"], "since": event.on, "last_move": event.on}
        changes["entered"] = _with(pilot.entered, data["to"], event.on)
        changes["path"] = (*pilot.path, Stop(data["to"], event.on, data["phase"]))
    if "outcome" in data:
        changes["outcome"] = data["outcome"]
    if "cycle" in data:
        changes |= {"cycle": data["cycle"], "cycle_since": event.on}
    return changes


def _paused(pilot: Pilot, event: Event) -> Changes:
    """Begin a hold; one that was told late begins no sooner than the one before it ended."""
    began = max([event.on, *(one.until for one in pilot.pauses if one.until is not None)])
    return {"hold": PAUSED, "pauses": (*pilot.pauses, Pause(began)), **_set(pilot, event)}


def _resumed(pilot: Pilot, event: Event) -> Changes:
    """End the hold; one of a day or more is a new beginning for the next sign of life."""
    began = pilot.pauses[-1].since
    ended = max(began, event.on)
    changes: Changes = {"hold": RUNNING, "pauses": (*pilot.pauses[:-1], Pause(began, ended)), **_set(pilot, event)}
    return changes | ({"progress": max(pilot.progress, ended)} if ended > began else {})


def _linked(pilot: Pilot, event: Event) -> Changes:
    linked = (*pilot.data.get("linked", ()), event.data)
    return {"data": _with(pilot.data, "linked", linked)}


def _migrated(pilot: Pilot, event: Event) -> Changes:
    """Go on under another version: the event holds what became of everything that changed."""
    return {**migrated.made(pilot, event.data["becomes"]), "workflow": event.data["workflow"]}


def _track_opened(pilot: Pilot, event: Event) -> Changes:
    key, data = str(event.track), event.data
    visit = Visit(data["to"], event.on, data.get("set", EMPTY))
    track = Track(key, data["kind"], data["party"], data["to"], event.on, event.on, (visit,))
    path = (*pilot.path, Stop(data["to"], event.on, track=key))
    return {"tracks": _with(pilot.tracks, key, track), "path": path, "last_move": event.on}


def _track_moved(pilot: Pilot, event: Event) -> Changes:
    track, data = pilot.tracks[str(event.track)], event.data
    changes: Changes = {"trail": track.after(data["to"], event.on, data.get("set", EMPTY))}
    moved = data["from"] != data["to"]
    if "party" in data:
        changes["party"] = data["party"]
    if moved:
        changes |= {"state": data["to"], "since": event.on}
    tracks = _with(pilot.tracks, track.key, replace(track, **changes))
    path = (*pilot.path, Stop(data["to"], event.on, track=track.key))
    return {"tracks": tracks, "path": path, "last_move": event.on} if moved else {"tracks": tracks}


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
        first=data.get("first"),
    )
    held = pilot.kept.get(kind, ())
    if drops:
        held = tuple(one for one in held if one.id not in drops)
    changes: Changes = {
        "kept": _with(pilot.kept, kind, (*held, record)),
        "counts": _with(pilot.counts, kind, pilot.counts.get(kind, 0) + 1),
    }
    return changes


def _left(data: FrozenDict, new: Mapping[str, Any]) -> FrozenDict:
    """Return what a record says once fields are set; what is set to nothing is there no more."""
    gone = {name for name, value in new.items() if value is None}
    return FrozenDict({name: value for name, value in {**data, **new}.items() if name not in gone})


def _revise(pilot: Pilot, event: Event, **changes: object) -> Changes:
    data = event.data
    kind, name = data["record"], data["id"]
    held = pilot.kept.get(kind, ())
    if data.get("drop"):
        return {"kept": _with(pilot.kept, kind, tuple(one for one in held if one.id != name))}
    new = data.get("set", EMPTY)
    revised = tuple(replace(one, data=_left(one.data, new), **changes) if one.id == name else one for one in held)
    return {"kept": _with(pilot.kept, kind, revised)}


def _interval(event: Event) -> Changes:
    data = event.data
    return {"since": date.fromisoformat(data["since"]), "until": _day(data.get("until"))}


def _record_changed(pilot: Pilot, event: Event) -> Changes:
    return _revise(pilot, event, **_interval(event))


def _record_corrected(pilot: Pilot, event: Event) -> Changes:
    moved = {"track": event.data["track"]} if "track" in event.data else {}
    return _revise(pilot, event, ended=_day(event.data.get("ended")), **moved, **_interval(event))


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


def _erased(pilot: Pilot, event: Event) -> Changes:
    """Nothing of the pilot changes, as it never knew more than the subject, which goes on to count.

    Where the time had come, it is noted for how many subjects that was done.
    """
    if "upto" not in event.data:
        return {}
    told = Told(date.fromisoformat(event.data["anchor"]), (str(event.data["upto"]),))
    return {"told": _with(pilot.told, FORGOTTEN, told)}


def _nothing(pilot: Pilot, event: Event) -> Changes:  # noqa: ARG001  # as every fold
    """Nothing of the pilot changes: what was done with personal data is a fact of the history alone."""
    return {}


def _clock_told(pilot: Pilot, event: Event) -> Changes:
    """A clock did something: what is behind it is kept for as long as it counts from the same day."""
    data, key = event.data, event.data["clock"]
    anchor = date.fromisoformat(data["anchor"])
    before = pilot.told.get(key)
    if before is None or before.anchor != anchor:
        before = Told(anchor)
    again = data.get("again", ())
    after = Told(
        anchor,
        (*(one for one in before.done if one not in again), *data["done"]),
        tuple(dict.fromkeys((*before.roles, *data.get("roles", ())))),
        tuple(dict.fromkeys((*before.persons, *data.get("persons", ())))),
        _day(data.get("until")) or before.snoozed,
    )
    return {"told": _with(pilot.told, key, after)}


def _nudged(pilot: Pilot, event: Event) -> Changes:
    """A clock told somebody; of the one that waits for a sign of life the day is kept, each day once."""
    changes = _clock_told(pilot, event)
    if event.data["clock"] == CHECK_IN and (not pilot.nudges or pilot.nudges[-1].on != event.on):
        changes["nudges"] = (*pilot.nudges, Nudge(event.on))
    return changes


def _signal_raised(pilot: Pilot, event: Event) -> Changes:
    signal, clock = event.data["signal"], event.data["clock"]
    signals = (*pilot.signals, Raised(signal, clock, event.on))
    episodes = (*pilot.episodes, Episode(signal, clock, event.on))
    return {**_nudged(pilot, event), "signals": signals, "episodes": episodes}


def _signal_cleared(pilot: Pilot, event: Event) -> Changes:
    gone = (event.data["signal"], event.data["clock"])
    return {
        "signals": tuple(one for one in pilot.signals if (one.signal, one.clock) != gone),
        "episodes": tuple(
            Episode(one.signal, one.clock, one.since, max(one.since, event.on))
            if one.until is None and (one.signal, one.clock) == gone
            else one
            for one in pilot.episodes
        ),
    }


QUIET = frozenset(
    {
        "pilot.paused",
        "pilot.resumed",
        "pilot.migrated",
        "signature.voided",
        "data.erased",
        "data.exported",
        "data.looked_up",
        "clock.reminded",
        "clock.escalated",
        "clock.snoozed",
        "clock.fired",
        "signal.raised",
        "signal.cleared",
    }
)
"""What is no progress, whoever did it."""

LOOKED = frozenset({"data.exported", "data.looked_up", "pilot.migrated"})
"""What is no act in a role: who looked, or changed the rules for all, is bound to nothing."""


def _answered(nudge: Nudge, on: date) -> Nudge:
    return Nudge(nudge.on, on) if nudge.answered is None and nudge.on <= on else nudge


def _progress(pilot: Pilot, event: Event, changes: Changes) -> None:
    """Note that a person did something: nothing that the system does, nor what the workflow excepts, is progress."""
    if event.actor == SYSTEM or event.type in QUIET or event.data.get("progress") is False:
        return
    if event.on > pilot.progress:
        changes["progress"] = event.on
    if pilot.nudges and pilot.nudges[-1].answered is None:
        changes["nudges"] = tuple(_answered(one, event.on) for one in pilot.nudges)
    if event.track is not None:
        tracks = changes.get("tracks", pilot.tracks)
        track = tracks.get(event.track)
        if track is not None and event.on > track.progress:
            changes["tracks"] = _with(tracks, event.track, replace(track, progress=event.on))


def _count_subjects(pilot: Pilot, event: Event, changes: Changes) -> None:
    counts = changes.get("counts", pilot.counts)
    changes["counts"] = _with(counts, "subject", counts.get("subject", 0) + len(event.data["commitments"]))


FOLDS: Mapping[str, Callable[[Pilot, Event], Changes]] = {
    "pilot.moved": _moved,
    "pilot.paused": _paused,
    "pilot.resumed": _resumed,
    "pilot.changed": _set,
    "pilot.linked": _linked,
    "pilot.migrated": _migrated,
    "track.opened": _track_opened,
    "track.moved": _track_moved,
    "record.added": _record_added,
    "record.changed": _record_changed,
    "record.corrected": _record_corrected,
    "record.ended": _record_ended,
    "signature.added": _signature_added,
    "signature.voided": _signature_voided,
    "data.erased": _erased,
    "data.exported": _nothing,
    "data.looked_up": _nothing,
    "clock.reminded": _nudged,
    "clock.escalated": _nudged,
    "clock.snoozed": _clock_told,
    "clock.fired": _clock_told,
    "signal.raised": _signal_raised,
    "signal.cleared": _signal_cleared,
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
        progress=event.on,
        entered=FrozenDict({data["state"]: event.on}),
        path=(Stop(data["state"], event.on, data["phase"]),),
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
    _progress(pilot, event, changes)
    if "commitments" in event.data:
        _count_subjects(pilot, event, changes)
    acted = pilot.acted_as.get(event.actor, ())
    if event.role not in acted and event.type not in LOOKED:
        changes["acted_as"] = _with(pilot.acted_as, event.actor, (*acted, event.role))
    return replace(pilot, version=event.version, digest=event.digest, updated_at=event.at, **changes)


def replay(events: Iterable[Event], pilot: Pilot | None = None) -> Pilot | None:
    """Return the pilot that a history makes, from the beginning or on top of a pilot."""
    return reduce(evolve, events, pilot)
