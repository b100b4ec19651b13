"""The reference store: the simplest code that keeps every promise of `proeftuin.spi`. Read it to know what a store is.

One lock guards everything. What is kept is frozen, so what is handed out needs no copies. `append` judges all commits
before it writes the first, and the `recorded` callback is called before anything can be seen by others; so there is
nothing to undo. Nothing survives the end of the process. Lanes are kept by `memory_lanes`, loaded when asked for.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from itertools import islice
from threading import RLock
from typing import TYPE_CHECKING

from attrs import define, field

from proeftuin.core.structs import replace
from proeftuin.errors import BadArgument, Conflict, PilotExists, Reentered, StoreError, StoreUnavailable
from proeftuin.spi import (
    Commit,
    Due,
    Entry,
    Head,
    Holder,
    Loaded,
    Page,
    Personal,
    Query,
    Receipt,
    Tally,
    Timing,
    Wanted,
)
from proeftuin.spi.checks import (
    bounded,
    check_commits,
    check_outcome,
    check_query,
    check_subscription,
    check_timing,
    in_turn,
    kept_otherwise,
    micros,
    workflow_name,
)
from proeftuin.storage.bell import Bell

if TYPE_CHECKING:
    from proeftuin.spi import Claim, Lag, Lane, Listener, Outcome, Subscription
    from proeftuin.storage.memory_lanes import MemoryLanes


@define
class _Kept:
    """What is kept of one pilot."""

    head: Head
    entries: list[Entry] = field(factory=list)
    receipts: dict[str, Receipt] = field(factory=dict)
    personal: list[Personal] = field(factory=list)


def open_memory(url: str) -> "MemoryStore":
    """Open an empty store; `memory://` has no name and no options."""
    if url != "memory://":
        raise BadArgument("url", "it names nothing that exists; one in memory is memory://, without name or options")
    return MemoryStore()


class MemoryStore:
    """Pilots in dictionaries, per tenant."""

    durable = False
    multi_process = False
    multi_pilot = True

    def __init__(self) -> None:
        self._lock = RLock()
        self._closed = False
        self._writing = False
        self._refs: set[tuple[str, str]] = set()
        self._tenants: dict[str, dict[str, _Kept]] = {}
        self._workflows: dict[tuple[str, int], tuple[str, bytes]] = {}
        self._marks: dict[str, dict[str, datetime]] = {}  # pilots with news, and since when
        self._lanes: dict[str, MemoryLanes] = {}
        self._bell = Bell()

    def load(self, tenant: str, pilot_id: str, *, key: str | None = None, have: int | None = None) -> Loaded | None:
        """See `proeftuin.spi.Store.load`."""
        with self._lock:
            kept = self._pilots(tenant).get(pilot_id)
            if kept is None:
                return None
            version = len(kept.entries)
            receipt = None if key is None else kept.receipts.get(key)
            return Loaded(version, None if have == version else kept.head, receipt)

    def append(self, *commits: Commit, recorded: Callable[[object], None] | None = None) -> None:
        """See `proeftuin.spi.Store.append`."""
        check_commits(commits)
        for commit in commits:
            micros("created_at", commit.head.summary.created_at)
            micros("updated_at", commit.head.summary.updated_at)
        with self._lock:
            if self._writing:
                raise Reentered("a `recorded` callback")
            refs = self._judged(commits)
            if recorded is not None and commits:
                self._writing = True
                try:
                    recorded(None)
                finally:
                    self._writing = False
            self._refs |= refs
            for commit in commits:
                self._write(commit)

    def append_each(self, commits: Iterator[Commit], *, recorded: Callable[[object], None] | None = None) -> None:
        """See `proeftuin.spi.Streams.append_each`."""
        self.append(*in_turn(commits), recorded=recorded)

    def load_many(self, tenant: str, wanted: Sequence[Wanted]) -> tuple[Loaded | None, ...]:
        """See `proeftuin.spi.Bulk.load_many`."""
        return tuple(self.load(tenant, one.pilot_id, key=one.key, have=one.have) for one in wanted)

    def history(self, tenant: str, pilot_id: str, *, after: int = 0, upto: int | None = None) -> Iterator[Entry]:
        """See `proeftuin.spi.Store.history`."""
        with self._lock:
            kept = self._pilots(tenant).get(pilot_id)
            entries = [] if kept is None else kept.entries[bounded(after) : None if upto is None else bounded(upto)]
        return iter(entries)

    def receipt(self, tenant: str, pilot_id: str, key: str) -> Receipt | None:
        """See `proeftuin.spi.Store.receipt`."""
        with self._lock:
            kept = self._pilots(tenant).get(pilot_id)
            return None if kept is None else kept.receipts.get(key)

    def receipts(self, tenant: str, pilot_id: str) -> Iterator[Receipt]:
        """See `proeftuin.spi.Store.receipts`."""
        with self._lock:
            kept = self._pilots(tenant).get(pilot_id)
            found = [] if kept is None else [kept.receipts[key] for key in sorted(kept.receipts)]
        return iter(found)

    def personal(self, tenant: str, pilot_id: str) -> tuple[Personal, ...]:
        """See `proeftuin.spi.Store.personal`."""
        with self._lock:
            kept = self._pilots(tenant).get(pilot_id)
            return () if kept is None else tuple(kept.personal)

    def find(self, query: Query) -> Page:
        """See `proeftuin.spi.Store.find`."""
        check_query(query)
        with self._lock:
            pilots = self._pilots(query.tenant)
            ids = sorted(pilots)
            start = 0 if query.after is None else bisect_right(ids, query.after)
            found = [pilots[name].head.summary for name in ids[start:] if _fits(query, pilots[name].head)]
        items = tuple(found[: query.limit])
        return Page(items, items[-1].id if len(found) > query.limit else None)

    def count(self, query: Query) -> tuple[Tally, ...]:
        """See `proeftuin.spi.Store.count`."""
        check_query(query)
        with self._lock:
            found = [one.head.summary for one in self._pilots(query.tenant).values() if _fits(query, one.head)]
        counts = Counter((one.phase, one.state) for one in found)
        return tuple(sorted(Tally(*place, number) for place, number in counts.items()))

    def tenants(self, *, limit: int = 1000, after: str | None = None) -> tuple[str, ...]:
        """See `proeftuin.spi.Store.tenants`."""
        with self._lock:
            self._pilots("")
            return tuple(sorted(name for name in self._tenants if after is None or name > after)[:limit])

    def holders(self, tenant: str, ref: str, *, limit: int = 100) -> tuple[Holder, ...]:
        """See `proeftuin.spi.Erases.holders`."""
        with self._lock:
            found = (
                Holder(name, subject)
                for name, kept in sorted(self._pilots(tenant).items())
                for subject in sorted(one.subject for one in kept.personal if one.ref == ref)
            )
            return tuple(islice(found, limit))

    def scrub(self) -> None:
        """See `proeftuin.spi.Erases.scrub`: nothing is left behind here."""
        with self._lock:
            self._pilots("")

    def due(self, tenant: str, *, now: datetime, limit: int = 100, after: Due | None = None) -> tuple[Due, ...]:
        """See `proeftuin.spi.Timed.due`."""
        micros("now", now)
        with self._lock:
            timed = ((kept.head.timing.due, name) for name, kept in self._pilots(tenant).items())
            found = sorted((at, name) for at, name in timed if at is not None and at <= now)
        behind = None if after is None else (after.at, after.pilot_id)
        items = (Due(name, at) for at, name in found if behind is None or (at, name) > behind)
        return tuple(islice(items, limit))

    def untimed(
        self, tenant: str, calendars: Collection[str], *, limit: int = 100, after: str | None = None
    ) -> tuple[str, ...]:
        """See `proeftuin.spi.Timed.untimed`."""
        with self._lock:
            found = sorted(
                name
                for name, kept in self._pilots(tenant).items()
                if kept.head.timing.calendar not in calendars and (after is None or name > after)
            )
        return tuple(found[:limit])

    def retime(self, tenant: str, pilot_id: str, version: int, timing: Timing) -> bool:
        """See `proeftuin.spi.Timed.retime`."""
        check_timing(timing)
        with self._lock:
            kept = self._pilots(tenant).get(pilot_id)
            if kept is None or len(kept.entries) != version:
                return False
            kept.head = replace(kept.head, timing=timing)
            return True

    def put_workflow(self, name: str, version: int, hash: str, body: bytes) -> None:  # noqa: A002  # the field's own word
        """See `proeftuin.spi.Definitions.put_workflow`."""
        with self._lock:
            self._pilots("")
            if self._workflows.setdefault((name, version), (hash, body)) != (hash, body):
                raise kept_otherwise(name, version)

    def get_workflow(self, name: str, version: int) -> bytes | None:
        """See `proeftuin.spi.Definitions.get_workflow`."""
        with self._lock:
            self._pilots("")
            kept = self._workflows.get((name, version))
            return None if kept is None else kept[1]

    def subscribe(self, tenant: str, subscription: "Subscription", *, now: datetime, beginning: bool = False) -> None:
        """See `proeftuin.spi.Delivers.subscribe`."""
        check_subscription(subscription)
        micros("now", now)
        with self._lock:
            versions = {pilot_id: len(kept.entries) for pilot_id, kept in self._pilots(tenant).items()}
            self._lanes_of(tenant).subscribe(subscription, versions, now, beginning=beginning)

    def unsubscribe(self, tenant: str, name: str) -> bool:
        """See `proeftuin.spi.Delivers.unsubscribe`."""
        with self._lock:
            return self._lanes_of(tenant).unsubscribe(name)

    def subscriptions(self, tenant: str) -> "tuple[Subscription, ...]":
        """See `proeftuin.spi.Delivers.subscriptions`."""
        with self._lock:
            return self._lanes_of(tenant).subscriptions()

    def fan_out(self, tenant: str, *, now: datetime, limit: int = 100) -> int:
        """See `proeftuin.spi.Delivers.fan_out`."""
        micros("now", now)
        with self._lock:
            pilots, marks = self._pilots(tenant), self._marks.setdefault(tenant, {})
            return self._lanes_of(tenant).fan_out(marks, lambda pilot_id: len(pilots[pilot_id].entries), now, limit)

    def claim(
        self, tenant: str, subscriber: str, *, now: datetime, until: datetime, limit: int = 100
    ) -> "tuple[Claim, ...]":
        """See `proeftuin.spi.Delivers.claim`."""
        micros("now", now)
        micros("until", until)
        with self._lock:
            return self._lanes_of(tenant).claim(tenant, subscriber, now, until, limit)

    def renew(self, claim: "Claim", *, now: datetime, until: datetime) -> bool:
        """See `proeftuin.spi.Delivers.renew`."""
        micros("now", now)
        micros("until", until)
        with self._lock:
            return self._lanes_of(claim.tenant).renew(claim, now, until)

    def settle(self, outcome: "Outcome") -> bool:
        """See `proeftuin.spi.Delivers.settle`."""
        check_outcome(outcome)
        micros("now", outcome.now)
        micros("again", outcome.again or outcome.now)
        with self._lock:
            return self._lanes_of(outcome.claim.tenant).settle(outcome)

    def resend(self, tenant: str, subscriber: str, pilot_id: str, *, now: datetime, after: int | None = None) -> bool:
        """See `proeftuin.spi.Delivers.resend`."""
        micros("now", now)
        with self._lock:
            return self._lanes_of(tenant).resend(subscriber, pilot_id, now, after)

    def lanes(
        self, tenant: str, subscriber: str, *, parked: bool | None = None, limit: int = 100, after: str | None = None
    ) -> "tuple[Lane, ...]":
        """See `proeftuin.spi.Delivers.lanes`."""
        with self._lock:
            return self._lanes_of(tenant).lanes(subscriber, parked=parked, limit=limit, after=after)

    def lag(self, tenant: str, subscriber: str) -> "Lag":
        """See `proeftuin.spi.Delivers.lag`."""
        with self._lock:
            return self._lanes_of(tenant).lag(subscriber)

    def wake(self) -> None:
        """See `proeftuin.spi.Wakes.wake`."""
        self._pilots("")
        self._bell.ring()

    def listen(self) -> "Listener":
        """See `proeftuin.spi.Wakes.listen`."""
        self._pilots("")
        return self._bell.listen()

    def close(self) -> None:
        """See `proeftuin.spi.Store.close`."""
        with self._lock:
            self._closed = True
            self._tenants.clear()
            self._refs.clear()
            self._workflows.clear()
            self._marks.clear()
            self._lanes.clear()

    def _pilots(self, tenant: str) -> dict[str, _Kept]:
        if self._closed:
            raise StoreUnavailable("this store was closed; open a new one")
        return self._tenants.get(tenant, {})

    def _lanes_of(self, tenant: str) -> "MemoryLanes":
        self._pilots(tenant)
        if tenant not in self._lanes:
            from proeftuin.storage.memory_lanes import MemoryLanes  # noqa: PLC0415  # most stores deliver nothing

            self._lanes[tenant] = MemoryLanes()
        return self._lanes[tenant]

    def _judged(self, commits: tuple[Commit, ...]) -> set[tuple[str, str]]:
        """Judge all commits, changing nothing, and return the refs that they take."""
        refs: set[tuple[str, str]] = set()
        for commit in commits:
            self._judge(commit)
            ref = commit.head.summary.ref
            if commit.expected == 0 and ref is not None:
                taken = (commit.tenant, ref)
                if taken in self._refs or taken in refs:
                    raise PilotExists(commit.pilot_id, ref)
                refs.add(taken)
        return refs

    def _judge(self, commit: Commit) -> None:
        kept = self._pilots(commit.tenant).get(commit.pilot_id)
        actual = 0 if kept is None else len(kept.entries)
        if commit.expected == 0 and kept is not None:
            raise PilotExists(commit.pilot_id)
        repeated = kept is not None and any(one.key in kept.receipts for one in commit.receipts)
        if actual != commit.expected or repeated:
            raise Conflict(commit.pilot_id, commit.expected, actual)
        known = [one.subject for one in (*(kept.personal if kept and commit.personal else ()), *commit.personal)]
        if len(set(known)) < len(known):
            raise StoreError(f"a subject of pilot {commit.pilot_id!r} was issued before; nothing was written")

    def _write(self, commit: Commit) -> None:
        kept = self._tenants.setdefault(commit.tenant, {}).setdefault(commit.pilot_id, _Kept(commit.head))
        kept.head = commit.head
        self._mark(commit)
        kept.entries.extend(commit.entries)
        kept.personal.extend(commit.personal)
        if commit.erased:
            kept.personal = [one for one in kept.personal if one.subject not in commit.erased]
        kept.receipts.update((one.key, one) for one in commit.receipts)

    def _mark(self, commit: Commit) -> None:
        self._marks.setdefault(commit.tenant, {}).setdefault(commit.pilot_id, commit.head.summary.updated_at)


def _fits(query: Query, head: Head) -> bool:
    one, overdue = head.summary, head.timing.overdue
    if query.overdue is not None and (overdue is None or overdue > query.overdue):
        return False
    if query.workflow is not None:
        _, version = workflow_name(query.workflow)
        if query.workflow != (one.workflow if version else workflow_name(one.workflow)[0]):
            return False
    if query.updated_after is not None and micros("updated_after", one.updated_at) <= micros(
        "updated_after", query.updated_after
    ):
        return False
    if query.track_state is not None and query.track_state not in one.track_states:
        return False
    if query.signal is not None and query.signal not in one.signals:
        return False
    names = ("state", "phase", "organisation", "programme", "ref")
    return all(getattr(query, name) in (None, getattr(one, name)) for name in names)
