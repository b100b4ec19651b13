"""The store: what each call asks of Redis.

1. One append is one script, which judges all commits and then writes them; Redis runs nothing else meanwhile.
2. With a callback there are two: one that judges, then the callback, then the one that judges again and writes. So what
   the callback raises undoes nothing, as nothing was written; and a commit that lost meanwhile is told as any other.
3. One load is one script, so version, head and receipt are of one moment.
4. What may be long is read in parts: histories, receipts, and the pilots that a question looks at. So each pilot in a
   page is as of one moment, and the page is not.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from threading import local
from typing import Any

from proeftuin.errors import Conflict, CorruptStore, PilotExists, Reentered, StoreError
from proeftuin.spi import Commit, Entry, Loaded, Page, Personal, Query, Receipt, Tally, Wanted
from proeftuin.spi.checks import MAX_INTEGER, bounded, check_commits, check_query
from proeftuin_redis._keeping import Keeping
from proeftuin_redis._lanes import Lanes
from proeftuin_redis._server import Server
from proeftuin_redis._values import (
    behind,
    commit_of,
    entry_of,
    filters_of,
    head_of,
    maybe,
    personal_of,
    raw,
    reading,
    receipt_of,
    summary_of,
)
from proeftuin_redis._wire import Wire

PART = 64  # events or receipts that are read at once
STEP = 1000  # as in asking.lua
SEVERAL = 100  # pilots that are loaded at once


class RedisStore(Lanes, Keeping):
    """Pilots in Redis. Made by `open_redis`."""

    multi_process = True
    multi_pilot = True

    def __init__(self, wire: Wire, server: Server, timeout: float) -> None:
        Lanes.__init__(self, wire)
        Keeping.__init__(self, wire, server, timeout)
        self.durable = server.durable
        self._inside = local()

    def load(self, tenant: str, pilot_id: str, *, key: str | None = None, have: int | None = None) -> Loaded | None:
        """See `proeftuin.spi.Store.load`."""
        return self._loaded(tenant, (Wanted(pilot_id, key, have),))[0]

    def load_many(self, tenant: str, wanted: Sequence[Wanted]) -> tuple[Loaded | None, ...]:
        """See `proeftuin.spi.Bulk.load_many`."""
        self._wire.check_open()
        parts = (wanted[place : place + SEVERAL] for place in range(0, len(wanted), SEVERAL))
        return tuple(one for few in parts for one in self._loaded(tenant, few))

    def _loaded(self, tenant: str, wanted: Sequence[Wanted]) -> list[Loaded | None]:
        given: list[bytes | int] = [raw(tenant), len(wanted)]
        for one in wanted:
            key = maybe(None if one.key is None else raw(one.key))
            given += [raw(one.pilot_id), key, b"" if one.have is None else one.have]
        about = f"pilot {wanted[0].pilot_id!r}" if len(wanted) == 1 else f"{len(wanted)} pilots"
        rows = self._wire.ask("asking", "load", *given, about=about)
        return [_loaded(one, row) for one, row in zip(wanted, rows, strict=True)]

    def append(self, *commits: Commit, recorded: Callable[[object], None] | None = None) -> None:
        """See `proeftuin.spi.Store.append`."""
        check_commits(commits)
        self._wire.check_open()
        if getattr(self._inside, "callback", False):
            raise Reentered("a `recorded` callback")
        if not commits:
            return
        given = [len(commits), *(one for commit in commits for one in commit_of(commit))]
        about = _names(commits)
        if recorded is not None:
            _raise(commits, self._wire.ask("append", "judge", *given, about=about))
            self._inside.callback = True
            try:
                recorded(None)
            finally:
                self._inside.callback = False
        _raise(commits, self._wire.tell("append", "append", *given, about=about))

    def history(self, tenant: str, pilot_id: str, *, after: int = 0, upto: int | None = None) -> Iterator[Entry]:
        """See `proeftuin.spi.Store.history`."""
        about = f"the history of pilot {pilot_id!r}"
        after, last = bounded(after), MAX_INTEGER if upto is None else bounded(upto)
        self._wire.check_open()
        while after < last:
            given = (raw(tenant), raw(pilot_id), after, min(after + PART, last) - 1)
            rows = self._wire.ask("asking", "history", *given, about=about)
            with reading(f"{about} behind version {after}"):
                found = [entry_of(row) for row in rows]
            yield from found
            if len(found) < PART:
                return
            after += PART

    def receipt(self, tenant: str, pilot_id: str, key: str) -> Receipt | None:
        """See `proeftuin.spi.Store.receipt`."""
        about = f"a receipt of pilot {pilot_id!r}"
        kept = self._wire.ask("asking", "receipt", raw(tenant), raw(pilot_id), raw(key), about=about)
        with reading(about):
            return None if kept is None else receipt_of(key, kept)

    def receipts(self, tenant: str, pilot_id: str) -> Iterator[Receipt]:
        """See `proeftuin.spi.Store.receipts`."""
        about, after = f"the receipts of pilot {pilot_id!r}", None
        while True:
            given = (raw(tenant), raw(pilot_id), behind(after), PART)
            rows = self._wire.ask("asking", "receipts", *given, about=about)
            with reading(about):
                found = [receipt_of(key.decode(), kept) for key, kept in rows]
            yield from found
            if len(found) < PART:
                return
            after = found[-1].key

    def personal(self, tenant: str, pilot_id: str) -> tuple[Personal, ...]:
        """See `proeftuin.spi.Store.personal`."""
        about = f"the subjects of pilot {pilot_id!r}"
        flat = self._wire.ask("asking", "personal", raw(tenant), raw(pilot_id), about=about)
        with reading(about):
            return personal_of(flat)

    def find(self, query: Query) -> Page:
        """See `proeftuin.spi.Store.find`."""
        check_query(query)
        place, rows, wanted = behind(query.after), list[Any](), query.limit + 1
        while place and len(rows) < wanted:
            place, found = self._walk("find", query, place, min(wanted - len(rows), STEP))
            rows += found
        items = []
        for name, *row in rows[: query.limit]:
            told = name.decode(errors="replace")
            with reading(f"pilot {told!r}", told):
                items.append(summary_of(name.decode(), row))
        return Page(tuple(items), items[-1].id if len(rows) > query.limit else None)

    def count(self, query: Query) -> tuple[Tally, ...]:
        """See `proeftuin.spi.Store.count`."""
        check_query(query)
        place, counts = behind(None), Counter[bytes]()
        while place:
            place, found = self._walk("count", query, place)
            counts.update(dict(found))
        tallies = []
        with reading(f"the pilots of {query.tenant!r}"):
            for name, number in counts.items():
                phase, state = name.decode().split("\0")
                tallies.append(Tally(phase, state, number))
        return tuple(sorted(tallies))

    def _walk(self, act: str, query: Query, place: bytes, *more: int) -> tuple[bytes, Any]:
        """Look at so many pilots from a place on; return the next place, nothing at the end, and what was found."""
        given = (raw(query.tenant), *more, place, *filters_of(query))
        last, found = self._wire.ask("asking", act, *given, about=f"the pilots of {query.tenant!r}")
        return b"" if last is None else b"(" + last, found

    def close(self) -> None:
        """See `proeftuin.spi.Store.close`."""
        self._wire.close()


def _loaded(wanted: Wanted, row: Any) -> Loaded | None:  # noqa: ANN401  # what the script gives
    if row is None:
        return None
    version, receipt, head = row
    with reading(f"the head of pilot {wanted.pilot_id!r}"):
        return Loaded(
            int(version),
            None if head is None else head_of(wanted.pilot_id, head),
            None if receipt is None or wanted.key is None else receipt_of(wanted.key, receipt),
        )


def _raise(commits: Sequence[Commit], fault: Any) -> None:  # noqa: ANN401  # what the script gives
    """Raise what speaks against a commit, if anything does."""
    if fault is None:
        return
    number, what, actual = fault
    commit, version = commits[number], int(actual)
    match what:
        case b"id":
            raise PilotExists(commit.pilot_id)
        case b"ref":
            raise PilotExists(commit.pilot_id, commit.head.summary.ref)
        case b"version":
            raise Conflict(commit.pilot_id, commit.expected, version)
        case b"subject":
            raise StoreError(f"a subject of pilot {commit.pilot_id!r} was issued before; nothing was written")
        case _:
            raise CorruptStore(
                f"pilot {commit.pilot_id!r} is at version {version}, and its history has another number of events; "
                "nothing was written"
            )


def _names(commits: Sequence[Commit]) -> str:
    first = f"pilot {commits[0].pilot_id!r}"
    return first if len(commits) == 1 else f"{first} and {len(commits) - 1} more"
