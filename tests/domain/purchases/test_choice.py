"""What the tables cannot say of small purchases: settings of an organisation, a year that goes by, who sees what."""

import pytest

from proeftuin import Actor, Dated, Settings
from tests.domain.life import FIRST_DAY
from tests.domain.purchases.life import Life
from tests.domain.purchases.refusals import refreshing


def settings(**numbers: int) -> Settings:
    return Settings({name: [Dated(str(one), FIRST_DAY, "ours")] for name, one in numbers.items()})


def test_an_organisation_has_its_own_numbers() -> None:
    """What makes a choice, what works best and what a small order is are for the organisation to say."""
    life = Life(settings=settings(choice_min=4, choice_target=4, small_purchase_limit=50)).reach("curating")
    life.category("alpha", "draft")
    for name in ("Bloom", "Leaf", "Root"):
        life.list(name)
    assert ("choice-out-of-bounds",) == life.no("procurement", "open_category", None, "alpha")
    life.list("Stem")
    assert () == life.warned("procurement", "open_category", None, "alpha")
    life.session("requester", kind="communication")
    life.do("coordinator", "go_live")
    assert ("limit-exceeded",) == life.no("requester", "record_purchase", life.order(amount="50.01"), "alpha")


def test_the_threshold_counts_what_a_year_comes_to() -> None:
    """Small orders that come to more than the threshold are refused, until the oldest is a year ago."""
    life = Life(settings=settings(threshold=250)).reach("live")
    life.buy(amount="150")
    life.later(10)
    life.buy(amount="100")
    life.later(10)
    order = life.order(amount="100")
    (blocker,) = life.explain("requester", "record_purchase", order, "alpha").blockers
    again = blocker.missing[1]
    assert ("limit-exceeded", "2027-01-05") == (blocker.code, str(again.not_before))
    life.later(345)
    assert life.today == again.data["date"]
    life.do("requester", "record_purchase", {**order, **again.data}, "alpha")


def test_what_was_bought_while_it_was_listed_stays_social() -> None:
    """A purchase of a day on which the seller was listed counts, also when it is told after the seller left."""
    life = Life().reach("live")
    life.later(5)
    bought = life.today
    life.later(5)
    for number in (1, 2):
        life.do("procurement", "delist", {"listing": f"listing-{number}", "reason": "It stops"}, "alpha")
    assert "refresh" == life.pilot.tracks["alpha"].state
    assert ("category-not-open",) == life.no("requester", "record_purchase", life.order(), "alpha")
    life.do("requester", "record_purchase", life.order(date=bought), "alpha")
    life.do("coordinator", "start_evaluation")


def test_a_category_opens_again_with_a_choice() -> None:
    """A category that fell short is bought from no more by others than its own, until it offers a choice again."""
    life = refreshing()
    life.buy()
    assert ("category-not-open",) == life.no("requester", "record_purchase", life.order("Florist Jansen"), "alpha")
    life.list("Stem")
    assert ("off-target-choice",) == life.warned("procurement", "refresh_category", None, "alpha")
    life.buy("Florist Jansen")


@pytest.mark.parametrize("party", ["alpha", "Bloom"])
def test_a_category_belongs_to_no_supplier(party: str) -> None:
    """A supplier sees nothing of a category, whatever it is called, and can do nothing in it."""
    life = Life().reach("live")
    life.buy()
    seller = Actor("seller-1", roles={"supplier_lead", "social_entrepreneur"}, party=party)
    seen = life.engine.seen_by(seller).get(life.id)
    assert ({}, (), ()) == (dict(seen.tracks), seen.records("purchase"), seen.records("listing"))
    assert None is life.pilot.tracks["alpha"].party


def test_a_purchase_keeps_the_department_and_not_the_person() -> None:
    """What is kept of who needed something is the department; a name, address or number is no department."""
    life = Life().reach("live")
    life.buy()
    (purchase,) = life.pilot.records("purchase")
    assert {"supplier", "amount_ex_vat", "date", "group", "chosen_by"} == purchase.data.keys()
    for group in ("jan@example.org", "06-12345678", "111222333"):
        assert ("privacy-violation",) == life.no("requester", "record_purchase", life.order(group=group), "alpha")
    assert ("unknown-field",) == life.no("requester", "record_purchase", life.order(requester="jan"), "alpha")
