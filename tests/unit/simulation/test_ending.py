"""How a simulation ends: on which days it is counted, and what is left open where it fails."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from proeftuin import Refused
from proeftuin.errors import StoreUnavailable
from proeftuin.simulation import _run, simulate
from proeftuin.simulation._figures import days_of
from proeftuin.spi import Store
from proeftuin.storage import open_store
from tests.unit.simulation.behaving import EXISTING, SMALL


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


def test_a_store_that_the_simulation_opened_is_closed_where_it_fails(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Nobody but the simulation could close a store that it opened, and one that was given stays open."""
    opened = list[Store]()

    def noted(url: str) -> Any:
        opened.append(open_store(url))
        return opened[-1]

    monkeypatch.setattr(_run, "open_store", noted)
    wrong = SMALL.replace("mood: going_well", "mood: fine")
    with pytest.raises(Refused):
        simulate(EXISTING, pilots=1, behaviour=wrong, store=f"sqlite:///{tmp_path / 'simulated.db'}")
    (own,) = opened
    with pytest.raises(StoreUnavailable):
        own.load("default", "p1")
    given = open_store("memory://")
    with pytest.raises(Refused):
        simulate(EXISTING, pilots=1, behaviour=wrong, store=given)
    assert given.load("default", "p1") is None
    given.close()
