"""A random life under any workflow: commands, time and refusals, with every promise looked at after each step.

1. A story begins at one of the `waypoints`, and goes on as Hypothesis chooses. Zero is the simplest choice everywhere,
   so that what remains of a failure is the shortest story that there is.
2. A failure says which promise is broken, and prints the story as a scenario file; `proeftuin play` replays it.
3. Ticks come late, in most stories: at the end the same story is replayed with one every morning.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property, partial
from pathlib import Path as File
from typing import Any

from attrs import frozen
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from proeftuin.core.events import Event
from proeftuin.core.frozen import EMPTY
from proeftuin.core.guards import Guard
from proeftuin.core.pilot import PAUSED, Pilot
from proeftuin.core.workflow import Workflow
from proeftuin.engine import Result
from proeftuin.errors import ProeftuinError, Refused
from proeftuin.testing.lifecycles._tables import known_with, workflow_of
from proeftuin.testing.lifecycles.acting import Improviser, holding
from proeftuin.testing.lifecycles.filling import Filler
from proeftuin.testing.lifecycles.house import House
from proeftuin.testing.lifecycles.invariants import INVARIANTS
from proeftuin.testing.lifecycles.seen import Invariant, Seen, Violated, judge
from proeftuin.testing.lifecycles.shortening import shortened
from proeftuin.testing.lifecycles.source import Source
from proeftuin.testing.lifecycles.stage import Outcome, Stage, replayed, stage_in
from proeftuin.testing.lifecycles.story import Call, Line
from proeftuin.testing.lifecycles.supplying import Supplier
from proeftuin.testing.lifecycles.waypoints import Waypoint, waypoints

BYTES = 96
MOST_PILOTS = 3
WAITS = (1, 0, 7, 2, 14, 30, 60, 200)
_walked: dict[tuple[str, tuple[str, ...]], tuple[Waypoint, ...]] = {}
ROLE_CODES = ({"forbidden-role"}, {"unilateral"}, {"unknown-track"}, {"unknown-trigger"})


def sources(size: int) -> st.SearchStrategy[Source]:
    """Return the strategy that all choices of a step are read from."""
    return st.binary(min_size=size, max_size=size).map(Source)


@frozen(slots=False)
class Plan:
    """What a machine runs: a workflow, what must hold, and what a host adds."""

    workflow: Workflow
    invariants: tuple[Invariant, ...]
    guards: Mapping[str, Any] | tuple[Guard, ...] = ()
    supply: Mapping[str, Supplier] = EMPTY
    url: str | Callable[[], str] = "memory://"
    parties: tuple[str, ...] = ()
    workflows: tuple[File | str | Workflow, ...] = ()

    @cached_property
    def house(self) -> House:
        """Where stories are told."""
        return House(known_with(self.workflow, self.workflows), self.url, self.guards)

    @cached_property
    def second(self) -> House:
        """Where they are replayed."""
        return House(known_with(self.workflow, self.workflows), guards=self.guards)

    @cached_property
    def beginnings(self) -> tuple[Waypoint, ...]:
        """Where stories begin; walked on first use, and once for all machines that nothing of a host is given to."""
        place = (self.workflow.hash, self.parties)
        if place in _walked and not self.guards and not self.supply:
            return _walked[place]
        found = waypoints(self.workflow, self.second, self.supply, self.parties)
        if self.workflow.hash and not self.guards and not self.supply:
            _walked[place] = found
        return found

    def open(self) -> Stage:
        """Return a stage of its own for one story."""
        return stage_in(self.house, self.workflow, self.parties)

    def replayed(self, stage: Stage) -> Iterator[str]:
        """Give what comes out differently when a story is replayed with a tick every day."""
        return replayed(stage, self.second.open, self.second.workflows)


def lifecycle_machine(
    workflow: Workflow | File | str,
    *,
    invariants: Iterable[Invariant] = INVARIANTS,
    guards: Mapping[str, Any] | Iterable[Guard] = (),
    supply: Mapping[str, Supplier] = EMPTY,
    url: str | Callable[[], str] = "memory://",
    parties: Iterable[str] = ("alpha", "beta"),
    workflows: Iterable[File | str | Workflow] = (),
) -> "type[Lifecycle]":
    """Return a state machine of Hypothesis that lives random lives under a workflow.

    Args:
        workflow: a bundled name, a file, or a `Workflow`.
        invariants: what must hold after every step: functions of `Seen` that give what is wrong.
        guards: the host's guards, as for `Engine`.
        supply: for guards of a host, by name: gives the data that such a guard asks.
        url: the store; or a function that gives the URL of another empty one at each call.
        parties: the suppliers that there are.
        workflows: others that its edges begin pilots of, beside bundled ones.

    Note:
        `lifecycle_machine(...).TestCase` is a test; `run_state_machine_as_test` runs it with settings of your own.
    """
    known = guards if isinstance(guards, Mapping) else tuple(guards)
    by_name = known if isinstance(known, Mapping) else {one.name: one for one in known}
    found = workflow_of(workflow, by_name)
    plan = Plan(found, tuple(invariants), known, supply, url, tuple(parties), tuple(workflows))
    return type(f"LifecycleOf{found.name.title().replace('-', '')}", (Lifecycle,), {"plan": plan})


class Lifecycle(RuleBasedStateMachine):
    """A random life; `lifecycle_machine` makes one for a workflow."""

    plan: Plan

    def __init__(self) -> None:
        super().__init__()
        self.pilots: dict[str, Pilot] = {}
        self.history: dict[str, list[Event]] = {}
        self.broken = False

    @cached_property
    def stage(self) -> Stage:
        """Where this life is lived."""
        return self.plan.open()

    # -- rules -----------------------------------------------------------------------------------------------------

    @initialize(source=sources(4))
    def begin(self, source: Source) -> None:
        """Begin at a waypoint."""
        ways = self.plan.beginnings
        way = ways[(source.below(256) + 256 * source.below(256)) % len(ways)]
        for line in way:
            self._tell(line)

    @precondition(lambda self: self.pilots)
    @rule(source=sources(BYTES))
    def act(self, source: Source) -> None:
        """Somebody says something that fits, most of the time."""
        pilot = self._any(source)
        self._say(self._improvise(source, pilot).act(pilot))

    @precondition(lambda self: self.pilots)
    @rule(source=sources(BYTES))
    def act_again(self, source: Source) -> None:
        """Somebody else does too; so that most steps are commands."""
        pilot = self._any(source)
        self._say(self._improvise(source, pilot).act(pilot))

    @precondition(lambda self: self.pilots)
    @rule(source=sources(BYTES))
    def help(self, source: Source) -> None:
        """Somebody does what would bring a move closer."""
        pilot = self._any(source)
        self._say(self._improvise(source, pilot).help(pilot))

    @precondition(lambda self: any(one.signatures for one in self.pilots.values()))
    @rule(source=sources(8))
    def sign(self, source: Source) -> None:
        """Somebody signs what waits for it."""
        pilot = source.pick([one for one in self.pilots.values() if one.signatures])
        self._say(self._improvise(source, pilot).sign(pilot))

    @rule(source=sources(2))
    def wait(self, source: Source) -> None:
        """Days go by in silence, and nothing is done that falls due."""
        self.stage.wait(source.pick(WAITS))

    @precondition(lambda self: self.pilots)
    @rule()
    def tick(self) -> None:
        """What is due is done, however late."""
        self._tick()
        for name in self.pilots:
            self.stage.look(name)

    @precondition(lambda self: self.pilots)
    @rule(source=sources(BYTES))
    def say_what_is_wrong(self, source: Source) -> None:
        """Somebody says what must be refused: in the wrong role, with data that no edge takes, an unknown word."""
        pilot = self._any(source)
        improvise = self._improvise(source, pilot)
        what = source.pick(("word", "role", "field", "value"))
        if what == "word":
            self._must_refuse(improvise.unheard_of(pilot), {"unknown-trigger"})
        elif what == "role" and (call := improvise.by_a_stranger(pilot)) is not None:
            self._must_refuse(call, *ROLE_CODES)
        elif what == "field":
            self._must_refuse(improvise.spoiled(pilot))
        else:
            self._say(improvise.odd(pilot))

    @precondition(lambda self: any(one.hold != PAUSED for one in self.pilots.values()))
    @rule(source=sources(24))
    def hold(self, source: Source) -> None:
        """A pilot is put on hold, and goes on: on the same day, or on a later one."""
        pilot = self._any(source)
        stage = self.stage.under(pilot)
        for hold in ("pause", "resume"):
            able = list(holding(stage, self.pilots[pilot.id], hold))
            if able:
                edge, actor = source.pick(able)
                filler = Filler(stage.table, stage.people, source, self.plan.supply, optional=0)
                data = filler.data(edge, self.pilots[pilot.id], None, self.stage.today)
                self._say(Call(edge.edge.trigger, actor, data or None, None, pilot.id))
            if hold == "pause" and source.chance(40):
                self.stage.wait(source.pick(WAITS))

    @precondition(lambda self: 0 < len(self.pilots) < MOST_PILOTS)
    @rule(source=sources(BYTES))
    def start(self, source: Source) -> None:
        """Another pilot begins."""
        self._say(self._improvise(source).started())

    # -- what they share -------------------------------------------------------------------------------------------

    def _improvise(self, source: Source, pilot: Pilot | None = None) -> Improviser:
        return Improviser(self.stage.under(pilot), source, self.plan.supply)

    def _any(self, source: Source) -> Pilot:
        return source.pick(list(self.pilots.values()))

    def _say(self, call: Call) -> Outcome:
        """Say something, and look at every promise."""
        before = self.pilots.get(call.pilot or "")
        snoozes = self.stage.under(before).snoozes
        if call.trigger in snoozes:
            lines = self.stage.story.lines
            if lines and lines[-1].at == self.stage.time.now():
                self.stage.wait(1)  # a scenario does what is due where time goes by, and not in between
            self._tick()  # who was told of what depends on the ticks, as it should
            before = self.pilots.get(call.pilot or "")
        came = self.stage.say(call)
        result = came if isinstance(came, Result) else None
        name = call.pilot or (result.pilot.id if result is not None else None)
        pilot = self.stage.get(name) if name is not None else None
        seen = Seen(self.stage.under(pilot), call, came, before, pilot, pilots=self.pilots, history=self.history)
        if name is not None:
            seen.events = self._news(name)
            if result is not None and result.started is not None:
                self._news(result.started)
        self._judge(seen)
        if call.trigger in snoozes and result is None:
            del self.stage.story.lines[-1]  # with a tick every day it might have been told, and so refused otherwise
        return came

    def _news(self, name: str) -> list[Event]:
        """Take over what happened to a pilot."""
        known = self.history.setdefault(name, [])
        news = list(self.stage.engine.history(name, after=len(known)))
        known += news
        if news:
            self.pilots[name] = self.stage.get(name)
        return news

    def _tick(self) -> None:
        self.stage.tick(list(self.pilots))
        for name, before in list(self.pilots.items()):
            news, stage = self._news(name), self.stage.under(before)
            self._judge(Seen(stage, None, None, before, self.pilots[name], news, self.pilots, self.history))

    def _must_refuse(self, call: Call, *codes: set[str]) -> None:
        """Say what must be refused, for one of these sets of codes where there are any."""
        came = self._say(call)
        told = set(came.codes) if isinstance(came, Refused) else set()
        if isinstance(came, Result) or (codes and told not in codes):
            self.broken = True
            problem = f"{call} came to {sorted(told) or 'be accepted'}"
            raise Violated("what_is_wrong_is_refused", (problem,), self.stage.story)

    def _judge(self, seen: Seen) -> None:
        try:
            judge(self.plan.invariants, seen)
        except BaseException as error:
            self.broken = True
            if isinstance(error, Violated):
                error.shorten = partial(shortened, error.told.lines, partial(type(self).told, error.invariant))
            raise

    def teardown(self) -> None:
        """At the end all that is due is done, and every promise is looked at once more."""
        try:
            if self.pilots and not self.broken:
                self.tick()
                replay = partial(self.plan.replayed, self.stage)
                self._judge(Seen(self.stage, pilots=self.pilots, history=self.history, ended=True, replayed=replay))
        finally:
            self.stage.engine.close()

    # -- stories told anew -----------------------------------------------------------------------------------------

    @classmethod
    def told(cls, invariant: str, lines: Iterable[Line]) -> Violated | None:
        """Tell a story anew, and return how it breaks a promise; None where it does not, or cannot be told."""
        life = cls()
        try:
            for line in lines:
                life._tell(line)
            life.teardown()
        except Violated as violated:
            violated.shorten = None
            return violated if violated.invariant == invariant else None
        except ProeftuinError:
            return None  # such as of a pilot whose beginning was left out
        finally:
            life.stage.engine.close()
        return None

    def _tell(self, line: Line) -> None:
        """Let time come to a line, and say it."""
        ahead = (line.at.astimezone(self.stage.table.zone).date() - self.stage.today).days
        if ahead > 0:
            self.stage.wait(ahead)
        if line.call is not None:
            self._say(line.call)
        elif self.pilots:
            self.tick()
