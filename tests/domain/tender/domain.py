"""All that the domain says of `tender`, as one value."""

from attrs import evolve

from tests.domain.common.fields import FIELDS as COMMON_FIELDS
from tests.domain.common.helpless import helpless, on_tracks
from tests.domain.common.rows_pilot import RESUME, SPAWN_FOLLOW_UP, WITHDRAW_COMMITMENT, off_a_track, reroute, snooze
from tests.domain.common.rows_records import RECORDS, assign, correct
from tests.domain.domain import Asked, Domain
from tests.domain.equivalent import COMMON as COMMON_EQUIVALENT
from tests.domain.equivalent import at_work as equivalent_at_work
from tests.domain.people.fields import FIELDS as PEOPLE_FIELDS
from tests.domain.people.helpless import at_work as nothing_helps_at_work
from tests.domain.people.rows import at_work
from tests.domain.rows import Row, fine, no
from tests.domain.tender.facts import AHEAD, CONTRACT, DETAILS, FACTS, MARKS, PHASES, PROCUREMENT, TOLD
from tests.domain.tender.fields import FIELDS
from tests.domain.tender.life import Life
from tests.domain.tender.refusals import CASES, UNREACHABLE, fresh
from tests.domain.tender.rows_contracts import CONTRACTS
from tests.domain.tender.rows_pilot import CORRECTED_TALK, EQUAL_TREATMENT, EVALUATION, MOVES, PAUSE, STOP
from tests.domain.tender.rows_procurements import PROCUREMENTS
from tests.domain.tender.stories import STORIES, each_term_is_due_on_its_day
from tests.domain.tender.terms import TERMS

PROOF = (
    no("bad-value", data={"share": "-1"}),
    no("bad-value", data={"share": "100.5"}),
    fine(data={"party": "alpha", "share": "62", "valid_until": "2029-12-31"}),
)

OBJECTION = fine(data={"record": "objection-1", "fields": {"filed_on": "2026-02-19"}})


def _record(row: Row) -> Row:
    """Evidence says here whose it is, how much it proves, and until when it is valid."""
    return evolve(row, checks=(*row.checks, *PROOF)) if row.trigger == "add_evidence" else row


def _amend(row: Row) -> Row:
    """A contract may be amended without places."""
    if row.trigger != "amend_agreement":
        return row
    return evolve(
        row, checks=(*row.checks, fine("-placed", data={"places": None}), no("missing-field", data={"from": None}))
    )


ROWS = (
    *MOVES,
    *EVALUATION,
    STOP,
    PAUSE,
    RESUME,
    snooze(off_a_track("placing", "told_placing", "agreed", "completed")),
    reroute(("existing-contract", "small-purchases"), "tender"),
    SPAWN_FOLLOW_UP,
    WITHDRAW_COMMITMENT,
    *(_record(row) for row in RECORDS),
    EQUAL_TREATMENT,
    assign("agreed"),
    correct("delivering", facts="coffee objection", checks=(*CORRECTED_TALK, OBJECTION)),
    *PROCUREMENTS,
    *(_amend(row) for row in at_work()),
    *CONTRACTS,
)

EQUIVALENT = {
    **COMMON_EQUIVALENT,
    **equivalent_at_work("contract"),
    **dict.fromkeys(
        (f"procurement.resolve_objection.{state} when upheld" for state in ("preparing", "tendering")),
        "the edge of what is not upheld comes first; overlaps are lint's",
    ),
}


def _signed() -> Life:
    """Alpha has a contract."""
    return Life().reach("procuring").contract("alpha")


def _parted() -> Life:
    """Alpha delivers and has a placement; beta has withdrawn."""
    life = Life().reach("implementing").contract("beta").contract("beta", "withdrawn")
    life.place()
    return life


def _on_alpha() -> Life:
    """A procurement that is called as its winner is."""
    return Life().lot("alpha")


TENDER = Domain(
    name="tender",
    life=Life,
    phases=PHASES,
    ahead=AHEAD,
    kinds={"contract": CONTRACT, "procurement": PROCUREMENT},
    usual="implementing",
    details=DETAILS,
    facts=FACTS,
    marks=MARKS,
    told=TOLD,
    rows=ROWS,
    fields={**COMMON_FIELDS, **PEOPLE_FIELDS, **FIELDS},
    cases=CASES,
    unreachable=UNREACHABLE,
    equivalent=EQUIVALENT,
    asked={None: Asked(fresh), "procurement": Asked(fresh, "c1"), "contract": Asked(_signed, "alpha")},
    helpless={
        **helpless(fresh),
        **on_tracks(_on_alpha, ("procurement", "publish"), ("procurement", "open_procurement", {"title": "Again"})),
        **nothing_helps_at_work(_parted),
    },
    terms=TERMS,
    stories=STORIES,
    days=each_term_is_due_on_its_day,
)
