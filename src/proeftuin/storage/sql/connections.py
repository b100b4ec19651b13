"""Connections to one SQLite file: opened and asserted, lent out, taken back clean, and let go of before a fork.

1. A connection is used by one thread at a time, and comes back outside any transaction, or is closed.
2. One thread of a process writes at a time; SQLite has one writer anyway, and its own way of waiting is unfair.
3. A process that forks lets go of all its connections first. SQLite keeps a table of its file locks in memory, which a
   child would inherit without the locks: measured, even a connection that the child opened by itself then loses commits
   that it was told were durable, as soon as the parent closes its own.

Our own pool, of thirty lines: taking and giving back costs 1 us, SQLAlchemy's 13, and reading a pilot 10.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition, Lock, get_ident
from weakref import WeakSet

from proeftuin.errors import OutcomeUnknown, Reentered, StoreBusy, StoreUnavailable
from proeftuin.storage.sql.faults import DRIVER, at_commit, translating

KEPT_OPEN = 8

Opener = Callable[[], sqlite3.Connection]


class Connections:
    """A pool of connections, and the transaction of the one writer.

    Args:
        opened: gives a new connection, ready to use.
        name: the database, as the user wrote it.
        patience: how long to wait for another writer, in seconds.
    """

    def __init__(self, opened: Opener, name: str, patience: float) -> None:
        self._opened = opened
        self._name = name
        self._patience = patience
        self._gate = Condition()
        self._idle: list[sqlite3.Connection] = []
        self._lent = 0
        self._closed = False
        self._draining = False
        self._forked = False
        self._turn = Lock()
        self._writer: int | None = None
        _ALL.add(self)

    def take(self) -> sqlite3.Connection:
        """Borrow a connection; give it back in a `finally`."""
        with self._gate:
            while self._draining:
                self._gate.wait()
            if self._closed:
                raise StoreUnavailable(f"{self._name} was closed; open it anew")
            if self._forked:
                raise StoreUnavailable(
                    f"{self._name} was in use when this process was forked off; open it before or after"
                )
            self._lent += 1
            if self._idle:
                return self._idle.pop()
        try:
            return self._opened()
        except BaseException:
            self._return(None)
            raise

    def give(self, connection: sqlite3.Connection) -> None:
        """Take a connection back; one that cannot be brought out of its transaction is closed."""
        clean = False
        try:
            if connection.in_transaction:
                connection.rollback()
            clean = True
        except sqlite3.Error:
            pass  # what went wrong was raised already, where it was noticed
        finally:
            self._return(connection if clean else None)
            if not clean:
                connection.close()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Hold the one write transaction: committed at the end of the block, undone by whatever is raised in it."""
        if self._writer == get_ident():
            raise Reentered("a `recorded` callback")
        if not self._turn.acquire(timeout=self._patience):
            raise StoreBusy(f"{self._name} was written by other threads for too long; nothing was written, try again")
        try:
            self._writer = get_ident()
            connection = self.take()
            try:
                with translating(self._name):
                    connection.execute("BEGIN IMMEDIATE")
                yield connection
                self._commit(connection)
            finally:
                self.give(connection)
        finally:
            self._writer = None
            self._turn.release()

    def close(self) -> None:
        """Close what is idle now, and what is lent when it comes back."""
        with self._gate:
            self._closed = True
            self._close_idle()

    def _commit(self, connection: sqlite3.Connection) -> None:
        if not connection.in_transaction:
            raise OutcomeUnknown("a `recorded` callback ended the transaction; it may have been written, so look again")
        try:
            connection.execute("COMMIT")
        except DRIVER as error:
            raise at_commit(error, self._name) from error

    def _return(self, connection: sqlite3.Connection | None) -> None:
        with self._gate:
            self._lent -= 1
            if connection is not None:
                if self._closed or len(self._idle) >= KEPT_OPEN:
                    connection.close()
                else:
                    self._idle.append(connection)
            if not self._lent:
                self._gate.notify_all()

    def _close_idle(self) -> None:
        while self._idle:
            self._idle.pop().close()

    def before_fork(self) -> None:
        """Wait until nothing is lent, close all, and keep the gate shut."""
        self._gate.acquire()
        self._draining = True
        if self._writer != get_ident():  # a callback that forks would wait for itself
            self._gate.wait_for(lambda: not self._lent, timeout=self._patience)
        self._close_idle()

    def after_fork(self, *, child: bool) -> None:
        """Open the gate; a child whose parent was in the middle of something may not use this store."""
        if child:
            self._turn = Lock()
            self._writer = None
            self._forked = self._lent > 0
        self._draining = False
        self._gate.notify_all()
        self._gate.release()


_ALL: WeakSet[Connections] = WeakSet()
_forking = Lock()
_shut: list[Connections] = []


def _before_fork() -> None:
    _forking.acquire()
    for one in list(_ALL):
        one.before_fork()
        _shut.append(one)


def _after_fork(*, child: bool) -> None:
    while _shut:
        _shut.pop().after_fork(child=child)
    _forking.release()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_before_fork,
        after_in_parent=lambda: _after_fork(child=False),
        after_in_child=lambda: _after_fork(child=True),
    )
