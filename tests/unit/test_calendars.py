"""Working days in the Netherlands: known holidays of known years, as an organisation keeps them."""

from datetime import date, timedelta
from importlib.metadata import PackageNotFoundError

import pytest

from proeftuin import BadArgument, calendars
from proeftuin.calendars import Netherlands, named
from proeftuin.core.calendar import NAMES, Weekdays, plus
from proeftuin.core.workflow import Offset

# Source: rijksoverheid.nl, officiële feestdagen; the weekdays among them.
FREE_2026 = {
    (1, 1): "New Year's Day",
    (4, 3): "Good Friday",
    (4, 6): "Easter Monday",
    (4, 27): "King's Day",
    (5, 14): "Ascension Day",
    (5, 25): "Whit Monday",
    (12, 25): "Christmas Day",
}


def free(calendar: Netherlands, year: int) -> set[tuple[int, int]]:
    """The weekdays of a year that are not worked on."""
    days = (date(year, 1, 1) + timedelta(days=number) for number in range(366))
    return {(one.month, one.day) for one in days if one.year == year and one.weekday() < 5 and not calendar.works(one)}


def test_the_free_weekdays_of_a_year_are_the_public_holidays() -> None:
    """In 2026 seven weekdays are free, and every other one is worked on."""
    assert set(FREE_2026) == free(Netherlands(), 2026)


def test_no_weekend_is_worked_in() -> None:
    """Saturdays and Sundays are no working days, on either calendar."""
    weekend = [date(2026, 3, 7), date(2026, 3, 8)]
    assert [False, False] == [Netherlands().works(one) for one in weekend]
    assert [False, False] == [Weekdays().works(one) for one in weekend]


def test_kings_day_moves_off_a_sunday() -> None:
    """In 2025 the 27th of April is a Sunday, so King's Day is the Saturday before it; in 2027 it takes a Tuesday."""
    assert Netherlands().works(date(2025, 4, 28))
    assert not Netherlands().works(date(2027, 4, 27))


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ("lustrum", {2020, 2025}),
        ("yearly", {2020, 2021, 2022, 2023, 2025, 2026, 2027, 2028}),
        ("never", set()),
    ],
)
def test_liberation_day_is_as_the_organisation_chooses(choice: str, expected: set[int]) -> None:
    """The 5th of May is free every fifth year, every year or never; in a weekend it is free anyhow."""
    calendar = Netherlands(liberation_day=choice)  # type: ignore[arg-type]  # one of the three
    weekdays = [year for year in range(2020, 2031) if date(year, 5, 5).weekday() < 5]
    assert expected == {year for year in weekdays if not calendar.works(date(year, 5, 5))}


@pytest.mark.parametrize("choice", ["lustrum", "yearly", "never"])
def test_ascension_day_on_the_fifth_of_may_is_free_whatever_is_chosen(choice: str) -> None:
    """In 2016 Ascension Day fell on Liberation Day, and nobody works on the one for not keeping the other."""
    assert not Netherlands(liberation_day=choice).works(date(2016, 5, 5))  # type: ignore[arg-type]  # one of the three


def test_closures_are_days_and_rows_of_days() -> None:
    """An organisation is closed on a day, or from a first day through a last one, and works around them."""
    calendar = Netherlands(closures=[date(2026, 5, 15), (date(2026, 12, 28), date(2026, 12, 31))])
    assert {*FREE_2026, (5, 15), *((12, number) for number in (28, 29, 30, 31))} == free(calendar, 2026)
    assert calendar.works(date(2026, 12, 24))
    assert calendar.works(date(2027, 1, 4))


@pytest.mark.parametrize(
    "closure",
    [(date(2026, 5, 2), date(2026, 5, 1)), "2026-05-01", ("2026-05-01", "2026-05-02"), (date(2026, 5, 1), None)],
)
def test_a_closure_that_is_none_is_refused(closure: object) -> None:
    """What is no date, or ends before it begins, is refused at once."""
    with pytest.raises(BadArgument, match="closures"):
        Netherlands(closures=[closure])  # type: ignore[list-item]  # what is to be refused


def test_another_word_for_liberation_day_is_refused() -> None:
    """There are three choices, and a fourth one is refused."""
    with pytest.raises(BadArgument, match="lustrum, yearly or never"):
        Netherlands(liberation_day="always")  # type: ignore[arg-type]  # what is to be refused


def test_a_fingerprint_tells_calendars_apart_that_differ() -> None:
    """Other closures or another choice give another fingerprint; the same days in another order or form the same."""
    days = [date(2026, 5, 15), date(2026, 5, 18)]
    made = [
        Netherlands(),
        Netherlands(closures=days[:1]),
        Netherlands(closures=days),
        Netherlands(liberation_day="never"),
        Netherlands(liberation_day="never", closures=days),
    ]
    prints = [Weekdays.fingerprint, *(one.fingerprint for one in made)]
    assert len(prints) == len(set(prints))
    assert Netherlands(closures=days).fingerprint == Netherlands(closures=[*days[::-1], (days[0], days[0])]).fingerprint


def test_another_release_of_the_holidays_may_give_other_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fingerprint changes with the release of the package that tells the holidays, and there is one without it."""
    prints = {Netherlands().fingerprint}
    for release in ("0.80", "0.81", None):

        def version(name: str, found: str | None = release) -> str:
            if found is None:
                raise PackageNotFoundError(name)
            return found

        monkeypatch.setattr("importlib.metadata.version", version)
        calendars._release.cache_clear()
        prints.add(Netherlands().fingerprint)
    calendars._release.cache_clear()
    assert 4 == len(prints)


def test_a_workflow_names_a_calendar_that_there_is() -> None:
    """Each name that a workflow may use has its calendar, and another name is refused."""
    assert (Weekdays, Netherlands) == tuple(type(named(one)) for one in NAMES)
    with pytest.raises(BadArgument, match="there is no calendar 'de'"):
        named("de")


def test_a_term_of_working_days_goes_past_holidays_and_closures() -> None:
    """Five working days after Wednesday 1 April 2026 are Friday the 10th, past Good Friday and Easter Monday."""
    five = Offset(5, "working_days")
    assert date(2026, 4, 8) == plus(date(2026, 4, 1), five, Weekdays())
    assert date(2026, 4, 10) == plus(date(2026, 4, 1), five, Netherlands())
    assert date(2026, 4, 13) == plus(date(2026, 4, 1), five, Netherlands(closures=[date(2026, 4, 9)]))


def test_years_without_a_list_of_holidays_have_weekends() -> None:
    """However far a date lies ahead or back, the question is answered."""
    assert Netherlands().works(date(9999, 12, 31))
    assert not Netherlands().works(date(1, 1, 6))
