"""The data of the triggers of `small-purchases`, as section 3.9 lists it, in the notation of `fields`."""

from collections.abc import Mapping
from typing import Any

CONCLUDED = {"outcome*": ("embedded", "follow_up", "ended")}
BACK_TO = {"back_to*": ("curating", "live")}
TAKEN_OFF = {"listing*": "record:listing", "reason*": "text"}

FIELDS: Mapping[str, Mapping[str, Any]] = {
    "complete_exploration": {},
    "open_curation": {},
    "go_live": {},
    "start_evaluation": {},
    "iterate": BACK_TO,
    "conclude": CONCLUDED,
    "stop": {"reason*": "text"},
    "spawn_tender": {"rationale*": "text"},
    "reroute": {"workflow*": ("existing-contract", "tender"), "rationale*": "text"},
    "open_draft": {"title*": "text"},
    "propose_listing": {"enterprise*": "text"},
    "list": {
        "enterprise*": "text",
        "evidence": ("register", "pso", "pso30", "sw_company", "self_declared"),
        "conflict_of_interest": "boolean",
    },
    "delist": TAKEN_OFF,
    "open_category": {},
    "refresh_category": {},
    "record_purchase": {
        "supplier*": "text",
        "amount_ex_vat*": "decimal",
        "date*": "past",
        "group*": "text",
        "chosen_by*": ("requester", "system"),
    },
}
