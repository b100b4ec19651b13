"""Lanes: how far the events of each pilot have come to each subscriber; the part `Delivers` of a store.

1. The log is the outbox. A commit writes no lane: it only sets the pilot's mark `undelivered_since`, where none stands.
2. `fan_out` looks at marked pilots, makes or wakes one lane per subscription, and takes the mark away where the version
   is still the one that it saw. So a commit costs the same for none and for fifty subscribers.
3. A lane that is `due` may be claimed. A claim has a token and an instant until which it holds; then the lane may be
   claimed anew, and the old token settles nothing any more. No lane is given a token twice, also not one that was
   dropped with its subscription and made anew.
4. A lane never passes a version that was not delivered, and there is no position that spans pilots; so no event can be
   skipped because another one was committed first.
5. A store reads no clock here: every instant is given, from the engine's clock.
"""

from datetime import datetime
from typing import Protocol, runtime_checkable

from attrs import frozen


@frozen
class Subscription:
    """A subscriber by name; `body` is what the engine says of it, and no store looks inside."""

    name: str
    body: bytes


@frozen
class Lane:
    """One row: the deliveries of one pilot to one subscriber.

    Attributes:
        delivered: the last version that arrived; 0 for none.
        target: the last version that is known to be there.
        attempts: failures since the last success.
        due: when it may be claimed; for one that is claimed, when that claim lapses; None where nothing is to be done.
        claimed: whether a claim is out.
        parked: set aside after too many failures, until it is resent.
        error: what the last failure said.
    """

    subscriber: str
    pilot_id: str
    delivered: int
    target: int
    attempts: int
    due: datetime | None
    claimed: bool
    parked: bool
    error: str | None


@frozen
class Claim:
    """The right to deliver the versions `delivered + 1` to `target` of one lane, until an instant."""

    tenant: str
    subscriber: str
    pilot_id: str
    token: int
    delivered: int
    target: int
    attempts: int
    until: datetime


@frozen
class Outcome:
    """What came of a claim.

    Attributes:
        now: the present instant.
        delivered: the last version that arrived, from `claim.delivered` (none did) to `claim.target`.
        error: what went wrong, without secrets; None where nothing did. It is kept cut to 1,000 characters.
        again: when what is left may be claimed; None: at once.
        park: set the lane aside.
    """

    claim: Claim
    now: datetime
    delivered: int
    error: str | None = None
    again: datetime | None = None
    park: bool = False


@frozen
class Lag:
    """How the lanes of a subscriber stand: all, those with versions to deliver, those parked (among the former)."""

    lanes: int
    behind: int
    parked: int


@runtime_checkable
class Delivers(Protocol):
    """The optional part of a store that keeps lanes."""

    def subscribe(self, tenant: str, subscription: Subscription, *, now: datetime, beginning: bool = False) -> None:
        """Keep a subscription. One of that name keeps its lanes, gets the new body, and is brought up to date.

        Args:
            tenant: whose pilots.
            subscription: the subscriber.
            now: the present instant.
            beginning: deliver the whole history of every pilot; else only what is committed after this call began.
        """

    def unsubscribe(self, tenant: str, name: str) -> bool:
        """Forget a subscription and its lanes; return whether there was one."""

    def subscriptions(self, tenant: str) -> tuple[Subscription, ...]:
        """Return the subscriptions, in order of name."""

    def fan_out(self, tenant: str, *, now: datetime, limit: int = 100) -> int:
        """Make or wake the lanes of pilots with news, those that wait longest first; return how many were looked at.

        Where there is no subscription nothing is done, and the marks stay.
        """

    def claim(
        self, tenant: str, subscriber: str, *, now: datetime, until: datetime, limit: int = 100
    ) -> tuple[Claim, ...]:
        """Claim lanes that are due, those that are due longest first. No two calls get the same lane."""

    def renew(self, claim: Claim, *, now: datetime, until: datetime) -> bool:
        """Hold a claim until a later instant; False where it is no longer held, which it is not after `claim.until`."""

    def settle(self, outcome: Outcome) -> bool:
        """Note what came of a claim, and let go of the lane; False, and nothing is noted, where its token is stale.

        A failure adds one to the attempts; a delivery sets them to zero first. Neither leaves them as they are.
        """

    def resend(self, tenant: str, subscriber: str, pilot_id: str, *, now: datetime, after: int | None = None) -> bool:
        """Wake a lane, parked or not, from behind a version (None: where it is); False where there is no such lane.

        A version below 0 is 0, one beyond the target is the target. A claim that is out on it is stale from then on.
        """

    def lanes(
        self, tenant: str, subscriber: str, *, parked: bool | None = None, limit: int = 100, after: str | None = None
    ) -> tuple[Lane, ...]:
        """Return lanes in order of pilot id, those behind `after`; only parked ones, or only others, where asked."""

    def lag(self, tenant: str, subscriber: str) -> Lag:
        """Return how the lanes of a subscriber stand."""
