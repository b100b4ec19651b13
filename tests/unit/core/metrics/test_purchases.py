from datetime import date, timedelta
from typing import Any

from proeftuin.core.pilot import Pilot, Record
from proeftuin.core.settings import Dated, Settings
from tests.unit.core.metrics.people import ago, one, one_pilot, shared, stop
from tests.unit.core.small import TODAY, record


def listing(number: int, enterprise: str, track: str = "flowers", first: int = 50, last: int | None = None) -> Record:
    until = None if last is None else ago(last)
    return record("listing", number, track=track, since=ago(first), until=until, ended=until, enterprise=enterprise)


def bought(number: int, supplier: str, amount: str, days: int = 5, track: str = "flowers") -> Record:
    day = ago(days).isoformat()
    return record("purchase", number, track=track, since=ago(0), supplier=supplier, amount_ex_vat=amount, date=day)


def shop(*records: Record, **states: Any) -> Pilot:
    """A pilot with a category, or with several that came to these states."""
    told = states or {"flowers": [("open", 40)]}
    path = [stop(state, days, track=key) for key, stays in told.items() for state, days in stays]
    ordered = sorted(path, key=lambda each: each.since)
    return one_pilot(*records, path=ordered, kinds=dict.fromkeys(told, "category"))


def test_social_is_what_was_listed_on_that_day() -> None:
    """A purchase is social where its supplier stood in the category on its day, by whatever spelling."""
    held = shop(
        listing(1, "Bloei", first=20, last=3),
        bought(1, " bloei", "100.10", 5),
        bought(2, "Bloei", "50", 3),
        bought(3, "Bloei", "25", 30),
        bought(4, "Other", "0.05", 5),
    )
    assert ["100.10", "57.15", "25.00"] == [
        one(held, name).value for name in ("social_spend", "social_share_value", "social_share_count")
    ]
    assert ("0.00", "0/1") == shared(one(held, "social_share_count", as_of=ago(6)))


def test_purchases_of_later_days_wait() -> None:
    """Only purchases up to the day count, by their own date."""
    held = shop(listing(1, "Bloei"), bought(1, "Bloei", "10", -1), bought(2, "Bloei", "20", 0))
    assert ["20.00", "30.00"] == [one(held, "social_spend", as_of=day).value for day in (TODAY, TODAY + timedelta(1))]


def test_shares_are_pooled() -> None:
    """Over pilots the purchases are added, not the shares averaged."""
    small = shop(listing(1, "Bloei"), bought(1, "Bloei", "10"))
    large = shop(listing(1, "Bloei"), bought(1, "X", "90"), bought(2, "X", "100"), bought(3, "X", "100"))
    assert ("25.00", "1/4") == shared(one([small, large, shop()], "social_share_count"))
    found = one([small, large, shop()], "social_share_value")
    assert ("3.33", (2, 3)) == (found.value, found.coverage)


def test_categories_with_a_choice_are_open_and_offer_two_to_five() -> None:
    """Of all categories those count that are open with two to five distinct enterprises; three is on target."""
    offered = [("one", 1), ("two", 2), ("three", 3), ("five", 5), ("six", 6), ("draft", 3), ("again", 3)]
    listings = [
        listing(place * 10 + number, f"Firm {number}", track)
        for place, (track, many) in enumerate(offered)
        for number in range(many)
    ]
    double = listing(99, "firm  0", "three")
    states: dict[str, Any] = {track: [("open", 40)] for track, _ in offered}
    states |= {"draft": [("draft", 40)], "again": [("open", 40), ("refresh", 9)]}
    held = shop(*listings, double, **states)
    found = one(held, "choice_coverage")
    assert (("42.86", "3/7"), {"on_target": 1}) == (shared(found), found.extra)
    assert {"on_target": 2} == one(held, "choice_coverage", as_of=ago(10)).extra
    gone = shop(*[listing(number, f"F{number}", last=9) for number in range(2)], listing(3, "F3"))
    assert [("0.00", "0/1"), ("100.00", "1/1")] == [
        shared(one(gone, "choice_coverage", as_of=day)) for day in (TODAY, ago(10))
    ]


def test_only_categories_are_categories() -> None:
    """Tracks of another kind offer no choice, and a pilot without categories reports none."""
    found = one(one_pilot(path=[stop("open", 9, track="a")]), "choice_coverage")
    assert (None, (0, 1)) == (found.value, found.coverage)


def test_purchases_are_of_their_category() -> None:
    """Broken down by track every figure is that of one category alone."""
    held = shop(
        listing(1, "Bloei"),
        listing(2, "Leaf"),
        listing(3, "Gift", "gifts"),
        bought(1, "Bloei", "10"),
        bought(2, "X", "30"),
        bought(3, "Gift", "5", track="gifts"),
        flowers=[("open", 40)],
        gifts=[("open", 40)],
    )
    names = ("social_spend", "social_share_value", "social_share_count", "choice_coverage")
    assert [("10.00", "5.00"), ("25.00", "100.00"), ("50.00", "100.00"), ("100.00", "0.00")] == [
        (each.value["flowers"], each.value["gifts"]) for each in (one(held, name, by=["track"]) for name in names)
    ]


def test_a_choice_counts_from_the_day_of_its_listings() -> None:
    """On the very day on which a second enterprise is listed there is a choice, and the day before there is none."""
    held = shop(listing(1, "Bloei"), listing(2, "Leaf", first=9))
    assert ["0.00", "100.00"] == [one(held, "choice_coverage", as_of=ago(days)).value for days in (10, 9)]


def test_a_category_that_is_not_open_offers_nothing() -> None:
    """Where one enterprise makes a choice already, a category that is not open has none all the same."""
    few = {name: [Dated("1", date(2015, 1, 1), "test")] for name in ("choice_min", "choice_target")}
    held = shop(listing(1, "Bloei"), listing(2, "Gift", "gifts"), flowers=[("open", 40)], gifts=[("draft", 40)])
    found = one(held, "choice_coverage", settings=Settings(few))
    assert (("50.00", "1/2"), {"on_target": 1}) == (shared(found), found.extra)
