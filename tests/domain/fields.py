"""The data of every trigger, as section 3.9 of the domain lists it, and how it is held against a workflow.

`name*` is required, `name?kind=short` where another field has this value. `past` is a date that may not lie ahead.
A tuple is a choice, a list holds what stands in it (a dict: rows), `record:goal` refers to a record.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from proeftuin.core.table import Rule, Table, compile_workflow
from proeftuin.core.workflow import Field, Workflow
from tests.domain.pure import ROLES

PEOPLE = tuple(role for role in ROLES if role != "system")
DUTIES = (*PEOPLE, "contact_client", "contact_supplier", "supervision")
ACTIVITIES = (
    "coffee",
    "exploratory_talk",
    "joint_session",
    "workshop",
    "brainstorm",
    "round_table",
    "diner_pensant",
    "market_consultation",
    "calendar_session",
    "communication",
    "interview",
    "exchange",
    "call",
    "programme_session",
    "other",
)
EVIDENCE = (
    "inventory",
    "action_plan",
    "report",
    "handover",
    "embedding",
    "mission_link",
    "delivered_result",
    "social_enterprise",
    "thirty_percent",
    "communication",
    "other",
)
GROUPS = ("jobs_agreement", "participation_act", "wajong", "wia", "ww", "justice", "other")
KINDS = ("day_activity", "training", "work_experience", "secondment", "employment", "bundled")
REASONS = ("capacity", "contract_ends", "no_suitable_work", "no_agreement", "not_suitable", "other")
PRESENT = [{"person*": "person", "role*": PEOPLE, "party": "party"}]
OPENING = {"supplier*": "text", "contract": "text"}
DECIDED = {"date*": "past", "reference*": "text"}
AGREED = {
    "places*": {"of": "integer", "keys": KINDS},
    "hours": "decimal",
    "from*": "date",
    "until": "date",
    "target_group": [GROUPS],
    "conditions": "text",
}
DETAILS = {
    "category": "text",
    "sector": "text",
    "target_group": [GROUPS],
    "origin": ("client", "supplier", "facilitator"),
    "programme": "text",
    "follow_up_of": "text",
}

FIELDS: Mapping[str, Mapping[str, Any]] = {
    "start": {"title*": "text", "organisation*": "text", **DETAILS},
    "log_activity": {
        "type*": ACTIVITIES,
        "date*": "past",
        "present": PRESENT,
        "tracks": ["track"],
        "about": "track",
        "note": "text",
    },
    "add_evidence": {"type*": EVIDENCE, "date*": "past", "reference*": "text", "track": "track", "note": "text"},
    "record_decision": {**DECIDED, "mission_link": "text"},
    "endorse_publicly": DECIDED,
    "withdraw_commitment": {"reason*": "text"},
    "record_sponsorship": {"date*": "past", "reference": "text"},
    "choose_route": {"route*": ("existing-contract", "tender", "small-purchases"), "rationale*": "text"},
    "assign": {"duty*": DUTIES, "person*": "person", "track": "track", "until": "date"},
    "correct": {"record*": "record:", "fields*": {"of": None, "keys": ()}, "reason*": "text"},
    "update_details": {"title": "text", **DETAILS},
    "set_goal": {
        "kind*": ("short", "horizon"),
        "text*": "text",
        "due?kind=short": "date",
        "review": "date",
        "metric": "text",
        "target": "decimal",
        "owner": "person",
        "fixed": "boolean",
    },
    "close_goal": {"goal*": "record:goal", "status*": ("met", "missed", "dropped")},
    "plan_step": {"what*": "text", "who*": "person", "due*": "date"},
    "finish_step": {"step*": "record:step"},
    "check_in": {
        "date*": "past",
        "with": "text",
        "channel": ("call", "visit", "form"),
        "mood*": ("going_well", "wobbling", "stuck"),
        "since": "text",
        "help_from": "text",
        "note": "text",
    },
    "add_obstacle": {"text*": "text", "direction": "text"},
    "resolve_obstacle": {"obstacle*": "record:obstacle"},
    "add_lesson": {"text*": "text", "tags": ["text"]},
    "share_story": {"title*": "text", "url*": "url", "consent*": "text", "scope*": "text", "consent_date*": "past"},
    "withdraw_story": {"story*": "record:story", "date*": "past"},
    "pause": {"reason*": "text", "resume_by*": "date"},
    "resume": {},
    "stop": {"reason*": "text", "placement_plan": "text"},
    "conclude": {"outcome*": ("embedded", "follow_up", "ended"), "carry": ["track"]},
    "complete_exploration": {},
    "open_supplier_talks": {},
    "start_implementation": {},
    "start_evaluation": {},
    "iterate": {},
    "widen": {},
    "spawn_follow_up": {"title*": "text", "sector": "text"},
    "identify": OPENING,
    "propose": OPENING,
    "invite": {},
    "start_talk": {"date*": "past", "present*": PRESENT},
    "express_willingness": {},
    "decline": {"reason*": REASONS},
    "lapse": {},
    "park": {"until*": "date"},
    "unpark": {},
    "reinvite": {},
    "sign_agreement": AGREED,
    "amend_agreement": AGREED,
    "start_delivery": {},
    "complete": {"handed_over": ["record:placement"]},
    "withdraw": {"reason*": "text", "placement_plan": "text"},
    "start_placement": {
        "participant*": "subject",
        "kind*": KINDS,
        "weekly_hours*": "decimal",
        "start*": "date",
        "end": "date",
        "paid*": "boolean",
        "employer": "text",
        "counts_for_banenafspraak*": ("yes", "no", "unknown"),
        "baseline": "decimal",
        "contributions?kind=bundled": [{"track*": "track", "weekly_hours*": "decimal"}],
    },
    "move_placement": {
        "placement*": "record:placement",
        "start*": "date",
        "to_track": "track",
        "kind": KINDS,
        "weekly_hours": "decimal",
        "paid": "boolean",
        "end": "date",
    },
    "change_hours": {"placement*": "record:placement", "weekly_hours*": "decimal", "from*": "date"},
    "end_placement": {
        "placement*": "record:placement",
        "end*": "date",
        "reason*": ("moved_on", "ended_early", "contract_end", "other"),
    },
    "record_retention": {
        "placement*": "record:placement",
        "weeks*": (13, 26, 52),
        "answer*": ("same_or_better", "worse", "left", "unknown"),
    },
}

# What a start_talk takes besides, and where the outcome decides what may be given: an embedded pilot has no follow-up
# that could take a track over.
EXTRA = {"start_talk": {"tracks": ["track"], "about": "track", "note": "text"}}
NOT_EMBEDDED = ("conclude", "carry")

# Who may begin a pilot: row EC1.
STARTERS = ("coordinator", "hr", "procurement", "contract_manager", "policy_officer", "facilitator")


def _shape(field: Field) -> Any:
    record = f"record:{field.record or ''}"
    if field.type == "list":
        return [shapes(field.of) if isinstance(field.of, Mapping) else record if field.of == "record" else field.of]
    shape: dict[str, Any] = {
        "choice": field.of,
        "record": record,
        "date": "past" if field.not_after == "today" else "date",
        "map": {"of": field.of, "keys": field.keys},
    }
    return shape.get(field.type, field.type)


def shapes(fields: Mapping[str, Field]) -> dict[str, Any]:
    """Fields in the notation of the table."""
    found = {}
    for name, field in fields.items():
        when = "".join(f"?{other}={'/'.join(map(str, held))}" for other, held in field.required_when.items())
        found[f"{name}{'*' if field.required else when}"] = _shape(field)
    return found


def _expected(rule: Rule) -> dict[str, Any]:
    trigger = rule.edge.trigger
    fields = {**FIELDS.get(trigger, {}), **EXTRA.get(trigger, {})}
    if (trigger, "board") == (NOT_EMBEDDED[0], rule.allowed[0] if rule.allowed else ""):
        fields.pop(NOT_EMBEDDED[1], None)
    return fields


def field_complaints(workflow: Workflow, first: str = "") -> Iterator[str]:
    """Every field of every trigger that differs from the table, those of the trigger `first` first."""
    table: Table = compile_workflow(workflow)
    rules = sorted((table.start, *table.every), key=lambda rule: rule.edge.trigger != first)
    for rule in rules:
        expected, came = _expected(rule), shapes(rule.fields)
        for name in sorted({*expected, *came}):
            if expected.get(name) != came.get(name):
                yield f"{rule.edge.trigger}: {name}: expected {expected.get(name)}, came {came.get(name)}"
    if table.start.allowed != STARTERS or workflow.start.to != "exploring":
        yield f"start: by {table.start.allowed} to {workflow.start.to}"
    if workflow.start.data["origin"].default != "client":
        yield "start: origin is the client's unless said otherwise"
