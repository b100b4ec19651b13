"""One pilot's life: its people, what they are about to do on it and its tracks, and the call that comes every week."""

from random import Random
from typing import TYPE_CHECKING, Any

from proeftuin.core.commands import Actor
from proeftuin.core.pilot import Pilot
from proeftuin.errors import Refused
from proeftuin.simulation import _stands
from proeftuin.simulation._behaviour import PILOT, Act, Opening
from proeftuin.simulation._going import Going
from proeftuin.simulation._sim import DAY, Living

if TYPE_CHECKING:
    from proeftuin.simulation._world import World

SUPPLIER = "supplier"
MISWRITTEN = frozenset({
    "forbidden-role", "unilateral", "unknown-trigger", "unknown-field", "missing-field", "bad-value", "future-dated",
    "privacy-violation",
})  # fmt: skip
"""Refusals of what the behaviour file says: they come again each time, and what it tells of would never happen."""


class Life:
    """A pilot, its people, and what they are about to do.

    Args:
        number: of the pilot; what is drawn for it is drawn under this number.
    """

    def __init__(self, world: "World", number: int, pilot_id: str) -> None:
        self.world, self.number, self.id = world, number, pilot_id
        self.clock, self.behaviour = world.clock, world.behaviour
        self.goings: dict[str | None, Going] = {}
        self._parties: dict[str, str | None] = {}
        self._kinds: dict[str, str] = {}
        self._keys = 0
        self._participants = 0
        self._opened: set[str] = set()
        self.helped: dict[str, int | None] = {}

    def begin(self) -> None:
        """Set the pilot going, and the calls to it."""
        self.goings[None] = Going(self, PILOT, None)
        self._open()
        if self.world.calls:
            self.clock.begin(self._called())

    def chance(self, *name: object) -> float:
        """Return the number from 0 to 1 of a name, in this pilot's life."""
        return self.world.dice.chance(self.number, *name)

    def source(self, *name: object) -> Random:
        """Return the source of a name, in this pilot's life."""
        return self.world.dice.source(self.number, *name)

    def times(self, kind: str, key: str | None) -> float:
        """Return how many times as long everything takes on the pilot or a track."""
        slow = self.behaviour.slow.get(kind)
        return slow.times if slow is not None and self.chance("slow", key) < slow.share else 1

    def closed(self) -> bool:
        """Whether the pilot has come to its end."""
        return self.world.table.workflow.states[self.world.seen(self.id).state].final

    # -- who ---------------------------------------------------------------------------------------------------------

    def actor(self, role: str, track: str | None) -> Actor:
        """Return who acts in a role here: on a supplier's side, for the track's own party."""
        if role == self.behaviour.facilitators.role:
            return Actor(f"{role}-{self.number % self.world.facilitators + 1}", roles={role})
        supplies = self.world.table.workflow.roles[role].side == SUPPLIER
        party = self._parties.get(track or "", track) if supplies else None
        return Actor(f"{role}-{self.number}" + (f"-{party}" if party else ""), roles={role}, party=party)

    def data(  # the places that data may come from
        self, act: Act, name: tuple[object, ...], track: str | None = None, record: str = "", holder: str | None = None
    ) -> dict[str, Any]:
        """Return the data of an act, with the values of the moment."""
        values = _stands.Values(
            today=self.clock.today,
            number=self.number,
            key=track or "",
            record=record,
            holder=self.actor(holder or act.by, track).id,
            person=lambda role: self.actor(role, track).id,
            participant=self._participant,
            draw=lambda which: self.drawn(which, *name),
        )
        filled: dict[str, Any] = _stands.filled(act.data, values)
        return filled

    def drawn(self, which: str, *name: object) -> str | int:
        """Return what `draws` gives under a name."""
        return self.behaviour.draws[which].draw(self.source(*name, "draw", which))

    def _participant(self) -> str:
        self._participants += 1
        return f"participant-{self.number}-{self._participants}"

    def new_key(self, kind: str) -> str:
        """Return the key of a new track."""
        self._keys += 1
        key = f"{kind}-{self._keys}"
        self._parties[key] = key
        return key

    # -- what happens to it ------------------------------------------------------------------------------------------

    def told(self, kind: str, track: str | None) -> None:
        """Tell those whom a clock told something."""
        if (going := self.goings.get(track)) is not None:
            going.nudge(kind)

    def moved(self, pilot: Pilot, key: str | None) -> None:
        """Take note that the pilot or a track moved, or was opened."""
        if key is None:
            self._open()
        else:
            self._parties[key], self._kinds[key] = pilot.tracks[key].party, pilot.tracks[key].kind
            if key not in self.goings:
                self.goings[key] = Going(self, self._kinds[key], key)
                return
        self.goings[key].moved()

    def recorded(self, kind: str, record: str, track: str | None) -> None:
        """Set going what follows on a record."""
        for place, act in enumerate(self.behaviour.records.get(kind, ())):
            if self.chance("record", record, place) < act.likely:
                self.clock.begin(self._following(act, record, track, place))

    def _following(self, act: Act, record: str, track: str | None, place: int) -> Living:
        name = ("record", record, place)
        yield self.clock.until(self.clock.after(act.after, self.source(*name, "after")))
        try:
            self.world.fire(self, act.trigger, self.actor(act.by, track), self.data(act, name, track, record), track)
        except Refused as no:
            _let_pass(no)  # the record was ended, or its pilot closed: there is nothing left to follow

    # -- tracks ------------------------------------------------------------------------------------------------------

    def _open(self) -> None:
        state = self.world.seen(self.id).state
        for kind, opening in self.behaviour.openings.items():
            if state in opening.states and kind not in self._opened:
                self._opened.add(kind)
                self.clock.begin(self._opening(kind, opening))

    def _opening(self, kind: str, opening: Opening) -> Living:
        count = opening.count.draw(self.source("opens", kind))
        for number in range(count):
            name = ("opens", kind, number)
            yield self.clock.until(self.clock.after(opening.act.after, self.source(*name)))
            if not self.closed():
                yield from self._begin(opening.act, name, self.new_key(kind))

    def _begin(self, act: Act, name: tuple[object, ...], key: str) -> Living:
        """Open a track; on hold none is, and whoever comes then waits until the pilot goes on."""
        while not self.closed():
            try:
                self.world.fire(self, act.trigger, self.actor(act.by, key), self.data(act, name, key), key)
            except Refused as no:
                _let_pass(no)
                if "paused" not in no.codes:
                    return
                yield self.clock.until(self.clock.second + DAY)
            else:
                return

    # -- the weekly call ---------------------------------------------------------------------------------------------

    def _called(self) -> Living:
        calls, world = self.behaviour.calls, self.world
        hold = 7 * DAY // self.behaviour.facilitators.calls_a_week
        slot, number = self.clock.second + self.source("calls").randrange(calls.every * DAY), 0
        while True:
            slot, number = max(slot + calls.every * DAY, self.clock.second), number + 1
            yield self.clock.until(slot)
            if self.closed():
                return
            if (self.clock.today - world.seen(self.id).progress).days < calls.silent:
                continue
            with world.desks.request() as turn:
                yield turn
                world.effort.waited.append(self.clock.second - slot)
                yield self.clock.until(self.clock.second + hold)
            yield self.clock.until(self.clock.at_work(self.clock.today, self.source("calls", number)))
            if self.closed():
                return
            self._call(number)

    def _call(self, number: int) -> None:
        calls, role = self.behaviour.calls, self.behaviour.facilitators.role
        act = Act(calls.trigger, role, self.behaviour.start.after, data=calls.data)
        try:
            self.world.fire(self, act.trigger, self.actor(role, None), self.data(act, ("calls", number)), None)
        except Refused as no:
            _let_pass(no)  # on hold: nobody is called
            return
        self.world.effort.calls += 1
        self.world.seen(self.id).calls += 1
        for going in tuple(self.goings.values()):
            going.nudge("call")


def _let_pass(refused: Refused) -> None:
    """Let a refusal be that life brings, and none that the file brings: its figures would look sound, and be wrong.

    Raises:
        Refused: it is one that the file brings.
    """
    if MISWRITTEN.intersection(refused.codes):
        raise refused
