"""Walking a path on an engine: each edge is fired by somebody who may, with data that its guards accept.

1. The engine itself says what is missing. Each blocker's remedies are commands; they are carried out, by a role that
   they name, until nothing is in the way. Where a remedy is refused, what that refusal says is done first.
2. A remedy moves nothing that the path is about: the path alone does.
3. What only a clock fires is waited for, day by day. What cannot be done before a day is done on it.
4. Where nothing helps, the walk is `Stuck`, and says what was in the way and what was done.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import count
from typing import Any

from attrs import evolve, frozen

from proeftuin.core import ways
from proeftuin.core.commands import Actor, Attempt, Blocker, Command, Need, Remedy
from proeftuin.core.frozen import EMPTY, FrozenDict
from proeftuin.core.pilot import PAUSED, Pilot
from proeftuin.core.table import RELATIONS, Rule
from proeftuin.engine import Engine, Result
from proeftuin.scenario import ScenarioTime
from proeftuin.testing.lifecycles.filling import Filler, asked, candidates
from proeftuin.testing.lifecycles.hops import Hop, by_system
from proeftuin.testing.lifecycles.pairs import Pair
from proeftuin.testing.lifecycles.paths import Path
from proeftuin.testing.lifecycles.stage import Stage
from proeftuin.testing.lifecycles.story import Call, Story
from proeftuin.testing.lifecycles.supplying import Supplier

DEEP = 12
TRIES = 60
PATIENCE = 1200
"""How many days a clock may take."""


class Stuck(AssertionError):
    """A path cannot be walked on.

    Attributes:
        story: what was done until then; as text it is a scenario file.
    """

    def __init__(self, what: str, story: Story) -> None:
        self.story = story
        super().__init__(f"{what}\n\nWhat was done until then:\n\n{story}")


@frozen
class Walked:
    """Where a walk came to.

    Attributes:
        pilot: as it is afterwards.
        track: the key of the track that was walked, None for a pilot's path.
        story: all that was said; as text it is a scenario file.
    """

    pilot: Pilot
    track: str | None
    story: Story


@frozen
class _Order:
    """A command that somebody wants to have accepted."""

    rule: Rule
    actor: Actor
    data: Mapping[str, Any]
    track: str | None

    def __str__(self) -> str:
        return str(Call(self.rule.edge.trigger, self.actor, self.data, self.track))


def walk(engine: Engine, path: Path, *, time: ScenarioTime, supply: Mapping[str, Supplier] = EMPTY) -> Walked:
    """Walk a path with a pilot of its own.

    Args:
        engine: where; it knows the path's workflow.
        path: as `all_paths` gives it.
        time: the engine's own time, which is moved where something must be waited for.
        supply: for guards of a host, by name: gives the data that such a guard asks.

    Raises:
        Stuck: where nothing that the engine says would help does.
    """
    return Walker(Stage(engine, time, path.workflow), supply).walk(path)


class Walker:
    """Somebody who walks paths on a stage, one pilot at a time.

    Args:
        stage: where.
        supply: for guards of a host, by name: gives the data that such a guard asks.
    """

    def __init__(self, stage: Stage, supply: Mapping[str, Supplier] = EMPTY) -> None:
        self.stage = stage
        self.table = stage.table
        self.filler = Filler(stage.table, stage.people, supply=supply, optional=0)
        self.pilot_id = ""
        self.tracks: dict[str | None, str] = {}
        """The key of the track that is walked, per kind."""
        self._new = count(1)
        self._walked: set[str | None] = set()

    @property
    def pilot(self) -> Pilot:
        """The pilot as it is."""
        return self.stage.get(self.pilot_id)

    def walk(self, path: Path) -> Walked:
        """Begin a pilot, and walk a path with it; see `walk`."""
        self.begin()
        for hop in path.hops:
            self.go(hop)
        return Walked(self.pilot, self.tracks.get(path.kind), self.stage.story)

    def try_pair(self, pair: Pair) -> tuple[str, ...]:
        """Begin a pilot, bring it and its track to a pair, and try the edge there.

        Returns:
            The codes of the refusal, empty where it was accepted. A pair that fits is refused by nothing that cannot be
            lifted; otherwise it is fired as it is.

        Raises:
            Stuck: where the pair cannot be come to, or fits and is refused all the same.
        """
        self.walk(pair.path)
        if pair.fits:
            self.go(pair.hop)
            return ()
        rule = self.table.every[pair.hop.place]
        key = self._fresh() if pair.hop.source is None else self.tracks.get(pair.hop.kind, self._fresh())
        data = self.filler.data(rule, self.pilot, key, self.stage.today)
        able = self.stage.people.able(rule, self.pilot, key, data) or self.stage.people.everybody(self.pilot)
        came = self.stage.say(Call(rule.edge.trigger, able[0], data or None, key, self.pilot_id))
        return () if isinstance(came, Result) else self.stage.story.lines[-1].codes

    def begin(self) -> Pilot:
        """Begin a pilot."""
        rule, people = self.table.start, self.stage.people
        data = self.filler.data(rule, None, None, self.stage.today)
        came = self.stage.start(people.able(rule)[0], data)
        if not isinstance(came, Result):
            raise Stuck(f"no pilot can be begun: {came}", self.stage.story)
        self.pilot_id, self.tracks, self._walked = came.pilot.id, {}, set()
        return came.pilot

    # -- hops ------------------------------------------------------------------------------------------------------

    def go(self, hop: Hop) -> None:
        """Go over one edge.

        Raises:
            Stuck: where it cannot be done.
        """
        rule = self.table.every[hop.place]
        self._walked.add(hop.kind)
        if by_system(rule):
            self._await(hop)
        else:
            key = self.track_of(hop)
            self._carry_out(self._order(rule, self._filled(rule, key, EMPTY, 0), key), 0)
        came = self.pilot
        state = came.state if hop.kind is None else came.tracks[self.tracks[hop.kind]].state
        ends = {hop.to, rule.edge.falls.to if rule.edge.falls is not None else None}
        if state not in ends:
            raise Stuck(f"{hop.trigger} led to `{state}`, not to `{hop.to}`", self.stage.story)

    def track_of(self, hop: Hop) -> str | None:
        """Return the key of the track that a hop is on: a new one where it opens it."""
        if hop.kind is None:
            return None
        if hop.source is None:
            self.tracks[hop.kind] = self._fresh()
        return self.tracks[hop.kind]

    def _fresh(self) -> str:
        taken = self.pilot.tracks
        return next(key for number in self._new if (key := f"track-{number}") not in taken)

    def _state(self, hop: Hop) -> str:
        pilot = self.pilot
        return pilot.state if hop.kind is None else pilot.tracks[self.tracks[hop.kind]].state

    def _await(self, hop: Hop) -> None:
        """Wait until a clock fires an edge."""
        if self.pilot.hold == PAUSED:
            self._resume()
        for _ in range(PATIENCE):
            if self._state(hop) != hop.source:
                break
            self._pass_a_day()
        self.stage.look(self.pilot_id)
        if self._state(hop) == hop.source and hop.moves:
            raise Stuck(f"no clock fires {hop.trigger} within {PATIENCE} days", self.stage.story)

    def _pass_a_day(self) -> None:
        self.stage.wait(1)
        self.stage.tick([self.pilot_id])

    def _resume(self) -> None:
        for rule in self.table.every:
            if rule.edge.hold == "resume" and self.pilot.state in rule.sources:
                data = self.filler.data(rule, self.pilot, None, self.stage.today)
                self._carry_out(self._order(rule, data, None), 0)
                return

    # -- commands --------------------------------------------------------------------------------------------------

    def _order(self, rule: Rule, data: Mapping[str, Any], key: str | None, role: str | None = None) -> _Order:
        """Return a command by somebody who may give it, in a role where one is named."""
        able = self.stage.people.able(rule, self.pilot, key, data)
        fit = [one for one in able if role is None or role in RELATIONS or role in one.roles]
        if not fit and "reminded" in rule.allowed:
            return self._reminded(rule, data, key)
        if not fit:
            raise Stuck(f"nobody may fire {rule.edge.trigger} in the role {role or rule.allowed}", self.stage.story)
        return _Order(rule, fit[0], data, key)

    def _reminded(self, rule: Rule, data: Mapping[str, Any], key: str | None) -> _Order:
        """Wait until a clock tells somebody."""
        for _ in range(PATIENCE):
            self._pass_a_day()
            if self.pilot.told:
                given = {name: value for name, value in data.items() if name not in {"clock", "until"}}
                filled = self.filler.data(rule, self.pilot, key, self.stage.today, given)
                able = self.stage.people.able(rule, self.pilot, key, filled)
                if able:
                    return _Order(rule, able[0], filled, key)
        raise Stuck(f"no clock tells anybody who could {rule.edge.trigger}", self.stage.story)

    def _carry_out(self, order: _Order, depth: int) -> None:
        """Have a command accepted, whatever has to be done first; `Stuck` where that does not help."""
        engine = self.stage.engine
        for _ in range(TRIES):
            told = engine.explain(
                self.pilot_id, order.rule.edge.trigger, actor=order.actor, data=order.data or None, track=order.track
            )
            if told.allowed:
                self._fire(order)
                return
            order = self._lifted(order, told.blockers, depth)
        raise Stuck(f"{order} takes too long", self.stage.story)

    def _fire(self, order: _Order) -> None:
        call = Call(order.rule.edge.trigger, order.actor, order.data or None, order.track, self.pilot_id)
        came = self.stage.say(call)
        while isinstance(came, Result) and came.pending:
            role = came.pending[0]
            fit = [one for one in self.stage.people.able(order.rule, self.pilot, order.track) if role in one.roles]
            if not fit:
                raise Stuck(f"{order} waits for {role}, and nobody can sign as that", self.stage.story)
            came = self.stage.say(evolve(call, actor=fit[0], data=None))
        if not isinstance(came, Result):
            raise Stuck(f"{order} was refused, though nothing was against it: {came}", self.stage.story)

    def _lifted(self, order: _Order, blockers: tuple[Blocker, ...], depth: int) -> _Order:
        """Do something against a blocker, and return the command, its data mended where that is what helps."""
        why: list[str] = []
        for blocker in sorted(blockers, key=lambda one: not one.missing):
            if depth >= DEEP:
                break
            for remedy in blocker.missing:
                try:
                    return self._helped(order, remedy, depth)
                except Stuck as stuck:
                    why.append(str(stuck).split("\n", 1)[0])
        told = ", ".join(f"{one.code} {dict(one.params)}" for one in blockers)
        raise Stuck("; ".join([f"{order} is refused: {told}", *why]), self.stage.story)

    def _helped(self, order: _Order, remedy: Remedy, depth: int) -> _Order:
        today = self.stage.today
        if remedy.not_before is not None and remedy.not_before > today:
            self._wait_for(remedy.not_before)
        same = (remedy.trigger, remedy.track) == (order.rule.edge.trigger, order.track)
        if same and order.rule.opener is None:
            return evolve(order, data={**order.data, **remedy.data})
        why: Stuck | None = None
        for other in self._orders(remedy, depth):
            try:
                self._carry_out(other, depth + 1)
            except Stuck as stuck:
                why = stuck
            else:
                return order
        raise why or Stuck(f"{remedy.trigger} would move what is being walked", self.stage.story)

    def _wait_for(self, day: date) -> None:
        while self.stage.today < day:
            self._pass_a_day()

    def _orders(self, remedy: Remedy, depth: int) -> Iterator[_Order]:
        """Give a remedy as commands, by each role that it names; none that moves what the path is about."""
        pilot = self.pilot
        key = remedy.track
        if key is None and remedy.trigger in self.table.openers:
            key = self._fresh()
        rule = self._rule(remedy, key, pilot)
        if rule is None or (rule.moves and rule.opener is None and self._mine(rule.kind, key)):
            return
        for role in remedy.roles:
            yield self._order(rule, self._filled(rule, key, remedy.data, depth), key, role)

    def _mine(self, kind: str | None, key: str | None) -> bool:
        """Whether the path itself moves this: the pilot, once its own edges are walked, or the track."""
        return kind in self._walked and (kind is None or self.tracks.get(kind) == key)

    def _rule(self, remedy: Remedy, key: str | None, pilot: Pilot) -> Rule | None:
        """Return the edge that a remedy is about: one that can be fired here, if there is one."""
        here = pilot.tracks.get(str(key)) if key is not None else None
        found = [one for one in self.table.every if one.edge.trigger == remedy.trigger]
        found = [one for one in found if one.opener or one.kind == (here.kind if here is not None else None)]
        fits = [
            one for one in found if all(remedy.data.get(name, held[0]) in held for name, held in one.edge.when.items())
        ]
        state = pilot.state if here is None else here.state
        return min(
            fits,
            key=lambda one: not (one.opener or (state in one.sources and pilot.state in one.during)),
            default=None,
        )

    # -- data ------------------------------------------------------------------------------------------------------

    def _filled(self, rule: Rule, key: str | None, given: Mapping[str, Any], depth: int) -> dict[str, Any]:
        """Return the data of a command; what a required field must point at is added first, where there is none."""
        for name, field in rule.fields.items():
            if field.type == "record" and name not in given and depth < DEEP and asked(rule, name, given):
                kinds = (field.record,) if field.record else rule.edge.corrects
                for kind in kinds:
                    if not candidates(rule, name, field, self.pilot, key):
                        self._add(rule, kind, key, depth)
        return self.filler.data(rule, self.pilot, key, self.stage.today, given)

    def _add(self, rule: Rule, kind: str, key: str | None, depth: int) -> None:
        """Add a record of a type, or come as far as it goes."""
        for _ in range(DEEP):
            before = self.pilot
            command = Command(rule.edge.trigger, FrozenDict(), key)
            actor = self.stage.people.everybody(before)[0]
            attempt = Attempt(before, command, actor, self.stage.time.now())
            for remedy in ways.find(self.table, attempt, Need("add", record=kind, track=key)):
                try:
                    for order in self._orders(remedy, depth + 1):
                        self._carry_out(order, depth + 1)
                        break
                except Stuck:
                    continue
                if self.pilot.version > before.version:
                    break
            if self.pilot.version == before.version or len(self.pilot.kept.get(kind, ())) > len(
                before.kept.get(kind, ())
            ):
                return
