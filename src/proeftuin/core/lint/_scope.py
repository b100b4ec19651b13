"""What a workflow declares, gathered once, and its edges with their places."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from attrs import frozen

from proeftuin.core import graph
from proeftuin.core.lint._report import Report
from proeftuin.core.workflow import ANY, ANY_OPEN, Edge, Field, GuardUse, RecordOp, State, Workflow, expand_roles

if TYPE_CHECKING:
    from proeftuin.core.guards import Guard

Path = tuple[str | int, ...]
RELATIONS = ("starter", "adder", "reminded")
SYSTEM = "system"
FEW = 200
MANY_EDGES = 2_000


@frozen(slots=False, eq=False)
class Place:
    """An edge, the track kind that it belongs to (None: the pilot), its path, and the data fields that it takes."""

    edge: Edge
    kind: str | None
    path: Path
    fields: Mapping[str, Field]

    def uses(self) -> Iterator[tuple[GuardUse, Path]]:
        """Give every guard that the edge asks, with its path."""
        falls = self.edge.falls.unless if self.edge.falls is not None else ()
        lists = ((self.edge.require, "require"), (self.edge.advise, "advise"), (falls, "falls", "unless"))
        for uses, *keys in lists:
            yield from ((use, (*self.path, *keys, number)) for number, use in enumerate(uses))


@frozen(slots=False, eq=False)
class Scope:
    """A workflow, the guards there are, and what follows from them."""

    workflow: Workflow
    guards: "Mapping[str, Guard]"

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """All edges, the pilot's first."""
        return tuple(self._places())

    def _places(self) -> Iterator[Place]:
        for kind in (None, *self.workflow.tracks):
            base: Path = () if kind is None else ("tracks", kind)
            for number, edge in enumerate(graph.lifecycle(self.workflow, kind)[1]):
                yield Place(edge, kind, (*base, "edges", number), self.fields_of(edge))

    def fields_of(self, edge: Edge) -> dict[str, Field]:
        """Return the data fields of an edge: those of the records that it adds, and its own."""
        found: dict[str, Field] = {}
        for op in edge.records:
            found |= self._implied(op)
        return found | dict(edge.data)

    def _implied(self, op: RecordOp) -> dict[str, Field]:
        record = self.workflow.records.get(op.add or "")
        if record is None or op.copy is not None:
            return {}
        taken = {*op.set, *op.append, op.number}
        return {name: one for name, one in record.fields.items() if not one.by_engine and name not in taken}

    def states(self, kind: str | None) -> Mapping[str, State]:
        """Return the states of the pilot or of a track kind."""
        return graph.lifecycle(self.workflow, kind)[0]

    def unsure(self, report: Report, *keys: str) -> bool:
        """Whether what edges do, or how a pilot starts, is at fault at one of these keys."""
        wrong = report.wrong()
        return any((*path, key) in wrong for path in (("start",), *(one.path for one in self.places)) for key in keys)

    @cached_property
    def roles(self) -> frozenset[str]:
        """The roles, and the built-in `system`."""
        return frozenset((*self.workflow.roles, SYSTEM))

    @cached_property
    def actors(self) -> frozenset[str]:
        """What `allow` and `sign` may name."""
        return self.roles | {*self.workflow.groups, *RELATIONS}

    @cached_property
    def duties(self) -> frozenset[str]:
        """What somebody may be assigned to: a role, or another choice of a field `duty`."""
        return self.roles | self.assigned

    @cached_property
    def assigned(self) -> frozenset[str]:
        """The choices of every field `duty`."""
        choices = (one.fields["duty"].of for one in self.workflow.records.values() if "duty" in one.fields)
        return frozenset(str(choice) for of in choices if isinstance(of, tuple) for choice in of)

    @cached_property
    def all_states(self) -> frozenset[str]:
        """The states of the pilot and of every track kind."""
        tracks = self.workflow.tracks.values()
        return frozenset(self.workflow.states).union(*(track.states for track in tracks))

    def expand(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Return names with groups replaced by their roles, each once."""
        return expand_roles(self.workflow, names)

    def all_fields(self) -> Iterator[tuple[Path, Mapping[str, Field]]]:
        """Yield every mapping of fields that the file declares, with its path."""
        for name, record in self.workflow.records.items():
            yield ("records", name, "fields"), record.fields
        yield ("start", "data"), self.workflow.start.data
        for place in self.places:
            yield (*place.path, "data"), place.edge.data


STATE_WORDS = frozenset({ANY, ANY_OPEN})


def too_many(scope: Scope, report: Report) -> None:
    """Refuse what is larger than a lifecycle can sensibly be, before anything is compared with anything."""
    workflow = scope.workflow
    sizes: list[tuple[Path, int, int]] = [
        ((name,), len(getattr(workflow, name)), FEW) for name in ("roles", "groups", "records", "states", "clocks")
    ]
    sizes.append((("tracks",), len(workflow.tracks), 50))
    sizes += [(("tracks", name, "states"), len(kind.states), FEW) for name, kind in workflow.tracks.items()]
    edges = len(workflow.edges) + sum(len(kind.edges) for kind in workflow.tracks.values())
    sizes.append((("edges",), edges, MANY_EDGES))
    for path, size, most in sizes:
        if size > most:
            report.error("too-many", f"there are {size} of these, and at most {most} are allowed", *path)
    counts: dict[tuple[str | None, str], int] = {}
    for kind in (None, *workflow.tracks):
        for edge in graph.lifecycle(workflow, kind)[1]:
            counts[kind, edge.trigger] = counts.get((kind, edge.trigger), 0) + 1
    for (kind, trigger), size in counts.items():
        if size > FEW:
            path = ("edges",) if kind is None else ("tracks", kind, "edges")
            report.error("too-many", f"`{trigger}` has {size} edges, and at most {FEW} are allowed", *path)
