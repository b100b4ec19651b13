"""The states of `tender`, how they follow on each other, and what its pilots have: sections 3.1.2 and 3.4."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from tests.domain.domain import Fact, Kind, Mark
from tests.domain.facts import COMMON, PEOPLE, duty, paper, row
from tests.domain.facts import TOLD as COMMON_TOLD

PHASES = {
    "exploring": "exploration",
    "committing": "commitment",
    "procuring": "supplier_talks",
    "implementing": "implementation",
    "evaluating": "evaluation",
    "closed": "closed",
}
AHEAD = {
    "exploring": ("committing", "closed"),
    "committing": ("procuring", "closed"),
    "procuring": ("implementing", "closed"),
    "implementing": ("evaluating", "closed"),
    "evaluating": ("implementing", "procuring", "closed"),
    "closed": (),
}
DETAILS: Mapping[str, Any] = {
    "title": "Five assignments",
    "organisation": "HHNK",
    "category": "water board",
    "target_group": ("other",),
}


def _opened(key: str) -> Mapping[str, Any]:
    return {"title": f"Lot {key}", "value": "100000"}


def _signed(key: str) -> Mapping[str, Any]:
    return {"signed_on": "2026-02-02", "supplier": key, "procurement": f"lot-{key}"}


CONTRACT = Kind(
    ahead={
        "agreed": ("delivering", "withdrawn"),
        "delivering": ("completed", "withdrawn"),
        "completed": (),
        "withdrawn": (),
    },
    ways={
        "agreed": (),
        "delivering": ("agreed",),
        "completed": ("agreed", "delivering"),
        "withdrawn": ("agreed",),
    },
    opened=_signed,
    party_from="supplier",
)
PROCUREMENT = Kind(
    ahead={
        "preparing": ("tendering", "awarded", "withdrawn", "bought"),
        "tendering": ("awarded", "preparing", "withdrawn"),
        "awarded": ("contracted", "preparing", "tendering", "withdrawn"),
        "contracted": (),
        "withdrawn": (),
        "bought": (),
    },
    ways={
        "preparing": (),
        "tendering": ("preparing",),
        "awarded": ("preparing", "tendering"),
        "contracted": ("preparing", "tendering", "awarded"),
        "withdrawn": ("preparing",),
        "bought": ("preparing",),
    },
    opened=_opened,
    reached={
        "tendering": {"published_on": "2026-02-02", "procedure": "open", "subject_link": "The work itself"},
        "awarded": {"sent_on": "2026-02-09", "winner": "alpha", "standstill_required": True},
    },
    party_from="winner",
)
UNSIGNED = ("preparing", "tendering", "awarded", "withdrawn", "bought")
DONE = ("contracted", "withdrawn", "bought")


def _talk(*rows: Mapping[str, str], **more: Any) -> dict[str, Any]:
    return {"type": "coffee", "date": "2026-03-02", "present": rows, **more}


def _instrument(name: str, **more: Any) -> Fact:
    return ("instrument", "c1", {"instrument": name, "rationale": "It fits", **more}, {})


def _proof(**more: Any) -> Fact:
    return ("evidence", "c1", {**paper("thirty_percent"), "track": "c1", **more}, {})


def _effort(track: str = "alpha", proof: str = "", **more: Any) -> Fact:
    """An effort of 2 February."""
    return ("effort", track, {"table": "ours", "invoice": "100", **({"evidence": proof} if proof else {})}, more)


US, FIRM = row("contract_manager"), {**row("supplier_lead"), "party": "alpha"}
FACTS: Mapping[str, Fact] = {
    **COMMON,
    **PEOPLE,
    "calendar": ("activity", None, _talk(row("procurement"), row("policy_officer"), type="calendar_session"), {}),
    "calendar_alone": ("activity", None, _talk(row("procurement"), type="calendar_session"), {}),
    "calendar_one_person": (
        "activity",
        None,
        _talk(row("procurement", "jo"), row("policy_officer", "jo"), type="calendar_session"),
        {},
    ),
    "handover": ("evidence", None, paper("handover"), {}),
    "policy_alone": ("activity", None, _talk(row("policy_officer"), type="workshop"), {}),
    "member_alone": ("activity", None, _talk(row("coalition_member"), type="workshop"), {}),
    "budget": ("assignment", None, duty("budget_holder"), {}),
    "buyer": ("assignment", None, duty("procurement"), {}),
    "consulted": ("activity", None, _talk(US, FIRM, type="market_consultation", about="c1", date="2026-01-20"), {}),
    "coffee": ("activity", None, _talk(US, FIRM), {}),
    "nothing": _instrument("none"),
    "reserved": _instrument("reserved"),
    "lots": _instrument("lots"),
    "dropped": ("instrument", "c1", {"instrument": "lots", "rationale": "No"}, {"ended": date(2026, 2, 20)}),
    "condition": _instrument("social_return_condition", text="Work", share="5"),
    "wordless": _instrument("social_return_condition"),
    "criterion": _instrument("social_return_award", points="20"),
    "elsewhere": ("instrument", "c2", {"instrument": "reserved", "rationale": "It fits"}, {}),
    "proof": _proof(),
    "proof_of_alpha": _proof(party="alpha", share="30", valid_until="2026-03-02"),
    "proof_of_beta": _proof(party="beta"),
    "proof_of_little": _proof(share="29.9"),
    "old_proof": _proof(valid_until="2026-03-01"),
    "proof_elsewhere": ("evidence", "c2", {**paper("thirty_percent"), "track": "c2"}, {}),
    "objection": ("objection", "c1", {"filed_on": "2026-02-20"}, {}),
    "objection_of_beta": ("objection", "c1", {"filed_on": "2026-02-20", "objector": "beta"}, {}),
    "settled": ("objection", "c1", {"filed_on": "2026-02-20", "upheld": False}, {"ended": date(2026, 2, 25)}),
    "objection_elsewhere": ("objection", "c2", {"filed_on": "2026-02-20"}, {}),
    "agreed_instrument": ("instrument", "alpha", {"instrument": "pso", "rationale": "It fits"}, {}),
    "pso_elsewhere": ("instrument", "beta", {"instrument": "pso", "rationale": "It fits"}, {}),
    "lots_on_alpha": ("instrument", "alpha", {"instrument": "lots", "rationale": "It fits"}, {}),
    "bought_before": _instrument("buy_social"),
    "bought_elsewhere": ("instrument", "c2", {"instrument": "buy_social", "rationale": "It fits"}, {}),
    "proof_of_work": ("evidence", "alpha", {**paper("other"), "track": "alpha"}, {}),
    "proof_until_february": ("evidence", "alpha", {**paper("other"), "valid_until": "2026-02-01"}, {}),
    "proved_effort": _effort(proof="evidence-1"),
    "effort": _effort(),
    "effort_too": _effort(),
    "answered": _effort(ended=date(2026, 2, 20)),
    "effort_of_beta": _effort("beta"),
}
MARKS: Mapping[str, Mark] = {
    "valueless": ("c1", "preparing", {"value": None}),
    "dear": ("c1", "preparing", {"value": "216000.01"}),
    "at_the_threshold": ("c1", "preparing", {"value": "216000"}),
    "sent_ten_days_ago": ("c1", "awarded", {"sent_on": "2026-02-10"}),
    "no_standstill": ("c1", "awarded", {"sent_on": "2026-03-02", "standstill_required": False}),
}
TOLD = {
    **COMMON_TOLD,
    "told_placing": ("placing:alpha", date(2026, 2, 2), ("coordinator",), ()),
}
