"""Days: what a term comes to, on a calendar, with the days left out on which a pilot was on hold.

A day is a calendar day in the zone of the workflow; the core never sees an hour. Which days are worked on is asked of a
calendar, which the shell gives: the core knows no holidays.
"""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Protocol, TypeVar

from proeftuin.core.pilot import Pause
from proeftuin.core.workflow import Offset

NAMES = ("weekdays", "nl")
"""The calendars that a workflow may name."""

WEEKEND = 5
SHORTEST_MONTH = 28

Day = TypeVar("Day", bound=date)


class Calendar(Protocol):
    """Which days are worked on."""

    @property
    def fingerprint(self) -> str:
        """A word that changes whenever an answer of `works` may."""

    def works(self, day: date) -> bool:
        """Whether a day is a working day."""


class Weekdays:
    """Every day from Monday to Friday."""

    fingerprint = "weekdays"

    def works(self, day: date) -> bool:
        """Whether it is no Saturday or Sunday."""
        return day.weekday() < WEEKEND


def earliest(*days: Day | None) -> Day | None:
    """Return the first of days, or of moments; None stands for one that never comes."""
    found = None
    for one in days:  # asked of every term at each command; `min` over a generator takes three times as long
        if one is not None and (found is None or one < found):
            found = one
    return found


def later(day: date, days: int) -> date:
    """Return the day so many days later, or earlier; the ends of time clip it, as data may name any day."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min


def add_months(day: date, months: int) -> date:
    """Return the same day so many months later, or earlier; the end of a month clips it."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        return date.max if months > 0 else date.min
    last = day.day if day.day <= SHORTEST_MONTH else min(day.day, monthrange(year, month + 1)[1])
    return date(year, month + 1, last)


def plus(day: date, offset: Offset, calendar: Calendar, *, back: bool = False) -> date:
    """Return the day so much later, or earlier, that no hold lies between.

    Note:
        A term of N days that starts on day D is due from the start of D + N. The N-th working day after D is due N
        working days after D; none means D itself, whatever day that is.
    """
    amount = -offset.amount if back else offset.amount
    if offset.unit == "months":
        return add_months(day, amount)
    if offset.unit != "working_days":
        return later(day, amount * (7 if offset.unit == "weeks" else 1))
    step, end = (-1, date.min) if back else (1, date.max)
    for _ in range(offset.amount):
        day = later(day, step)
        while not calendar.works(day) and day != end:
            day = later(day, step)
    return day


def shifted(  # noqa: PLR0917  # the parts of one term
    due: date,
    since: date,
    pauses: Iterable[Pause],
    offset: Offset,
    calendar: Calendar,
    before: Offset | None = None,
) -> date | None:
    """Return when a day comes that is counted from `since`, where the pilot was on hold in between.

    A hold that began before the day, and goes on or ended after `since`, makes it so much later: by its working days,
    where those are counted.

    Args:
        due: the day, without any hold.
        since: what it is counted from.
        offset: how.
        pauses: the holds, in order.
        calendar: tells which days are worked on.
        before: the day that is meant lies so much before this one.

    Returns:
        None while a hold goes on that stops it.
    """
    day = due if before is None else plus(due, before, calendar, back=True)
    for pause in pauses:
        began = max(pause.since, since)
        if began >= day:
            break
        if pause.until is None:
            return None
        lost = max((pause.until - began).days, 0)
        if offset.unit == "working_days":
            worked = sum(calendar.works(later(began, number)) for number in range(lost))
            due = plus(due, Offset(worked, "working_days"), calendar)
        else:
            due = later(due, lost)
        day = due if before is None else plus(due, before, calendar, back=True)
    return day
