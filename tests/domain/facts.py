"""Facts of pilots made by hand: what the pilots of several workflows have. A record is named, and told in one line."""

from collections.abc import Mapping
from datetime import date

from tests.domain.domain import Fact

CYCLE = 2
CYCLE_SINCE = date(2026, 1, 12)
MOVED = date(2026, 2, 2)


def row(role: str, person: str = "") -> dict[str, str]:
    """Somebody who was there."""
    return {"person": person or f"{role}-1", "role": role}


def session(*rows: dict[str, str]) -> dict[str, object]:
    """A session of these people."""
    return {"type": "joint_session", "date": "2026-02-02", "present": rows}


def paper(kind: str) -> dict[str, object]:
    """A piece of evidence."""
    return {"type": kind, "date": "2026-02-02", "reference": "DOC"}


def duty(name: str, person: str = "") -> dict[str, object]:
    """A duty and who has it."""
    return {"duty": name, "person": person or f"{name}-1"}


def place(person: str, kind: str, start: str, **more: object) -> dict[str, object]:
    """Somebody's placement."""
    fields = {"participant": person, "kind": kind, "weekly_hours": "24", "start": start, "paid": True}
    return {**fields, "counts_for_banenafspraak": "unknown", **more}


BUNDLE = ({"track": "alpha", "weekly_hours": "10"}, {"track": "beta", "weekly_hours": "14"})
DECIDED: dict[str, object] = {"date": "2026-02-02", "reference": "BD-1"}

# name: (type, track, data, what else the record has)
COMMON: Mapping[str, Fact] = {
    "session": ("activity", None, session(row("hr"), row("procurement"), row("contract_manager")), {}),
    "pair_only": ("activity", None, session(row("hr"), row("procurement")), {}),
    "hr_alone": ("activity", None, session(row("hr")), {}),
    "one_person": ("activity", None, session(row("hr", "jo"), row("procurement", "jo")), {}),
    "apart": ("activity", None, session(row("procurement")), {}),
    "old_session": ("activity", None, session(row("contract_manager")), {"cycle": 1}),
    "inventory": ("evidence", None, paper("inventory"), {}),
    "plan": ("evidence", None, paper("action_plan"), {}),
    "report": ("evidence", None, paper("report"), {}),
    "old_report": ("evidence", None, paper("report"), {"cycle": 1}),
    "embedding": ("evidence", None, paper("embedding"), {}),
    "mission": ("evidence", None, paper("mission_link"), {}),
    "result": ("evidence", None, paper("delivered_result"), {}),
    "old_result": ("evidence", None, paper("delivered_result"), {"cycle": 1}),
    "decision": ("decision", None, DECIDED, {}),
    "mission_in_decision": ("decision", None, {**DECIDED, "mission_link": "Everybody takes part"}, {}),
    "withdrawn": ("decision", None, {**DECIDED, "reason": "cuts"}, {"ended": date(2026, 2, 20)}),
    "endorsement": ("endorsement", None, {"date": "2026-02-02", "reference": "NEWS-1"}, {}),
    "old_endorsement": ("endorsement", None, {"date": "2025-08-31", "reference": "NEWS-0"}, {}),
    "route": ("route", None, {"route": "existing-contract", "rationale": "Fits"}, {}),
    "short": ("goal", None, {"kind": "short", "text": "Two met", "due": "2026-05-31"}, {}),
    "short_late": ("goal", None, {"kind": "short", "text": "Two met", "due": "2026-06-01"}, {}),
    "short_past": ("goal", None, {"kind": "short", "text": "Two met", "due": "2026-03-01"}, {}),
    "short_met": (
        "goal",
        None,
        {"kind": "short", "text": "Two met", "due": "2026-05-31", "status": "met"},
        {"ended": date(2026, 2, 28)},
    ),
    "horizon": ("goal", None, {"kind": "horizon", "text": "Everywhere"}, {}),
    "step": ("step", None, {"what": "Call", "who": "hr-1", "due": "2026-03-09"}, {}),
    "late_step": ("step", None, {"what": "Call", "who": "hr-1", "due": "2026-03-10"}, {}),
    "check_in": ("check_in", None, {"date": "2026-02-02", "mood": "going_well"}, {}),
    "stuck": ("check_in", None, {"date": "2026-02-02", "mood": "stuck"}, {}),
    "exchange": ("activity", None, {"type": "exchange", "date": "2026-02-02"}, {}),
    "old_exchange": ("activity", None, {"type": "exchange", "date": "2026-02-01"}, {}),
    "sponsorship": ("sponsorship", None, {"date": "2026-02-02"}, {}),
    "obstacle": ("obstacle", None, {"text": "The badge system"}, {}),
    "lesson": ("lesson", None, {"text": "Start small"}, {}),
    "story": ("story", None, {"title": "A", "url": "https://example.org/a", "consent": "c-1", "scope": "web"}, {}),
    "owner": ("assignment", None, duty("client_owner"), {}),
    "owner_until": ("assignment", None, {**duty("client_owner"), "until": "2026-03-01"}, {}),
    "lead": ("assignment", None, duty("coordinator"), {}),
    "coordinator_two_hats": ("assignment", None, duty("coordinator", "two-hats"), {}),
    "board_two_hats": ("assignment", None, duty("board", "two-hats"), {}),
    "manager": ("assignment", None, duty("contract_manager"), {}),
    "contact_client": ("assignment", None, duty("contact_client"), {}),
    "supervision": ("assignment", None, duty("supervision"), {}),
    "contact_alpha": ("assignment", "alpha", duty("contact_supplier"), {}),
    "contact_beta": ("assignment", "beta", duty("contact_supplier", "beta-1"), {}),
    "lead_alpha": ("assignment", "alpha", duty("supplier_lead"), {}),
    "lead_beta": ("assignment", "beta", duty("supplier_lead", "beta-2"), {}),
}

# What hangs on agreements: who is placed, at two suppliers.
PEOPLE: Mapping[str, Fact] = {
    "retention": ("retention", "alpha", {"placement": "placement-1", "weeks": 13, "answer": "unknown"}, {}),
    "agreed_alpha": (
        "agreement",
        "alpha",
        {"number": 1, "places": {"employment": 2, "work_experience": 1, "bundled": 1}, "from": "2026-01-05"},
        {},
    ),
    "agreed_beta": (
        "agreement",
        "beta",
        {"number": 1, "places": {"employment": 1, "bundled": 1}, "from": "2026-01-05"},
        {},
    ),
    "placed": ("placement", "alpha", place("s1", "employment", "2026-01-19"), {"since": date(2026, 1, 19)}),
    "placed_too": ("placement", "alpha", place("s2", "employment", "2026-01-19"), {"since": date(2026, 1, 19)}),
    "placed_beta": ("placement", "beta", place("s3", "employment", "2026-01-19"), {"since": date(2026, 1, 19)}),
    "again": ("placement", "beta", place("s1", "employment", "2026-04-01"), {"since": date(2026, 4, 1)}),
    "gone": (
        "placement",
        "alpha",
        place("s1", "employment", "2026-01-19", end="2026-02-16", reason="moved_on"),
        {"since": date(2026, 1, 19), "until": date(2026, 2, 16), "ended": date(2026, 2, 16)},
    ),
    "back": ("placement", "alpha", place("s1", "employment", "2026-02-16"), {"since": date(2026, 2, 16)}),
    "gone_before": (
        "placement",
        "alpha",
        place("s1", "employment", "2025-10-06", end="2026-01-12", reason="moved_on"),
        {"since": date(2025, 10, 6), "until": date(2026, 1, 12), "ended": date(2026, 1, 12), "cycle": 1},
    ),
    "bundled": (
        "placement",
        "alpha",
        place("s4", "bundled", "2026-01-19", contributions=BUNDLE),
        {"since": date(2026, 1, 19)},
    ),
    "work": ("placement", "alpha", place("s5", "work_experience", "2026-01-19"), {"since": date(2026, 1, 19)}),
}

# name: (the term that told somebody, since when, whom in which role, who in person)
TOLD: Mapping[str, tuple[str, date, tuple[str, ...], tuple[str, ...]]] = {
    "told_call": ("check_in", MOVED, ("coordinator",), ()),
    "told_call_before": ("check_in", date(2026, 1, 12), ("coordinator",), ()),
    "told_owner": ("check_in", MOVED, ("client_owner",), ()),
    "told_goal": ("goal:goal-1", date(2026, 5, 31), (), ("adder-1",)),
}
