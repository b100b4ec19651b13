from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from proeftuin.core.metrics import METRICS, Facts, Unmeasurable
from proeftuin.core.metrics._base import NotMeasurable
from proeftuin.core.settings import Dated, Settings
from proeftuin.core.structs import replace
from proeftuin.core.value_tables import Potential
from tests.unit.core.metrics.people import PAID, WORKFLOW, ago, all_of, one, one_pilot, pilots, placed, stop
from tests.unit.core.small import TODAY


def test_jobs_are_hours_divided_once() -> None:
    """Paid hours are summed over the portfolio, divided once and rounded half up at the end."""
    held = pilots([placed(1, **PAID, weekly_hours="8")], [placed(1, **PAID, weekly_hours="8.5"), placed(2, paid=False)])
    found = one(held, "jobs_25_5")
    assert ("0.65", Fraction(33, 51)) == (found.value, found.exact)
    half_up = Settings({"job_hours": [Dated("1000", date(2015, 1, 1), "test")]})
    assert "0.03" == one(pilots([placed(1, **PAID, weekly_hours="25")]), "jobs_25_5", settings=half_up).value


def test_hours_follow_their_changes() -> None:
    """On a day the hours are those of the latest change up to it, the later in the list among equals."""
    rows = [{"from": (TODAY - timedelta(9)).isoformat(), "weekly_hours": "25.5"},
            {"from": TODAY.isoformat(), "weekly_hours": "51"},
            {"from": TODAY.isoformat(), "weekly_hours": "102"}]  # fmt: skip
    held = pilots([placed(1, **PAID, hours=rows)])
    assert "1.00" == one(held, "jobs_25_5", as_of=TODAY - timedelta(1)).value
    assert "4.00" == one(held, "jobs_25_5").value


def test_jobs_of_which_it_is_unknown_stand_apart() -> None:
    """Only paid placements that count make jobs, and those of which it is unknown are told beside the number."""
    held = pilots(
        [placed(1, **PAID), placed(2, paid=True, counts_for_banenafspraak="unknown"),
         placed(3, paid=True, counts_for_banenafspraak="no"), placed(4, paid=False, counts_for_banenafspraak="yes")]
    )  # fmt: skip
    found = one(held, "jobs_banenafspraak")
    assert ("1.00", {"unknown": "1.00"}) == (found.value, found.extra)


def based(number: int, hours: str | None, track: str = "acme", **data: Any) -> Any:
    told = {} if hours is None else {"baseline": hours}
    return placed(number, **{**PAID, "track": track, **told, **data})


def test_jobs_beyond_the_baseline_are_of_tracks_that_have_one() -> None:
    """The hours at the baseline are taken off once per track, and tracks without one are left out and counted."""
    held = [
        one_pilot(based(1, "20", weekly_hours="30"), based(2, None, weekly_hours="41"), based(3, None, "beta")),
        one_pilot(based(4, None, "gamma")),
    ]
    found = one(held, "jobs_extra")
    assert (Fraction(51) / Fraction("25.5"), {"with_baseline": 1, "with_placements": 3}) == (found.exact, found.extra)
    assert ("2.00", (1, 2)) == (found.value, found.coverage)


def test_a_baseline_is_taken_off_on_its_own_track() -> None:
    """Broken down by track each supplier has the hours beyond its own baseline."""
    held = one_pilot(based(1, "20", weekly_hours="45.5"), based(2, "0", "beta", weekly_hours="51"))
    found = one(held, "jobs_extra", by=["track"])
    assert ({"acme": "1.00", "beta": "2.00"}, "3.00") == (found.value, found.total)


def test_the_last_baseline_that_was_told_counts() -> None:
    """Of two baselines of one track the one that was told later counts, and only what counts for the Agreement."""
    held = one_pilot(
        based(1, "10"), based(2, "0.5", weekly_hours="25.5"), based(3, None, counts_for_banenafspraak="unknown")
    )
    assert Fraction("50.5") / Fraction("25.5") == one(held, "jobs_extra").exact


def test_who_goes_over_takes_no_baseline_along() -> None:
    """A placement that goes on elsewhere leaves the baseline of its new track as it is, and takes off none twice."""
    left = based(1, "20", weekly_hours="30", last=-3)
    went = replace(based(3, "20", "beta", weekly_hours="30", first=-3), first="placement-1")
    before = one_pilot(based(1, "20", weekly_hours="30"), based(2, "0", "beta", weekly_hours="25.5"))
    after = one_pilot(left, based(2, "0", "beta", weekly_hours="25.5"), went)
    assert one(before, "jobs_extra").exact == one(after, "jobs_extra").exact


def test_hours_below_the_baseline_are_less_than_none() -> None:
    """A supplier that went below its baseline is told so, rounded as any other number."""
    assert "-0.20" == one(one_pilot(based(1, "30.6")), "jobs_extra").value


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [(-20, None, "1.00"), (-9, None, "1.00"), (-4, None, "0.50"), (-20, -4, "0.50"), (-8, -3, "0.50"),
     (0, None, "0.10"),      (1, None, "0.00"), (-30, -9, "0.00"), (-30, -20, "0.00")],
)  # fmt: skip
def test_hours_over_a_period_are_those_of_its_days(first: int, last: int | None, expected: str) -> None:
    """Paid hours over ten days are those of the days in it, the last one included, divided by 25.5 a week."""
    found = one(one_pilot(placed(1, first, last, **PAID), placed(2, paid=False)), "paid_hours_jobs", since=ago(9))
    assert (expected, ago(9), TODAY) == (found.value, found.since, found.as_of)


def test_hours_over_a_period_are_exact() -> None:
    """Nothing is rounded before the end, also where hours change within the period."""
    rows = [{"from": ago(4).isoformat(), "weekly_hours": "25.6"}]
    found = one(one_pilot(placed(1, -20, **PAID, hours=rows)), "paid_hours_jobs", since=ago(9))
    assert Fraction("25.55") / Fraction("25.5") == found.exact


@pytest.mark.parametrize(("last", "expected"), [(-9, "0.00"), (-8, "<5")])
def test_who_left_before_a_period_is_not_in_it(last: int, expected: str) -> None:
    """A placement that ended on the first day of a period, or before it, rests on nobody in that period."""
    held = one_pilot(placed(1, -30, last, **PAID))
    assert expected == one(held, "paid_hours_jobs", since=ago(9), suppress=True).value


def test_hours_over_a_period_follow_their_changes() -> None:
    """Each day counts with the hours of that day."""
    rows = [
        {"from": ago(day).isoformat(), "weekly_hours": hours} for day, hours in ((50, "25.5"), (4, "51"), (-3, "99"))
    ]
    held = one_pilot(placed(1, -50, **PAID, hours=rows))
    assert "1.50" == one(held, "paid_hours_jobs", since=ago(9)).value
    assert "1.00" == one(held, "paid_hours_jobs", since=ago(15), as_of=ago(6)).value


def test_a_period_is_the_year_so_far() -> None:
    """Without a first day the period is the year of the day that figures hold for."""
    found = one(one_pilot(placed(1, -60, **PAID)), "paid_hours_jobs")
    assert (date(2026, 1, 1), None) == (found.since, one(one_pilot(), "jobs_25_5").since)
    assert date(2025, 1, 1) == one(one_pilot(began=400), "paid_hours_jobs", as_of=date(2025, 12, 31)).since
    assert date(2026, 1, 1) == one([], "paid_hours_jobs").since


def offering(category: str | None, *jobs: str, **more: Any) -> Any:
    keys = [f"s{number}" for number in range(len(jobs))]
    told = {key: {"contract_jobs": each} for key, each in zip(keys, jobs, strict=True)}
    data = {} if category is None else {"category": category}
    return one_pilot(path=[stop("seen", 9, track=key) for key in keys], told=told, data=data, **more)


def test_potential_is_a_range_for_catering_and_cleaning() -> None:
    """Of the jobs in contracts for catering and cleaning five to ten per cent could suit, summed as a range."""
    held = [offering("Catering ", "40", "10"), offering("schoonmaak", "30.5"), offering("cleaning")]
    found = all_of(held, "potential_low", "potential_high")
    assert ["4.03", "8.05"] == [one.value for one in found.values()]
    assert (Fraction("4.025"), (2, 3)) == (found["potential_low"].exact, found["potential_low"].coverage)
    assert "0.00" == one(offering("catering", "40"), "potential_low", as_of=ago(10)).value
    silent = one_pilot(path=[stop("seen", 9, track="a")], data={"category": "catering"})
    assert ("0.00", (0, 1)) == (one(silent, "potential_low").value, one(silent, "potential_low").coverage)


def test_potential_is_that_of_each_contract() -> None:
    """Broken down by track each contract has its own part of the range."""
    found = all_of([offering("catering", "40", "10")], "potential_low", "potential_high", by=["track"])
    assert [{"s0": "2.00", "s1": "0.50"}, {"s0": "4.00", "s1": "1.00"}] == [one.value for one in found.values()]


@pytest.mark.parametrize("category", ["security", None])
def test_potential_of_another_category_is_refused(category: str | None) -> None:
    """Of other categories nobody says what could suit, so the figure is refused, and says of which it is known."""
    with pytest.raises(Unmeasurable, match="unknown-potential") as refused:
        one([offering("catering", "40"), offering(category, "40"), offering(category, "50")], "potential_high")
    (blocker,) = refused.value.blockers
    assert ("unknown-potential", category or "-") == (blocker.code, blocker.params["category"])
    assert "catering" in blocker.text("en")
    assert "bekend voor catering" in blocker.text("nl")


def test_an_organisation_may_have_a_rate_of_its_own() -> None:
    """A rate that the organisation gives holds from its day on; before the first one, the first."""
    later = Potential("50", "100", TODAY, "our own count, 2026")
    own = Settings(potential={"Security": [later, Potential("1", "2.5", ago(50), "our own count, 2025")]})
    held = offering("security", "10")
    shown = [one(held, "potential_high", settings=own, as_of=day).value for day in (ago(60), ago(1), TODAY)]
    assert ["0.00", "0.25", "10.00"] == shown
    assert own.potential("security", ago(60)) == own.potential(" SECURITY ", ago(1))


def test_what_is_refused_stands_there_without_a_value_where_it_was_not_asked_for() -> None:
    """Among figures that were not asked for by name one that is refused says why, and the others are given."""
    found = all_of([offering("security", "40")], "potential_low", "jobs_25_5", lenient=True)
    refused = found["potential_low"].refused
    assert refused is not None
    assert ("unknown-potential", None) == (refused.code, found["potential_low"].value)
    assert ("0.00", None) == (found["jobs_25_5"].value, found["jobs_25_5"].refused)


def test_all_that_is_refused_is_told_at_once() -> None:
    """Two figures that cannot be given are refused together, each with every reason."""
    with pytest.raises(Unmeasurable) as refused:
        all_of([offering("security", "40"), offering("parks", "40")], "potential_low", "potential_high")
    assert ["security", "parks", "security", "parks"] == [one.params["category"] for one in refused.value.blockers]


def test_how_many_hours_make_a_job_is_that_of_the_day() -> None:
    """The number of hours that make one job is the one in force on the day that figures hold for."""
    dated = [Dated("25.5", date(2015, 1, 1), "then"), Dated("24", TODAY, "now")]
    held = pilots([placed(1, **PAID, weekly_hours="24")])
    shown = [
        one(held, "jobs_25_5", as_of=day, settings=Settings({"job_hours": dated})).value for day in (ago(1), TODAY)
    ]
    assert ["0.94", "1.00"] == shown


def test_what_is_refused_tells_its_codes_in_a_word() -> None:
    """Whoever reads only the error sees the code of every reason, of one pilot and of all that were asked about."""
    held = offering("security", "40")
    with pytest.raises(NotMeasurable, match=r"^unknown-potential$"):
        list(METRICS["potential_low"].shares(Facts(WORKFLOW, held, TODAY, TODAY, Settings())))
    with pytest.raises(Unmeasurable, match=r"^unknown-potential, unknown-potential$"):
        all_of([held], "potential_low", "potential_high")
