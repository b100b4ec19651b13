"""Edges of one trigger in every order: which was which, and which is asked before another."""

from itertools import permutations
from typing import Any

import attrs
import pytest

from proeftuin import Workflow, diff
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.workflow import Edge, Field
from tests.unit.core.test_diff import BASE

WELL = FrozenDict(well=Field("boolean", required=True))


def edge(*sources: str, to: str = "busy", allow: tuple[str, ...] = ("lead",), **parts: Any) -> Edge:
    return Edge("go", allow, sources=sources, to=to, **parts)


POOL = {
    "a": edge("idle"),
    "b": edge("idle", "busy", to="done", allow=("lead", "board")),
    "c": edge("busy", when=FrozenDict(well=(True,)), data=WELL),
    "d": edge("any_open", to="idle", when=FrozenDict(well=(False,)), data=WELL, outcome="good"),
}
"""Of one trigger. Only the last two can be told apart by data that must be given."""


def having(*edges: Edge) -> Workflow:
    """A workflow with these edges of one trigger, in this order, between those of others."""
    first, *others = BASE.edges
    return attrs.evolve(BASE, edges=(first, *edges, *others))


def version(names: str) -> Workflow:
    return having(*(POOL[one] for one in names))


FEW = ["".join(one) for many in range(3) for one in permutations(POOL, many)]
THREE = ["".join(one) for one in permutations(POOL, 3)]
SAME = [(old, new) for old in THREE for new in THREE if set(old) == set(new) and old < new]
NARROW = [edge("idle", outcome=word) for word in ("good", "bad")]
WIDE = [attrs.evolve(one, sources=("idle", "busy")) for one in NARROW]
ORDERS = {
    "edges of which two take what a third was for": (having(*NARROW, POOL["b"]), having(*WIDE, POOL["b"])),
} | {
    f"edges {old or 'none'} and {new or 'none'}": (version(old), version(new))
    for old, new in [*((old, new) for old in FEW for new in FEW if old < new), *SAME]
}


@pytest.mark.parametrize(("old", "new"), SAME)
def test_the_same_edges_in_another_order_differ_in_that_alone(old: str, new: str) -> None:
    """Of edges that are all still there, wherever they stand, none is told as changed, added or removed."""
    told = diff(version(old), version(new))
    assert {"changed"} == {one.kind for one in told}
    assert {"order", "asked-first"} >= {one.reason for one in told}
