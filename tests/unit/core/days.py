"""Clocks made by hand, and pilots on which days go by. Days are told as numbers: 0 is the Monday of `TODAY`."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, cast

from proeftuin.core.calendar import Calendar, Weekdays
from proeftuin.core.catch_up import CatchUp
from proeftuin.core.clocks import terms
from proeftuin.core.events import Event
from proeftuin.core.frozen import EMPTY, FrozenDict, freeze
from proeftuin.core.pilot import Pause, Pilot, Track, Visit
from proeftuin.core.table import compile_workflow
from proeftuin.core.workflow import Clock, Edge, FieldRef, Offset, Signal, Unit, Workflow
from tests.unit.core.small import NOW, TODAY, Play, kind, small, supplier

WEEKDAYS = Weekdays()


class Closed:
    """A calendar on which some days that are worked on otherwise are closed."""

    def __init__(self, *numbers: int) -> None:
        self.days = frozenset(map(day, numbers))
        self.fingerprint = f"closed {sorted(self.days)}"

    def works(self, day: date) -> bool:
        return WEEKDAYS.works(day) and day not in self.days


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


def iso(number: int) -> str:
    return day(number).isoformat()


def offset(text: str) -> Offset:
    """An offset as a file says it: `3 working days before due`."""
    amount, _, rest = text.partition(" ")
    for relative in ("before due", "after due"):
        if rest.endswith(relative):
            return Offset(int(amount), _unit(rest.removesuffix(relative)), cast("Any", relative))
    return Offset(int(amount), _unit(rest))


def _unit(text: str) -> Unit:
    return cast("Unit", text.strip().replace(" ", "_"))


def _told(given: Mapping[str, str]) -> FrozenDict:
    return FrozenDict({role: tuple(map(offset, offsets.split(", "))) for role, offsets in given.items()})


def clock(
    due: str | FieldRef = "28 days",
    *,
    remind: Mapping[str, str] = EMPTY,
    escalate: Mapping[str, str] = EMPTY,
    signal: tuple[str, str] | None = None,
    **parts: Any,
) -> Clock:
    """A clock; offsets are text, several with commas in between; a signal is its name and offset, told to the board."""
    return Clock(
        due if isinstance(due, FieldRef) else tuple(map(offset, due.split(", "))),
        remind=_told(remind),
        escalate=_told(escalate),
        signal=None if signal is None else Signal(signal[0], offset(signal[1]), ("board",)),
        **parts,
    )


def timed(*edges: Edge, tracks: Iterable[Edge] = (), records: Mapping[str, Any] = EMPTY, **clocks: Clock) -> Workflow:
    """The small workflow with these clocks, with notes and jobs to be kept, and a kind of track."""
    kept = {"note": kind("Note"), "job": kind("Job", interval=("start", "end")), **records}
    return small(*edges, clocks=clocks, records=kept, tracks={"supplier": supplier(*tracks)})


def track(*visits: tuple[str, int], key: str = "acme", progress: int | None = None, **data: Any) -> Track:
    """A track that came into these states on these days; the last move set the data."""
    trail = tuple(Visit(state, day(number)) for state, number in visits[:-1])
    state, since = visits[-1]
    last = Visit(state, day(since), freeze(data))
    return Track(key, "supplier", key, state, day(since), day(since if progress is None else progress), (*trail, last))


def holds(*pairs: tuple[int, int | None]) -> tuple[Pause, ...]:
    """Holds, from the first day of each pair up to the second."""
    return tuple(Pause(day(one), None if other is None else day(other)) for one, other in pairs)


def number(found: date | None) -> int | None:
    return None if found is None else (found - TODAY).days


def plan(workflow: Workflow, pilot: Pilot, calendar: Calendar = WEEKDAYS) -> dict[str, int | None]:
    """The due day of every term that runs, by its key."""
    return {one.key: number(one.due()) for one in terms(compile_workflow(workflow), pilot, calendar)}


def moments(workflow: Workflow, pilot: Pilot, calendar: Calendar = WEEKDAYS) -> dict[str, int | None]:
    """The day of everything that is still to be done, by its name."""
    found = terms(compile_workflow(workflow), pilot, calendar)
    return {moment.name: number(at) for one in found for at, moment in one.todo()}


class Days(Play):
    """A play in which days go by."""

    calendar: Calendar = WEEKDAYS

    def at(self, number: int, hour: int = 9) -> "Days":
        """Go to a day."""
        self.now = NOW.replace(hour=hour) + timedelta(days=number)
        return self

    def catch_up(self) -> CatchUp:
        return CatchUp(self.table, self.pilot, self.calendar, self.now, self.settings)

    def tick(self, number: int, hour: int = 9) -> list[str]:
        """Do what is due, and tell it in words."""
        events = self.at(number, hour).catch_up().moves().reminders().events
        self.events += events
        return told(events)

    def daily(self, first: int, last: int) -> list[str]:
        """Do what is due on each of these days."""
        return [line for number in range(first, last + 1) for line in self.tick(number)]

    def do(self, number: int, trigger: str, data: Mapping[str, object] | None = None, **more: Any) -> list[str]:
        """Fire, with what is due before and after it, and tell what that is."""
        before = self.at(number).catch_up().moves().events
        self.events += before
        self.accept(trigger, data, **more)
        after = self.catch_up()
        after.clear(self.events[-1].on)
        self.events += after.reminders().events
        return told([*before, *after.events])


def told(events: Iterable[Event]) -> list[str]:
    """What clocks did, each with the day on which it fell due."""
    return [line for event in events if (line := _line(event))]


def _line(event: Event) -> str:
    data, on = event.data, number(event.on)
    match event.type:
        case "clock.reminded" | "clock.escalated":
            to = " ".join((*data.get("roles", ()), *data.get("persons", ())))
            return f"{on} {event.type.removeprefix('clock.')} {data['clock']} {to}"
        case "clock.fired":
            return f"{on} fired {data['clock']} {data['trigger']}"
        case "signal.raised" | "signal.cleared":
            return f"{on} {event.type.removeprefix('signal.')} {data['clock']} {data['signal']}"
        case "pilot.moved" | "track.moved":
            return f"{on} moved {event.track or event.pilot_id} to {data['to']}"
        case _:
            return ""
