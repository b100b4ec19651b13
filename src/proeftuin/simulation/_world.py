"""The world of a simulation: one engine, one clock, the facilitators, and every pilot that lives in it.

1. All that happens goes through the public engine: `start`, `fire`, `tick`. So roles, guards and clocks decide, and the
   history is a real one.
2. A pilot is ticked when its earliest term falls due, as the store knows it, and at no other time.
"""

from collections.abc import Mapping
from typing import Any

from attrs import Factory, define

from proeftuin.core.commands import Actor
from proeftuin.core.events import Event
from proeftuin.core.pilot import Pilot
from proeftuin.core.table import Table
from proeftuin.engine import Engine, Result
from proeftuin.simulation._behaviour import Behaviour
from proeftuin.simulation._draws import Dice
from proeftuin.simulation._life import Life
from proeftuin.simulation._seen import TOLD, Seen, Watch
from proeftuin.simulation._sim import DAY, Clock, Living
from proeftuin.spi import Store

WEEK = 7 * DAY
TENANT = "default"


@define
class Effort:
    """What the facilitators did: how many calls they made, and how long those were waited for, in seconds."""

    calls: int = 0
    waited: list[int] = Factory(list)


class World:
    """Everything that lives.

    Args:
        engine: on a store of its own, with `clock` as its time and `watch` as its hook.
        pilots: how many begin.
        calls: whether the facilitators call.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        store: Store,
        table: Table,
        behaviour: Behaviour,
        clock: Clock,
        watch: Watch,
        dice: Dice,
        pilots: int,
        calls: bool,
    ) -> None:
        self.engine, self.table, self.behaviour, self.clock, self.dice = engine, table, behaviour, clock, dice
        self.watch = watch
        self.calls = calls
        self.effort = Effort()
        self.facilitators = behaviour.facilitators.count(pilots)
        self.desks = clock.desks(self.facilitators)
        self.lives: dict[str, Life] = {}
        self._store = store
        self._pilots = pilots
        self._due: dict[str, int] = {}
        self._rounds: dict[int, list[str]] = {}

    def begin(self) -> None:
        """Set going what begins pilots."""
        day = 0
        for number in range(1, self._pilots + 1):
            source = self.dice.source(number, "arrival")
            if self.behaviour.every is None:
                day = source.randrange(max(1, self.behaviour.over))
            elif number > 1:
                day += self.behaviour.every.draw(source)
            self.clock.begin(self._arrival(number, day * DAY))

    def _arrival(self, number: int, moment: int) -> Living:
        yield self.clock.until(moment)
        yield self.clock.until(self.clock.at_work(self.clock.today, self.dice.source(number, "hour")))
        life = Life(self, number, f"simulation-{self.dice.seed}-{number}")
        act = self.behaviour.start
        actor, data = life.actor(act.by, None), life.data(act, ("start",))
        self.engine.start(self.table.workflow.id, actor=actor, data=data, id=life.id)
        self._born(life)

    def _born(self, life: Life) -> None:
        self.watch.seen[life.id].number = life.number
        self.lives[life.id] = life
        life.begin()
        self._look(life.id)

    def seen(self, pilot_id: str) -> Seen:
        """Return what was seen of a pilot."""
        return self.watch.seen[pilot_id]

    # -- acting ----------------------------------------------------------------------------------------------------

    def fire(self, life: Life, trigger: str, actor: Actor, data: Mapping[str, Any] | None, track: str | None) -> Result:
        """Do something to a pilot, as its people would.

        Raises:
            Refused: with every reason.
        """
        result = self.engine.fire(life.id, trigger, actor=actor, data=data, track=track)
        self._look(life.id)
        if result.started is not None and result.started not in self.lives:
            follow_up = Life(self, self._pilots + len(self.lives) + 1, result.started)
            self._born(follow_up)
            self.watch.seen[result.started].number = 0
        return result

    def heard(self, pilot: Pilot, event: Event) -> None:
        """Set going whom an event concerns."""
        life = self.lives.get(pilot.id)
        if life is None:
            return
        if event.type in TOLD:
            life.told(TOLD[event.type], event.track)
        elif event.type == "record.added":
            life.recorded(str(event.data["record"]), str(event.data["id"]), event.track)
        else:
            life.moved(pilot, event.track)

    # -- clocks ----------------------------------------------------------------------------------------------------

    def _look(self, pilot_id: str) -> None:
        """See to it that a pilot is ticked when its earliest term falls due."""
        loaded = self._store.load(TENANT, pilot_id)
        due = loaded.head.timing.due if loaded is not None and loaded.head is not None else None
        if due is None:
            return
        moment = self.clock.seconds(due)
        if self._due.get(pilot_id, moment + 1) <= moment:
            return
        self._due[pilot_id] = moment
        if moment in self._rounds:
            self._rounds[moment].append(pilot_id)
        else:
            self._rounds[moment] = [pilot_id]
            self.clock.begin(self._round(moment))

    def _round(self, moment: int) -> Living:
        yield self.clock.until(moment)
        found = [one for one in dict.fromkeys(self._rounds.pop(moment)) if self._due.get(one) == moment]
        for pilot_id in found:
            del self._due[pilot_id]
        self.engine.tick(pilots=found)
        for pilot_id in found:
            self._look(pilot_id)
