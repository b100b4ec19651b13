"""Jobs are hours by 25.5, whatever the partition into pilots; a bundled job counts once."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import pytest
from attrs import evolve, frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from proeftuin import Settings
from proeftuin.core.begin import nothing
from proeftuin.core.frozen import FrozenDict, freeze
from proeftuin.core.metrics import measure
from proeftuin.core.pilot import Pilot, Record
from proeftuin.core.structs import replace
from proeftuin.core.table import Table
from proeftuin.definitions import Catalogue
from proeftuin.testing.lifecycles._tables import table_of
from tests.scale import scaled

NOW, TODAY = datetime(2027, 1, 15, 9, tzinfo=UTC), date(2027, 1, 15)
PEOPLE_AT_WORK = [name for name in Catalogue().names() if "jobs_25_5" in Catalogue().get(name).metrics]
Jobs = Callable[[Table, Iterable[Pilot]], Fraction]


@frozen
class Job:
    """One paid placement: its hours a week, and the share of a second supplier where it is a bundled one."""

    hours: int
    second: int

    def record(self, number: int) -> Record:
        """It as a record."""
        rows = (
            {"track": "alpha", "weekly_hours": self.hours - self.second},
            {"track": "beta", "weekly_hours": self.second},
        )
        more = {"kind": "bundled", "contributions": rows} if self.second else {"kind": "employment"}
        held = str(Fraction(self.hours, 2).limit_denominator() if self.hours % 2 == 0 else f"{self.hours // 2}.5")
        data: dict[str, Any] = {
            "participant": f"s{number}",
            "weekly_hours": held,
            "start": "2026-01-05",
            "paid": True,
            "counts_for_banenafspraak": "yes",
            "hours": ({"from": "2026-01-05", "weekly_hours": held},),
            **more,
        }
        since = date(2026, 1, 5)
        return Record(
            f"placement-{number}", "placement", freeze(data), "alpha", "hr-1", "supplier_hr", NOW, since, 1, since
        )


jobs = st.builds(Job, st.integers(1, 80), st.integers(0, 20)).map(
    lambda one: evolve(one, second=min(one.second, one.hours - 1))
)
portfolios = st.lists(jobs, max_size=25).flatmap(
    lambda held: st.tuples(st.just(held), st.lists(st.integers(0, 5), min_size=len(held), max_size=len(held)))
)


def pilots(table: Table, held: Sequence[Job], places: Sequence[int]) -> list[Pilot]:
    """Six pilots, of which each has the jobs that are put there."""
    found = []
    for place in range(6):
        own = [one for one, where in zip(held, places, strict=True) if where == place]
        kept = {"placement": tuple(one.record(number) for number, one in enumerate(own, start=1))} if own else {}
        found.append(replace(nothing(table, f"p{place}", NOW), version=1, kept=FrozenDict(kept)))
    return found


def told(table: Table, found: Iterable[Pilot]) -> Fraction:
    """The jobs of some pilots, as the library tells them."""
    several = [(table.workflow, one) for one in found]
    metric = measure(several, ["jobs_25_5"], now=NOW, as_of=TODAY, settings=Settings())["jobs_25_5"]
    return metric.exact or Fraction(0)


def check(table: Table, jobs_of: Jobs, held: Sequence[Job], places: Sequence[int]) -> None:
    """However the jobs are spread over pilots, and these over two parts, there are as many."""
    every = pilots(table, held, places)
    whole = jobs_of(table, every)
    assert Fraction(sum(one.hours for one in held), 51) == whole
    for cut in range(len(every) + 1):
        assert whole == jobs_of(table, every[:cut]) + jobs_of(table, every[cut:])


@pytest.mark.parametrize("name", PEOPLE_AT_WORK)
@given(portfolio=portfolios)
@settings(max_examples=scaled(40), deadline=None)
def test_jobs_do_not_depend_on_the_pilots(name: str, portfolio: tuple[list[Job], list[int]]) -> None:
    """The jobs of a portfolio are all its hours by 25.5, exactly, whichever pilot and part each placement is in."""
    check(table_of(Catalogue().get(name)), told, *portfolio)


def rounded(table: Table, found: Iterable[Pilot]) -> Fraction:
    """Wrong: rounded as it is shown, and then added up."""
    return sum((Fraction(round(told(table, [one]), 2)) for one in found), Fraction(0))


def twice(table: Table, found: Iterable[Pilot]) -> Fraction:
    """Wrong: each supplier counts its part of a bundled job as one of its own."""
    several = list(found)
    rows = [
        row for one in several for held in one.kept.get("placement", ()) for row in held.data.get("contributions", ())
    ]
    return told(table, several) + Fraction(sum(row["weekly_hours"] for row in rows if row["track"] == "beta"), 51)


@pytest.mark.parametrize("wrong", [rounded, twice], ids=["rounded first", "bundled jobs count twice"])
def test_wrong_jobs_are_noticed(wrong: Jobs) -> None:
    """Figures that are rounded before they are added, or count a bundled job for each supplier, do not pass."""
    table = table_of(Catalogue().get("existing-contract"))

    @given(portfolio=portfolios)
    @settings(max_examples=200, deadline=None, database=None, derandomize=True)
    def tried(portfolio: tuple[list[Job], list[int]]) -> None:
        check(table, wrong, *portfolio)

    with pytest.raises(AssertionError):
        tried()
