"""Each clock of the bundled workflows, taken away or a day late, is noticed by a story that is told elsewhere."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from time import perf_counter
from typing import Any

import pytest
from attrs import evolve

from proeftuin import tables
from proeftuin.core import calendar, clocks, table
from proeftuin.core.calendar import Calendar, later, plus
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.moments import clockwork
from proeftuin.core.workflow import Clock, FieldRef, Offset, Workflow
from proeftuin.errors import ProeftuinError
from tests.domain.domain import Domain, Story, each
from tests.domain.domains import DOMAINS
from tests.domain.telling import covered, told


@cache
def stories(domain: Domain) -> Mapping[str, tuple[Story, ...]]:
    """Per clock, the story of due days, and the stories in which it does something, those that are soon told first."""
    found: dict[str, list[tuple[float, int, Story]]] = {name: [] for name in domain.workflow.clocks}
    for number, story in enumerate(told(domain)):
        began = perf_counter()
        seen = covered(domain, [story]).seen["clocks"]
        for clock in {name.partition(":")[0] for name in seen}:
            found[clock].append((perf_counter() - began, number, story))
    domain.days()  # it too comes out well while nothing is changed
    return {name: (domain.days, *(story for _, _, story in sorted(ones))) for name, ones in found.items()}


def noticed(domain: Domain, clock: str) -> bool:
    """Whether any of the stories that a clock is in comes out differently."""
    for story in stories(domain)[clock]:
        try:
            story()
        except (AssertionError, ProeftuinError):
            return True
    return False


def offsets(clock: Clock) -> Iterator[tuple[str, Offset]]:
    """Each length of time in a clock, with what it is called."""
    if not isinstance(clock.due, FieldRef):
        yield from ((f"due {number}", one) for number, one in enumerate(clock.due))
    for word, told_of in (("remind", clock.remind), ("escalate", clock.escalate)):
        for role, ones in told_of.items():
            yield from ((f"{word} {role} {number}", one) for number, one in enumerate(ones))
    if clock.signal is not None:
        yield "signal", clock.signal.after


@pytest.fixture(autouse=True)
def _unshared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Engines share what they compiled, so one that is made after a change would have the clocks of before it."""
    monkeypatch.setattr(tables, "_made", tables._made.__wrapped__)


LATE = [
    pytest.param(domain, name, offset, id=f"{domain}-{name} {what}")
    for domain in DOMAINS
    for name, clock in domain.workflow.clocks.items()
    for what, offset in offsets(clock)
]


@pytest.mark.parametrize("domain", DOMAINS, ids=str)
def test_every_clock_is_in_a_story(domain: Domain) -> None:
    """No clock does nothing in all of the stories."""
    assert [] == [name for name, ones in stories(domain).items() if len(ones) == 1]


@pytest.mark.parametrize(("domain", "name"), each(DOMAINS, lambda domain: iter(domain.workflow.clocks)), ids=str)
def test_a_clock_that_is_gone_is_noticed(domain: Domain, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the clock a story comes out differently."""
    assert stories(domain)

    def without(workflow: Workflow) -> Any:
        rest = FrozenDict({one: clock for one, clock in workflow.clocks.items() if one != name})
        return clockwork(evolve(workflow, clocks=rest))

    monkeypatch.setattr(table, "clockwork", without)
    assert noticed(domain, name)


@pytest.mark.parametrize(("domain", "name", "offset"), LATE)
def test_a_clock_that_is_a_day_late_is_noticed(
    domain: Domain, name: str, offset: Offset, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With any length of time of the clock a day longer a story comes out differently."""
    assert stories(domain)

    def longer(day: date, given: Offset, works: Calendar, *, back: bool = False) -> date:
        found = plus(day, given, works, back=back)
        return later(found, 1) if given is offset else found

    monkeypatch.setattr(clocks, "plus", longer)
    monkeypatch.setattr(calendar, "plus", longer)
    assert noticed(domain, name)
