"""catch_up: what is due becomes what has happened, on the day on which it fell due.

1. Moves and signals first, day by day in the order in which they fell due, each folded in before the next is looked
   for: what follows from a lapse is counted from the day of the lapse. So a tick that is late, doubled or one of many
   gives the same states, signals, lapses and due days as one every day.
2. A signal is taken away as soon as its clock is anchored anew, or ends; on the day on which its record is over.
3. Reminders and escalations last, of what then still runs: of those that one term missed, everybody gets one alone, on
   the day of the latest.
4. Nothing here is progress. `on` is the day on which it fell due, `at` the moment at which it was noticed.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from attrs import Factory, define, field

from proeftuin.core.calendar import Calendar
from proeftuin.core.clocks import Term, terms
from proeftuin.core.commands import Accepted, Actor, Attempt, Command
from proeftuin.core.decide import decide
from proeftuin.core.events import Event
from proeftuin.core.evolve import evolve
from proeftuin.core.frozen import EMPTY, FrozenDict
from proeftuin.core.going import known
from proeftuin.core.moments import ESCALATE, FIRE, REMIND, SIGNAL, Moment
from proeftuin.core.pilot import Pilot
from proeftuin.core.settings import Settings
from proeftuin.core.table import SYSTEM, Table

TICK = "tick"
ITSELF = Actor(SYSTEM, roles={SYSTEM})
DEFAULT_ROLE = "coordinator"
SENT = {REMIND: "clock.reminded", ESCALATE: "clock.escalated"}


@define(eq=False, repr=False)
class CatchUp:
    """A pilot that is brought up to a moment.

    Attributes:
        pilot: as it is after what was done so far.
        events: what was done so far, in order, not sealed.
        known: the day up to which it was known at first: what was over by then does nothing any more.
    """

    table: Table
    pilot: Pilot
    calendar: Calendar
    now: datetime
    settings: Settings = Factory(Settings)
    events: list[Event] = Factory(list)
    today: date = field(init=False)
    known: date = field(init=False)

    def __attrs_post_init__(self) -> None:
        """Read the days once."""
        self.today = self.now.astimezone(self.table.zone).date()
        self.known = known(self.table, self.pilot)

    def moves(self) -> "CatchUp":
        """Do what is due and changes the pilot: triggers that clocks fire, and signals."""
        self.clear(self.today)
        while due := self._due(FIRE, SIGNAL):
            day, kind, _, term, moment = min(due, key=lambda one: one[:3])
            if kind == SIGNAL:
                self._note("signal.raised", day, term, [moment], signal=moment.word, roles=moment.to)
            else:
                self._note("clock.fired", day, term, [moment], trigger=moment.word)
                self._fire(day, term, moment)
                self.clear(day)
        if self.events:
            self.clear(self.today)
        return self

    def reminders(self) -> "CatchUp":
        """Send what is still to be said of what still runs."""
        self.known = max(self.known, self.today)
        for kind, type_ in SENT.items():
            by_term: dict[str, list[tuple[date, Term, Moment]]] = {}
            for day, _, key, term, moment in self._due(kind):
                by_term.setdefault(key, []).append((day, term, moment))
            for found in by_term.values():
                term, moments = found[0][1], [moment for _, _, moment in found]
                roles, persons = self._told(term, moments)
                self._note(type_, max(day for day, _, _ in found), term, moments, roles=roles, persons=persons)
        return self

    def clear(self, on: date) -> None:
        """Take away the signals whose clock was anchored anew, or has ended."""
        if not self.pilot.signals:
            return
        running = {term.key: term for term in self._terms()}
        for one in self.pilot.signals:
            told, term = self.pilot.told.get(one.clock), running.get(one.clock)
            day = on if told is None or term is None or term.anchor != told.anchor else term.until
            if day is not None and day <= on:
                self._add("signal.cleared", day, {"clock": one.clock, "signal": one.signal}, None)

    def _terms(self) -> Iterator[Term]:
        return terms(self.table, self.pilot, self.calendar, on=self.known)

    def _due(self, *kinds: int) -> list[tuple[date, int, str, Term, Moment]]:
        return [
            (day, moment.kind, term.key, term, moment)
            for term in self._terms()
            for day, moment in term.todo()
            if moment.kind in kinds and day <= self.today
        ]

    def _told(self, term: Term, moments: Iterable[Moment]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the roles and the persons that are told: a name may be that of a field of the record."""
        roles, persons = dict[str, None](), dict[str, None]()
        record = term.record
        fields = EMPTY if record is None else self.table.workflow.records[record.type].fields
        held = EMPTY if record is None else record.data
        for name in (name for moment in moments for name in moment.to):
            if name in self.table.workflow.roles or name not in fields:
                roles[name] = None
            elif person := held.get(name):
                persons[str(person)] = None
            else:
                roles[DEFAULT_ROLE] = None
        return tuple(roles), tuple(persons)

    def _fire(self, day: date, term: Term, moment: Moment) -> None:
        """Fire a trigger, on the day on which it fell due; where nothing can be moved any more, nothing is."""
        pilot = self.pilot
        track = None if term.track is None else term.track.key
        on = max(day, pilot.last_move)
        command = Command(moment.word, None, track, on if on <= self.today else None)  # the clock may have jumped back
        decision = decide(self.table, Attempt(pilot, command, ITSELF, self.now, None, self.settings))
        if isinstance(decision, Accepted):
            for event in decision.events:
                self._fold(event)

    def _note(self, type_: str, day: date, term: Term, moments: Iterable[Moment], **facts: Any) -> None:  # noqa: ANN401  # the data of an event
        done = tuple(dict.fromkeys(moment.name for moment in moments))  # two records that count as one have the same
        data = {"clock": term.key, "anchor": term.anchor.isoformat(), "done": done}
        track = None if term.track is None else term.track.key
        self._add(type_, day, data | {name: value for name, value in facts.items() if value}, track)

    def _add(self, type_: str, on: date, data: dict[str, Any], track: str | None) -> None:
        pilot = self.pilot
        at = max(pilot.updated_at, self.now)
        self._fold(
            Event(pilot.id, pilot.version + 1, type_, at, on, SYSTEM, SYSTEM, TICK, track, FrozenDict(data)),
        )

    def _fold(self, event: Event) -> None:
        self.events.append(event)
        self.pilot = evolve(self.pilot, event)
