"""Small honest histories: events sealed into a chain, the head that they fold into, and the commit that writes them."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from proeftuin import codec
from proeftuin.core.events import Event
from proeftuin.core.evolve import evolve
from proeftuin.core.frozen import freeze
from proeftuin.core.pilot import Pilot
from proeftuin.core.structs import replace
from proeftuin.heads import head
from proeftuin.spi import Commit, Entry, Head, Personal, Receipt, Store
from proeftuin.testing.expect import present

TENANT = "default"
BEGAN = datetime(2026, 1, 5, 9, tzinfo=UTC)
LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)
CROWD = 1000
A_YEAR = 8760  # hours; a version that is only claimed may be beyond all time
AUTHOR = ("ann", "coordinator", "change")


def started(pilot_id: str, **data: Any) -> Event:  # the data of an event is of any shape
    """Return the event that begins a pilot; `data` replaces words of it, `set` among them."""
    words = {"workflow": "plain@1", "hash": "0" * 64, "state": "exploring", "phase": "exploration", "ref": None}
    words |= {"set": {"title": "Catering", "organisation": "UU"}} | data
    return _event(pilot_id, 1, "pilot.started", words)


def changed(pilot: Pilot, **words: Any) -> Event:  # as above
    """Return the next event of a pilot, which sets some of its data."""
    return _event(pilot.id, pilot.version + 1, "pilot.changed", {"set": words})


def moved(pilot: Pilot, to: str, phase: str) -> Event:
    """Return the next event of a pilot, which moves it to another state."""
    return _event(pilot.id, pilot.version + 1, "pilot.moved", {"from": pilot.state, "to": to, "phase": phase})


def opened(pilot: Pilot, track: str, to: str) -> Event:
    """Return the next event of a pilot, which opens a track."""
    data = {"kind": "supplier", "to": to, "party": track}
    return _event(pilot.id, pilot.version + 1, "track.opened", data, track)


def _event(pilot_id: str, version: int, kind: str, data: Any, track: str | None = None) -> Event:  # as above
    at = BEGAN + timedelta(hours=min(version, A_YEAR), microseconds=min(version, A_YEAR))
    return Event(pilot_id, version, kind, at, date(2026, 1, 5), *AUTHOR, track, freeze(data))


def written(
    before: Pilot | None,
    *events: Event,
    tenant: str = TENANT,
    receipt: Receipt | None = None,
    personal: tuple[Personal, ...] = (),
) -> tuple[Commit, Pilot]:
    """Return the commit that writes these events on a pilot, the last of which names the subjects, and the pilot."""
    pilot, entries = before, list[Entry]()
    for event in (*events[:-1], _naming(events[-1], personal)):
        previous = pilot.digest if pilot else codec.genesis(event.pilot_id)
        sealed, entry = codec.seal(event, previous)
        entries.append(entry)
        pilot = evolve(pilot, sealed)
    pilot = present(pilot, "the event that begins a pilot")
    expected, receipts = before.version if before else 0, () if receipt is None else (receipt,)
    return Commit(tenant, pilot.id, expected, tuple(entries), head(pilot), receipts, personal), pilot


def _naming(event: Event, personal: tuple[Personal, ...]) -> Event:
    if not personal:
        return event
    committed = {one.subject: codec.commitment(one.ref, one.salt) for one in personal}
    return replace(event, data=event.data | freeze({"commitments": committed}))


def with_digest(one: Head, digest: str) -> Head:
    """Return a head as if its last event had another digest."""
    return replace(one, summary=replace(one.summary, digest=digest))


def signalling(commit: Commit, *signals: str) -> Commit:
    """Return a commit as if these signals were up after it."""
    summary = replace(commit.head.summary, signals=signals)
    return replace(commit, head=replace(commit.head, summary=summary))


def grown(pilot: Pilot, count: int, **words: Any) -> tuple[Event, ...]:  # as above
    """Return so many changes that follow on a pilot."""
    return tuple(
        replace(changed(pilot, number=number, **words), version=pilot.version + number)
        for number in range(1, count + 1)
    )


def begin(store: Store, pilot_id: str = "p1", tenant: str = TENANT, **data: Any) -> Pilot:  # as above
    """Write a new pilot."""
    commit, pilot = written(None, started(pilot_id, **data), tenant=tenant)
    store.append(commit)
    return pilot


def advance(store: Store, pilot: Pilot, count: int = 1, tenant: str = TENANT, **words: Any) -> Pilot:  # as above
    """Write so many changes on a pilot, each a commit of its own."""
    for _ in range(count):
        commit, pilot = written(pilot, changed(pilot, note=f"{pilot.version + 1}", **words), tenant=tenant)
        store.append(commit)
    return pilot


def crowd(count: int = CROWD, tenant: str = TENANT) -> list[Commit]:
    """Return so many other pilots, all of long ago, whose ids lie on both sides of those of a case."""
    words = {"workflow": "others@1", "state": "waiting", "phase": "others", "set": {"organisation": "Others"}}
    return [
        written(None, replace(started(f"{'!z'[number % 2]}-{number:04}", **words), at=LONG_AGO), tenant=tenant)[0]
        for number in range(count)
    ]


def stored(store: Store, pilot_id: str = "p1", tenant: str = TENANT) -> Pilot | None:
    """Return the pilot as its stored head says."""
    loaded = store.load(tenant, pilot_id)
    return None if loaded is None or loaded.head is None else codec.decode_pilot(loaded.head.body)


def versions(
    store: Store, pilot_id: str = "p1", *, tenant: str = TENANT, after: int = 0, upto: int | None = None
) -> list[int]:
    """Return the versions that a history gives."""
    return [entry.version for entry in store.history(tenant, pilot_id, after=after, upto=upto)]


def everything(store: Store, *pilot_ids: str, tenant: str = TENANT, keys: Iterable[str] = ("key-1",)) -> list[Any]:
    """Return all that a store says about some pilots, to compare before with after."""
    return [
        (
            store.load(tenant, name),
            tuple(store.history(tenant, name)),
            [store.receipt(tenant, name, key) for key in keys],
            list(store.receipts(tenant, name)),
            store.personal(tenant, name),
        )
        for name in pilot_ids
    ]
