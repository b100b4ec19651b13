"""What a worker does outside workflows: decide a command once and for all, and bring events to subscribers."""

import asyncio
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol

from attrs import field, frozen
from temporalio import activity
from temporalio.client import Client
from temporalio.exceptions import ApplicationError

from proeftuin import ProeftuinError, StoreFull, wire
from proeftuin.spi import Definitions, Sink, Store
from proeftuin_temporal import _faults
from proeftuin_temporal._asking import Answer
from proeftuin_temporal._life import NOBODY, Carried, opened, propose
from proeftuin_temporal._names import BRING, DECIDE, workflow_id
from proeftuin_temporal._rules import Rules

FULL = 1_500_000
"""How many bytes a pilot may be, packed: Temporal takes two million in one argument."""


SOON = timedelta(seconds=10)
"""How long a pilot is waited for; where no worker answers by then, as while the last one stops, it is asked anew."""


SHORT = timedelta(seconds=5)
"""What an engine waits at most after a first failure, unless the subscriber asks for more."""


LEFT_ALONE = "nothing was sent: the sink hangs, and is left alone until one of its calls comes back"


class Brings(Protocol):
    """What a subscriber is to a worker."""

    def bring(self, name: str, pilot: Carried, rules: Rules, after: int) -> int:
        """Bring what lies behind a version, and return the version up to which it arrived."""


def _kept(types: Iterable[str] | None) -> Iterable[str] | None:
    """Return types that can be read again and again; a text, which is no list of them, is refused later."""
    return types if types is None or isinstance(types, str) else tuple(types)


@frozen
class Delivery:
    """A subscriber that gets events through a sink.

    Args:
        sink: where they go.
        types: the types of events that it wants; None means all.
        party: a supplier, which gets what happens on its own tracks; None means the client's side.
    """

    sink: Sink
    types: Iterable[str] | None = field(default=None, kw_only=True, converter=_kept)
    party: str | None = field(default=None, kw_only=True)

    def bring(self, name: str, pilot: Carried, rules: Rules, after: int) -> int:
        """See `Brings`: an engine in memory delivers, so filters, cuts and envelopes are those of every store.

        Raises:
            ApplicationError: where nothing arrived; Temporal tries again, unless that is of no use, and not before the
                subscriber wants it.
        """
        now = pilot.head.summary.updated_at
        engine, _ = opened(pilot, rules, now)
        engine.subscribe(name, types=self.types, party=self.party, start="beginning")
        engine.resend(name, pilot.id, after=after)
        engine.deliver({name: self.sink})
        (lane,) = engine.lanes(name)
        if lane.delivered == after < lane.target:
            wait = None if lane.due is None or lane.due - now <= SHORT else lane.due - now
            raise ApplicationError(
                lane.error or LEFT_ALONE, type="not-delivered", non_retryable=lane.parked, next_retry_delay=wait
            )
        return lane.delivered


@frozen
class Projection:
    """A subscriber that is an ordinary store, to be read by an ordinary engine: there pilots are found and counted.

    Note:
        Nothing else may write there. Participants are in it as subjects, without refs.
    """

    store: Store

    def bring(self, name: str, pilot: Carried, rules: Rules, after: int) -> int:  # noqa: ARG002  # it knows by itself
        """See `Brings`."""
        if isinstance(self.store, Definitions):
            for one in pilot.workflows:
                self.store.put_workflow(one.name, one.version, one.hash, one.body)
        loaded = self.store.load(pilot.tenant, pilot.id)
        have = 0 if loaded is None else loaded.version
        if have < pilot.version:
            self.store.append(pilot.commit(have))
        return pilot.version


class Activities:
    """The activities of one worker.

    Args:
        client: asks workflows for their pilots.
        rules: what decides.
        subscribers: by name.
    """

    def __init__(self, client: Client, rules: Rules, subscribers: Mapping[str, Brings]) -> None:
        self._client = client
        self._rules = rules
        self._subscribers = subscribers
        self._deciding = ThreadPoolExecutor(thread_name_prefix="proeftuin-decide")  # which no slow subscriber can fill

    @activity.defn(name=DECIDE)
    async def decide(self, carried: bytes, call: dict[str, Any], now: str) -> bytes:
        """Return what a call writes on a pilot, packed."""
        pilot, moment, seed = wire.unpack(Carried, carried), datetime.fromisoformat(now), call.get("seed", NOBODY)
        try:
            if len(carried) > FULL and call["do"] == "fire":
                raise StoreFull(f"pilot {pilot.id!r} has {pilot.version} events, and no more can travel with it")
            decided = partial(propose, pilot, call, self._rules, moment, seed)
            return wire.pack(await asyncio.get_running_loop().run_in_executor(self._deciding, decided))
        except ProeftuinError as error:
            raise _faults.told(error) from None  # as in the workflow

    @activity.defn(name=BRING)
    async def bring(self, name: str, pilot_id: str, after: int) -> int:
        """Bring a subscriber what lies behind a version, and return the version up to which it arrived."""
        subscriber = self._subscribers.get(name)
        if subscriber is None:
            raise ApplicationError(f"this worker has no subscriber {name!r}", type="unknown-subscriber")
        try:
            return await asyncio.to_thread(subscriber.bring, name, await self._asked(pilot_id), self._rules, after)
        except ProeftuinError as error:  # also where another worker was first: the next try sees that
            raise ApplicationError(str(error), type=error.code) from error

    async def _asked(self, pilot_id: str) -> Carried:
        handle = self._client.get_workflow_handle(workflow_id(pilot_id))
        packed = await handle.query("carried", {}, result_type=bytes, rpc_timeout=SOON)
        return wire.unpack(Carried, wire.unpack(Answer, packed).value)
