"""Watches engines, to see what of a lifecycle their commands exercise.

1. Every engine that is made while `watching` is on gets tables and hooks that note what passes through them. Engines
   made before or after are as they were; where nobody watches, nothing of this is imported.
2. A judgement is noted when an edge is judged, with what its guards answered. It counts once its command was committed
   or refused: `explain` and `options` judge too, and what they judge was exercised by nobody. Where the same actor asks
   and then does the same thing, the last judgement is that of the command.
3. What was committed is read from the events: states, the clocks, and which of the judged edges were carried out.
4. Commands of other processes are not seen.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from attrs import Factory, define, evolve

from proeftuin.core.commands import Blocker
from proeftuin.core.events import Event
from proeftuin.core.frozen import EMPTY, FrozenDict
from proeftuin.core.guards import Answer, Guard, Question
from proeftuin.core.structs import replace
from proeftuin.core.table import Bound, Rule, Table
from proeftuin.core.workflow import Workflow
from proeftuin.engine import Engine
from proeftuin.hooks import Hooks
from proeftuin.spi import Committed, RefusedCommand, Store
from proeftuin.tables import Tables
from proeftuin.testing.covering import BLOCKED, GROUPS, PASSED, Covered, Names, Place

MOST = 2_000  # judgements that wait for their commit, per thread; `options` leaves some that never come to one
MOVES = ("pilot.moved", "track.opened", "track.moved")
DONE = ("clock.reminded", "clock.escalated", "signal.raised", "clock.fired")


@define(eq=False)
class Judgement:
    """An edge that was judged, for whom, and what its guards answered so far; `needed` of them are of `require`.

    An edge that is there to say no does so with the code `refuses`.
    """

    watch: "Watch"
    place: Place
    needed: int
    refuses: str | None
    pilot: str
    trigger: str
    track: str | None
    role: str
    actor: str
    answers: dict[int, bool] = Factory(dict)  # by number: whether it blocked

    @property
    def stopped(self) -> bool:
        """Whether a guard of `require` blocked, so that nothing can have come of it."""
        return any(blocked for number, blocked in self.answers.items() if number < self.needed)

    def count(self) -> None:
        """Count the answers."""
        for number, blocked in self.answers.items():
            name = self.watch.names.guards[self.place, number]
            self.watch.see("guards", f"{name} {BLOCKED if blocked else PASSED}")

    def led_to(self, event: Event) -> bool:
        """Whether an event came of this; the opening of a track stands on a track that there was not before."""
        same = (event.trigger, event.role, event.actor) == (self.trigger, self.role, self.actor)
        return same and (event.track == self.track or event.type == "track.opened")


@define(eq=False)
class Watch:
    """One workflow that is watched."""

    names: Names
    covered: Covered
    lock: threading.Lock

    def see(self, group: str, name: str) -> None:
        """Note that something was exercised."""
        with self.lock:
            self.covered.seen[group].add(name)

    def event(self, event: Event, kind: str | None) -> None:
        """Note the states and clocks that an event tells of, on a track of this kind."""
        data = event.data
        if event.type == "pilot.started":
            self.see("states", data["state"])
            self.see("edges", "start")
        elif event.type in MOVES:
            self.see("states", data["to"] if kind is None else f"{kind}: {data['to']}")
        elif event.type in DONE:
            clock, *middle = str(data["clock"]).split(":")
            terms = (f"{clock}:{middle[-1]}" if middle else clock, clock)
            for name in (self.names.clocks.get((term, done)) for term in terms for done in data["done"]):
                if name is not None:
                    self.see("clocks", name)


class Recorder:
    """Sees what the engines of this process exercise.

    Args:
        wanted: which workflows are watched.
    """

    def __init__(self, wanted: Callable[[Workflow], bool]) -> None:
        self._wanted = wanted
        self._watches: dict[tuple[str, str], Watch] = {}
        self._lock = threading.Lock()
        self._here = threading.local()

    def watch(self, workflow: Workflow) -> Watch | None:
        """Return where what is seen of a workflow is kept, None where it is not wanted."""
        if not self._wanted(workflow):
            return None
        with self._lock:
            key = workflow.id, workflow.hash
            if key not in self._watches:
                names = Names(workflow)
                self._watches[key] = Watch(names, Covered(*key, names.all()), self._lock)
            return self._watches[key]

    def all(self) -> tuple[Covered, ...]:
        """Return what was seen, per workflow."""
        return tuple(one.covered for one in self._watches.values())

    @property
    def _judged(self) -> "deque[Judgement]":
        if not hasattr(self._here, "judged"):
            self._here.judged = deque(maxlen=MOST)
        judged: deque[Judgement] = self._here.judged
        return judged

    # -- what the tables tell --------------------------------------------------------------------------------------

    def table(self, table: Table, watch: Watch) -> Table:
        """Return a table whose edges tell when they are judged, and whose guards tell what they answered."""
        places = {}
        numbers = dict.fromkeys(table.graphs, 0)
        for rule in table.every:
            places[rule] = rule.kind, numbers[rule.kind]
            numbers[rule.kind] += 1
        told = {rule: self._rule(rule, places[rule], watch) for rule in table.every}

        def swapped(rules: Mapping[Any, tuple[Rule, ...]]) -> Any:
            return FrozenDict({key: tuple(told[one] for one in ones) for key, ones in rules.items()})

        return replace(
            table,
            rules=swapped(table.rules),
            at=swapped(table.at),
            openers=swapped(table.openers),
            every=tuple(told.values()),
        )

    def _rule(self, rule: Rule, place: Place, watch: Watch) -> Rule:
        def begin(question: Question) -> None:
            track = question.track.key if question.track is not None else None
            actor = question.actor.id
            who = question.pilot.id, question.trigger, track, question.role, actor
            self._judged.append(Judgement(watch, place, needed, rule.edge.refuse, *who))

        needed, advised = len(rule.require), len(rule.require) + len(rule.advise)
        bounds = (*rule.require, *rule.advise, *rule.falls)
        uses = tuple(self._bound(bound, number) for number, bound in enumerate(bounds))
        first = Bound(Guard("judged", begin), EMPTY, frozenset(), None)
        return replace(rule, require=(first, *uses[:needed]), advise=uses[needed:advised], falls=uses[advised:])

    def _bound(self, bound: Bound, number: int) -> Bound:
        check = bound.guard.check

        def ask(question: Question) -> Answer:
            answer = check(question)
            if answer is not None and not isinstance(answer, Blocker):
                answer = tuple(answer)
            self._judged[-1].answers[number] = bool(answer)
            return answer

        return replace(bound, guard=evolve(bound.guard, check=ask))

    # -- what the hooks tell ---------------------------------------------------------------------------------------

    def committed(self, moment: Committed, watch: Watch | None) -> None:
        """Count what a commit tells of."""
        pilot, events = moment.pilot, moment.events
        for one in self._taken(pilot.id, lambda one: not one.stopped and any(map(one.led_to, events))):
            one.count()
            if any(one.led_to(event) and _whole(event) for event in events):
                one.watch.see("edges", one.watch.names.edges[one.place])
        if watch is not None:
            for event in events:
                watch.event(event, None if event.track is None else pilot.tracks[event.track].kind)

    def refused(self, moment: RefusedCommand) -> None:
        """Count what the guards of a refused command answered, and the edge where it was there to refuse."""
        said = moment.trigger, moment.actor.id
        for one in self._taken(moment.pilot_id, lambda one: (one.trigger, one.actor) == said)[-1:]:
            one.count()
            if any(blocker.code == one.refuses for blocker in moment.blockers):
                one.watch.see("edges", one.watch.names.edges[one.place])

    def _taken(self, pilot_id: str | None, meant: Callable[[Judgement], bool]) -> list[Judgement]:
        """Return the last judgement of each command that is meant, and forget what was judged of it before."""
        found: dict[tuple[str, str | None, str, str], Judgement] = {}
        others = []
        for one in self._judged:
            if one.pilot != pilot_id or not meant(one):
                others.append(one)
                continue
            key = one.trigger, one.track, one.role, one.actor
            found.pop(key, None)
            found[key] = one
        self._judged.clear()
        self._judged.extend(others)
        return list(found.values())


def _whole(event: Event) -> bool:
    """Whether an event is that of a whole command, not of one signature that waits for others."""
    return event.type != "signature.added" or bool(event.data.get("complete"))


class WatchedTables:
    """The tables of an engine, those of watched workflows exchanged."""

    def __init__(self, tables: Tables, recorder: Recorder, watches: dict[str, Watch]) -> None:
        self._tables = tables
        self._recorder = recorder
        self._watches = watches
        self._told: dict[Table, Table] = {}

    def __getattr__(self, name: str) -> Any:
        """Give what is not exchanged."""
        return getattr(self._tables, name)

    def named(self, workflow: str) -> Table:
        """Return the table for a new pilot."""
        return self._watched(self._tables.named(workflow))

    def of(self, workflow: str) -> Table:
        """Return the table that a pilot follows."""
        return self._watched(self._tables.of(workflow))

    def on(self, store: Store) -> "WatchedTables":
        """Return the same for another store."""
        return WatchedTables(self._tables.on(store), self._recorder, self._watches)

    def _watched(self, table: Table) -> Table:
        if table not in self._told:
            watch = self._recorder.watch(table.workflow)
            self._told[table] = table if watch is None else self._recorder.table(table, watch)
            if watch is not None:
                self._watches[table.workflow.id] = watch
        return self._told[table]


class WatchedHooks:
    """The hooks of an engine, which tell of commits and refusals too."""

    def __init__(self, hooks: Hooks, recorder: Recorder, watches: Mapping[str, Watch]) -> None:
        self._hooks = hooks
        self._recorder = recorder
        self._watches = watches

    def __bool__(self) -> bool:
        """Whether there is anything to tell: always."""
        return True

    def __getattr__(self, name: str) -> Any:
        """Give what is not exchanged."""
        return getattr(self._hooks, name)

    def after(self, name: str, moment: Any) -> None:
        """Note a moment, then tell the host's hooks."""
        if isinstance(moment, Committed):
            self._recorder.committed(moment, self._watches.get(moment.pilot.workflow))
        elif isinstance(moment, RefusedCommand):
            self._recorder.refused(moment)
        self._hooks.after(name, moment)


@contextmanager
def watching(recorder: Recorder) -> Iterator[Recorder]:
    """Have every engine that is made inside tell a recorder what it does."""
    assemble = Engine._assemble  # noqa: SLF001  # the one place where the parts of an engine come together

    def watched(engine: Engine, **parts: Any) -> None:
        if not isinstance(parts["tables"], WatchedTables):
            watches: dict[str, Watch] = {}
            tables = WatchedTables(parts["tables"], recorder, watches)
            parts |= {"tables": tables, "hooks": WatchedHooks(parts["hooks"], recorder, watches)}
        assemble(engine, **parts)

    setattr(Engine, "_assemble", watched)  # noqa: B010  # a plain assignment is refused by the type checker
    try:
        yield recorder
    finally:
        setattr(Engine, "_assemble", assemble)  # noqa: B010  # the same


__all__ = ["GROUPS", "Judgement", "Recorder", "Watch", "watching"]
