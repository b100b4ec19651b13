"""The lifecycles that are measured, as we run them and as raw `transitions` runs them."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from transitions import Machine

from proeftuin import Actor, Event, Pilot, load_workflow
from proeftuin.core import graph
from proeftuin.core.begin import begin, nothing
from proeftuin.core.commands import Accepted, Attempt, Command
from proeftuin.core.decide import decide
from proeftuin.core.evolve import evolve
from proeftuin.core.frozen import FrozenDict, freeze
from proeftuin.core.guards import Question, guard
from proeftuin.core.settings import Settings
from proeftuin.core.table import Table, compile_workflow
from proeftuin.core.workflow import Workflow
from proeftuin.definitions import Catalogue

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
STATES = tuple(f"state_{number}" for number in range(9))
WORKER = Actor("worker-1", roles={"worker"})
RECORDS = 20


@guard()
def ready(question: Question) -> None:
    """Nothing is ever against it."""


def plain_workflow() -> Workflow:
    """Return a plain workflow of nine states in a ring, with a role and a guard on each edge."""
    states = "".join(f"  {name}: {{phase: implementation, label: {{en: {name}, nl: {name}}}}}\n" for name in STATES)
    edges = "".join(
        f"  - {{trigger: advance, from: {here}, to: {there}, allow: [worker], require: [ready]}}\n"
        for here, there in zip(STATES, (*STATES[1:], STATES[0]), strict=True)
    )
    return load_workflow(
        "format: 1\nworkflow: plain\nversion: 1\nlabel: {en: Plain, nl: Gewoon}\n"
        "roles: {worker: {label: {en: Worker, nl: Werker}}}\n"
        "start: {to: state_0, allow: [worker], data: {title: {type: text}}}\n"
        f"states:\n{states}  done: {{phase: closed, final: true, label: {{en: Done, nl: Klaar}}}}\n"
        f"edges:\n{edges}"
        "  - {trigger: finish, from: any_open, to: done, allow: [worker]}\n",
        guards={"ready": ready},
    )


class Model:
    """A model of raw `transitions`, with a guard and a callback."""

    def may(self, event: object) -> bool:
        """Allow everything."""
        return event is not None

    def note(self, event: object) -> None:
        """Do nothing with what happened."""


def raw_machine(workflow: Workflow, model: Model | None) -> Machine:
    """Return the pilot's lifecycle of a workflow as one shared machine of `transitions`."""
    machine = Machine(
        model=model,
        states=list(workflow.states),
        initial=workflow.start.to,
        auto_transitions=False,
        send_event=True,
    )
    for edge in workflow.edges:
        for source in graph.expand(edge.sources, workflow.states):
            to = edge.to if edge.to in workflow.states else None
            machine.add_transition(edge.trigger, source, to, conditions="may", after="note")
    return machine


def raw_step(workflow: Workflow, *triggers: str) -> Callable[[], object]:
    """Return a step of raw `transitions` that fires these triggers in turn, from the start each time."""
    model: Any = Model()
    raw_machine(workflow, model)
    calls = [getattr(model, name) for name in triggers]
    begin = workflow.start.to

    def step() -> None:
        model.state = begin
        for call in calls:
            assert call()

    return step


def our_step(table: Table, begun: Pilot, actor: Actor, *triggers: str) -> Callable[[], object]:
    """Return a step that decides these triggers and folds their events, from the same pilot each time."""
    settings = Settings()
    now = max(NOW, begun.updated_at)
    commands = [Command(trigger) for trigger in triggers]

    def step() -> Pilot:
        pilot = begun
        for command in commands:
            pilot = applied(table, Attempt(pilot, command, actor, now, None, settings))
        return pilot

    return step


def applied(table: Table, attempt: Attempt) -> Pilot:
    """Return the pilot after a command that must be accepted."""
    decision = decide(table, attempt)
    assert isinstance(decision, Accepted), decision
    pilot = attempt.pilot
    for event in decision.events:
        pilot = evolve(pilot, event)
    return pilot


def first_event(workflow: Workflow, actor: Actor, **data: object) -> tuple[Table, Event]:
    """Return a workflow's table, and the event that begins a pilot."""
    table = compile_workflow(workflow, {"ready": ready})
    attempt = Attempt(nothing(table, "pilot-1", NOW), Command("start", FrozenDict(data)), actor, NOW)
    decision = begin(table, attempt)
    assert isinstance(decision, Accepted), decision
    return table, decision.events[0]


def plain() -> tuple[Table, Pilot]:
    """Return the plain workflow's table and a pilot of it."""
    table, event = first_event(plain_workflow(), WORKER, title="A pilot")
    return table, evolve(None, event)


def existing_contract() -> tuple[Table, Pilot, Actor]:
    """Return the bundled workflow's table, and a pilot that explores and holds twenty records."""
    everybody = Actor("coordinator-1", roles={"coordinator", "client_owner"})
    board = Actor("board-1", roles={"board"})
    table, event = first_event(
        Catalogue().get("existing-contract"), everybody, title="Catering", organisation="An organisation"
    )
    pilot = evolve(None, event)
    day = NOW.date().isoformat()
    roles = ("hr", "procurement", "contract_manager")
    present = tuple({"person": f"{role}-1", "role": role} for role in roles)
    evidence = {"date": day, "reference": "R-1"}
    rows: list[tuple[Actor, str, Mapping[str, object]]] = [
        (everybody, "log_activity", {"type": "workshop", "date": day, "present": present}),
        (everybody, "add_evidence", {**evidence, "type": "inventory"}),
        (everybody, "add_evidence", {**evidence, "type": "action_plan"}),
        (everybody, "choose_route", {"route": "existing-contract", "rationale": "Known suppliers"}),
        (board, "record_decision", {"date": day, "reference": "B-1", "mission_link": "Inclusion"}),
        (everybody, "assign", {"duty": "client_owner", "person": "owner-1"}),
        (everybody, "set_goal", {"kind": "short", "text": "Two candidates met", "due": "2026-04-01"}),
        (everybody, "set_goal", {"kind": "horizon", "text": "All locations"}),
        *((everybody, "add_lesson", {"text": f"Lesson {number}"}) for number in range(6)),
        (board, "endorse_publicly", {"date": day, "reference": "E-1"}),
        *((everybody, "log_activity", {"type": "coffee", "date": day}) for _ in range(5)),
    ]
    for actor, trigger, data in rows:
        pilot = applied(table, Attempt(pilot, Command(trigger, freeze(data)), actor, NOW, None, Settings()))
    assert sum(map(len, pilot.kept.values())) == len(rows) == RECORDS
    return table, pilot, everybody
