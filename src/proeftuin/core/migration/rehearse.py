"""A recorded history, held against another version of its workflow: what would have gone differently first?

1. Every move that was made must be one that the version has: from there, to there, under that trigger, in that role.
2. What was kept must fit: the type of the record, and its fields.
3. Guards must not object to the pilot as it stood, with what the command left behind.
4. What clocks did they must do on the same days; and nothing more.

What is not judged: guards that read data of a command that is not kept with the move, as a history tells what came of a
command and not what was asked.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from attrs import frozen

from proeftuin.core.calendar import Calendar
from proeftuin.core.catch_up import CatchUp
from proeftuin.core.checks import Ground
from proeftuin.core.clocks import terms
from proeftuin.core.commands import Actor, Attempt, Command
from proeftuin.core.events import Event
from proeftuin.core.evolve import evolve, replay
from proeftuin.core.frozen import EMPTY, FrozenDict
from proeftuin.core.graph import lifecycle, targets
from proeftuin.core.judge import objections
from proeftuin.core.migration.shapes import faults
from proeftuin.core.pilot import RUNNING, Pilot
from proeftuin.core.settings import Settings
from proeftuin.core.structs import replace
from proeftuin.core.table import RELATIONS, SYSTEM, Rule, Table
from proeftuin.core.workflow import SAME, Field

CLOCKS = frozenset({"clock.reminded", "clock.escalated", "clock.fired", "signal.raised"})


@frozen
class Difference:
    """Where a history would have gone differently first.

    Attributes:
        version: of the event.
        what: a word for the difference: `no-such-move`, `role`, `guard`, `record`, `field`, `clock`, `start`.
        text: what it is about.
    """

    pilot_id: str
    version: int
    what: str
    text: str


def first_difference(
    table: Table, own: Table, history: Sequence[Event], calendars: tuple[Calendar, Calendar], settings: Settings
) -> Difference | None:
    """Return where a history would have gone differently under a version, None where it would not have.

    Args:
        table: the version.
        own: the version that the history was made under; what is other than the history there too is no difference.
        history: of one pilot, whole. What came before its last migration is not judged.
        calendars: count the working days, of the version and of its own.
        settings: the dated numbers of the organisation.
    """
    under, before = (_Rules(*one, settings) for one in zip((table, own), calendars, strict=True))
    begun = max((place + 1 for place, one in enumerate(history) if one.type == "pilot.migrated"), default=0)
    pilot = replay(history[:begun])
    for _, group in groupby(history[begun:], key=_command):
        events = tuple(group)
        after = replay(events, pilot)
        found = list(under.told(pilot, after, events))
        if found:
            known = {one[:2] for one in before.told(pilot, after, events)}
            for what, text, event in (one for one in found if one[:2] not in known):
                return Difference(event.pilot_id, event.version, what, text)
        pilot = after
    return None


def _command(event: Event) -> tuple[object, ...]:
    return event.at, event.actor, event.trigger, event.track if event.actor != SYSTEM else None, event.key


Told = tuple[str, str, Event]


@frozen(eq=False, repr=False)
class _Rules:
    """What a history is held against: a version, its working days, and the organisation's numbers."""

    table: Table
    calendar: Calendar
    settings: Settings

    def told(self, pilot: Pilot | None, after: Pilot | None, events: Sequence[Event]) -> Iterator[Told]:
        """Give what of one command would not have come about, or not so.

        Args:
            pilot: as it was before, None where this began it.
            after: as the command left it.
            events: of the command, in order.
        """
        if pilot is not None and events[0].actor != SYSTEM:
            early = CatchUp(self.table, pilot, self.calendar, events[0].at, self.settings).moves().events
            if early:
                name = early[0].data.get("clock", early[0].type)
                yield "clock", f"{name} would have been due on {early[0].on}", events[0]
        for event in events:
            if pilot is None:
                yield from _started(self.table, event)
            else:
                for what, text in self._event(pilot, after or pilot, event):
                    yield what, text, event
            pilot = evolve(pilot, event)

    def _event(self, pilot: Pilot, after: Pilot, event: Event) -> Iterator[tuple[str, str]]:
        kind = event.type
        if kind in CLOCKS:
            yield from self._clock(pilot, event)
        elif kind.startswith(("pilot.moved", "track.", "pilot.paused", "pilot.resumed", "pilot.changed")):
            yield from self._moved(pilot, after, event)
        elif kind == "signature.added":
            yield from _signed(self.table, pilot, event)
        elif kind.startswith("record."):
            yield from _recorded(self.table, pilot, event)

    def _moved(self, pilot: Pilot, after: Pilot, event: Event) -> Iterator[tuple[str, str]]:
        rules = [
            one
            for one in self.table.every
            if one.edge.trigger == event.trigger and _leads(self.table, one, pilot, event)
        ]
        if not rules:
            data = event.data
            way = f" from {data['from']} to {data['to']}" if "from" in data else ""
            yield "no-such-move", f"{event.trigger}{way}"
            return
        allowed = [one for one in rules if _may(one, event)]
        if not allowed:
            yield "role", f"{event.role} may not {event.trigger}"
            return
        codes = [self._objected(one, pilot, after, event) for one in allowed]
        if all(codes):
            yield "guard", ", ".join(codes[0])

    def _objected(self, rule: Rule, pilot: Pilot, after: Pilot, event: Event) -> list[str]:
        """Return the codes of guards that object, both to the pilot as it was and with what the command left behind."""
        data = event.data.get("set", EMPTY)
        bounds = tuple(one for one in rule.require if one.reads <= data.keys())
        left = replace(pilot, kept=after.kept, tracks={**after.tracks, **pilot.tracks}, data=after.data)
        found = []
        for one in (pilot, left):
            actor = Actor(event.actor, roles={event.role})
            command = Command(event.trigger, data, event.track)
            attempt = Attempt(replace(one, hold=RUNNING), command, actor, event.at, settings=self.settings)
            found.append([blocker.code for blocker in objections(self.table, attempt, rule, bounds, event.role)])
        return found[1] if all(found) else []

    def _clock(self, pilot: Pilot, event: Event) -> Iterator[tuple[str, str]]:
        """Tell of what a clock did that it would not have done on that day."""
        key, done = str(event.data["clock"]), event.data["done"]
        days: dict[str, Any] = {
            moment.name: day
            for term in terms(self.table, pilot, self.calendar, on=event.on)
            if term.key == key
            for moment, day in zip(term.wheel.moments, term.days.moments, strict=True)
        }
        for name in done:
            if days.get(name) is None or days[name] > event.on:
                yield "clock", f"{key} would not have come to {name} on {event.on}"


def _started(table: Table, event: Event) -> Iterator[Told]:
    start, data = table.workflow.start, event.data
    if data["state"] != start.to:
        yield "start", f"it would begin as {start.to}", event
    if event.role not in table.start.allowed:
        yield "role", f"{event.role} may not begin it", event
    fields = {name: value for name, value in data["set"].items() if name in start.data}
    for text in _misfits(table, start.data, FrozenDict(fields), evolve(None, event), event):
        yield "field", text, event


def _may(rule: Rule, event: Event) -> bool:
    return event.role in rule.allowed or event.role in RELATIONS or event.role == SYSTEM


def _leads(table: Table, rule: Rule, pilot: Pilot, event: Event) -> bool:
    """Whether an edge makes the move that an event tells of."""
    edge, data = rule.edge, event.data
    if pilot.state not in rule.during:
        return False
    if event.type == "track.opened":
        opened, to = (edge.beside.track, edge.beside.to) if edge.beside is not None else (rule.opener, edge.to)
        return (opened, to) == (data["kind"], data["to"])
    if event.type == "track.moved":
        kind = pilot.tracks[str(event.track)].kind
        return rule.kind == kind and kind in table.workflow.tracks and _goes(table, rule, data)
    if event.type == "pilot.changed":
        return rule.kind is not None or pilot.state in rule.sources
    if event.type == "pilot.moved":
        return rule.kind is None and _goes(table, rule, data)
    return edge.hold is not None and pilot.state in rule.sources


def _goes(table: Table, rule: Rule, data: FrozenDict) -> bool:
    states, edges = lifecycle(table.workflow, rule.kind)
    stays = data["from"] == data["to"] and rule.edge.to in {None, SAME}
    there = stays or data["to"] in targets(rule.edge, data["from"], states, edges)
    return there and data["from"] in rule.sources


def _signed(table: Table, pilot: Pilot, event: Event) -> Iterator[tuple[str, str]]:
    """Tell of a signature that nobody would have asked for, or of one that would not have been the last."""
    role, trigger = event.data["role"], event.trigger
    rules = [one for one in table.every if one.edge.trigger == trigger and role in one.edge.sign]
    if not rules:
        yield "role", f"{role} does not sign {trigger}"
    elif event.data.get("complete"):
        votes = {one.role for one in pilot.signatures if (one.trigger, one.track) == (trigger, event.track)} | {role}
        if not any(votes >= set(one.edge.sign) for one in rules):
            yield "role", f"{trigger} takes the signatures of {', '.join(rules[0].edge.sign)}"


def _recorded(table: Table, pilot: Pilot, event: Event) -> Iterator[tuple[str, str]]:
    kind = event.data["record"]
    record = table.workflow.records.get(kind)
    if record is None:
        yield "record", f"no {kind} is kept"
    elif event.trigger not in table.triggers:
        yield "no-such-move", event.trigger
    elif event.type == "record.added":
        for text in _misfits(table, record.fields, event.data["fields"], pilot, event):
            yield "field", f"{kind}.{text}"


def _misfits(table: Table, fields: Mapping[str, Field], data: FrozenDict, pilot: Pilot, event: Event) -> Iterator[str]:
    """Give what is wrong with data; what it refers to may have gone with the same command."""
    ground = Ground(pilot, None, event.at.astimezone(table.zone).date(), EMPTY)
    for code, name, _ in faults(fields, data, ground):
        if code != "bad-reference":
            yield f"{name}: {code}"
