"""Random workflows, built from the classes of the core: several states, roles, triggers, track kinds and records.

They are valid by construction (a test holds lint to that): a spine of `advance` leads every lifecycle to its end, and
the edges of one trigger are told apart by `from`, `while` or `when`. `plain` ones have states, roles, conditions and
gates only, which is what `transitions` knows too; the others also pause, sign, count cycles and keep records.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import pairwise
from typing import Any

import attrs

from proeftuin.core.commands import Blocker, Need
from proeftuin.core.frozen import EMPTY, FrozenDict
from proeftuin.core.guards import Guard, Param, Question, guard
from proeftuin.core.workflow import (
    ANY,
    ANY_OPEN,
    PREVIOUS,
    SAME,
    Edge,
    Falls,
    Field,
    FieldRef,
    GuardUse,
    Opens,
    RecordOp,
    RecordType,
    Role,
    Start,
    Starts,
    State,
    TrackKind,
    Workflow,
)
from proeftuin.definitions import dump
from tests.property.source import Source

GATES = ("g1", "g2", "g3")
WAYS = ("left", "right", "ahead")
PHASES = ("exploration", "commitment", "supplier_talks", "implementation", "evaluation")
ZONES = ("Europe/Amsterdam", "UTC", "Pacific/Kiritimati", "America/Los_Angeles")
TRIGGERS = ("advance", "turn", "return", "leap", "note", "tell")

Name = Callable[[str], str]


@guard(name="gate", reads=("gates",), codes=("gate-shut",), key=Param("text", required=True))
def gate(question: Question) -> Blocker | None:
    """The data names this gate, or it stays shut."""
    key = question.params["key"]
    if key in question.data.get("gates", ()):
        return None
    need = Need("again", data=FrozenDict({**question.data, "gates": GATES}))
    return Blocker("gate-shut", FrozenDict({"key": key}), needs=(need,))


GUARDS: Mapping[str, Guard] = FrozenDict(gate=gate)

RECORDS = {
    "fact": RecordType(
        label=FrozenDict(en="Fact", nl="Feit"),
        fields=FrozenDict(
            kind=Field("choice", required=True, of=("hard", "soft")),
            note=Field("text"),
            weight=Field("decimal", min="0", max="100"),
            count=Field("integer", required_when=FrozenDict(kind=("hard",))),
            sure=Field("boolean"),
            day=Field("date", not_after="today"),
            rows=Field("list", of=FrozenDict(person=Field("person", required=True), share=Field("decimal"))),
            sums=Field("map", of="integer", keys=("one", "two")),
            remark=Field("text", by_engine=True),
        ),
    ),
    "place": RecordType(
        label=FrozenDict(en="Place", nl="Plek"),
        fields=FrozenDict(
            participant=Field("subject", required=True),
            hours=Field("decimal", min="1", max="40", required=True),
            start=Field("date", required=True),
            end=Field("date"),
            log=Field("list", of=FrozenDict({"from": Field("date"), "hours": Field("decimal")}), by_engine=True),
        ),
        interval=("start", "end"),
    ),
}


def random_workflow(source: Source, *, plain: bool = False, name: Name = str) -> Workflow:
    """Make up a workflow; `name` renames its states, triggers, roles and track kinds."""
    return _Maker(source, plain, name).workflow()


@attrs.frozen
class _Family:
    """The edges of one trigger in one lifecycle: which of the fields they take that `when` can tell them apart by."""

    trigger: str
    kind: str | None
    fields: Mapping[str, Field]


class _Maker:
    def __init__(self, source: Source, plain: bool, name: Name) -> None:  # noqa: FBT001  # private, one caller
        self.source = source
        self.plain = plain
        self.name = name
        self.label = FrozenDict(en="Some", nl="Iets")
        self.roles = tuple(map(name, ("runner", "chair", "seller", "helper")))
        self.states: dict[str, State] = {}
        self.kinds: dict[str, dict[str, State]] = {}
        self.records: dict[str, RecordType] = {}

    def workflow(self) -> Workflow:
        source, label, (runner, chair, seller, helper) = self.source, self.label, self.roles
        self.states = self._states()
        self.kinds = {self.name(f"kind{number}"): self._track_states() for number in range(source.below(3))}
        if not self.plain:
            keep = source.pick(("all", "open", "latest", "30 days"))
            self.records = {**RECORDS, "fact": attrs.evolve(RECORDS["fact"], keep=keep)}
        first = next(iter(self.states))
        made = Workflow(
            format=1,
            name="made-up",
            version=1,
            label=label,
            timezone=source.pick(ZONES),
            roles=FrozenDict(
                {
                    runner: Role(label, "client"),
                    chair: Role(label, "client", () if self.plain or source.chance(50) else (runner,)),
                    seller: Role(label, "supplier"),
                    helper: Role(label),
                }
            ),
            groups=FrozenDict({self.name("all"): self.roles}),
            records=FrozenDict(self.records),
            start=Start(first, (runner, chair), FrozenDict(title=Field("text", required=True))),
            states=FrozenDict(self.states),
            edges=tuple(self._lifecycle(None, self.states)),
            tracks=FrozenDict({kind: self._track(kind, own) for kind, own in self.kinds.items()}),
        )
        return attrs.evolve(made, hash=sha256(dump(made)).hexdigest())

    # -- lifecycles ------------------------------------------------------------------------------------------------

    def _states(self) -> dict[str, State]:
        count = self.source.between(1, 4)
        ends = [self.name(one) for one in ("done", "gone")[: self.source.between(1, 2)]]
        phases = self.source.pick((PHASES, tuple(reversed(PHASES))))
        found = {self.name(f"s{number}"): State(self.label, phases[number]) for number in range(count)}
        return found | {end: State(self.label, "closed", final=True) for end in ends}

    def _track_states(self) -> dict[str, State]:
        count = self.source.between(1, 4)
        found = {self.name(f"p{number}"): State(self.label) for number in range(count)}
        return found | {self.name("over"): State(self.label, done=True)}

    def _track(self, kind: str, states: Mapping[str, State]) -> TrackKind:
        from_key = self.source.chance(70)
        edges = [*self._openers(kind, states, from_key=from_key), *self._lifecycle(kind, states)]
        return TrackKind(self.label, FrozenDict(states), tuple(edges), "key" if from_key else "party")

    def _openers(self, kind: str, states: Mapping[str, State], *, from_key: bool) -> Iterator[Edge]:
        family = self._family(self.name(f"open_{kind.rpartition('.')[2]}"), kind)
        late = self.source.chance(30)  # whose it is comes with a later trigger, if it comes
        party = EMPTY if from_key else {"party": Field("party", required=not late)}
        opened = [tuple(self.states)] if self.source.chance(50) else self.source.split(tuple(self.states), 2)
        places = [(during, when) for during in opened for when in self._conditions(family)]
        for number, (during, when) in enumerate(places):
            edge = self._edge(family, (), when, during)
            to = self.source.pick(tuple(states)) if number else next(iter(states))
            yield attrs.evolve(edge, opens=kind, to=to, data=FrozenDict({**edge.data, **party}))

    def _lifecycle(self, kind: str | None, states: Mapping[str, State]) -> Iterator[Edge]:
        names = tuple(states)
        spine = _Family(self.name("advance"), kind, self._fields())
        ends = [name for name, state in states.items() if state.final or state.done]
        for here, there in pairwise(names):
            if here not in ends:
                to = self.source.pick(ends) if there in ends or (here == names[len(names) - len(ends) - 1]) else there
                yield attrs.evolve(self._edge(spine, (here,), EMPTY, self._during(kind)), to=to)
        if len(ends) > 1:
            yield attrs.evolve(self._edge(self._family(self.name("drop"), kind), (names[0],), EMPTY, ()), to=ends[0])
            yield attrs.evolve(self._edge(self._family(self.name("fail"), kind), (names[0],), EMPTY, ()), to=ends[1])
        for trigger in self.source.some(TRIGGERS[1:], 60):
            yield from self._several(self._family(self.name(trigger), kind), states)
        if not self.plain and kind is None:
            yield from self._holds()

    def _several(self, family: _Family, states: Mapping[str, State]) -> Iterator[Edge]:
        """The edges of one trigger, no two of which can both hold."""
        ends = {name for name, state in states.items() if state.final}
        chosen = self.source.some(tuple(states), 70) or tuple(states)[:1]
        groups: Sequence[tuple[str, ...]] = self.source.split(chosen, 3)
        if self.source.chance(15):
            groups = [(ANY_OPEN if family.kind is None else ANY,)]
        for sources in groups:
            for during in self._whiles(family.kind):
                for when in self._conditions(family):
                    edge = self._edge(family, sources, when, during)
                    made = attrs.evolve(edge, to=None) if ends.intersection(sources) else edge
                    yield made if self.plain else self._refusing(self._falling(made, family.kind))

    def _whiles(self, kind: str | None) -> list[tuple[str, ...]]:
        """On a track's edge: the pilot's states that tell its edges apart, or one choice of them."""
        if kind is not None and self.source.chance(30):
            return self.source.split(tuple(self.states), 2)
        return [self._during(kind)]

    def _during(self, kind: str | None) -> tuple[str, ...]:
        if kind is None:
            return ()
        return self.source.pick([(), (ANY_OPEN,), (ANY,), self.source.some(tuple(self.states), 70)])

    def _conditions(self, family: _Family) -> list[FrozenDict]:
        """The `when` of each edge: each value of a field is for one of them."""
        name = next(iter(name for name in family.fields if name in {"way", "flag"}), None)
        if name is None:
            return [EMPTY]
        values: tuple[Any, ...] = WAYS if name == "way" else (True, False)
        return [FrozenDict({name: held}) for held in self.source.split(values, 2)]

    # -- edges -----------------------------------------------------------------------------------------------------

    def _fields(self) -> FrozenDict:
        return FrozenDict(gates=Field("list", of=GATES))

    def _family(self, trigger: str, kind: str | None) -> _Family:
        told = self.source.pick((None, None, "way", "flag"))
        fields = dict(self._fields())
        if told == "way":
            fields["way"] = Field("choice", required=True, of=WAYS)
        elif told == "flag":
            fields["flag"] = Field("boolean", required=True)
        return _Family(trigger, kind, FrozenDict(fields))

    def _edge(self, family: _Family, sources: tuple[str, ...], when: FrozenDict, during: tuple[str, ...]) -> Edge:
        source = self.source
        signed = not self.plain and sources != () and source.chance(10)
        require = [GuardUse("gate", FrozenDict(key=one, code=f"shut-{one}")) for one in source.some(GATES, 15)]
        made = Edge(
            trigger=family.trigger,
            allow=() if signed else self._allow(),
            sign=self.roles[1:3] if signed else (),
            sources=sources,
            during=during if family.kind is not None else (),
            when=when,
            to=self._to(family.kind, sources),
            require=tuple(require),
            data=family.fields,
        )
        return made if self.plain else self._enriched(family, made)

    def _allow(self) -> tuple[str, ...]:
        if self.source.chance(10):
            return ("starter", self.roles[0])
        if self.source.chance(15):
            return (self.name("all"),)
        return self.source.some(self.roles, 40) or self.roles[:1]

    def _to(self, kind: str | None, sources: tuple[str, ...]) -> str | None:
        own = tuple(self.states if kind is None else self.kinds[kind])
        if not sources:
            return own[0]
        if kind is not None and self.source.chance(25):
            return PREVIOUS
        return self.source.pick([None, SAME, *own, *own])

    def _enriched(self, family: _Family, edge: Edge) -> Edge:
        """Add what only our own core knows: records, guards on them, what a move sets."""
        source = self.source
        ops, fields = self._ops(family.kind) if source.chance(40) else ((), EMPTY)
        marks = {"mark": "set"} if source.chance(15) else {}
        way: Mapping[str, FieldRef] = {"mark": FieldRef("way")} if "way" in family.fields and source.chance(30) else {}
        pilots = family.kind is None
        starters = edge.allow and {*edge.allow} <= {*self.roles[:2]}  # who may also start a pilot
        return attrs.evolve(
            edge,
            records=ops,
            data=FrozenDict({**edge.data, **fields}),
            require=(*edge.require, *self._gates()),
            advise=tuple(self._gates()),
            set=FrozenDict({**marks, **way}),
            paused="allowed" if source.chance(25) else None,
            cycle="next" if pilots and source.chance(8) else None,
            outcome="fine" if pilots and edge.to in {self.name("done"), self.name("gone")} else None,
            starts=self._starts() if pilots and starters and source.chance(20) else None,
        )

    def _falling(self, edge: Edge, kind: str | None) -> Edge:
        """On a track it may fall, and be somebody else's; anywhere it may open a track beside its own."""
        source = self.source
        if kind is not None and source.chance(12):
            unless = (GuardUse("has", FrozenDict(record="fact", code="missing-fact")), *self._gates())
            edge = attrs.evolve(edge, falls=Falls(source.pick(tuple(self.kinds[kind])), unless))
        if kind is not None and source.chance(10):
            edge = attrs.evolve(edge, data=FrozenDict({**edge.data, "party": Field("party")}))
        if self.kinds and edge.starts is None and source.chance(8):
            other = source.pick(tuple(self.kinds))
            fields = {"deal": Field("new_track", required=True), "party": Field("party", required=True)}
            opens = Opens(other, "deal", source.pick(tuple(self.kinds[other])))
            ops = tuple(attrs.evolve(op, track="deal") if op.add == "fact" else op for op in edge.records)
            edge = attrs.evolve(edge, opens=opens, records=ops, data=FrozenDict({**edge.data, **fields}))
        return edge

    def _refusing(self, edge: Edge) -> Edge:
        """It may be there to say no."""
        if edge.sign or edge.starts or edge.opens or not self.source.chance(4):
            return edge
        return attrs.evolve(edge, refuse="shut-a", to=None, falls=None, set=EMPTY, cycle=None, outcome=None)

    def _starts(self) -> Starts:
        if self.source.chance(15):
            return Starts("made-up")  # without its title it cannot begin
        return Starts("made-up", copy=("title",), set=FrozenDict(title="another"))

    def _gates(self) -> list[GuardUse]:
        possible = (
            GuardUse("has", FrozenDict(record="fact", code="missing-fact")),
            GuardUse("none_open", FrozenDict(record="fact")),
            GuardUse("no_active", FrozenDict(record="place")),
            GuardUse("tracks_done"),
        )
        return list(self.source.some(possible, 6))

    def _ops(self, kind: str | None) -> tuple[tuple[RecordOp, ...], Mapping[str, Field]]:
        hours = {"log": FrozenDict({"from": FieldRef("start"), "hours": FieldRef("hours")})}
        place, fact = Field("record", record="place", required=True), Field("record", record="fact", required=True)
        number = Field("decimal", min="1", max="40", required=True)
        possible: list[tuple[tuple[RecordOp, ...], Mapping[str, Field]]] = [
            ((RecordOp(add="fact"),), EMPTY),
            ((RecordOp(add="place", append=FrozenDict(hours)),), EMPTY),
            ((RecordOp(end="fact", by="fact"),), {"fact": fact}),
            ((RecordOp(end="fact"),), EMPTY),
            ((RecordOp(end="fact", same=("kind",)), RecordOp(add="fact")), EMPTY),
            (
                (RecordOp(end="place", by="place", at="last"),),
                {"place": place, "last": Field("date", required=True)},
            ),
            (
                (RecordOp(change="place", by="place", set=FrozenDict(hours=FieldRef("hours"))),),
                {"place": place, "hours": number},
            ),
        ]
        return self.source.pick(possible)

    def _holds(self) -> Iterator[Edge]:
        runner = self.roles[:1]
        yield Edge(self.name("pause"), runner, (ANY_OPEN,), hold="pause", data=FrozenDict(why=Field("text")))
        yield Edge(self.name("resume"), runner, (ANY_OPEN,), hold="resume", paused="allowed")
        yield Edge(
            self.name("correct"),
            ("adder",),
            (ANY,),
            paused="allowed",
            data=FrozenDict(
                record=Field("record", required=True),
                fields=Field("map", required=True),
                reason=Field("text", required=True),
            ),
            records=(RecordOp(correct=("fact", "place")),),
        )
