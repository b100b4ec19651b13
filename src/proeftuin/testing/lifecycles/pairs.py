"""Every state of the pilot against every edge of its tracks: what may be done there is done, and the rest is refused.

A pair begins with the nearest way to both at once: the pilot in its state, a track where the edge leaves. Where no way
leads to both, the pilot stands in its state, and its track, if it can have one there, as near as it can be.
"""

from collections.abc import Iterator
from pathlib import Path as File
from typing import Any

from attrs import frozen

from proeftuin.core.table import Rule, Table
from proeftuin.core.workflow import PREVIOUS, SAME, Workflow
from proeftuin.testing.lifecycles._tables import table_of, workflow_of
from proeftuin.testing.lifecycles.hops import Hop, hop_of, target
from proeftuin.testing.lifecycles.paths import Path
from proeftuin.testing.lifecycles.searching import Node, Search, leaves, needs_of


@frozen
class Pair:
    """A state of the pilot, and an edge of a track.

    Attributes:
        state: of the pilot.
        path: the way to where the edge is tried, of the pilot and the track together.
        hop: the edge.
        fits: whether it can be fired there; otherwise it is refused.
    """

    state: str
    path: Path
    hop: Hop
    fits: bool

    @property
    def id(self) -> str:
        """What pytest calls it: `engaging + supplier invite`."""
        told = self.hop.told or self.hop.trigger
        return f"{self.state} + {self.hop.kind} {told}" + (
            "" if self.hop.source is None else f" from {self.hop.source}"
        )

    def __repr__(self) -> str:
        return f"<Pair {self.id}>"


def state_pairs(workflow: Workflow | File | str) -> list[Any]:
    """Return every pair of a pilot's state and a track's edge, as parameters for `pytest.mark.parametrize`.

    Args:
        workflow: a bundled name, a file, or a `Workflow`.
    """
    import pytest  # noqa: PLC0415  # pairs can be walked without it

    found = workflow_of(workflow)
    return [pytest.param(pair, id=pair.id) for kind in found.tracks for pair in every_pair(found, kind)]


def every_pair(workflow: Workflow, kind: str) -> Iterator[Pair]:
    """Give every pair of a pilot's state and an edge of this kind of track."""
    table = table_of(workflow)
    for place, rule in enumerate(table.every):
        if rule.kind == kind:
            places = list(Search(table, (None, kind), needs_of(table, rule)).places())
            for state in workflow.states:
                yield _pair(table, state, place, rule, [one for one in places if one[0].pilot[-1] == state])


def _pair(table: Table, state: str, place: int, rule: Rule, places: list[tuple[Node, tuple[Hop, ...]]]) -> Pair:
    fit = next((one for one in places if leaves(table, rule, one[0])), None)
    node, hops = fit or _nearest(rule, places)
    here = node.track[-1:] if set(node.track[-1:]) <= rule.sources else ()
    source = None if rule.opener is not None else (*here, min(rule.sources, default=""))[0]
    to = source if rule.opener is None and rule.edge.to in {None, SAME, PREVIOUS} else rule.edge.to
    to = target(table, rule, node.track) if here and rule.opener is None else to
    hop = hop_of(table, place, source, str(to or source))
    return Pair(state, Path(table.workflow, rule.kind, hops), hop, fit is not None and state in rule.during)


def _nearest(rule: Rule, places: list[tuple[Node, tuple[Hop, ...]]]) -> tuple[Node, tuple[Hop, ...]]:
    """Return a place with a track, in a state that the edge leaves if there is one, or else any."""
    return min(
        places, key=lambda one: (not one[0].track, one[0].track[-1:] not in {(state,) for state in rule.sources})
    )
