"""Decoded heads: a bounded cache keyed by pilot and version, and how a head is written.

The cache is never trusted: every read asks the store for the version first, and a cached head counts only where it is
the stored version. So what is decided on was current when it was read, in every process.
"""

import threading
from collections import OrderedDict

from proeftuin import codec
from proeftuin.core.evolve import FOLD, replay
from proeftuin.core.pilot import Pilot
from proeftuin.errors import CorruptStore, UnknownPilot
from proeftuin.spi import Head, Loaded, Receipt, Store, Summary


def summary(pilot: Pilot) -> Summary:
    """Return what `find` gives of a pilot."""
    data = pilot.data
    return Summary(
        pilot.id,
        pilot.ref,
        pilot.workflow,
        pilot.version,
        pilot.state,
        pilot.phase,
        pilot.outcome,
        pilot.hold,
        data.get("organisation"),
        data.get("programme"),
        tuple(sorted({track.state for track in pilot.tracks.values()})),
        pilot.created_at,
        pilot.updated_at,
    )


def head(pilot: Pilot, parts: codec.Parts | None = None) -> Head:
    """Return the head of a pilot, encoded; `parts` are what its last encoding left."""
    return Head(codec.encode_pilot(pilot, parts), FOLD, pilot.digest, summary(pilot))


class Heads:
    """The heads of one tenant."""

    def __init__(self, store: Store, tenant: str, size: int) -> None:
        self._store = store
        self._tenant = tenant
        self._size = size
        self._cache: OrderedDict[str, Pilot] = OrderedDict()
        self._parts: dict[str, codec.Parts] = {}  # of those in the cache
        self._lock = threading.Lock()

    def load(self, pilot_id: str, key: str | None = None) -> tuple[Pilot, Receipt | None]:
        """Return the pilot as it is stored now, and the receipt of a key.

        Raises:
            UnknownPilot: where there is none.
        """
        with self._lock:
            cached = self._cache.get(pilot_id)
        loaded = self._store.load(self._tenant, pilot_id, key=key, have=cached.version if cached else None)
        if loaded is None:
            raise UnknownPilot(pilot_id)
        if loaded.head is None:
            if cached is None:
                raise CorruptStore(f"pilot {pilot_id!r} has no head; `proeftuin verify` names every place")
            return cached, loaded.receipt
        pilot = self._decoded(pilot_id, loaded)
        self.put(pilot)
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

    def put(self, pilot: Pilot) -> None:
        """Keep a decoded head, letting go of the one used longest ago."""
        if self._size <= 0:
            return
        with self._lock:
            known = self._cache.get(pilot.id)
            if known is None or known.version < pilot.version:
                self._cache[pilot.id] = pilot
            self._cache.move_to_end(pilot.id)
            if len(self._cache) > self._size:
                oldest, _ = self._cache.popitem(last=False)
                self._parts.pop(oldest, None)

    def drop(self, pilot_id: str) -> None:
        """Forget a head, after a lost race."""
        with self._lock:
            self._cache.pop(pilot_id, None)
            self._parts.pop(pilot_id, None)

    def encoded(self, pilot: Pilot) -> Head:
        """Return the head of a pilot, encoded anew only where it differs from that of its last commit."""
        with self._lock:
            parts = self._parts.setdefault(pilot.id, {}) if pilot.id in self._cache else None
        return head(pilot, parts)
