"""The one door to `simpy`: its clock drives the engine's.

A moment is a whole number of seconds since the simulation began. People act on working days, in office hours of the
workflow's zone; clocks act when they are due.
"""

from collections.abc import Generator
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from proeftuin.core.calendar import Calendar
from proeftuin.errors import BadArgument, ProeftuinError
from proeftuin.simulation._draws import Spread

try:
    from simpy import Environment, Event, Interrupt, Process, Resource
except ImportError as missing:
    raise BadArgument("simulate", "it needs simpy; pip install proeftuin[sim]") from missing

__all__ = ["Clock", "Interrupt", "Living", "Process", "Resource"]

Living = Generator[Event, Any, Any]
"""What a process is made of: it gives what it waits for."""

DAY = 86_400
MORNING, EVENING = 9 * 3600, 17 * 3600
NEVER = 36_500
"""So many days behind the end nothing is counted any more: what takes longer does not come either."""


class _Broken(Exception):
    """Carries an error out of `simpy`, which makes errors anew, of their `args` alone: ours take more than a text."""

    def __init__(self, error: ProeftuinError) -> None:
        self.error = error
        super().__init__(error)


def _carried(living: Living) -> Living:
    try:
        return (yield from living)
    except ProeftuinError as error:
        raise _Broken(error) from error


class Clock:
    """The time of a simulation, as the engine reads it.

    Args:
        begins: the first day.
        ends: the day after the last one.
        zone: of the workflow.
        calendar: which days are worked on.
    """

    def __init__(self, begins: date, ends: date, zone: ZoneInfo, calendar: Calendar) -> None:
        self.env = Environment()
        self.ends = ends
        self.zone = zone
        self._calendar = calendar
        self._begin = self._instant(begins, 0)

    def _instant(self, day: date, seconds: int) -> datetime:
        at = datetime.combine(day, time.min) + timedelta(seconds=seconds)
        return at.replace(tzinfo=self.zone).astimezone(UTC)

    def now(self) -> datetime:
        """Return the present moment, UTC."""
        return self._begin + timedelta(seconds=int(self.env.now))

    @property
    def today(self) -> date:
        """The present day in the workflow's zone."""
        return self.now().astimezone(self.zone).date()

    @property
    def second(self) -> int:
        """The present moment, in seconds since the beginning."""
        return int(self.env.now)

    def later(self, days: int) -> date:
        """Return the day so many days after today."""
        return self.today + timedelta(days=days)

    def seconds(self, at: datetime) -> int:
        """Return a moment in whole seconds, never before it, and never in the past."""
        since = at - self._begin
        return max(self.second, since.days * DAY + since.seconds + (since.microseconds > 0))

    def run(self, told: Any = None) -> None:  # noqa: ANN401  # called with the share of the time that is over
        """Let time go by, to the end; day by day where somebody wants to be told of it.

        Raises:
            ProeftuinError: what went wrong in a process, as it was raised there.
        """
        try:
            self._run(told)
        except _Broken as broken:
            raise broken.error from None

    def _run(self, told: Any) -> None:  # noqa: ANN401  # as above
        last = self.seconds(self._instant(self.ends, 0))
        if told is not None:
            for day in range(DAY, last, DAY):
                self.env.run(until=day)
                told(day / last)
        self.env.run(until=last)
        if told is not None:
            told(1.0)

    # -- when people act -------------------------------------------------------------------------------------------

    def after(self, spread: Spread, random: Random, times: float = 1) -> int:
        """Return when somebody acts who takes so long: a moment in office hours, after now."""
        day = self.today
        drawn = min(spread.draw(random, times=times), (self.ends - day).days + NEVER)
        if spread.unit == "working days":
            for _ in range(drawn):
                day = self._working(day + timedelta(days=1))
        else:
            day += timedelta(days=drawn)
        return self.at_work(day, random)

    def at_work(self, day: date, random: Random) -> int:
        """Return a moment in office hours of a day, or of the next working day; after now."""
        day = self._working(day)
        moment = self.seconds(self._instant(day, random.randrange(MORNING, EVENING, 60)))
        return moment if moment > self.second else self._late(day)

    def _late(self, day: date) -> int:
        """Return a moment a little later today, or on the next morning where the office has closed."""
        local = self.now().astimezone(self.zone)
        if local.hour * 3600 < EVENING and self._calendar.works(local.date()):
            return self.second + 60
        return self.seconds(self._instant(self._working(max(day, local.date()) + timedelta(days=1)), MORNING))

    def _working(self, day: date) -> date:
        while not self._calendar.works(day):
            day += timedelta(days=1)
        return day

    # -- simpy -----------------------------------------------------------------------------------------------------

    def begin(self, living: Living) -> Process:
        """Set a process going."""
        return self.env.process(_carried(living))

    def until(self, moment: int) -> Event:
        """Return what happens at a moment."""
        return self.env.timeout(max(0, moment - self.second))

    def never(self) -> Event:
        """Return what does not happen."""
        return self.env.event()

    def desks(self, count: int) -> Resource:
        """Return so many people who do one thing at a time."""
        return Resource(self.env, count)
