"""A workflow, compiled: every edge a rule, and per state and trigger the rules that leave it.

The table is what `decide` runs on. It is made once per workflow version and never changes; what leaves a state, and in
which order, is read from the machine that `transitions` makes of the same edges (`_machine`).
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from proeftuin.core import graph
from proeftuin.core.frozen import EMPTY, FrozenDict
from proeftuin.core.guards import BUILT_IN, Guard
from proeftuin.core.moments import Clockwork, clockwork
from proeftuin.core.private import Private, private
from proeftuin.core.structs import Inner
from proeftuin.core.workflow import (
    ANY,
    PREVIOUS,
    SAME,
    Edge,
    Field,
    FieldRef,
    GuardUse,
    RecordOp,
    State,
    Workflow,
    expand_roles,
)

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

RELATIONS = ("starter", "adder", "reminded")
SYSTEM = "system"


class Bound(Inner, frozen=True):
    """A guard with the parameters of one use, and the data fields of its edge that it then reads."""

    guard: Guard
    params: FrozenDict
    reads: frozenset[str]
    code: str | None


class Rule(Inner, frozen=True):
    """An edge, compiled.

    Attributes:
        kind: the track kind it belongs to, None for the pilot's own.
        opener: the kind of the track that it begins, None where it belongs to a pilot or track that is there.
        allowed: role and relation names that may fire it, groups expanded, in file order.
        side: the one side that may fire it, None where both may, or somebody without a side.
        sources, during: the states of its own lifecycle, and for a track's edge those of the pilot.
        fields: every field of the data that it takes, and `consumed` those that go into records.
        live: fields whose record must be open.
        personal: whether it touches a record that holds a participant.
        mended: guards of the edges that add what it corrects, which are asked beside those that it names itself.
    """

    edge: Edge
    kind: str | None
    opener: str | None
    allowed: tuple[str, ...]
    side: str | None
    sources: frozenset[str]
    during: frozenset[str]
    fields: Mapping[str, Field]
    consumed: frozenset[str]
    live: frozenset[str]
    personal: bool
    require: tuple[Bound, ...]
    advise: tuple[Bound, ...]
    falls: tuple[Bound, ...]
    mended: tuple[Bound, ...] = ()

    @property
    def moves(self) -> bool:
        """Whether it leads to another state, or opens a track."""
        return self.opener is not None or self.edge.to not in (None, SAME)


Key = tuple[str | None, str]


class Table(Inner, frozen=True, dict=True):
    """A workflow, ready to decide on. Nothing in it ever changes.

    Attributes:
        rules: per (kind, trigger), in file order, without openers; `at` per (kind, state, trigger), from the machine.
        openers: per trigger the rules that open a track.
        excludes: per role those that the same person may not also act in.
        mirrors: per record type the (list, row key, field) that an `add` copies into a list of the record.
        personal: names of the fields that hold a participant; `beginners` the triggers that begin another pilot.
        clockwork: the clocks, by what sets them going.
        private: what is about a participant.
    """

    workflow: Workflow
    zone: "ZoneInfo"
    start: Rule
    rules: Mapping[Key, tuple[Rule, ...]]
    at: Mapping[tuple[str | None, str, str], tuple[Rule, ...]]
    openers: Mapping[str, tuple[Rule, ...]]
    triggers: frozenset[str]
    graphs: Mapping[str | None, graph.Moves]
    distances: Mapping[str | None, graph.Distances]
    excludes: Mapping[str, frozenset[str]]
    every: tuple[Rule, ...]
    mirrors: Mapping[str, tuple[tuple[str, str, str], ...]]
    personal: frozenset[str]
    beginners: frozenset[str]
    clockwork: Clockwork
    private: Private


def _side(workflow: Workflow, allowed: Iterable[str]) -> str | None:
    sides = {workflow.roles[name].side if name in workflow.roles else None for name in allowed}
    return sides.pop() if len(sides) == 1 else None


def _refs(values: Iterable[object]) -> set[str]:
    return {value.field for value in values if isinstance(value, FieldRef)}


def _op_fields(workflow: Workflow, op: RecordOp) -> dict[str, Field]:
    """Return the data fields that an op implies: those of the record that it adds."""
    if op.add is None or op.copy is not None:
        return {}
    taken = {*op.set, *op.append, op.number}
    fields = workflow.records[op.add].fields
    return {name: one for name, one in fields.items() if not one.by_engine and name not in taken}


def _consumed(workflow: Workflow, op: RecordOp) -> set[str]:
    named = {name for name in (op.by, op.copy, op.at, op.track, *op.same) if name is not None}
    named |= _refs(op.set.values()) | {ref for row in op.append.values() for ref in _refs(row.values())}
    if op.correct:
        named |= {"record", "fields", "reason"}
    return named | (set(workflow.records[op.add].fields) if op.add else set())


def _elsewhere(edge: Edge) -> set[str]:
    """Return the data fields that name another track, or another pilot and what it begins with."""
    named = {edge.beside.key} if edge.beside is not None else set()
    return named | (_refs((edge.starts.workflow, *edge.starts.set.values())) if edge.starts is not None else set())


def _touched(op: RecordOp) -> tuple[str, ...]:
    return tuple(name for name in (op.add, op.change, op.end, *op.correct) if name)


def bind(uses: Iterable[GuardUse], guards: Mapping[str, Guard], fields: Mapping[str, Field]) -> tuple[Bound, ...]:
    """Return guards with their parameters, and the fields of this edge that each reads."""
    filled = [(guards[use.name], guards[use.name].filled(use.params)) for use in uses]
    return tuple(
        Bound(guard, params, guard.fields(params) & fields.keys(), params.get("code")) for guard, params in filled
    )


def _mended(workflow: Workflow, edge: Edge, guards: Mapping[str, Guard]) -> Iterable[GuardUse]:
    """Give the guards that judged what an edge corrects when it was added, and want to be asked again.

    Note:
        A file that was published before there were such guards names none of them beside a correction.
    """
    kinds = edge.corrects
    edges = (one for kind in (None, *workflow.tracks) for one in graph.lifecycle(workflow, kind)[1]) if kinds else ()
    for one in edges:
        if any(op.add in kinds for op in one.records):
            again = (use for use in one.require if use.name in guards and guards[use.name].mended)
            yield from (use for use in again if use not in edge.require)


def compile_edge(workflow: Workflow, edge: Edge, kind: str | None, guards: Mapping[str, Guard]) -> Rule:
    """Return the rule of one edge."""
    states, _ = graph.lifecycle(workflow, kind)
    fields: dict[str, Field] = {}
    for op in edge.records:
        fields |= _op_fields(workflow, op)
    fields |= edge.data
    given = FrozenDict({name: one for name, one in fields.items() if not one.by_engine})
    allowed = expand_roles(workflow, edge.sign or edge.allow)
    return Rule(
        edge=edge,
        kind=kind,
        opener=edge.opener,
        allowed=allowed,
        side=_side(workflow, allowed),
        sources=frozenset(graph.expand(edge.sources, states)),
        during=frozenset(graph.expand(edge.during or (ANY,), workflow.states)),
        fields=given,
        consumed=frozenset(edge.data if edge.snooze else _elsewhere(edge)).union(
            *(_consumed(workflow, op) for op in edge.records)
        ),
        live=frozenset(name for op in edge.records if not op.correct for name in (op.by, op.copy) if name),
        personal=any(
            one.type == "subject"
            for op in edge.records
            for name in _touched(op)
            for one in workflow.records[name].fields.values()
        ),
        require=bind(edge.require, guards, given),
        advise=bind(edge.advise, guards, given),
        falls=bind(edge.falls.unless, guards, given) if edge.falls is not None else (),
        mended=bind(dict.fromkeys(_mended(workflow, edge, guards)), guards, given),
    )


def _excludes(workflow: Workflow) -> FrozenDict:
    """Return per role the roles that it cannot go with: an exclusion binds both."""
    pairs: dict[str, set[str]] = {}
    for name, role in workflow.roles.items():
        for other in role.excludes:
            pairs.setdefault(name, set()).add(other)
            pairs.setdefault(other, set()).add(name)
    return FrozenDict({name: frozenset(others) for name, others in pairs.items()})


def _mirrors(workflow: Workflow, rules: Iterable[Rule]) -> FrozenDict:
    """Return per record type the (list, row key, record field) that an `add` copies into a list of the record."""
    found: dict[str, dict[tuple[str, str, str], None]] = {}
    for op in (op for rule in rules for op in rule.edge.records if op.add):
        for name, row in op.append.items():
            for key, value in row.items():
                if isinstance(value, FieldRef) and value.field in workflow.records[str(op.add)].fields:
                    found.setdefault(str(op.add), {})[name, key, value.field] = None
    return FrozenDict({name: tuple(rows) for name, rows in found.items()})


def _index(workflow: Workflow, rules: Iterable[Rule], kind: str | None) -> dict[Any, tuple[Rule, ...]]:
    """Return per (kind, state, trigger) the rules that leave it, as `transitions` orders them."""
    states: Mapping[str, State] = graph.lifecycle(workflow, kind)[0]
    rows: list[tuple[str, str, str | None]] = []
    owners: list[Rule] = []
    for rule in rules:
        to = None if rule.edge.to in (None, SAME, PREVIOUS) else rule.edge.to
        for source in states:
            if source in rule.sources:
                rows.append((rule.edge.trigger, source, to))
                owners.append(rule)
    from proeftuin.core._machine import machine, read  # noqa: PLC0415  # `transitions` is only needed to compile

    table = read(machine(states, rows))
    return {(kind, *place): tuple(owners[number] for number in numbers) for place, numbers in table.items()}


def _zone(name: str) -> "ZoneInfo":
    from zoneinfo import ZoneInfo  # noqa: PLC0415  # only needed to compile

    return ZoneInfo(name)


def _personal(workflow: Workflow, rules: Iterable[Rule]) -> frozenset[str]:
    places = [*(one.fields for one in workflow.records.values()), *(rule.fields for rule in rules)]
    return frozenset(name for fields in places for name, field in fields.items() if field.type == "subject")


def _start(workflow: Workflow, guards: Mapping[str, Guard]) -> Rule:
    begin = workflow.start
    return compile_edge(workflow, Edge("start", begin.allow, to=begin.to, data=begin.data), None, guards)


def compile_workflow(workflow: Workflow, guards: Mapping[str, Guard] = EMPTY) -> Table:
    """Return the table of a workflow that the loader accepted.

    Args:
        workflow: as `load_workflow` gives it.
        guards: the host's guards by name; they may not replace built-in ones.
    """
    known = {**guards, **BUILT_IN}
    rules: dict[Key, list[Rule]] = {}
    openers: dict[str, list[Rule]] = {}
    at: dict[Any, tuple[Rule, ...]] = {}
    every: list[Rule] = []
    kinds = (None, *workflow.tracks)
    for kind in kinds:
        own = [compile_edge(workflow, edge, kind, known) for edge in graph.lifecycle(workflow, kind)[1]]
        for rule in own:
            place = openers.setdefault(rule.edge.trigger, []) if rule.opener else None
            (rules.setdefault((kind, rule.edge.trigger), []) if place is None else place).append(rule)
        at |= _index(workflow, (rule for rule in own if not rule.opener), kind)
        every += own
    start = _start(workflow, known)
    graphs = {kind: graph.moves(workflow, kind) for kind in kinds}
    return Table(
        workflow=workflow,
        zone=_zone(workflow.timezone),
        start=start,
        rules={key: tuple(found) for key, found in rules.items()},
        at=at,
        openers=FrozenDict({name: tuple(found) for name, found in openers.items()}),
        triggers=frozenset(rule.edge.trigger for rule in every),
        graphs=graphs,
        distances={kind: graph.distances(moves) for kind, moves in graphs.items()},
        excludes=_excludes(workflow),
        every=tuple(every),
        mirrors=_mirrors(workflow, every),
        personal=_personal(workflow, every),
        beginners=frozenset(rule.edge.trigger for rule in every if rule.edge.starts),
        clockwork=clockwork(workflow),
        private=private(workflow, (start, *every)),
    )
