"""Snoozing: whoever a clock told puts off its reminders.

1. What: the terms of the clock that the data names, on the track or record that it names, that told this actor.
2. How: the reminders that are still to come wait until the day that is given, and the last one that was sent comes
   again on it. Escalations and signals come on their own days: putting a reminder off is no answer.
3. How long: to a day after today, at most as far ahead as the edge says.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from proeftuin.core.calendar import Weekdays, plus
from proeftuin.core.clocks import Term, terms
from proeftuin.core.commands import Attempt, Blocker
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.table import Rule, Table
from proeftuin.core.who import recipient, told_of

Fact = tuple[str, str | None, dict[str, Any]]

_CALENDAR = Weekdays()  # which terms run, and what they count from, asks for no holiday


def faults(table: Table, rule: Rule, data: Mapping[str, Any], today: date, found: list[Fact]) -> tuple[Blocker, ...]:
    """Return what is wrong with the day, and with the clock that is named."""
    problems: list[tuple[str, str]] = []
    if "until" in data and rule.edge.snooze is not None:
        until = date.fromisoformat(data["until"])
        if until <= today:
            problems.append(("until", "not-after-today"))
        elif until > plus(today, rule.edge.snooze, _CALENDAR):
            problems.append(("until", "too-late"))
    if "clock" in data and not found:
        known = data["clock"] in table.workflow.clocks
        problems.append(("clock", "not-running" if known else "not-a-choice"))
    return tuple(Blocker("bad-value", FrozenDict(field=field, problem=problem)) for field, problem in problems)


def put_off(table: Table, attempt: Attempt, data: FrozenDict) -> list[Fact]:
    """Return the events that put off what the data names."""
    if "clock" not in data:
        return []
    return [
        ("clock.snoozed", None if term.track is None else term.track.key, _fact(term, data))
        for term in terms(table, attempt.pilot, _CALENDAR)
        if told_of(attempt.pilot, data, term.key) and _told(table, attempt, term)
    ]


def _told(table: Table, attempt: Attempt, term: Term) -> bool:
    told = attempt.pilot.told.get(term.key)
    return told is not None and told.anchor == term.anchor and recipient(table, attempt, term.key, told)


def _fact(term: Term, data: FrozenDict) -> dict[str, Any]:
    fact: dict[str, Any] = {"clock": term.key, "anchor": term.anchor.isoformat(), "done": (), "again": term.sent()}
    return fact | {name: data[name] for name in ("until", "reason") if name in data}
