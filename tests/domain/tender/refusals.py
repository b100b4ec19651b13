"""How the refusals of `tender` come about."""

from collections.abc import Callable, Mapping
from typing import Any

from proeftuin import Settings, ValueTable
from tests.domain.common.refusals import commitment, each, merged, on, recording, undecided
from tests.domain.domain import Case
from tests.domain.life import FIRST_DAY, present
from tests.domain.people import refusals as people
from tests.domain.people.life import AtWork
from tests.domain.people.refusals import OWNER, TERMS, amending, correcting, ending, moving, placing, terms
from tests.domain.remedy import Order
from tests.domain.tender.life import Life

BUYER = "procurement"
EFFORT = {"table": "ours", "group": "ww", "hours": "24", "months": "12"}
CHOICE = {"instrument": "reserved", "rationale": "It fits"}
DOCUMENTS = {"procedure": "open", "subject_link": "The work itself"}


def fresh() -> Life:
    """A pilot of a day old, with a procurement on the calendar: whatever is asked for, everything is still missing."""
    return Life().lot("c1")


def delivering() -> Life:
    """Alpha delivers and beta, further on, has a contract; nobody is placed yet."""
    return Life().reach("implementing").contract("beta")


def agreed() -> Life:
    """The same, but alpha has not begun to deliver."""
    life = Life().reach("procuring").contract("alpha").contract("beta")
    life.paper("handover")
    life.do("contract_manager", "start_implementation")
    return life


def with_gamma(begin: Callable[[], Life]) -> Callable[[], Life]:
    """The same with gamma, which has withdrawn: nothing brings it back."""
    return lambda: begin().contract("gamma").contract("gamma", "withdrawn")


def _alpha() -> Life:
    return Life().reach("implementing")


def _other_cycle(life: AtWork) -> None:
    """Nothing shows in this cycle that the supplier takes part."""
    life.paper("delivered_result")
    life.do("coordinator", "start_evaluation")
    life.paper("report")
    life.later(1)
    life.do("client_owner", "iterate")


def at(state: str, order: Callable[[Life], Order], pilot: str = "procuring", **award: Any) -> Case:
    """A procurement `c1` in a state, and a command."""

    def case() -> tuple[Life, Order]:
        life = Life().reach("procuring").lot("c1", state, **award).reach(pilot)
        return life, order(life)

    return case


def with_instrument(name: str, order: Callable[[Life], Order], state: str = "preparing", **more: Any) -> Case:
    """The same, with an instrument that was chosen for it."""

    def case() -> tuple[Life, Order]:
        life = Life().reach("procuring").lot("c1")
        life.choose("c1", name, **more)
        return life.lot("c1", state), order(life)

    return case


def choosing(**more: Any) -> Callable[[Life], Order]:
    return lambda _: Order(BUYER, "choose_instrument", {**CHOICE, **more}, "c1")


def publishing(life: Life) -> Order:
    return Order(BUYER, "publish", {**DOCUMENTS, "published_on": life.today}, "c1")


def awarding(**more: Any) -> Callable[[Life], Order]:
    def order(life: Life) -> Order:
        data = {"sent_on": life.today, "winner": "alpha", "standstill_required": True, **more}
        return Order(BUYER, "send_award_decision", data, "c1")

    return order


def direct(**more: Any) -> Callable[[Life], Order]:
    return lambda _: Order(BUYER, "award_direct", {"winner": "alpha", **more}, "c1")


def buying(**more: Any) -> Callable[[Life], Order]:
    def order(life: Life) -> Order:
        return Order(
            BUYER, "buy_below_threshold", {"supplier": "Lunch", "amount": "100", "date": life.today, **more}, "c1"
        )

    return order


def signing(**more: Any) -> Callable[[Life], Order]:
    def order(life: Life) -> Order:
        data = {"signed_on": life.today, "supplier": "alpha", "contract": "k1", **more}
        return Order(OWNER, "sign_contract", data, "c1")

    return order


def held_up(by: str, trigger: str, data: Mapping[str, Any], pilot: str = "procuring") -> Case:
    """What waits for a tender that runs."""
    return at("tendering", lambda _: Order(by, trigger, data), pilot)


def _consulted() -> tuple[Life, Order]:
    life = fresh().reach("procuring")
    life.do(BUYER, "log_activity", life.coffee(type="market_consultation", about="c1"))
    life.choose("c1", "lots")
    return life, publishing(life)


def _partners() -> tuple[Life, Order]:
    """Nobody named, nobody met: the owner decides alone."""
    life = Life().reach("procuring").lot("c1", "tendering").reach("evaluating")
    life.paper("report")
    life.do("client_owner", "iterate")
    for duty in ("procurement", "client_owner"):
        life.do("coordinator", "assign", {"duty": duty, "person": "gone", "until": life.today})
    life.later(1)
    return life, awarding()(life)


def _without_value() -> tuple[Life, Order]:
    life = Life().reach("procuring")
    life.do(BUYER, "open_procurement", {"title": "Green"}, "c1")
    return life, direct()(life)


def _objected() -> tuple[Life, Order]:
    life = Life().reach("procuring").lot("c1", "awarded")
    for objector in ("beta", "gamma"):
        life.do(BUYER, "file_objection", {"filed_on": life.today, "objector": objector}, "c1")
    return life, signing()(life)


def _early_objection() -> tuple[Life, Order]:
    life = Life().reach("procuring").lot("c1", "awarded")
    return life, Order(BUYER, "file_objection", {"filed_on": life.day(-1)}, "c1")


def _with_table() -> Life:
    """An organisation that values efforts by a table, which knows one group."""
    table = ValueTable("ours", since=FIRST_DAY, source="our own", hours="36", values={"wia": "20000"})
    return Life(settings=Settings(tables=[table])).reach("implementing")


def _expired() -> tuple[Life, Order]:
    life = _alpha()
    proof = {"type": "other", "date": life.today, "reference": "DOC-9", "track": "alpha", "valid_until": life.day(-1)}
    evidence = life.do("contract_manager", "add_evidence", proof).pilot.records("evidence")[-1].id
    return life, Order("contract_manager", "accept_effort", {"effort": life.effort(evidence=evidence)}, "alpha")


def _mended() -> tuple[Life, Order]:
    """A talk with one bidder that would turn out to have been about the tender."""
    life = Life().reach("procuring").lot("c1", "tendering")
    life.do("contract_manager", "log_activity", life.coffee())
    talk = life.pilot.records("activity")[-1].id
    data = {"record": talk, "fields": {"about": "c1"}, "reason": "It was about the tender"}
    return life, Order("contract_manager", "correct", data)


def _obstacle() -> tuple[Life, Order]:
    life = Life()
    life.do("facilitator", "add_obstacle", {"text": "The gate"})
    return life, Order("coordinator", "start_evaluation")


def _alone() -> tuple[Life, Order]:
    life = fresh()
    life.do("hr", "log_activity", {"type": "workshop", "date": life.today, "present": present("hr")})
    return life, Order("coordinator", "complete_exploration")


ADVICE = "endorsement-missing mission-link-missing"
MOVES: Mapping[str, tuple[str, str]] = {
    "complete_exploration": (
        "coordinator",
        "missing-pair missing-calendar missing-inventory missing-route coalition-of-one",
    ),
    "open_preparation": (
        "coordinator",
        f"missing-commitment missing-owner missing-budget-holder missing-plan missing-goals {ADVICE}",
    ),
    "start_implementation": ("contract_manager", "missing-signature missing-handover"),
    "start_evaluation": ("coordinator", "nothing-implemented"),
    "iterate": ("client_owner", "missing-report"),
    "widen": ("client_owner", "missing-report missing-commitment"),
}
LATE = {"until": "2025-12-31", "from": "2026-01-05", "supplier": "beta"}
PAUSE = {"reason": "Summer", "resume_by": "2026-02-02"}
STOP = {"reason": "No money"}

CASES = merged(
    {trigger: each(fresh, by, trigger, words) for trigger, (by, words) in MOVES.items()},
    recording(fresh),
    ending(_alpha, _other_cycle),
    {
        "open_preparation": {"commitment-withdrawn": on(undecided(fresh), "coordinator", "open_preparation")},
        "start_evaluation": {"open-obstacles": _obstacle},
        "widen": {"commitment-withdrawn": on(undecided(fresh), OWNER, "widen")},
        "conclude.embedded": {
            **each(
                fresh,
                "board",
                "conclude",
                "missing-report open-tracks missing-embedding no-story",
                {"outcome": "embedded"},
            ),
            "wrong-state": held_up("board", "conclude", {"outcome": "embedded"}, "evaluating"),
        },
        "conclude.follow_up": {
            **each(fresh, OWNER, "conclude", "missing-report open-tracks no-story", {"outcome": "follow_up"}),
            "wrong-state": held_up(OWNER, "conclude", {"outcome": "follow_up"}, "evaluating"),
        },
        "stop": {"wrong-state": held_up(OWNER, "stop", STOP)},
        "pause": {"wrong-state": held_up("coordinator", "pause", PAUSE)},
        "log_activity": {
            "equal-treatment": at(
                "tendering", lambda life: Order("contract_manager", "log_activity", life.coffee(about="c1"))
            )
        },
        "correct": {**correcting(delivering), "equal-treatment": _mended},
        "choose_instrument": {
            "instrument-after-publication": at("tendering", choosing()),
            "instrument-conflict": with_instrument("none", choosing()),
            "label-without-equivalent": at("preparing", choosing(text="PSO trede 2")),
        },
        "publish": {
            **commitment(fresh, BUYER, "publish", {**DOCUMENTS, "published_on": "2026-01-05"}, "c1"),
            "instrument-missing": at("preparing", publishing),
            "findings-unpublished": _consulted,
        },
        "send_award_decision": {
            "missing-counterpart": _partners,
            "not-eligible": with_instrument("reserved", awarding(), "tendering"),
            "missing-field": with_instrument("social_return_award", awarding(), "tendering", points="20"),
            "bad-value": at("tendering", awarding(sent_on="2026-01-04")),
        },
        "award_direct": {
            "no-direct-award": with_instrument("reserved", direct()),
            "limit-exceeded": at("preparing", direct(value="216000.01")),
            "missing-field": _without_value,
        },
        "file_objection": {"bad-value": _early_objection},
        "sign_contract": {
            **commitment(fresh, OWNER, "sign_contract", {"signed_on": "2026-01-05"}, "c1"),
            "standstill-running": at("awarded", signing(), standstill_required=True),
            "objection-open": _objected,
            "bad-value": at("awarded", signing(**LATE)),
            "instrument-missing": with_instrument("social_return_condition", signing(share="4"), "awarded", share="5"),
            "privacy-violation": at("awarded", signing(conditions="jan@example.org")),
        },
        "buy_below_threshold": {
            "limit-exceeded": at("preparing", buying(amount="50000.01")),
            "instrument-conflict": with_instrument("none", buying()),
            "label-without-equivalent": at("preparing", buying(text="PSO trede 2")),
        },
        "agree_instrument": {
            "label-without-equivalent": on(
                _alpha, OWNER, "agree_instrument", {**CHOICE, "check": "It is small", "text": "PSO trede 2"}, "alpha"
            )
        },
        "record_effort": {
            "missing-field": on(_alpha, "contract_manager", "record_effort", {"table": "ours"}, "alpha"),
            "bad-value": on(_with_table, "contract_manager", "record_effort", EFFORT, "alpha"),
        },
        "accept_effort": {"proof-expired": _expired},
        "amend_agreement": {
            "commitment-withdrawn": on(people.undecided(_alpha), OWNER, "amend_agreement", TERMS, "alpha"),
            **terms(_alpha, "amend_agreement"),
            **amending(delivering),
        },
        "start_placement.delivering": placing(delivering, with_gamma(delivering)),
        "start_placement.agreed": placing(agreed, with_gamma(agreed)),
        "move_placement.delivering": moving(delivering, with_gamma(delivering)),
        "move_placement.agreed": moving(agreed, with_gamma(agreed)),
    },
)

CERTAIN = "there is no contract without the decision of the board; it can only have been withdrawn"
UNREACHABLE = {
    **people.UNREACHABLE,
    ("amend_agreement", "commitment", "missing-commitment"): CERTAIN,
    ("start_placement.delivering", "commitment", "missing-commitment"): CERTAIN,
    ("buy_below_threshold", "at_most", "missing-field"): "the data check asks for the amount before the guard is asked",
}
