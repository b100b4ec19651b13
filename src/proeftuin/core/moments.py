"""What the clocks of a workflow do, and what sets each going: read once, for every pilot that follows it."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from attrs import field, frozen

from proeftuin.core import structs
from proeftuin.core.calendar import earliest
from proeftuin.core.frozen import EMPTY
from proeftuin.core.structs import Inner, Making
from proeftuin.core.workflow import Clock, FieldRef, Offset, RecordRef, Workflow, expand_roles

FIRE, SIGNAL, ESCALATE, REMIND = range(4)  # in the order in which those of one day are done
WHEN_DUE = Offset(0, "days", "after due")
PROGRESS = "progress"


@frozen
class Moment:
    """Something that a clock does on a day.

    Attributes:
        name: unique in its clock, as in `remind.coordinator.14 days`.
        to: the roles, and the person fields of the record, that are told.
        word: the signal that is raised, or the trigger that is fired.
    """

    name: str
    kind: int
    offset: Offset
    to: tuple[str, ...] = ()
    word: str = ""


@frozen(eq=False)
class Days:
    """The days of a term; None for one that a hold stops.

    Attributes:
        due: the day on which it is due.
        moments: those of the moments of its clock, in their order.
        first: the first of these.
    """

    due: date | None
    moments: tuple[date | None, ...]
    first: date | None = field(init=False)

    @first.default
    def _first(self) -> date | None:
        return earliest(*self.moments)


class Wheel(Inner, frozen=True):
    """A clock, compiled.

    Attributes:
        dues: the due days that it has, each with the end of its terms' keys; none where a field holds the day.
        lasts: whether it runs on through later states, until something ends it.
        where: what a record must hold that sets it going, and `row` how many of the last ones must.
        days: the days of terms without a hold, by what they were counted from.
    """

    name: str
    clock: Clock
    moments: tuple[Moment, ...]
    dues: tuple[tuple[str, Offset], ...]
    lasts: bool
    where: Mapping[str, Any]
    row: int = 1
    days: dict[tuple[date, date, Offset, str], Days] = structs.field(default_factory=dict)


Wheels = tuple[Wheel, ...]


class Clockwork(Making):
    """The clocks of a workflow, by what sets them going.

    Attributes:
        progress: the last thing that a person did on the pilot; `quiet` per track kind that on a track.
        states: the entering of a state of the pilot; `tracks` per kind and state that of a track, and `busy` the last
            thing that a person did on it while it is there.
        records: per type the last record; `per` each record.
        paused: a hold.
        ends: the types of records that end one; where such a record is changed, one that ended may run on.
        dated: the fields of a pilot or track that hold the due day of one.
        working_days: whether any of them counts working days.
    """

    progress: Wheels = ()
    quiet: dict[str, Wheels] = structs.field(default_factory=dict)
    states: dict[str, Wheels] = structs.field(default_factory=dict)
    tracks: dict[tuple[str, str], Wheels] = structs.field(default_factory=dict)
    busy: dict[tuple[str, str], Wheels] = structs.field(default_factory=dict)
    records: dict[str, Wheels] = structs.field(default_factory=dict)
    per: dict[str, Wheels] = structs.field(default_factory=dict)
    paused: Wheels = ()
    ends: set[str] = structs.field(default_factory=set)
    dated: set[str] = structs.field(default_factory=set)
    working_days: bool = False


def said(offset: Offset) -> str:
    """Return an offset as a workflow file says it."""
    words = f"{offset.amount} {offset.unit.replace('_', ' ')}"
    return f"{words} {offset.relative}" if offset.relative else words


def moments_of(workflow: Workflow, clock: Clock) -> tuple[Moment, ...]:
    """Return what a clock of a workflow does, in the order of its file."""
    found = []
    for word, kind, told in (("remind", REMIND, clock.remind), ("escalate", ESCALATE, clock.escalate)):
        for name, offsets in told.items():
            to = expand_roles(workflow, (name,))
            found += [Moment(f"{word}.{name}.{said(one)}", kind, one, to) for one in offsets]
    if clock.signal is not None:
        signal = clock.signal
        to = expand_roles(workflow, signal.tell)
        found.append(Moment(f"signal.{signal.name}", SIGNAL, signal.after, to, signal.name))
    if clock.fire is not None:
        found.append(Moment(f"fire.{clock.fire}", FIRE, WHEN_DUE, (), clock.fire))
    return tuple(found)


def _wheel(workflow: Workflow, name: str, clock: Clock) -> Wheel:
    offsets = () if isinstance(clock.due, FieldRef) else clock.due
    several = len(offsets) > 1
    dues = tuple((f":{said(one)}" if several else "", one) for one in offsets)
    since = clock.since if isinstance(clock.since, RecordRef) else None
    where, row = (since.where, since.in_a_row or 1) if since is not None else (EMPTY, 1)
    return Wheel(name, clock, moments_of(workflow, clock), dues, clock.until is not None, where, row)


def clockwork(workflow: Workflow) -> Clockwork:
    """Return the clocks of a workflow, compiled."""
    work = Clockwork()
    for name, clock in workflow.clocks.items():
        wheel = _wheel(workflow, name, clock)
        _hang(work, workflow, clock, (wheel,))
        if clock.until is not None:
            work.ends.add(clock.until.record if isinstance(clock.until, RecordRef) else clock.until)
        if isinstance(clock.due, FieldRef) and clock.per is None:
            work.dated.add(clock.due.field)
        offsets = [*(one.offset for one in wheel.moments), *(one for _, one in wheel.dues)]
        work.working_days |= any(one.unit == "working_days" for one in offsets)
    return work


def _hang(work: Clockwork, workflow: Workflow, clock: Clock, one: Wheels) -> None:
    """Put a clock where it is set going."""
    since = clock.since
    if clock.during is not None:
        work.paused += one
    elif clock.per is not None:
        _put(work.per, (clock.per,), one)
    elif isinstance(since, RecordRef):
        _put(work.records, (since.record,), one)
    elif since == PROGRESS:
        work.progress += one
    elif since is not None and "." in since:
        kind, state, *rest = since.split(".")
        if state == PROGRESS:
            _put(work.quiet, (kind,), one)
        else:
            _put(work.busy if rest else work.tracks, ((kind, state),), one)
    elif since is not None:
        _put(work.states if since in workflow.states else work.records, (since,), one)


def _put(places: dict[Any, Wheels], keys: Iterable[Any], one: Wheels) -> None:
    for key in keys:
        places[key] = (*places.get(key, ()), *one)
