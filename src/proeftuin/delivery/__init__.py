"""deliver: the events of the log, to whoever subscribed to them.

1. The log is the outbox, and a lane says how far the events of one pilot have come to one subscriber (`spi.lanes`). A
   round first fans out what is new to the lanes; then each sink gets a courier, in a thread of its own, that claims
   lanes, sends what is behind them in order, and notes what arrived.
2. At least once. A repeat has the same id and the same bytes, as an envelope follows from the log alone.
3. A lane stops at its first failure, and waits (`Schedule`); no other lane waits with it. After the last try it is
   parked: it is shown, and goes on when somebody resends it.
4. Any number of processes, on any machines, may deliver at once: a lane is claimed by one of them, for a while.
5. A subscriber that is down, or hangs, costs the others nothing: each sink has its own courier, and each call a time
   after which nobody waits for it.

What a sink is, is said in `spi.sinks`; how one is called, in `calling`. A broad `except` stands there and in `courier`,
and nowhere else.
"""

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue

from proeftuin import door
from proeftuin.delivery.courier import Courier, Trip
from proeftuin.delivery.envelopes import Envelopes
from proeftuin.delivery.schedule import Schedule
from proeftuin.delivery.subscribers import Subscriber, event_types, names, recall
from proeftuin.errors import BadArgument
from proeftuin.heads import Names
from proeftuin.hooks import Hooks
from proeftuin.reading import Reader
from proeftuin.result import Work
from proeftuin.spi import Delivers, Ids, Lag, Lane, Store, Time
from proeftuin.spi.sinks import BATCH, LONGEST, Sink
from proeftuin.waking import Listening

__all__ = ["Deliverer", "Schedule", "Subscriber"]

FANNED = 500
"""How many pilots are fanned out in one transaction."""
PASSES = 200
"""How many of these there are in a round, at most."""
PAGE = 1000
START = ("now", "beginning")


class Deliverer:
    """Delivers, for one tenant."""

    def __init__(  # the engine's parts, by name
        self, *, store: Store, tenant: str, hooks: Hooks, time: Time, ids: Ids, reader: Reader, workflows: Names
    ) -> None:
        if not isinstance(store, Delivers):
            raise BadArgument("store", "it keeps no lanes to subscribers; a store that offers the part `Delivers` does")
        self._store: Delivers = store
        self._tenant = tenant
        self._hooks = hooks
        self._time = time
        self._ids = ids
        self._reader = reader
        self._workflows = workflows

    # -- subscriptions ---------------------------------------------------------------------------------------------

    def subscribe(self, name: str, *, types: object, workflows: object, start: str, party: str | None) -> Subscriber:
        """Keep a subscription; see `Engine.subscribe`."""
        if start not in START:
            raise BadArgument("start", f"must be one of {', '.join(START)}, not {start!r}")
        found = Subscriber(
            door.name("name", name),
            event_types(types),
            names("workflows", workflows),
            None if party is None else door.name("party", party),
        )
        for one in found.workflows or ():
            if "@" in one:
                raise BadArgument("workflows", f"{one!r} names a version; a subscription is to all of them")
            self._reader.named(one)
        self._store.subscribe(self._tenant, found.kept(), now=self._reader.now(), beginning=start == "beginning")
        return found

    def unsubscribe(self, name: str) -> bool:
        """Forget a subscription and its lanes; see `Engine.unsubscribe`."""
        return self._store.unsubscribe(self._tenant, door.name("name", name))

    def subscriptions(self) -> tuple[Subscriber, ...]:
        """Return the subscriptions, in order of name."""
        return tuple(recall(one) for one in self._store.subscriptions(self._tenant))

    def _known(self, name: str) -> str:
        """Return a name that is subscribed."""
        return _among(name, [one.name for one in self._store.subscriptions(self._tenant)])

    # -- lanes -----------------------------------------------------------------------------------------------------

    def lanes(self, name: str, *, parked: bool | None, limit: int, after: str | None) -> tuple[Lane, ...]:
        """Return lanes of a subscriber; see `Engine.lanes`."""
        if type(limit) is not int or not 1 <= limit <= PAGE:
            raise BadArgument("limit", f"must be from 1 to {PAGE}")
        if after is not None:
            door.text("after", after)
        return self._store.lanes(self._tenant, self._known(name), parked=parked, limit=limit, after=after)

    def lag(self, name: str) -> Lag:
        """Return how the lanes of a subscriber stand."""
        return self._store.lag(self._tenant, self._known(name))

    def resend(self, name: str, pilot_id: str | None, after: int | None) -> int:
        """Wake lanes; see `Engine.resend`."""
        self._known(name)
        if after is not None:
            door.count("after", after)
        now, pilots = self._reader.now(), None if pilot_id is None else [door.name("pilot_id", pilot_id)]
        if pilots is None and after is not None:
            raise BadArgument("after", "is a version of one pilot; say which")
        chosen = self._parked(name) if pilots is None else pilots
        return sum(self._store.resend(self._tenant, name, one, now=now, after=after) for one in chosen)

    def _parked(self, name: str) -> list[str]:
        found: list[str] = []
        while page := self._store.lanes(
            self._tenant, name, parked=True, limit=PAGE, after=found[-1] if found else None
        ):
            found += [one.pilot_id for one in page]
        return found

    def listen(self) -> Listening:
        """Return what to wait at; see `Engine.listen`."""
        return Listening(self._store)

    # -- delivering ------------------------------------------------------------------------------------------------

    def deliver(
        self,
        sinks: Mapping[str, Sink],
        limit: int | None,
        schedule: Schedule | None,
        stop: Callable[[], bool] | None,
    ) -> Work:
        """Deliver what is due; see `Engine.deliver`."""
        self._hooks.check()
        subscribers = {one.name: one for one in self.subscriptions()}
        for name in sinks:
            _among(name, subscribers)
        halt = threading.Event()
        trip = Trip(
            self._store,
            self._tenant,
            self._reader.now,
            self._chance,
            schedule or Schedule(),
            lambda: halt.is_set() or (stop is not None and stop()),
            limit,
        )
        couriers = [self._courier(trip, subscribers[name], sink) for name, sink in sinks.items()]
        more = self._fan_out(trip)
        _run(couriers, halt)
        done, failed = sum(one.done for one in couriers), sum(one.failed for one in couriers)
        return Work(done, failed, more or any(one.more for one in couriers))

    def _courier(self, trip: Trip, subscriber: Subscriber, sink: Sink) -> Courier:
        if not callable(getattr(sink, "send", None)):
            raise BadArgument("sinks", f"a {type(sink).__name__} has no method send; `proeftuin.spi.Sink` says more")
        batch = getattr(sink, "batch", BATCH)
        if type(batch) is not int or batch < 1:
            raise BadArgument("sinks", f"`batch` of a {type(sink).__name__} must be a whole number, 1 or more")
        envelopes = Envelopes(self._reader, self._workflows, self._tenant, subscriber)
        return Courier(trip, subscriber.name, sink, batch, envelopes)

    def _fan_out(self, trip: Trip) -> bool:
        """Tell lanes of what is new; return whether some of that is left for the next round.

        Those whom somebody else holds in a long transaction are looked at again and again, and keep nobody waiting.
        """
        for _ in range(PASSES):
            if trip.halted() or self._store.fan_out(self._tenant, now=trip.now(), limit=FANNED) < FANNED:
                return False
        return True

    def _chance(self) -> float:
        """Return a number from 0 to 1, drawn by the port for what must be new."""
        return int.from_bytes(self._ids.salt()[:4]) / 0xFFFFFFFF


def _among(name: str, known: Collection[str]) -> str:
    """Return a name that is among those that are subscribed."""
    if door.name("name", name) not in known:
        raise BadArgument("name", f"nobody subscribed as {name!r}; there is {', '.join(known) or 'nobody'}")
    return name


def _run(couriers: Sequence[Courier], halt: threading.Event) -> None:
    """Let each courier work in a thread of its own, and wait for all of them.

    Whoever interrupts the wait gets an orderly end first: the calls that are out are finished and noted, and the lanes
    that are claimed are let go of.
    """
    ended: SimpleQueue[Courier] = SimpleQueue()  # a join that was interrupted takes its thread for ended

    def work(courier: Courier) -> None:
        courier.run()
        ended.put(courier)

    left = 0
    try:
        for one in couriers:
            left += 1  # before it begins: whoever interrupts that must wait for it too
            try:
                threading.Thread(target=work, args=(one,), name="proeftuin-courier", daemon=True).start()
            except RuntimeError:  # there can be no more threads
                left -= 1
                raise
        while left:
            ended.get()
            left -= 1
    except BaseException:
        halt.set()
        with suppress(Empty):
            for _ in range(left):
                ended.get(timeout=LONGEST)
        raise
    for courier in couriers:
        if courier.error is not None:
            raise courier.error
