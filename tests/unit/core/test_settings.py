from datetime import date
from decimal import Decimal

import pytest

from proeftuin.core.settings import DEFAULTS, Dated, Settings

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
    with pytest.raises(ValueError, match="unknown setting job_hourz; known are job_hours"):
        Settings({"job_hourz": []})


@pytest.mark.parametrize("value", ["many", "NaN", "0", "-1"])
def test_a_number_that_is_none_is_refused(value: str) -> None:
    """A value that is no positive number is refused when the settings are made, not when a metric is asked for."""
    with pytest.raises(ValueError, match="job_hours"):
        Settings({"job_hours": [Dated(value, DAY, "a")]})


def test_a_setting_without_any_number_is_refused() -> None:
    """An empty list of values is refused."""
    with pytest.raises(ValueError, match="job_hours has no value"):
        Settings({"job_hours": []})


def test_settings_cannot_be_changed() -> None:
    """Settings are shared between threads, so an attribute cannot be set."""
    with pytest.raises(AttributeError, match="frozen"):
        Settings().more = 1
