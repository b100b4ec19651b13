"""Paths through a lifecycle, as pytest parameters: all of them up to a length, and the shortest to every place.

1. A path begins where its lifecycle does: at the pilot's first state, or where a track is opened. Each state and each
   edge of it can be seen in its id.
2. `previous` leads where it would lead on this very path; a move to the state where it begins is no move.
3. A path that another one begins with is left out of `all_paths`: whoever walks the longer one has walked it.
"""

from collections.abc import Iterator
from pathlib import Path as File
from typing import Any

from attrs import frozen

from proeftuin.core.faults import did_you_mean
from proeftuin.core.graph import lifecycle
from proeftuin.core.table import Rule, Table
from proeftuin.core.workflow import Workflow
from proeftuin.errors import BadArgument
from proeftuin.testing.lifecycles._tables import table_of, workflow_of
from proeftuin.testing.lifecycles.hops import Hop, Trail, hop_of, moves, target
from proeftuin.testing.lifecycles.searching import Search, leaves, needs_of

BEYOND = 2
"""How many moves longer than the farthest state is away a path may be, where nothing else is said."""


@frozen
class Path:
    """A way through the lifecycle of a pilot or of a track, as `walk` goes it.

    Attributes:
        workflow: whose lifecycle.
        kind: of the track whose way it is, None for the pilot's.
        hops: its edges, in order; those of another lifecycle lead there.
    """

    workflow: Workflow
    kind: str | None
    hops: tuple[Hop, ...]

    @property
    def states(self) -> Trail:
        """The states that its own lifecycle passes through, in order."""
        first = (self.workflow.start.to,) if self.kind is None else ()
        return (*first, *(hop.to for hop in self.hops if hop.kind == self.kind and hop.moves))

    @property
    def id(self) -> str:
        """What pytest calls it: `exploring > committing > engaging`, `supplier: identified > invited > lapsed`."""
        own = [str(hop) for hop in self.hops if hop.kind == self.kind]
        if self.kind is None:
            own.insert(0, self.workflow.start.to)
        told = " > ".join(own)
        return told if self.kind is None else f"{self.kind}: {told}"

    def __repr__(self) -> str:
        return f"<Path {self.id}>"


def all_paths(workflow: Workflow | File | str, *, kind: str | None = "", longest: int | None = None) -> list[Any]:
    """Return every path over moving edges, as parameters for `pytest.mark.parametrize`.

    Args:
        workflow: a bundled name, a file, or a `Workflow`.
        kind: the paths of this track kind alone, None for those of the pilot alone; all by default.
        longest: the most moves of a path, without the opening of a track; by default two more than the farthest that
            one state of that lifecycle is from another.

    Raises:
        BadArgument: for a track kind that there is not, or less than no moves.
    """
    found = workflow_of(workflow)
    if kind and kind not in found.tracks:
        raise BadArgument("kind", f"there is no track kind `{kind}`{did_you_mean(kind, found.tracks)}")
    if longest is not None and longest < 0:
        raise BadArgument("longest", "must be 0 or more")
    kinds = (None, *found.tracks) if kind == "" else (kind,)
    return as_parameters(path for one in kinds for path in every_path(found, one, longest))


def shortest_paths(workflow: Workflow | File | str) -> list[Any]:
    """Return a shortest path to every state and over every edge, of the pilot and of each track kind, as parameters.

    Args:
        workflow: a bundled name, a file, or a `Workflow`.
    """
    found = workflow_of(workflow)
    return as_parameters(path for kind in (None, *found.tracks) for path in nearest_paths(found, kind))


def as_parameters(paths: Iterator[Path]) -> list[Any]:
    """Return paths as parameters of pytest, each called by its id."""
    import pytest  # noqa: PLC0415  # paths can be walked without it

    return [pytest.param(path, id=path.id) for path in paths]


def every_path(workflow: Workflow, kind: str | None, longest: int | None = None) -> Iterator[Path]:
    """Give every path of one lifecycle that no other path begins with; arguments as for `all_paths`."""
    table = table_of(workflow)
    most = farthest(table, kind) + BEYOND if longest is None else longest
    for trail, hops in entries(table, kind):
        for found in _onward(table, kind, trail, hops, most):
            yield Path(workflow, kind, found)


def _onward(
    table: Table, kind: str | None, trail: Trail, hops: tuple[Hop, ...], left: int
) -> Iterator[tuple[Hop, ...]]:
    nexts = moves(table, kind, trail) if left else []
    for hop, then in nexts:
        yield from _onward(table, kind, then, (*hops, hop), left - 1)
    if not nexts:
        yield hops


def nearest_paths(workflow: Workflow, kind: str | None) -> Iterator[Path]:
    """Give a shortest path to every state of one lifecycle, and one over each of its edges that none of these takes."""
    table = table_of(workflow)
    taken: set[int] = set()
    for state in lifecycle(workflow, kind)[0]:
        ways = (hops for node, hops in Search(table, (kind,)).places() if node.trail(kind)[-1:] == (state,))
        hops = next(ways, None)
        if hops is not None:
            taken |= {hop.place for hop in hops}
            yield Path(workflow, kind, hops)
    for place, rule in enumerate(table.every):
        if rule.kind == kind and place not in taken and (path := _over(table, kind, place, rule)) is not None:
            yield path


def _over(table: Table, kind: str | None, place: int, rule: Rule) -> Path | None:
    found = Search(table, (kind,), needs_of(table, rule)).nearest(lambda node: leaves(table, rule, node))
    if found is None:
        return None
    node, hops = found
    trail = node.trail(kind)
    if rule.opener is not None:
        return Path(table.workflow, kind, (*hops, hop_of(table, place, None, str(rule.edge.to))))
    return Path(table.workflow, kind, (*hops, hop_of(table, place, trail[-1], str(target(table, rule, trail)))))


def farthest(table: Table, kind: str | None) -> int:
    """Return how many moves the farthest state of a lifecycle is away from another."""
    return max(far for reached in table.distances[kind].values() for far in reached.values())


def entries(table: Table, kind: str | None) -> list[tuple[Trail, tuple[Hop, ...]]]:
    """Return where a lifecycle begins, each state once, with the hop that opens a track there."""
    if kind is None:
        return [((table.workflow.start.to,), ())]
    found: dict[Trail, tuple[Hop, ...]] = {}
    for place, rule in enumerate(table.every):
        if rule.opener == kind and rule.kind == kind:
            to = str(rule.edge.to)
            found.setdefault((to,), (hop_of(table, place, None, to),))
    return list(found.items())
