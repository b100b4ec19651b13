"""What is seen of a simulation while it runs: a hook on the engine, as any host may have one.

It keeps per pilot the few facts that the figures are made of, and tells the simulation of what sets people going: a
move, a new record, a reminder, a signal.
"""

from collections.abc import Callable
from datetime import date

from attrs import Factory, define

from proeftuin.core.events import Event
from proeftuin.core.pilot import Pilot
from proeftuin.spi import Committed

TOLD = {"clock.reminded": "reminder", "clock.escalated": "escalation", "signal.raised": "signal"}
MOVES = {"pilot.moved", "track.moved"}
STALL = "stalled"


@define
class Seen:
    """What is kept of one pilot.

    Attributes:
        number: from 1, in order of beginning; 0 for one that another pilot began.
        began: the day.
        state, phase, outcome: as it is now.
        moves: the days on which it entered each state, in order.
        tracks: the state of each track.
        progress: the day of the last thing that a person did.
        quiet: the days on which it fell still and moved again, in pairs; None for one that is still.
        reminders, escalations, calls: how many there were.
    """

    number: int
    began: date
    state: str
    phase: str
    progress: date
    outcome: str | None = None
    moves: list[tuple[str, str, date]] = Factory(list)
    tracks: dict[str, str] = Factory(dict)
    quiet: list[tuple[date, date | None]] = Factory(list)
    reminders: int = 0
    escalations: int = 0
    calls: int = 0


Heard = Callable[[Pilot, Event], object]


class Watch:
    """The hook: what it sees of each commit.

    Attributes:
        seen: what is kept, by the ids of the pilots.
        heard: called with each event that may set somebody going.
        problem: what went wrong in it first: a hook's own failure is only logged, and what went on would be wrong.
    """

    def __init__(self) -> None:
        self.seen: dict[str, Seen] = {}
        self.commits = 0
        self.heard: Heard | None = None
        self.problem: Exception | None = None

    def committed(self, moment: Committed) -> None:
        """Take note of a commit."""
        self.commits += 1
        try:
            self._note(moment.pilot, moment.events)
        except Exception as problem:
            self.problem = self.problem or problem
            raise

    def _note(self, pilot: Pilot, events: tuple[Event, ...]) -> None:
        one = self.seen.get(pilot.id)
        if one is None:
            one = self.seen[pilot.id] = Seen(0, events[0].on, pilot.state, pilot.phase, pilot.progress)
            one.moves.append((pilot.state, pilot.phase, events[0].on))
        for event in events:
            if event.type == "pilot.moved" and event.data["from"] != event.data["to"]:
                one.moves.append((event.data["to"], event.data["phase"], event.on))
            self._count(one, event)
        one.state, one.phase, one.outcome, one.progress = pilot.state, pilot.phase, pilot.outcome, pilot.progress
        one.tracks = {key: track.state for key, track in pilot.tracks.items()}
        if self.heard is None:
            return
        for event in events:
            if event.type in MOVES or event.type in TOLD or event.type in {"record.added", "track.opened"}:
                self.heard(pilot, event)

    def _count(self, one: Seen, event: Event) -> None:
        one.reminders += event.type == "clock.reminded"
        one.escalations += event.type == "clock.escalated"
        if event.type == "signal.raised" and event.data["signal"] == STALL:
            one.quiet.append((event.on, None))
        elif event.type == "signal.cleared" and event.data["signal"] == STALL and one.quiet:
            since, until = one.quiet[-1]
            one.quiet[-1] = since, until or event.on
