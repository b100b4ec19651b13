"""A fair copy of pilots: what was tried as on many days was recorded at one moment, now.

Only `at` changes, and with it the digests: each chain is computed anew. Days on which things count stay as they are.
"""

from datetime import datetime

from proeftuin import codec
from proeftuin.core.evolve import replay
from proeftuin.core.structs import replace
from proeftuin.heads import head
from proeftuin.spi import Commit, Store


def recorded_at(store: Store, tenant: str, pilot_id: str, now: datetime) -> Commit:
    """Return what writes a pilot of a store anew, all of its events recorded at one moment."""
    digest, events, entries = codec.genesis(pilot_id), [], []
    for one in store.history(tenant, pilot_id):
        event = codec.decode_event(one.body, one.digest, pilot_id=pilot_id, version=one.version)
        sealed, entry = codec.seal(replace(event, at=now), digest)
        digest = entry.digest
        events.append(sealed)
        entries.append(entry)
    pilot = replay(events)
    if pilot is None:  # pragma: no cover  # a pilot that was tried has at least its start
        raise AssertionError
    receipts = tuple(store.receipts(tenant, pilot_id))
    return Commit(tenant, pilot_id, 0, tuple(entries), head(pilot), receipts, store.personal(tenant, pilot_id))
