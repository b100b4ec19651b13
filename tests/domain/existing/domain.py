"""All that the domain says of `existing-contract`, as one value."""

from tests.domain.common.fields import FIELDS as COMMON_FIELDS
from tests.domain.common.helpless import helpless, on_tracks
from tests.domain.common.rows_pilot import (
    RESUME,
    SPAWN_FOLLOW_UP,
    WITHDRAW_COMMITMENT,
    evaluation,
    off_a_track,
    pause,
    reroute,
    snooze,
    stop,
)
from tests.domain.common.rows_records import RECORDS, assign, correct
from tests.domain.domain import Asked, Domain
from tests.domain.equivalent import COMMON as COMMON_EQUIVALENT
from tests.domain.equivalent import at_work as equivalent_at_work
from tests.domain.existing.facts import AHEAD, DETAILS, DONE, FACTS, PHASES, SUPPLIER, TOLD, UNDECIDED
from tests.domain.existing.fields import FIELDS
from tests.domain.existing.life import Life
from tests.domain.existing.refusals import CASES, fresh
from tests.domain.existing.rows_pilot import MOVES
from tests.domain.existing.rows_tracks import TRACKS
from tests.domain.existing.stories import STORIES, each_term_is_due_on_its_day
from tests.domain.existing.terms import TERMS
from tests.domain.people.fields import FIELDS as PEOPLE_FIELDS
from tests.domain.people.helpless import at_work as nothing_helps_at_work
from tests.domain.people.refusals import UNREACHABLE
from tests.domain.people.rows import at_work
from tests.scenario.stories import STORIES as TEXTS

ROWS = (
    *MOVES,
    *evaluation("engaging", "delivering", (*UNDECIDED, "agreed", "delivering"), DONE),
    stop("delivering"),
    pause(),
    RESUME,
    snooze(off_a_track("invitation", "told_answer", "invited", "talking")),
    reroute(("tender", "small-purchases"), "existing-contract"),
    SPAWN_FOLLOW_UP,
    WITHDRAW_COMMITMENT,
    *RECORDS,
    assign("agreed"),
    correct("delivering"),
    *TRACKS,
    *at_work(elsewhere=("willing", "completed", "withdrawn")),
)

EQUIVALENT = {
    **COMMON_EQUIVALENT,
    **equivalent_at_work("supplier"),
    "supplier.decline.capacity when reason": "the other edge does the same for whom it admits; overlaps are lint's",
}


def _parted() -> Life:
    """Alpha delivers and has a placement; beta has withdrawn."""
    life = Life().reach("implementing").supplier("beta", "withdrawn")
    life.place()
    return life


EXISTING_CONTRACT = Domain(
    name="existing-contract",
    life=Life,
    phases=PHASES,
    ahead=AHEAD,
    kinds={"supplier": SUPPLIER},
    usual="implementing",
    details=DETAILS,
    facts=FACTS,
    told=TOLD,
    rows=ROWS,
    fields={**COMMON_FIELDS, **PEOPLE_FIELDS, **FIELDS},
    cases=CASES,
    unreachable=UNREACHABLE,
    equivalent=EQUIVALENT,
    asked={None: Asked(fresh), "supplier": Asked(fresh, "alpha")},
    helpless={
        **helpless(fresh),
        **on_tracks(fresh, ("coordinator", "invite"), ("procurement", "identify", {"supplier": "Alpha"})),
        **nothing_helps_at_work(_parted),
    },
    terms=TERMS,
    stories=STORIES,
    days=each_term_is_due_on_its_day,
    texts=TEXTS,
)
