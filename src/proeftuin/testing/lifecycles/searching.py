"""The shortest way to a place in one lifecycle, or in that of the pilot and a track together.

A place is more than a state: `previous` leads back along the way that was come by, an edge may need a record that only
an edge elsewhere adds, and another that the pilot was closed with a certain outcome. Guards are not looked at: what
they ask can be done on the way.
"""

from collections import deque
from collections.abc import Callable, Iterator

from attrs import evolve, field, frozen

from proeftuin.core.table import Rule, Table
from proeftuin.core.workflow import FieldRef
from proeftuin.testing.lifecycles.filling import asked
from proeftuin.testing.lifecycles.hops import Hop, Trail, hop_of, retraced, target

Kinds = tuple[str | None, ...]
Needs = tuple[frozenset[str], ...]


@frozen
class Node:
    """A place: the trail in each lifecycle that is looked at, the outcome, and which needs are met.

    Attributes:
        pilot: the pilot's trail; only its first state where the pilot's lifecycle is not looked at.
        track: that of the track; empty where there is none yet.
    """

    pilot: Trail
    track: Trail = ()
    outcome: str | None = None
    met: tuple[bool, ...] = ()

    def trail(self, kind: str | None) -> Trail:
        """Return the trail in one lifecycle."""
        return self.pilot if kind is None else self.track


@frozen
class Search:
    """What is looked at: which lifecycles, and what must be there at the end.

    Attributes:
        kinds: the track kind, None for the pilot; both, where the states of the pilot must fit the track's edges.
        needs: the record types of which one must have been added, per reference.
    """

    table: Table
    kinds: Kinds
    needs: Needs = field(default=())

    def nearest(self, fits: Callable[[Node], bool]) -> tuple[Node, tuple[Hop, ...]] | None:
        """Return the nearest place that fits, with the way to it, None where there is none."""
        return next(((node, hops) for node, hops in self.places() if fits(node)), None)

    def places(self) -> Iterator[tuple[Node, tuple[Hop, ...]]]:
        """Give every place that can be reached, with a shortest way to it, nearest first."""
        begin = Node((self.table.workflow.start.to,), met=tuple(False for _ in self.needs))
        ways: dict[Node, tuple[Hop, ...]] = {begin: ()}
        queue = deque([begin])
        while queue:
            node = queue.popleft()
            yield node, ways[node]
            for hop, then in self._onward(node):
                if then not in ways:
                    ways[then] = (*ways[node], hop)
                    queue.append(then)

    def _onward(self, node: Node) -> Iterator[tuple[Hop, Node]]:
        together = None in self.kinds
        for place, rule in enumerate(self.table.every):
            if rule.kind not in self.kinds or (together and node.pilot[-1] not in rule.during):
                continue
            trail = node.trail(rule.kind)
            if rule.opener is not None:
                if not trail and rule.opener == rule.kind:
                    first = str(rule.edge.to)
                    yield hop_of(self.table, place, None, first), evolve(node, track=(first,))
            elif trail and (to := target(self.table, rule, trail, node.pilot[-1])) is not None:
                then = self._after(node, rule, to)
                if then != node:
                    yield hop_of(self.table, place, trail[-1], str(to)), then

    def _after(self, node: Node, rule: Rule, to: str) -> Node:
        trail = retraced(node.trail(rule.kind), to)
        node = evolve(node, pilot=trail) if rule.kind is None else evolve(node, track=trail)
        if rule.edge.outcome is not None:
            node = evolve(node, outcome=_outcome(rule))
        adds = {op.add for op in rule.edge.records if op.copy is None}
        met = tuple(had or bool(need & adds) for had, need in zip(node.met, self.needs, strict=True))
        return evolve(node, met=met)


def _outcome(rule: Rule) -> str:
    """Return the outcome that an edge gives where a choice is the first one that there is."""
    given = rule.edge.outcome
    if not isinstance(given, FieldRef):
        return str(given)
    field = rule.fields.get(given.field)
    choices = rule.edge.when.get(given.field) or (field.of if field is not None else ())
    return str(choices[0]) if isinstance(choices, tuple) and choices else ""


def needs_of(table: Table, rule: Rule) -> Needs:
    """Return, per reference that an edge must be given, the types of which there must be a record."""
    corrected = frozenset(rule.edge.corrects)
    every = corrected or frozenset(table.workflow.records)
    wanted = [one for name, one in rule.fields.items() if one.type == "record" and asked(rule, name, {})]
    return tuple(frozenset({one.record}) if one.record else every for one in wanted)


def outcome_of(rule: Rule) -> str | None:
    """Return the outcome that the pilot must have been closed with, None where that does not matter."""
    uses = (one.params["outcome"] for one in rule.require if one.guard.name == "outcome_was")
    return next(uses, None)


def leaves(table: Table, rule: Rule, node: Node) -> bool:
    """Whether an edge can be fired at a place, as far as its own lifecycle, references and the outcome go."""
    if not all(node.met) or outcome_of(rule) not in {None, node.outcome}:
        return False
    if rule.opener is not None:
        return not node.track
    trail = node.trail(rule.kind)
    return bool(trail) and target(table, rule, trail, node.pilot[-1]) is not None
