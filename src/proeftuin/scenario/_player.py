"""Plays scenarios step by step, up to the first step that comes out differently from what the file expects."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

from attrs import evolve, frozen

from proeftuin.core.commands import Actor, Command
from proeftuin.core.events import Event
from proeftuin.core.faults import did_you_mean
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.pilot import Pilot
from proeftuin.core.settings import Settings
from proeftuin.core.table import SYSTEM
from proeftuin.core.workflow import Workflow
from proeftuin.definitions import Catalogue, load_value_table, sample_tables
from proeftuin.engine import Engine, Result
from proeftuin.errors import BadArgument, ProeftuinError, Refused, ScenarioError, StoreError
from proeftuin.scenario._judge import Came, Mismatch, judge, shown
from proeftuin.scenario._time import ScenarioIds, ScenarioTime, mornings
from proeftuin.scenario._values import Scenario, Step
from proeftuin.spi import Ids

# Makes the engine to play on, when called with `time`, `ids` and `workflows`, and with `settings` where the scenario
# names value tables: `functools.partial(Engine.open, url)`.
OpenEngine = Callable[..., Engine]


@frozen
class Outcome:
    """What came of one step.

    Attributes:
        came: what the engine answered; its `blockers` and `warnings` have texts for people.
        pilot: the pilot that the step is about, as it is afterwards.
        mismatches: what came out differently; empty where all is as expected.
        due: what the clocks of that pilot did since the step before.
    """

    step: Step
    came: Came
    pilot: Pilot | None
    mismatches: tuple[Mismatch, ...] = ()
    due: tuple[Event, ...] = ()

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
        ScenarioError: a step names a clock that no known workflow has.
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
        catalogue = Catalogue(known)
        self._zone = ZoneInfo(catalogue.get(scenario.workflow).timezone)
        _check_clocks(scenario, catalogue)
        self._time = ScenarioTime(self._moment(scenario.steps[0]))
        self._kept: dict[str, str] = {}
        self._named: dict[str, str] = {}
        self._pilots: list[str] = []
        self._seen: dict[str, int] = {}  # the version of each pilot after the step before
        self.scenario = scenario
        more = {"settings": _settings(scenario)} if scenario.tables else {}
        self.engine = open_engine(time=self._time, ids=ids or ScenarioIds(scenario.name), workflows=known, **more)

    @property
    def pilots(self) -> tuple[str, ...]:
        """The ids of the pilots begun so far, in order."""
        return tuple(self._pilots)

    def run(self) -> Iterator[Outcome]:
        """Play step by step, up to the first that comes out differently.

        Raises:
            ScenarioError: a step is about a pilot, track, type of record or metric that there is not.
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
        self._live(self._moment(step))
        came = self._carried_out(step)
        if came.result is not None:
            self._remember(step, came.result)
        pilot = self.engine.get(self._pilot(step)) if step.then or step.told or self._pilots else None
        due = self._due(pilot) if pilot is not None else ()
        return Outcome(step, came, pilot, self._judged(step, came, pilot, due), due)

    def _judged(self, step: Step, came: Came, pilot: Pilot | None, due: tuple[Event, ...]) -> tuple[Mismatch, ...]:
        if step.told and pilot is not None:
            step = evolve(step, told={self._term(step, name, pilot): people for name, people in step.told.items()})
        try:
            return tuple(judge(step, came, pilot, self.engine, due))
        except BadArgument as error:  # `then` names a metric or a type of record that there is not
            self._refuse(step, str(error))

    def _live(self, until: datetime) -> None:
        """Let time pass: every morning, and once more at the end, what is due is done, on the pilots of this story."""
        for moment in mornings(self._time.moment, until, self._zone):
            self._tick(moment)

    def _tick(self, moment: datetime) -> None:
        self._time.moment = moment
        if self._pilots:
            self.engine.tick(pilots=self._pilots)

    def _due(self, pilot: Pilot) -> tuple[Event, ...]:
        """Return what the system did to a pilot since the step before, and note how far each pilot has come."""
        seen = self._seen.get(pilot.id, 0)
        since = self.engine.history(pilot.id, after=seen) if pilot.version > seen else ()
        found = tuple(event for event in since if event.actor == SYSTEM)
        others = (one for one in self._pilots if one != pilot.id)
        self._seen = {pilot.id: pilot.version, **{one: self.engine.get(one).version for one in others}}
        return found

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

    def _term(self, step: Step, name: str, pilot: Pilot) -> str:
        """Return a term with the id of the record that was kept under a name, as in `retention:$anna`.

        Raises:
            ScenarioError: it is about a track or record that there is not; nobody is ever told of that.
        """
        clock, colon, place = name.partition(":")
        about = str(self._filled(place))
        records = (record.id for each in pilot.kept.values() for record in each)
        if colon and about.partition(":")[0] not in {*pilot.tracks, *self._kept.values(), *records}:
            self._refuse(step, f"the pilot has no track `{about}`{did_you_mean(about, pilot.tracks)}")
        return f"{clock}{colon}{about}"

    def _filled(self, value: Any) -> Any:  # noqa: ANN401  # data is of any shape
        """Return data with the ids of the records that were kept under a name."""
        if isinstance(value, str) and value.startswith("$"):
            return self._kept.get(value[1:], value)
        if isinstance(value, Mapping):
            return FrozenDict({name: self._filled(one) for name, one in value.items()})
        return tuple(self._filled(one) for one in value) if isinstance(value, tuple) else value

    def _pilot(self, step: Step) -> str:
        """Return the id of the pilot that a step is about: the one it names, the one it began, or the first."""
        if step.pilot is not None:
            if step.pilot not in self._named:
                self._refuse(step, f"no pilot was begun as `{step.pilot}` before this step")
            return self._named[step.pilot]
        if not self._pilots:
            self._refuse(step, "no pilot was begun before this step; `start` one first")
        return self._pilots[-1] if step.kind == "start" else self._pilots[0]

    def _refuse(self, step: Step, text: str) -> NoReturn:
        raise ScenarioError(self.scenario.file, step.line, text)

    def _remember(self, step: Step, result: Result) -> None:
        begun = result.pilot.id if step.kind == "start" else result.started
        if begun is not None and begun not in self._pilots:
            self._pilots.append(begun)
        if step.names is not None and begun is not None:
            self._named[step.names] = begun
        added = [event.data["id"] for event in result.events if event.type == "record.added"]
        if step.keep is not None and added:
            self._kept[step.keep] = added[0]


def _settings(scenario: Scenario) -> Settings:
    """Return the default numbers, with the tables that a scenario names."""
    files = sample_tables()
    return Settings(tables=[load_value_table(files[name]) for name in scenario.tables])


def _check_clocks(scenario: Scenario, catalogue: Catalogue) -> None:
    """Refuse what a step says of a clock that no workflow has: nothing is ever told by that."""
    known: set[str] = set()
    for step in scenario.steps:
        for name in (told.partition(":")[0] for told in step.told):
            known = known or {clock for each in catalogue.ids() for clock in catalogue.get(each).clocks}
            if name not in known:
                text = f"there is no clock `{name}`{did_you_mean(name, known)}"
                raise ScenarioError(scenario.file, step.line, text)


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
