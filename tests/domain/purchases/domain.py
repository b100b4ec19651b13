"""All that the domain says of `small-purchases`, as one value."""

from tests.domain.common.fields import FIELDS as COMMON_FIELDS
from tests.domain.common.helpless import helpless, on_tracks
from tests.domain.common.rows_pilot import (
    RESUME,
    SPAWN_FOLLOW_UP,
    WITHDRAW_COMMITMENT,
    pause,
    reroute,
    snooze,
    stop,
)
from tests.domain.common.rows_records import RECORDS, assign, correct
from tests.domain.domain import Asked, Domain
from tests.domain.equivalent import COMMON as COMMON_EQUIVALENT
from tests.domain.purchases.facts import AHEAD, CATEGORY, DETAILS, FACTS, PHASES, TOLD
from tests.domain.purchases.fields import FIELDS
from tests.domain.purchases.life import Life
from tests.domain.purchases.refusals import CASES, fresh
from tests.domain.purchases.rows_pilot import MOVES
from tests.domain.purchases.rows_tracks import TRACKS
from tests.domain.purchases.stories import STORIES, each_term_is_due_on_its_day
from tests.domain.purchases.terms import TERMS
from tests.domain.rows import fine, no

FIRST = "the edge before it takes what it is for, and this one what is left; overlaps are lint's"
CORRECTED = (
    fine(data={"record": "proposal-1", "fields": {"enterprise": "Leaf"}}),
    fine(data={"record": "listing-1", "fields": {"enterprise": "Root"}}),
    no("bad-value", data={"record": "listing-1", "fields": {"enterprise": "leaf"}}),
    no("not-eligible", data={"record": "listing-1", "fields": {"conflict_of_interest": True}}),
    fine(data={"record": "purchase-1", "fields": {"amount_ex_vat": "90"}}),
    no("limit-exceeded", data={"record": "purchase-1", "fields": {"amount_ex_vat": "5000.01"}}),
    no("no-choice", data={"record": "purchase-1", "fields": {"chosen_by": "system"}}),
    no("privacy-violation", data={"record": "purchase-1", "fields": {"group": "jan@example.org"}}),
)
ROWS = (
    *MOVES,
    stop(),
    pause(()),
    RESUME,
    snooze(),
    reroute(("existing-contract", "tender"), "small-purchases"),
    SPAWN_FOLLOW_UP,
    WITHDRAW_COMMITMENT,
    *RECORDS,
    assign("open"),
    correct(facts="proposed bloom leaf bought", checks=CORRECTED),
    *TRACKS,
)

SMALL_PURCHASES = Domain(
    name="small-purchases",
    life=Life,
    phases=PHASES,
    ahead=AHEAD,
    kinds={"category": CATEGORY},
    usual="live",
    details=DETAILS,
    facts=FACTS,
    told=TOLD,
    rows=ROWS,
    fields={**COMMON_FIELDS, **FIELDS},
    cases=CASES,
    equivalent={
        "pilot.resume paused allowed": COMMON_EQUIVALENT["pilot.resume paused allowed"],
        "pilot.iterate.live when back_to": FIRST,
    },
    asked={None: Asked(fresh), "category": Asked(fresh, "alpha")},
    helpless={
        **helpless(fresh),
        **on_tracks(fresh, ("procurement", "open_category"), ("procurement", "open_draft", {"title": "Flowers"})),
    },
    terms=TERMS,
    stories=STORIES,
    days=each_term_is_due_on_its_day,
)
