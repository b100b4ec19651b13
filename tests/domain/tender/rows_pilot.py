"""What moves a pilot to its implementation, and what a tender holds up: TN1, TN2, TN10 and TN13 of section 3.1.2."""

from attrs import evolve

from tests.domain.common.rows_pilot import evaluation, pause, stop
from tests.domain.rows import COMMIT, EVERYONE, OPEN, Row, fine, no, warn

RUNNING = ("tendering", "awarded")
OVER = ("preparing", "contracted", "withdrawn", "bought")


def c1(state: str) -> dict[str, str]:
    """A procurement in a state."""
    return {"c1": f"procurement.{state}"}


MOVES = (
    Row(
        "TN1",
        "complete_exploration",
        "coordinator",
        ("exploring",),
        "pilot exploring>committing",
        facts="calendar inventory route",
        checks=(
            no("missing-pair", "-calendar +calendar_alone"),
            no("missing-pair", "-calendar +calendar_alone +hr_alone"),
            no("missing-pair", "-calendar +calendar_one_person"),
            fine("-calendar +calendar_alone +pair_only"),
            no("missing-calendar", "-calendar +pair_only"),
            no("missing-inventory", "-inventory"),
            no("missing-inventory", "-inventory +plan"),
            no("missing-route", "-route"),
            no(
                "missing-pair missing-calendar missing-inventory missing-route",
                "-calendar -inventory -route",
            ),
            warn("coalition-of-one", "-calendar"),
            warn("coalition-of-one", "-calendar +lead"),
            warn("", "-calendar +lead +owner"),
            *(
                warn("", f"-calendar +{first} +{other}")
                for first, other in (
                    ("lead", "owner"),
                    ("lead", "buyer"),
                    ("lead", "manager"),
                    ("lead", "budget"),
                    ("lead", "hr_alone"),
                    ("lead", "policy_alone"),
                    ("lead", "member_alone"),
                )
            ),
        ),
    ),
    Row(
        "TN2",
        "open_preparation",
        "client_owner coordinator",
        ("committing",),
        "pilot committing>procuring",
        facts="decision owner budget plan short horizon endorsement mission",
        checks=(
            *COMMIT,
            no("missing-owner", "-owner"),
            no("missing-owner", "-owner +owner_until"),
            no("missing-budget-holder", "-budget"),
            no("missing-plan", "-plan"),
            no("missing-plan", "-plan +inventory"),
            no("missing-goals", "-short"),
            no("missing-goals", "-horizon"),
            no(
                "missing-commitment missing-owner missing-budget-holder missing-plan missing-goals",
                "-decision -owner -budget -plan -short -horizon",
            ),
            warn("endorsement-missing", "-endorsement"),
            warn("endorsement-missing", "-endorsement +old_endorsement"),
            warn("mission-link-missing", "-mission"),
        ),
    ),
    Row(
        "TN10",
        "start_implementation",
        "contract_manager",
        ("procuring",),
        "pilot procuring>implementing",
        facts="handover",
        tracks=c1("contracted"),
        checks=(
            no("missing-handover", "-handover"),
            no("missing-handover", "-handover +plan"),
            *(
                no("missing-signature", tracks=c1(state))
                for state in ("preparing", "tendering", "awarded", "withdrawn", "bought")
            ),
            fine(tracks={"c2": "procurement.awarded"}),
        ),
    ),
)

HELD_UP = tuple(no("wrong-state", tracks=c1(state)) for state in RUNNING)
FREE = tuple(fine(tracks=c1(state)) for state in OVER)
STOP = stop("delivering", checks=(*HELD_UP, *FREE))
PAUSE = pause((warn("active-placements", "+placed"), warn("", "+gone"), *HELD_UP, *FREE))

_OPEN_TRACKS = (
    no("open-tracks", tracks=c1("preparing")),
    *(no("open-tracks wrong-state", tracks=c1(state)) for state in RUNNING),
    *(fine(tracks=c1(state)) for state in ("contracted", "withdrawn", "bought")),
)
_CARRIED = (
    fine(tracks=c1("preparing"), data={"carry": ("c1",)}),
    no("open-tracks", tracks=c1("preparing"), data={"outcome": "ended", "carry": ("c1",)}),
    *(no("open-tracks wrong-state", tracks=c1(state), data={"carry": ("c1",)}) for state in RUNNING),
    no("open-tracks", tracks={**c1("preparing"), "c2": "procurement.preparing"}, data={"carry": ("c1",)}),
)


def _with_procurements(row: Row) -> Row:
    """A pilot is concluded where no procurement is open either."""
    if row.trigger != "conclude":
        return row
    carried = () if "embedded" in row.id else _CARRIED
    return evolve(row, checks=(*row.checks, *_OPEN_TRACKS, *carried))


EVALUATION = tuple(
    _with_procurements(row)
    for row in evaluation("procuring", "delivering", ("agreed", "delivering"), ("completed", "withdrawn"))
)

US, FIRM, OTHER = (
    {"person": "a", "role": "contract_manager"},
    {"person": "b", "role": "supplier_lead", "party": "alpha"},
    {"person": "c", "role": "supplier_lead", "party": "beta"},
)
TALK = {"type": "coffee", "date": "2026-03-02", "about": "c1", "present": (US, FIRM)}
FAIR = (
    fine(tracks=c1("preparing")),
    fine(tracks=c1("awarded")),
    fine(tracks=c1("contracted")),
    fine(tracks=c1("withdrawn")),
    no("equal-treatment", tracks=c1("tendering")),
)
EQUAL_TREATMENT = Row(
    "3.1.2 equal treatment",
    "log_activity",
    EVERYONE.replace("supplier_lead supplier_hr social_entrepreneur ", ""),
    OPEN,
    "add activity",
    data=TALK,
    tracks=c1("preparing"),
    checks=(
        *FAIR,
        no("equal-treatment", tracks=c1("tendering"), data={"date": "2026-02-02"}),
        fine(tracks=c1("tendering"), data={"date": "2026-02-01"}),
        fine(tracks=c1("tendering"), data={"present": (US, FIRM, OTHER)}),
        fine(tracks=c1("tendering"), data={"present": (US,)}),
        fine(tracks={**c1("tendering"), "alpha": "delivering"}, data={"about": "alpha"}),
        fine(tracks=c1("tendering"), data={"about": None}),
        no("equal-treatment", tracks=c1("tendering"), data={"about": None, "tracks": ("c1",)}),
    ),
)
CORRECTED_TALK = tuple(evolve(check, data={"record": "activity-2", "fields": {"about": "c1"}}) for check in FAIR)
