"""When the terms of a pilot come: the calendar that counts them, and what of it a store is told.

What a store knows is never later than the truth, and that is enough: whoever finds a pilot there looks at the pilot
itself. So a command that only puts a term off, such as the weekly sign of life, leaves the store's indexes alone; the
first tick after the old day sees that nothing is due, and notes the new one. And of a command that sets clocks going,
those alone are counted: all other terms come no sooner than the store knows.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, tzinfo
from functools import cached_property, lru_cache
from hashlib import sha256

from proeftuin import door
from proeftuin.calendars import named
from proeftuin.core import clocks, retention
from proeftuin.core.calendar import NAMES, Calendar, earliest
from proeftuin.core.catch_up import CatchUp
from proeftuin.core.events import Event
from proeftuin.core.going import Going, begun
from proeftuin.core.pilot import Pilot
from proeftuin.core.settings import Settings
from proeftuin.core.table import Table
from proeftuin.errors import BadArgument
from proeftuin.spi import Timing

NO_CALENDAR = ""
"""What a timing names that no calendar was asked for."""

GIVEN = "="
"""Before the fingerprint of a calendar that the host gave: taken away again, its days count no more."""

TERMS = 2
"""The number of the rules by which terms are counted: raise it where one may come sooner than by the rules before, and
what stores know by those is counted anew, once for each pilot."""

LONGEST = 53
EARLIEST = datetime.min.replace(tzinfo=UTC)


def _ruled(mark: str) -> str:
    """Return a mark that other rules do not have."""
    return f"{mark}-{TERMS}"


class Timekeeper:
    """Counts terms.

    Args:
        calendar: counts the working days of every workflow; None means the calendar that each workflow names.
        settings: the dated numbers of the organisation.
        forgets: whether the participants of closed pilots are forgotten in time; only a store that `Erases` can.

    Raises:
        BadArgument: for what is no calendar.
    """

    def __init__(self, calendar: Calendar | None, settings: Settings, *, forgets: bool = False) -> None:
        self._calendar = calendar if calendar is None else _checked(calendar)
        self._settings = settings
        self._forgets = forgets

    def calendar(self, table: Table) -> Calendar:
        """Return the calendar of a workflow."""
        return self._calendar or named(table.workflow.calendar)

    def hosted(self, table: Table) -> bool:
        """Whether the terms of a workflow are counted on a calendar of the host, which could do anything."""
        return self._calendar is not None and table.clockwork.working_days

    def mark(self, table: Table) -> str:
        """Return what a timing says of the calendar and rules it was counted by, and of the months people are known."""
        remembers = self._remembers(table)
        if not table.clockwork.working_days:
            return self._without_calendar[remembers]
        mark = self._marked(self.calendar(table))
        return self._with_months(mark) if remembers else mark

    @cached_property
    def _without_calendar(self) -> tuple[str, str]:
        """The marks where no calendar is asked, without and with the months: asked for twice at every command."""
        mark = _ruled(NO_CALENDAR)
        return mark, self._with_months(mark)

    def marks(self) -> tuple[str, ...]:
        """Return every mark that a timing of today may have."""
        calendars = [self._calendar] if self._calendar is not None else [named(one) for one in NAMES]
        marks = (_ruled(NO_CALENDAR), *map(self._marked, calendars))
        return (*marks, *map(self._with_months, marks)) if self._forgets else marks

    def _remembers(self, table: Table) -> bool:
        """Whether a pilot of this workflow may know participants, whom it is to forget."""
        return self._forgets and bool(table.personal)

    def _with_months(self, mark: str) -> str:
        """Return a mark that another number of months does not have."""
        return f"{mark}+{self._months}"

    @cached_property
    def _months(self) -> str:
        """What tells the months from others: asked for at every command, and computed once."""
        entries = "\n".join(f"{one.since} {one.value}" for one in self._settings.entries(retention.SETTING))
        return sha256(entries.encode()).hexdigest()[:6]

    def _marked(self, calendar: Calendar) -> str:
        return _ruled(calendar.fingerprint if self._calendar is None else f"{GIVEN}{calendar.fingerprint}")

    def counted(self, table: Table, timing: Timing) -> bool:
        """Whether what a store knows of a pilot's terms was counted as it would be now; where there are none it was."""
        if not table.workflow.clocks and not self._remembers(table):
            return True
        return timing.calendar == self.mark(table)

    def late(self, table: Table, timing: Timing, now: datetime) -> bool:
        """Whether something may be due by now."""
        if not table.workflow.clocks and not self._remembers(table):
            return False
        return timing.calendar != self.mark(table) or (timing.due is not None and timing.due <= now)

    def catch_up(self, table: Table, pilot: Pilot, now: datetime) -> CatchUp:
        """Return a pilot, ready to be brought up to now."""
        return CatchUp(table, pilot, self.calendar(table), now, self._settings)

    def exact(self, table: Table, pilot: Pilot, now: datetime | None = None) -> Timing:
        """Return the timing of a pilot as it is; or as it is by now, where what is due was done."""
        on = None if now is None else now.astimezone(table.zone).date()
        due, overdue = clocks.schedule(table, pilot, self.calendar(table), on=on)
        due = earliest(due, self.forgotten(table, pilot))
        return Timing(_start(table.zone, due), _start(table.zone, overdue), self.mark(table))

    def forgotten(self, table: Table, pilot: Pilot) -> date | None:
        """Return the day on which a pilot is to forget its participants; None where there is none (`retention`)."""
        return retention.due(table, pilot, self._settings) if self._remembers(table) else None

    def timing(self, table: Table, pilot: Pilot, stored: Timing, events: Iterable[Event]) -> Timing:
        """Return the timing to store after events: the stored one, or what comes sooner by them."""
        now = pilot.updated_at
        known = stored.calendar == self.mark(table)
        if known and _ahead(stored, now):
            going = begun(table, pilot, events)
            if going is not None:
                return self._sooner(table, pilot, stored, going)
        exact = self.exact(table, pilot)
        if not known:
            return exact
        return Timing(_kept(stored.due, exact.due, now), _kept(stored.overdue, exact.overdue, now), exact.calendar)

    def _sooner(self, table: Table, pilot: Pilot, stored: Timing, going: list[Going]) -> Timing:
        """Return what is stored, or what of the terms of some clocks comes sooner."""
        if not going:
            return stored
        first, late = clocks.schedule(table, pilot, self.calendar(table), going)
        due = earliest(stored.due, _start(table.zone, first))
        overdue = earliest(stored.overdue, _start(table.zone, late))
        return Timing(due, overdue, stored.calendar)


def _checked(calendar: Calendar) -> Calendar:
    mark = getattr(calendar, "fingerprint", None)
    if not callable(getattr(calendar, "works", None)) or not isinstance(mark, str) or not 1 <= len(mark) <= LONGEST:
        raise BadArgument("calendar", f"must have works(day), and a fingerprint of 1 to {LONGEST} characters")
    door.text("calendar", mark)
    return calendar


@lru_cache(maxsize=4096)
def _start(zone: tzinfo, day: date | None) -> datetime | None:
    """Return the instant at which a day begins in a zone; the beginning of time clips it."""
    if day is None:
        return None
    try:
        return datetime.combine(day, time.min, zone).astimezone(UTC)
    except OverflowError:  # the first day of year 1 began a little earlier, east of Greenwich
        return EARLIEST


def _ahead(timing: Timing, now: datetime) -> bool:
    due, overdue = timing.due, timing.overdue
    return (due is None or due > now) and (overdue is None or overdue > now)


def _kept(stored: datetime | None, exact: datetime | None, now: datetime) -> datetime | None:
    """Return the stored instant where it lies ahead and is not later than the exact one."""
    return stored if stored is not None and stored > now and (exact is None or stored <= exact) else exact
