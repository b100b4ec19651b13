"""What is done with personal data is written into the history of each pilot that it concerns: `data.*` events.

1. They name opaque subjects and never a ref; they change nothing of the pilot, and are no progress.
2. Written are what cannot be undone or leaves the store: who was forgotten, whose refs were exported, whom somebody
   looked up. Not written is what the host's own tool translates to show its pages (`Engine.ref`): the tool holds the
   key anyway, knows for whom it does so, and would drown the rest.
3. What is asked again by the same person for the same reason, with nothing in between, is written once: an export that
   was cut off and is made again gives the same text.
4. Being events, they are in the chain: nobody takes one away without `verify` finding it.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, tzinfo
from typing import Literal, cast

from attrs import frozen

from proeftuin import codec, door, log
from proeftuin.calls import Call
from proeftuin.core.commands import Actor, Blocker
from proeftuin.core.events import Event
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.pilot import Pilot
from proeftuin.core.privacy import looks_like_identity
from proeftuin.drafts import Draft
from proeftuin.errors import (
    BadArgument,
    Conflict,
    CorruptStore,
    DefinitionError,
    StoreBusy,
    StoreUnavailable,
    UnknownWorkflow,
)
from proeftuin.result import Result
from proeftuin.spi import Erases
from proeftuin.writing import Writer

OFFICER = "privacy_officer"
UNREADABLE = (CorruptStore, DefinitionError, UnknownWorkflow)
"""What is raised for a pilot that cannot be read, or whose workflow cannot."""

LONGEST_REASON = 1000
What = Literal["erased", "exported", "looked_up"]
TYPES = {f"data.{what}": what for what in ("erased", "exported", "looked_up")}
LOG_ALONE = FrozenDict(  # it is no rule of a workflow, so no workflow words it
    en="Only the privacy officer may read who did what with personal data.",
    nl="Alleen de functionaris gegevensbescherming mag lezen wie wat met persoonsgegevens deed.",
)


@frozen
class Noted:
    """One thing that was done with personal data.

    Attributes:
        version: of the event in the pilot's history.
        at, on: when it was recorded, UTC, and the business date.
        what: `erased`, `exported` or `looked_up`.
        actor, role: who did it; the system where the time after closing was over.
        subjects: whom it concerns, opaque; none where nobody was left to forget.
        reason: why, None where the time was over.
    """

    pilot_id: str
    version: int
    at: datetime
    on: date
    what: What
    actor: str
    role: str
    subjects: tuple[str, ...]
    reason: str | None


class NotingWriter(Writer):
    """Writes what was done with personal data."""

    def _only_as(self, role: str, trigger: str, call: Call, texts: FrozenDict) -> None:
        """Refuse anybody without a role that is of the host, and in no workflow.

        Raises:
            Refused: `forbidden-role`.
        """
        if role not in call.actor.roles:
            raise self._refused(
                None, trigger, call, [Blocker("forbidden-role", FrozenDict({"roles": (role,)}), texts=texts)]
            )

    def log(self, actor: Actor, pilots: str | Iterable[str] | None, since: date | None) -> Iterator[Noted]:
        """Return what was done with personal data; see `Engine.privacy_log`."""
        self._only_as(OFFICER, "privacy_log", self._call(actor, None), LOG_ALONE)
        return self._entries(pilots, since)

    def _entries(self, pilots: str | Iterable[str] | None, since: date | None) -> Iterator[Noted]:
        for pilot, event in self._reader.events_of(TYPES, pilots, since):
            if since is None or self._recorded(pilot, event) >= since:
                what, data = cast("What", TYPES[event.type]), event.data
                facts = (event.at, event.on, what, event.actor, event.role, data["subjects"], data.get("reason"))
                yield Noted(event.pilot_id, event.version, *facts)

    def _recorded(self, pilot: Pilot, event: Event) -> date:
        """Return the day on which an event was recorded, where its pilot is; in UTC where its workflow is lost."""
        try:
            zone: tzinfo = self._tables.shown(pilot.workflow).zone
        except UNREADABLE:
            zone = UTC
        return event.at.astimezone(zone).date()

    def _again(self, pilot: Pilot, event: Event) -> bool:
        """Whether the last event of a pilot says the same already."""
        entry = next(self._store.history(self._tenant, pilot.id, after=pilot.version - 1))
        last = codec.decode_event(entry.body, entry.digest, pilot_id=pilot.id, version=entry.version)
        return (last.type, last.actor, last.role, last.data) == (event.type, event.actor, event.role, event.data)

    def _noted(self, pilot_id: str, make: Callable[[Pilot], Event | None], *, erases: bool = False) -> bool:
        """Add an event to a pilot; False where there is nothing to say."""

        def change(pilot: Pilot) -> Draft | None:
            event = make(pilot)
            if event is None:
                return None
            erased = tuple(event.data["subjects"]) if erases else ()
            timing = self._heads.timing(pilot)
            draft = Draft(self._tables.shown(pilot.workflow), pilot, pilot.version, erased=erased, timing=timing)
            draft.add([event])
            return draft

        return self._applied(pilot_id, change) is True

    def _applied(self, pilot_id: str, change: Callable[[Pilot], Draft | bool | None]) -> bool | None:
        """Write what a change makes of a pilot, made anew after a lost race; otherwise return what it returned."""
        for attempt in range(1, self._attempts + 1):
            draft = change(self._heads.load(pilot_id)[0])
            if not isinstance(draft, Draft):
                return draft
            try:
                self._append_all((Result(draft.pilot, tuple(draft.events)),), (draft,))
            except Conflict:
                self._heads.drop(pilot_id)
                if attempt == self._attempts:
                    raise
            else:
                return True
        raise AssertionError  # pragma: no cover  # the loop returns or raises

    def _event(self, pilot: Pilot, type_: str, trigger: str, call: Call, role: str, data: FrozenDict) -> Event:  # noqa: PLR0917  # the parts of one event
        zone = self._tables.shown(pilot.workflow).zone
        at = max(pilot.updated_at, call.now)
        on = call.now.astimezone(zone).date()
        return Event(pilot.id, pilot.version + 1, type_, at, on, call.actor.id, role, trigger, None, data)

    def _scrubbed(self, store: Erases) -> bool:
        """Have the files written anew in which deleted bytes may remain; False where that could not be done now."""
        if self._after_commit is not None:
            return False  # the transaction is the host's, and not over
        try:
            store.scrub()
        except (StoreBusy, StoreUnavailable) as error:
            log.warning("not-scrubbed", reason=str(error))
            return False
        return True


def sound_reason(reason: object) -> str:
    """Return why something is done, in words that are kept.

    Raises:
        BadArgument: for none, or a long one.
    """
    if not isinstance(reason, str) or not 1 <= len(reason.strip()) <= LONGEST_REASON:
        raise BadArgument("reason", f"must say why, in 1 to {LONGEST_REASON} characters")
    if looks_like_identity(door.text("reason", reason)):
        raise BadArgument("reason", "it looks as if it points at a person; it stays in the history for ever")
    return reason
