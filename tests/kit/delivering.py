"""Stores whose lanes lose, repeat, overtake or confuse what is to be delivered."""

from collections.abc import Callable
from datetime import datetime
from itertools import count
from typing import Any, ClassVar

from attrs import evolve

from proeftuin.spi import Claim, Commit, Lag, Outcome, Subscription
from proeftuin.spi.checks import check_commits
from proeftuin.storage.memory_lanes import MemoryLanes, _Row
from tests.kit.mutant import Gap, InMemory

Recorded = Callable[[object], None] | None


class OtherLanes(InMemory):
    """Keeps its lanes in another way."""

    kind: type[MemoryLanes]

    def _lanes_of(self, tenant: str) -> MemoryLanes:
        self._pilots(tenant)
        return self._lanes.setdefault(tenant, self.kind())


class StaysOpenForWorkers(InMemory):
    """Answers those who deliver although it was closed."""

    named: ClassVar[tuple[str, ...]] = ("A12",)

    def subscriptions(self, tenant: str) -> tuple[Subscription, ...]:
        return () if self._closed else super().subscriptions(tenant)


class SubscriptionsThatCanChange(InMemory):
    """Gives subscriptions whose bodies can be changed."""

    named: ClassVar[tuple[str, ...]] = ("A13",)

    def subscriptions(self, tenant: str) -> tuple[Subscription, ...]:
        bodies: list[Any] = [bytearray(one.body) for one in super().subscriptions(tenant)]
        found = super().subscriptions(tenant)
        return tuple(evolve(one, body=body) for one, body in zip(found, bodies, strict=True))


class M20(InMemory):
    """Gives every commit a position when it begins, and fans out what lies behind the last position that it saw."""

    named: ClassVar[tuple[str, ...]] = ("E02",)

    def __init__(self, url: str = "memory://") -> None:
        super().__init__(url)
        self._positions = count(1)
        self._log: list[tuple[int, str, str]] = []
        self._last: dict[str, int] = {}

    def append(self, *commits: Commit, recorded: Recorded = None) -> None:
        check_commits(commits)
        positions = [next(self._positions) for _ in commits]
        with self._lock:
            refs = self._judged(commits)
        if recorded is not None and commits:
            recorded(None)
        with self._lock:
            self._judged(commits)
            self._refs |= refs
            for position, commit in zip(positions, commits, strict=True):
                self._write(commit)
                self._log.append((position, commit.tenant, commit.pilot_id))

    def fan_out(self, tenant: str, *, now: datetime, limit: int = 100) -> int:
        with self._lock:
            last = self._last.get(tenant, 0)
            news = sorted(
                (position, name) for position, whose, name in self._log if whose == tenant and position > last
            )
            self._last[tenant] = max([last, *(position for position, _ in news)])
            pilots = self._pilots(tenant)
            marks = {name: now for _, name in news}
            return self._lanes_of(tenant).fan_out(marks, lambda name: len(pilots[name].entries), now, len(marks))


class M21(InMemory):
    """Sets what failed aside and goes on with what comes next."""

    named: ClassVar[tuple[str, ...]] = ("F03",)

    def settle(self, outcome: Outcome) -> bool:
        if outcome.error is None:
            return super().settle(outcome)
        return super().settle(evolve(outcome, delivered=outcome.claim.target))


class ClearsUnseen(InMemory):
    """Takes all marks away when it has fanned out some."""

    named: ClassVar[tuple[str, ...]] = ("E04",)

    def fan_out(self, tenant: str, *, now: datetime, limit: int = 100) -> int:
        looked = super().fan_out(tenant, now=now, limit=limit)
        if looked:
            self._marks.get(tenant, {}).clear()
        return looked


class ClearsWhatWentOn(InMemory):
    """Takes a mark away although the pilot has gone on since its version was read."""

    named: ClassVar[tuple[str, ...]] = ("E04",)

    def __init__(self, url: str = "memory://") -> None:
        super().__init__(url)
        self.gap = Gap(99)  # those who fan out do not meet in it, but wait while others fire

    def fan_out(self, tenant: str, *, now: datetime, limit: int = 100) -> int:
        with self._lock:
            lanes, seen = self._lanes_of(tenant), dict(list(self._marks.get(tenant, {}).items())[:limit])
            if not lanes.subscriptions():
                return 0
            versions = {name: len(self._pilots(tenant)[name].entries) for name in seen}
        self.gap()
        with self._lock:
            lanes.fan_out(dict(seen), versions.__getitem__, now, limit)
            for name in seen:
                self._marks[tenant].pop(name, None)
        return len(seen)


class LateSubscription(InMemory):
    """Notes where a subscription begins when it is first fanned out, and not when it is made."""

    named: ClassVar[tuple[str, ...]] = ("E07",)

    def __init__(self, url: str = "memory://") -> None:
        super().__init__(url)
        self._new: list[tuple[str, Subscription, datetime]] = []

    def subscribe(self, tenant: str, subscription: Subscription, *, now: datetime, beginning: bool = False) -> None:
        if beginning or subscription in self.subscriptions(tenant):
            super().subscribe(tenant, subscription, now=now, beginning=beginning)
        else:
            self._new.append((tenant, subscription, now))

    def fan_out(self, tenant: str, *, now: datetime, limit: int = 100) -> int:
        while self._new:
            whose, subscription, when = self._new.pop()
            super().subscribe(whose, subscription, now=when)
        return super().fan_out(tenant, now=now, limit=limit)


class WakesParked(OtherLanes):
    """Wakes a parked lane when there is news."""

    named: ClassVar[tuple[str, ...]] = ("F06",)

    class kind(MemoryLanes):  # noqa: N801  # the attribute that it fills
        def _fan(self, subscriber: str, pilot_id: str, version: int, now: datetime) -> None:
            super()._fan(subscriber, pilot_id, version, now)
            row = self._rows[subscriber][pilot_id]
            row.due = row.due or (now if row.target > row.delivered else None)


class CountsForEver(OtherLanes):
    """Goes on counting failures after something arrived."""

    named: ClassVar[tuple[str, ...]] = ("F05",)

    class kind(MemoryLanes):  # noqa: N801  # the attribute that it fills
        def settle(self, outcome: Outcome) -> bool:
            row = self._held(outcome.claim)
            before = row.attempts if row else 0
            done = super().settle(outcome)
            if row is not None and done:
                row.attempts = before + (outcome.error is not None)
            return done


class KeepsErrorsRaw(OtherLanes):
    """Keeps the text of a failure without cutting it, and without looking at what is in it."""

    named: ClassVar[tuple[str, ...]] = ("F05",)

    class kind(MemoryLanes):  # noqa: N801  # the attribute that it fills
        def settle(self, outcome: Outcome) -> bool:
            row = self._held(outcome.claim)
            done = super().settle(outcome)
            if row is not None and done:
                row.error = outcome.error
            return done


class OneSubscriber(OtherLanes):
    """Fans out to the first subscriber only."""

    named: ClassVar[tuple[str, ...]] = ("F07", "E07")

    class kind(MemoryLanes):  # noqa: N801  # the attribute that it fills
        def _fan(self, subscriber: str, pilot_id: str, version: int, now: datetime) -> None:
            if subscriber == next(iter(self._rows)):
                super()._fan(subscriber, pilot_id, version, now)


class NoTenants(InMemory):
    """Keeps the lanes of all tenants together."""

    named: ClassVar[tuple[str, ...]] = ("F07",)

    def _lanes_of(self, tenant: str) -> MemoryLanes:
        self._pilots(tenant)
        return self._lanes.setdefault("", MemoryLanes())


class CountsWrong(InMemory):
    """Counts parked lanes as if nothing waited in them."""

    named: ClassVar[tuple[str, ...]] = ("F11",)

    def lag(self, tenant: str, subscriber: str) -> Lag:
        found = super().lag(tenant, subscriber)
        return evolve(found, behind=found.behind - found.parked)


class DeliversTwice(InMemory):
    """Begins each claim one event before the place at which its lane stands."""

    named: ClassVar[tuple[str, ...]] = ("E01", "E05")

    def claim(
        self, tenant: str, subscriber: str, *, now: datetime, until: datetime, limit: int = 100
    ) -> tuple[Claim, ...]:
        claims = super().claim(tenant, subscriber, now=now, until=until, limit=limit)
        return tuple(evolve(one, delivered=max(0, one.delivered - 1)) for one in claims)


class ResendsFromBelow(OtherLanes):
    """Puts a lane that is sent anew at whatever version is named, also one that no pilot has."""

    named: ClassVar[tuple[str, ...]] = ("E05",)

    class kind(MemoryLanes):  # noqa: N801  # the attribute that it fills
        def resend(self, subscriber: str, pilot_id: str, now: datetime, after: int | None) -> bool:
            done = super().resend(subscriber, pilot_id, now, after)
            if done and after is not None:
                row = self._rows[subscriber][pilot_id]
                row.delivered = min(after, row.target)
            return done


class DeletesDelivered(InMemory):
    """Deletes events when they were delivered."""

    named: ClassVar[tuple[str, ...]] = ("F10",)

    def settle(self, outcome: Outcome) -> bool:
        done = super().settle(outcome)
        if done:
            kept = self._tenants[outcome.claim.tenant][outcome.claim.pilot_id]
            kept.entries[: outcome.delivered - 1] = [kept.entries[-1]] * (outcome.delivered - 1)
        return done


class DeliversWhatWasUndone(InMemory):
    """Marks a pilot as having news even where its append was undone, if it is known."""

    named: ClassVar[tuple[str, ...]] = ("E03", "F01")

    def append(self, *commits: Commit, recorded: Recorded = None) -> None:
        try:
            super().append(*commits, recorded=recorded)
        except ValueError:
            for commit in commits:
                for rows in self._lanes_of(commit.tenant)._rows.values():
                    rows.setdefault(commit.pilot_id, _Row(0, 1, commit.head.summary.updated_at))
            raise


class SettlesAnything(InMemory):
    """Takes an outcome that says more or less than was claimed."""

    named: ClassVar[tuple[str, ...]] = ("F12",)

    def settle(self, outcome: Outcome) -> bool:
        with self._lock:
            return self._lanes_of(outcome.claim.tenant).settle(outcome)


class RoundsInstants(InMemory):
    """Keeps whole seconds of the instant at which a lane is due."""

    named: ClassVar[tuple[str, ...]] = ("F12",)

    def settle(self, outcome: Outcome) -> bool:
        again = None if outcome.again is None else outcome.again.replace(microsecond=0)
        return super().settle(evolve(outcome, again=again))
