"""Behaviours that are small enough to foresee."""

from pathlib import Path

from proeftuin import DefinitionError
from proeftuin.core.table import Table, compile_workflow
from proeftuin.definitions import Catalogue
from proeftuin.simulation import Behaviour, bundled_behaviour, load_behaviour

EXISTING = "existing-contract"
SMALL = """\
behaviour: small
workflow: existing-contract
begins: 2026-01-05
ends: 2026-07-01
arrivals: {over: 1 days}
start:
  by: coordinator
  data: {title: Pilot $number, organisation: Organisation $number}
facilitators: {role: facilitator, number: 1, calls_a_week: 7}
calls: {every: 7 days, fire: check_in, data: {date: $today, mood: going_well}}
nudges: {within: 7 days, call: 50%}
draws:
  places: {uniform: [1, 3]}
  word: {one: 25%, two: 75%}
acts:
  choose_route: {by: coordinator, after: 2 days, data: {route: existing-contract, rationale: Because}}
pilot:
  exploring:
    next:
      - {fire: stop, by: client_owner, likely: 40%, after: 10 days, data: {reason: Enough}}
"""


def table() -> Table:
    return compile_workflow(Catalogue().get(EXISTING))


def small(**changed: str) -> str:
    """Return the small behaviour, with lines that begin so replaced."""
    lines = SMALL.splitlines()
    for begins, line in changed.items():
        (place,) = (number for number, one in enumerate(lines) if one.startswith(f"{begins}:"))
        lines[place] = line
    return "\n".join(lines) + "\n"


def replaced(old: str, new: str) -> str:
    """Return the small behaviour with one text replaced, which must be there once."""
    assert 1 == SMALL.count(old), old
    return SMALL.replace(old, new)


def read(text: str) -> Behaviour:
    return load_behaviour(text, table())


def faults(text: str) -> list[tuple[int, str, str]]:
    """Return line, code and text of every fault of a behaviour."""
    try:
        read(text)
    except DefinitionError as error:
        return [(one.line, one.code, one.text) for one in error.faults]
    return []


def bundled() -> Path:
    return bundled_behaviour(EXISTING)


QUICK = """\
behaviour: quick
workflow: existing-contract
begins: 2026-01-05
ends: 2027-01-04
arrivals: {over: 1 days}
start:
  by: coordinator
  data: {title: Pilot $number, organisation: Organisation $number}
facilitators: {role: facilitator, number: 1, calls_a_week: 50}
calls: {every: 7 days, fire: check_in, data: {date: $today, mood: going_well}}
nudges: {within: 7 days, call: 0%}
acts:
  log_activity:
    by: hr
    after: 1 days
    data:
      type: joint_session
      date: $today
      present: [{person: $person.hr, role: hr}, {person: $person.procurement, role: procurement},
                {person: $person.contract_manager, role: contract_manager}]
  add_evidence: {by: coordinator, after: 2 days, data: {date: $today, reference: A document}}
  choose_route: {by: coordinator, after: 3 days, data: {route: existing-contract, rationale: Because}}
  record_decision: {by: board, after: 4 days, data: {date: $today, reference: Minutes}}
  assign: {by: coordinator, after: 1 days, data: {person: $holder}}
  set_goal: {by: client_owner, after: 1 days, data: {text: Jobs}}
  add_lesson: {by: coordinator, after: 1 days, data: {text: A lesson}}
"""
EXPLORING = """\
  exploring:
    next: [{fire: complete_exploration, by: coordinator, after: 10 days}]
"""
COMMITTING = """\
  committing:
    next: [{fire: open_supplier_talks, by: coordinator, after: 10 days}]
"""
SUPPLIERS = """\
tracks:
  supplier:
    opens: {count: 1, in: [committing], fire: identify, by: contract_manager, after: 1 days, data: {supplier: S}}
    identified:
      again: 7 days
      next: [{fire: invite, by: contract_manager, after: 1 days}]
"""


def quick(*parts: str) -> str:
    """Return a behaviour in which everything that is asked for is done within days, and these parts of lives."""
    return QUICK + "pilot:\n" + "".join(parts)
