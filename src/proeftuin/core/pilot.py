"""A pilot as it stands: the fold of its events.

`evolve` makes these values, nobody else does; they are frozen through and through, so one copy can be shared by a
cache, an embedder and a dozen threads. Data is kept as the log keeps it: dates and decimals as text.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from attrs import frozen

from proeftuin.core.frozen import EMPTY, FrozenDict

RUNNING: Literal["running"] = "running"
PAUSED: Literal["paused"] = "paused"


@frozen(slots=False)
class Record:
    """A typed fact on a pilot or track.

    Attributes:
        id: made by the core, `placement-3`.
        track: the key of the track that it is on, or None.
        on: the business date of the command that added it.
        cycle: the cycle in which it was added.
        since, until: the interval in which it is active, half-open; `until` None means: open-ended.
        ended: the day on which it was ended, None while open.
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

    def active(self, day: date) -> bool:
        """Whether the record holds on `day`: from `since`, up to but not on `until`."""
        return self.since <= day and (self.until is None or day < self.until)

    def day(self, name: str) -> date | None:
        """Return a field as a date, None where it is absent."""
        value = self.data.get(name)
        return None if value is None else date.fromisoformat(value)

    def number(self, name: str) -> Decimal | None:
        """Return a field as an exact decimal, None where it is absent."""
        value = self.data.get(name)
        return None if value is None else Decimal(value)


@frozen
class Visit:
    """A state on a track's way here, and what the trigger that led to it set."""

    state: str
    data: FrozenDict = EMPTY


@frozen(slots=False)
class Track:
    """One supplier's own lifecycle inside a pilot (or a procurement, a contract, a category).

    Attributes:
        party: whose track it is.
        since: the business date of its last move.
        trail: the states on the way here, without the detours that were turned back from.
    """

    key: str
    kind: str
    party: str
    state: str
    since: date
    trail: tuple[Visit, ...]

    @property
    def data(self) -> FrozenDict:
        """What the triggers on the way here set."""
        merged: dict[str, object] = {}
        for visit in self.trail:
            merged.update(visit.data)
        return FrozenDict(merged)

    @property
    def previous(self) -> str | None:
        """The state before this one on the trail."""
        return self.trail[-2].state if len(self.trail) > 1 else None


@frozen
class Signature:
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


@frozen(slots=False)
class Pilot:
    """One long-running case following one version of a workflow.

    Attributes:
        workflow: name and version, `existing-contract@1`.
        version: how many events made it what it is.
        since: the business date on which it entered its state; `cycle_since` likewise for its cycle.
        last_move: the business date of the last move of the pilot or one of its tracks.
        acted_as: per actor, the roles in which they acted.
        kept: the records that the head keeps, per type, in order of adding.
        counts: how many records of each type were ever added, and how many `subject`s issued.
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
    def assignments(self) -> tuple[Record, ...]:
        """The open assignments: who holds which duty."""
        return tuple([record for record in self.kept.get("assignment", ()) if record.ended is None])
