"""Clocks: which terms run on a pilot, when each is due, and what it does on the way there.

Nothing here is stored. A term is computed from the pilot, the workflow and a calendar; the pilot remembers only what a
term has done already (`Told`), by the day that the term is anchored to.

1. *Since*: the day that a term counts from: the last progress, the entering of a state, the date of a record.
2. *Due*: so much after that day, or a date that the data names. A hold makes it later, unless `shifts: false` or a
   record that is `fixed` forbids that; while a hold goes on, what it stops has no day.
3. *Moments*: what a term does, each on its day: reminders, escalations, a signal, a trigger that it fires. Their days
   are counted from the same day as the due day, or from the due day where that is said. A trigger waits while a hold
   refuses its edge, and keeps its day.
4. *Anchor*: the day that tells a term from the one before it: the day that it counts from, or the due day where the
   data names that. Anchored anew, a term begins anew: nothing of it is done yet.
5. *One record in the place of another*: they count as one, from the day of the first and under its name; what was done
   or answered of the one is done or answered of the other.
6. *Laid down*: a migration may have said otherwise for a term that ran (`Laid`): what it is counted from, how long
   it is, that it ended, or that it may fire no sooner than on a day. That holds until the term is anchored anew.
7. *End*: what `until` names, the leaving of the state it began in, the end of its record, a state that is done, the
   closing of the pilot. A term that has ended is no term; one whose record is to end on a later day goes on until then.

What is not here: what becomes of a moment whose day has come (`catch_up`).
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Any

from proeftuin.core.calendar import Calendar, earliest, plus, shifted
from proeftuin.core.frozen import EMPTY
from proeftuin.core.going import Going, holds, set_going
from proeftuin.core.guards.tracks import shares
from proeftuin.core.moments import FIRE, REMIND, Days, Moment, Wheel
from proeftuin.core.pilot import PAUSED, Laid, Pilot, Record, Told, Track
from proeftuin.core.structs import Inner, replace
from proeftuin.core.table import SYSTEM, Table
from proeftuin.core.workflow import FieldRef, Offset, RecordRef

AT_ONCE = Offset(0, "days")
REMEMBERED = 4096
"""Of how many terms of a clock the days are remembered."""

DATED = (("", AT_ONCE),)


class Term(Inner, frozen=True, dict=True):
    """One clock as it runs on a pilot.

    Attributes:
        key: the clock's name, and where it runs: `check_in`, `invitation:sodexo`, `retention:placement-3:26 weeks`.
        anchor: tells this term from the one before it.
        since: what its moments are counted from.
        base, offset: what its due day is counted from, and how much later it is.
        track, record: what it is about; neither for the pilot as a whole.
        fires: the first day on which it may fire a trigger, where a migration laid that down.
        waits: whether the hold that goes on refuses the edge that it fires.
    """

    wheel: Wheel
    key: str
    anchor: date
    since: date
    base: date
    offset: Offset
    track: Track | None
    record: Record | None
    pilot: Pilot
    calendar: Calendar
    fires: date | None = None
    waits: bool = False

    def due(self) -> date | None:
        """Return the day on which it is due, None while a hold stops it, or where what it is about is over by then."""
        due = self.days.due
        return None if due is not None and self.until is not None and due >= self.until else due

    def next(self) -> date | None:
        """Return the first day on which it has something to do: the end of its record too, while its signal is up."""
        if self.waits or self.key in self.pilot.told or self.until is not None:
            up = any(one.clock == self.key for one in self.pilot.signals)
            return earliest(self.until if up else None, *(day for day, _ in self.todo()))
        return self.days.first

    @property
    def until(self) -> date | None:
        """The day from which on what it is about is over."""
        return None if self.record is None else self.record.until

    def todo(self) -> Iterator[tuple[date, Moment]]:
        """Give what is still to be done, with its day; nothing that a hold stops."""
        told = self.pilot.told.get(self.key)
        if told is not None and told.anchor != self.anchor:
            told = None
        for moment, day in zip(self.wheel.moments, self.days.moments, strict=True):
            if day is not None and (told is None or moment.name not in told.done):
                when = self._day(moment, day, told)
                if when is not None:
                    yield when, moment

    def sent(self) -> tuple[str, ...]:
        """Return the last of the reminders that were sent, by their names."""
        told = self.pilot.told.get(self.key)
        done = () if told is None else told.done
        days = {
            moment.name: day or date.max
            for moment, day in zip(self.wheel.moments, self.days.moments, strict=True)
            if moment.kind == REMIND and moment.name in done
        }
        return tuple(name for name, day in days.items() if day == max(days.values()))

    def _day(self, moment: Moment, day: date, told: Told | None) -> date | None:
        if self.waits and moment.kind == FIRE:
            return None
        if self.until is not None and day >= self.until:
            return None
        if moment.kind == REMIND and told is not None and told.snoozed is not None:
            return self._snoozed(day, told.snoozed)
        return day

    @property
    def days(self) -> Days:
        """The due day, and the day of each moment as far as no snooze puts it off.

        Note:
            Most pilots were never on hold, and many terms count from the same day: their days are counted once.
        """
        if self.pilot.pauses or self.fires is not None:
            return self._own_days
        key = (self.since, self.base, self.offset, self.calendar.fingerprint)
        days = self.wheel.days.get(key)
        if days is None:
            if len(self.wheel.days) >= REMEMBERED:
                self.wheel.days.clear()
            days = self.wheel.days[key] = self._counted()
        return days

    @cached_property
    def _own_days(self) -> Days:
        return self._counted()

    def _counted(self) -> Days:
        due = self._shifted(plus(self.base, self.offset, self.calendar), self.offset)
        return Days(due, tuple(self._moment(moment, due) for moment in self.wheel.moments))

    def _moment(self, moment: Moment, due: date | None) -> date | None:
        day = self._unsnoozed(moment.offset, due)
        return day if day is None or self.fires is None or moment.kind != FIRE else max(day, self.fires)

    def _snoozed(self, day: date, until: date) -> date | None:
        pauses = self.pilot.pauses
        stopped = self._held and pauses and pauses[-1].until is None and pauses[-1].since < until
        return None if stopped else max(day, until)

    @property
    def _held(self) -> bool:
        """Whether a hold stops it."""
        return self.wheel.clock.shifts and not (self.record is not None and self.record.data.get("fixed"))

    def _unsnoozed(self, offset: Offset, due: date | None) -> date | None:
        """Return the day of a moment: before due it is stopped by what stops the due day until then, after due anew."""
        if offset.relative is None:
            return self._shifted(plus(self.since, offset, self.calendar), offset)
        if offset.relative == "before due":
            return self._shifted(plus(self.base, self.offset, self.calendar), self.offset, before=offset)
        return None if due is None else self._shifted(plus(due, offset, self.calendar), offset, since=due)

    def _shifted(
        self, day: date, offset: Offset, *, since: date | None = None, before: Offset | None = None
    ) -> date | None:
        record = self.record
        if since is None:
            since = record.on if record is not None and isinstance(self.wheel.clock.due, FieldRef) else self.since
        return shifted(day, since, self.pilot.pauses if self._held else (), offset, self.calendar, before)


def terms(
    table: Table, pilot: Pilot, calendar: Calendar, going: Iterable[Going] | None = None, *, on: date | None = None
) -> Iterator[Term]:
    """Give every term that runs on a pilot, or those alone of some of the clocks that were set going.

    Note:
        A term about a record that is over by the day `on` runs no more; None means the day up to which the pilot is
        known.
    """
    found = _terms(table, pilot, calendar, set_going(table, pilot, on) if going is None else going)
    return found if not pilot.laid else (one for term in found if (one := _as_laid_down(term)) is not None)


def _terms(table: Table, pilot: Pilot, calendar: Calendar, going: Iterable[Going]) -> Iterator[Term]:
    closed, paused = table.workflow.states[pilot.state].final, pilot.hold == PAUSED
    for wheel, since, track, record in going:
        if closed and not wheel.clock.after_closing:
            continue
        place = track.key if track is not None and record is None else record and (record.first or record.id)
        key = wheel.name if place is None else f"{wheel.name}:{place}"
        met = _met(wheel, since, track, record, pilot, calendar) if wheel.lasts else ()
        dated = None if wheel.dues else _dated(wheel, pilot, track, record)
        waits = paused and _refused(table, pilot, wheel.clock.fire, track)
        if dated is not None and not met:
            yield Term(wheel, key, dated, since, dated, AT_ONCE, track, record, pilot, calendar, waits=waits)
        for number, (end, offset) in enumerate(wheel.dues):
            if number not in met:
                yield Term(wheel, key + end, since, since, since, offset, track, record, pilot, calendar, waits=waits)


def _refused(table: Table, pilot: Pilot, trigger: str | None, track: Track | None) -> bool:
    """Whether a hold refuses every edge that a clock may fire from here."""
    place = (None, pilot.state) if track is None else (track.kind, track.state)
    rules = table.at.get((*place, trigger), ()) if trigger is not None else ()
    held = [rule.edge.held for rule in rules if SYSTEM in rule.allowed and pilot.state in rule.during]
    return bool(held) and all(held)


def _as_laid_down(term: Term) -> Term | None:
    """Return a term as a migration left it, None where that ended it."""
    laid = term.pilot.laid.get(term.key)
    if laid is None or laid.anchor != term.anchor:
        return term
    return None if laid.ended else replace(term, **counted_from(laid), fires=laid.fires)


def counted_from(laid: Laid) -> dict[str, Any]:
    """Return what a term is counted from, as far as a migration laid that down."""
    found: dict[str, Any] = {"since": laid.since, "base": laid.base}
    if laid.amount is not None and laid.unit is not None:
        found["offset"] = Offset(laid.amount, laid.unit)
    return {name: value for name, value in found.items() if value is not None}


def schedule(
    table: Table, pilot: Pilot, calendar: Calendar, going: Iterable[Going] | None = None, *, on: date | None = None
) -> tuple[date | None, date | None]:
    """Return the first day on which a term has something to do, and the first on which one is due; asked as above."""
    first = due = None
    for term in terms(table, pilot, calendar, going, on=on):
        first, due = earliest(first, term.next()), earliest(due, term.due())
    return first, due


def _dated(wheel: Wheel, pilot: Pilot, track: Track | None, record: Record | None) -> date | None:
    """Return the due day that a field holds."""
    due = wheel.clock.due
    assert isinstance(due, FieldRef)  # noqa: S101  # or the wheel had due days of its own
    if record is not None:
        return record.day(due.field)
    value = (pilot.data if track is None else track.data).get(due.field)
    return None if value is None else date.fromisoformat(value)


# -- until ---------------------------------------------------------------------------------------------------------


def _met(  # noqa: PLR0917  # the parts of a term that is not one yet
    wheel: Wheel, since: date, track: Track | None, record: Record | None, pilot: Pilot, calendar: Calendar
) -> set[int]:
    """Return which of the due days of a clock are met already, by their place in its list.

    Each thing that `until` names meets the first due day that is open, once the one before it has come, and every due
    day that it is not before. Of several due days the first waits for the day after the one that all count from: what
    was told on the day of the closing belongs to that, and is no call three months later.
    """
    until, dues = wheel.clock.until, wheel.dues or DATED
    if record is not None and isinstance(until, RecordRef):
        answers = [one for one in pilot.kept.get(until.record, ()) if one.ended is None]
        same = _same(record, pilot)
        return {
            number
            for number, (_, offset) in enumerate(dues)
            if any(_answers(one, until.where, same, offset) for one in answers)
        }
    days = [plus(since, offset, calendar) for _, offset in dues]
    before = (date.min if len(days) == 1 else since, *days)
    met: set[int] = set()
    for day in sorted(one for one in _ends(until, track, pilot) if one >= since):
        first = next((number for number in range(len(days)) if number not in met), None)
        if first is not None and day > before[first]:
            met.add(first)
        met.update(number for number, one in enumerate(days) if day >= one)
    return met


def _same(record: Record, pilot: Pilot) -> frozenset[str]:
    """Return the ids of a record and of those that it goes on from: what was answered of one was answered of all."""
    if record.first is None:
        return frozenset((record.id,))
    kept = pilot.kept.get(record.type, ())
    return frozenset((record.first, *(one.id for one in kept if one.first == record.first)))


def _answers(answer: Record, where: Mapping[str, Any], same: frozenset[str], offset: Offset) -> bool:
    """Whether a record answers one due day of another: `of` is that other one, `due` the number in that day's term."""
    for name, value in where.items():
        found = answer.data.get(name)
        if value == "of":
            if found not in same:
                return False
        elif str(found) != (str(offset.amount) if value == "due" else str(value)):
            return False
    return True


def _ends(until: str | RecordRef | None, track: Track | None, pilot: Pilot) -> Iterator[date]:
    """Give the days on which what `until` names happened; a bundled record did so on every track that contributes."""
    name, where = (until.record, until.where) if isinstance(until, RecordRef) else (str(until), EMPTY)
    for one in pilot.kept.get(name, ()):
        if (track is None or track.key in shares(one)) and holds(one, where):
            yield one.dated
    if name in pilot.entered:
        yield pilot.entered[name]
    if track is not None:
        yield from (visit.since for visit in track.trail if f"{track.kind}.{visit.state}" == name)
