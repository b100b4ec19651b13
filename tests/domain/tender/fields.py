"""The data of the triggers of `tender`, as section 3.9 lists it, in the notation of `fields`."""

from collections.abc import Mapping
from typing import Any

from tests.domain.common.fields import FIELDS as COMMON
from tests.domain.people.fields import AGREED as PLACES

INSTRUMENTS = (
    "social_return_condition",
    "social_return_minimum",
    "social_return_award",
    "reserved",
    "lots",
    "subcontracting",
    "buy_social",
    "supplier_challenge",
    "market_consultation",
    "pso",
    "none",
)
SAYS = {"text": "text", "share": "decimal", "points": "decimal"}
CHOSEN = {"instrument*": INSTRUMENTS, "rationale*": "text", **SAYS}
BACK = ("preparing", "tendering")
OUTCOMES = ("embedded", "follow_up", "ended")
TERMS = {name.removesuffix("*"): shape for name, shape in PLACES.items()}  # a contract may have no places
AGREED = {**{name: shape for name, shape in TERMS.items() if name != "from"}, "from*": "date"}
UPHELD = {"upheld*": "boolean", "back_to*": BACK, "objector": "party"}

FIELDS: Mapping[str, Mapping[str, Any]] = {
    "reroute": {"workflow*": ("existing-contract", "small-purchases"), "rationale*": "text"},
    "complete_exploration": {},
    "open_preparation": {},
    "start_implementation": {},
    "start_evaluation": {},
    "iterate": {},
    "widen": {},
    "conclude.embedded": {"outcome*": OUTCOMES},
    "conclude.follow_up": {"outcome*": OUTCOMES, "carry": ["track"]},
    "add_evidence": {**COMMON["add_evidence"], "party": "party", "share": "decimal", "valid_until": "date"},
    "open_procurement": {"title*": "text", "lot": "text", "value": "decimal", "calendar_date": "date"},
    "choose_instrument": CHOSEN,
    "drop_instrument": {"instrument*": "record:instrument"},
    "publish": {"published_on*": "past", "procedure*": "text", "subject_link*": "text", "findings": "text"},
    "send_award_decision": {
        "sent_on*": "past",
        "winner*": "party",
        "standstill_required*": "boolean",
        "scores": {"of": "decimal", "keys": ()},
    },
    "award_direct": {"winner*": "party", "value": "decimal"},
    "file_objection": {"filed_on*": "past", "objector": "party"},
    "resolve_objection.False": {"upheld*": "boolean", "objector": "party"},
    "resolve_objection.preparing": UPHELD,
    "resolve_objection.tendering": UPHELD,
    "sign_contract": {
        "signed_on*": "past",
        "supplier*": "party",
        "contract*": "new_track",
        "value": "decimal",
        "share": "decimal",
        **TERMS,
    },
    "retender": {"reason*": "text"},
    "withdraw_tender": {"reason*": "text"},
    "buy_below_threshold": {
        "supplier*": "text",
        "amount*": "decimal",
        "date*": "past",
        "instrument": ("buy_social", "none"),
        "rationale": "text",
        **SAYS,
    },
    "amend_agreement": AGREED,
    "agree_instrument": {**CHOSEN, "instrument*": INSTRUMENTS[:-1], "check*": "text"},
    "record_effort": {
        "table*": "text",
        "group": "text",
        "hours_base": "decimal",
        "hours": "decimal",
        "months": "decimal",
        "invoice": "decimal",
        "bonus": "decimal",
        "from": "date",
        "evidence": "record:evidence",
    },
    "accept_effort": {"effort*": "record:effort"},
    "return_effort": {"effort*": "record:effort", "reason*": "text"},
}
