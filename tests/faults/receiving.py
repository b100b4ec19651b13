"""Threads that fire, and subscribers that keep what they were sent: what goes on while a copy of the store is made."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from itertools import count

from attrs import define, field

from proeftuin import Engine, Result
from proeftuin.errors import StoreBusy
from proeftuin.spi import Claim, Delivers, Outcome, Store, Subscription
from tests.domain.life import person
from tests.stores import TENANT

LEAD = person("coordinator")
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
LEASE = timedelta(minutes=5)
MOST = 1000


@define
class Load:
    """Threads that write lessons, each on a pilot of its own.

    Attributes:
        acked: the last version that was acknowledged, by pilot.
        errors: what no writer should be told.
    """

    engine: Engine
    acked: dict[str, int]
    errors: list[Exception] = field(factory=list)
    _news: threading.Condition = field(factory=threading.Condition)
    _stop: threading.Event = field(factory=threading.Event)

    @contextmanager
    def running(self, *others: Callable[[], object]) -> Iterator[None]:
        """Let them write for the length of a block, and others do again and again what they do."""
        threads = [threading.Thread(target=self._guarded, args=(self._write, one), daemon=True) for one in self.acked]
        threads += [threading.Thread(target=self._guarded, args=(self._repeat, one), daemon=True) for one in others]
        for one in threads:
            one.start()
        try:
            yield
        finally:
            self._stop.set()
            for one in threads:
                one.join()

    def progress(self, commits: int) -> None:
        """Return when so many more are acknowledged on each pilot, or something came that never should."""
        with self._news:
            wanted = {name: version + commits for name, version in self.acked.items()}
            self._news.wait_for(lambda: self.errors or all(self.acked[name] >= wanted[name] for name in wanted))

    def told(self) -> dict[str, int]:
        """What is acknowledged by now."""
        with self._news:
            return dict(self.acked)

    def _guarded(self, act: Callable[..., None], given: object) -> None:
        try:
            act(given)
        except Exception as error:  # noqa: BLE001  # any error is what the test looks for
            with self._news:
                self.errors.append(error)
                self._news.notify_all()

    def _repeat(self, act: Callable[[], object]) -> None:
        while not self._stop.is_set():
            with suppress(StoreBusy):  # nothing was written, on a machine that is slow
                act()

    def _write(self, pilot_id: str) -> None:
        for number in count(1):
            if self._stop.is_set():
                return
            version = self._until_known(pilot_id, f"lesson-{number}")
            with self._news:
                self.acked[pilot_id] = version
                self._news.notify_all()

    def _until_known(self, pilot_id: str, key: str) -> int:
        while True:
            try:
                return lesson(self.engine, pilot_id, key).pilot.version
            except StoreBusy:  # as above
                continue


def lesson(engine: Engine, pilot_id: str, key: str) -> Result:
    """Write a lesson on a pilot under a key that is also its text."""
    return engine.fire(pilot_id, "add_lesson", actor=LEAD, data={"text": key}, key=key)


@define
class Subscriber:
    """Somebody who is sent events, and keeps of each id what came first.

    Attributes:
        known: the digest and the bytes of each event, by its id.
        differing: the ids under which something else came later.
    """

    name: str
    known: dict[str, tuple[str, bytes]] = field(factory=dict)
    differing: set[str] = field(factory=set)

    def take(self, name: str, digest: str, body: bytes) -> None:
        """Be sent an event."""
        if (digest, body) != self.known.setdefault(name, (digest, body)):
            self.differing.add(name)


@define
class Relay:
    """Delivers what a store has for a subscriber."""

    store: Store
    to: Subscriber
    now: datetime = NOON

    @property
    def lanes(self) -> Delivers:
        """The part of the store that keeps lanes."""
        assert isinstance(self.store, Delivers)
        return self.store

    def subscribe(self) -> None:
        """Subscribe from the beginning."""
        self.lanes.subscribe(TENANT, Subscription(self.to.name, b"body"), now=self.now, beginning=True)

    def claim(self) -> tuple[Claim, ...]:
        """Fan out, and claim all that is due."""
        self.lanes.fan_out(TENANT, now=self.now, limit=MOST)
        return self.lanes.claim(TENANT, self.to.name, now=self.now, until=self.now + LEASE, limit=MOST)

    def send(self, claim: Claim) -> list[str]:
        """Send what a claim is for, and return the ids."""
        sent = []
        for entry in self.store.history(TENANT, claim.pilot_id, after=claim.delivered, upto=claim.target):
            sent.append(f"{claim.pilot_id}-{entry.version}")
            self.to.take(sent[-1], entry.digest, entry.body)
        return sent

    def later(self) -> None:
        """Let time pass, in which every claim that is out lapses."""
        self.now += 2 * LEASE

    def settle(self, claim: Claim) -> bool:
        """Note that all of a claim was sent."""
        return self.lanes.settle(Outcome(claim, self.now, claim.target))

    def drain(self) -> list[str]:
        """Deliver all there is, and return the ids in the order in which they were sent."""
        sent = []
        while claims := self.claim():
            for one in claims:
                sent += self.send(one)
                assert self.settle(one)
        return sent
