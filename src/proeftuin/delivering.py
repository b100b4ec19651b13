"""What the engine does for subscribers: other systems that are told of what happens, without fail."""

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from proeftuin.errors import BadArgument
from proeftuin.heads import Names

if TYPE_CHECKING:
    from proeftuin.delivery import Deliverer, Schedule, Subscriber
    from proeftuin.result import Work
    from proeftuin.spi import Lag, Lane, Sink
    from proeftuin.waking import Listening


class Delivering:
    """The part of `Engine` that delivers."""

    _writing: dict[str, Any]

    @cached_property
    def _workflows(self) -> Names:
        return Names(self._writing["heads"])

    @property
    def _deliverer(self) -> "Deliverer":
        from proeftuin.delivery import Deliverer  # noqa: PLC0415  # on first use: most processes only fire

        if self._writing["after_commit"] is not None:  # what others commit meanwhile would be missed, or wait
            raise BadArgument(
                "engine", "it is inside a transaction of yours; subscribe and deliver with the one outside"
            )
        return Deliverer(
            **{name: self._writing[name] for name in ("store", "tenant", "hooks", "time", "ids", "reader")},
            workflows=self._workflows,
        )

    def subscribe(
        self,
        name: str,
        *,
        types: Iterable[str] | None = None,
        workflows: Iterable[str] | None = None,
        start: Literal["now", "beginning"] = "now",
        party: str | None = None,
    ) -> "Subscriber":
        """Keep a durable subscription. One of that name is changed, and goes on where it was.

        Args:
            name: what it is called; `deliver` brings its events to the sink of that name.
            types: the types of the events that it wants, such as `track.moved`; None means all.
            workflows: the names of the workflows whose pilots it wants; None means all.
            start: `now`: what is committed from now on; `beginning`: the whole history of every pilot. It counts for a
                new subscription only.
            party: a supplier, which gets what happens on its own tracks and, where it has one, to the pilot itself; as
                `seen_by` shows it. None means the client's side, which gets everything.

        Returns:
            The subscription as it is kept.

        Raises:
            BadArgument: for an empty name, a type that there is none of, or a store that keeps no lanes.
            UnknownWorkflow: where nothing of that name is known.
        """
        return self._deliverer.subscribe(name, types=types, workflows=workflows, start=start, party=party)

    def unsubscribe(self, name: str) -> bool:
        """Forget a subscription, and how far it was; return whether there was one."""
        return self._deliverer.unsubscribe(name)

    def subscriptions(self) -> "tuple[Subscriber, ...]":
        """Return the subscriptions, in order of name."""
        return self._deliverer.subscriptions()

    def deliver(
        self,
        sinks: "Mapping[str, Sink]",
        limit: int | None = None,
        *,
        schedule: "Schedule | None" = None,
        stop: Callable[[], bool] | None = None,
    ) -> "Work":
        """Deliver what is due now: of each pilot in order, each event at least once.

        It may be run by any number of processes at once. Each sink has a thread of its own, and half a minute at most.

        Args:
            sinks: by the name of their subscription. Other subscriptions are left to other workers.
            limit: bring so many lanes to each sink at most; None means all.
            schedule: when what fails is tried again; see `proeftuin.delivery.Schedule`.
            stop: asked between two calls; once it says yes, what is claimed is let go of.

        Returns:
            How many events arrived, how many deliveries failed, and whether something is left that could be sent now.

        Raises:
            BadArgument: for a name that nobody subscribed as, what is no sink, or a store that keeps no lanes.
            Reentered: when called from inside a guard, or a `before` or `recorded` hook.
            StoreError: where the store fails; what had arrived and was not noted is sent again.
        """
        if limit is not None and (type(limit) is not int or limit < 1):
            raise BadArgument("limit", "must be a whole number, 1 or more")
        return self._deliverer.deliver(sinks, limit, schedule, stop)

    def listen(self) -> "Listening":
        """Return what a worker waits at between two rounds, until something may have been committed.

        Make it before the first round, and close it. On PostgreSQL it hears of every process, and holds a connection of
        its own; on the other stores of ours, of this process. It is never needed for anything to be delivered.

        Raises:
            BadArgument: inside a transaction of the host.

        Note:
            `with engine.listen() as news:`, and then `engine.deliver(sinks)` and `news.wait(5)`, again and again.
        """
        return self._deliverer.listen()

    def lanes(
        self, name: str, *, parked: bool | None = None, limit: int = 100, after: str | None = None
    ) -> "tuple[Lane, ...]":
        """Return how far the pilots have come to a subscriber, in order of pilot id.

        Args:
            name: the subscription.
            parked: only lanes that were set aside, or only others.
            limit: how many, 1 to 1000.
            after: the pilot id of the last lane of the page before.

        Raises:
            BadArgument: for a name that nobody subscribed as.
        """
        return self._deliverer.lanes(name, parked=parked, limit=limit, after=after)

    def lag(self, name: str) -> "Lag":
        """Return how many lanes a subscriber has, how many are behind, and how many of those are parked.

        What was not fanned out yet, as `deliver` does first, is not known to a lane.

        Raises:
            BadArgument: for a name that nobody subscribed as.
        """
        return self._deliverer.lag(name)

    def resend(self, name: str, pilot_id: str | None = None, *, after: int | None = None) -> int:
        """Make lanes due now, parked or not, and forget their failures.

        Args:
            name: the subscription.
            pilot_id: one pilot; None means every lane that is parked.
            after: send everything behind this version again, 0 for the whole history; None means what did not arrive.

        Returns:
            How many lanes were woken.

        Raises:
            BadArgument: for a name that nobody subscribed as, or a version without a pilot.
        """
        return self._deliverer.resend(name, pilot_id, after)
