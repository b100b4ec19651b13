"""The shape of each lifecycle: states that cannot be reached, left, or finished."""

from collections.abc import Iterable, Mapping

from proeftuin.core import graph
from proeftuin.core.lint._report import Report
from proeftuin.core.lint._scope import Path, Scope

MOVES = ("from", "to", "opens", "falls")
"""The keys of edges that say what leads where."""


def entries(scope: Scope, kind: str | None) -> tuple[str, ...]:
    """Return the states in which a lifecycle begins."""
    if kind is None:
        return (scope.workflow.start.to,)
    own = [str(place.edge.to) for place in scope.places if place.edge.opener == kind]
    beside = [one.to for place in scope.places if (one := place.edge.beside) is not None and one.track == kind]
    return tuple(dict.fromkeys((*own, *beside)))


def _closure(moves: Mapping[str, Iterable[str]], begin: Iterable[str]) -> frozenset[str]:
    """Return all states that can be reached from some, themselves included."""
    found = {state for state in begin if state in moves}
    rest = list(found)
    while rest:
        for state in moves[rest.pop()]:
            if state not in found and state in moves:
                found.add(state)
                rest.append(state)
    return frozenset(found)


def reachable(scope: Scope, kind: str | None) -> frozenset[str]:
    """Return the states of a lifecycle that can be reached."""
    return _closure(graph.moves(scope.workflow, kind), entries(scope, kind))


def check(scope: Scope, report: Report) -> None:
    """Check the pilot's lifecycle and those of its tracks."""
    for kind in (None, *scope.workflow.tracks) if not scope.unsure(report, *MOVES) else ():
        path: Path = () if kind is None else ("tracks", kind)
        if kind is not None and not entries(scope, kind):
            report.error("never-opened", f"no edge opens a `{kind}`; add one with `opens: {kind}`", *path)
            continue
        _lifecycle(scope, report, kind, (*path, "states"))


def _reversed(moves: Mapping[str, Iterable[str]]) -> Mapping[str, list[str]]:
    back: dict[str, list[str]] = {name: [] for name in moves}
    for name, nexts in moves.items():
        for other in nexts:
            back.setdefault(other, []).append(name)
    return back


def _lifecycle(scope: Scope, report: Report, kind: str | None, path: Path) -> None:
    states, moves = scope.states(kind), graph.moves(scope.workflow, kind)
    ends = {name for name, state in states.items() if state.final or state.done}
    reached = reachable(scope, kind)
    for name in states:
        if name not in reached:
            report.error("unreachable-state", f"nothing leads to `{name}`; add an edge, or remove it", *path, name)
    if not ends:
        if kind is None:
            report.error("no-end", "no state is final, so a pilot could never be closed; mark one `final: true`", *path)
        return
    finishing = _closure(_reversed(moves), ends)
    for name in states:
        if name in ends or name not in reached:
            continue
        if not set(moves[name]) - {name}:
            report.error("dead-end", f"nothing leads away from `{name}`; add an edge, or make it an end", *path, name)
        elif name not in finishing:
            report.error("no-way-out", f"from `{name}` no end can be reached; add an edge", *path, name)
