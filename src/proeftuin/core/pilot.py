"""A pilot as it stands: the fold of its events.

`evolve` makes these values, nobody else does; they are frozen through and through, so one copy can be shared by a
cache, an embedder and a dozen threads. Data is kept as the log keeps it: dates and decimals as text.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from proeftuin.core.frozen import EMPTY, FrozenDict
from proeftuin.core.structs import Fact

RUNNING: Literal["running"] = "running"
PAUSED: Literal["paused"] = "paused"


class Record(Fact, frozen=True):
    """A typed fact on a pilot or track.

    Attributes:
        id: made by the core, `placement-3`.
        track: the key of the track that it is on, or None.
        on: the business date of the command that added it.
        cycle: the cycle in which it was added.
        since, until: the interval in which it is active, half-open; `until` None means: open-ended.
        ended: the day on which it was ended, None while open.
        first: the id of the record that it goes on from, where it took the place of one; the first of them all.
    """

    id: str
    type: str
    data: FrozenDict
    track: str | None
    actor: str
    role: str
    at: datetime
    on: date
    cycle: int
    since: date
    until: date | None = None
    ended: date | None = None
    first: str | None = None

    def active(self, day: date) -> bool:
        """Whether the record holds on `day`: from `since`, up to but not on `until`."""
        return self.since <= day and (self.until is None or day < self.until)

    def day(self, name: str) -> date | None:
        """Return a field as a date, None where it is absent."""
        value = self.data.get(name)
        return None if value is None else date.fromisoformat(value)

    def row(self, name: str, day: date) -> FrozenDict | None:
        """Return the row of a list that holds on `day`: the latest that is `from` by then, the last told."""
        asked = day.isoformat()
        begun = (row for row in reversed(self.data.get(name, ())) if row.get("from", "") <= asked)
        return max(begun, key=lambda row: row.get("from", ""), default=None)

    @property
    def dated(self) -> date:
        """The day that it counts for: its `date`, or the day on which it began."""
        return self.day("date") or self.since

    def number(self, name: str) -> Decimal | None:
        """Return a field as an exact decimal, None where it is absent."""
        value = self.data.get(name)
        return None if value is None else Decimal(value)


class Visit(Fact, frozen=True):
    """A state on a track's way here: since which business date, and what the trigger that led to it set."""

    state: str
    since: date
    data: FrozenDict = EMPTY


def gathered(trail: tuple[Visit, ...]) -> FrozenDict:
    """Return what the triggers on a trail set, the later ones over the earlier."""
    merged: dict[str, object] = {}
    for visit in trail:
        merged.update(visit.data)
    return FrozenDict(merged)


class Track(Fact, frozen=True):
    """One supplier's own lifecycle inside a pilot (or a procurement, a contract, a category).

    Attributes:
        party: whose track it is; None while it is nobody's, such as a procurement before its award.
        since: the business date of its last move, `progress` that of the last thing that a person did on it.
        trail: the states on the way here, without the detours that were turned back from.
    """

    key: str
    kind: str
    party: str | None
    state: str
    since: date
    progress: date
    trail: tuple[Visit, ...]

    @property
    def data(self) -> FrozenDict:
        """What the triggers on the way here set."""
        return gathered(self.trail)

    @property
    def previous(self) -> str | None:
        """The state before this one on the trail."""
        return self.trail[-2].state if len(self.trail) > 1 else None

    def after(self, to: str, on: date, new: FrozenDict) -> tuple[Visit, ...]:
        """Return the trail after a move: going back to a state on it forgets what lies behind that state.

        Its days begin anew, unless it never left.
        """
        trail = self.trail
        for place, visit in enumerate(trail):
            if visit.state == to:
                since = visit.since if place == len(trail) - 1 else on
                return (*trail[:place], Visit(to, since, FrozenDict({**visit.data, **new}) if new else visit.data))
        return (*trail, Visit(to, on, new))


class Signature(Fact, frozen=True):
    """One vote under a trigger that needs several.

    Attributes:
        state: the state of its track, or of the pilot, in which it was cast.
        data: what it signs; a vote counts for exactly this content.
    """

    trigger: str
    track: str | None
    role: str
    actor: str
    state: str
    data: FrozenDict


class Pause(Fact, frozen=True):
    """A hold: from the business date on which it began, up to but not on the one on which it ended."""

    since: date
    until: date | None = None


class Told(Fact, frozen=True):
    """What a clock has done since it was anchored.

    Attributes:
        anchor: the business date that it is anchored to (`clocks`); anchored anew, it begins anew.
        done: the moments that are behind it, by their names (`clocks.Moment`).
        roles, persons: who was told, each once.
        snoozed: the day until which its reminders wait.
    """

    anchor: date
    done: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()
    snoozed: date | None = None


class Laid(Fact, frozen=True):
    """What a migration laid down for a term that ran, for as long as that is anchored to the same day.

    Attributes:
        anchor: the day that the term is anchored to; anchored anew, it is as the workflow says.
        since, base, amount, unit: what it is counted from instead, and how long it is; None means as the workflow says.
        ended: whether it runs no more.
        fires: the first day on which it may fire a trigger.
    """

    anchor: date
    since: date | None = None
    base: date | None = None
    amount: int | None = None
    unit: Literal["days", "weeks", "months", "working_days"] | None = None
    ended: bool = False
    fires: date | None = None


class Raised(Fact, frozen=True):
    """A signal that is up: which, by which clock (and on which track or record), since which day."""

    signal: str
    clock: str
    since: date


class Stop(Fact, frozen=True):
    """A state that the pilot, or the track with this key, came to on a business date; `phase` is the pilot's own."""

    state: str
    since: date
    phase: str | None = None
    track: str | None = None


class Episode(Fact, frozen=True):
    """A signal that was up from a day on, up to but not on the day on which it was cleared."""

    signal: str
    clock: str
    since: date
    until: date | None = None


class Nudge(Fact, frozen=True):
    """A day on which somebody was reminded that a sign of life is due, and the next on which a person did something."""

    on: date
    answered: date | None = None


class Pilot(Fact, frozen=True):
    """One long-running case following one version of a workflow.

    Attributes:
        workflow: name and version, `existing-contract@1`.
        version: how many events made it what it is.
        since: the business date on which it entered its state; `cycle_since` likewise for its cycle.
        last_move: the business date of the last move of the pilot or one of its tracks.
        progress: the business date of the last thing that a person did; a hold of a day or more starts it anew.
        entered: the business date on which each state was last entered.
        told: what each clock has done, by its key (`clocks.Term`).
        acted_as: per actor, the roles in which they acted.
        kept: the records that the head keeps, per type, in order of adding.
        counts: how many records of each type were ever added, and how many `subject`s issued.
        path: every state that it and its tracks were in, in order; so figures of an earlier day can be made.
        episodes: every signal that was ever up.
        nudges: the days on which the clock `check_in` told somebody.
        laid: what a migration laid down for a term, by its key.
    """

    id: str
    ref: str | None
    workflow: str
    version: int
    digest: str
    state: str
    phase: str
    outcome: str | None
    hold: Literal["running", "paused"]
    cycle: int
    data: FrozenDict
    tracks: Mapping[str, Track]
    signatures: tuple[Signature, ...]
    kept: Mapping[str, tuple[Record, ...]]
    counts: FrozenDict
    acted_as: Mapping[str, tuple[str, ...]]
    starter: str
    since: date
    cycle_since: date
    last_move: date
    created_at: datetime
    updated_at: datetime
    progress: date
    entered: Mapping[str, date]
    pauses: tuple[Pause, ...] = ()
    told: Mapping[str, Told] = EMPTY
    signals: tuple[Raised, ...] = ()
    path: tuple[Stop, ...] = ()
    episodes: tuple[Episode, ...] = ()
    nudges: tuple[Nudge, ...] = ()
    laid: Mapping[str, Laid] = EMPTY

    def records(self, type: str, *, active_on: date | None = None, track: str | None = None) -> tuple[Record, ...]:  # noqa: A002  # the field's own word
        """Return the kept records of a type, in the order in which they were added.

        Args:
            type: the record type's name.
            active_on: only those active on this day.
            track: only those on the track with this key.
        """
        found = self.kept.get(type, ())
        if active_on is not None:
            found = tuple(record for record in found if record.active(active_on))
        if track is not None:
            found = tuple(record for record in found if record.track == track)
        return found

    @property
    def title(self) -> str:
        """What it is called; its id, where nobody called it anything."""
        return str(self.data.get("title") or self.id)

    @property
    def parties(self) -> tuple[str, ...]:
        """Whose the tracks are, each party once, in order of the tracks."""
        return tuple(dict.fromkeys(one.party for one in self.tracks.values() if one.party is not None))

    @property
    def assignments(self) -> tuple[Record, ...]:
        """The open assignments: who holds which duty."""
        return tuple([record for record in self.kept.get("assignment", ()) if record.ended is None])

    def assigned(self, day: date) -> tuple[Record, ...]:
        """Return the open assignments that hold on a day: up to and on their `until`."""
        return tuple([one for one in self.assignments if (until := one.day("until")) is None or until >= day])
