"""The part of the SQL store that keeps lanes: `proeftuin.spi.Delivers`.

1. Fanning out never waits for whoever fires: it reads the versions, makes or wakes the lanes, and then takes the marks
   away from those pilots that nobody is writing just now. A mark that stays costs one more look.
2. A subscription is made in two steps, each its own transaction. The first makes it known, with a lane on every pilot;
   the second looks for pilots that were begun or went on meanwhile. A fan-out that did not see the subscription yet saw
   only pilots that the second step sees; so nothing falls between the two.
3. Lanes that another worker holds are skipped and not waited for, where the database can do that.
4. A token is drawn, and not counted. A lane can be dropped with its subscription and made anew. It then knows nothing
   of the claims on the one before; so one that counted would give their tokens again, and a worker who comes back late
   would settle what it never delivered. Every database keeps 62 bits, and that two draws of so many are the same need
   not be feared. One token serves all lanes of a call, as a token is only ever compared on its own lane.
"""

from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from secrets import randbits
from typing import Any

from proeftuin.errors import StoreError
from proeftuin.spi import Claim, Lag, Lane, Outcome, Subscription
from proeftuin.spi.checks import bounded, check_outcome, check_subscription, cut, micros, moment
from proeftuin.storage.sql.access import Access
from proeftuin.storage.sql.database import Values, translating
from proeftuin.storage.sql.lane_statements import LaneStatements
from proeftuin.storage.sql.statements import Statement

TOKEN_BITS = 62


class Lanes(Access):
    """Subscriptions and lanes."""

    @cached_property
    def _lane_statements(self) -> LaneStatements:
        return LaneStatements(self._database.statements)

    def subscribe(self, tenant: str, subscription: Subscription, *, now: datetime, beginning: bool = False) -> None:
        """See `proeftuin.spi.Delivers.subscribe`."""
        check_subscription(subscription)
        statements, run = self._lane_statements, self._database.run
        where: Values = {"at_tenant": tenant, "at_name": subscription.name, "now": micros("now", now)}
        given = {"tenant": tenant, "name": subscription.name, "body": subscription.body}

        def begin(connection: Any) -> None:  # noqa: ANN401  # each driver has its own
            known = [name for name, _ in run(connection, statements.subscriptions, where).fetchall()]
            if subscription.name in known:
                run(connection, statements.change_subscription, where | given)
            else:
                run(connection, statements.drop_lanes, where)  # of one that was forgotten while others fanned out
                run(connection, statements.add_subscription, given)
                run(connection, statements.seed_at_beginning if beginning else statements.seed_at_end, where)

        def catch_up(connection: Any) -> None:  # noqa: ANN401  # the same
            run(connection, statements.catch_up, where)
            run(connection, statements.wake_behind, where)

        self._twice(begin)
        self._twice(catch_up)

    def _twice(self, act: Callable[[Any], None]) -> None:
        """Do something in a transaction; once more where another process did the same just now, and was first."""
        try:
            with self._connections.writing() as connection, translating(self._database):
                act(connection)
        except StoreError as error:
            if self._connections.hosted or error.__cause__ is None or not self._database.repeats(error.__cause__):
                raise
            with self._connections.writing() as connection, translating(self._database):
                act(connection)

    def unsubscribe(self, tenant: str, name: str) -> bool:
        """See `proeftuin.spi.Delivers.unsubscribe`."""
        where = {"at_tenant": tenant, "at_name": name}
        with self._connections.writing() as connection, translating(self._database):
            dropped = self._database.run(connection, self._lane_statements.drop_subscription, where).rowcount == 1
            self._database.run(connection, self._lane_statements.drop_lanes, where)
        return dropped

    def subscriptions(self, tenant: str) -> tuple[Subscription, ...]:
        """See `proeftuin.spi.Delivers.subscriptions`."""
        rows = self._all(self._lane_statements.subscriptions, {"at_tenant": tenant})
        return tuple(Subscription(*row) for row in rows)

    def fan_out(self, tenant: str, *, now: datetime, limit: int = 100) -> int:
        """See `proeftuin.spi.Delivers.fan_out`."""
        statements, run = self._lane_statements, self._database.run
        where: Values = {"at_tenant": tenant, "now": micros("now", now), "limit": limit}
        if not self._all(statements.subscriptions, where):
            return 0
        seen = self._all(statements.news, where)
        if not seen:
            return 0
        where["last_id"], _, where["last"] = seen[-1]
        with self._connections.writing() as connection, translating(self._database):
            run(connection, statements.fan_out, where)
            free = {row[0] for row in run(connection, statements.free, where).fetchall()}
            for pilot_id, version, _ in seen:
                if pilot_id in free:
                    run(connection, statements.clear, where | {"at_id": pilot_id, "seen": version})
        return len(seen)

    def claim(
        self, tenant: str, subscriber: str, *, now: datetime, until: datetime, limit: int = 100
    ) -> tuple[Claim, ...]:
        """See `proeftuin.spi.Delivers.claim`."""
        statements, run = self._lane_statements, self._database.run
        where: Values = {"at_tenant": tenant, "at_name": subscriber, "now": micros("now", now), "limit": limit}
        where |= {"until": micros("until", until), "token": randbits(TOKEN_BITS)}
        token, claims = where["token"], []
        with self._connections.writing() as connection, translating(self._database):
            for pilot_id, delivered, target, attempts in run(connection, statements.due, where).fetchall():
                run(connection, statements.claim, where | {"at_id": pilot_id})
                claims.append(Claim(tenant, subscriber, pilot_id, token, delivered, target, attempts, until))
        return tuple(claims)

    def renew(self, claim: Claim, *, now: datetime, until: datetime) -> bool:
        """See `proeftuin.spi.Delivers.renew`."""
        instants = {"now": micros("now", now), "until": micros("until", until)}
        return self._changed(self._lane_statements.renew, _held(claim) | instants)

    def settle(self, outcome: Outcome) -> bool:
        """See `proeftuin.spi.Delivers.settle`."""
        check_outcome(outcome)
        came = {
            "delivered": outcome.delivered,
            "failed": 0 if outcome.error is None else 1,
            "error": cut(outcome.error),
            "again": micros("again", outcome.again or outcome.now),
            "parked": outcome.park,
        }
        return self._changed(self._lane_statements.settle, _held(outcome.claim) | came)

    def resend(self, tenant: str, subscriber: str, pilot_id: str, *, now: datetime, after: int | None = None) -> bool:
        """See `proeftuin.spi.Delivers.resend`."""
        where: Values = {"at_tenant": tenant, "at_name": subscriber, "at_id": pilot_id, "now": micros("now", now)}
        where |= {"after": None if after is None else bounded(after), "token": randbits(TOKEN_BITS)}
        return self._changed(self._lane_statements.resend(after is not None), where)

    def lanes(
        self, tenant: str, subscriber: str, *, parked: bool | None = None, limit: int = 100, after: str | None = None
    ) -> tuple[Lane, ...]:
        """See `proeftuin.spi.Delivers.lanes`."""
        text = self._lane_statements.lanes(after is not None, parked is not None)
        where: Values = {"at_tenant": tenant, "at_name": subscriber, "limit": limit, "after": after, "parked": parked}
        return tuple(_lane(subscriber, *row) for row in self._all(text, where))

    def lag(self, tenant: str, subscriber: str) -> Lag:
        """See `proeftuin.spi.Delivers.lag`."""
        row = self._one(self._lane_statements.lag, {"at_tenant": tenant, "at_name": subscriber})
        return Lag(*row) if row else Lag(0, 0, 0)

    def _changed(self, statement: Statement, values: Values) -> bool:
        """Run one statement that changes one lane, and tell whether it did.

        On a server it needs no BEGIN and no COMMIT, which would be two more trips for each lane that is settled.
        """
        database, connections = self._database, self._connections
        if database.one_writer or connections.hosted:  # whose turn it is, or whose transaction, is told by `writing`
            with connections.writing() as connection, translating(database):
                return database.run(connection, statement, values).rowcount == 1
        connections.enter()
        connection = connections.take()
        try:
            return database.run(connection, statement, values).rowcount == 1
        except database.errors as error:
            raise database.at_commit(error) from error
        finally:
            connections.give(connection)


def _held(claim: Claim) -> Values:
    return {
        "at_tenant": claim.tenant,
        "at_name": claim.subscriber,
        "at_id": claim.pilot_id,
        "at_token": claim.token,
    }


def _lane(subscriber: str, *row: Any) -> Lane:  # noqa: ANN401  # the columns of `LANE`
    pilot_id, delivered, target, attempts, due, claimed, parked, error = row
    when = None if due is None else moment(due)
    return Lane(subscriber, pilot_id, delivered, target, attempts, when, bool(claimed), bool(parked), error)
