"""Plays scenarios step by step, up to the first step that comes out differently from what the file expects."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from attrs import frozen

from proeftuin.core.commands import Actor, Command
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.pilot import Pilot
from proeftuin.core.workflow import Workflow
from proeftuin.definitions import Catalogue
from proeftuin.engine import Engine, Result
from proeftuin.errors import ProeftuinError, Refused, ScenarioError, StoreError
from proeftuin.scenario._judge import Came, Mismatch, judge, shown
from proeftuin.scenario._values import Scenario, Step
from proeftuin.spi import Ids

# Makes the engine to play on, when called with `time`, `ids` and `workflows`: `functools.partial(Engine.open, url)`.
OpenEngine = Callable[..., Engine]


class ScenarioTime:
    """The time of a scenario: it stands still until the next step."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        """Return the moment of the step that is being played."""
        return self.moment


class ScenarioIds:
    """Ids and salts that follow from a name, so that two runs give the same bytes.

    Note:
        Whoever knows the name can work out the salts, so these are not for the data of real people.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._pilots = 0
        self._salts = 0

    def pilot_id(self) -> str:
        """Return `<name>-1`, `<name>-2`, ..."""
        self._pilots += 1
        return f"{self._name}-{self._pilots}"

    def salt(self) -> bytes:
        """Return 16 bytes that follow from the name."""
        self._salts += 1
        return sha256(f"{self._name} {self._salts}".encode()).digest()[:16]


@frozen
class Outcome:
    """What came of one step.

    Attributes:
        came: what the engine answered; its `blockers` and `warnings` have texts for people.
        pilot: the pilot that the step is about, as it is afterwards.
        mismatches: what came out differently; empty where all is as expected.
    """

    step: Step
    came: Came
    pilot: Pilot | None
    mismatches: tuple[Mismatch, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether all came out as expected."""
        return not self.mismatches

    def explain(self, file: str) -> str:
        """Return what was expected and what came, for people, or nothing where they agree."""
        step = self.step
        if self.ok:
            return ""
        what = " ".join(filter(None, (step.trigger or step.kind, *step.tracks, f"by {step.by}" if step.by else "")))
        lines = [f"{file}:{step.line}: step {step.number} ({step.at:%Y-%m-%d}, {what}) came out differently"]
        lines += [f"  {one.what}: expected {shown(one.expected)}, came {shown(one.came)}" for one in self.mismatches]
        lines += [f"  {blocker.code}: {blocker.text()}" for blocker in self.came.blockers]
        if self.came.error and not self.came.blockers:
            lines.append(f"  {self.came.error}")
        return "\n".join(lines)


@frozen
class Played:
    """A scenario that was played, as far as it came.

    Attributes:
        pilots: the ids of the pilots that it began, in order.
    """

    scenario: Scenario
    outcomes: tuple[Outcome, ...]
    pilots: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether every step came out as expected."""
        return all(one.ok for one in self.outcomes)

    @property
    def explanation(self) -> str:
        """Say what came out differently, or nothing."""
        return "\n".join(filter(None, (one.explain(self.scenario.file) for one in self.outcomes)))


class Player:
    """Plays one scenario, once.

    Args:
        scenario: what to play.
        open_engine: makes the engine, as `functools.partial(Engine.open, url)` does; whoever plays closes it.
        workflows: paths or `Workflow`s; None means the bundled ones.
        ids: makes ids and salts; by default they follow from the scenario's name. Give another where the store is kept.

    Raises:
        UnknownWorkflow: the workflow is not known.
    """

    def __init__(
        self,
        scenario: Scenario,
        open_engine: OpenEngine,
        *,
        workflows: Iterable[Path | str | Workflow] | None = None,
        ids: Ids | None = None,
    ) -> None:
        known = None if workflows is None else tuple(workflows)
        self._zone = ZoneInfo(Catalogue(known).get(scenario.workflow).timezone)
        self._time = ScenarioTime(self._moment(scenario.steps[0]))
        self._kept: dict[str, str] = {}
        self._named: dict[str, str] = {}
        self._pilots: list[str] = []
        self.scenario = scenario
        self.engine = open_engine(time=self._time, ids=ids or ScenarioIds(scenario.name), workflows=known)

    @property
    def pilots(self) -> tuple[str, ...]:
        """The ids of the pilots begun so far, in order."""
        return tuple(self._pilots)

    def run(self) -> Iterator[Outcome]:
        """Play step by step, up to the first that comes out differently.

        Raises:
            ScenarioError: a step is about a pilot, and none was begun.
            StoreError: the store fails.
        """
        for step in self.scenario.steps:
            outcome = self._played(step)
            yield outcome
            if not outcome.ok:
                return

    def _moment(self, step: Step) -> datetime:
        return step.at.replace(tzinfo=self._zone).astimezone(UTC)

    def _played(self, step: Step) -> Outcome:
        self._time.moment = self._moment(step)
        came = self._carried_out(step)
        if came.result is not None:
            self._remember(step, came.result)
        pilot = self.engine.get(self._pilot(step)) if step.then or self._pilots else None
        return Outcome(step, came, pilot, tuple(judge(step, came, pilot, self.engine)))

    def _carried_out(self, step: Step) -> Came:
        actor = step.actor
        if actor is None:
            return Came()
        try:
            if step.ask is not None:
                ask = step.ask
                wanted = [self._pilot(step)] if step.pilot else self._pilots
                view = self.engine.seen_by(actor)
                return Came(answer=view.metrics(ask.metric, pilots=wanted, of=ask.of, by=ask.by)[ask.metric])
            return Came(result=self._done(step, actor))
        except Refused as refused:
            return Came(codes=refused.codes, blockers=refused.blockers, error=str(refused))
        except (ScenarioError, StoreError):  # no answer to the step, but a fault of the file, or of the store
            raise
        except ProeftuinError as error:
            return Came(codes=(error.code,), error=str(error))

    def _done(self, step: Step, actor: Actor) -> Result:
        engine, data = self.engine, self._filled(step.data)
        if step.kind == "start":
            return engine.start(self.scenario.workflow, actor=actor, data=data, key=step.key, on=step.on)
        pilot = self._pilot(step)
        if len(step.tracks) > 1:
            commands = [Command(step.trigger, data, track, step.on) for track in step.tracks]
            return engine.batch(pilot, commands, actor=actor, key=step.key, expect=step.expect)
        track = step.tracks[0] if step.tracks else None
        return engine.fire(
            pilot, step.trigger, actor=actor, data=data, track=track, key=step.key, expect=step.expect, on=step.on
        )

    def _filled(self, value: Any) -> Any:  # noqa: ANN401  # data is of any shape
        """Return data with the ids of the records that were kept under a name."""
        if isinstance(value, str) and value.startswith("$"):
            return self._kept.get(value[1:], value)
        if isinstance(value, Mapping):
            return FrozenDict({name: self._filled(one) for name, one in value.items()})
        return tuple(self._filled(one) for one in value) if isinstance(value, tuple) else value

    def _pilot(self, step: Step) -> str:
        """Return the id of the pilot that a step is about: the one it names, the one it began, or the first."""
        if step.pilot in self._named:
            return self._named[str(step.pilot)]
        if not self._pilots:
            raise ScenarioError(self.scenario.file, step.line, "no pilot was begun before this step; `start` one first")
        return self._pilots[-1] if step.kind == "start" else self._pilots[0]

    def _remember(self, step: Step, result: Result) -> None:
        begun = result.pilot.id if step.kind == "start" else result.started
        if begun is not None and begun not in self._pilots:
            self._pilots.append(begun)
        if step.names is not None and begun is not None:
            self._named[step.names] = begun
        added = [event.data["id"] for event in result.events if event.type == "record.added"]
        if step.keep is not None and added:
            self._kept[step.keep] = added[0]


def play(
    scenario: Scenario,
    open_engine: OpenEngine,
    *,
    workflows: Iterable[Path | str | Workflow] | None = None,
    ids: Ids | None = None,
) -> Played:
    """Play a scenario to its end, or to the first step that comes out differently; arguments as for `Player`.

    Note:
        The engine is closed afterwards; use a `Player` where it is still needed.
    """
    player = Player(scenario, open_engine, workflows=workflows, ids=ids)
    with player.engine:
        outcomes = tuple(player.run())
    return Played(scenario, outcomes, player.pilots)
