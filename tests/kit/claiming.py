"""Stores that give a lane to two workers, to none, or to the wrong one first."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import ClassVar

from attrs import evolve

from proeftuin.spi import Claim, Lane, Outcome
from proeftuin.storage.memory_lanes import MemoryLanes, _Row
from tests.kit.delivering import OtherLanes
from tests.kit.mutant import InMemory


class M24(InMemory):
    """Looks what is due first and claims it afterwards, and others come between."""

    named: ClassVar[tuple[str, ...]] = ("G01",)

    def claim(
        self, tenant: str, subscriber: str, *, now: datetime, until: datetime, limit: int = 100
    ) -> tuple[Claim, ...]:
        lanes = self._lanes_of(tenant)
        rows = lanes._rows.get(subscriber, {})
        due = sorted((row.due, name) for name, row in list(rows.items()) if row.due is not None and row.due <= now)
        self.gap()
        claims = []
        for _, name in due[:limit]:
            row = rows[name]
            row.token, row.due, row.claimed = row.token + 1, until, True
            claims.append(Claim(tenant, subscriber, name, row.token, row.delivered, row.target, row.attempts, until))
        return tuple(claims)


class M25(InMemory):
    """Looks at its own clock whether a claim has lapsed."""

    named: ClassVar[tuple[str, ...]] = ("G03", "G08")

    def claim(
        self, tenant: str, subscriber: str, *, now: datetime, until: datetime, limit: int = 100
    ) -> tuple[Claim, ...]:
        rows = self._lanes_of(tenant)._rows.get(subscriber, {})
        held = {name: row.due for name, row in rows.items() if row.claimed}
        for name, due in held.items():
            rows[name].due = None if due is None or due > datetime.now(UTC) else now
        claims = super().claim(tenant, subscriber, now=now, until=until, limit=limit)
        for name, due in held.items():
            rows[name].due = rows[name].due or due
        return claims


class M26(OtherLanes):
    """Lets whoever once held a claim settle it."""

    named: ClassVar[tuple[str, ...]] = ("G05",)

    class kind(MemoryLanes):  # noqa: N801  # the attribute that it fills
        def _held(self, claim: Claim) -> _Row | None:
            row = self._rows.get(claim.subscriber, {}).get(claim.pilot_id)
            return row if row is not None and row.claimed else None


class M27(InMemory):
    """Looks for lanes that nobody holds, and so never finds one whose worker died."""

    named: ClassVar[tuple[str, ...]] = ("G07",)

    def claim(
        self, tenant: str, subscriber: str, *, now: datetime, until: datetime, limit: int = 100
    ) -> tuple[Claim, ...]:
        rows = self._lanes_of(tenant)._rows.get(subscriber, {})
        held = {name: row.due for name, row in rows.items() if row.claimed}
        for name in held:
            rows[name].due = None
        claims = super().claim(tenant, subscriber, now=now, until=until, limit=limit)
        for name, due in held.items():
            rows[name].due = due
        return claims


class CursorOfPilots(InMemory):
    """Remembers the last pilot whose lane it gave out, and looks behind that one only: `position > last` once more."""

    named: ClassVar[tuple[str, ...]] = ("E04", "E01", "F09", "G09")

    def __init__(self, url: str = "memory://") -> None:
        super().__init__(url)
        self._last: dict[tuple[str, str], str] = {}

    def claim(
        self, tenant: str, subscriber: str, *, now: datetime, until: datetime, limit: int = 100
    ) -> tuple[Claim, ...]:
        rows, last = self._lanes_of(tenant)._rows.get(subscriber, {}), self._last.get((tenant, subscriber), "")
        passed = {name: row.due for name, row in rows.items() if name <= last}
        for name in passed:
            rows[name].due = None
        claims = super().claim(tenant, subscriber, now=now, until=until, limit=limit)
        for name, due in passed.items():
            rows[name].due = due
        self._last[tenant, subscriber] = max([last, *(one.pilot_id for one in claims)])
        return claims


class KeepsClaimOnResend(OtherLanes):
    """Leaves a claim valid when its lane is sent anew."""

    named: ClassVar[tuple[str, ...]] = ("G05",)

    class kind(MemoryLanes):  # noqa: N801  # the attribute that it fills
        def resend(self, subscriber: str, pilot_id: str, now: datetime, after: int | None) -> bool:
            row = self._rows.get(subscriber, {}).get(pilot_id)
            known = (row.token, row.claimed) if row else (0, False)
            done = super().resend(subscriber, pilot_id, now, after)
            if row is not None:
                row.token, row.claimed = known
            return done


class CountsPerLane(OtherLanes):
    """Counts the claims of each lane, and begins again with a lane that was dropped and made anew."""

    named: ClassVar[tuple[str, ...]] = ("G05",)

    class kind(MemoryLanes):  # noqa: N801  # the attribute that it fills
        def claim(self, tenant: str, subscriber: str, now: datetime, until: datetime, limit: int) -> tuple[Claim, ...]:
            rows = self._rows.get(subscriber, {})
            counts = {name: row.token for name, row in rows.items()}
            claims = super().claim(tenant, subscriber, now, until, limit)
            for one in claims:
                rows[one.pilot_id].token = counts[one.pilot_id] + 1
            return tuple(evolve(one, token=rows[one.pilot_id].token) for one in claims)

        def resend(self, subscriber: str, pilot_id: str, now: datetime, after: int | None) -> bool:
            row = self._rows.get(subscriber, {}).get(pilot_id)
            count = row.token if row else 0
            done = super().resend(subscriber, pilot_id, now, after)
            if row is not None:
                row.token = count + 1
            return done


class LooksBeforeItSettles(InMemory):
    """Looks whether a token is stale first and settles afterwards, and others come between."""

    named: ClassVar[tuple[str, ...]] = ("G05",)

    def settle(self, outcome: Outcome) -> bool:
        lanes, claim = self._lanes_of(outcome.claim.tenant), outcome.claim
        row = lanes._held(claim)
        if row is None:
            return False
        self.gap()
        with self._lock:  # so that none comes between these two: each that looked well settles
            row.token, row.claimed = claim.token, True
            return super().settle(outcome)


class RevivesClaims(OtherLanes):
    """Renews a claim that has lapsed."""

    named: ClassVar[tuple[str, ...]] = ("G04",)

    class kind(MemoryLanes):  # noqa: N801  # the attribute that it fills
        def renew(self, claim: Claim, now: datetime, until: datetime) -> bool:
            row = self._held(claim)
            if row is None:
                return False
            row.due = until
            return True


class SettlesTwice(OtherLanes):
    """Takes the same settling again."""

    named: ClassVar[tuple[str, ...]] = ("F04",)

    class kind(MemoryLanes):  # noqa: N801  # the attribute that it fills
        def _held(self, claim: Claim) -> _Row | None:
            row = self._rows.get(claim.subscriber, {}).get(claim.pilot_id)
            return row if row is not None and row.token == claim.token else None


class NoLimit(InMemory):
    """Gives all that is due, however little was asked for."""

    named: ClassVar[tuple[str, ...]] = ("F09",)

    def claim(
        self, tenant: str, subscriber: str, *, now: datetime, until: datetime, limit: int = 100
    ) -> tuple[Claim, ...]:
        return super().claim(tenant, subscriber, now=now, until=until, limit=10**6)


class OneByName(OtherLanes):
    """Gives out lanes by the names of their pilots, whoever waits longest."""

    named: ClassVar[tuple[str, ...]] = ("G09",)

    class kind(MemoryLanes):  # noqa: N801  # the attribute that it fills
        def claim(self, tenant: str, subscriber: str, now: datetime, until: datetime, limit: int) -> tuple[Claim, ...]:
            rows = self._rows.get(subscriber, {})
            first = sorted(name for name, row in rows.items() if row.due is not None and row.due <= now)[:limit]
            return tuple(one for name in first for one in self._one(tenant, subscriber, name, now, until))

        def _one(self, tenant: str, subscriber: str, name: str, now: datetime, until: datetime) -> tuple[Claim, ...]:
            rows = self._rows
            self._rows = {subscriber: {name: rows[subscriber][name]}}
            try:
                return super().claim(tenant, subscriber, now, until, 1)
            finally:
                self._rows = rows


class FansOutTheNewest(OtherLanes):
    """Looks first at the pilots whose news is newest."""

    named: ClassVar[tuple[str, ...]] = ("G09",)

    class kind(MemoryLanes):  # noqa: N801  # the attribute that it fills
        def fan_out(self, marks: dict[str, datetime], version: Callable[[str], int], now: datetime, limit: int) -> int:  # type: ignore[override]  # it changes what it is given
            newest = dict(sorted(marks.items(), key=lambda one: one[1])[-limit:]) if self._rows else {}
            for name in newest:
                del marks[name]
            return super().fan_out(newest, version, now, limit)


class ForgetsPlaces(InMemory):
    """Forgets that a lane is claimed when somebody looks at it."""

    named: ClassVar[tuple[str, ...]] = ("E06", "G02", "G06")

    def lanes(
        self, tenant: str, subscriber: str, *, parked: bool | None = None, limit: int = 100, after: str | None = None
    ) -> tuple[Lane, ...]:
        for row in self._lanes_of(tenant)._rows.get(subscriber, {}).values():
            row.claimed = False
        return super().lanes(tenant, subscriber, parked=parked, limit=limit, after=after)


class UnknownSubscriber(OtherLanes):
    """Fails on a subscriber that there is not."""

    named: ClassVar[tuple[str, ...]] = ("G02",)

    class kind(MemoryLanes):  # noqa: N801  # the attribute that it fills
        def claim(self, tenant: str, subscriber: str, now: datetime, until: datetime, limit: int) -> tuple[Claim, ...]:
            self._rows[subscriber]
            return super().claim(tenant, subscriber, now, until, limit)


class SettlesInTimeOnly(InMemory):
    """Refuses to settle when the claim has lapsed, though nobody came for the lane."""

    named: ClassVar[tuple[str, ...]] = ("G05",)

    def settle(self, outcome: Outcome) -> bool:
        return outcome.now < outcome.claim.until and super().settle(outcome)
