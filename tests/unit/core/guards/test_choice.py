from datetime import date, timedelta
from typing import Any

import pytest

from proeftuin.core.commands import Blocker, Need
from proeftuin.core.frozen import FrozenDict, freeze
from proeftuin.core.guards import Change, Question, choice
from proeftuin.core.guards.choice import enterprises, is_social, same_name
from proeftuin.core.pilot import Record
from proeftuin.core.settings import Dated, Settings
from proeftuin.core.workflow import Field
from tests.unit.core.small import TODAY, a_pilot, a_track, codes_of, edge, kind, question, record, small, supplier

EVIDENCE = Field("choice", of=("register", "pso"))
WORKFLOW = small(
    records={"listing": kind("listing", evidence=EVIDENCE), "purchase": kind("purchase")},
    tracks={"category": supplier(edge("talk", "seen", "talking")), "supplier": supplier()},
)
FLOWERS = a_track("flowers", "agreed", kind="category")


def settings(**numbers: int) -> Settings:
    return Settings({name: [Dated(str(number), date(2015, 1, 1), "test")] for name, number in numbers.items()})


def asked(*held: Record, over: Any = (FLOWERS,), params: Any = None, **parts: Any) -> Question:
    pilot = a_pilot(*held, tracks=over, workflow=WORKFLOW)
    return question(pilot, workflow=WORKFLOW, params=params or {}, **{"track": FLOWERS, **parts})


def only(answer: object) -> Blocker:
    (blocker,) = answer if isinstance(answer, (list, tuple)) else (answer,)
    assert isinstance(blocker, Blocker)
    return blocker


def listed(number: int, enterprise: str = "", *, track: str = "flowers", **more: Any) -> Record:
    since, ended = more.pop("since", TODAY), more.pop("ended", None)
    data = {"enterprise": enterprise or f"Florist {number}", "evidence": "register", **more}
    kept = {name: value for name, value in data.items() if value is not None}
    return record("listing", number, track=track, since=since, until=ended, ended=ended, **kept)


def bought(number: int, amount: str = "100", day: date = TODAY, **more: Any) -> Record:
    track = more.pop("track", "flowers")
    return record(
        "purchase",
        number,
        track=track,
        **{"supplier": "Bloom", "amount_ex_vat": amount, "date": day.isoformat(), **more},
    )


def days(number: int) -> date:
    return TODAY + timedelta(days=number)


# -- the choice --------------------------------------------------------------------------------------------------------


def test_enterprises_go_by_their_names() -> None:
    """Case and surplus blanks make no other enterprise; another name, an end or another category does."""
    assert same_name("De  Bloem ", "de bloem")
    assert not same_name("De Bloem", "De Bloemen")
    held = [listed(1, "Bloom"), listed(2, " BLOOM"), listed(3, "Leaf", ended=TODAY), listed(4, "Root", track="gifts")]
    assert {"bloom"} == enterprises(held, "flowers")
    assert {"de bloem"} == enterprises([listed(1, "De  Bloem "), listed(2, "de bloem")], "flowers")


@pytest.mark.parametrize(
    ("count", "bound", "need"),
    [
        (1, None, "add"), (2, None, None), (5, None, None), (6, None, "end"),
        (1, "max", None), (6, "max", "end"), (1, "min", "add"), (6, "min", None),
    ],
)  # fmt: skip
def test_a_choice_lies_within_bounds(count: int, bound: str | None, need: str | None) -> None:
    """From two to five enterprises are a choice; where one bound is asked the other does not matter."""
    params = {} if bound is None else {"bound": bound}
    answer = choice.choice(asked(*(listed(number) for number in range(count)), params=params))
    assert need == (answer.needs[0].what if isinstance(answer, Blocker) else None)


def test_too_few_are_added_to_and_of_too_many_one_is_taken_off() -> None:
    """The remedy of too few is to list one on this category, that of too many to end one of those listed here."""
    few = only(choice.choice(asked(listed(1), listed(9, track="gifts"))))
    assert [("add", "listing", "flowers")] == [(one.what, one.record, one.track) for one in few.needs]
    held = [listed(number) for number in range(6)]
    many = only(choice.choice(asked(*held, listed(7, ended=TODAY), listed(8, track="gifts"))))
    assert tuple(Need("end", record="listing", ids=(one.id,)) for one in held) == many.needs
    assert {"count": 6, "min": 2, "max": 5, "because": "many"} == many.params


def test_what_is_not_listed_yet_cannot_be_taken_off() -> None:
    """Where the command alone lists too many, none of them can be ended to help."""
    many = only(choice.choice(asked(adding=tuple(listed(number) for number in range(6)))))
    assert ((), 6) == (many.needs, many.params["count"])


def test_off_a_category_the_listings_of_none_are_counted() -> None:
    """Fired at the pilot itself, what helps is a listing of no category."""
    few = only(choice.choice(asked(track=None)))
    assert (Need("add", record="listing"),) == few.needs


def test_the_choice_is_judged_as_the_command_leaves_it() -> None:
    """What the command adds counts, and what it ends does not."""
    two = [listed(1), listed(2)]
    assert None is choice.choice(asked(two[0], adding=(listed(2),)))
    ended = Change(two[1], listed(2, ended=TODAY))
    assert ("choice-out-of-bounds",) == codes_of(choice.choice(asked(*two, changing=(ended,))))


def test_the_bounds_are_settings() -> None:
    """An organisation may think otherwise of what makes a choice."""
    held = [listed(number) for number in range(6)]
    assert None is choice.choice(asked(*held, settings=settings(choice_max=6)))
    assert ("choice-out-of-bounds",) == codes_of(choice.choice(asked(*held, settings=settings(choice_min=7))))
    assert None is choice.choice_target(asked(*held, settings=settings(choice_target=6)))


@pytest.mark.parametrize(("count", "need"), [(2, "add"), (3, None), (4, "end")])
def test_three_is_the_target(count: int, need: str | None) -> None:
    """Three work best; with fewer one is added, with more one is taken off."""
    answer = choice.choice_target(asked(*(listed(number) for number in range(count))))
    assert need == (answer.needs[0].what if isinstance(answer, Blocker) else None)


def test_a_listing_needs_evidence() -> None:
    """Without a word on what shows it, an enterprise is not listed as social; any of the choices would do."""
    asking = asked(adding=(listed(1, evidence=None),), data={"enterprise": "Bloom"})
    blocker = only(choice.eligible_listing(asking))
    assert ("not-eligible", "evidence") == (blocker.code, blocker.params["because"])
    assert (Need("again", data=FrozenDict(enterprise="Bloom", evidence="register")),) == blocker.needs
    assert [] == choice.eligible_listing(asked(adding=(listed(1),)))


def test_where_a_workflow_asks_for_no_evidence_none_is_missed() -> None:
    """A listing whose evidence is no list of choices is judged by its own fields."""
    free = small(records={"listing": kind("listing", evidence=Field("text"))})
    asking = question(a_pilot(workflow=free), workflow=free, adding=(listed(1, evidence=None),))
    assert [] == choice.eligible_listing(asking)


def test_who_has_an_interest_does_not_list() -> None:
    """A declared interest is refused, and the same without one is what would do."""
    data = {"enterprise": "Bloom", "conflict_of_interest": True}
    blocker = only(choice.eligible_listing(asked(adding=(listed(1, conflict_of_interest=True),), data=data)))
    assert "conflict" == blocker.params["because"]
    assert {"enterprise": "Bloom", "conflict_of_interest": False} == blocker.needs[0].data
    assert [] == choice.eligible_listing(asked(adding=(listed(1, conflict_of_interest=False),)))


def test_a_corrected_listing_is_judged_too() -> None:
    """A correction that declares an interest is refused; the remedy mends what it would write."""
    changing = (Change(listed(1), listed(1, conflict_of_interest=True)),)
    data = {"record": "listing-1", "fields": {"conflict_of_interest": True}, "reason": "So"}
    blocker = only(choice.eligible_listing(asked(listed(1), changing=changing, data=data)))
    assert {**freeze(data), "fields": {"conflict_of_interest": False}} == blocker.needs[0].data
    gone = (Change(listed(1, evidence=None), listed(1, evidence=None, ended=TODAY)),)
    assert [] == choice.eligible_listing(asked(changing=gone))


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (listed(1, "BLOOM "), ("bad-value",)),
        (listed(1, "Leaf"), ()),
        (listed(1, "Bloom", ended=TODAY), ()),
        (listed(1, "Bloom", track="gifts"), ()),
    ],
)
def test_an_enterprise_is_listed_once(other: Record, expected: tuple[str, ...]) -> None:
    """The same name stands in one category once at a time."""
    assert expected == codes_of(choice.listed_once(asked(other, adding=(listed(2, "Bloom"),))))


def test_a_category_is_open() -> None:
    """One open category is enough to begin with; otherwise one would have to come so far."""
    params = {"kind": "category", "states": ("agreed",)}
    assert None is choice.category_open(asked(params=params))
    elsewhere = [a_track("a", "talking", kind="category"), a_track("b", "agreed")]
    blocker = only(choice.category_open(asked(over=elsewhere, params=params)))
    assert ("category-not-open", "category", ("agreed",)) == (
        blocker.code,
        blocker.needs[0].kind,
        blocker.needs[0].states,
    )


# -- purchases ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("listing", "expected"),
    [
        (listed(1, "bloom"), True),
        (listed(1, "Bloom", since=days(1)), False),
        (listed(1, "Bloom", since=days(-9), ended=TODAY), False),
        (listed(1, "Bloom", since=days(-9), ended=days(1)), True),
        (listed(1, "Bloom", track="gifts"), False),
        (listed(1, "Leaf"), False),
    ],
)
def test_a_purchase_is_social_where_its_supplier_was_listed_that_day(listing: Record, *, expected: bool) -> None:
    """The supplier is listed in the category of the purchase, from the day of listing up to that of delisting."""
    assert expected is is_social(a_pilot(listing), bought(1))
    assert (() if expected else ("nothing-implemented",)) == codes_of(choice.bought_social(asked(listing, bought(1))))


def test_where_nothing_is_listed_no_purchase_is_social() -> None:
    """A pilot without any listing has bought nothing social."""
    assert not is_social(a_pilot(), bought(1))


def test_a_purchase_without_a_date_counts_for_the_day_it_was_recorded() -> None:
    """Where a workflow asks for no date, the day of the command counts."""
    undated = record("purchase", track="flowers", since=TODAY, supplier="Bloom")
    assert is_social(a_pilot(listed(1, "Bloom")), undated)
    assert not is_social(a_pilot(listed(1, "Bloom", since=days(1))), undated)


def test_while_a_category_is_refreshed_only_its_sellers_are_bought_from() -> None:
    """An order with another supplier waits until the category is open again; it is asked of categories alone."""
    params, order = {"states": ("talking",)}, {"adding": (bought(1),)}
    assert None is choice.still_listed(asked(listed(1, "Bloom"), params=params, **order))
    blocker = only(choice.still_listed(asked(listed(1, "Leaf"), params=params, **order)))
    assert ("category-not-open", "reach", "flowers", ("talking",)) == (
        blocker.code,
        blocker.needs[0].what,
        blocker.needs[0].track,
        blocker.needs[0].states,
    )
    assert None is choice.still_listed(asked(params=params))
    assert None is choice.still_listed(asked(params={"states": ("agreed",)}, **order))
    assert None is choice.still_listed(asked(params=params, track=None, **order))


def test_a_single_order_has_a_limit() -> None:
    """An order above the organisation's limit is for a tender, or made smaller."""
    assert None is choice.purchase_limit(asked(adding=(bought(1, "5000"),)))
    blocker = only(choice.purchase_limit(asked(adding=(bought(1, "5000.01"),), data={"amount_ex_vat": "5000.01"})))
    assert {"amount": "5000.01", "limit": "5000", "because": "order"} == blocker.params
    tender, again = blocker.needs
    assert ("begin", {"workflow": "tender"}) == (tender.what, tender.data)
    assert ("again", {"amount_ex_vat": "5000"}) == (again.what, again.data)
    assert None is choice.purchase_limit(asked())


def test_a_corrected_order_has_the_same_limit() -> None:
    """A correction of an amount is judged as the order would have been, and mended among its fields."""
    changing = (Change(bought(1), bought(1, "9000")),)
    asking = asked(bought(1), changing=changing, data={"record": "purchase-1", "fields": {"amount_ex_vat": "9000"}})
    blocker = only(choice.purchase_limit(asking))
    assert {"record": "purchase-1", "fields": {"amount_ex_vat": "5000"}} == blocker.needs[1].data


def test_no_limit_of_the_organisation_goes_above_the_threshold() -> None:
    """Where the own limit lies above the European threshold, the threshold holds for a single order."""
    own = settings(small_purchase_limit=500_000)
    blocker = only(choice.purchase_limit(asked(adding=(bought(1, "216001"),), settings=own)))
    assert ("order", "216000") == (blocker.params["because"], blocker.params["limit"])


def test_the_orders_of_a_year_stay_below_the_threshold() -> None:
    """What one supplier gets in a category in twelve months is judged against the European threshold."""
    own = settings(threshold=9000)
    held = [bought(1, "4000", days(-10)), bought(2, "4000", days(-5))]
    assert None is choice.purchase_limit(asked(*held, adding=(bought(3, "1000"),), settings=own))
    blocker = only(choice.purchase_limit(asked(*held, adding=(bought(3, "1000.01"),), settings=own)))
    assert {"amount": "9000.01", "limit": "9000", "because": "year"} == blocker.params
    assert {"amount_ex_vat": "1000"} == blocker.needs[1].data


def test_many_orders_may_be_one() -> None:
    """Orders that come to more than one may be are warned of; what would fit is the rest."""
    held = [bought(1, "2000", days(-60)), bought(2, "2000", days(-30))]
    assert None is choice.splitting(asked(*held, adding=(bought(3, "1000"),)))
    blocker = only(choice.splitting(asked(*held, adding=(bought(3, "1400"),))))
    assert ("splitting-suspected", "5400", "5000") == (
        blocker.code,
        blocker.params["amount"],
        blocker.params["limit"],
    )
    assert {"amount_ex_vat": "1000"} == blocker.needs[1].data


def test_an_order_that_is_refused_by_itself_is_no_splitting() -> None:
    """Of a single order above the limit nothing is suspected: it is refused for what it is."""
    assert None is choice.splitting(asked(bought(1, "4000"), adding=(bought(2, "6000"),)))


@pytest.mark.parametrize(
    "other",
    [
        bought(1, "4000", supplier="Leaf"),
        bought(1, "4000", track="gifts"),
        bought(1, "4000", date(2025, 3, 2)),
    ],
)
def test_other_orders_do_not_count(other: Record) -> None:
    """Of another supplier, of another category, or of twelve months ago: that is no splitting."""
    assert None is choice.splitting(asked(other, adding=(bought(2, "4000"),)))
    assert ("splitting-suspected",) == codes_of(
        choice.splitting(asked(bought(1, "4000", date(2025, 3, 3)), adding=(bought(2, "4000"),)))
    )


def test_an_order_told_late_has_nothing_to_do_with_a_later_year() -> None:
    """What was bought from twelve months after it on is not of its year, however much that is."""
    held = bought(1, "5000")
    assert None is choice.splitting(asked(held, adding=(bought(2, "2000", date(2025, 3, 2)),)))
    late = only(choice.splitting(asked(held, adding=(bought(2, "2000", date(2025, 3, 3)),))))
    assert "7000" == late.params["amount"]


def test_an_order_told_late_counts_among_those_after_it() -> None:
    """Any twelve months with the order among them are looked at, those that end later too."""
    held = [bought(1, "4000", days(0)), bought(2, "500", days(-400))]
    assert ("splitting-suspected",) == codes_of(choice.splitting(asked(*held, adding=(bought(3, "2000", days(-90)),))))


@pytest.mark.parametrize(
    ("spent", "again"),
    [
        ("4999.99", Need("again", data=FrozenDict(amount_ex_vat="0.01"))),
        ("5000", Need("again", data=FrozenDict(date="2027-03-02"), day=date(2027, 3, 2))),
    ],
)
def test_to_the_last_cent_a_smaller_order_would_do(spent: str, again: Need) -> None:
    """Beside a tender, what is left of the year would do, were it a cent; with nothing left another day would."""
    blocker = only(choice.splitting(asked(bought(1, spent), adding=(bought(2, "10"),))))
    assert (Need("begin", data=FrozenDict(workflow="tender")), again) == blocker.needs


def test_where_there_is_no_room_the_order_waits() -> None:
    """With nothing left of the year, the first day on which there is room again is what would do."""
    held = [bought(1, "3000", date(2025, 6, 1)), bought(2, "2000", date(2026, 1, 10))]
    blocker = only(choice.splitting(asked(*held, adding=(bought(3, "3000"),))))
    assert (date(2026, 6, 1), {"date": "2026-06-01"}) == (blocker.needs[1].day, blocker.needs[1].data)
    larger = only(choice.splitting(asked(*held, adding=(bought(3, "3000.01"),))))
    assert date(2027, 1, 10) == larger.needs[1].day


def test_a_leap_day_counts_for_a_day_longer() -> None:
    """What was bought on the twenty-ninth of February makes room on the first of March."""
    held, late = bought(1, "5000", date(2024, 2, 29)), date(2025, 2, 20)
    blocker = only(choice.splitting(asked(held, adding=(bought(2, "10", late),), today=late)))
    assert date(2025, 3, 1) == blocker.needs[1].day


def test_a_purchase_without_an_amount_is_worth_nothing() -> None:
    """Where an amount is absent nothing is exceeded."""
    without = record("purchase", 2, track="flowers", supplier="Bloom", date=TODAY.isoformat())
    assert None is choice.purchase_limit(asked(adding=(without,)))
    assert None is choice.splitting(asked(without, adding=(bought(3, "5000"),)))


def test_something_social_was_bought() -> None:
    """Without a purchase there is nothing to evaluate; one from a category's own list would do, or first a list."""
    blocker = only(
        choice.bought_social(asked(listed(1, "Bloom"), listed(2, "Gone", ended=TODAY), bought(1, supplier="X")))
    )
    assert "purchase" == blocker.params["because"]
    assert [("add", "purchase", "flowers", {"supplier": "Bloom"})] == [
        (one.what, one.record, one.track, one.data) for one in blocker.needs
    ]
    assert ["listing"] == [one.record for one in only(choice.bought_social(asked())).needs]
