"""Edges as hops on a path: from which state to which, and how they are told apart."""

from attrs import frozen

from proeftuin.core.table import SYSTEM, Rule, Table
from proeftuin.core.workflow import PREVIOUS

Trail = tuple[str, ...]


@frozen
class Hop:
    """One edge on a path.

    Attributes:
        kind: of the track that it is an edge of, None for the pilot's own.
        place: the number of the edge among all of the workflow: the pilot's in file order, then those of each track.
        trigger: the word to fire.
        source, to: from which state to which; `source` is None where it opens a track, and an edge that moves nothing
            stays where it is.
        told: how its edge is told from the others between the same states; empty where there is no other.
    """

    kind: str | None
    place: int
    trigger: str
    source: str | None
    to: str
    told: str = ""

    @property
    def moves(self) -> bool:
        """Whether it leads to another state, or opens a track."""
        return self.source != self.to

    def __str__(self) -> str:
        """Return the state that it leads to, or the edge that moves nothing."""
        if not self.moves:
            return f"({self.told or self.trigger})"
        return f"{self.to} ({self.told})" if self.told else self.to


def moves(table: Table, kind: str | None, trail: Trail) -> list[tuple[Hop, Trail]]:
    """Return each move from the end of a trail, in file order, with the trail that it leaves."""
    found: list[tuple[Hop, Trail]] = []
    for place, rule in enumerate(table.every):
        if rule.kind == kind and rule.moves:
            to = target(table, rule, trail)
            if to is not None and to != trail[-1]:
                found.append((hop_of(table, place, trail[-1], to), retraced(trail, to)))
    return found


def target(table: Table, rule: Rule, trail: Trail, pilot: str | None = None) -> str | None:
    """Return where an edge leads from the end of a trail, None where it does not leave that state.

    Args:
        table: of the workflow.
        rule: the edge.
        trail: in its own lifecycle.
        pilot: the state of the pilot, where that is looked at too.
    """
    if rule.opener is not None or trail[-1] not in rule.sources or not _fires(table, rule, trail[-1], pilot):
        return None
    if rule.edge.to == PREVIOUS:
        return trail[-2] if len(trail) > 1 else None
    return str(rule.edge.to) if rule.moves else trail[-1]


def _fires(table: Table, rule: Rule, state: str, pilot: str | None) -> bool:
    """Return whether an edge can be fired in a state of it: one for clocks alone only where such a clock runs."""
    if not by_system(rule):
        return True
    closed = pilot is not None and table.workflow.states[pilot].final
    others = {name if rule.kind is None else f"{rule.kind}.{name}" for name in rule.sources if name != state}
    return any(
        one.fire == rule.edge.trigger
        and (one.until is not None or one.since not in others)
        and (one.after_closing or not closed)
        for one in table.workflow.clocks.values()
    )


def retraced(trail: Trail, to: str) -> Trail:
    """Return a trail after a move: going back to a state on it forgets what lies behind that state."""
    return trail[: trail.index(to) + 1] if to in trail else (*trail, to)


def hop_of(table: Table, place: int, source: str | None, to: str) -> Hop:
    """Return an edge as a hop, told from the others that lead from the one state to the other."""
    rule = table.every[place]
    trigger = rule.edge.trigger
    like = [one for one in table.every if one.kind == rule.kind and _joins(one, source, to) and one.moves == rule.moves]
    if len(like) == 1 and rule.moves:
        return Hop(rule.kind, place, trigger, source, to)
    when = "" if sum(one.edge.trigger == trigger for one in like) == 1 else _when(rule)
    return Hop(rule.kind, place, trigger, source, to, f"{trigger}{when}")


def _joins(rule: Rule, source: str | None, to: str) -> bool:
    if source is None or rule.opener is not None:
        return source is None and rule.opener is not None and rule.edge.to == to
    return source in rule.sources and (not rule.moves or rule.edge.to in {to, PREVIOUS})


def _when(rule: Rule) -> str:
    return "".join(f" {name}={'|'.join(map(str, held))}" for name, held in rule.edge.when.items())


def by_system(rule: Rule) -> bool:
    """Whether only a clock fires an edge."""
    return rule.allowed == (SYSTEM,)
