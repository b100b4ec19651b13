"""What people lay down and record along the way, and what it takes: section 3.9, on the pilot, in all workflows."""

from attrs import evolve

from tests.domain.rows import ANY, COALITION, DOC, EVERYONE, FUTURE, OPEN, Check, Row, fine, no, warn

STUCK = {"mood": "stuck"}
RECORDS = (
    Row("3.9", "record_decision", "board", OPEN, "add decision", data=DOC, checks=(no("future-dated", data=FUTURE),)),
    Row(
        "3.9", "endorse_publicly", "board", OPEN, "add endorsement", data=DOC, checks=(no("future-dated", data=FUTURE),)
    ),
    Row(
        "3.9",
        "record_sponsorship",
        "budget_holder board",
        OPEN,
        "add sponsorship",
        data=DOC,
        checks=(no("future-dated", data=FUTURE), fine(data={"reference": None})),
    ),
    Row(
        "3.9",
        "choose_route",
        "coordinator",
        OPEN,
        "add route drops=route-1",
        data={"route": "tender", "rationale": "The contract ends"},
        facts="route",
        checks=(no("missing-field", data={"rationale": None}), no("bad-value", data={"route": "sideways"})),
    ),
    Row(
        "3.9",
        "update_details",
        "coordinator",
        OPEN,
        "changed sector=care",
        data={"sector": "care"},
        checks=(no("unknown-field", data={"organisation": "UU"}),),
    ),
    Row(
        "3.9",
        "log_activity",
        EVERYONE,
        OPEN,
        "add activity",
        data={"type": "coffee", "date": "2026-03-02"},
        checks=(no("future-dated", data=FUTURE), no("bad-value", data={"type": "party"})),
    ),
    Row(
        "3.9",
        "add_evidence",
        "coordinator client_owner hr procurement contract_manager policy_officer supplier_lead",
        OPEN,
        "add evidence",
        data={**DOC, "type": "inventory"},
        checks=(no("future-dated", data=FUTURE), no("missing-field", data={"reference": None})),
    ),
    Row(
        "3.9",
        "set_goal",
        "coordinator client_owner board",
        OPEN,
        "add goal",
        data={"kind": "short", "text": "Two met", "due": "2026-05-01"},
        checks=(no("missing-field", data={"due": None}), fine(data={"kind": "horizon", "due": None})),
    ),
    Row(
        "3.9",
        "close_goal",
        "coordinator client_owner board",
        OPEN,
        "end goal-1 on=2026-03-02 status=met",
        data={"goal": "goal-1", "status": "met"},
        facts="short horizon",
        checks=(
            no("bad-reference", data={"goal": "goal-3"}),
            no("bad-reference", "-short +short_met", data={"goal": "goal-2"}),
        ),
    ),
    Row(
        "3.9",
        "plan_step",
        f"{COALITION} facilitator",
        OPEN,
        "add step",
        data={"what": "Call", "who": "hr-1", "due": "2026-03-09"},
    ),
    Row(
        "3.9",
        "finish_step",
        f"{COALITION} facilitator",
        OPEN,
        "end step-1 on=2026-03-02 dropped",
        data={"step": "step-1"},
        facts="step late_step",
    ),
    Row(
        "3.9",
        "check_in",
        "coordinator client_owner facilitator",
        OPEN,
        "add check_in",
        data={"date": "2026-03-02", "mood": "wobbling"},
        facts="step",
        checks=(
            no("future-dated", data=FUTURE),
            warn("no-next-step", "-step"),
            warn("no-next-step", "-step +late_step"),
            warn("stuck-twice", "+stuck", data=STUCK),
            warn("", "+stuck"),
            warn("", "+check_in", data=STUCK),
            warn("", "+stuck", data={**STUCK, "help_from": "facilitator"}),
            warn("", "+stuck +exchange", data=STUCK),
            warn("stuck-twice", "+stuck +old_exchange", data=STUCK),
        ),
    ),
    Row(
        "3.9 after closing",
        "check_in",
        "coordinator client_owner facilitator",
        ("closed",),
        "add check_in",
        data={"date": "2026-03-02", "mood": "going_well"},
        checks=(no("future-dated", data=FUTURE), warn("")),
    ),
    Row(
        "3.9",
        "add_obstacle",
        f"{COALITION} supplier_lead facilitator",
        OPEN,
        "add obstacle",
        data={"text": "The badge system"},
    ),
    Row(
        "3.9",
        "resolve_obstacle",
        f"{COALITION} supplier_lead facilitator",
        OPEN,
        "end obstacle-1 on=2026-03-02",
        data={"obstacle": "obstacle-1"},
        facts="obstacle",
    ),
    Row("3.9", "add_lesson", f"{COALITION} facilitator", ANY, "add lesson", data={"text": "Start small"}),
    Row(
        "3.9",
        "share_story",
        "coordinator",
        OPEN,
        "add story",
        data={
            "title": "A first job",
            "url": "https://example.org/story",
            "consent": "consent-7f3a",
            "scope": "Website",
            "consent_date": "2026-03-01",
        },
        checks=(
            no("privacy-violation", data={"consent": "111222333"}),
            no("privacy-violation", data={"consent": "jan@example.org"}),
            no("future-dated", data={"consent_date": "2026-03-03"}),
        ),
    ),
    Row(
        "3.9",
        "withdraw_story",
        "coordinator",
        ANY,
        "end story-1 on=2026-02-27 dropped",
        data={"story": "story-1", "date": "2026-02-27"},
        facts="story",
        checks=(no("future-dated", data=FUTURE),),
    ),
)


def assign(at: str = "") -> Row:
    """Naming somebody for a duty; `at` is the state of two tracks, `alpha` and `beta`, where there are any."""
    row = Row(
        "3.9",
        "assign",
        "coordinator client_owner starter",
        OPEN,
        "end assignment-2 on=2026-03-02 dropped; add assignment",
        data={"duty": "supervision", "person": "jo"},
        facts="contact_client supervision",
        checks=(no("bad-reference", data={"track": "nobody"}), no("bad-value", data={"duty": "boss"})),
    )
    if not at:
        return row
    return evolve(
        row,
        does=f"{row.does}@beta",
        data={"duty": "contact_supplier", "person": "jo", "track": "beta"},
        facts="contact_alpha contact_beta lead_beta",
        tracks={"alpha": at, "beta": at},
    )


CORRECTED = (
    ("activity", "note", "It was lunch"),
    ("endorsement", "reference", "NEWS-9"),
    ("route", "rationale", "Fits better"),
    ("goal", "text", "Three met"),
    ("step", "what", "Visit"),
    ("check_in", "mood", "stuck"),
    ("obstacle", "text", "The gate"),
    ("lesson", "text", "Start smaller"),
    ("story", "title", "A second job"),
)
RENEWED = ("decision", "assignment", "sponsorship")
AT_WORK = (
    fine(data={"record": "retention-1", "fields": {"answer": "left"}}),
    no("bad-reference", data={"record": "agreement-1"}),
    no("capacity-exceeded", data={"record": "placement-3", "fields": {"kind": "training"}}),
    no("overlap", data={"record": "placement-1", "fields": {"end": "2026-02-17"}}),
    fine(data={"record": "placement-1", "fields": {"weekly_hours": "20"}}),
    no("privacy-violation", data={"record": "placement-1", "fields": {"offence": "theft"}}),
    no("privacy-violation", data={"record": "placement-1", "fields": {"hours": ()}}),
    no("privacy-violation", data={"record": "placement-1", "fields": {"employer": "jan@example.org"}}),
    no("bad-value", data={"record": "placement-1", "fields": {"weekly_hours": "41"}}),
)
PLACED = " gone back work agreed_alpha retention"  # two placements that follow on each other, and another one


def correct(at: str = "", *, facts: str = "", checks: tuple[Check, ...] = ()) -> Row:
    """Mending what was recorded, by the adder alone; `at` is the state of a track with placements.

    A workflow with records of its own gives facts of them and what comes of correcting them.
    """
    return Row(
        "3.9",
        "correct",
        "",  # see `relations`
        ANY,
        "correct evidence-1 reference=DOC-9",
        data={"record": "evidence-1", "fields": {"reference": "DOC-9"}, "reason": "A typing error"},
        facts="inventory decision owner sponsorship pair_only endorsement route short step check_in obstacle lesson"
        f" story{PLACED if at else ''} {facts}",
        tracks={"alpha": at} if at else {},
        checks=(
            no("missing-field", data={"reason": None}),
            *(no("bad-reference", data={"record": f"{kind}-1"}) for kind in RENEWED),
            *(fine(data={"record": f"{kind}-1", "fields": {name: text}}) for kind, name, text in CORRECTED),
            no("privacy-violation", data={"record": "story-1", "fields": {"consent": "111222333"}}),
            no("privacy-violation", data={"record": "story-1", "fields": {"consent": "jan@example.org"}}),
            *(AT_WORK if at else ()),
            *checks,
        ),
    )
