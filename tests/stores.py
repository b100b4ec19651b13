"""Small honest histories for tests of stores: events sealed into a chain, and the head that they fold into."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from proeftuin import codec
from proeftuin.core.events import Event
from proeftuin.core.evolve import evolve
from proeftuin.core.frozen import freeze
from proeftuin.core.pilot import Pilot
from proeftuin.heads import head
from proeftuin.spi import Commit, Entry, Personal, Receipt, Store

TENANT = "default"
BEGAN = datetime(2026, 1, 5, 9, tzinfo=UTC)
RECEIPT = Receipt("key-1", "f" * 64, b'{"after":0}')


def started(pilot_id: str, **data: Any) -> Event:
    words = {"workflow": "plain@1", "hash": "0" * 64, "state": "exploring", "phase": "exploration", "ref": None}
    words |= {"set": {"title": "Catering", "organisation": "UU"}} | data
    return _event(pilot_id, 1, "pilot.started", words)


def changed(pilot: Pilot, **words: Any) -> Event:
    return _event(pilot.id, pilot.version + 1, "pilot.changed", {"set": words})


def moved(pilot: Pilot, to: str, phase: str) -> Event:
    return _event(pilot.id, pilot.version + 1, "pilot.moved", {"from": pilot.state, "to": to, "phase": phase})


def opened(pilot: Pilot, track: str, to: str) -> Event:
    data = {"kind": "supplier", "to": to, "party": track}
    return _event(pilot.id, pilot.version + 1, "track.opened", data, track)


def _event(pilot_id: str, version: int, kind: str, data: Any, track: str | None = None) -> Event:
    at = BEGAN + timedelta(hours=version, microseconds=version)
    return Event(pilot_id, version, kind, at, date(2026, 1, 5), "ann", "coordinator", "change", track, freeze(data))


def written(
    before: Pilot | None,
    *events: Event,
    tenant: str = TENANT,
    receipt: Receipt | None = None,
    personal: tuple[Personal, ...] = (),
) -> tuple[Commit, Pilot]:
    """The commit that writes these events on a pilot, and the pilot after it."""
    pilot, entries = before, list[Entry]()
    for event in events:
        previous = pilot.digest if pilot else codec.genesis(event.pilot_id)
        sealed, entry = codec.seal(event, previous)
        entries.append(entry)
        pilot = evolve(pilot, sealed)
    assert pilot is not None
    expected = before.version if before else 0
    return Commit(tenant, pilot.id, expected, tuple(entries), head(pilot), receipt, personal), pilot


def begin(store: Store, pilot_id: str = "p1", tenant: str = TENANT, **data: Any) -> Pilot:
    """Write a new pilot."""
    commit, pilot = written(None, started(pilot_id, **data), tenant=tenant)
    store.append(commit)
    return pilot


def advance(store: Store, pilot: Pilot, count: int = 1, tenant: str = TENANT, **words: Any) -> Pilot:
    """Write so many changes on a pilot, each a commit of its own."""
    for _ in range(count):
        commit, pilot = written(pilot, changed(pilot, note=f"{pilot.version + 1}", **words), tenant=tenant)
        store.append(commit)
    return pilot


def crowd(count: int = 1000) -> list[Commit]:
    """So many other pilots, whose ids lie on both sides of those of a test."""
    return [written(None, started(f"{'az'[number % 2]}-{number:04}"))[0] for number in range(count)]


def stored(store: Store, pilot_id: str = "p1", tenant: str = TENANT) -> Pilot | None:
    """The pilot as its stored head says."""
    loaded = store.load(tenant, pilot_id)
    return None if loaded is None or loaded.head is None else codec.decode_pilot(loaded.head.body)


def versions(store: Store, pilot_id: str = "p1", *, tenant: str = TENANT, **span: Any) -> list[int]:
    return [entry.version for entry in store.history(tenant, pilot_id, **span)]


def everything(store: Store, *pilot_ids: str, tenant: str = TENANT) -> list[Any]:
    """All that a store says about some pilots, to compare before with after."""
    return [
        (
            store.load(tenant, name),
            tuple(store.history(tenant, name)),
            store.receipt(tenant, name, RECEIPT.key),
            store.personal(tenant, name),
        )
        for name in pilot_ids
    ]


class Spy(sqlite3.Connection):
    """A connection that tells a listener of each statement, before and after it is run."""

    listener: Callable[[str, bool], None] | None = None

    def execute(self, sql: str, values: Any = (), /) -> sqlite3.Cursor:
        if Spy.listener is not None:
            Spy.listener(sql, False)  # noqa: FBT003  # before it is run
        cursor = super().execute(sql, values)
        if Spy.listener is not None:
            Spy.listener(sql, True)  # noqa: FBT003  # after it was run
        return cursor


@contextmanager
def spied(listener: Callable[[str, bool], None]) -> Iterator[None]:
    """Let a listener hear the statements of all connections that were opened under `spying`."""
    Spy.listener = staticmethod(listener)
    try:
        yield
    finally:
        Spy.listener = None


@contextmanager
def spying() -> Iterator[None]:
    """Make the connections that are opened in here ones that can be listened to."""
    real = sqlite3.connect
    sqlite3.connect = partial(real, factory=Spy)  # type: ignore[assignment]  # takes what the real one takes
    try:
        yield
    finally:
        sqlite3.connect = real


def path_url(path: Path, query: str = "") -> str:
    return f"sqlite:///{path}{query}"
