"""The data of agreements and placements, as section 3.9 of the domain lists it, in the notation of `fields`."""

from collections.abc import Mapping
from typing import Any

from tests.domain.common.fields import GROUPS

KINDS = ("day_activity", "training", "work_experience", "secondment", "employment", "bundled")
AGREED = {
    "places*": {"of": "integer", "keys": KINDS},
    "hours": "decimal",
    "from*": "date",
    "until": "date",
    "target_group": [GROUPS],
    "conditions": "text",
}

FIELDS: Mapping[str, Mapping[str, Any]] = {
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
