"""Promises of the domain, section 3.8, in its own words: judged by logs and pilots alone, whatever the file says.

The invariants that the library ships ask a workflow what it promises: where an edge has the guard `commitment`, there
is a decision. These here know the domain: they hold for the bundled workflows, and notice that the guard is not there.
"""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import combinations, groupby
from typing import Any

from attrs import frozen

from proeftuin import Settings
from proeftuin.calendars import named
from proeftuin.core import clocks
from proeftuin.core.events import Event
from proeftuin.core.evolve import replay
from proeftuin.core.metrics import measure
from proeftuin.core.pilot import Pilot
from proeftuin.core.structs import replace
from proeftuin.testing.lifecycles import Invariant, Seen
from proeftuin.testing.lifecycles.invariants import _overfull

Problems = Iterator[str]


@frozen
class Gate:
    """What stands before a state: a record of this type, by somebody in one of these roles, and not in this one."""

    state: str
    record: str
    roles: frozenset[str]
    never: str = ""


# Rows EC3, TN2 and SP2 of the domain; a programme asks for nothing.
GATES: Mapping[str, Gate] = {
    "existing-contract": Gate("engaging", "decision", frozenset({"board"}), "coordinator"),
    "tender": Gate("procuring", "decision", frozenset({"board"}), "coordinator"),
    "small-purchases": Gate("curating", "sponsorship", frozenset({"budget_holder", "board"})),
}


def commitment_by_the_board(seen: Seen) -> Problems:
    """Talks, tenders and curating begin with a decision that stands, by who may take it and does not run the pilot."""
    gate = GATES.get(seen.table.workflow.name)
    if gate is None or seen.pilot is None:
        return
    for number, event in enumerate(seen.events):
        if event.type == "pilot.moved" and event.data["to"] == gate.state != event.data["from"]:
            history = seen.history[seen.pilot.id]
            before = history[: len(history) - len(seen.events) + number]
            if not _committed(before, gate):
                yield f"{seen.pilot.id} came to {gate.state} by {seen.call} without a {gate.record}"


def _committed(history: Iterable[Event], gate: Gate) -> bool:
    """Whether a record stands, of somebody in the right role who has never been in the other one."""
    standing: dict[str, tuple[str, str]] = {}
    running: set[str] = set()
    for event in history:
        if event.role == gate.never:
            running.add(event.actor)
        if event.type == "record.added":
            fields = event.data["fields"]
            if event.data["record"] == gate.record:
                standing[event.data["id"]] = (event.actor, event.role)
            if event.data["record"] == "assignment" and fields.get("duty") == gate.never:
                running.add(fields["person"])
        elif event.type == "record.ended":
            standing.pop(event.data["id"], None)
    return any(role in gate.roles and person not in running for person, role in standing.values())


def places_by_the_agreement(seen: Seen) -> Problems:
    """Where there are placements and agreements, no day has more of a kind than the agreement in force has places."""
    records = seen.table.workflow.records
    if {"placement", "agreement"} <= set(records) and seen.pilot is not None and seen.events:
        yield from _overfull(seen.pilot, "placement", "agreement", seen.stage.today)


# -- the order of events on different tracks ---------------------------------------------------------------------------


def tracks_do_not_wait(seen: Seen) -> Problems:
    """What happened on different tracks, told in another order, makes the same pilot, figures, terms and signals."""
    if not seen.ended:
        return
    for name, events in seen.history.items():
        pilot, other = seen.pilots[name], replay(_numbered(_turned(events)))
        assert other is not None, name
        other = replace(other, updated_at=pilot.updated_at)  # both were last heard of at one moment
        names = ("pilot", "figures", "terms")
        for what, one, turned in zip(names, _told(seen, pilot), _told(seen, other), strict=True):
            if one != turned:
                yield f"in another order of its tracks {name} has other {what}: {one} is {turned}"


def _turned(events: Iterable[Event]) -> Iterator[Event]:
    """Tell what happened on each track in one go, the last track first, as far as nothing else comes in between."""
    for shared, some in groupby(events, _shared):
        told = list(some)
        if shared:
            yield from told
        else:
            tracks = dict.fromkeys(str(one.track) for one in reversed(told))
            yield from (one for track in tracks for one in told if one.track == track)


def _shared(event: Event) -> bool:
    """Whether an event is about the pilot, or about what several tracks have together."""
    return event.track is None or bool(event.data.get("drops"))


def _numbered(events: Iterable[Event]) -> Iterator[Event]:
    return (replace(one, version=number) for number, one in enumerate(events, start=1))


def _told(seen: Seen, pilot: Pilot) -> tuple[Any, ...]:
    """What a pilot is, but for the order in which it came about; its figures; and when its terms are due."""
    kept = {kind: sorted(held, key=lambda one: one.id) for kind, held in pilot.kept.items()}
    whole = (
        (pilot.state, pilot.phase, pilot.outcome, pilot.hold, pilot.cycle, pilot.data, pilot.tracks, pilot.counts),
        kept,
        sorted(pilot.signatures, key=str),
        sorted(pilot.signals, key=str),
        {person: set(roles) for person, roles in pilot.acted_as.items()},
        (pilot.since, pilot.progress, pilot.entered, pilot.pauses),
    )
    table = seen.stage.under(pilot).table
    workflow = table.workflow
    now, today = seen.stage.time.now(), seen.stage.today
    figures = measure([(workflow, pilot)], (), now=now, as_of=today, settings=Settings())
    days = {one.key: one.due() for one in clocks.terms(table, pilot, named(workflow.calendar))}
    return whole, dict(figures), days


# -- figures -----------------------------------------------------------------------------------------------------------


def every_pilot_is_counted_once(seen: Seen) -> Problems:
    """The phases together have as many pilots as there are, and each pilot's track states as many as it has tracks."""
    if not seen.ended:
        return
    tallies = seen.engine.count()
    if sum(one.pilots for one in tallies) != len(seen.pilots):
        yield f"{[(one.phase, one.pilots) for one in tallies]} are not {len(seen.pilots)} pilots"
    kinds = [kind for one in seen.tables for kind in one.workflow.tracks.values()]
    states = sorted({state for kind in kinds for state in kind.states})
    for name, pilot in seen.pilots.items():
        told = sum(one.state == state for state in states for one in pilot.tracks.values())
        listed = [state for state in states if any(one.id == name for one in seen.engine.each(track_state=state))]
        if told != len(pilot.tracks) or set(listed) != {one.state for one in pilot.tracks.values()}:
            yield f"{name} has {len(pilot.tracks)} tracks, and is listed under {listed}"


def jobs_by_any_partition(seen: Seen) -> Problems:
    """Jobs are the hours of all pilots by 25.5, however these are divided in two; a bundled job counts once."""
    if not seen.ended or "jobs_25_5" not in seen.table.workflow.metrics:
        return
    names, whole = list(seen.pilots), _jobs(seen, seen.pilots)
    hours = sum((_hours(one, seen) for one in seen.pilots.values()), Fraction(0))
    if whole != hours / Fraction("25.5"):
        yield f"{hours} hours are told as {whole} jobs"
    for size in range(1, len(names) // 2 + 1):
        for some in combinations(names, size):
            parts = _jobs(seen, some) + _jobs(seen, [one for one in names if one not in some])
            if parts != whole:
                yield f"divided at {some} the jobs are {parts}, and not {whole}"


def _jobs(seen: Seen, names: Iterable[str]) -> Fraction:
    told = list(names)
    return (seen.engine.metrics("jobs_25_5", pilots=told)["jobs_25_5"].exact or Fraction(0)) if told else Fraction(0)


def _hours(pilot: Pilot, seen: Seen) -> Fraction:
    """The weekly hours of who is paid today, each placement once, by the last hours that hold today."""
    today, total = seen.stage.today.isoformat(), Fraction(0)
    for one in pilot.kept.get("placement", ()):
        if one.active(seen.stage.today) and one.data["paid"]:
            rows = sorted((row["from"], number, row["weekly_hours"]) for number, row in enumerate(one.data["hours"]))
            held = [hours for since, _, hours in rows if since <= today]
            total += Fraction(held[-1] if held else one.data["weekly_hours"])
    return total


# -- what a store is told of terms -------------------------------------------------------------------------------------


def no_term_comes_unawares(seen: Seen) -> Problems:
    """What a store knows of a pilot's terms is never later than the truth; so whoever asks it overlooks none."""
    if seen.pilot is None:
        return
    parts = seen.engine._parts
    known = parts["store"].load(parts["tenant"], seen.pilot.id).head.timing
    exact = parts["times"].exact(seen.table, seen.pilot)
    for name in ("due", "overdue"):
        knows, comes = getattr(known, name), getattr(exact, name)
        if comes is not None and (knows is None or knows > comes):
            yield f"a term of {seen.pilot.id} is {name} at {comes}, and the store knows of {knows}"


PROMISED: tuple[Invariant, ...] = (
    commitment_by_the_board,
    places_by_the_agreement,
    tracks_do_not_wait,
    no_term_comes_unawares,
    every_pilot_is_counted_once,
    jobs_by_any_partition,
)
