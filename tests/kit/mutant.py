"""What a broken store is: a good one with one fault, and the cases that are named for that fault."""

import sqlite3
from collections.abc import Callable
from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from typing import Any, ClassVar

from proeftuin.core.structs import replace
from proeftuin.spi import Commit, Entry
from proeftuin.spi.checks import check_commits
from proeftuin.storage.memory import MemoryStore
from proeftuin.storage.sql import SqlStore, open_sqlite

LONGEST = 0.02  # seconds that one thread waits in a gap for another to come


class Gap:
    """A moment between two steps of a store, in which threads meet, if so many come: the worst luck there can be."""

    def __init__(self, threads: int = 2) -> None:
        self._meeting = Barrier(threads)

    def __call__(self) -> None:
        with suppress(BrokenBarrierError):
            self._meeting.wait(LONGEST)
        if self._meeting.broken:
            self._meeting.reset()


class InMemory(MemoryStore):
    """The reference with one fault, told by the docstring of each class below it."""

    named: ClassVar[tuple[str, ...]] = ()

    def __init__(self, url: str = "memory://") -> None:
        super().__init__()
        self.gap = Gap()

    @classmethod
    def open(cls, url: str) -> "InMemory":
        return cls(url)


class OnSqlite(SqlStore):
    """The SQLite store with one fault, told by the docstring of each class below it."""

    named: ClassVar[tuple[str, ...]] = ()
    url: str

    @classmethod
    def open(cls, url: str) -> "OnSqlite":
        store: Any = open_sqlite(f"{url}?busy_timeout=0.3")
        store.__class__ = cls
        store.url = url
        store.begin()
        return store  # type: ignore[no-any-return]  # it has become one

    def begin(self) -> None:
        """Set up what the fault needs."""

    def statement(self, text: str, *values: str) -> None:
        """Run a statement beside the store."""
        connection = sqlite3.connect(self.file, isolation_level=None)
        try:
            connection.execute(text, values)
        finally:
            connection.close()

    @property
    def file(self) -> str:
        return self.url.removeprefix("sqlite:///")


def rewritten(commit: Commit, body: Callable[[bytes], bytes]) -> Commit:
    """The commit with other bodies of its events and head, under the old digests."""
    entries = tuple(replace(one, body=body(one.body)) for one in commit.entries)
    return replace(commit, entries=entries, head=replace(commit.head, body=body(commit.head.body)))


class Rewriting(InMemory):
    """Writes something else than it was given."""

    def append(self, *commits: Commit, recorded: Callable[[object], None] | None = None) -> None:
        check_commits(commits)
        super().append(*map(self.changed, commits), recorded=recorded)

    def changed(self, commit: Commit) -> Commit:
        raise NotImplementedError


def numbered(entries: list[Entry], after: int, upto: int | None) -> list[Entry]:
    return [one for one in entries if after < one.version and (upto is None or one.version <= upto)]
