"""A worker for one subscriber, with a clock that stands still until it is told otherwise.

Its instants lie where no real clock is, so a store that looked at one of its own would be found.
"""

from datetime import UTC, datetime, timedelta

from proeftuin.spi import Claim, Delivers, Entry, Lag, Lane, Outcome, Store, Subscription
from proeftuin.testing.bench import Bench
from proeftuin.testing.expect import Broken, holds, present, same

NOON = datetime(2081, 3, 2, 12, 0, 0, 1, tzinfo=UTC)
LEASE = timedelta(minutes=5)
MOST = 10_000
ROUNDS = 500  # of fanning out or claiming, after which it is taken to go on for ever


class Courier:
    """Delivers the events of one tenant to one subscriber.

    Attributes:
        now: what its clock says.
    """

    def __init__(
        self,
        bench: Bench,
        name: str = "log",
        *,
        store: Store | None = None,
        now: datetime = NOON,
        tenant: str | None = None,
    ) -> None:
        client = store or bench.store
        assert isinstance(client, Delivers)  # noqa: S101  # for the type checker; the case needs the part
        self.lanes: Delivers = client
        self._store = client
        self._tenant = tenant or bench.tenant
        self.name = name
        self.now = now

    def later(self, **units: float) -> None:
        """Let time pass."""
        self.now += timedelta(**units)

    def subscribe(self, *, beginning: bool = False) -> None:
        """Subscribe, from now on or from the beginning."""
        self.lanes.subscribe(self._tenant, Subscription(self.name, b"body"), now=self.now, beginning=beginning)

    def fan_out(self) -> int:
        """Fan out until there is no news, and return how many pilots were looked at."""
        looked = 0
        for _ in range(ROUNDS):
            found = self.lanes.fan_out(self._tenant, now=self.now, limit=400)
            looked += found
            if not found:
                return looked
        raise Broken("fanning out never comes to an end, though nobody writes")

    def claim(self, limit: int = MOST, lease: timedelta = LEASE) -> dict[str, Claim]:
        """Claim what is due, and return the claims by pilot."""
        found = self.lanes.claim(self._tenant, self.name, now=self.now, until=self.now + lease, limit=limit)
        for one in found:
            same((self._tenant, self.name, self.now + lease), (one.tenant, one.subscriber, one.until), "a claim")
        same(len(found), len({one.pilot_id for one in found}), "claims, and pilots claimed")
        return {one.pilot_id: one for one in found}

    def claimed(self, pilot_id: str) -> Claim:
        """Claim what is due, among which this pilot must be, and return its claim."""
        return present(self.claim().get(pilot_id), f"a claim on pilot {pilot_id!a}, which is due")

    def settle(
        self,
        claim: Claim,
        delivered: int | None = None,
        *,
        error: str | None = None,
        again: datetime | None = None,
        park: bool = False,
    ) -> bool:
        """Note what came of a claim; all was delivered where nothing else is said."""
        last = claim.target if delivered is None else delivered
        return self.lanes.settle(Outcome(claim, self.now, last, error=error, again=again, park=park))

    def resend(self, pilot_id: str, after: int | None = None) -> bool:
        """Wake a lane."""
        return self.lanes.resend(self._tenant, self.name, pilot_id, now=self.now, after=after)

    def renew(self, claim: Claim, lease: timedelta = LEASE) -> bool:
        """Hold a claim for longer from now."""
        return self.lanes.renew(claim, now=self.now, until=self.now + lease)

    def read(self, claim: Claim) -> list[Entry]:
        """Return the events that a claim is for."""
        return list(self._store.history(self._tenant, claim.pilot_id, after=claim.delivered, upto=claim.target))

    def drain(self) -> dict[str, list[int]]:
        """Deliver all there is, and return the versions by pilot, in the order of their delivery."""
        arrived: dict[str, list[int]] = {}
        self.fan_out()
        for _ in range(ROUNDS):
            claims = self.claim()
            if not claims:
                return arrived
            for name, one in claims.items():
                arrived.setdefault(name, []).extend(entry.version for entry in self.read(one))
                holds(self.settle(one), f"a claim that is held can be settled, on {name!a}")
        raise Broken("delivering never comes to an end, though nobody writes")

    def lane(self, pilot_id: str) -> Lane:
        """Return how one lane stands."""
        return present(self.all_lanes().get(pilot_id), f"the lane of pilot {pilot_id!a}")

    def all_lanes(self, *, parked: bool | None = None) -> dict[str, Lane]:
        """Return all lanes by pilot."""
        found = self.lanes.lanes(self._tenant, self.name, parked=parked, limit=MOST)
        return {one.pilot_id: one for one in found}

    def lag(self) -> Lag:
        """Return how the lanes stand."""
        return self.lanes.lag(self._tenant, self.name)
