from datetime import date
from decimal import Decimal

import pytest

from proeftuin.core.settings import DEFAULTS, Dated, Settings
from proeftuin.core.value_tables import POTENTIAL, Potential, ValueTable

DAY = date(2026, 3, 2)


def test_defaults_hold_where_nothing_is_given() -> None:
    """Without numbers of its own an organisation gets the defaults, each with a source."""
    assert Decimal("25.5") == Settings().number("job_hours", DAY)
    assert 5 == Settings().whole("small_cell", DAY)
    assert all(one.source for dated in DEFAULTS.values() for one in dated)


def test_a_number_changes_on_its_day() -> None:
    """The number in force is that of the latest day not after the one asked for, in whatever order they were given."""
    settings = Settings({"job_hours": [Dated("30", date(2026, 7, 1), "b"), Dated("28", date(2026, 1, 1), "a")]})
    assert Decimal(28) == settings.number("job_hours", date(2026, 6, 30))
    assert Decimal(30) == settings.number("job_hours", date(2026, 7, 1))


def test_before_its_first_day_the_first_number_holds() -> None:
    """A day before all entries gets the first of them."""
    assert "28" == Settings({"job_hours": [Dated("28", DAY, "a")]}).dated("job_hours", date(2000, 1, 1)).value


def test_an_unknown_setting_is_refused_with_the_known_ones() -> None:
    """A misspelt name is refused, and the message lists the names that there are."""
    with pytest.raises(ValueError, match=r"unknown setting job_hourz; known are .*job_hours"):
        Settings({"job_hourz": []})


@pytest.mark.parametrize("value", ["many", "NaN", "0", "-1", "Infinity"])
def test_a_number_that_is_none_is_refused(value: str) -> None:
    """A value that is no positive number is refused when the settings are made, not when a metric is asked for."""
    with pytest.raises(ValueError, match="job_hours"):
        Settings({"job_hours": [Dated(value, DAY, "a")]})


@pytest.mark.parametrize("value", ["4.5", "1e3", "0", "1000000000"])
def test_what_is_counted_in_whole_numbers_takes_no_other(value: str) -> None:
    """A limit of persons, days or records with a fraction or an exponent is refused when the settings are made."""
    for name in ("small_cell", "kept_records", "nudge_days"):
        with pytest.raises(ValueError, match=f"{name} must be a positive whole number"):
            Settings({name: [Dated(value, DAY, "a")]})


def test_a_setting_without_any_number_is_refused() -> None:
    """An empty list of values is refused."""
    with pytest.raises(ValueError, match="job_hours has no value"):
        Settings({"job_hours": []})


def test_settings_cannot_be_changed() -> None:
    """Settings are shared between threads, so an attribute cannot be set."""
    with pytest.raises(AttributeError, match="frozen"):
        Settings().more = 1


def a_table(**changes: str) -> ValueTable:
    facts = {"id": "ours", "source": "our own, 2026", "hours": "36", **changes}
    return ValueTable(facts["id"], DAY, facts["source"], facts["hours"], {"wia": "40000"})


def test_value_tables_are_found_by_their_id() -> None:
    """A table that was given is found and named with its day, a sample as one; another is not there."""
    sample = ValueTable("example", DAY, "a web page", "36", {"wia": "1"}, sample=True)
    settings = Settings(tables=[a_table(), sample])
    assert (a_table(), None) == (settings.table("ours"), settings.table("theirs"))
    named = [settings.named(name) for name in ("ours", "example", "theirs")]
    assert ["ours (2026-03-02)", "example (2026-03-02, sample)", "theirs"] == named


def test_two_tables_of_one_id_are_refused() -> None:
    """An effort names a table by its id, so no two may share one."""
    with pytest.raises(ValueError, match="two value tables have one id: ours, ours"):
        Settings(tables=[a_table(), a_table()])


@pytest.mark.parametrize("hours", ["0", "-1", "many", "NaN", "Infinity", "sNaN"])
def test_a_table_holds_positive_numbers(hours: str) -> None:
    """Hours and values that nothing can be divided or multiplied by are refused by their name."""
    with pytest.raises(ValueError, match=f"ours: hours must be a positive number as text, not '{hours}'"):
        a_table(hours=hours)
    with pytest.raises(ValueError, match="ours: wia must be"):
        ValueTable("ours", DAY, "us", "36", {"wia": hours})


def test_potential_is_known_for_catering_and_cleaning_alone() -> None:
    """Each rate has its source; a category that nobody spoke of has none."""
    assert all(one.source for rates in POTENTIAL.values() for one in rates)
    assert None is Settings().potential("security", DAY)
    assert tuple(POTENTIAL) == Settings().potentials


def test_a_refused_number_is_told_what_it_should_have_been() -> None:
    """A setting that may have a fraction asks for a number, one that counts for a whole one, and both show theirs."""
    for name, expected in (("job_hours", "a positive number"), ("small_cell", "a positive whole number")):
        with pytest.raises(ValueError, match=rf"^{name} must be {expected} as text, not '-1'$"):
            Settings({name: [Dated("-1", DAY, "a")]})


def test_a_category_is_known_by_its_words_alone() -> None:
    """Spaces and capitals make no other category, and its name is given back with single spaces."""
    rate = Potential("10", "25", date(2026, 1, 1), "ours")
    settings = Settings(potential={" Facility   Services": [rate]})
    assert (*POTENTIAL, "facility services") == settings.potentials
    for word in ("facility services", "FACILITY  SERVICES "):
        assert rate is settings.potential(word, DAY)
    assert None is settings.potential("facilityservices", DAY)
