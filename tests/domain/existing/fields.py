"""The data of the triggers of `existing-contract`, as section 3.9 lists it, in the notation of `fields`."""

from collections.abc import Mapping
from typing import Any

from tests.domain.common.fields import PRESENT
from tests.domain.people.fields import AGREED

REASONS = ("capacity", "contract_ends", "no_suitable_work", "no_agreement", "not_suitable", "other")
OPENING = {"supplier*": "text", "contract": "text", "contract_jobs": "decimal"}

FIELDS: Mapping[str, Mapping[str, Any]] = {
    "complete_exploration": {},
    "open_supplier_talks": {},
    "start_implementation": {},
    "start_evaluation": {},
    "iterate": {},
    "widen": {},
    "reroute": {"workflow*": ("tender", "small-purchases"), "rationale*": "text"},
    # An embedded pilot has no follow-up that could take a track over.
    "conclude.embedded": {"outcome*": ("embedded", "follow_up", "ended")},
    "conclude.follow_up": {"outcome*": ("embedded", "follow_up", "ended"), "carry": ["track"]},
    "identify": OPENING,
    "propose": OPENING,
    "invite": {},
    "start_talk": {"date*": "past", "present*": PRESENT, "tracks": ["track"], "about": "track", "note": "text"},
    "express_willingness": {},
    "decline": {"reason*": REASONS},
    "lapse": {},
    "park": {"until*": "date"},
    "unpark": {},
    "reinvite": {},
    "sign_agreement": AGREED,
}
