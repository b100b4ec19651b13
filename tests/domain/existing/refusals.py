"""How the refusals of `existing-contract` come about."""

from collections.abc import Callable, Mapping

from tests.domain.common.refusals import commitment, each, merged, on, recording, undecided
from tests.domain.existing.life import Life
from tests.domain.life import present
from tests.domain.people.life import AtWork
from tests.domain.people.refusals import (
    HR,
    OWNER,
    PERSON,
    TERMS,
    amending,
    correcting,
    ending,
    moving,
    placing,
    terms,
)
from tests.domain.remedy import Order


def fresh() -> Life:
    """A pilot of a day old, with a supplier in view: whatever is asked for, everything is still missing."""
    return Life().supplier("alpha", "identified")


def delivering() -> Life:
    """Alpha delivers and beta, further on, has agreed; nobody is placed yet."""
    return Life().reach("implementing").supplier("beta", "agreed")


def agreed() -> Life:
    """The same, but alpha has agreed and not begun to deliver; others are implementing."""
    life = Life().reach("engaging")
    life.supplier("alpha", "agreed").supplier("beta", "agreed")
    life.assign("contract_manager", "contract_manager")
    life.assign("contact_client", "contract_manager")
    life.assign("supervision", "supervisor")
    life.do("coordinator", "start_implementation")
    return life


def with_gamma(begin: Callable[[], Life]) -> Callable[[], Life]:
    """The same with gamma, which is willing and has not agreed."""
    return lambda: begin().supplier("gamma", "willing")


def _alpha() -> Life:
    return Life().reach("implementing")


def _other_cycle(life: AtWork) -> None:
    """Nothing shows in this cycle that the supplier takes part."""
    life.paper("delivered_result")
    life.do("coordinator", "start_evaluation")
    life.paper("report")
    life.later(1)
    life.do("client_owner", "iterate")


def _obstacle() -> tuple[Life, Order]:
    life = Life()
    life.do("facilitator", "add_obstacle", {"text": "The gate"})
    return life, Order("coordinator", "start_evaluation")


def _one_sided() -> tuple[Life, Order]:
    life = Life().reach("engaging").supplier("alpha", "invited")
    there = present("hr", "coordinator")
    return life, Order("coordinator", "start_talk", {"date": life.today, "present": there}, "alpha")


def _parking() -> tuple[Life, Order]:
    life = Life().reach("engaging").supplier("alpha", "talking")
    return life, Order("coordinator", "park", {"until": life.today}, "alpha")


MOVES: Mapping[str, tuple[str, str]] = {
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
}


CASES = merged(
    {trigger: each(fresh, by, trigger, words) for trigger, (by, words) in MOVES.items()},
    recording(fresh),
    ending(_alpha, _other_cycle),
    {
        "open_supplier_talks": {"commitment-withdrawn": on(undecided(fresh), "coordinator", "open_supplier_talks")},
        "start_evaluation": {"open-obstacles": _obstacle},
        "widen": {"commitment-withdrawn": on(undecided(fresh), OWNER, "widen")},
        "conclude.embedded": each(
            fresh, "board", "conclude", "missing-report open-tracks missing-embedding no-story", {"outcome": "embedded"}
        ),
        "conclude.follow_up": each(
            fresh, OWNER, "conclude", "missing-report open-tracks no-story", {"outcome": "follow_up"}
        ),
        "correct": correcting(delivering),
        "invite": commitment(fresh, "coordinator", "invite", None, "alpha"),
        "start_talk": {"missing-counterpart": _one_sided},
        "park": {"bad-value": _parking},
        "reinvite": commitment(fresh, "coordinator", "reinvite", None, "alpha"),
        "sign_agreement": {
            **commitment(fresh, OWNER, "sign_agreement", TERMS, "alpha"),
            **terms(fresh, "sign_agreement"),
        },
        "amend_agreement": {
            **commitment(fresh, OWNER, "amend_agreement", TERMS, "alpha"),
            **terms(fresh, "amend_agreement"),
            **amending(delivering),
        },
        "start_placement.delivering": {
            **placing(delivering, with_gamma(delivering)),
            "missing-commitment": on(fresh, HR, "start_placement", PERSON, "alpha"),
        },
        "start_placement.agreed": placing(agreed, with_gamma(agreed)),
        "move_placement.delivering": moving(delivering, with_gamma(delivering)),
        "move_placement.agreed": moving(agreed, with_gamma(agreed)),
    },
)
