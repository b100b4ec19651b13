"""The lanes of the reference store: the part `Delivers` of `proeftuin.spi`, in dictionaries.

The store calls it under its own lock, with the versions of its pilots and the marks that its appends leave.
"""

from collections.abc import Callable, Mapping, MutableMapping
from datetime import datetime
from heapq import nsmallest
from itertools import count

from attrs import define

from proeftuin.spi import Claim, Lag, Lane, Outcome, Subscription
from proeftuin.spi.checks import bounded, cut


@define
class _Row:
    """One lane, and the number of the last claim on it."""

    delivered: int
    target: int
    due: datetime | None
    attempts: int = 0
    token: int = 0
    claimed: bool = False
    parked: bool = False
    error: str | None = None

    def wake(self, target: int, now: datetime) -> None:
        """Make what is new known, and the lane due, unless it is already, waits after a failure or is parked."""
        self.target = max(self.target, target)
        if self.due is None and not self.parked:
            self.due = now


class MemoryLanes:
    """The subscriptions and lanes of one tenant."""

    def __init__(self) -> None:
        self._subscriptions: dict[str, Subscription] = {}
        self._rows: dict[str, dict[str, _Row]] = {}
        self._tokens = count(1)  # none is given twice, also when a lane is dropped and made anew

    def subscribe(
        self, subscription: Subscription, versions: Mapping[str, int], now: datetime, *, beginning: bool
    ) -> None:
        """Keep a subscription; a new one gets a lane on each pilot, a known one is brought up to date."""
        if subscription.name not in self._subscriptions:
            self._rows[subscription.name] = {
                name: _Row(0, version, now) if beginning else _Row(version, version, None)
                for name, version in versions.items()
            }
        self._subscriptions[subscription.name] = subscription
        for name, version in versions.items():
            self._fan(subscription.name, name, version, now)

    def _fan(self, subscriber: str, pilot_id: str, version: int, now: datetime) -> None:
        row = self._rows[subscriber].setdefault(pilot_id, _Row(0, 0, None))
        if version > row.target:
            row.wake(version, now)

    def unsubscribe(self, name: str) -> bool:
        """Forget a subscription and its lanes."""
        self._rows.pop(name, None)
        return self._subscriptions.pop(name, None) is not None

    def subscriptions(self) -> tuple[Subscription, ...]:
        """Return the subscriptions in order."""
        return tuple(self._subscriptions[name] for name in sorted(self._subscriptions))

    def fan_out(
        self, marks: MutableMapping[str, datetime], version: Callable[[str], int], now: datetime, limit: int
    ) -> int:
        """Wake the lanes of marked pilots, and take their marks away."""
        if not self._rows:
            return 0
        seen = nsmallest(limit, marks, key=lambda pilot_id: (marks[pilot_id], pilot_id))
        for pilot_id in seen:
            for name in self._rows:
                self._fan(name, pilot_id, version(pilot_id), now)
            del marks[pilot_id]
        return len(seen)

    def claim(self, tenant: str, subscriber: str, now: datetime, until: datetime, limit: int) -> tuple[Claim, ...]:
        """Claim what is due."""
        rows = self._rows.get(subscriber, {})
        due = sorted((row.due, name) for name, row in rows.items() if row.due is not None and row.due <= now)
        claims = []
        for _, name in due[:limit]:
            row = rows[name]
            row.token, row.due, row.claimed = next(self._tokens), until, True
            claims.append(Claim(tenant, subscriber, name, row.token, row.delivered, row.target, row.attempts, until))
        return tuple(claims)

    def _held(self, claim: Claim) -> _Row | None:
        row = self._rows.get(claim.subscriber, {}).get(claim.pilot_id)
        return row if row is not None and row.claimed and row.token == claim.token else None

    def renew(self, claim: Claim, now: datetime, until: datetime) -> bool:
        """Hold a claim longer."""
        row = self._held(claim)
        if row is None or row.due is None or row.due <= now:
            return False
        row.due = until
        return True

    def settle(self, outcome: Outcome) -> bool:
        """Note what came of a claim."""
        row = self._held(outcome.claim)
        if row is None:
            return False
        if outcome.delivered > row.delivered:
            row.attempts = 0
        if outcome.error is not None:
            row.attempts += 1
        row.delivered, row.error = outcome.delivered, cut(outcome.error)
        row.claimed, row.parked = False, outcome.park
        behind = row.target > row.delivered and not row.parked
        row.due = (outcome.again or outcome.now) if behind else None
        return True

    def resend(self, subscriber: str, pilot_id: str, now: datetime, after: int | None) -> bool:
        """Wake a lane, from behind a version."""
        row = self._rows.get(subscriber, {}).get(pilot_id)
        if row is None:
            return False
        row.delivered = row.delivered if after is None else min(bounded(after), row.target)
        row.token = next(self._tokens)
        row.attempts, row.claimed, row.parked, row.error = 0, False, False, None
        row.due = now if row.target > row.delivered else None
        return True

    def lanes(self, subscriber: str, *, parked: bool | None, limit: int, after: str | None) -> tuple[Lane, ...]:
        """Return lanes in order of pilot id."""
        rows = sorted(self._rows.get(subscriber, {}).items())
        found = [
            Lane(subscriber, name, row.delivered, row.target, row.attempts, row.due, row.claimed, row.parked, row.error)
            for name, row in rows
            if (after is None or name > after) and parked in (None, row.parked)
        ]
        return tuple(found[:limit])

    def lag(self, subscriber: str) -> Lag:
        """Count the lanes."""
        rows = self._rows.get(subscriber, {}).values()
        return Lag(len(rows), sum(row.target > row.delivered for row in rows), sum(row.parked for row in rows))
