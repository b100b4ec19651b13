"""How a pilot or a track goes from state to state: what its people are about to do, and when.

A state is stayed in until something moves it: the act that was drawn for it, a clock, or somebody else. A refusal is a
to-do list: what would lift it is done by who may do it, each in its own time, and then the act is tried again.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from proeftuin.core.commands import Blocker, Remedy
from proeftuin.core.frozen import EMPTY
from proeftuin.errors import Refused
from proeftuin.simulation._behaviour import Act, Stay
from proeftuin.simulation._sim import Interrupt, Living

if TYPE_CHECKING:
    from proeftuin.simulation._life import Life

MOVED, SOON = "moved", "soon"
TRIES = 4
"""How often an act is tried in a row, each time after what stood in its way was dealt with."""
DEPTH = 2
"""How deep a remedy may need remedies of its own."""

Name = tuple[object, ...]


@frozen
class _Todo:
    """An act that is to be done.

    Attributes:
        moment: when it is done, and its `place` among others of the same moment.
        extra: what a refusal asked for, beside the act's own data.
        holder: the role that the refusal named.
        depth: how many refusals led to it.
    """

    act: Act
    track: str | None
    moment: int = 0
    place: int = 0
    extra: Mapping[str, Any] = EMPTY
    holder: str | None = None
    depth: int = 0


class Going:
    """A pilot or a track on its way.

    Args:
        kind: of the track, or `pilot`; `key` is that of the track, or None.
    """

    def __init__(self, life: "Life", kind: str, key: str | None) -> None:
        self.life, self.kind, self.key = life, kind, key
        self.clock, self.behaviour = life.clock, life.behaviour
        self._times = life.times(kind, key)
        self._idle = self._steady = False
        self._nudges = 0
        self._visits = 0
        self._process = self.clock.begin(self._living())

    @property
    def state(self) -> str:
        """Where it is."""
        seen = self.life.world.seen(self.life.id)
        return seen.state if self.key is None else seen.tracks[self.key]

    # -- what others do to it ----------------------------------------------------------------------------------------

    def moved(self) -> None:
        """Take note that it is elsewhere now."""
        if self._process.triggered:
            self._process = self.clock.begin(self._living())
        elif self._idle:
            self._rouse(MOVED)

    def nudge(self, kind: str) -> None:
        """Be asked how it goes: with some luck, what was put off is done soon."""
        if not self._idle or self._steady or self._process.triggered:
            return
        self._nudges += 1
        if self.life.chance(self.key, "nudge", self._nudges) < self.behaviour.nudges[kind]:
            self._rouse(SOON)

    def _rouse(self, cause: str) -> None:
        self._idle = False
        self._process.interrupt(cause)

    # -- what it does ------------------------------------------------------------------------------------------------

    def _living(self) -> Living:
        last = None
        while True:
            state = self.state
            stay = self.behaviour.stays.get((self.kind, state))
            if stay is None:
                return
            self._visits += 1
            name = (self.key, state, self._visits)
            if state != last:
                self._beside(stay, state, name)
            if not stay.next:
                return
            last = state
            yield from self._stay(stay, state, name)

    def _wait(self, moment: int | None, *, steady: bool = False) -> Living:
        """Wait for a moment, or for a nudge that brings it nearer; give whether the state is still the same."""
        self._steady = steady
        while True:
            self._idle = True
            try:
                yield self.clock.never() if moment is None else self.clock.until(moment)
            except Interrupt as roused:
                if roused.cause == MOVED:
                    return False
                random = self.life.source(self.key, "soon", self._nudges)
                day = random.randint(1, self.behaviour.soon)
                soon = self.clock.at_work(self.clock.later(day), random)
                moment = soon if moment is None else min(moment, soon)
            else:
                return True
            finally:
                self._idle = False

    def _when(self, act: Act, *name: object) -> int:
        return self.clock.after(act.after, self.life.source(*name, "after"), self._times)

    def _chosen(self, moves: tuple[Act, ...], name: Name, *, sure: bool) -> Act | None:
        """Return one of the moves; None for none of them, unless one is sure to come."""
        weight = sum(one.likely for one in moves)
        left = self.life.chance(*name, "next", sure) * (weight if sure else max(weight, 1.0))
        for one in moves:
            if left < one.likely:
                return one
            left -= one.likely
        return None

    def _stay(self, stay: Stay, state: str, name: Name) -> Living:
        act = self._chosen(stay.next, name, sure=False)
        moment = None if act is None else self._when(act, *name)
        if not (yield from self._wait(moment, steady=act is not None and act.steady)):
            return
        if act is None:
            act = self._chosen(stay.next, name, sure=True) or stay.next[-1]
            if act.steady and not (yield from self._wait(self._when(act, *name), steady=True)):
                return
        for turn in range(stay.patience + 1):
            done = yield from self._attempt(_Todo(act, self.key), (*name, turn))
            if done or self.state != state:
                return
            again = self.clock.after(stay.again, self.life.source(*name, turn, "again"), self._times)
            if not (yield from self._wait(again)):
                return
        if stay.at_last is not None:
            yield from self._attempt(_Todo(stay.at_last, self.key), (*name, "last"))

    def _beside(self, stay: Stay, state: str, name: Name) -> None:
        for place, act in enumerate(stay.meanwhile):
            if self.life.chance(*name, "beside", place) < act.likely:
                self.clock.begin(self._doing(act, state, (*name, "beside", place)))

    def _doing(self, act: Act, state: str, name: Name) -> Living:
        count = act.times.draw(self.life.source(*name, "times"))
        for number in range(count):
            yield self.clock.until(self._when(act, *name, number))
            if self.state != state:
                return
            try:
                self._fire(_Todo(act, self.key), (*name, number), EMPTY)
            except Refused:
                continue  # what is done beside the way is let go of, and perhaps done the next time

    # -- one act -----------------------------------------------------------------------------------------------------

    def _fire(self, todo: _Todo, name: Name, extra: Mapping[str, Any]) -> tuple[str, ...]:
        """Do it, and return the roles that are still to sign: who waits for those keeps no whole pilot meanwhile."""
        life, act = self.life, todo.act
        data = life.data(act, name, todo.track, holder=todo.holder) | dict(extra)
        return life.world.fire(life, act.trigger, life.actor(act.by, todo.track), data, todo.track).pending

    def _attempt(self, todo: _Todo, name: Name) -> Living:
        """Try an act, dealing with what stands in its way; give whether it was accepted."""
        state = self.state
        extra = dict(todo.extra)
        for turn in range(TRIES):
            here = (*name, turn)
            try:
                pending = self._fire(todo, here, extra)
            except Refused as no:
                blockers = no.blockers  # and no more of it: its traceback holds the whole pilot
            else:
                return (yield from self._signed(pending, todo, here))
            lifted = yield from self._lift(blockers, todo, here, extra)
            if not lifted or self.state != state:
                return False
        return False

    def _signed(self, pending: tuple[str, ...], todo: _Todo, name: Name) -> Living:
        """See to the signatures that are still missing; give whether all have come."""
        life, act = self.life, todo.act
        while pending:
            role = pending[0]
            moment = self.clock.after(act.signed, life.source(*name, "signed", role), self._times)
            if not (yield from self._wait(moment)):
                return False
            try:
                pending = life.world.fire(life, act.trigger, life.actor(role, todo.track), None, todo.track).pending
            except Refused:
                return False
        return True

    def _lift(self, blockers: tuple[Blocker, ...], todo: _Todo, name: Name, extra: dict[str, Any]) -> Living:
        """Do what would help, in the order in which it is ready; give whether something was done about each reason."""
        first: list[_Todo] = []
        since = self.clock.second
        all_met, wait = True, None
        for place, blocker in enumerate(blockers):
            found = self._helpful(blocker, todo, (*name, place))
            if isinstance(found, Remedy):
                extra.update(found.data)
                if found.not_before is not None:
                    wait = self.clock.at_work(found.not_before, self.life.source(*name, place))
            elif found is None:
                all_met = False
            else:
                first.append(evolve(found, place=place))
        for one in sorted(first, key=lambda one: (one.moment, one.place)):
            done = yield from self._help(one, name, since)
            if done is None:
                return False
            all_met = all_met and done
        if wait is not None and not (yield from self._wait(wait)):
            return False
        return all_met

    def _help(self, todo: _Todo, name: Name, since: int) -> Living:
        """Do one thing that helps; give whether it was done since, None where the state changed before that."""
        helped, mark = self.life.helped, f"{todo.act.trigger} {todo.track} {sorted(todo.extra.items(), key=str)}"
        if helped.get(mark, -1) is None:
            return False  # somebody is at it: wait and see
        if (helped.get(mark) or -1) >= since:
            return True  # somebody did it meanwhile
        done, helped[mark] = False, None
        try:
            if not (yield from self._wait(todo.moment)):
                return None
            done = yield from self._attempt(todo, (*name, "todo", todo.place))
            return done
        finally:
            helped[mark] = self.clock.second if done else -1

    def _helpful(self, blocker: Blocker, todo: _Todo, name: Name) -> _Todo | Remedy | None:
        """Return what would help: something to do first, the same act done otherwise, or nothing that is done here."""
        for remedy in blocker.missing:
            if (remedy.trigger, remedy.track) == (todo.act.trigger, todo.track):
                return remedy
            known = self.behaviour.acts.get(remedy.trigger)
            if known is None or todo.depth >= DEPTH:
                continue
            if self.life.chance(*name, "likely", remedy.trigger) < known.likely:
                return self._todo(known, remedy, name, todo.depth + 1)
        return None

    def _todo(self, known: Act, remedy: Remedy, name: Name, depth: int) -> _Todo:
        role = known.by if known.by in remedy.roles or not remedy.roles else remedy.roles[0]
        moment = self.clock.after(known.after, self.life.source(*name, remedy.trigger), self._times)
        if remedy.not_before is not None:
            moment = max(moment, self.clock.at_work(remedy.not_before, self.life.source(*name, "before")))
        table = self.life.world.table
        opens = [rule.opener for rule in table.openers.get(remedy.trigger, ()) if rule.opener]
        track = self.life.new_key(opens[0]) if opens and remedy.track is None else remedy.track
        held = (one for one in remedy.data.values() if isinstance(one, str) and one in table.workflow.roles)
        return _Todo(evolve(known, by=role), track, moment, extra=remedy.data, holder=next(held, None), depth=depth)
