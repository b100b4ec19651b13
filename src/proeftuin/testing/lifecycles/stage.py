"""Where lifecycles are acted out: an engine, its time in our hands, and the story of all that was said."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from proeftuin.core.commands import Actor
from proeftuin.core.guards import Guard
from proeftuin.core.pilot import Pilot
from proeftuin.core.workflow import Workflow
from proeftuin.engine import Engine, Result
from proeftuin.errors import ProeftuinError, Refused
from proeftuin.scenario import Player, ScenarioIds, ScenarioTime
from proeftuin.testing.lifecycles._tables import known_with, table_of, workflow_of
from proeftuin.testing.lifecycles.house import House
from proeftuin.testing.lifecycles.story import Call, Line, Story
from proeftuin.testing.people import People

FIRST_DAY = date(2026, 1, 5)
MORNING = time(9)
NAME = "lifecycle"
PARTIES = ("alpha",)

Outcome = Result | ProeftuinError


class Stage:
    """An engine that a story is told on.

    Args:
        engine: what to tell it to.
        time: the engine's time; it stands still but for `wait`.
        workflow: the lifecycle that every pilot follows which nothing else begins.
        parties: the suppliers that there are.
        name: of the story.
    """

    def __init__(
        self, engine: Engine, time: ScenarioTime, workflow: Workflow, parties: Iterable[str] = PARTIES, name: str = NAME
    ) -> None:
        self.engine, self.time = engine, time
        self.table = table_of(workflow)
        self.people = People(workflow, parties)
        self.story = Story(workflow, name)
        self._others: dict[str, Stage] = {}

    def under(self, pilot: Pilot | None) -> "Stage":
        """Return this stage for a pilot that an edge began under another workflow: with its table, and its people."""
        name = pilot.workflow if pilot is not None else self.table.workflow.id
        if name == self.table.workflow.id:
            return self
        if name not in self._others:
            workflow = self.engine.workflow(name)
            self._others[name] = Stage(self.engine, self.time, workflow, self.people.parties)
            self._others[name].story = self.story
        return self._others[name]

    @cached_property
    def snoozes(self) -> frozenset[str]:
        """The triggers that only somebody who was told may fire."""
        return frozenset(one.edge.trigger for one in self.table.every if "reminded" in one.allowed)

    @property
    def today(self) -> date:
        """The day in the workflow's zone."""
        return self.time.now().astimezone(self.table.zone).date()

    def start(self, actor: Actor, data: Mapping[str, Any]) -> Outcome:
        """Begin a pilot."""
        return self.say(Call("start", actor, data))

    def say(self, call: Call) -> Outcome:
        """Have somebody say something, and return what came of it, be it a refusal."""
        came = self._said(call)
        at = self.time.now().astimezone(self.table.zone)
        if isinstance(came, Result):
            began = came.pilot.id if call.pilot is None else came.started
            self.story.lines.append(Line(at, call, (), came.pending, came.pilot, began))
        else:
            codes = came.codes if isinstance(came, Refused) else (came.code,)
            self.story.lines.append(Line(at, call, tuple(sorted(set(codes)))))
        return came

    def _said(self, call: Call) -> Outcome:
        try:
            if call.pilot is None:
                return self.engine.start(self.table.workflow.id, actor=call.actor, data=call.data)
            return self.engine.fire(call.pilot, call.trigger, actor=call.actor, data=call.data, track=call.track)
        except ProeftuinError as no:
            return no

    def get(self, pilot_id: str) -> Pilot:
        """Return a pilot as it is."""
        return self.engine.get(pilot_id)

    def wait(self, days: int = 1) -> None:
        """Let days go by; it is nine in the morning again, and nothing that is due is done yet."""
        day = self.today + timedelta(days=days)
        self.time.moment = datetime.combine(day, MORNING, self.table.zone).astimezone(UTC)

    def tick(self, pilots: Iterable[str] | None = None) -> int:
        """Do what is due, and return on how many pilots something was done."""
        return self.engine.tick(pilots=pilots).done

    def look(self, pilot_id: str) -> None:
        """Write down how a pilot stands, so that who replays the story compares it."""
        line = Line(self.time.now().astimezone(self.table.zone), None, pilot=self.get(pilot_id))
        if line not in self.story.lines[-3:]:
            self.story.lines.append(line)


def open_stage(
    workflow: Workflow | Path | str,
    url: str = "memory://",
    *,
    guards: Mapping[str, Any] | Iterable[Guard] = (),
    parties: Iterable[str] = PARTIES,
    name: str = NAME,
    workflows: Iterable[Path | str | Workflow] = (),
) -> Stage:
    """Return a stage with an engine of its own, on which every run is alike.

    Args:
        workflow: the lifecycle that every pilot follows: a bundled name, a file, or a `Workflow`.
        url: the store.
        guards: the host's guards.
        parties: the suppliers that there are.
        name: of the story; ids follow from it.
        workflows: what else the engine must know, for edges that begin pilots of another workflow than a bundled one.
    """
    found = workflow_of(workflow)
    time = _beginning(found)
    known = known_with(found, workflows)
    engine = Engine.open(url, time=time, ids=ScenarioIds(name), workflows=known, guards=guards, hooks=())
    return Stage(engine, time, found, parties, name)


def stage_in(house: House, workflow: Workflow, parties: Iterable[str] = PARTIES, name: str = NAME) -> Stage:
    """Return a stage with an engine of a house."""
    time = _beginning(workflow)
    return Stage(house.open(time=time, ids=ScenarioIds(name)), time, workflow, parties, name)


def _beginning(workflow: Workflow) -> ScenarioTime:
    return ScenarioTime(datetime.combine(FIRST_DAY, MORNING, table_of(workflow).zone).astimezone(UTC))


def replayed(stage: Stage, open_engine: Callable[..., Engine], known: Iterable[Path | str | Workflow]) -> Iterator[str]:
    """Replay the story of a stage as a scenario, with a tick every day, and give what comes out differently.

    Args:
        stage: whose story.
        open_engine: opens the engine to replay it on, as for a scenario's `Player`.
        known: the workflows that it must know.
    """
    if stage.story.lines:
        player = Player(stage.story.scenario(), open_engine, workflows=known)
        with player.engine:
            yield from (one.explain(stage.story.name) for one in player.run() if not one.ok)
