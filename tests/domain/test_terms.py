"""The terms of the bundled workflows: section 3.1.5 of the domain, each clock on exactly its days."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from proeftuin.core.begin import nothing
from proeftuin.core.calendar import Weekdays
from proeftuin.core.catch_up import CatchUp
from proeftuin.core.events import Event
from proeftuin.core.pilot import Pause, Pilot
from proeftuin.core.structs import replace
from tests.domain.common.terms import BEGAN, NOW, day, kept
from tests.domain.domain import Domain, each
from tests.domain.domains import DOMAINS

TERMS = each(DOMAINS, lambda domain: iter(domain.terms))
HELD = (Pause(BEGAN + timedelta(days=10), BEGAN + timedelta(days=20)),)


def pilot(domain: Domain, name: str) -> Pilot:
    """A pilot on which this clock began today."""
    return replace(nothing(domain.table, "p1", NOW), version=1, **domain.terms[name].begins)


def at(domain: Domain, found: Pilot, number: int) -> CatchUp:
    return CatchUp(domain.table, found, Weekdays(), NOW + timedelta(days=number)).moves().reminders()


def told(domain: Domain, event: Event, name: str) -> Iterator[tuple[int, str, str]]:
    """What a clock did, with its day and whom it told; not what others did."""
    on, data = (event.on - BEGAN).days, event.data
    if event.type == "track.moved" and domain.terms[name].moves:
        yield on, data["to"], ""
    elif data.get("clock", "").partition(":")[0] == name and event.type != "clock.fired":
        to = " ".join((*data.get("roles", ()), *data.get("persons", ())))
        yield on, data.get("signal") or event.type.removeprefix("clock."), to


@pytest.mark.parametrize("domain", DOMAINS, ids=str)
def test_every_clock_has_its_days_here(domain: Domain) -> None:
    """The tables have every clock of the workflow."""
    assert set(domain.workflow.clocks) == set(domain.terms)


@pytest.mark.parametrize(("domain", "name"), TERMS, ids=str)
def test_each_clock_on_exactly_its_days(domain: Domain, name: str) -> None:
    """Looked at daily for more than a year, each clock does what the domain says, on its day, and nothing else."""
    found, came = pilot(domain, name), list[tuple[int, str, str]]()
    for number in range(400):
        caught = at(domain, found, number)
        for event in caught.events:
            came += told(domain, event, name)
            assert number == (event.on - BEGAN).days
        found = caught.pilot
    assert list(domain.terms[name].days) == came


@pytest.mark.parametrize(("domain", "name"), TERMS, ids=str)
def test_each_clock_looked_at_late(domain: Domain, name: str) -> None:
    """Looked at once after more than a year, each clock raises and moves on the same days, and reminds once."""
    term = domain.terms[name]
    came = [what for event in at(domain, pilot(domain, name), 400).events for what in told(domain, event, name)]
    last = {(key, to): (on, key, to) for on, key, to in term.days}
    # A term that has moved its track reminds nobody; each due day of a term with several is a term of its own.
    expected = list(term.days[-1:]) if term.moves else list(term.days) if term.apart else list(last.values())
    assert sorted(expected) == sorted(came)


@pytest.mark.parametrize(
    ("domain", "name"), [(domain, name) for domain, name in TERMS if not domain.terms[name].held], ids=str
)
def test_a_hold_moves_each_clock_but_those_that_never_shift(domain: Domain, name: str) -> None:
    """A hold of ten days, early in every term, makes it ten days later; the follow-up of a placement stays."""
    term = domain.terms[name]
    shift = 10 if term.shifts else 0
    found, came = replace(pilot(domain, name), pauses=HELD), list[tuple[int, str, str]]()
    for number in range(20, 400):
        caught = at(domain, found, number)
        came += [what for event in caught.events for what in told(domain, event, name)]
        found = caught.pilot
    assert [(on + shift, *what) for on, *what in term.days if on + shift < 400] == came


WITH_GOALS = [one for one in DOMAINS if "goal" in one.terms]
WITH_REPORTS = [one for one in DOMAINS if "report" in one.terms]


@pytest.mark.parametrize("domain", WITH_GOALS, ids=str)
def test_a_fixed_goal_is_not_moved(domain: Domain) -> None:
    """A goal that is fixed keeps its date through a hold."""
    goal = replace(pilot(domain, "goal"), pauses=HELD, kept=kept("goal", due=day(30), owner="ann", fixed=True))
    came = [what for event in at(domain, goal, 30).events for what in told(domain, event, "goal")]
    assert [(30, "reminded", "ann")] == came


@pytest.mark.parametrize("domain", WITH_REPORTS, ids=str)
def test_a_report_ends_its_clock(domain: Domain) -> None:
    """A report from the evaluation on ends the term for it, an earlier one or other evidence does not."""
    for data, expected in (
        ({"type": "report", "date": day(0)}, []),
        ({"type": "report", "date": day(-1)}, [21, 30, 30]),
        ({"type": "handover", "date": day(3)}, [21, 30, 30]),
    ):
        found = replace(pilot(domain, "report"), kept=kept("evidence", **data))
        came = [what for event in at(domain, found, 99).events for what in told(domain, event, "report")]
        assert expected == sorted(on for on, *_ in came)


@pytest.mark.parametrize("domain", [one for one in DOMAINS if "retention" in one.terms], ids=str)
def test_an_answer_meets_its_own_due_day(domain: Domain) -> None:
    """Retention that was answered for 13 weeks is not asked for again; for 26 and 52 weeks it is."""
    placed = kept("placement", start=day(0))
    answered = placed | kept("retention", placement="placement-1", weeks=13, answer="worse")
    found = replace(pilot(domain, "retention"), kept=answered)
    events = at(domain, found, 400).events
    assert [189, 371] == [on for event in events for on, *_ in told(domain, event, "retention")]
