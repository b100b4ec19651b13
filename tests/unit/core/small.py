"""A workflow made by hand, small enough to read whole, and a driver that plays it through the core alone."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from attrs import evolve

from proeftuin.core.begin import begin, nothing
from proeftuin.core.commands import Accepted, Actor, Attempt, Blocker, Command, Decision, Option, Pending, Refusal
from proeftuin.core.decide import decide
from proeftuin.core.evolve import replay
from proeftuin.core.frozen import EMPTY, FrozenDict, freeze
from proeftuin.core.guards import Guard, Question, guard
from proeftuin.core.options import explain, options
from proeftuin.core.pilot import Pilot, Record, Track, Visit
from proeftuin.core.settings import Settings
from proeftuin.core.structs import replace
from proeftuin.core.table import Table, compile_workflow
from proeftuin.core.workflow import (
    Edge,
    Field,
    GuardUse,
    RecordOp,
    RecordType,
    Role,
    Start,
    State,
    TrackKind,
    Workflow,
)

if TYPE_CHECKING:
    from proeftuin.core.events import Event

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
TODAY = date(2026, 3, 2)

LEAD = Actor("lead-1", roles={"lead"})
BOARD = Actor("board-1", roles={"board"})
SELLER = Actor("seller-1", roles={"seller"}, party="acme")
OTHER_SELLER = Actor("seller-2", roles={"seller"}, party="other")
WATCHER = Actor("watcher-1", roles={"watcher"})


def said(word: str) -> FrozenDict:
    return FrozenDict(en=word, nl=f"{word} (nl)")


def state(phase: str | None = "exploration", *, final: bool = False, done: bool = False, word: str = "state") -> State:
    return State(said(word), phase, final, done)


def names(*words: str) -> FrozenDict:
    return FrozenDict(dict.fromkeys(words))


def kind(word: str, /, *, keep: str = "all", interval: tuple[str, ...] = (), **fields: Field) -> RecordType:
    return RecordType(FrozenDict(fields), said(word), keep, interval)


def use(name: str, **params: object) -> GuardUse:
    return GuardUse(name, freeze(params))


def edge(trigger: str, source: str | tuple[str, ...] = "any_open", to: str | None = None, **more: Any) -> Edge:
    """An edge that the lead may fire, unless told otherwise."""
    sources = (source,) if isinstance(source, str) else source
    return Edge(trigger, **{"allow": ("lead",), "sources": sources, "to": to, **more})


def opener(trigger: str, to: str, **more: Any) -> Edge:
    return Edge(trigger, **{"allow": ("lead",), "opens": "supplier", "to": to, **more})


def op(**parts: Any) -> RecordOp:
    return RecordOp(**parts)


def supplier(*edges: Edge, party_from: str = "key") -> TrackKind:
    """A kind of track with the states seen, talking, parked, agreed and gone (done)."""
    states = {
        "seen": state(None, word="Seen"),
        "talking": state(None, word="Talking"),
        "parked": state(None, word="Parked"),
        "agreed": state(None, word="Agreed"),
        "gone": state(None, done=True, word="Gone"),
    }
    return TrackKind(said("supplier"), FrozenDict(states), edges, party_from)


TITLE = Field("text", required=True)

BASE = Workflow(
    format=1,
    name="small",
    version=1,
    label=said("small"),
    roles=FrozenDict(
        lead=Role(said("Lead"), "client"),
        board=Role(said("Board"), "client", ("lead",)),
        seller=Role(said("Seller"), "supplier"),
        watcher=Role(said("Watcher")),
        system=Role(said("System")),
    ),
    start=Start("first", ("lead", "watcher", "seller"), FrozenDict(title=TITLE, organisation=Field("text"))),
    states=FrozenDict(
        first=state("exploration", word="First"),
        second=state("commitment", word="Second"),
        third=state("implementation", word="Third"),
        closed=state("closed", final=True, word="Closed"),
    ),
    edges=(edge("advance", "first", "second"),),
    timezone="Europe/Amsterdam",
    groups=FrozenDict(team=("lead", "watcher")),
    hash="ab" * 32,
)


def small(*edges: Edge, **parts: Any) -> Workflow:
    """The base workflow with these edges and parts; mappings are frozen."""
    given: dict[str, Any] = {"edges": edges}
    frozen: dict[str, Any] = dict(parts)
    frozen |= {name: FrozenDict(part) for name, part in parts.items() if isinstance(part, Mapping)}
    return evolve(BASE, **frozen, **(given if edges else {}))


class Watch:
    """A guard that lets everything pass and keeps what it was asked; `mended` as for `guard`."""

    def __init__(self, name: str = "watch", *, mended: bool = False) -> None:
        self.asked: list[Question] = []
        self.guard = guard(name=name, mended=mended)(self._look)

    def _look(self, question: Question) -> None:
        """Keep the question."""
        self.asked.append(question)


class Play:
    """One pilot under a workflow, played in memory: what is decided is folded in at once."""

    def __init__(
        self,
        workflow: Workflow = BASE,
        *,
        guards: Iterable[Guard] = (),
        settings: Settings | None = None,
        by: Actor = LEAD,
        now: datetime = NOW,
    ) -> None:
        self.table: Table = compile_workflow(workflow, {one.name: one for one in guards})
        self.settings = settings or Settings()
        self.now = now
        command = Command("start", freeze({"title": "T"}))
        decision = begin(self.table, Attempt(nothing(self.table, "p1", now), command, by, now, None, self.settings))
        assert isinstance(decision, Accepted), decision
        self.events: list[Event] = list(decision.events)

    @property
    def pilot(self) -> Pilot:
        found = replay(self.events)
        assert found is not None
        return found

    def attempt(
        self,
        trigger: str,
        data: Mapping[str, object] | None = None,
        *,
        by: Actor = LEAD,
        track: str | None = None,
        on: date | None = None,
        now: datetime | None = None,
        **more: Any,
    ) -> Attempt:
        command = Command(trigger, None if data is None else freeze(data), track, on)
        return Attempt(self.pilot, command, by, now or self.now, settings=self.settings, **more)

    def fire(self, trigger: str, data: Mapping[str, object] | None = None, **more: Any) -> Decision:
        decision = decide(self.table, self.attempt(trigger, data, **more))
        if not isinstance(decision, Refusal):
            self.events.extend(decision.events)
        return decision

    def accept(self, trigger: str, data: Mapping[str, object] | None = None, **more: Any) -> Accepted:
        decision = self.fire(trigger, data, **more)
        assert isinstance(decision, Accepted), decision
        return decision

    def sign(self, trigger: str, data: Mapping[str, object] | None = None, **more: Any) -> Pending:
        decision = self.fire(trigger, data, **more)
        assert isinstance(decision, Pending), decision
        return decision

    def refuse(self, trigger: str, data: Mapping[str, object] | None = None, **more: Any) -> tuple[Blocker, ...]:
        decision = self.fire(trigger, data, **more)
        assert isinstance(decision, Refusal), decision
        return decision.blockers

    def codes(self, trigger: str, data: Mapping[str, object] | None = None, **more: Any) -> tuple[str, ...]:
        return tuple(one.code for one in self.refuse(trigger, data, **more))

    def warns(self, trigger: str, data: Mapping[str, object] | None = None, **more: Any) -> tuple[str, ...]:
        return tuple(one.code for one in self.accept(trigger, data, **more).warnings)

    def explain(self, trigger: str, data: Mapping[str, object] | None = None, **more: Any) -> Option:
        return explain(self.table, self.attempt(trigger, data, **more))

    def options(self, *, by: Actor = LEAD, track: str | None = None, everything: bool = False) -> tuple[Option, ...]:
        return options(self.table, self.attempt("options", by=by), track=track, everything=everything)


def record(
    type_: str,
    number: int = 1,
    /,
    *,
    track: str | None = None,
    since: date = TODAY,
    until: date | None = None,
    ended: date | None = None,
    cycle: int = 1,
    **data: object,
) -> Record:
    """A record as the head keeps it."""
    return Record(
        f"{type_}-{number}", type_, freeze(data), track, "lead-1", "lead", NOW, since, cycle, since, until, ended
    )


def a_track(key: str = "acme", at: str = "seen", *, kind: str = "supplier", party: str | None = None) -> Track:
    return Track(key, kind, party or key, at, TODAY, TODAY, (Visit(at, TODAY),))


def a_pilot(*records: Record, tracks: Iterable[Track] = (), workflow: Workflow = BASE, **changes: Any) -> Pilot:
    """A pilot in its first state, holding these records and tracks."""
    kept: dict[str, tuple[Record, ...]] = {}
    for one in records:
        kept[one.type] = (*kept.get(one.type, ()), one)
    start = nothing(compile_workflow(workflow), "p1", NOW)
    held = {one.key: one for one in tracks}
    return replace(start, version=1, kept=FrozenDict(kept), tracks=FrozenDict(held), starter="lead-1", **changes)


def question(pilot: Pilot | None = None, /, *, workflow: Workflow = BASE, **parts: Any) -> Question:
    """What a guard is asked, with everything left out that it does not need."""
    asked = {
        "pilot": pilot or a_pilot(workflow=workflow),
        "track": None,
        "data": EMPTY,
        "actor": LEAD,
        "role": "lead",
        "today": TODAY,
        "settings": Settings(),
        "trigger": "advance",
    }
    params, data = freeze(parts.pop("params", {})), freeze(parts.pop("data", {}))
    return Question(workflow, **{**asked, **parts, "params": params, "data": data})


def codes_of(answer: object) -> tuple[str, ...]:
    """The codes of what a guard answered."""
    if answer is None:
        return ()
    found = (answer,) if isinstance(answer, Blocker) else answer
    assert isinstance(found, Iterable)
    return tuple(one.code for one in found)
