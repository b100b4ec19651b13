"""The rules of a programme: the end of section 3.9, and what all workflows share."""

from attrs import evolve

from tests.domain.common.fields import ACTIVITIES
from tests.domain.common.rows_pilot import RESUME, SPAWN_FOLLOW_UP, WITHDRAW_COMMITMENT, pause, snooze, stop
from tests.domain.common.rows_records import RECORDS, assign, correct
from tests.domain.rows import EVERYONE, OPEN, Row, fine, no

OWN = ("log_activity", "add_evidence")
WHO_RUNS_IT = "coordinator facilitator"
MET = {"date": "2026-03-02"}
ORGANISATIONS = (
    no("bad-value", data={"organisations": ("UU",)}),
    fine(data={"organisations": ("UU", "DJI"), "topics": ("Job carving",)}),
    no("unknown-field", data={"number": 7}),
    no("future-dated", data={"date": "2026-03-03"}),
    no("bad-value", data={"type": "party"}),
)


def _closing(row: Row) -> Row:
    """A row that is about what is closed, where that is called concluded."""
    return evolve(row, at=("concluded",)) if row.at == ("closed",) else row


def _evidence() -> Row:
    row = next(one for one in RECORDS if one.trigger == "add_evidence")
    return evolve(row, who=f"{row.who} facilitator")


STOP, SNOOZE = stop(), snooze()
ROWS = (
    Row("3.9", "begin", WHO_RUNS_IT, ("planned",), "pilot planned>running"),
    Row(
        "3.9",
        "conclude",
        WHO_RUNS_IT,
        ("running",),
        "pilot running>concluded outcome=ended outcome=ended",
        facts="report",
        checks=(
            no("missing-report", "-report"),
            no("missing-report", "-report +plan"),
            fine(data={"outcome": "follow_up"}),
            fine(data={"outcome": "ended"}),
            no("bad-value", data={"outcome": "embedded"}),
        ),
    ),
    Row(
        "3.9 session",
        "log_activity",
        EVERYONE,
        OPEN,
        "add activity number=2",
        data={**MET, "type": "programme_session"},
        facts="first_session exchange",
        checks=ORGANISATIONS,
    ),
    Row(
        "3.9",
        "log_activity",
        EVERYONE,
        OPEN,
        "add activity",
        data={**MET, "type": "exchange"},
        facts="first_session",
        checks=(*(fine(data={"type": one}) for one in ACTIVITIES), *ORGANISATIONS),
    ),
    _evidence(),
    *(_closing(one) for one in RECORDS if one.trigger not in OWN),
    evolve(STOP, does=STOP.does.replace("closed", "concluded")),
    pause(()),
    RESUME,
    evolve(
        SNOOZE,
        does=SNOOZE.does.replace("check_in", "calendar"),
        data={**SNOOZE.data, "clock": "calendar"},
        facts=f"{SNOOZE.facts} calendar_session",
    ),
    _closing(SPAWN_FOLLOW_UP),
    WITHDRAW_COMMITMENT,
    assign(),
    correct(),
)
