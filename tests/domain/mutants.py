"""Sabotaged workflows: one thing at a time removed from a workflow, so that the tables can be tested themselves."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from attrs import evolve, fields, frozen

from proeftuin.core.frozen import EMPTY, FrozenDict
from proeftuin.core.guards import BUILT_IN, Param
from proeftuin.core.workflow import Edge, Field, RecordOp, Workflow

T = TypeVar("T", Edge, Field, RecordOp)


@frozen
class Mutant:
    """A workflow with one thing removed.

    Attributes:
        place: where, an edge, a record type, or another declaration: `supplier.invite`, `pilot.conclude.embedded`.
        what: what was removed there, `require commitment`.
        kind: which kind of thing.
        trigger: the trigger whose rules it breaks first.
    """

    place: str
    what: str
    kind: str
    trigger: str
    workflow: Workflow

    @property
    def name(self) -> str:
        """What was removed, as one text: `supplier.invite require commitment`."""
        return f"{self.place} {self.what}".rstrip()


def _without(values: tuple[Any, ...], place: int) -> tuple[Any, ...]:
    return values[:place] + values[place + 1 :]


def _less(values: Mapping[str, Any], name: str) -> FrozenDict:
    return FrozenDict({key: value for key, value in values.items() if key != name})


def _changed(whole: T, part: str, value: Any) -> T:
    """A copy of a frozen value with one attribute, named by a word, changed."""
    changes: dict[str, Any] = {part: value}
    return evolve(whole, **changes)


def _op_parts(op: RecordOp) -> Iterator[tuple[str, RecordOp]]:
    """Give an op with one of its parts removed; without its verb it would be none."""
    for part in fields(RecordOp):
        value = getattr(op, part.name)
        if part.name in {"add", "change", "end"} or value == part.default:
            continue
        if isinstance(value, Mapping):
            for name in value:
                yield f"{part.name} {name}", _changed(op, part.name, _less(value, name))
        elif isinstance(value, tuple):
            for place, name in enumerate(value):
                if len(value) > 1 or part.name == "same":
                    yield f"{part.name} {name}", _changed(op, part.name, _without(value, place))
        else:
            yield part.name, _changed(op, part.name, None)


def _field_parts(field: Field) -> Iterator[tuple[str, Field]]:
    if field.required:
        yield "required", evolve(field, required=False)
    if field.required_when:
        yield "required_when", evolve(field, required_when=EMPTY)
    if field.not_after:
        yield "not_after", evolve(field, not_after=None)
    for bound in ("min", "max") if field.type != "text" else ():  # how long a text may be is no rule of the domain
        if getattr(field, bound) is not None:
            yield bound, _changed(field, bound, None)
    if isinstance(field.of, tuple):
        for place, choice in enumerate(field.of):
            yield f"choice {choice}", evolve(field, of=_without(field.of, place))
    if field.by_engine:
        yield "by_engine", evolve(field, by_engine=False)


def _listed(edge: Edge) -> Iterator[tuple[str, str, Edge]]:
    """Give an edge without one item of one of its lists."""
    for part in ("allow", "sign", "require", "advise", "records", "sources", "during"):
        values = getattr(edge, part)
        for place, value in enumerate(values):
            if part == "sources" and len(values) == 1:
                continue  # that is the edge itself
            if part == "during" and len(values) == 1:
                other = ("any_open",) if value == "any" else ("any",)
                yield part, str(value), evolve(edge, during=other)
                continue
            word = getattr(value, "name", None) or (_op_name(value) if isinstance(value, RecordOp) else str(value))
            yield (
                part,
                f"{word}.{place}" if part == "require" else word,
                _changed(edge, part, _without(values, place)),
            )
    for place, op in enumerate(edge.records):
        for name, changed in _op_parts(op):
            records = (*edge.records[:place], changed, *edge.records[place + 1 :])
            yield "op part", f"{_op_name(op)} {name}", evolve(edge, records=records)


def _parameters(edge: Edge) -> Iterator[tuple[str, str, Edge]]:
    """Give an edge with one parameter of one of its guards removed."""
    for part in ("require", "advise"):
        for place, use in enumerate(getattr(edge, part)):
            for name, given in use.params.items():
                if BUILT_IN[use.name].params.get(name, Param("text")).default == given:
                    continue  # the file says for its readers what the guard takes by itself
                changed = evolve(use, params=_less(use.params, name))
                uses = (*getattr(edge, part)[:place], changed, *getattr(edge, part)[place + 1 :])
                yield "guard parameter", f"{use.name} {name}", _changed(edge, part, uses)


def _op_name(op: RecordOp) -> str:
    return next(f"{verb} {getattr(op, verb)}" for verb in ("add", "change", "end", "correct") if getattr(op, verb))


def _single(edge: Edge) -> Iterator[tuple[str, str, Edge]]:
    """Give an edge without one of its single attributes, or one entry of its mappings."""
    for part in ("hold", "outcome", "cycle", "paused", "to", "starts", "snooze", "refuse", "falls"):
        value = getattr(edge, part)
        if value is not None and not (part == "to" and (value == "same" or edge.opener)):
            yield part, str(value if isinstance(value, str) else ""), _changed(edge, part, None)
    if edge.beside is not None:
        yield "opens", edge.beside.track, evolve(edge, opens=None)
    for part in ("when", "set", "data"):
        for name in getattr(edge, part):
            yield part, name, _changed(edge, part, _less(getattr(edge, part), name))
    for name, held in edge.when.items():
        for place, value in enumerate(held) if len(held) > 1 else ():
            when = FrozenDict({**edge.when, name: _without(held, place)})
            yield "when value", f"{name} {value}", evolve(edge, when=when)
    for name, field in edge.data.items():
        for what, changed in _field_parts(field):
            yield "field", f"{name} {what}", evolve(edge, data=FrozenDict({**edge.data, name: changed}))


def label(edge: Edge, edges: tuple[Edge, ...]) -> str:
    """The trigger, and what tells its edges apart where there are several."""
    if sum(one.trigger == edge.trigger for one in edges) == 1:
        return edge.trigger
    picks = next(iter(edge.when.values()), edge.sources)
    return f"{edge.trigger}.{picks[0]}"


def _on_edges(workflow: Workflow, kind: str | None) -> Iterator[Mutant]:
    edges = workflow.edges if kind is None else workflow.tracks[kind].edges
    for place, edge in enumerate(edges):
        where = f"{kind or 'pilot'}.{label(edge, edges)}"
        yield Mutant(where, "", "edge", edge.trigger, with_edges(workflow, kind, _without(edges, place)))
        for part, word, changed in (*_listed(edge), *_parameters(edge), *_single(edge)):
            new = (*edges[:place], changed, *edges[place + 1 :])
            yield Mutant(where, f"{part} {word}", part, edge.trigger, with_edges(workflow, kind, new))


def with_edges(workflow: Workflow, kind: str | None, edges: tuple[Edge, ...]) -> Workflow:
    """The workflow with other edges, of the pilot or of a track kind."""
    if kind is None:
        return evolve(workflow, edges=edges)
    changed = evolve(workflow.tracks[kind], edges=edges)
    return evolve(workflow, tracks=FrozenDict({**workflow.tracks, kind: changed}))


def without_guard(workflow: Workflow, kind: str | None, edge: int, part: str, place: int) -> Workflow:
    """The workflow with one use of a guard left out."""
    edges = workflow.edges if kind is None else workflow.tracks[kind].edges
    changed = _changed(edges[edge], part, _without(getattr(edges[edge], part), place))
    return with_edges(workflow, kind, (*edges[:edge], changed, *edges[edge + 1 :]))


def _trigger_of(workflow: Workflow, record: str) -> str:
    """A trigger that adds a record of this type."""
    for edge in (*workflow.edges, *(edge for kind in workflow.tracks.values() for edge in kind.edges)):
        if any(op.add == record for op in edge.records):
            return edge.trigger
    return ""


def _on_records(workflow: Workflow) -> Iterator[Mutant]:
    for name, record in workflow.records.items():
        trigger = _trigger_of(workflow, name)
        for key, field in record.fields.items():
            less = evolve(record, fields=_less(record.fields, key))
            changes = [("", less)] if not field.by_engine else []
            changes += [
                (what, evolve(record, fields=FrozenDict({**record.fields, key: changed})))
                for what, changed in _field_parts(field)
                if not (field.by_engine and what.startswith("choice"))
            ]
            for what, changed in changes:
                records = FrozenDict({**workflow.records, name: changed})
                yield Mutant(
                    f"records.{name}", f"{key} {what}".rstrip(), "field", trigger, evolve(workflow, records=records)
                )
        if record.keep != "all":
            records = FrozenDict({**workflow.records, name: evolve(record, keep="all")})
            yield Mutant(f"records.{name}", "keep", "keep", trigger, evolve(workflow, records=records))


def _allowing(workflow: Workflow, role: str) -> str:
    """The first trigger that names a role or group."""
    edges = (*workflow.edges, *(edge for kind in workflow.tracks.values() for edge in kind.edges))
    return next((edge.trigger for edge in edges if role in (*edge.allow, *edge.sign)), "")


def _on_people(workflow: Workflow) -> Iterator[Mutant]:
    for name, role in workflow.roles.items():
        if role.excludes:
            roles = FrozenDict({**workflow.roles, name: evolve(role, excludes=())})
            yield Mutant(f"roles.{name}", "excludes", "role", "record_decision", evolve(workflow, roles=roles))
        if role.side:
            roles = FrozenDict({**workflow.roles, name: evolve(role, side=None)})
            yield Mutant(f"roles.{name}", "side", "role", _allowing(workflow, name), evolve(workflow, roles=roles))
    for name, members in workflow.groups.items():
        for place, member in enumerate(members):
            groups = FrozenDict({**workflow.groups, name: _without(members, place)})
            first = _allowing(workflow, name)
            yield Mutant(f"groups.{name}", member, "role", first, evolve(workflow, groups=groups))
    for place, starter in enumerate(workflow.start.allow):
        start = evolve(workflow.start, allow=_without(workflow.start.allow, place))
        yield Mutant("start", f"allow {starter}", "allow", "start", evolve(workflow, start=start))


def _on_states(workflow: Workflow) -> Iterator[Mutant]:
    for key, kind in workflow.tracks.items():
        for name, state in kind.states.items():
            if state.done:
                states = FrozenDict({**kind.states, name: evolve(state, done=False)})
                tracks = FrozenDict({**workflow.tracks, key: evolve(kind, states=states)})
                yield Mutant(f"{key}.{name}", "done", "state", "conclude", evolve(workflow, tracks=tracks))


def mutants(workflow: Workflow) -> Iterator[Mutant]:
    """Give every workflow that lacks one thing of this one."""
    for kind in (None, *workflow.tracks):
        yield from _on_edges(workflow, kind)
    yield from _on_records(workflow)
    yield from _on_people(workflow)
    yield from _on_states(workflow)
