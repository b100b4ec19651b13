"""The part `Delivers`: each method is one script, which Redis runs alone; so no two workers get the same lane."""

from collections.abc import Sequence
from datetime import datetime

from proeftuin.spi import Claim, Lag, Lane, Outcome, Subscription
from proeftuin.spi.checks import MAX_INTEGER, bounded, check_outcome, check_subscription, cut
from proeftuin_redis._values import behind, instant, maybe, raw, read_instant, reading
from proeftuin_redis._wire import Wire


class Lanes:
    """The lanes of a store."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def subscribe(self, tenant: str, subscription: Subscription, *, now: datetime, beginning: bool = False) -> None:
        """See `proeftuin.spi.Delivers.subscribe`."""
        check_subscription(subscription)
        given = (raw(subscription.name), subscription.body, instant("now", now), int(beginning))
        self._wire.tell("lanes", "subscribe", raw(tenant), *given, about=f"subscriber {subscription.name!r}")

    def unsubscribe(self, tenant: str, name: str) -> bool:
        """See `proeftuin.spi.Delivers.unsubscribe`."""
        return bool(self._wire.tell("lanes", "unsubscribe", raw(tenant), raw(name), about=f"subscriber {name!r}"))

    def subscriptions(self, tenant: str) -> tuple[Subscription, ...]:
        """See `proeftuin.spi.Delivers.subscriptions`."""
        about = f"the subscriptions of {tenant!r}"
        flat = self._wire.ask("lanes", "subscriptions", raw(tenant), about=about)
        with reading(about):
            found = [Subscription(one.decode(), body) for one, body in zip(flat[::2], flat[1::2], strict=True)]
        return tuple(sorted(found, key=lambda one: one.name))

    def fan_out(self, tenant: str, *, now: datetime, limit: int = 100) -> int:
        """See `proeftuin.spi.Delivers.fan_out`."""
        given = (raw(tenant), instant("now", now), _count(limit))
        return int(self._wire.tell("lanes", "fan_out", *given, about=f"the news of {tenant!r}"))

    def claim(
        self, tenant: str, subscriber: str, *, now: datetime, until: datetime, limit: int = 100
    ) -> tuple[Claim, ...]:
        """See `proeftuin.spi.Delivers.claim`."""
        about = f"the lanes of {subscriber!r}"
        given = (instant("now", now, more=1), instant("until", until), _count(limit))
        rows = self._wire.tell("lanes", "claim", raw(tenant), raw(subscriber), *given, about=about)
        with reading(about):
            return tuple(
                Claim(tenant, subscriber, one.decode(), int(token), int(delivered), int(target), int(attempts), until)
                for one, token, delivered, target, attempts in rows
            )

    def renew(self, claim: Claim, *, now: datetime, until: datetime) -> bool:
        """See `proeftuin.spi.Delivers.renew`."""
        given = (*_held(claim), instant("now", now), instant("until", until))
        return bool(self._wire.tell("lanes", "renew", *given, about=_about(claim.subscriber, claim.pilot_id)))

    def settle(self, outcome: Outcome) -> bool:
        """See `proeftuin.spi.Delivers.settle`."""
        check_outcome(outcome)
        claim, error = outcome.claim, cut(outcome.error)
        instant("now", outcome.now)
        again = instant("again", outcome.again or outcome.now)
        told = maybe(None if error is None else raw(error))
        given = (*_held(claim), outcome.delivered, told, again, int(outcome.park))
        return bool(self._wire.tell("lanes", "settle", *given, about=_about(claim.subscriber, claim.pilot_id)))

    def resend(self, tenant: str, subscriber: str, pilot_id: str, *, now: datetime, after: int | None = None) -> bool:
        """See `proeftuin.spi.Delivers.resend`."""
        place = None if after is None else b"%d" % bounded(after)
        given = (raw(tenant), raw(subscriber), raw(pilot_id), instant("now", now), maybe(place))
        return bool(self._wire.tell("lanes", "resend", *given, about=_about(subscriber, pilot_id)))

    def lanes(
        self, tenant: str, subscriber: str, *, parked: bool | None = None, limit: int = 100, after: str | None = None
    ) -> tuple[Lane, ...]:
        """See `proeftuin.spi.Delivers.lanes`."""
        about = f"the lanes of {subscriber!r}"
        given = ("" if parked is None else int(parked), behind(after), _count(limit))
        rows = self._wire.ask("lanes", "lanes", raw(tenant), raw(subscriber), *given, about=about)
        with reading(about):
            return tuple(_lane(subscriber, row) for row in rows)

    def lag(self, tenant: str, subscriber: str) -> Lag:
        """See `proeftuin.spi.Delivers.lag`."""
        return Lag(*self._wire.ask("lanes", "lag", raw(tenant), raw(subscriber), about=f"the lanes of {subscriber!r}"))


def _count(limit: int) -> int:
    return max(0, min(limit, MAX_INTEGER))


def _held(claim: Claim) -> tuple[bytes, bytes, bytes, int]:
    return raw(claim.tenant), raw(claim.subscriber), raw(claim.pilot_id), claim.token


def _about(subscriber: str, pilot_id: str) -> str:
    return f"the lane of {pilot_id!r} to {subscriber!r}"


def _lane(subscriber: str, row: Sequence[bytes | None]) -> Lane:
    pilot_id, delivered, target, attempts, due, claimed, parked, error, _ = row
    if pilot_id is None or delivered is None or target is None or attempts is None:
        raise ValueError("a field is missing")
    return Lane(
        subscriber,
        pilot_id.decode(),
        int(delivered),
        int(target),
        int(attempts),
        None if due is None else read_instant(due),
        claimed is not None,
        parked is not None,
        None if error is None else error.decode(),
    )
