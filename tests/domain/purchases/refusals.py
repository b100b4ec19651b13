"""How the refusals of `small-purchases` come about."""

from collections.abc import Callable, Mapping

from tests.domain.common.refusals import each, merged, recording
from tests.domain.domain import Case
from tests.domain.purchases.life import Life
from tests.domain.remedy import Order

BUYER, REQUESTER = "procurement", "requester"


def fresh() -> Life:
    """A pilot of a day old, with a category in draft: whatever is asked for, everything is still missing."""
    life = Life().category("alpha", "draft")
    life.lead()
    return life


def curating() -> Life:
    """A category that lists one enterprise, in a pilot where it could be opened."""
    life = fresh().reach("curating")
    life.list("Bloom")
    return life


def live() -> Life:
    """Colleagues buy in alpha; beta is in draft."""
    return Life().reach("live").category("beta", "draft")


def refreshing() -> Life:
    """Alpha, which was open, lists one enterprise."""
    life = Life().reach("live")
    for number in (2, 3):
        life.do(BUYER, "delist", {"listing": f"listing-{number}", "reason": "It stops"}, "alpha")
    return life


def _asked(begin: Callable[[], Life], by: str, trigger: str, **data: object) -> Case:
    """A command on the category."""
    return lambda: (begin(), Order(by, trigger, data, "alpha"))


def _listed(begin: Callable[[], Life]) -> Mapping[str, Case]:
    """What can be wrong with an enterprise that is listed."""
    return {
        "bad-value": _asked(begin, BUYER, "list", enterprise="BLOOM", evidence="pso"),
        "not-eligible": _asked(begin, BUYER, "list", enterprise="Moss"),
    }


def _full() -> Life:
    life = Life().reach("live")
    life.list("Stem")
    life.list("Seed")
    return life


def _two() -> Life:
    life = curating()
    life.list("Leaf")
    return life


def _two_left() -> Life:
    life = refreshing()
    life.list("Stem")
    return life


def _ordered(begin: Callable[[], Life], supplier: str = "Bloom", amount: str = "100", **more: object) -> Case:
    def case() -> tuple[Life, Order]:
        life = begin()
        return life, Order(REQUESTER, "record_purchase", life.order(supplier, amount, **more), "alpha")

    return case


def _bought() -> Life:
    life = Life().reach("live")
    for amount in ("2500", "2400"):
        life.later(30)
        life.buy(amount=amount)
    return life


def _corrected(record: str, **fields: object) -> Case:
    def case() -> tuple[Life, Order]:
        life = Life().reach("live")
        life.buy()
        by = BUYER if record.startswith("listing") else REQUESTER
        return life, Order(by, "correct", {"record": record, "fields": fields, "reason": "A slip"})

    return case


def _story() -> tuple[Life, Order]:
    life = fresh()
    said = {"title": "A", "url": "https://example.org/", "consent": "C-1", "scope": "web", "consent_date": life.today}
    life.do("coordinator", "share_story", said)
    fields = {"consent": "jan@example.org"}
    return life, Order("coordinator", "correct", {"record": "story-1", "fields": fields, "reason": "A slip"})


def _obstacle() -> tuple[Life, Order]:
    life = live()
    life.do("facilitator", "add_obstacle", {"text": "The order form"})
    return life, Order("coordinator", "start_evaluation")


LATE = "missing-report"
CASES = merged(
    {
        "complete_exploration": each(
            fresh, "coordinator", "complete_exploration", "missing-inventory missing-requester"
        ),
        "open_curation": each(fresh, "coordinator", "open_curation", "missing-commitment"),
        "go_live": each(fresh, "coordinator", "go_live", "category-not-open missing-communication"),
        "start_evaluation": each(fresh, "coordinator", "start_evaluation", "nothing-implemented"),
        "iterate.curating": each(fresh, "budget_holder", "iterate", LATE, {"back_to": "curating"}),
        "iterate.live": each(fresh, "budget_holder", "iterate", LATE, {"back_to": "live"}),
        "conclude.embedded": each(fresh, "board", "conclude", f"{LATE} missing-embedding", {"outcome": "embedded"}),
        "conclude.follow_up": each(fresh, "budget_holder", "conclude", LATE, {"outcome": "follow_up"}),
    },
    recording(fresh),
    {
        "start_evaluation": {"open-obstacles": _obstacle},
        "correct": {
            "bad-value": _corrected("listing-2", enterprise="bloom"),
            "not-eligible": _corrected("listing-2", conflict_of_interest=True),
            "limit-exceeded": _corrected("purchase-1", amount_ex_vat="9000"),
            "privacy-violation": _story,
        },
        "list.draft": _listed(curating),
        "list.open": {
            **_listed(lambda: Life().reach("live")),
            "choice-out-of-bounds": _asked(_full, BUYER, "list", enterprise="Moss", evidence="pso"),
        },
        "open_category": {
            "choice-out-of-bounds": _asked(curating, BUYER, "open_category"),
            "off-target-choice": _asked(_two, BUYER, "open_category"),
        },
        "refresh_category.refresh": {
            "choice-out-of-bounds": _asked(refreshing, BUYER, "refresh_category"),
            "off-target-choice": _asked(_two_left, BUYER, "refresh_category"),
        },
        "record_purchase.requester": {
            "category-not-open": _ordered(refreshing, "Florist Jansen"),
            "limit-exceeded": _ordered(live, amount="6200"),
            "privacy-violation": _ordered(live, group="jan@example.org"),
            "splitting-suspected": _ordered(_bought, amount="400"),
        },
        "record_purchase.system": {"no-choice": _ordered(live, chosen_by="system")},
    },
)
