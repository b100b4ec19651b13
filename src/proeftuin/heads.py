"""Decoded heads: a bounded cache keyed by pilot and version, and how a head is written.

The cache is never trusted: every read asks the store for the version first, and a cached head counts only where it is
the stored version. So what is told was current when it was read, in every process. Only who writes may do without that:
an append compares the version anyway, see `Heads.relied_on`.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence

from proeftuin import codec, forks
from proeftuin.core.evolve import FOLD
from proeftuin.core.pilot import Pilot
from proeftuin.errors import CorruptStore, UnknownPilot
from proeftuin.folding import replay
from proeftuin.spi import UNTIMED, Bulk, Head, Loaded, Receipt, Store, Timing, Wanted

NAMES = 10_000
"""How many pilots are remembered by the workflow that they follow."""
SURE = 16
"""How often in a row a kept head must have been the stored one, until heads are relied on. Where two processes write to
the same pilots in turns, a head is the stored one half of the time: then they are hardly ever relied on, and nothing is
lost by it."""


def head(pilot: Pilot, timing: Timing = UNTIMED, parts: codec.Parts | None = None) -> Head:
    """Return the head of a pilot, encoded; `parts` are what its last encoding left."""
    return Head(codec.encode_pilot(pilot, parts), FOLD, codec.summary(pilot), timing)


class Heads:
    """The heads of one tenant."""

    def __init__(self, store: Store, tenant: str, size: int) -> None:
        self._store = store
        self._tenant = tenant
        self._size = size
        self._current = 0  # how often in a row what was kept was the stored one; a count that is missed does no harm
        self.renew()
        forks.renewed(self)

    def renew(self) -> None:
        """Keep nothing, under a lock that is free."""
        self._cache: OrderedDict[str, Pilot] = OrderedDict()
        self._parts: dict[str, codec.Parts] = {}  # of those in the cache
        self._timings: dict[str, tuple[int, Timing]] = {}  # the same, with the version
        self._lock = threading.Lock()

    def of(self, tenant: str) -> "Heads":
        """Return the same for another tenant, empty."""
        return Heads(self._store, tenant, self._size)

    def relied_on(self, pilot_id: str) -> Pilot | None:
        """Return the head that is kept, where those that were looked at of late were the stored ones each time."""
        if self._current < SURE:
            return None
        with self._lock:
            return self._cache.get(pilot_id)

    def load(self, pilot_id: str, key: str | None = None) -> tuple[Pilot, Receipt | None]:
        """Return the pilot as it is stored now, and the receipt of a key.

        Raises:
            UnknownPilot: where there is none.
        """
        with self._lock:
            cached = self._cache.get(pilot_id)
        loaded = self._store.load(self._tenant, pilot_id, key=key, have=cached.version if cached else None)
        found = self._arrived(pilot_id, cached, loaded)
        if found is None:
            raise UnknownPilot(pilot_id)
        return found

    def load_many(self, wanted: Sequence[tuple[str, str | None]]) -> list[tuple[Pilot, Receipt | None] | None]:
        """Return the same for pilots and keys, None for a pilot that there is not."""
        with self._lock:
            cached = {pilot_id: self._cache.get(pilot_id) for pilot_id, _ in wanted}
        asked = [Wanted(name, key, known.version if (known := cached[name]) else None) for name, key in wanted]
        if isinstance(self._store, Bulk):
            found = self._store.load_many(self._tenant, asked)
        else:
            load = self._store.load
            found = tuple(load(self._tenant, one.pilot_id, key=one.key, have=one.have) for one in asked)
        return [
            self._arrived(one.pilot_id, cached[one.pilot_id], loaded) for one, loaded in zip(asked, found, strict=True)
        ]

    def _arrived(
        self, pilot_id: str, cached: Pilot | None, loaded: Loaded | None
    ) -> tuple[Pilot, Receipt | None] | None:
        if loaded is None:
            return None
        if loaded.head is None:
            if cached is None:
                raise CorruptStore(f"pilot {pilot_id!r} has no head{codec.ADVICE}")
            self._current += 1
            return cached, loaded.receipt
        if cached is not None:
            self._current = 0
        pilot = self._decoded(pilot_id, loaded)
        self.put(pilot, loaded.head.timing)
        return pilot, loaded.receipt

    def _decoded(self, pilot_id: str, loaded: Loaded) -> Pilot:
        if loaded.head is not None and loaded.head.fold == FOLD:
            return codec.decode_pilot(loaded.head.body, pilot_id=pilot_id)
        entries = self._store.history(self._tenant, pilot_id, upto=loaded.version)
        events = (codec.decode_event(one.body, one.digest, pilot_id=pilot_id, version=one.version) for one in entries)
        pilot = replay(events)
        if pilot is None:
            raise CorruptStore(f"pilot {pilot_id!r} has a head but no history")
        return pilot

    def timing(self, pilot: Pilot) -> Timing:
        """Return what was known of a pilot's terms when it was read or written; nothing, where that was let go of."""
        with self._lock:
            version, timing = self._timings.get(pilot.id, (0, UNTIMED))
        return timing if version == pilot.version else UNTIMED

    def put(self, pilot: Pilot, timing: Timing) -> None:
        """Keep a decoded head and its timing, letting go of those used longest ago."""
        with self._lock:
            if self._size <= 0:  # no head is kept; a timing that is let go of is counted anew
                self._timings = {pilot.id: (pilot.version, timing)}
                return
            known = self._cache.get(pilot.id)
            if known is None or known.version < pilot.version:
                self._cache[pilot.id] = pilot
            if known is None or known.version <= pilot.version:
                self._timings[pilot.id] = pilot.version, timing
            self._cache.move_to_end(pilot.id)
            if len(self._cache) > self._size:
                oldest, _ = self._cache.popitem(last=False)
                self._parts.pop(oldest, None)
                self._timings.pop(oldest, None)

    def drop(self, pilot_id: str, *, stale: bool = False) -> None:
        """Forget a head, after a lost race; `stale` where it was relied on, and was not the stored one."""
        if stale:
            self._current = 0
        with self._lock:
            self._cache.pop(pilot_id, None)
            self._parts.pop(pilot_id, None)
            self._timings.pop(pilot_id, None)

    def encoded(self, pilot: Pilot, timing: Timing) -> Head:
        """Return the head of a pilot, encoded anew only where it differs from that of its last commit."""
        parts = None
        with self._lock:
            if pilot.id in self._cache:
                parts = self._parts.get(pilot.id) or self._parts.setdefault(pilot.id, codec.Parts())
        return head(pilot, timing, parts)


class Names:
    """The names of the workflows that pilots follow. They never change, so a worker asks the store once for each."""

    def __init__(self, heads: Heads) -> None:
        self._heads = heads
        self._known: dict[str, str] = {}

    def of(self, pilot_id: str) -> str:
        """Return the name, without its version.

        Raises:
            UnknownPilot: where there is no such pilot.
        """
        name = self._known.get(pilot_id)
        if name is None:
            pilot, _ = self._heads.load(pilot_id)
            name = self.note(pilot_id, pilot.workflow)
        return name

    def note(self, pilot_id: str, workflow: str) -> str:
        """Remember what a pilot follows, and return the name of it."""
        if len(self._known) >= NAMES:
            self._known.clear()
        name = self._known[pilot_id] = workflow.partition("@")[0]
        return name
