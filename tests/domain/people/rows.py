"""People at work: rows TR10 to TR14 of section 3.1.1, with 3.9, on whatever kind of track has agreements."""

from typing import Any

from attrs import evolve

from tests.domain.rows import ANY, COMMIT, PLAN, WHY, Row, fine, no

PLACING = "supplier_hr supplier_lead hr"
SIGNED = {"places": {"employment": 2}, "hours": "60", "from": "2026-03-02", "target_group": ("other",)}
PERSON = {
    "participant": "s7",
    "kind": "employment",
    "weekly_hours": "24",
    "start": "2026-03-02",
    "paid": True,
    "counts_for_banenafspraak": "no",
}
BUNDLE: dict[str, Any] = {
    "kind": "bundled",
    "contributions": ({"track": "alpha", "weekly_hours": "10"}, {"track": "beta", "weekly_hours": "14"}),
}
HOURS = "hours=2026-03-02/24"
MOVED = (
    "end placement-1 on=2026-03-02 end=2026-03-02 reason=moved_on; add placement@alpha counts_for_banenafspraak=unknown"
    " hours=2026-03-02/16 paid=True participant=s1"
)
PLACE = (
    *COMMIT,
    fine("+placed"),
    no("capacity-exceeded", "+placed +placed_too"),
    no("capacity-exceeded", data={"kind": "training"}),
    no("capacity-exceeded", "-agreed_alpha"),
    fine("+gone +placed"),
    fine(data=BUNDLE),
    no("capacity-exceeded", "+bundled", data=BUNDLE),
    no("capacity-exceeded", "-agreed_beta", data=BUNDLE),
    fine(data=BUNDLE, tracks={"beta": "agreed"}),
    no("overlap", "+placed", data={"participant": "s1"}),
    fine("+gone", data={"participant": "s1"}),
    no("overlap", "+gone", data={"participant": "s1", "start": "2026-02-15"}),
    no("overlap", "+placed_beta", data={"participant": "s3"}),
    no("bad-value", data={**BUNDLE, "weekly_hours": "23"}),
    no("bad-value", data={**BUNDLE, "contributions": 2 * BUNDLE["contributions"][:1]}),
    no("missing-field", data={"kind": "bundled"}),
    no("bad-value", data={**BUNDLE, "contributions": BUNDLE["contributions"][:1]}),
    no("privacy-violation", data={"employer": "jan@example.org"}),
    no("privacy-violation", data={"offence": "theft"}),
    no("bad-value", data={"weekly_hours": "40.5"}),
    no("bad-value", data={"weekly_hours": "0"}),
    no("bad-value", data={"baseline": "-1"}),
    no("bad-value", data={"end": "2026-03-01"}),
)
MOVE = (
    fine(data={"kind": None, "weekly_hours": "28"}),
    no("capacity-exceeded", "+work"),
    no("capacity-exceeded", data={"kind": "training"}),
    no("bad-reference", data={"placement": "placement-9"}),
    no("bad-reference", "-placed +gone"),
    no("bad-value", data={"start": "2026-01-18"}),
    no("bad-value", data={"weekly_hours": "41"}),
    no("bad-value", data={"weekly_hours": "0"}),
    no("missing-field", data={"kind": "bundled"}),
    no("bad-value", "-placed +bundled", data={"kind": None, "weekly_hours": "20"}),
    no("overlap", "+again"),
    fine(data={"kind": None, "to_track": "beta"}, by="hr"),
    fine(data={"kind": None, "to_track": "beta"}, by="hr", tracks={"beta": "agreed"}),
    no("capacity-exceeded", "+placed_beta", data={"kind": None, "to_track": "beta"}, by="hr"),
    no("forbidden-role", data={"kind": None, "to_track": "beta"}, by="supplier_hr"),
)

_ROWS = (
    Row(
        "TR10",
        "start_delivery",
        "contract_manager supplier_lead",
        ("agreed",),
        "track agreed>delivering",
        key="alpha",
        during=("implementing",),
    ),
    Row(
        "TR11",
        "complete",
        "contract_manager supplier_lead",
        ("delivering",),
        "track delivering>completed",
        key="alpha",
        facts="manager lead_alpha agreed_alpha agreed_beta",
        tracks={"beta": "delivering"},
        checks=(
            no("missing-counterpart", "-lead_alpha", by="contract_manager"),
            no("missing-counterpart", "-lead_alpha +lead_beta", by="contract_manager"),
            no("missing-counterpart", "-manager", by="supplier_lead"),
            no("placements-active", "+placed"),
            no("placements-active", "+bundled"),
            fine("+gone +placed_beta"),
            fine("+placed", data={"handed_over": ("placement-1",)}),
            no("placements-active", "+placed +placed_too", data={"handed_over": ("placement-1",)}),
        ),
    ),
    Row(
        "TR11 handed over",
        "complete",
        "contract_manager supplier_lead",
        ("delivering",),
        "change placement-1 handed_over=True; track delivering>completed",
        data={"handed_over": ("placement-1",)},
        key="alpha",
        facts="manager lead_alpha agreed_alpha placed",
    ),
    Row(
        "TR12",
        "withdraw",
        "supplier_lead client_owner",
        ("agreed", "delivering"),
        "track {here}>withdrawn reason=It turned out so",
        data=WHY,
        key="alpha",
        checks=(
            no("missing-field", data={"reason": None}),
            no("missing-placement-plan", "+placed"),
            no("privacy-violation", data={"placement_plan": "Call 06-12345678 about it"}),
            no("privacy-violation", data={"reason": "jan@example.org left"}),
            fine("+placed", data=PLAN),
            fine("+placed_beta", tracks={"beta": "delivering"}),
        ),
    ),
    Row(
        "TR13",
        "amend_agreement",
        "supplier_lead client_owner",
        ("agreed", "delivering"),
        "signed by supplier_lead; end agreement-1 on=2026-03-02; add agreement@alpha number=2",
        data=SIGNED,
        key="alpha",
        facts="agreed_alpha agreed_beta decision placed",
        tracks={"beta": "delivering"},
        signed="client_owner",
        checks=(
            *COMMIT,
            fine("+placed_too"),
            no("capacity-exceeded", "+placed_too", data={"places": {"employment": 1}}),
            no("capacity-exceeded", "-placed +work"),
            fine("+placed_beta", data={"places": {"employment": 1}}),
            no("capacity-exceeded", "+bundled"),
            no("bad-value", data={"until": "2026-03-01"}),
            no("privacy-violation", data={"conditions": "Call 06-12345678 about Jan"}),
        ),
    ),
    Row(
        "TR14 start_placement",
        "start_placement",
        PLACING,
        ("delivering",),
        f"add placement@alpha {HOURS}",
        data=PERSON,
        key="alpha",
        facts="decision agreed_alpha agreed_beta",
        tracks={"beta": "delivering"},
        checks=PLACE,
    ),
    Row(
        "TR14 start_placement, agreed",
        "start_placement",
        PLACING,
        ("agreed",),
        f"add placement@alpha {HOURS}",
        data=PERSON,
        key="alpha",
        during=("implementing",),
        facts="decision agreed_alpha agreed_beta",
        tracks={"beta": "delivering"},
        checks=PLACE,
    ),
    Row(
        "TR14 move_placement",
        "move_placement",
        PLACING,
        ("delivering",),
        MOVED,
        data={"placement": "placement-1", "start": "2026-03-02", "kind": "work_experience", "weekly_hours": "16"},
        key="alpha",
        facts="placed agreed_alpha agreed_beta",
        tracks={"beta": "delivering"},
        checks=MOVE,
    ),
    Row(
        "TR14 move_placement, agreed",
        "move_placement",
        PLACING,
        ("agreed",),
        MOVED,
        data={"placement": "placement-1", "start": "2026-03-02", "kind": "work_experience", "weekly_hours": "16"},
        key="alpha",
        during=("implementing",),
        facts="placed agreed_alpha agreed_beta",
        tracks={"beta": "delivering"},
        checks=MOVE,
    ),
    Row(
        "TR14 change_hours",
        "change_hours",
        PLACING,
        ("agreed", "delivering", "completed", "withdrawn"),
        "change placement-1 hours=2026-02-16/32 weekly_hours=32",
        data={"placement": "placement-1", "weekly_hours": "32", "from": "2026-02-16"},
        key="alpha",
        facts="placed placed_too",
        checks=(
            no("bad-value", data={"from": "2026-01-18"}),
            no("bad-value", data={"weekly_hours": "41"}),
            no("bad-value", data={"weekly_hours": "0"}),
            no("bad-reference", data={"placement": "placement-3"}),
        ),
    ),
    Row(
        "TR14 end_placement",
        "end_placement",
        PLACING,
        ("agreed", "delivering", "completed", "withdrawn"),
        "end placement-1 on=2026-02-16 end=2026-02-16 reason=contract_end",
        data={"placement": "placement-1", "end": "2026-02-16", "reason": "contract_end"},
        key="alpha",
        facts="placed placed_too",
        checks=(
            no("bad-value", data={"end": "2026-01-18"}),
            no("bad-value", data={"reason": "ill"}),
            no("bad-reference", data={"placement": "placement-3"}),
        ),
    ),
    Row(
        "3.9 record_retention",
        "record_retention",
        "supervisor supplier_hr hr",
        ("agreed", "delivering", "completed", "withdrawn"),
        "add retention@alpha",
        data={"placement": "placement-1", "weeks": 13, "answer": "same_or_better"},
        key="alpha",
        during=ANY,
        anywhere=True,
        facts="placed",
        checks=(no("bad-value", data={"weeks": 14}), no("bad-reference", data={"placement": "placement-2"})),
    ),
)


def at_work(kind: str = "", elsewhere: tuple[str, ...] = ("completed", "withdrawn")) -> tuple[Row, ...]:
    """The rows on a kind of track; `elsewhere` are states in which a supplier takes no part of a placement."""
    place = tuple(no("wrong-state", data=BUNDLE, tracks={"beta": state}) for state in elsewhere)
    there = {"kind": None, "to_track": "beta"}
    move = tuple(no("wrong-state", data=there, by="hr", tracks={"beta": state}) for state in elsewhere)
    more = {"start_placement": place, "move_placement": move}
    return tuple(evolve(row, kind=kind, checks=row.checks + more.get(row.trigger, ())) for row in _ROWS)
