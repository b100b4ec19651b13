"""The compiled table against `transitions`, the library that gives the machine its meaning."""

import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

import pytest
from attrs import frozen
from hypothesis import given, note, settings
from hypothesis import strategies as st
from transitions import Machine

from proeftuin.core import graph
from proeftuin.core._machine import machine, read
from proeftuin.core.begin import begin, nothing
from proeftuin.core.choose import Chosen, choose
from proeftuin.core.commands import Accepted, Actor, Attempt, Command, Refusal
from proeftuin.core.decide import decide
from proeftuin.core.evolve import replay
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.guards import BUILT_IN
from proeftuin.core.lint import lint
from proeftuin.core.pilot import Pilot
from proeftuin.core.table import Table, compile_workflow
from proeftuin.core.workflow import Edge, Workflow
from proeftuin.definitions import dump, parse
from tests.property.reference import ABSENT, ACCEPTED, GATES, ROLES, Put, Reference, Walker
from tests.property.source import Source, sources
from tests.property.workflows import GATES as GATE_NAMES
from tests.property.workflows import GUARDS, TRIGGERS, WAYS, random_workflow
from tests.scale import scaled

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
KEYS = ("x", "y")
COMMANDS = 8
TRAP = "proeftuin_trap"


def _began(table: Table, actor: str) -> Pilot:
    workflow = table.workflow
    starter = Actor(actor, roles=workflow.start.allow)
    command = Command("start", FrozenDict(title="A"))
    decision = begin(table, Attempt(nothing(table, "p1", NOW), command, starter, NOW))
    assert isinstance(decision, Accepted)
    pilot = replay(decision.events)
    assert pilot is not None
    return pilot


def _actor(source: Source, workflow: Workflow, key: str | None) -> Actor:
    if source.chance(40):
        return Actor("ann", roles=tuple(workflow.roles), party=key)
    roles = source.some(tuple(workflow.roles), 40) or tuple(workflow.roles)[:1]
    return Actor(source.pick(("ann", "bob")), roles=roles, party=source.pick((None, *KEYS)))


def _data(source: Source, edges: list[Edge]) -> FrozenDict:
    """Data that fits the fields of every edge of a trigger."""
    fields = {name for edge in edges for name in edge.data}
    data: dict[str, Any] = {"gates": source.some(GATE_NAMES, 75)} if "gates" in fields else {}
    if "way" in fields:
        data["way"] = source.pick(WAYS)
    if "flag" in fields:
        data["flag"] = source.chance(50)
    if "party" in fields:
        data["party"] = source.pick(KEYS)
    return FrozenDict(data)


@frozen
class _Asked:
    """One command, put to both: to our own core, and to the model of `transitions` that it is about."""

    attempt: Attempt
    walker: Walker | None
    edges: list[Edge]


def _edges(workflow: Workflow, kind: str | None) -> tuple[Edge, ...]:
    return graph.lifecycle(workflow, kind)[1]


def _question(workflow: Workflow, reference: Reference, pilot: Pilot, source: Source) -> _Asked:
    """Make up a command: a trigger that is known at this place most of the time, with data that fits."""
    key = source.pick((None, *KEYS))
    track = pilot.tracks.get(key or "")
    kinds: list[str | None] = [None] if key is None else [track.kind] if track else [*workflow.tracks]
    edges = [edge for kind in kinds for edge in _edges(workflow, kind)]
    triggers = sorted({edge.trigger for edge in edges} | set(TRIGGERS))
    if source.chance(60):
        triggers = _likely(workflow, edges, track.state if track else None if key else pilot.state) or triggers
    trigger, actor = source.pick(triggers), _actor(source, workflow, key)
    walker = reference.walker(trigger, key)
    edges = [edge for edge in _edges(workflow, walker.kind) if edge.trigger == trigger] if walker else []
    command = Command(trigger, _data(source, edges), key)
    note(f"{actor} fires {command}")
    return _Asked(Attempt(pilot, command, actor, NOW), walker, edges)


def _likely(workflow: Workflow, edges: list[Edge], state: str | None) -> list[str]:
    """The triggers that lead on from a state; from None those that open a track."""
    states = {
        **workflow.states,
        **{name: one for kind in workflow.tracks.values() for name, one in kind.states.items()},
    }
    return [edge.trigger for edge in edges if (state in graph.expand(edge.sources, states) if state else edge.opens)]


def _agree(table: Table, reference: Reference, pilot: Pilot, source: Source) -> Pilot:
    """Let both answer one command, and compare: the edge, the target, the refusal."""
    asked = _question(table.workflow, reference, pilot, source)
    attempt, walker = asked.attempt, asked.walker
    decision, chosen = decide(table, attempt), choose(table, attempt)
    codes = [blocker.code for blocker in decision.blockers] if isinstance(decision, Refusal) else []
    if walker is None or not asked.edges:
        assert codes in (["unknown-track"], ["unknown-trigger"])
        return pilot
    before = walker.state
    put = Put(attempt.actor, attempt.command.data or FrozenDict())
    answer = reference.fire(walker, attempt.command.trigger, put)
    judged = chosen.rule.edge if isinstance(chosen, Chosen) and chosen.holds else None
    assert put.fired_by == judged
    if answer == ACCEPTED:
        assert isinstance(decision, Accepted), codes
        after = replay(decision.events, pilot)
        assert after is not None
        assert walker.state == (after.state if walker.key is None else after.tracks[walker.key].state)
        return after
    assert before == walker.state
    _same_refusal(reference, asked, put, answer, codes)
    return pilot


def _same_refusal(reference: Reference, asked: _Asked, put: Put, answer: str, codes: list[str]) -> None:
    """Compare where `transitions` stopped with what our codes say: gates, then roles, then the state."""
    walker, opens = asked.walker, bool(asked.edges[0].opens)
    assert walker is not None
    able = any(_admits(edge, put.data) and reference.may(put, edge, walker) for edge in asked.edges)
    if answer == GATES:
        assert list(put.shut) == codes
    elif answer == ROLES or not able:
        assert codes in (["forbidden-role"], ["unilateral"])
    else:
        assert codes[0] == ("track-exists" if opens and walker.state != ABSENT else "wrong-state")


def _admits(edge: Edge, data: Mapping[str, Any]) -> bool:
    return all(data[name] in held for name, held in edge.when.items())


@given(sources(512))
@settings(max_examples=scaled(1_000))
def test_the_table_and_transitions_agree_on_random_workflows(source: Source) -> None:
    """Along a random walk through a random workflow both choose the same edge, reach the same state, refuse alike."""
    workflow = random_workflow(source, plain=True)
    table = compile_workflow(workflow, GUARDS)
    reference = Reference(workflow, "ann")
    pilot = _began(table, "ann")
    for _ in range(COMMANDS):
        pilot = _agree(table, reference, pilot, source)


@given(sources(64))
@settings(max_examples=scaled(500))
def test_the_first_edge_in_the_file_goes_first_as_in_transitions(source: Source) -> None:
    """Where several edges could be fired from a state, the table tries them in the order of `transitions`."""
    states = ("a", "b", "c")
    rows = [
        (source.pick(("go", "turn")), source.pick(states), source.pick((None, *states)))
        for _ in range(source.between(1, 10))
    ]
    open_rows = {number for number in range(len(rows)) if source.chance(60)}
    fired: list[int] = []
    real = Machine(None, states, initial=None, auto_transitions=False)
    for number, (trigger, place, to) in enumerate(rows):
        real.add_transition(
            trigger, place, to, conditions=lambda n=number: n in open_rows, before=lambda n=number: fired.append(n)
        )
    table = read(machine(states, rows))
    for state in states:
        for trigger in real.events:
            walker = Walker(None)
            real.add_model(walker, initial=state)
            if real.events[trigger].transitions.get(state):
                real.events[trigger].trigger(walker)
            expected = [number for number in table.get((state, trigger), ()) if number in open_rows]
            assert expected[:1] == fired
            assert (rows[fired[0]][2] or state) == walker.state if fired else state == walker.state
            fired.clear()


@given(sources(600), st.booleans())
@settings(max_examples=scaled(150))
def test_random_workflows_are_ones_that_lint_accepts(source: Source, plain: bool) -> None:  # noqa: FBT001  # a drawn value
    """What these tests make up has no fault, and comes back from its stored form as it was."""
    workflow = random_workflow(source, plain=plain)
    assert [] == [str(fault) for fault in lint(workflow, {**BUILT_IN, **GUARDS}) if fault.level == "error"]
    assert workflow == parse(dump(workflow))


@pytest.fixture
def reached() -> Iterator[list[str]]:
    """The names that anybody looked up in a module that was set as a trap."""
    found: list[str] = []

    class Trap(ModuleType):
        def __getattr__(self, name: str) -> object:
            if not name.startswith("__"):  # those are looked up by whoever walks over all modules
                found.append(name)
            raise AttributeError(name)

    sys.modules[TRAP] = Trap(TRAP)
    yield found
    del sys.modules[TRAP]


def test_no_word_of_a_workflow_is_ever_resolved_to_code(reached: list[str]) -> None:
    """States, triggers and roles that are dotted paths of a module are never looked up in it, nor is a model added."""

    @given(sources(400))
    @settings(max_examples=scaled(100))
    def check(source: Source) -> None:
        workflow = random_workflow(source, plain=True, name=lambda word: f"{TRAP}.{word}")
        table = compile_workflow(workflow, GUARDS)
        pilot = _began(table, "ann")
        for trigger in sorted(table.triggers):
            data = _data(source, [rule.edge for rule in table.every if rule.edge.trigger == trigger])
            actor = Actor("ann", roles=tuple(workflow.roles), party="x")
            for key in (None, "x"):
                decision = decide(table, Attempt(pilot, Command(trigger, data, key), actor, NOW))
                pilot = replay(decision.events, pilot) or pilot if isinstance(decision, Accepted) else pilot
        assert [] == reached

    check()


def test_a_string_given_as_condition_would_be_resolved_by_transitions_itself(reached: list[str]) -> None:
    """The trap works: an ordinary machine of `transitions` does look up a dotted condition."""
    real = Machine(None, ["a"], initial=None, auto_transitions=False)
    real.add_transition("go", "a", None, conditions=f"{TRAP}.call")
    walker = Walker(None)
    real.add_model(walker, initial="a")
    with pytest.raises(AttributeError):
        real.events["go"].trigger(walker)
    assert ["call"] == reached
