"""Whether a pilot may stand where a migration puts it: an end can be reached, no gate is jumped, joins can be met.

A gate is a guard that an edge requires. Those that the old version asked were judged when they were passed. What is
judged here is what the new version asks on the way that a pilot came, and the old one did not.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import cache, cached_property
from itertools import pairwise

from attrs import frozen

from proeftuin.core.commands import Actor, Attempt, Blocker, Command
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.graph import targets
from proeftuin.core.judge import objections
from proeftuin.core.migration.declared import Migration
from proeftuin.core.pilot import RUNNING, Pilot, Track
from proeftuin.core.settings import Settings
from proeftuin.core.structs import replace
from proeftuin.core.table import SYSTEM, Bound, Rule, Table
from proeftuin.core.workflow import GuardUse

NOBODY = Actor(SYSTEM, roles={SYSTEM})
REACHED = "tracks_reached"
Hop = tuple[str, str]


@frozen(slots=False, eq=False, repr=False)
class Gates:
    """The gates of two versions: what the new one asks, hop by hop, that the old one did not."""

    plan: Migration
    old: Table
    new: Table
    settings: Settings

    def stuck(self, pilot: Pilot) -> Iterator[Blocker]:
        """Give what can never be any more: no end, or no way there from where pilots begin."""
        states, ways = self.new.workflow.states, self.new.distances[None]
        if pilot.state not in ways[self.new.workflow.start.to]:
            yield Blocker("never-reached", FrozenDict({"state": pilot.state}))
        if not any(states[one].final for one in ways[pilot.state]):
            yield Blocker("no-way-out", FrozenDict({"state": pilot.state}))
        for key, track in pilot.tracks.items():
            own = self.new.workflow.tracks[track.kind].states
            ends = {name for name, state in own.items() if state.done}
            if ends and ends.isdisjoint(self.new.distances[track.kind][track.state]):
                yield Blocker("no-way-out", FrozenDict({"state": track.state}), key)

    def jumped(self, before: Pilot, pilot: Pilot, now: datetime) -> Iterator[Blocker]:
        """Give the gates on the way that a pilot came that only the new version has, and that it would not pass."""
        told: set[tuple[str, str | None]] = set()
        for track, kinds, hops in _ways(before, pilot):
            for old, new in hops:
                for rule, bounds in self._asked(kinds, old, new):
                    command = Command(rule.edge.trigger, None, track)
                    running = replace(pilot, hold=RUNNING)
                    attempt = Attempt(running, command, NOBODY, now, settings=self.settings)
                    for one in objections(self.new, attempt, rule, bounds):
                        if (one.code, track) not in told:
                            told.add((one.code, track))
                            params = {"gate": one.code, "from": new[0], "to": new[1]}
                            yield Blocker("gate-jumped", FrozenDict(params), track)

    @cached_property
    def _asked(self) -> "Asked":
        return Asked(self.plan, self.old, self.new)

    def unmet(self, pilot: Pilot) -> Iterator[Blocker]:
        """Give the joins of the new version that the tracks of a pilot can never meet, nor any that may still begin."""
        joins = self._joins.get(pilot.state, ())
        if not joins:
            return
        ahead = self.new.distances[None][pilot.state]
        openable = {rule.opener or _beside(rule) for rule in self.new.every if not rule.during.isdisjoint(ahead)}
        for use in dict.fromkeys(joins):
            kind, states = str(use.params["kind"]), use.params["states"]
            if kind not in openable and not any(self._may_reach(one, kind, states) for one in pilot.tracks.values()):
                yield Blocker("join-unmet", FrozenDict({"kind": kind, "states": states}))

    @cached_property
    def _joins(self) -> Mapping[str, list[GuardUse]]:
        """The joins that only the new version asks, per state in which a pilot would wait for one."""
        known = {use for rule in self.old.every for use in rule.edge.require}
        found: dict[str, list[GuardUse]] = {}
        for rule in (one for one in self.new.every if one.kind is None):
            new = [use for use in rule.edge.require if use.name == REACHED and use not in known]
            for state in rule.sources if new else ():
                found.setdefault(state, []).extend(new)
        return found

    def _may_reach(self, track: Track, kind: str, states: Iterable[str]) -> bool:
        return track.kind == kind and not self.new.distances[kind][track.state].keys().isdisjoint(states)


class Asked:
    """What the new version asks on a hop that the old one did not; remembered, as most pilots came the same way."""

    def __init__(self, plan: Migration, old: Table, new: Table) -> None:
        self._plan, self._old, self._new = plan, old, new
        self._found = cache(self._find)

    def __call__(
        self, kinds: tuple[str | None, str | None], old: Hop, new: Hop
    ) -> list[tuple[Rule, tuple[Bound, ...]]]:
        """Return the rules on the way from one state to another, each with the guards that are new."""
        return self._found(kinds, old, new)

    def _find(self, kinds: tuple[str | None, str | None], old: Hop, new: Hop) -> list[tuple[Rule, tuple[Bound, ...]]]:
        known = {use for rule in _between(self._old, kinds[0], old) for use in rule.edge.require}
        found = []
        for hop in _steps(self._new, kinds[1], new):
            choices = [
                (
                    rule,
                    tuple(
                        one
                        for one, use in zip(rule.require, rule.edge.require, strict=True)
                        if use not in known and not one.reads
                    ),
                )
                for rule in _between(self._new, kinds[1], hop)
            ]
            if choices and all(bounds for _, bounds in choices):  # where one edge asks nothing new, that was the way
                found.append(choices[0])
        return found


def _beside(rule: Rule) -> str | None:
    return rule.edge.beside.track if rule.edge.beside is not None else None


def _ways(
    before: Pilot, after: Pilot
) -> Iterator[tuple[str | None, tuple[str | None, str | None], list[tuple[Hop, Hop]]]]:
    """Give the ways of a pilot and of its tracks: which track, its kinds, and each hop by its old and its new names."""
    stops = [(old.state, new.state) for old, new in zip(before.path, after.path, strict=True) if old.track is None]
    ends = (before.state, after.state)
    yield None, (None, None), _hops([*stops, *((ends,) if stops[-1] != ends else ())])
    for key, track in before.tracks.items():
        now = after.tracks[key]
        names = [one.state for one in track.trail]
        new = [one.state for one in now.trail]
        pairs = list(zip(names[-len(new) :], new, strict=False))
        yield key, (track.kind, now.kind), _hops(pairs)


def _hops(stops: list[tuple[str, str]]) -> list[tuple[Hop, Hop]]:
    pairs = pairwise(stops)
    return list(dict.fromkeys(((one[0], two[0]), (one[1], two[1])) for one, two in pairs if one[1] != two[1]))


def _between(table: Table, kind: str | None, hop: Hop) -> list[Rule]:
    """Return the rules that lead from one state to the next."""
    states = table.workflow.states if kind is None else table.workflow.tracks[kind].states
    edges = table.workflow.edges if kind is None else table.workflow.tracks[kind].edges
    return [
        rule
        for rule in table.every
        if rule.kind == kind and hop[0] in rule.sources and hop[1] in targets(rule.edge, hop[0], states, edges)
    ]


def _steps(table: Table, kind: str | None, hop: Hop) -> list[Hop]:
    """Return the fewest moves from one state to another; none where no way leads there, as when a way was taken out."""
    graph = table.graphs[kind]
    came: dict[str, str] = {}
    queue = deque([hop[0]])
    while queue and hop[1] not in came:
        here = queue.popleft()
        for there in graph.get(here, ()):
            if there != hop[0] and there not in came:
                came[there] = here
                queue.append(there)
    found: list[Hop] = []
    state = hop[1]
    while state in came:
        found.append((came[state], state))
        state = came[state]
    return found[::-1]
