"""What `existing-contract` promises, said a second time: short, slow, and without the code that is under test.

Each check looks at facts only: a pilot, its history, or the words that are stored.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from proeftuin.core.commands import Blocker
from proeftuin.core.events import Event
from proeftuin.core.pilot import Pilot, Record
from proeftuin.core.workflow import Field, Workflow

# While on hold, and once closed: what may still be told (the closed list of the domain).
ON_HOLD = {
    "end_placement", "change_hours", "record_retention", "withdraw_story", "add_lesson", "log_activity",
    "withdraw_commitment", "correct", "stop", "resume",
}  # fmt: skip
CLOSED = {"record_retention", "withdraw_story", "add_lesson", "check_in", "spawn_follow_up", "correct"}
# The codes for which there may be no remedy.
HOPELESS = {
    "wrong-state", "bad-value", "missing-field", "unknown-field", "unknown-trigger", "unknown-track",
    "privacy-violation", "bad-reference", "track-exists", "forbidden-role", "unilateral", "future-dated",
}  # fmt: skip
STEPS = {
    ("exploring", "committing"), ("committing", "engaging"), ("engaging", "implementing"),
    ("implementing", "evaluating"), ("evaluating", "implementing"), ("evaluating", "engaging"),
    ("evaluating", "closed"),
}  # fmt: skip


def coordinators(history: Iterable[Event]) -> set[str]:
    """Who acted as coordinator, or is assigned as one and was not replaced."""
    acted = {event.actor for event in history if event.role == "coordinator"}
    assigned: dict[str, str] = {}
    for event in history:
        fields = event.data.get("fields", {})
        if event.type == "record.added" and fields.get("duty") == "coordinator":
            assigned[event.data["id"]] = fields["person"]
        elif event.type == "record.ended":
            assigned.pop(event.data["id"], None)
    return acted | set(assigned.values())


def committed_by(history: Sequence[Event]) -> set[str]:
    """Who took a decision in principle, as board, that was not withdrawn."""
    standing: dict[str, str] = {}
    for event in history:
        if event.type == "record.added" and event.data["record"] == "decision" and event.role == "board":
            standing[event.data["id"]] = event.actor
        elif event.type == "record.ended":
            standing.pop(event.data["id"], None)
    return set(standing.values())


def signers(history: Sequence[Event], agreement: Event) -> dict[str, str]:
    """Per role who signed exactly this agreement, on this track."""
    found: dict[str, str] = {}
    for event in history[: agreement.version]:
        if event.track != agreement.track:
            continue
        if event.type == "signature.voided":
            found.pop(event.data["role"], None)
        elif event.type == "signature.added":
            fields = {**agreement.data["fields"]}
            fields.pop("number")
            if event.data["data"] == fields:
                found[event.data["role"]] = event.actor
    return found


def tracks_of(placement: Record) -> set[str | None]:
    rows = placement.data.get("contributions", ()) if placement.data["kind"] == "bundled" else ()
    return {placement.track, *(row["track"] for row in rows)}


def parties(pilot: Pilot, event: Event) -> set[str]:
    """Whose business an event is: that of its track's supplier, and for a bundled job of all who contribute."""
    records = [one for kept in pilot.kept.values() for one in kept if one.id == event.data.get("id")]
    keys = {event.track, *(key for one in records if one.type == "placement" for key in tracks_of(one))}
    return {track.party for key, track in pilot.tracks.items() if key in keys and track.party is not None}


def overfull(pilot: Pilot, today: date) -> Iterator[str]:
    """Say where, today or later, more people are placed than the agreement in force has places for."""
    placements = pilot.kept.get("placement", ())
    for key in pilot.tracks:
        signed = [one for one in pilot.kept.get("agreement", ()) if one.track == key and one.ended is None]
        places: Mapping[str, int] = signed[-1].data["places"] if signed else {}
        own = [one for one in placements if key in tracks_of(one)]
        for day in {today, *(one.since for one in own if one.since > today)}:
            for kind in {one.data["kind"] for one in own}:
                count = sum(one.data["kind"] == kind and one.active(day) for one in own)
                if count > places.get(kind, 0):
                    yield f"{key} has {count} {kind} on {day}, and {places.get(kind, 0)} places"


def doubled(pilot: Pilot) -> Iterator[str]:
    """Say which people are at two places on one day."""
    found = [one for one in pilot.kept.get("placement", ()) if one.until is None or one.since < one.until]
    for number, one in enumerate(found):
        for other in found[:number]:
            first, second = sorted((one, other), key=lambda each: each.since)
            meet = first.until is None or second.since < first.until
            if meet and one.data["participant"] == other.data["participant"]:
                yield f"{one.id} and {other.id}"


def paid_hours(pilots: Iterable[Pilot], day: date) -> Fraction:
    """The weekly hours of paid placements on a day, each counted once, by the latest hours that held then."""
    total = Fraction(0)
    for placement in (one for pilot in pilots for one in pilot.kept.get("placement", ())):
        if placement.active(day) and placement.data["paid"]:
            hours = [(row["from"], number) for number, row in enumerate(placement.data["hours"])]
            latest = max((one for one in hours if date.fromisoformat(one[0]) <= day), default=None)
            row = placement.data if latest is None else placement.data["hours"][latest[1]]
            total += Fraction(row["weekly_hours"])
    return total


def without_remedy(pilot: Pilot, blockers: Iterable[Blocker]) -> list[Blocker]:
    """The blockers that ought to say what would help, and do not."""
    return [
        one
        for one in blockers
        if not one.missing
        and (one.code not in HOPELESS or (one.code == "wrong-state" and not one.params.get("never")))
        and not (one.code == "capacity-exceeded" and _settled(pilot, one.track))
    ]


def _settled(pilot: Pilot, key: str | None) -> bool:
    """Whether no agreement can be signed any more: the pilot is closed, or its supplier has left for good."""
    return pilot.state == "closed" or (key is not None and pilot.tracks[key].state in {"completed", "withdrawn"})


def strange_keys(workflow: Workflow, events: Iterable[Event]) -> Iterator[str]:
    """Say which keys stand in events that no field of the workflow declares."""
    lifecycles = [workflow.edges, *(kind.edges for kind in workflow.tracks.values())]
    edges = [edge for one in lifecycles for edge in one]
    told = {name for edge in edges for name in (*edge.data, *edge.set)} | set(workflow.start.data)
    for event in events:
        if event.type.startswith("record."):
            fields = workflow.records[event.data["record"]].fields
            held = {**event.data.get("fields", {}), **event.data.get("set", {})}
            yield from _strange(fields, held, event.id)
        elif event.type == "signature.added":
            fields = {name: one for record in workflow.records.values() for name, one in record.fields.items()}
            yield from _strange(fields, event.data["data"], event.id)
        else:
            yield from (f"{event.id}: {name}" for name in event.data.get("set", {}) if name not in told)


def _strange(fields: Mapping[str, Field], held: Mapping[str, Any], place: str) -> Iterator[str]:
    for name, value in held.items():
        if name not in fields:
            yield f"{place}: {name}"
        elif isinstance(fields[name].of, Mapping) and isinstance(value, tuple):
            for row in value:
                yield from _strange(fields[name].of, row, place)  # type: ignore[arg-type]  # a mapping, as just seen
