"""Paths through a lifecycle: which moves there are, and how far every state is from every other."""

from collections import deque
from collections.abc import Iterable, Mapping

from proeftuin.core.workflow import ANY, ANY_OPEN, PREVIOUS, SAME, Edge, State, Workflow

Moves = Mapping[str, tuple[str, ...]]
Distances = Mapping[str, Mapping[str, int]]


def open_states(states: Mapping[str, State]) -> tuple[str, ...]:
    """Return the states that are not final, in file order."""
    return tuple(name for name, state in states.items() if not state.final)


def expand(names: Iterable[str], states: Mapping[str, State]) -> tuple[str, ...]:
    """Return the states meant by the words of a `from` or `while`: names, `any_open`, `any`."""
    found: dict[str, None] = {}
    for name in names:
        found.update(dict.fromkeys(open_states(states) if name == ANY_OPEN else states if name == ANY else (name,)))
    return tuple(found)


def lifecycle(workflow: Workflow, kind: str | None) -> tuple[Mapping[str, State], tuple[Edge, ...]]:
    """Return states and edges of the pilot (`kind` None) or of a track kind."""
    if kind is None:
        return workflow.states, workflow.edges
    return workflow.tracks[kind].states, workflow.tracks[kind].edges


def named(edge: Edge) -> tuple[str, ...]:
    """Return the states that an edge names: where it leads, and where the track may fall instead."""
    falls = edge.falls.to if edge.falls is not None else None
    states = () if edge.refuse is not None else (edge.to, falls)
    return tuple(state for state in states if state is not None and state not in {SAME, PREVIOUS})


def targets(edge: Edge, source: str, states: Mapping[str, State], edges: Iterable[Edge]) -> tuple[str, ...]:
    """Return where an edge may lead from `source`; `previous` may lead to every state that leads to `source`."""
    back: dict[str, None] = {}
    if edge.to == PREVIOUS and edge.refuse is None:
        for one in edges:
            if source in named(one):
                back.update(dict.fromkeys(state for state in expand(one.sources, states) if state != source))
    return (*back, *named(edge))


def moves(workflow: Workflow, kind: str | None, *, turning: bool = True) -> Moves:
    """Return, per state, the states that are one move away, in file order.

    Args:
        workflow: whose lifecycles.
        kind: of the track, None for the pilot's own.
        turning: whether `previous` counts, as a move to every state that it could lead to.
    """
    states, edges = lifecycle(workflow, kind)
    found: dict[str, dict[str, None]] = {name: {} for name in states}
    back: dict[str, tuple[str, ...]] = {}  # where `previous` leads is the same for every edge, and takes time to find
    for edge in edges:
        if edge.opener is not None or (edge.to == PREVIOUS and not turning):
            continue
        for source in expand(edge.sources, states):
            if source in found and edge.to == PREVIOUS and source in back:
                found[source].update(dict.fromkeys(back[source]))
            elif source in found:
                nexts = targets(edge, source, states, edges)
                found[source].update(dict.fromkeys(nexts))
                if edge.to == PREVIOUS:
                    back[source] = nexts
    return {name: tuple(nexts) for name, nexts in found.items()}


def distances(graph: Moves) -> Distances:
    """Return, per state, the fewest moves to every state that can be reached from it (0 to itself)."""
    found: dict[str, dict[str, int]] = {}
    for start in graph:
        reached = {start: 0}
        queue = deque([start])
        while queue:
            here = queue.popleft()
            for there in graph.get(here, ()):
                if there not in reached:
                    reached[there] = reached[here] + 1
                    queue.append(there)
        found[start] = reached
    return found
