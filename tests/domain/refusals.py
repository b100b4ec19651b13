"""Every refusal and warning of the bundled workflow, brought about on a pilot that came there by real commands.

`CASES` names per edge and code how; edges of one trigger are told apart by what picks them, `conclude.embedded`.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from attrs import frozen

from proeftuin.core.guards import BUILT_IN
from proeftuin.core.workflow import Edge, GuardUse, Workflow
from tests.domain.life import Life, present
from tests.domain.remedy import Order

Case = Callable[[], tuple[Life, Order]]


@frozen
class Use:
    """One use of a guard on one edge, and one code that it can give."""

    label: str
    kind: str | None
    edge: int
    part: str
    place: int
    guard: str
    code: str

    def __str__(self) -> str:
        """`conclude.embedded-open-tracks`."""
        return f"{self.label}-{self.code}"


def label(edge: Edge, edges: tuple[Edge, ...]) -> str:
    """The trigger, and what tells its edges apart where there are several."""
    if sum(one.trigger == edge.trigger for one in edges) == 1:
        return edge.trigger
    picks = next(iter(edge.when.values()), edge.sources)
    return f"{edge.trigger}.{picks[0]}"


def codes(use: GuardUse) -> tuple[str, ...]:
    """The codes that a use of a guard can give."""
    return (str(use.params["code"]),) if "code" in use.params else BUILT_IN[use.name].codes


def uses(workflow: Workflow) -> Iterator[Use]:
    """Give every code of every guard of every edge."""
    for kind in (None, *workflow.tracks):
        edges = workflow.edges if kind is None else workflow.tracks[kind].edges
        for number, edge in enumerate(edges):
            for part in ("require", "advise"):
                for place, use in enumerate(getattr(edge, part)):
                    for code in codes(use):
                        yield Use(label(edge, edges), kind, number, part, place, use.name, code)


# -- pilots ------------------------------------------------------------------------------------------------------------


def fresh(by: str, trigger: str, data: Mapping[str, Any] | None = None, track: str | None = None) -> Case:
    """A pilot of a day old, with a supplier in view: whatever is asked for, everything is still missing."""

    def case() -> tuple[Life, Order]:
        return Life().supplier("alpha", "identified"), Order(by, trigger, data or {}, track)

    return case


def withdrawn(by: str, trigger: str, data: Mapping[str, Any] | None = None, track: str | None = None) -> Case:
    """A pilot of a day old, of which the board has withdrawn its decision."""

    def case() -> tuple[Life, Order]:
        life = Life().supplier("alpha", "identified")
        life.decide()
        life.undecide()
        return life, Order(by, trigger, data or {}, track)

    return case


def running(
    by: str, trigger: str, data: Mapping[str, Any] | None = None, track: str | None = None, at: str = "implementing"
) -> Case:
    """A pilot in which alpha delivers and beta, further on, has agreed; nobody is placed yet."""

    def case() -> tuple[Life, Order]:
        life = Life().reach(at).supplier("beta", "agreed")
        return life, Order(by, trigger, data or {}, track)

    return case


def placed(order: Callable[[Life, str], Order], **more: Any) -> Case:
    """A pilot in which alpha delivers, with one placement, to which the order refers."""

    def case() -> tuple[Life, Order]:
        life = Life().reach("implementing").supplier("beta", "agreed")
        life.later(7)
        return life, order(life, life.place(**more))

    return case


def commitment(
    by: str, trigger: str, data: Mapping[str, Any] | None = None, track: str | None = None
) -> dict[str, Case]:
    """Both ways in which the decision of the board can be missing."""
    return {
        "missing-commitment": fresh(by, trigger, data, track),
        "commitment-withdrawn": withdrawn(by, trigger, data, track),
    }


# -- placements --------------------------------------------------------------------------------------------------------

HR = "supplier_hr@alpha"
OWNER, LEAD = "client_owner", "supplier_lead@alpha"
PERSON = {
    "participant": "person-900",
    "kind": "employment",
    "weekly_hours": "24",
    "start": "2026-01-12",
    "paid": True,
    "counts_for_banenafspraak": "no",
}
ROWS = ({"track": "alpha", "weekly_hours": "10"}, {"track": "beta", "weekly_hours": "14"})
TERMS = {"places": {"employment": 1}, "from": "2026-01-05"}
STORY = {"title": "A", "url": "https://example.org/", "scope": "web", "consent_date": "2026-01-05"}


def _start(case: Callable[[], Life], **more: Any) -> Case:
    return lambda: (case(), Order(HR, "start_placement", {**PERSON, **more}, "alpha"))


def _delivering() -> Life:
    return Life().reach("implementing").supplier("beta", "agreed")


def _agreed() -> Life:
    """The same, but alpha has agreed and not begun to deliver; others are implementing."""
    life = Life().reach("engaging")
    life.supplier("alpha", "agreed").supplier("beta", "agreed")
    life.assign("contract_manager", "contract_manager")
    life.assign("contact_client", "contract_manager")
    life.assign("supervision", "supervisor")
    life.do("coordinator", "start_implementation")
    return life


def _with_gamma(life: Callable[[], Life]) -> Callable[[], Life]:
    return lambda: life().supplier("gamma", "willing")


def _filled(life: Callable[[], Life], ref: str = "", **more: Any) -> Callable[[], Life]:
    def filled() -> Life:
        one = life()
        one.later(7)
        one.place(ref=ref, **more)
        return one

    return filled


def _undecided(life: Callable[[], Life]) -> Callable[[], Life]:
    def undecided() -> Life:
        one = life()
        one.undecide()
        return one

    return undecided


def _placing(life: Callable[[], Life]) -> dict[str, Case]:
    """What may be wrong with a new placement, on a pilot in which the edge can be fired."""
    return {
        "capacity-exceeded": _start(life, kind="training"),
        "overlap": _start(_filled(life, ref="person-900")),
        "bad-value": _start(life, kind="bundled", contributions=ROWS, weekly_hours="30"),
        "missing-field": _start(life, kind="bundled"),
        "wrong-state": _start(
            _with_gamma(life), kind="bundled", contributions=(ROWS[0], {"track": "gamma", "weekly_hours": "14"})
        ),
        "privacy-violation": _start(life, employer="jan@example.org"),
        "commitment-withdrawn": _start(_undecided(life)),
    }


def _move(life: Callable[[], Life], by: str = HR, **more: Any) -> Case:
    def case() -> tuple[Life, Order]:
        one = life()
        one.later(7)
        placement = one.pilot.records("placement")[0].id
        return one, Order(by, "move_placement", {"placement": placement, "start": one.today, **more}, "alpha")

    return case


def _moving(life: Callable[[], Life]) -> dict[str, Case]:
    def again() -> Life:
        """One placement that ends in a while, and a next one of the same person after that."""
        one = life()
        one.later(7)
        one.place(ref="person-900", end=one.day(28))
        one.place(ref="person-900", start=one.day(28))
        return one

    bundled = _filled(life, kind="bundled", contributions=ROWS)
    return {
        "capacity-exceeded": _move(_filled(life), kind="training"),
        "overlap": _move(again),
        "bad-value": _move(bundled, weekly_hours="20"),
        "missing-field": _move(_filled(life), kind="bundled"),
        "wrong-state": _move(_with_gamma(_filled(life)), by="hr", to_track="gamma"),
    }


def _correcting(fields: Mapping[str, Any], number: int = 0, **more: Any) -> Case:
    def case() -> tuple[Life, Order]:
        life = _delivering()
        life.place(ref="person-900", end=life.day(14))
        life.place(ref="person-900", start=life.day(14))
        record = life.pilot.records("placement")[number].id
        return life, Order(HR, "correct", {"record": record, "fields": fields, "reason": "A mistake"})

    return case


def _stopped() -> tuple[Life, Order]:
    life = Life()
    life.assign("coordinator", "coordinator", by="contract_manager")
    life.do("coordinator", "add_lesson", {"text": "Begin small"})
    life.do("client_owner", "stop", {"reason": "No money"})
    return life, Order("coordinator", "spawn_follow_up", {"title": "Next"})


def _obstacle() -> tuple[Life, Order]:
    life = Life()
    life.do("facilitator", "add_obstacle", {"text": "The gate"})
    return life, Order("coordinator", "start_evaluation")


def _completing(change: Callable[[Life], object]) -> Case:
    def case() -> tuple[Life, Order]:
        life = Life().reach("implementing")
        change(life)
        return life, Order("contract_manager", "complete", {}, "alpha")

    return case


def _one_sided() -> tuple[Life, Order]:
    life = Life().reach("engaging").supplier("alpha", "invited")
    return life, Order(
        "coordinator", "start_talk", {"date": life.today, "present": present("hr", "coordinator")}, "alpha"
    )


def _other_cycle(life: Life) -> None:
    """Nothing shows in this cycle that the supplier takes part."""
    life.paper("delivered_result")
    life.do("coordinator", "start_evaluation")
    life.paper("report")
    life.later(1)
    life.do("client_owner", "iterate")


def _parking() -> tuple[Life, Order]:
    life = Life().reach("engaging").supplier("alpha", "talking")
    return life, Order("coordinator", "park", {"until": life.today}, "alpha")


FRESH = {
    "complete_exploration": (
        "coordinator",
        "missing-pair missing-inventory missing-route no-contract-manager coalition-of-one",
    ),
    "open_supplier_talks": (
        "coordinator",
        "missing-commitment missing-owner missing-plan missing-goals endorsement-missing mission-link-missing",
    ),
    "start_implementation": ("coordinator", "missing-counterpart missing-signature missing-roles undecided-tracks"),
    "start_evaluation": ("coordinator", "nothing-implemented"),
    "iterate": ("client_owner", "missing-report"),
    "widen": ("client_owner", "missing-report missing-commitment"),
    "withdraw_commitment": ("board", "missing-commitment"),
    "stop": ("client_owner", "missing-lessons"),
    "check_in": ("coordinator", "no-next-step"),
}
DATA: Mapping[str, Mapping[str, Any]] = {
    "withdraw_commitment": {"reason": "Cuts"},
    "stop": {"reason": "No money"},
    "check_in": {"date": "2026-01-05", "mood": "wobbling"},
}

CASES: dict[str, dict[str, Case]] = {
    trigger: {code: fresh(by, trigger, DATA.get(trigger)) for code in words.split()}
    for trigger, (by, words) in FRESH.items()
}
CASES["check_in.any_open"] = CASES.pop("check_in")
CASES["open_supplier_talks"]["commitment-withdrawn"] = withdrawn("coordinator", "open_supplier_talks")
CASES["widen"]["commitment-withdrawn"] = withdrawn("client_owner", "widen")
CASES["withdraw_commitment"]["commitment-withdrawn"] = withdrawn("board", "withdraw_commitment", {"reason": "Cuts"})
CASES["start_evaluation"]["open-obstacles"] = _obstacle
CASES["stop"]["missing-placement-plan"] = placed(lambda _life, _id: Order(OWNER, "stop", {"reason": "No money"}))
for _outcome, _by in (("embedded", "board"), ("follow_up", "client_owner")):
    CASES[f"conclude.{_outcome}"] = {
        code: fresh(_by, "conclude", {"outcome": _outcome})
        for code in ("missing-report", "open-tracks", "missing-embedding", "no-story")
        if (_outcome, code) != ("follow_up", "missing-embedding")
    }
CASES |= {
    "pause": {
        "bad-value": running("coordinator", "pause", {"reason": "Summer", "resume_by": "2027-01-05"}),
        "active-placements": placed(
            lambda life, _id: Order("coordinator", "pause", {"reason": "Summer", "resume_by": life.day(28)})
        ),
    },
    "share_story": {"privacy-violation": fresh("coordinator", "share_story", {**STORY, "consent": "jan@example.org"})},
    "correct": {
        "capacity-exceeded": _correcting({"kind": "training"}),
        "overlap": _correcting({"end": "2026-01-20"}),
        "privacy-violation": _correcting({"employer": "jan@example.org"}),
    },
    "spawn_follow_up": {"wrong-state": _stopped},
    "invite": commitment("coordinator", "invite", None, "alpha"),
    "start_talk": {"missing-counterpart": _one_sided},
    "park": {"bad-value": _parking},
    "reinvite": commitment("coordinator", "reinvite", None, "alpha"),
    "sign_agreement": {
        **commitment(OWNER, "sign_agreement", TERMS, "alpha"),
        "bad-value": fresh(OWNER, "sign_agreement", {**TERMS, "until": "2026-01-05"}, "alpha"),
        "privacy-violation": fresh(OWNER, "sign_agreement", {**TERMS, "conditions": "jan@example.org"}, "alpha"),
    },
    "amend_agreement": {
        **commitment(OWNER, "amend_agreement", TERMS, "alpha"),
        "bad-value": fresh(OWNER, "amend_agreement", {**TERMS, "until": "2026-01-05"}, "alpha"),
        "privacy-violation": fresh(OWNER, "amend_agreement", {**TERMS, "conditions": "jan@example.org"}, "alpha"),
        "capacity-exceeded": placed(
            lambda _life, _id: Order(OWNER, "amend_agreement", {**TERMS, "places": {"training": 1}}, "alpha")
        ),
    },
    "complete": {
        "missing-counterpart": _completing(_other_cycle),
        "placements-active": _completing(Life.place),
    },
    "withdraw": {
        "missing-placement-plan": placed(lambda _life, _id: Order(LEAD, "withdraw", {"reason": "No work"}, "alpha"))
    },
    "start_placement.delivering": {
        **_placing(_delivering),
        "missing-commitment": fresh(HR, "start_placement", PERSON, "alpha"),
    },
    "start_placement.agreed": _placing(_agreed),
    "move_placement.delivering": _moving(_delivering),
    "move_placement.agreed": _moving(_agreed),
}

# Codes that a guard could give, but that no pilot and no data can bring about on this edge.
ELSEWHERE = "whoever has an agreement had the decision of the board; it can only have been withdrawn"
BEFORE = "the data check asks for the contributions of a bundled job before the guard is asked"
UNREACHABLE = {
    ("start_placement.agreed", "commitment", "missing-commitment"): ELSEWHERE,
    ("start_placement.agreed", "bundle", "missing-field"): BEFORE,
    ("start_placement.delivering", "bundle", "missing-field"): BEFORE,
}
