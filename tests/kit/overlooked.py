"""Stores whose lanes do what nobody asked of them, or less than was asked, where another lane would show it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import ClassVar

from attrs import evolve

from proeftuin.spi import Claim, Commit, Lag, Lane, Outcome, Subscription
from proeftuin.storage.memory_lanes import MemoryLanes
from tests.kit.delivering import OtherLanes
from tests.kit.mutant import InMemory
from tests.kit.values import blind


def alike(one: str, other: str) -> bool:
    """Whether a database would take two names for one whose collation is blind to case, accent and a last space."""
    return blind(one) == blind(other)


def aware(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=UTC)


class SettlesEverywhere(InMemory):
    """Settles the lanes of the same name in all tenants, where their tokens are the same."""

    named: ClassVar[tuple[str, ...]] = ("F07",)

    def settle(self, outcome: Outcome) -> bool:
        done = super().settle(outcome)
        for lanes in self._lanes.values():
            lanes.settle(outcome)
        return done


class RenewsEverywhere(InMemory):
    """Renews the claims on lanes of the same name in all tenants, where their tokens are the same."""

    named: ClassVar[tuple[str, ...]] = ("F07",)

    def renew(self, claim: Claim, *, now: datetime, until: datetime) -> bool:
        return True in [lanes.renew(claim, now, until) for lanes in self._lanes.values()]


class ResendsEverywhere(InMemory):
    """Sends the lanes of the same name in all tenants anew."""

    named: ClassVar[tuple[str, ...]] = ("F07",)

    def resend(self, tenant: str, subscriber: str, pilot_id: str, *, now: datetime, after: int | None = None) -> bool:
        return True in [lanes.resend(subscriber, pilot_id, now, after) for lanes in self._lanes.values()]


class ResendsAlike(OtherLanes):
    """Sends the lanes anew whose names look like those that were given."""

    named: ClassVar[tuple[str, ...]] = ("F07",)

    class kind(MemoryLanes):  # noqa: N801  # the attribute that it fills
        def resend(self, subscriber: str, pilot_id: str, now: datetime, after: int | None) -> bool:
            places = [(one, other) for one, rows in self._rows.items() for other in rows]
            fit = [place for place in places if alike(place[0], subscriber) and alike(place[1], pilot_id)]
            return True in [MemoryLanes.resend(self, *place, now, after) for place in fit]


class CountsAlike(OtherLanes):
    """Counts the lanes of all subscribers whose names look like the one that was given."""

    named: ClassVar[tuple[str, ...]] = ("F07",)

    class kind(MemoryLanes):  # noqa: N801  # the attribute that it fills
        def lag(self, subscriber: str) -> Lag:
            found = [MemoryLanes.lag(self, name) for name in self._rows if alike(name, subscriber)]
            return Lag(*(sum(getattr(one, word) for one in found) for word in ("lanes", "behind", "parked")))


class CutsSubscribers(InMemory):
    """Cuts the name of a subscriber at the width of its column."""

    named: ClassVar[tuple[str, ...]] = ("F07",)

    def subscribe(self, tenant: str, subscription: Subscription, *, now: datetime, beginning: bool = False) -> None:
        cut = evolve(subscription, name=subscription.name[:191])
        super().subscribe(tenant, cut, now=now, beginning=beginning)


class LanesAsInATelephoneBook(InMemory):
    """Orders lanes without regard to case."""

    named: ClassVar[tuple[str, ...]] = ("F07",)

    def lanes(
        self, tenant: str, subscriber: str, *, parked: bool | None = None, limit: int = 100, after: str | None = None
    ) -> tuple[Lane, ...]:
        def place(name: str) -> tuple[str, str]:
            return name.casefold(), name

        everything = super().lanes(tenant, subscriber, parked=parked, limit=10**6)
        found = sorted(everything, key=lambda one: place(one.pilot_id))
        return tuple(one for one in found if after is None or place(one.pilot_id) > place(after))[:limit]


class LanesWithoutLimit(InMemory):
    """Gives all lanes, however few were asked for."""

    named: ClassVar[tuple[str, ...]] = ("F09",)

    def lanes(
        self, tenant: str, subscriber: str, *, parked: bool | None = None, limit: int = 100, after: str | None = None
    ) -> tuple[Lane, ...]:
        return super().lanes(tenant, subscriber, parked=parked, limit=10**6, after=after)


class ForgetsFailures(OtherLanes):
    """Sets the attempts to zero at each settling that is no failure, though nothing arrived."""

    named: ClassVar[tuple[str, ...]] = ("F05",)

    class kind(MemoryLanes):  # noqa: N801  # the attribute that it fills
        def settle(self, outcome: Outcome) -> bool:
            row = self._held(outcome.claim)
            if row is not None and outcome.error is None:
                row.attempts = 0
            return super().settle(outcome)


class LetsThemWait(OtherLanes):
    """Leaves a lane that waits after a failure waiting when it is sent anew."""

    named: ClassVar[tuple[str, ...]] = ("E05",)

    class kind(MemoryLanes):  # noqa: N801  # the attribute that it fills
        def resend(self, subscriber: str, pilot_id: str, now: datetime, after: int | None) -> bool:
            row = self._rows.get(subscriber, {}).get(pilot_id)
            due = None if row is None or row.claimed or row.parked else row.due
            done = super().resend(subscriber, pilot_id, now, after)
            if row is not None and due is not None:
                row.due = due
            return done


class SubscribesOnce(OtherLanes):
    """Takes the new body of a known subscription, and looks at no pilot."""

    named: ClassVar[tuple[str, ...]] = ("E07",)

    class kind(MemoryLanes):  # noqa: N801  # the attribute that it fills
        def subscribe(
            self, subscription: Subscription, versions: Mapping[str, int], now: datetime, *, beginning: bool
        ) -> None:
            known = subscription.name in self._subscriptions
            super().subscribe(subscription, {} if known else versions, now, beginning=beginning)


class MarksAnew(InMemory):
    """Lets a pilot wait from its last news on, and not from its first: who goes on and on is never looked at."""

    named: ClassVar[tuple[str, ...]] = ("G09",)

    def _mark(self, commit: Commit) -> None:
        self._marks.setdefault(commit.tenant, {})[commit.pilot_id] = commit.head.summary.updated_at


class SomeByName(OtherLanes):
    """Gives out the lane that waits longest where one is asked for, and where several are, goes by their names."""

    named: ClassVar[tuple[str, ...]] = ("G09",)

    class kind(MemoryLanes):  # noqa: N801  # the attribute that it fills
        def claim(self, tenant: str, subscriber: str, now: datetime, until: datetime, limit: int) -> tuple[Claim, ...]:
            rows = self._rows.get(subscriber, {})
            due = sorted(name for name, row in rows.items() if row.due is not None and row.due <= now)
            passed = {name: rows[name].due for name in due[limit:] if limit > 1}
            for name in passed:
                rows[name].due = None
            claims = super().claim(tenant, subscriber, now, until, limit)
            for name, at in passed.items():
                rows[name].due = at
            return claims


class SubscribesAtAnyMoment(InMemory):
    """Takes a moment without a zone for one in UTC when somebody subscribes."""

    named: ClassVar[tuple[str, ...]] = ("F12",)

    def subscribe(self, tenant: str, subscription: Subscription, *, now: datetime, beginning: bool = False) -> None:
        super().subscribe(tenant, subscription, now=aware(now), beginning=beginning)


class ResendsAtAnyMoment(InMemory):
    """Takes a moment without a zone for one in UTC when a lane is sent anew."""

    named: ClassVar[tuple[str, ...]] = ("F12",)

    def resend(self, tenant: str, subscriber: str, pilot_id: str, *, now: datetime, after: int | None = None) -> bool:
        return super().resend(tenant, subscriber, pilot_id, now=aware(now), after=after)


class ClaimsUntilAnyMoment(InMemory):
    """Takes a moment without a zone for one in UTC as the end of a claim."""

    named: ClassVar[tuple[str, ...]] = ("F12",)

    def claim(
        self, tenant: str, subscriber: str, *, now: datetime, until: datetime, limit: int = 100
    ) -> tuple[Claim, ...]:
        return super().claim(tenant, subscriber, now=now, until=aware(until), limit=limit)
