"""How the refusals of agreements and placements come about."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.domain.common.refusals import STOP, STORY, on
from tests.domain.domain import Case
from tests.domain.people.life import AtWork
from tests.domain.remedy import Order

HR, LEAD, OWNER = "supplier_hr@alpha", "supplier_lead@alpha", "client_owner"
PERSON = {
    "participant": "person-900",
    "kind": "employment",
    "weekly_hours": "24",
    "start": "2026-01-12",
    "paid": True,
    "counts_for_banenafspraak": "no",
}
ROWS = ({"track": "alpha", "weekly_hours": "10"}, {"track": "beta", "weekly_hours": "14"})
TELLING = "Call 06-12345678 about it"
TERMS = {"places": {"employment": 1}, "from": "2026-01-05"}

Begin = Callable[[], AtWork]


def filled(begin: Begin, ref: str = "", **more: Any) -> Begin:
    """A pilot with a placement at alpha."""

    def filled_life() -> AtWork:
        life = begin()
        life.later(7)
        life.place(ref=ref, **more)
        return life

    return filled_life


def undecided(begin: Begin) -> Begin:
    """A pilot of which the board withdraws the decision that it took."""

    def undecided_life() -> AtWork:
        life = begin()
        life.undecide()
        return life

    return undecided_life


def placed(begin: Begin, order: Callable[[AtWork], Order], **more: Any) -> Case:
    """A pilot with a placement at alpha, and a command."""

    def case() -> tuple[AtWork, Order]:
        life = filled(begin, **more)()
        return life, order(life)

    return case


def starting(begin: Begin, **more: Any) -> Case:
    """A placement that is started at alpha, in a pilot where that can be done."""
    return lambda: (begin(), Order(HR, "start_placement", {**PERSON, **more}, "alpha"))


def placing(begin: Begin, partner: Begin | None) -> dict[str, Case]:
    """What may be wrong with a new placement; `partner` has a track `gamma` that has not agreed, where one can be."""
    bundle = {"kind": "bundled", "contributions": (ROWS[0], {"track": "gamma", "weekly_hours": "14"})}
    return {
        "capacity-exceeded": starting(begin, kind="training"),
        "overlap": starting(filled(begin, ref="person-900")),
        "bad-value": starting(begin, kind="bundled", contributions=ROWS, weekly_hours="30"),
        **({"wrong-state": starting(partner, **bundle)} if partner is not None else {}),
        "commitment-withdrawn": starting(undecided(begin)),
    }


def _move(begin: Begin, by: str = HR, **more: Any) -> Case:
    def case() -> tuple[AtWork, Order]:
        life = begin()
        life.later(7)
        placement = life.pilot.records("placement")[0].id
        return life, Order(by, "move_placement", {"placement": placement, "start": life.today, **more}, "alpha")

    return case


def moving(begin: Begin, partner: Begin | None) -> dict[str, Case]:
    """What may be wrong with moving a placement."""

    def again() -> AtWork:
        """One placement that ends in a while, and a next one of the same person after that."""
        life = begin()
        life.later(7)
        life.place(ref="person-900", end=life.day(28))
        life.place(ref="person-900", start=life.day(28))
        return life

    bundled = filled(begin, kind="bundled", contributions=ROWS)
    away = {} if partner is None else {"wrong-state": _move(filled(partner), by="hr", to_track="gamma")}
    return {
        "capacity-exceeded": _move(filled(begin), kind="training"),
        "overlap": _move(again),
        "bad-value": _move(bundled, weekly_hours="20"),
        "missing-field": _move(filled(begin), kind="bundled"),
        **away,
    }


def correcting(begin: Begin) -> dict[str, Case]:
    """What may be wrong with correcting a placement."""

    def case(fields: Mapping[str, Any]) -> Case:
        def mistaken() -> tuple[AtWork, Order]:
            life = begin()
            life.place(ref="person-900", end=life.day(14))
            life.place(ref="person-900", start=life.day(14))
            record = life.pilot.records("placement")[0].id
            return life, Order(HR, "correct", {"record": record, "fields": fields, "reason": "A mistake"})

        return mistaken

    return {
        "capacity-exceeded": case({"kind": "training"}),
        "overlap": case({"end": "2026-01-20"}),
        "privacy-violation": _correcting_a_story(begin),
    }


def _correcting_a_story(begin: Begin) -> Case:
    def told() -> tuple[AtWork, Order]:
        life = begin()
        if not life.named("coordinator"):
            life.assign("coordinator", "coordinator", by="contract_manager")
        life.do("coordinator", "share_story", {**STORY, "consent": "consent-1"})
        fields = {"consent": "jan@example.org"}
        return life, Order("coordinator", "correct", {"record": "story-1", "fields": fields, "reason": "A mistake"})

    return told


def ending(begin: Begin, next_cycle: Callable[[AtWork], object]) -> dict[str, dict[str, Case]]:
    """What may be wrong with holding, stopping, completing and withdrawing where people are at work.

    `next_cycle` brings a pilot into a cycle in which nothing shows that the supplier takes part.
    """

    def completing(change: Callable[[AtWork], object]) -> Case:
        def case() -> tuple[AtWork, Order]:
            life = begin()
            change(life)
            return life, Order("contract_manager", "complete", {}, "alpha")

        return case

    return {
        "complete": {"missing-counterpart": completing(next_cycle), "placements-active": completing(AtWork.place)},
        "withdraw": {
            "missing-placement-plan": placed(begin, lambda _: Order(LEAD, "withdraw", {"reason": "No work"}, "alpha")),
            "privacy-violation": on(begin, LEAD, "withdraw", {**STOP, "placement_plan": TELLING}, "alpha"),
        },
        "stop": {
            "missing-placement-plan": placed(begin, lambda _: Order(OWNER, "stop", STOP)),
            "privacy-violation": on(begin, OWNER, "stop", {**STOP, "placement_plan": TELLING}),
        },
        "pause": {
            "active-placements": placed(
                begin, lambda life: Order("coordinator", "pause", {"reason": "Summer", "resume_by": life.day(28)})
            )
        },
    }


def amending(begin: Begin) -> dict[str, Case]:
    """An amendment that would take away the place of somebody who has it."""
    less = {**TERMS, "places": {"training": 1}}
    return {"capacity-exceeded": placed(begin, lambda _: Order(OWNER, "amend_agreement", less, "alpha"))}


def terms(begin: Begin, trigger: str) -> dict[str, Case]:
    """What may be wrong with the terms that are signed, asked for on any pilot."""
    late, named = {**TERMS, "until": "2026-01-05"}, {**TERMS, "conditions": "jan@example.org"}
    return {
        "bad-value": on(begin, OWNER, trigger, late, "alpha"),
        "privacy-violation": on(begin, OWNER, trigger, named, "alpha"),
    }


# Codes that a guard could give, but that no pilot and no data can bring about on this edge.
ELSEWHERE = "whoever has an agreement had the decision of the board; it can only have been withdrawn"
BEFORE = "the data check asks for the contributions of a bundled job before the guard is asked"
UNREACHABLE = {
    ("start_placement.agreed", "commitment", "missing-commitment"): ELSEWHERE,
    ("start_placement.agreed", "bundle", "missing-field"): BEFORE,
    ("start_placement.delivering", "bundle", "missing-field"): BEFORE,
}
