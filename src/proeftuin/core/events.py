"""What happened: the words of the log.

Event types are words in the store, never Python paths; `EVENT_TYPES` is their closed list and says what the `data` of
each holds. Later versions read what earlier ones wrote.
"""

from datetime import date, datetime
from types import MappingProxyType

from proeftuin.core.frozen import FrozenDict
from proeftuin.core.structs import Fact

EVENT_TYPES = MappingProxyType(
    {
        "pilot.started": ("workflow", "hash", "state", "phase", "ref", "set"),
        "pilot.moved": ("from", "to", "phase", "set", "outcome", "cycle"),
        "pilot.paused": ("set",),
        "pilot.resumed": ("set",),
        "pilot.changed": ("set",),
        "pilot.linked": ("pilot", "relation"),
        "pilot.migrated": ("workflow", "hash", "from", "reason", "becomes", "voided", "undoes"),
        "track.opened": ("kind", "to", "party", "set"),
        "track.moved": ("from", "to", "set"),
        "record.added": ("record", "id", "fields", "since", "until", "drops", "commitments"),
        "record.changed": ("record", "id", "set", "since", "until"),
        "record.corrected": ("record", "id", "set", "since", "until", "ended", "track", "reason", "commitments"),
        "record.ended": ("record", "id", "on", "until", "drop", "set"),
        "signature.added": ("role", "state", "data", "complete", "commitments"),
        "signature.voided": ("trigger", "role", "actor"),
        "data.exported": ("subjects", "reason"),
        "data.looked_up": ("subjects", "reason"),
        "data.erased": ("subjects", "reason", "anchor", "upto"),
        "clock.reminded": ("clock", "anchor", "done", "roles", "persons"),
        "clock.escalated": ("clock", "anchor", "done", "roles", "persons"),
        "clock.snoozed": ("clock", "anchor", "done", "until", "reason"),
        "clock.fired": ("clock", "anchor", "done", "trigger"),
        "signal.raised": ("clock", "anchor", "done", "signal", "roles"),
        "signal.cleared": ("clock", "signal"),
    }
)
FOLLOWING = frozenset({"pilot.started", "pilot.migrated"})
"""Those that say which workflow a pilot follows from there on, and its hash."""


class Event(Fact, frozen=True):
    """Something that happened to a pilot.

    Attributes:
        version: its number in the pilot's history, from 1 without gaps.
        at: when it was recorded, UTC, never running backwards within a pilot.
        on: the business date that it counts for.
        actor, role: who did it, in which role.
        trigger: the word that was fired.
        key: the idempotency key of the command, if it had one.
        digest: hex SHA-256 over the previous digest and the canonical JSON of every other field; empty until recorded.
    """

    pilot_id: str
    version: int
    type: str
    at: datetime
    on: date
    actor: str
    role: str
    trigger: str
    track: str | None
    data: FrozenDict
    key: str | None = None
    digest: str = ""

    @property
    def id(self) -> str:
        """`<pilot>-<version>`: the same in every delivery."""
        return f"{self.pilot_id}-{self.version}"
