"""How a simulation ends: on which days it is counted, and what is left open where it fails."""

from datetime import date

import pytest

from proeftuin.simulation._figures import days_of


@pytest.mark.parametrize(
    ("begins", "ends", "expected"),
    [
        ("2026-01-05", "2026-01-06", ["2026-01-05"]),
        ("2026-01-05", "2026-03-31", ["2026-03-30"]),
        ("2026-01-05", "2026-04-01", ["2026-03-31"]),
        ("2026-01-05", "2026-04-02", ["2026-03-31", "2026-04-01"]),
        ("2026-01-05", "2026-04-03", ["2026-03-31", "2026-04-02"]),
        ("2026-04-01", "2026-04-02", ["2026-04-01"]),
        ("2026-11-30", "2027-01-02", ["2026-12-31", "2027-01-01"]),
    ],
)
def test_what_came_of_it_is_counted_at_the_end_too(begins: str, ends: str, expected: list[str]) -> None:
    """The days are the last of each quarter and the last of all, also where that is the first of a quarter."""
    found = days_of(date.fromisoformat(begins), date.fromisoformat(ends))
    assert expected == [one.isoformat() for one in found]
