"""The rules of the domain as tables: who may fire what, from where, to where, and what it takes.

Written down by hand from the description of the domain, and not from the workflow file: the identifiers EC1 to EC14 and
TR1 to TR14 are its rows, `3.9` its list of triggers. Each row names a scene in which its trigger is accepted (states,
facts and data, no more than needed), what must then happen, and `checks`: the same scene with something taken away or
added, and the exact codes that come of it.
"""

from collections.abc import Mapping
from typing import Any

from attrs import frozen

from proeftuin.core.frozen import EMPTY
from tests.domain.pure import OPEN, PHASES

ANY = tuple(PHASES)
COALITION = (
    "coordinator client_owner hr procurement contract_manager policy_officer budget_holder coalition_member"  # 3.2
)
EVERYONE = f"{COALITION} board requester supplier_lead supplier_hr social_entrepreneur supervisor facilitator"
PLACING = "supplier_hr supplier_lead hr"

# Section 3.9: what may be done on hold, and what after closing (where it moves nothing).
WHILE_PAUSED = frozenset(
    [
        "end_placement",
        "change_hours",
        "record_retention",
        "withdraw_story",
        "add_lesson",
        "log_activity",
        "withdraw_commitment",
        "correct",
        "stop",
        "resume",
    ]
)
AFTER_CLOSING = frozenset(
    ["record_retention", "withdraw_story", "add_lesson", "check_in", "spawn_follow_up", "correct"]
)


@frozen
class Check:
    """A change to the scene of a row, and what must come of it.

    Attributes:
        codes: exactly these, as blockers; or as warnings, where `warns`.
        change: facts taken away and added, `-decision +withdrawn`.
        data: fields that replace those of the row; None takes one away.
        tracks: tracks that replace those of the row.
        by: the role that fires.
    """

    codes: frozenset[str]
    change: str = ""
    data: Mapping[str, Any] = EMPTY
    tracks: Mapping[str, str] = EMPTY
    by: str = ""
    outcome: str = ""
    warns: bool = False


def no(codes: str, change: str = "", **more: Any) -> Check:
    """Refused with these codes."""
    return Check(frozenset(codes.split()), change, **more)


def warn(codes: str, change: str = "", **more: Any) -> Check:
    """Warned with these codes."""
    return Check(frozenset(codes.split()), change, warns=True, **more)


def fine(change: str = "", **more: Any) -> Check:
    """Accepted all the same."""
    return Check(frozenset(), change, **more)


@frozen
class Row:
    """One rule: a trigger, who fires it, from where, and what it does.

    Attributes:
        at: the states that it can be fired from, of the pilot, or of the track where it has a `key`.
        does: what happens, in the words of `pure.tell`; `{here}` is the state it was fired from.
        during: for a track, the states of the pilot.
        facts, tracks, data, hold, outcome, signed: the scene.
    """

    id: str
    trigger: str
    who: str
    at: tuple[str, ...]
    does: str
    data: Mapping[str, Any] = EMPTY
    key: str | None = None
    opens: bool = False
    during: tuple[str, ...] = OPEN
    facts: str = ""
    tracks: Mapping[str, str] = EMPTY
    hold: str = "running"
    outcome: str | None = None
    signed: str = ""
    checks: tuple[Check, ...] = ()


UNDECIDED = ("identified", "invited", "talking", "willing", "parked")
DONE = ("completed", "declined", "lapsed", "withdrawn")
DOC = {"date": "2026-03-02", "reference": "DOC-1"}
FUTURE = {"date": "2026-03-03"}
WHY = {"reason": "It turned out so"}
PLAN = {"placement_plan": "They stay, outside the pilot"}
COMMIT = (no("missing-commitment", "-decision"), no("commitment-withdrawn", "-decision +withdrawn"), fine("+withdrawn"))

MOVES = (
    Row(
        "EC2",
        "complete_exploration",
        "coordinator",
        ("exploring",),
        "pilot exploring>committing",
        facts="session inventory route",
        checks=(
            no("missing-pair", "-session"),
            no("missing-pair", "-session +hr_alone +apart"),
            no("missing-pair", "-session +one_person"),
            no("missing-inventory", "-inventory"),
            no("missing-inventory", "-inventory +plan"),
            no("missing-route", "-route"),
            no("missing-pair missing-inventory missing-route", "-session -inventory -route"),
            warn("no-contract-manager", "-session +pair_only"),
            warn("no-contract-manager coalition-of-one", "-session"),
            warn("no-contract-manager coalition-of-one", "-session +lead"),
            warn("no-contract-manager", "-session +lead +owner"),
        ),
    ),
    Row(
        "EC3",
        "open_supplier_talks",
        "coordinator client_owner",
        ("committing",),
        "pilot committing>engaging",
        facts="decision owner plan short horizon endorsement mission",
        checks=(
            *COMMIT,
            no("missing-owner", "-owner"),
            no("missing-owner", "-owner +owner_until"),
            no("missing-plan", "-plan"),
            no("missing-plan", "-plan +inventory"),
            no("missing-goals", "-short"),
            no("missing-goals", "-short +short_late"),
            no("missing-goals", "-short +short_past"),
            no("missing-goals", "-short +short_met"),
            no("missing-goals", "-horizon"),
            no("missing-commitment missing-owner missing-plan missing-goals", "-decision -owner -plan -short -horizon"),
            warn("endorsement-missing", "-endorsement"),
            warn("endorsement-missing", "-endorsement +old_endorsement"),
            warn("mission-link-missing", "-mission"),
            fine("-mission -decision +mission_in_decision"),
            warn("", "-mission -decision +mission_in_decision"),
        ),
    ),
    Row(
        "EC4",
        "start_implementation",
        "coordinator contract_manager",
        ("engaging",),
        "pilot engaging>implementing",
        facts="lead manager contact_client supervision contact_alpha",
        tracks={"alpha": "agreed"},
        checks=(
            no("missing-signature", tracks={"alpha": "willing"}),
            no("missing-signature", tracks={"alpha": "declined"}),
            fine(tracks={"alpha": "delivering"}),
            fine(tracks={"alpha": "agreed", "beta": "declined"}),
            no("missing-roles", "-contact_client"),
            no("missing-roles", "-supervision"),
            no("missing-roles", "-contact_alpha"),
            no("missing-roles", tracks={"alpha": "agreed", "beta": "agreed"}),
            fine("+contact_beta", tracks={"alpha": "agreed", "beta": "agreed"}),
            no("missing-roles", tracks={"alpha": "agreed", "beta": "delivering"}),
            no("missing-counterpart", "-manager", by="coordinator"),
            no("missing-counterpart", "-manager +old_session", by="coordinator"),
            fine("-manager +session", by="coordinator"),
            no("missing-counterpart", "-lead", by="contract_manager"),
            fine("-manager", by="contract_manager"),
            *(warn("undecided-tracks", tracks={"alpha": "agreed", "beta": state}) for state in UNDECIDED),
            *(warn("", tracks={"alpha": "agreed", "beta": state}) for state in DONE),
        ),
    ),
    Row(
        "EC5",
        "start_evaluation",
        "coordinator client_owner",
        ("implementing",),
        "pilot implementing>evaluating",
        facts="placed",
        tracks={"alpha": "delivering"},
        checks=(
            no("nothing-implemented", "-placed"),
            no("nothing-implemented", "-placed +gone_before"),
            no("nothing-implemented", "-placed +old_result"),
            fine("-placed +result"),
            fine("-placed +gone"),
            warn("open-obstacles", "+obstacle"),
        ),
    ),
    Row(
        "EC6",
        "iterate",
        "client_owner",
        ("evaluating",),
        "pilot evaluating>implementing cycle=3",
        facts="report",
        checks=(no("missing-report", "-report"), no("missing-report", "-report +old_report +plan")),
    ),
    Row(
        "EC7",
        "widen",
        "client_owner",
        ("evaluating",),
        "pilot evaluating>engaging cycle=3",
        facts="report decision",
        checks=(*COMMIT, no("missing-report", "-report"), no("missing-report", "-report +old_report +plan")),
    ),
    Row(
        "EC8 embedded",
        "conclude",
        "board",
        ("evaluating",),
        "pilot evaluating>closed outcome=embedded outcome=embedded",
        data={"outcome": "embedded"},
        facts="report embedding story",
        tracks={"alpha": "completed"},
        checks=(
            no("missing-report", "-report"),
            no("missing-report", "-report +old_report +plan"),
            no("missing-embedding", "-embedding"),
            *(no("open-tracks", tracks={"alpha": state}) for state in (*UNDECIDED, "agreed", "delivering")),
            *(fine(tracks={"alpha": state}) for state in DONE),
            no("open-tracks missing-report missing-embedding", "-report -embedding", tracks={"alpha": "delivering"}),
            warn("no-story", "-story"),
        ),
    ),
    Row(
        "EC8 otherwise",
        "conclude",
        "client_owner",
        ("evaluating",),
        "pilot evaluating>closed outcome=follow_up outcome=follow_up",
        data={"outcome": "follow_up"},
        facts="report story",
        tracks={"alpha": "completed"},
        checks=(
            fine(data={"outcome": "ended"}),
            no("forbidden-role", data={"outcome": "ended"}, by="board"),
            no("forbidden-role", data={"outcome": "follow_up"}, by="board"),
            no("forbidden-role", data={"outcome": "embedded"}),
            no("bad-value", data={"outcome": "stopped"}),
            no("missing-field", data={"outcome": None}),
            no("missing-report", "-report"),
            no("missing-report", "-report +old_report +plan"),
            no("missing-report", "-report", data={"outcome": "ended"}),
            *(no("open-tracks", tracks={"alpha": state}) for state in (*UNDECIDED, "agreed", "delivering")),
            *(fine(tracks={"alpha": state}) for state in DONE),
            fine(tracks={"alpha": "parked"}, data={"carry": ("alpha",)}),
            no("open-tracks", tracks={"alpha": "talking"}, data={"carry": ("alpha",)}),
            no("open-tracks", tracks={"alpha": "parked", "beta": "parked"}, data={"carry": ("alpha",)}),
            no("bad-reference", data={"carry": ("nobody",)}),
            warn("no-story", "-story"),
        ),
    ),
    Row(
        "EC9",
        "stop",
        "client_owner board",
        OPEN,
        "pilot {here}>closed outcome=stopped reason=It turned out so",
        data=WHY,
        facts="lesson",
        tracks={"alpha": "delivering"},
        checks=(
            no("missing-lessons", "-lesson"),
            no("missing-placement-plan", "+placed"),
            no("missing-placement-plan missing-lessons", "+placed -lesson"),
            fine("+placed", data=PLAN),
            fine("+gone"),
            no("missing-field", data={"reason": None}),
        ),
    ),
    Row(
        "EC10",
        "pause",
        "coordinator client_owner",
        OPEN,
        "paused reason=It turned out so resume_by=2026-08-31",
        data={**WHY, "resume_by": "2026-08-31"},
        checks=(
            no("bad-value", data={"resume_by": "2026-09-01"}),
            no("bad-value", data={"resume_by": "2026-03-02"}),
            fine(data={"resume_by": "2026-03-03"}),
            no("missing-field", data={"resume_by": None}),
            no("missing-field", data={"reason": None}),
            warn("active-placements", "+placed"),
            warn("", "+gone"),
        ),
    ),
    Row("EC11", "resume", "coordinator client_owner", OPEN, "resumed", hold="paused"),
    Row(
        "EC13",
        "spawn_follow_up",
        "coordinator",
        ("closed",),
        "linked spawn_follow_up",
        data={"title": "The next one"},
        outcome="follow_up",
        checks=(
            *(no("wrong-state", outcome=outcome) for outcome in ("embedded", "ended", "stopped")),
            no("missing-field", data={"title": None}),
        ),
    ),
    Row(
        "EC14",
        "withdraw_commitment",
        "board",
        OPEN,
        "end decision-1 on=2026-03-02 reason=It turned out so",
        data=WHY,
        facts="decision",
        checks=(
            no("missing-field", data={"reason": None}),
            no("missing-commitment", "-decision"),
            no("commitment-withdrawn", "-decision +withdrawn"),
        ),
    ),
)

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
        "assign",
        "coordinator client_owner starter",
        OPEN,
        "end assignment-2 on=2026-03-02 dropped; add assignment@beta",
        data={"duty": "contact_supplier", "person": "jo", "track": "beta"},
        facts="contact_alpha contact_beta lead_beta",
        tracks={"alpha": "agreed", "beta": "agreed"},
        checks=(no("bad-reference", data={"track": "nobody"}), no("bad-value", data={"duty": "boss"})),
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
    Row(
        "3.9",
        "correct",
        "",  # the adder alone: see the table of relations
        ANY,
        "correct evidence-1 reference=DOC-9",
        data={"record": "evidence-1", "fields": {"reference": "DOC-9"}, "reason": "A typing error"},
        facts="inventory gone back work agreed_alpha decision owner sponsorship pair_only endorsement route short step"
        " check_in obstacle lesson story retention",
        tracks={"alpha": "delivering"},
        checks=(
            no("missing-field", data={"reason": None}),
            no("bad-reference", data={"record": "decision-1"}),
            no("bad-reference", data={"record": "agreement-1"}),
            no("bad-reference", data={"record": "assignment-1"}),
            no("bad-reference", data={"record": "sponsorship-1"}),
            *(
                fine(data={"record": f"{kind}-1", "fields": {field: value}})
                for kind, field, value in (
                    ("activity", "note", "It was lunch"),
                    ("endorsement", "reference", "NEWS-9"),
                    ("route", "rationale", "Fits better"),
                    ("goal", "text", "Three met"),
                    ("step", "what", "Visit"),
                    ("check_in", "mood", "stuck"),
                    ("obstacle", "text", "The gate"),
                    ("lesson", "text", "Start smaller"),
                    ("story", "title", "A second job"),
                    ("retention", "answer", "left"),
                )
            ),
            no("capacity-exceeded", data={"record": "placement-3", "fields": {"kind": "training"}}),
            no("overlap", data={"record": "placement-1", "fields": {"end": "2026-02-17"}}),
            fine(data={"record": "placement-1", "fields": {"weekly_hours": "20"}}),
            no("privacy-violation", data={"record": "placement-1", "fields": {"offence": "theft"}}),
            no("privacy-violation", data={"record": "placement-1", "fields": {"hours": ()}}),
            no("privacy-violation", data={"record": "placement-1", "fields": {"employer": "jan@example.org"}}),
            no("privacy-violation", data={"record": "story-1", "fields": {"consent": "111222333"}}),
            no("bad-value", data={"record": "placement-1", "fields": {"weekly_hours": "41"}}),
        ),
    ),
)

SIGNED = {"places": {"employment": 2}, "hours": "60", "from": "2026-03-02", "target_group": ("other",)}
TALK = {
    "date": "2026-03-02",
    "present": (
        {"person": "a", "role": "contract_manager"},
        {"person": "b", "role": "supplier_lead", "party": "alpha"},
    ),
}
PERSON = {
    "participant": "s7",
    "kind": "employment",
    "weekly_hours": "24",
    "start": "2026-03-02",
    "paid": True,
    "counts_for_banenafspraak": "no",
}
BUNDLE = {
    "kind": "bundled",
    "contributions": ({"track": "alpha", "weekly_hours": "10"}, {"track": "beta", "weekly_hours": "14"}),
}
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
    *(no("wrong-state", data=BUNDLE, tracks={"beta": state}) for state in ("willing", "completed", "withdrawn")),
    no("overlap", "+placed", data={"participant": "s1"}),
    fine("+gone", data={"participant": "s1"}),
    no("overlap", "+gone", data={"participant": "s1", "start": "2026-02-15"}),
    no("overlap", "+placed_beta", data={"participant": "s3"}),
    no("bad-value", data={**BUNDLE, "weekly_hours": "23"}),
    no("bad-value", data={**BUNDLE, "contributions": 2 * BUNDLE["contributions"][:1]}),  # type: ignore[operator]  # rows
    no("missing-field", data={"kind": "bundled"}),
    no("bad-value", data={**BUNDLE, "contributions": BUNDLE["contributions"][:1]}),  # type: ignore[index]  # rows
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
    *(
        no("wrong-state", data={"kind": None, "to_track": "beta"}, by="hr", tracks={"beta": state})
        for state in ("willing", "completed", "withdrawn")
    ),
    no("capacity-exceeded", "+placed_beta", data={"kind": None, "to_track": "beta"}, by="hr"),
    no("forbidden-role", data={"kind": None, "to_track": "beta"}, by="supplier_hr"),
)
HOURS = "hours=2026-03-02/24"
MOVED = (
    "end placement-1 on=2026-03-02 end=2026-03-02 reason=moved_on; add placement@alpha counts_for_banenafspraak=unknown"
    " hours=2026-03-02/16 paid=True participant=s1"
)
ON_TRACK = {"alpha": "delivering", "beta": "delivering"}

TRACKS = (
    Row(
        "TR1 identify",
        "identify",
        "procurement contract_manager coordinator",
        (),
        "track >identified contract=C-1 origin=client supplier=Gamma",
        data={"supplier": "Gamma", "contract": "C-1"},
        key="gamma",
        opens=True,
        checks=(fine(data={"contract": None}), no("missing-field", data={"supplier": None})),
    ),
    Row(
        "TR1 propose",
        "propose",
        "supplier_lead",
        (),
        "track >identified contract=C-1 origin=supplier supplier=Gamma",
        data={"supplier": "Gamma", "contract": "C-1"},
        key="gamma",
        opens=True,
        checks=(fine(data={"contract": None}), no("missing-field", data={"supplier": None})),
    ),
    Row(
        "TR2",
        "invite",
        "contract_manager procurement coordinator",
        ("identified",),
        "track identified>invited",
        key="alpha",
        during=("engaging", "implementing"),
        facts="decision",
        checks=COMMIT,
    ),
    Row(
        "TR3",
        "start_talk",
        "coordinator contract_manager procurement supplier_lead",
        ("invited",),
        "add activity@alpha type=exploratory_talk; track invited>talking",
        data=TALK,
        key="alpha",
        during=("engaging", "implementing"),
        checks=(
            no("missing-counterpart", data={"present": TALK["present"][:1]}),
            no("missing-counterpart", data={"present": TALK["present"][1:]}),
            no("missing-field", data={"present": None}),
            no("future-dated", data=FUTURE),
        ),
    ),
    Row("TR4", "express_willingness", "supplier_lead", ("talking",), "track talking>willing", key="alpha"),
    Row(
        "TR5",
        "decline",
        "supplier_lead",
        ("invited", "talking", "willing"),
        "track {here}>declined reason=capacity",
        data={"reason": "capacity"},
        key="alpha",
        checks=(
            *(
                fine(data={"reason": reason})
                for reason in ("contract_ends", "no_suitable_work", "no_agreement", "not_suitable", "other")
            ),
            *(
                no("unilateral", data={"reason": reason}, by="client_owner")
                for reason in ("capacity", "contract_ends", "no_suitable_work", "no_agreement", "other")
            ),
            no("missing-field", data={"reason": None}),
            no("bad-value", data={"reason": "no_time"}),
        ),
    ),
    Row(
        "TR5 by the owner",
        "decline",
        "supplier_lead client_owner",
        ("invited", "talking", "willing"),
        "track {here}>declined reason=not_suitable",
        data={"reason": "not_suitable"},
        key="alpha",
    ),
    Row("TR6", "lapse", "system", ("invited", "talking"), "track {here}>lapsed", key="alpha"),
    Row(
        "TR7",
        "park",
        "coordinator supplier_lead",
        ("invited", "talking", "willing"),
        "track {here}>parked until=2026-06-01",
        data={"until": "2026-06-01"},
        key="alpha",
        checks=(no("bad-value", data={"until": "2026-03-02"}), no("missing-field", data={"until": None})),
    ),
    Row("TR7 back", "unpark", "coordinator supplier_lead", ("parked",), "track parked>talking", key="alpha"),
    Row(
        "TR8",
        "reinvite",
        "coordinator",
        ("declined", "lapsed", "parked"),
        "track {here}>invited",
        key="alpha",
        facts="decision",
        checks=COMMIT,
    ),
    Row(
        "TR9",
        "sign_agreement",
        "supplier_lead client_owner",
        ("willing",),
        "signed by supplier_lead; add agreement@alpha number=1; track willing>agreed",
        data=SIGNED,
        key="alpha",
        facts="decision",
        signed="client_owner",
        checks=(
            *COMMIT,
            no("bad-value", data={"places": {"employment": 0}}),
            no("bad-value", data={"places": {"internship": 1}}),
            no("missing-field", data={"places": {}}),
            no("bad-value", data={"hours": "-1"}),
            no("bad-value", data={"until": "2026-03-01"}),
            fine(data={"until": "2027-03-01"}),
            no("missing-field", data={"from": None}),
            no("privacy-violation", data={"conditions": "Only for Jan, jan@example.org"}),
        ),
    ),
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
        facts="placed",
        checks=(no("bad-value", data={"weeks": 14}), no("bad-reference", data={"placement": "placement-2"})),
    ),
)

TABLE = (*MOVES, *RECORDS, *TRACKS)
