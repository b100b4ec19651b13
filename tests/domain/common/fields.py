"""The data of the triggers that all workflows have, as section 3.9 lists it, in the notation of `fields`."""

from collections.abc import Mapping
from typing import Any

from tests.domain.rows import ROLES

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
PRESENT = [{"person*": "person", "role*": PEOPLE, "party": "party"}]
DECIDED = {"date*": "past", "reference*": "text"}
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
    "snooze": {"clock*": "text", "track": "track", "record": "record:", "until*": "date", "reason*": "text"},
    "pause": {"reason*": "text", "resume_by*": "date"},
    "resume": {},
    "stop": {"reason*": "text", "placement_plan": "text"},
    "spawn_follow_up": {"title*": "text", "sector": "text"},
}
