"""The day on which a closed pilot forgets its participants, and what is said of it."""

from datetime import date

import pytest

from proeftuin.core.evolve import FORGOTTEN
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.pilot import Pilot, Told
from proeftuin.core.retention import SETTING, due, facts
from proeftuin.core.settings import Dated, Settings
from proeftuin.core.table import compile_workflow
from tests.unit.core.small import BASE, a_pilot

CLOSED_ON = date(2026, 1, 31)
TABLE = compile_workflow(BASE)
MONTHS = Settings({SETTING: [Dated("1", date(2020, 1, 1), "test"), Dated("24", date(2026, 2, 1), "test")]})


def closed(subjects: int | None = 2, *done: str, state: str = "closed", told: str = FORGOTTEN) -> Pilot:
    """A pilot that was closed at the end of January, with so many subjects, those of `done` forgotten."""
    counts = FrozenDict() if subjects is None else FrozenDict(subject=subjects)
    known = FrozenDict({told: Told(CLOSED_ON, done)} if done else {})
    return a_pilot(state=state, since=CLOSED_ON, counts=counts, told=known)


@pytest.mark.parametrize(
    ("pilot", "expected"),
    [
        (closed(), date(2026, 2, 28)),
        (closed(1), date(2026, 2, 28)),
        (closed(2, "1"), date(2026, 2, 28)),
        (closed(2, "1", "2"), None),
        (closed(3, "1", "2"), date(2026, 2, 28)),
        (closed(2, "2", told="another clock"), date(2026, 2, 28)),
        (closed(0), None),
        (closed(None), None),
        (closed(state="third"), None),
    ],
)
def test_who_took_part_is_forgotten_so_many_months_after_the_closing(pilot: Pilot, expected: date | None) -> None:
    """By the number in force on the day of closing, once for each subject; an open pilot forgets nobody."""
    assert expected == due(TABLE, pilot, MONTHS)


def test_what_was_forgotten_is_told_with_its_day_and_number() -> None:
    """The event names the subjects, the day that it counts from, and for how many subjects it was done."""
    expected = {"subjects": ("s1", "s3"), "anchor": "2026-01-31", "upto": 3}
    assert expected == facts(closed(3), ("s1", "s3"))
    assert 0 == facts(closed(None), ())["upto"]
