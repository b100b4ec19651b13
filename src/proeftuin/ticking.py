"""tick: what is due, on every pilot, as ordinary commits by the actor `system`.

1. The store says which pilots may be due; each is looked at, and what is due becomes its events, as `fire` would do it.
2. Any number of processes may tick at once: of two on one pilot one wins the version, and the other leaves it alone.
3. A pilot at which nothing is due after all, as its term was put off, is noted anew, without a commit. So is one whose
   days were counted on another calendar.
4. A pilot that cannot be read is told and passed over; it stops nobody else, and takes none of the limit. So is one for
   which a `recorded` hook raises; that is raised on when all others are done.
5. A pilot that was closed long enough ago forgets who took part in it, in the same commit as whatever else is due
   (`retention`); where any did, the store's files are written anew at the end.

Nothing here is told to `before` hooks: there is nobody whose command could be refused.
"""

from collections.abc import Sequence
from datetime import datetime

from proeftuin import log
from proeftuin.core.catch_up import TICK
from proeftuin.core.events import Event
from proeftuin.core.pilot import Pilot
from proeftuin.core.retention import facts
from proeftuin.core.table import SYSTEM
from proeftuin.drafts import Draft
from proeftuin.errors import BadArgument, Conflict, StoreError, UnknownPilot
from proeftuin.noting import UNREADABLE, NotingWriter
from proeftuin.result import Result, Work
from proeftuin.spi import Due, Erases, Timed

TOGETHER = 50
"""How many pilots are written in one transaction."""
SHOWN = 1000
"""How many pilots are told at once, without doing anything."""


class Ticker(NotingWriter):
    """Does what is due, for one tenant."""

    def tick(self, limit: int | None, pilots: Sequence[str] | None = None) -> Work:
        """Do what is due now; see `Engine.tick`."""
        store = self._store
        self._hooks.check()
        self._failed: set[str] = set()
        self._raised: Exception | None = None
        self._forgot = False
        try:
            work = self._round(limit, pilots)
        finally:
            if self._forgot and isinstance(store, Erases):
                self._scrubbed(store)
        if self._raised is not None:
            raise self._raised
        return work

    def _round(self, limit: int | None, pilots: Sequence[str] | None) -> Work:
        now = self._now()
        if pilots is not None:
            wanted = pilots[:limit]
            done = sum(self._alone(one, now) for one in wanted if self._late(one, now))
            return Work(done, len(self._failed), more=len(wanted) < len(pilots))
        store = self._timed()
        after: Due | None = None
        done, room = 0, self._count_anew(store, limit)
        while found := store.due(self._tenant, now=now, limit=_some(room), after=after):
            if room == 0:
                break
            done += self._together([one.pilot_id for one in found], now)
            room = _less(room, sum(one.pilot_id not in self._failed for one in found))
            after = found[-1]
        more = bool(found) or (room == 0 and bool(store.untimed(self._tenant, self._times.marks(), limit=1)))
        return Work(done, len(self._failed), more)

    def due(self, limit: int) -> tuple[Due, ...]:
        """Return what a tick would look at now; see `Engine.due`."""
        if type(limit) is not int or not 1 <= limit <= SHOWN:
            raise BadArgument("limit", f"must be from 1 to {SHOWN}")
        return self._timed().due(self._tenant, now=self._now(), limit=limit)

    def _timed(self) -> Timed:
        if not isinstance(self._store, Timed):
            raise BadArgument("store", "it does not know what is due; a store that offers the part `Timed` does")
        return self._store

    def _late(self, pilot_id: str, now: datetime) -> bool:
        pilot = self._read(pilot_id)
        return pilot is not None and self._times.late(self._tables.of(pilot.workflow), self._heads.timing(pilot), now)

    def _count_anew(self, store: Timed, room: int | None) -> int | None:
        """Note when pilots are due whose days were counted on another calendar, or not yet; tell what room is left."""
        after: str | None = None
        while room != 0 and (found := store.untimed(self._tenant, self._times.marks(), limit=_some(room), after=after)):
            read = [pilot for pilot_id in found if (pilot := self._read(pilot_id)) is not None]
            for pilot in read:
                self._note(pilot)
            room = _less(room, len(read))
            after = found[-1]
        return room

    def _together(self, ids: Sequence[str], now: datetime) -> int:
        drafts = [draft for pilot_id in ids if (draft := self._caught_up(pilot_id, now)) is not None]
        if not drafts:
            return 0
        if getattr(self._store, "multi_pilot", False) and self._undone(drafts) is None:
            return len(drafts)
        return sum(self._alone(draft.pilot.id, now) for draft in drafts)

    def _alone(self, pilot_id: str, now: datetime) -> bool:
        draft = self._caught_up(pilot_id, now)
        if draft is None:
            return False
        error = self._undone([draft])
        if error is not None and not isinstance(error, Conflict):  # who won the version has done what was due first
            self._raised = self._raised or error
            self._pass_over(pilot_id, type(error).__name__)  # what it says is the host's
        return error is None

    def _undone(self, drafts: Sequence[Draft]) -> Exception | None:
        """Write drafts, and return what undid that: a lost race, or what a hook raised."""
        try:
            self._written(drafts)
        except Conflict as lost:
            self._heads.drop(lost.pilot_id)
            return lost
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001  # a host's hook may raise anything: `tick` raises it on at its end
            return error
        return None

    def _written(self, drafts: Sequence[Draft]) -> None:
        self._append_all([Result(one.pilot, tuple(one.events)) for one in drafts], drafts)
        self._forgot |= any(one.erased for one in drafts)

    def _caught_up(self, pilot_id: str, now: datetime) -> Draft | None:
        """Return a pilot with what is due on it; None, and its timing noted, where nothing is."""
        pilot = self._read(pilot_id)
        if pilot is None:
            return None
        table = self._tables.of(pilot.workflow)
        draft = Draft(table, pilot, pilot.version)  # what is stored of its timing is past, so it is counted anew
        draft.add(self._times.catch_up(table, pilot, now).moves().reminders().events)
        self._forget(draft, now)
        if not draft.events:
            self._note(pilot, now)
            return None
        return draft

    def _forget(self, draft: Draft, now: datetime) -> None:
        """Forget the participants of a pilot that was closed long enough ago, as of the day on which that fell due."""
        pilot, day = draft.pilot, self._times.forgotten(draft.table, draft.pilot)
        if day is None or day > now.astimezone(draft.table.zone).date():
            return
        known = self._store.personal(self._tenant, pilot.id)
        draft.erased = tuple(one.subject for one in known)
        data = facts(pilot, draft.erased)
        at = max(pilot.updated_at, now)
        draft.add([Event(pilot.id, pilot.version + 1, "data.erased", at, day, SYSTEM, SYSTEM, TICK, None, data)])

    def _note(self, pilot: Pilot, now: datetime | None = None) -> None:
        store, timing = self._store, self._times.exact(self._tables.of(pilot.workflow), pilot, now)
        if not isinstance(store, Timed) or store.retime(self._tenant, pilot.id, pilot.version, timing):
            self._heads.put(pilot, timing)

    def _read(self, pilot_id: str) -> Pilot | None:
        try:
            pilot, _ = self._heads.load(pilot_id)
            self._tables.of(pilot.workflow)
        except (*UNREADABLE, UnknownPilot) as error:
            self._pass_over(pilot_id, str(error))
            return None
        return pilot

    def _pass_over(self, pilot_id: str, reason: str) -> None:
        self._failed.add(pilot_id)
        log.warning("not-ticked", pilot=pilot_id, reason=reason)


def _some(room: int | None) -> int:
    """Return how many pilots to ask for; where there is no room left, one: it tells that there is more."""
    return TOGETHER if room is None else max(1, min(TOGETHER, room))


def _less(room: int | None, looked: int) -> int | None:
    return None if room is None else room - looked
