"""A courier: claims what is due for one subscriber, brings it to the sink, and notes what came of it.

1. A claim is held by a lease of three times as long as a call may take, and is prolonged before a call that it might
   not cover. Where it cannot be, somebody else has the lane, and nothing more is sent or noted: a token that is stale
   settles nothing, however long this process was stopped in between.
2. After each lane it is noted what arrived. A process that dies before that leaves the lane to the next one when the
   lease is over, and what it had sent is sent again.
3. After `REST` failures in a row, whatever the lanes, the subscriber is taken to be down: the rest stays as it is until
   the next round. So an outage costs few lanes an attempt, and comes to an end for all of them at once.
4. What is not wanted is noted as delivered, without being sent.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic

from attrs import evolve, frozen

from proeftuin import log
from proeftuin.delivery.calling import Caller, Failure, seconds_of
from proeftuin.delivery.envelopes import Envelopes
from proeftuin.delivery.schedule import Schedule
from proeftuin.errors import CorruptStore, ProeftuinError, StoreError
from proeftuin.spi import Claim, Delivers, Outcome
from proeftuin.spi.sinks import Envelope, Parcel, Sink

TOGETHER = 20
"""How many lanes are claimed in one go."""
CHUNK = 200
"""How many versions of one lane are read before it is let go of, for others to come in between."""
REST = 5
"""After so many failures in a row a round ends."""
ROUND = 30.0
"""How many seconds a round lasts at most, beyond the call that it is in; so no sink keeps the others waiting."""


@frozen
class Trip:
    """What all couriers of a round share."""

    store: Delivers
    tenant: str
    now: Callable[[], datetime]
    chance: Callable[[], float]
    schedule: Schedule
    halted: Callable[[], bool]
    limit: int | None = None


class Courier:
    """Brings the lanes of one subscriber to its sink, for one round."""

    def __init__(self, trip: Trip, name: str, sink: Sink, batch: int, envelopes: Envelopes) -> None:
        self._trip = trip
        self._name = name
        self._envelopes = envelopes
        self._batch = batch
        self._caller = Caller(sink)
        self._seconds = seconds_of(sink)
        self._lease = timedelta(seconds=3 * self._seconds)
        self._ample = timedelta(seconds=2 * self._seconds)
        self._room = trip.limit
        self._in_a_row = 0
        self._proven = False  # whether the last lane went well
        self._ends = 0.0
        self.done = 0
        self.failed = 0
        self.more = False
        self.error: BaseException | None = None

    def run(self) -> None:
        """Work until nothing is due, or the round is over; what goes wrong with the store is left in `error`."""
        try:
            self._ends = monotonic() + ROUND
            self._work()
        except BaseException as error:  # noqa: BLE001  # it is raised by who waits for this thread
            self.error = error
        finally:
            self._caller.close()

    def _work(self) -> None:
        while not self._resting():
            if self._over() or self._room == 0:
                self.more = True
                return
            claims = self._claim()
            if not claims:
                return
            for place, claim in enumerate(claims):
                if self._over() or self._resting():
                    self._release(claims[place:])
                    break
                self._bring(claim)

    def _over(self) -> bool:
        return self._trip.halted() or monotonic() >= self._ends

    def _resting(self) -> bool:
        return self._in_a_row >= REST or self._caller.stuck

    def _claim(self) -> tuple[Claim, ...]:
        """Claim what is due; while it is not known that the subscriber is up, no more than may fail before a rest."""
        trip, now = self._trip, self._trip.now()
        limit = TOGETHER if self._proven else REST - self._in_a_row
        if self._room is not None:
            limit = min(limit, self._room)
        claims = trip.store.claim(trip.tenant, self._name, now=now, until=now + self._lease, limit=limit)
        if self._room is not None:
            self._room -= len(claims)
        return claims

    def _release(self, claims: tuple[Claim, ...]) -> None:
        """Let go of lanes as they were."""
        for claim in claims:
            self._trip.store.settle(Outcome(claim, self._trip.now(), claim.delivered))

    # -- one lane --------------------------------------------------------------------------------------------------

    def _bring(self, claim: Claim) -> None:
        """Deliver what is new on one lane, or some of it where that is much."""
        upto = min(claim.target, claim.delivered + CHUNK)
        wanted, unreadable = self._read(claim, upto)
        arrived, failure = claim.delivered, None
        for place in range(0, len(wanted), self._batch):
            if place and self._over():
                break
            held = self._held(claim)
            if held is None:
                self._lost(claim)
                return
            claim, some = held, wanted[place : place + self._batch]
            failure = self._send(claim, some)
            arrived = some[-1].version if failure is None else failure.delivered or arrived
            if failure is not None and (arrived < wanted[-1].version or upto < claim.target):
                break  # where the last one arrived, and nothing is left behind it, nothing failed
        else:
            arrived, failure = (upto, None) if unreadable is None else (arrived, unreadable)
        self._settle(claim, arrived, failure, sum(one.version <= arrived for one in wanted))

    def _read(self, claim: Claim, upto: int) -> tuple[list[Envelope], Failure | None]:
        """Return what is to be sent, up to an event that cannot be read."""
        wanted: list[Envelope] = []
        try:
            wanted.extend(self._envelopes.of(claim, upto))  # what came before an error is kept
        except CorruptStore as error:
            return wanted, Failure(type(error).__name__, str(error), permanent=True)
        except StoreError:
            raise
        except ProeftuinError as error:  # such as a workflow that this process does not know, and another one may
            return wanted, Failure(type(error).__name__, str(error))
        except Exception as error:  # noqa: BLE001  # an event that makes no sense stops its own lane alone, whatever it is
            kind = type(error).__name__
            return wanted, Failure(kind, kind)
        return wanted, None

    def _held(self, claim: Claim) -> Claim | None:
        """Return the claim, prolonged where a call might outlast it; None where somebody else has the lane by now."""
        now = self._trip.now()
        if claim.until - now >= self._ample:
            return claim
        until = now + self._lease
        return evolve(claim, until=until) if self._trip.store.renew(claim, now=now, until=until) else None

    def _send(self, claim: Claim, events: list[Envelope]) -> Failure | None:
        parcel = Parcel(self._name, claim.tenant, claim.pilot_id, tuple(events), claim.attempts + 1, self._seconds)
        failure = self._caller.call(parcel)
        self._in_a_row = 0 if failure is None or failure.permanent else self._in_a_row + 1
        return failure

    def _settle(self, claim: Claim, arrived: int, failure: Failure | None, count: int) -> None:
        trip, now = self._trip, self._trip.now()
        if failure is None:
            outcome = Outcome(claim, now, arrived)
        else:
            failures = 1 if arrived > claim.delivered else claim.attempts + 1
            wait = None if failure.permanent else trip.schedule.wait(failures, trip.chance(), failure.retry_after)
            again = None if wait is None else now + wait
            outcome = Outcome(claim, now, arrived, failure.problem, again, park=wait is None)
        self._proven = failure is None
        if not trip.store.settle(outcome):
            self._lost(claim)
            return
        self.done += count
        if failure is None:
            log.info("delivered", subscriber=self._name, pilot=claim.pilot_id, version=arrived, events=count)
        else:
            self.failed += 1
            log.warning(
                "not-delivered",
                subscriber=self._name,
                pilot=claim.pilot_id,
                version=arrived + 1,
                error=failure.kind,
                parked=outcome.park,
            )

    def _lost(self, claim: Claim) -> None:
        log.info("lane-lost", subscriber=self._name, pilot=claim.pilot_id)
