"""Coverage of a lifecycle: what there is in a workflow, what of it was exercised, and the report of the difference.

    states   a state of the pilot, or of a track, that a pilot was in
    edges    an edge that was accepted, with all its signatures
    guards   a guard that was asked by a command, and passed; and one that blocked (or warned)
    clocks   a reminder, an escalation, a signal, a trigger of a clock that was done

An item is a name in a group. A workflow is told from another one of its name by its content hash, so that a test of a
changed copy counts for the copy alone. What watches an engine is `covering_watch`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import Factory, define

from proeftuin.core.graph import lifecycle
from proeftuin.core.moments import Moment, moments_of, said
from proeftuin.core.workflow import Clock, Edge, FieldRef, GuardUse, Workflow

GROUPS = ("states", "edges", "guards", "clocks")
PASSED, BLOCKED = "passed", "blocked"
SHORT = 12  # how much of a hash is shown
WIDTH = 118

Place = tuple[str | None, int]  # the track kind, None for the pilot, and the number of the edge in it


class Names:
    """What each part of a workflow is called in a report.

    Args:
        workflow: whose parts.

    Attributes:
        edges: by place; `guards` by place and number, those of `require` first.
        clocks: by the clock's name with the end of the term's key, and the name of the moment.
    """

    def __init__(self, workflow: Workflow) -> None:
        self.workflow = workflow
        self.states = [_on(kind, one) for kind in self.kinds for one in lifecycle(workflow, kind)[0]]
        self.edges: dict[Place, str] = {}
        self.guards: dict[tuple[Place, int], str] = {}
        for kind in self.kinds:
            edges = lifecycle(workflow, kind)[1]
            for number, (edge, name) in enumerate(zip(edges, _edge_names(edges), strict=True)):
                place = kind, number
                self.edges[place] = _on(kind, name)
                for at, use in enumerate(_guard_names(edge.uses)):
                    self.guards[place, at] = f"{_on(kind, name)}: {use}"
        self.clocks = {
            (term, moment.name): f"{term}: {_moment(moment)}"
            for clock, one in workflow.clocks.items()
            for term in _terms(clock, one)
            for moment in moments_of(workflow, one)
        }

    @property
    def kinds(self) -> tuple[str | None, ...]:
        """The kinds of tracks, and None for the pilot before them."""
        return (None, *self.workflow.tracks)

    def all(self) -> dict[str, list[str]]:
        """Return every item, per group, in the order of the file."""
        guards = [f"{name} {outcome}" for outcome in (PASSED, BLOCKED) for name in self.guards.values()]
        return {
            "states": self.states,
            "edges": ["start", *self.edges.values()],
            "guards": guards,
            "clocks": list(self.clocks.values()),
        }


def _on(kind: str | None, name: str) -> str:
    return name if kind is None else f"{kind}: {name}"


def _edge_names(edges: Iterable[Edge]) -> list[str]:
    """Return the trigger of each edge, with what tells it from another one of the same trigger."""
    edges = tuple(edges)
    many = Counter(edge.trigger for edge in edges)
    names = [edge.trigger + _choice(edge) for edge in edges]
    alike = Counter(names)
    far = [
        f"{name} from {'|'.join(edge.sources)}" if many[edge.trigger] > 1 and alike[name] > 1 else name
        for edge, name in zip(edges, names, strict=True)
    ]
    return list(_numbered(far))


def _choice(edge: Edge) -> str:
    held = [f"{name}={'|'.join(map(str, values))}" for name, values in edge.when.items()]
    return f" [{', '.join(held)}]" if held else ""


def _guard_names(uses: Iterable[GuardUse]) -> list[str]:
    return list(_numbered([" ".join(filter(None, (use.name, use.params.get("code")))) for use in uses]))


def _numbered(names: Iterable[str]) -> Iterator[str]:
    seen: Counter[str] = Counter()
    for name in names:
        seen[name] += 1
        yield name if seen[name] == 1 else f"{name} ({seen[name]})"


def _terms(name: str, clock: Clock) -> list[str]:
    """Return a clock's name once for each due day that it has, with what its terms are told apart by."""
    offsets = () if isinstance(clock.due, FieldRef) else clock.due
    return [f"{name}:{said(one)}" for one in offsets] if len(offsets) > 1 else [name]


def _moment(moment: Moment) -> str:
    return moment.name.replace(".", " ")


@define
class Covered:
    """What was exercised of one workflow.

    Attributes:
        workflow: its name and version; `hash` tells it from others of that name, empty where none was used.
        items: what there is, per group; `seen` what was exercised.
    """

    workflow: str
    hash: str
    items: dict[str, list[str]]
    seen: dict[str, set[str]] = Factory(lambda: {group: set() for group in GROUPS})

    @property
    def percent(self) -> float:
        """How much of all items was exercised, 0 to 100; 0 where the workflow was not used at all."""
        whole = sum(len(self.items[group]) for group in GROUPS)
        return 100 * sum(self.count(group) for group in GROUPS) / whole if whole else 0.0

    def count(self, group: str) -> int:
        """Return how many items of a group were exercised."""
        return len(self.seen[group].intersection(self.items[group]))

    def missing(self, group: str) -> list[str]:
        """Return what of a group was not exercised, in the order of the file."""
        return [one for one in self.items[group] if one not in self.seen[group]]

    def told(self) -> dict[str, Any]:
        """Return it as plain values, for another process or a file of JSON."""
        seen = {group: sorted(self.seen[group]) for group in GROUPS}
        return {"workflow": self.workflow, "hash": self.hash, "items": self.items, "seen": seen}

    def take_in(self, told: Mapping[str, Any]) -> None:
        """Add what another process saw of the same workflow."""
        for group in GROUPS:
            self.seen[group].update(told["seen"][group])

    def report(self) -> dict[str, Any]:
        """Return counts and what is missing, as plain values for a file of JSON."""
        groups = {
            group: {"exercised": self.count(group), "all": len(self.items[group]), "missing": self.missing(group)}
            for group in GROUPS
        }
        return {"workflow": self.workflow, "hash": self.hash, "percent": round(self.percent, 2), **groups}

    def lines(self) -> Iterator[str]:
        """Give the report for people."""
        for group in GROUPS:
            all_, done = len(self.items[group]), self.count(group)
            yield f"{group:<8}{done:>5} of {all_:<5}{100 * done / all_ if all_ else 100:>4.0f}%"
        yield f"{'all':<8}{self.percent:>18.1f}%"
        for heading, names in self._lacking():
            yield f"{heading}:"
            yield from _listed(names)

    def _lacking(self) -> Iterator[tuple[str, list[str]]]:
        for group in ("states", "edges", "clocks"):
            if names := self.missing(group):
                yield f"not exercised, {group}", names
        for outcome in (PASSED, BLOCKED):
            if names := [one.removesuffix(f" {outcome}") for one in self.missing("guards") if one.endswith(outcome)]:
                yield f"guards that never {outcome}", names


def _listed(names: Iterable[str]) -> Iterator[str]:
    """Give names in short lists: what belongs to one edge, or clock, on one line."""
    together: dict[str, list[str]] = {}
    for name in names:
        head, separator, tail = name.rpartition(": ")
        together.setdefault(head, []).append(tail if separator else name)
    for head, tails in together.items():
        line = f"  {head}: " if head else "  "
        indent = " " * 4
        for number, tail in enumerate(tails):
            if number and len(line) + len(tail) > WIDTH:
                yield line.rstrip()
                line = indent
            line += tail + (", " if number < len(tails) - 1 else "")
        yield line.rstrip()
