"""The lifecycles that are measured, as we run them and as raw `transitions` runs them."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

from transitions import Machine

from proeftuin import Actor, Event, Pilot, load_workflow
from proeftuin.core import graph
from proeftuin.core.begin import begin, nothing
from proeftuin.core.commands import Accepted, Attempt, Command
from proeftuin.core.decide import decide
from proeftuin.core.evolve import evolve
from proeftuin.core.frozen import EMPTY, FrozenDict, freeze
from proeftuin.core.guards import Question, guard
from proeftuin.core.settings import Settings
from proeftuin.core.table import Table, compile_workflow
from proeftuin.core.workflow import Workflow
from proeftuin.definitions import Catalogue
from proeftuin.drafts import Draft

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
PLAIN = "plain"
EXISTING_CONTRACT = "existing-contract"
STATES = tuple(f"state_{number}" for number in range(9))
WORKER = Actor("worker-1", roles={"worker"})
EVERYBODY = Actor("coordinator-1", roles={"coordinator", "client_owner"})
BOARD = Actor("board-1", roles={"board"})
MOVES = ("complete_exploration", "open_supplier_talks")
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
            for event in accepted(decide(table, Attempt(pilot, command, actor, now, None, settings))):
                pilot = evolve(pilot, event)
        return pilot

    return step


def accepted(decision: object) -> tuple[Event, ...]:
    """Return the events of a command that must be accepted."""
    assert isinstance(decision, Accepted), decision
    return decision.events


@cache
def table_of(name: str) -> Table:
    """Return the plain workflow or a bundled one, compiled."""
    return compile_workflow(plain_workflow() if name == PLAIN else Catalogue().get(name), {"ready": ready})


def first_event(table: Table, pilot_id: str, actor: Actor, now: datetime = NOW, **data: object) -> Event:
    """Return the event that begins a pilot, not sealed yet."""
    attempt = Attempt(nothing(table, pilot_id, now), Command("start", FrozenDict(data)), actor, now)
    return accepted(begin(table, attempt))[0]


def plain(pilot_id: str = "pilot-1") -> Draft:
    """Return a pilot of the plain workflow that has just begun."""
    table = table_of(PLAIN)
    draft = Draft(table, nothing(table, pilot_id, NOW), 0)
    draft.add([first_event(table, pilot_id, WORKER, title="A pilot")])
    return draft


def exploring(pilot_id: str = "pilot-1", now: datetime = NOW) -> Draft:
    """Return a pilot of the bundled workflow that has just begun."""
    table = table_of(EXISTING_CONTRACT)
    draft = Draft(table, nothing(table, pilot_id, now), 0)
    draft.add([first_event(table, pilot_id, EVERYBODY, now, title="Catering", organisation="An organisation")])
    return draft


def existing_contract(pilot_id: str = "pilot-1") -> Draft:
    """Return a pilot of the bundled workflow that explores, holds twenty records and may move on."""
    draft = exploring(pilot_id)
    for actor, trigger, data in HISTORY:
        fired(draft, trigger, actor, data)
    assert sum(map(len, draft.pilot.kept.values())) == len(HISTORY) == RECORDS
    return draft


def fired(draft: Draft, trigger: str, actor: Actor, data: Mapping[str, object] = EMPTY) -> None:
    """Decide a command that must be accepted, and add its events to the draft."""
    draft.add(accepted(decide(draft.table, Attempt(draft.pilot, Command(trigger, freeze(data)), actor, NOW))))


def _history() -> tuple[tuple[Actor, str, Mapping[str, object]], ...]:
    day = NOW.date().isoformat()
    roles = ("hr", "procurement", "contract_manager")
    present = tuple({"person": f"{role}-1", "role": role} for role in roles)
    evidence = {"date": day, "reference": "R-1"}
    return (
        (EVERYBODY, "log_activity", {"type": "workshop", "date": day, "present": present}),
        (EVERYBODY, "add_evidence", {**evidence, "type": "inventory"}),
        (EVERYBODY, "add_evidence", {**evidence, "type": "action_plan"}),
        (EVERYBODY, "choose_route", {"route": "existing-contract", "rationale": "Known suppliers"}),
        (BOARD, "record_decision", {"date": day, "reference": "B-1", "mission_link": "Inclusion"}),
        (EVERYBODY, "assign", {"duty": "client_owner", "person": "owner-1"}),
        (EVERYBODY, "set_goal", {"kind": "short", "text": "Two candidates met", "due": "2026-04-01"}),
        (EVERYBODY, "set_goal", {"kind": "horizon", "text": "All locations"}),
        *((EVERYBODY, "add_lesson", {"text": f"Lesson {number}"}) for number in range(6)),
        (BOARD, "endorse_publicly", {"date": day, "reference": "E-1"}),
        *((EVERYBODY, "log_activity", {"type": "coffee", "date": day}) for _ in range(5)),
    )


HISTORY = _history()
