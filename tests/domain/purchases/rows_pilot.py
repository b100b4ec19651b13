"""What moves a pilot of small purchases: rows SP1, SP2, SP5, SP8 and SP9 of section 3.1.3, with 3.9."""

from tests.domain.rows import Row, fine, no, warn

LATE = (no("missing-report", "-report"), no("missing-report", "-report +old_report +plan"))

MOVES = (
    Row(
        "SP1",
        "complete_exploration",
        "coordinator",
        ("exploring",),
        "pilot exploring>committing",
        facts="inventory interview",
        checks=(
            no("missing-inventory", "-inventory"),
            no("missing-inventory", "-inventory +plan"),
            no("missing-requester", "-interview"),
            no("missing-requester", "-interview +without_requester"),
            no("missing-requester", "-interview +announced"),
            no("missing-inventory missing-requester", "-inventory -interview"),
        ),
    ),
    Row(
        "SP2",
        "open_curation",
        "coordinator",
        ("committing",),
        "pilot committing>curating",
        facts="sponsorship",
        checks=(
            no("missing-commitment", "-sponsorship"),
            no("missing-commitment", "-sponsorship +decision"),
            fine("+withdrawn"),
        ),
    ),
    Row(
        "SP5",
        "go_live",
        "coordinator",
        ("curating",),
        "pilot curating>live",
        facts="announced",
        tracks={"alpha": "open", "beta": "draft"},
        checks=(
            no("category-not-open", tracks={"alpha": "draft"}),
            no("category-not-open", tracks={"alpha": "refresh"}),
            no("missing-communication", "-announced"),
            no("missing-communication", "-announced +interview"),
            no("category-not-open missing-communication", "-announced", tracks={"alpha": "draft"}),
        ),
    ),
    Row(
        "SP8",
        "start_evaluation",
        "coordinator client_owner",
        ("live",),
        "pilot live>evaluating",
        facts="bloom bought",
        tracks={"alpha": "open"},
        checks=(
            no("nothing-implemented", "-bought"),
            no("nothing-implemented", "-bought +bought_elsewhere"),
            no("nothing-implemented", "-bloom"),
            no("nothing-implemented", "-bloom +bloom_elsewhere"),
            no("nothing-implemented", "-bloom +gone"),
            warn("open-obstacles", "+obstacle"),
        ),
    ),
    *(
        Row(
            f"SP9 {to}",
            "iterate",
            "budget_holder",
            ("evaluating",),
            f"pilot evaluating>{to} cycle=3 back_to={to}",
            data={"back_to": to},
            facts="report",
            checks=(no("missing-field", data={"back_to": None}), no("bad-value", data={"back_to": "exploring"}), *LATE),
        )
        for to in ("curating", "live")
    ),
    Row(
        "SP9 embedded",
        "conclude",
        "board",
        ("evaluating",),
        "pilot evaluating>closed outcome=embedded outcome=embedded",
        data={"outcome": "embedded"},
        facts="report embedding",
        checks=(
            *LATE,
            no("missing-embedding", "-embedding"),
            no("missing-embedding missing-report", "-embedding -report"),
        ),
    ),
    Row(
        "SP9 otherwise",
        "conclude",
        "budget_holder",
        ("evaluating",),
        "pilot evaluating>closed outcome=follow_up outcome=follow_up",
        data={"outcome": "follow_up"},
        facts="report",
        checks=(
            fine(data={"outcome": "ended"}),
            no("forbidden-role", data={"outcome": "ended"}, by="board"),
            no("forbidden-role", data={"outcome": "embedded"}),
            no("bad-value", data={"outcome": "stopped"}),
            no("missing-field", data={"outcome": None}),
            *LATE,
            no("missing-report", "-report", data={"outcome": "ended"}),
        ),
    ),
    Row(
        "3.9",
        "spawn_tender",
        "coordinator",
        ("curating", "live"),
        "linked spawn_tender",
        data={"rationale": "It comes to more than small"},
        checks=(no("missing-field", data={"rationale": None}),),
    ),
)
