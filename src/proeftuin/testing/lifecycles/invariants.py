"""Ten promises about every lifecycle, each looked at after every step of a random story.

They are said a second time here, short and slow, from the log and the pilots alone. What a workflow does not have is
not asked of it: places only where an edge has the guard `capacity`, commitment where one has `commitment`, jobs where
it declares the figure.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from proeftuin.calendars import named
from proeftuin.core import clocks
from proeftuin.core.commands import Actor, Blocker
from proeftuin.core.events import Event
from proeftuin.core.evolve import evolve, replay
from proeftuin.core.pilot import Pilot, Record
from proeftuin.core.structs import replace
from proeftuin.core.table import SYSTEM, Rule, Table
from proeftuin.core.workflow import Field
from proeftuin.testing.lifecycles.seen import Invariant, Seen

HELPLESS = frozenset(
    {
        "bad-reference", "bad-value", "forbidden-role", "future-dated", "guard-error", "missing-field",
        "privacy-violation", "track-exists", "unilateral", "unknown-field", "unknown-track", "unknown-trigger",
    }
)  # fmt: skip
"""The codes that nothing helps against; `wrong-state` is one where it means never."""
HOURS = Fraction("25.5")
Problems = Iterator[str]


def replay_gives_the_same(seen: Seen) -> Problems:
    """A pilot is the fold of its events; at the end the whole log is, with the same figures, and its chain is whole."""
    if seen.pilot is not None:
        folded = seen.before
        for event in seen.events:
            folded = evolve(folded, event)
        if folded != seen.pilot:
            yield f"{seen.pilot.id} is not what its events make of it"
    if seen.ended:
        for name, pilot in seen.pilots.items():
            events = list(seen.engine.history(name))
            if events != seen.history[name] or replay(events) != pilot:
                yield f"{name} is not what its log makes of it"
        yield from (str(one) for one in seen.engine.verify())


def commitment_comes_first(seen: Seen) -> Problems:
    """What takes a decision in principle is done only after one, by somebody who holds no role that excludes it."""
    if seen.accepted is None or seen.pilot is None or seen.accepted.pending:
        return
    for record in {str(use.params.get("record")) for use in _guards(seen, "commitment")}:
        version = seen.before.version if seen.before is not None else 0
        taken = _standing(seen.history[seen.pilot.id][:version], record)
        if not any(_free(seen, person, role) for person, role in taken.values()):
            yield f"{seen.call} was done without a `{record}` by somebody who could take it"
    yield from _excluded(seen.table, seen.pilot)


def _standing(history: Iterable[Event], record: str) -> dict[str, tuple[str, str]]:
    """Return by whom, and in which role, records of a type were added that were not ended."""
    found: dict[str, tuple[str, str]] = {}
    for event in history:
        if event.type == "record.added" and event.data["record"] == record:
            found[event.data["id"]] = (event.actor, event.role)
        elif event.type == "record.ended":
            found.pop(event.data["id"], None)
    return found


def _free(seen: Seen, person: str, role: str) -> bool:
    """Whether nobody gave this person a duty that excludes the role in which they decided."""
    held = seen.before.assigned(seen.stage.today) if seen.before is not None else ()
    duties = {str(one.data.get("duty")) for one in held if one.data.get("person") == person}
    return not seen.table.excludes.get(role, frozenset()) & duties


def _excluded(table: Table, pilot: Pilot) -> Problems:
    for person, roles in pilot.acted_as.items():
        for role in roles:
            if others := table.excludes.get(role, frozenset()) & set(roles):
                yield f"{person} acted as {role} and as {min(others)}, which exclude each other"


def places_are_not_exceeded(seen: Seen) -> Problems:
    """On no day from today on are there more placements of a kind on a track than its agreement has places."""
    pilot = seen.pilot
    if pilot is None or not seen.events:
        return
    uses = {(str(one.params["placement"]), str(one.params["agreement"])) for one in _bound(seen.table, "capacity")}
    for placement, agreement in uses:
        yield from _overfull(pilot, placement, agreement, seen.stage.today)


def _overfull(pilot: Pilot, placement: str, agreement: str, today: date) -> Problems:
    placed = pilot.kept.get(placement, ())
    for key in pilot.tracks:
        signed = [one for one in pilot.kept.get(agreement, ()) if one.track == key and one.ended is None]
        places: Mapping[str, int] = signed[-1].data.get("places", {}) if signed else {}
        own = [one for one in placed if key in _tracks(one)]
        for day in {today, *(one.since for one in own if one.since > today)}:
            for kind, count in Counter(one.data["kind"] for one in own if one.active(day)).items():
                if count > places.get(kind, 0):
                    yield f"{key} has {count} {kind} on {day}, and {places.get(kind, 0)} places"


def _tracks(placement: Record) -> set[str | None]:
    rows = placement.data.get("contributions", ()) if placement.data.get("kind") == "bundled" else ()
    return {placement.track, *(row["track"] for row in rows)}


def a_refusal_changes_nothing(seen: Seen) -> Problems:
    """A command that is refused leaves pilot and log as they were; figures and terms are made of these alone."""
    if seen.came is None or seen.accepted is not None or seen.call is None or seen.pilot is None:
        return
    if seen.events or seen.before != seen.pilot:
        yield f"{seen.call} was refused, and {seen.pilot.id} changed"
    elif seen.pilot.id in seen.history and seen.history[seen.pilot.id][-1].version != seen.pilot.version:
        yield f"{seen.call} was refused, and something was written"


def counts_add_up(seen: Seen) -> Problems:
    """Each pilot is in one phase, and each track in one state that its kind has."""
    if seen.ended:
        phases = {state.phase for one in seen.tables for state in one.workflow.states.values() if state.phase}
        found = sum(len(seen.engine.find(phase=phase).items) for phase in phases)
        if found != len(seen.pilots):
            yield f"{found} pilots are in a phase, and there are {len(seen.pilots)}"
    if seen.pilot is not None and seen.events:
        kinds = seen.table.workflow.tracks
        told = Counter(one.state for one in seen.pilot.tracks.values())
        known = sum(told[state] for state in {name for kind in kinds.values() for name in kind.states})
        if known != len(seen.pilot.tracks):
            yield f"{len(seen.pilot.tracks) - known} tracks of {seen.pilot.id} are in no state of theirs"
        if seen.pilot.state not in seen.table.workflow.states:
            yield f"{seen.pilot.id} is in no state of its workflow"


def jobs_are_hours(seen: Seen) -> Problems:
    """Jobs over all pilots are their weekly hours by 25.5, however the pilots are grouped."""
    if not seen.ended or "jobs_25_5" not in seen.table.workflow.metrics or not seen.pilots:
        return
    hours = sum((_paid(one, seen.stage.today) for one in seen.pilots.values()), Fraction(0))
    exact = _jobs(seen, list(seen.pilots))
    if exact != hours / HOURS:
        yield f"{hours} hours are {exact} jobs"
    if exact != sum((_jobs(seen, [name]) for name in seen.pilots), Fraction(0)):
        yield "the jobs of all pilots are not the sum of those of each"


def _jobs(seen: Seen, pilots: list[str]) -> Fraction:
    return seen.engine.metrics("jobs_25_5", pilots=pilots)["jobs_25_5"].exact or Fraction(0)


def _paid(pilot: Pilot, day: date) -> Fraction:
    """Return the weekly hours of paid placements on a day, by the latest hours that held then."""
    total = Fraction(0)
    for one in pilot.kept.get("placement", ()):
        if one.active(day) and one.data.get("paid"):
            rows = [(row["from"], number) for number, row in enumerate(one.data.get("hours", ()))]
            past = [row for row in rows if date.fromisoformat(row[0]) <= day]
            held = one.data["hours"][max(past)[1]] if past else one.data
            total += Fraction(held["weekly_hours"])
    return total


def ticking_again_does_nothing(seen: Seen) -> Problems:
    """What is due is done once: a second tick at the same moment finds nothing left."""
    if seen.call is None and seen.before is not None and seen.events and not seen.ended:
        strange = [event.id for event in seen.events if event.actor != SYSTEM]
        if strange:
            yield f"a tick did what it should not: {strange[0]}"
        version = seen.pilots[seen.before.id].version
        seen.stage.tick([seen.before.id])
        if seen.engine.get(seen.before.id).version != version:
            yield f"ticking twice at {seen.stage.time.now()} did something twice on {seen.before.id}"


def late_is_as_daily(seen: Seen) -> Problems:
    """Replayed with a tick every day, the story gives the same answers, states and signals."""
    if seen.ended:
        yield from seen.replayed()


def only_known_keys_are_kept(seen: Seen) -> Problems:
    """No event holds a field that the workflow does not declare; to erase everybody leaves every figure as it was."""
    workflow = seen.table.workflow
    told = {name for rule in (*seen.table.every, seen.table.start) for name in (*rule.fields, *rule.edge.set)}
    for edge in (rule.edge for rule in seen.table.every):
        if edge.starts is not None:
            told |= {*edge.starts.set, str(edge.starts.link)}
        if edge.beside is not None:
            told.add(str(edge.beside.link))
    for event in seen.events:
        if event.type.startswith("record."):
            fields = workflow.records[event.data["record"]].fields
            held = {**event.data.get("fields", {}), **event.data.get("set", {})}
            yield from (f"{event.id} holds `{name}`" for name in _strange(fields, held))
        else:
            held = {**event.data.get("set", {}), **(event.data["data"] if event.type == "signature.added" else {})}
            yield from (f"{event.id} holds `{name}`" for name in held if name not in told)
    if seen.ended and seen.table.personal and "privacy_officer" in workflow.roles:
        yield from _erased(seen)


def _strange(fields: Mapping[str, Field], held: Mapping[str, Any]) -> Iterator[str]:
    for name, value in held.items():
        if name not in fields:
            yield name
        elif isinstance(inner := fields[name].of, Mapping) and isinstance(value, tuple):
            for row in value:
                yield from _strange(inner, row)


def _erased(seen: Seen) -> Problems:
    """Erase every participant that the story named, and compare the figures."""
    said = [line.call.data or {} for line in seen.stage.story.lines if line.call is not None and not line.codes]
    personal = {name for one in seen.tables for name in one.personal}
    refs = {str(one) for data in said for name, one in data.items() if name in personal}
    if not any(one.counts.get("subject") for one in seen.pilots.values()):
        return
    before = seen.engine.metrics()
    officer = Actor("privacy-officer", roles={"privacy_officer"})
    for ref in sorted(refs):
        seen.engine.erase(ref, actor=officer, reason="asked for")
    if seen.engine.metrics() != before:
        yield "figures changed when participants were erased"
    yield from (str(one) for one in seen.engine.verify())


def a_short_hold_moves_nothing(seen: Seen) -> Problems:
    """A hold that ends on its first day moves no term; one of a day or more restarts the sign of life."""
    done = [event.type for event in seen.events if event.actor != SYSTEM]
    if done != ["pilot.resumed"] or seen.before is None or seen.pilot is None:  # to stop ends a hold too, and does more
        return
    hold, after = seen.pilot.pauses[-1], seen.pilot
    if hold.until is None or hold.since == hold.until:
        if after.progress != seen.before.progress:
            yield f"a hold on {hold.since} alone restarted the sign of life"
        at = next(one.version for one in reversed(seen.history[after.id]) if one.type == "pilot.paused")
        earlier = seen.engine.get(after.id, version=at - 1)
        unheld = replace(earlier, updated_at=after.updated_at)  # or what ends today would seem moved by the hold
        if at == seen.before.version and _terms(seen.table, unheld) != _terms(seen.table, after):
            yield f"a hold on {hold.since} alone moved a term"
    elif after.progress != hold.until:
        yield f"a hold until {hold.until} did not restart the sign of life, which counts from {after.progress}"


def _terms(table: Table, pilot: Pilot) -> dict[str, date | None]:
    return {one.key: one.due() for one in clocks.terms(table, pilot, named(table.workflow.calendar))}


def there_is_always_a_way(seen: Seen) -> Problems:
    """From every state an end can be reached, and every refusal says what would help, or that nothing would."""
    if seen.refused is not None:
        for one in seen.refused.blockers:
            if not one.missing and not _never(one) and not _settled(seen, one):
                yield f"{one.code} says nothing that would help, nor that nothing would"
        if not seen.refused.blockers:
            yield "a refusal has no reason"
    if seen.events and seen.pilot is not None and _stranded(seen.table, None, seen.pilot.state):
        yield f"from `{seen.pilot.state}` no end can be reached"


def _never(blocker: Blocker) -> bool:
    return blocker.code in HELPLESS or (blocker.code == "wrong-state" and bool(blocker.params.get("never")))


def _settled(seen: Seen, blocker: Blocker) -> bool:
    """Whether room can no longer be made: the pilot is closed, or the track has come to its end."""
    pilot = seen.pilot
    if blocker.code != "capacity-exceeded" or pilot is None:
        return False
    track = pilot.tracks.get(str(blocker.track))
    done = track is not None and seen.table.workflow.tracks[track.kind].states[track.state].done
    return seen.table.workflow.states[pilot.state].final or done


def _stranded(table: Table, kind: str | None, state: str) -> bool:
    ends = {name for name, one in table.workflow.states.items() if one.final}
    return not ends & set(table.distances[kind][state])


def _guards(seen: Seen, name: str) -> list[Any]:
    """Return the uses of a guard on the edges that may just have been fired."""
    return [one for rule in _fired(seen) for one in rule.require if one.guard.name == name]


def _fired(seen: Seen) -> list[Rule]:
    """Return the edge that was fired: the one that all the facts of the step fit, none where that is not plain."""
    call, before = seen.call, seen.before
    if call is None or before is None:
        return []
    track = before.tracks.get(str(call.track))
    state = before.state if track is None else track.state
    found = [one for one in seen.table.every if one.edge.trigger == call.trigger and one.opener is None]
    found = [one for one in found if (one.kind is None) == (track is None) and state in one.sources]
    return found if len(found) == 1 else []


def _bound(table: Table, name: str) -> list[Any]:
    return [one for rule in table.every for one in rule.require if one.guard.name == name]


INVARIANTS: tuple[Invariant, ...] = (
    replay_gives_the_same,
    commitment_comes_first,
    places_are_not_exceeded,
    a_refusal_changes_nothing,
    counts_add_up,
    jobs_are_hours,
    ticking_again_does_nothing,
    late_is_as_daily,
    only_known_keys_are_kept,
    a_short_hold_moves_nothing,
    there_is_always_a_way,
)
