"""Lifecycles, made from a workflow file: paths to walk, and random lives to live.

    @pytest.mark.parametrize("path", all_paths("existing-contract"))
    def test_path(path):
        walked = Walker(open_stage(path.workflow)).walk(path)

    TestLife = lifecycle_machine("existing-contract").TestCase

Data is made up from the fields of the workflow and from what its guards ask; what is in the way is lifted by doing what
the engine says would help. `docs/lifecycles.md` tells how to use it. Only the machine needs Hypothesis, and only the
functions that give parameters need pytest.
"""

from typing import TYPE_CHECKING, Any

from proeftuin.testing.lifecycles.hops import Hop
from proeftuin.testing.lifecycles.invariants import INVARIANTS
from proeftuin.testing.lifecycles.pairs import Pair, state_pairs
from proeftuin.testing.lifecycles.paths import Path, all_paths, shortest_paths
from proeftuin.testing.lifecycles.seen import Invariant, Seen, Violated
from proeftuin.testing.lifecycles.stage import Stage, open_stage
from proeftuin.testing.lifecycles.story import Call, Line, Story
from proeftuin.testing.lifecycles.supplying import SUPPLY, Supplier, Wanted
from proeftuin.testing.lifecycles.walking import Stuck, Walked, Walker, walk

if TYPE_CHECKING:
    from proeftuin.testing.lifecycles.machine import Lifecycle, lifecycle_machine

__all__ = [
    "INVARIANTS",
    "SUPPLY",
    "Call",
    "Hop",
    "Invariant",
    "Lifecycle",
    "Line",
    "Pair",
    "Path",
    "Seen",
    "Stage",
    "Story",
    "Stuck",
    "Supplier",
    "Violated",
    "Walked",
    "Walker",
    "Wanted",
    "all_paths",
    "lifecycle_machine",
    "open_stage",
    "shortest_paths",
    "state_pairs",
    "walk",
]


def __getattr__(name: str) -> Any:  # whatever the public name is
    """Import what needs Hypothesis when it is asked for."""
    if name not in {"Lifecycle", "lifecycle_machine"}:
        message = f"module 'proeftuin.testing.lifecycles' has no attribute {name!r}"
        raise AttributeError(message)
    from proeftuin.testing.lifecycles import machine  # noqa: PLC0415  # the one module that needs Hypothesis

    return getattr(machine, name)
