"""Connections to one database: opened and asserted, lent out, taken back clean, and let go of before a fork.

1. A connection is used by one thread at a time, and comes back outside any transaction, or is closed. Where one turns
   out to be broken, those that lie idle are closed too: a server that was restarted has forgotten all of them. Whether
   the server closed one that lay idle is looked at before it is lent: of a write nobody could tell what came of it.
2. Where a database has one writer, one thread of a process writes at a time: SQLite's own way of waiting is unfair.
3. A process that forks lets go of all its connections first. SQLite keeps a table of its file locks in memory, which a
   child would inherit without the locks: measured, even a connection that the child opened by itself then loses commits
   that it was told were durable, as soon as the parent closes its own. And two processes on one socket speak at once.

Our own pool, of some sixty lines: taking and giving back costs 1 us, SQLAlchemy's 13, and reading a pilot 10.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from threading import Condition, Lock, get_ident
from typing import Any, Protocol
from weakref import WeakSet

from proeftuin.errors import OutcomeUnknown, Reentered, StoreBusy, StoreUnavailable
from proeftuin.storage.sql.database import Database

KEPT_OPEN = 8


class Supply(Protocol):
    """Where a store gets its connections: a pool, or the one that the host lent."""

    @property
    def hosted(self) -> bool:
        """Whether the transaction is the host's."""

    def take(self) -> Any:  # noqa: ANN401  # the driver's own connection
        """Borrow a connection; give it back in a `finally`."""

    def spare(self) -> Any:  # noqa: ANN401  # the same
        """Borrow a connection that lies idle, if there is one; never wait, and open none."""

    def give(self, connection: Any) -> None:  # noqa: ANN401  # the same
        """Take a connection back."""

    def there(self) -> None:
        """Refuse where there will be no connection any more."""

    def enter(self) -> None:
        """Refuse to write from inside a `recorded` callback."""

    def writing(self) -> Any:  # noqa: ANN401  # a context manager of the driver's own connection
        """Hold a transaction for a block: kept at its end, undone by whatever is raised in it."""

    def close(self) -> None:
        """Let go of everything."""


class Connections:
    """A pool of connections.

    Args:
        database: opens them, and says what they can do.
    """

    hosted = False

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = Lock()
        self._gate = Condition(self._lock)  # entered by the lock itself, which takes a third of the time
        self._waiting = 0
        self._idle: list[Any] = []
        self._lent = 0
        self._closed = False
        self._draining = False
        self._forked = False
        self._turn = Lock()
        self._writers: set[int] = set()
        _ALL.add(self)

    def take(self) -> Any:  # noqa: ANN401  # see `Supply`
        """Borrow a connection; give it back in a `finally`."""
        while True:
            with self._lock:
                self._wait()
                self._lent += 1
                if not self._idle:
                    break
                connection = self._idle.pop()
            if self._database.quiet(connection):
                return connection
            self._return(None)
            self._discard(connection)
        try:
            return self._database.open()
        except BaseException:
            self._return(None)
            raise

    def spare(self) -> Any:  # noqa: ANN401  # see `Supply`
        """Borrow a connection that lies idle, if there is one; never wait, and open none."""
        with self._lock:
            if not self._idle or self._draining or self._closed or self._forked:
                return None
            self._lent += 1
            return self._idle.pop()

    def there(self) -> None:
        """Refuse where there will be no connection any more."""
        name = self._database.name
        if self._closed:
            raise StoreUnavailable(f"{name} was closed; open it anew")
        if self._forked:
            raise StoreUnavailable(f"{name} was in use when this process was forked off; open it before or after")

    def _wait(self) -> None:
        """Wait for a connection to be free, inside the gate; refuse where there will be none."""
        name, size = self._database.name, self._database.size
        if self._draining:
            self._until(lambda: not self._draining, None)
        self.there()
        if size and self._lent >= size:
            if not self._until(lambda: self._lent < size or self._closed, self._database.patience):
                raise StoreBusy(f"{name} had all its {size} connections in use for too long; try again")
            self._wait()

    def _until(self, holds: Callable[[], bool], timeout: float | None) -> bool:
        """Wait inside the gate until something holds, or for so many seconds; return whether it does."""
        self._waiting += 1
        try:
            return self._gate.wait_for(holds, timeout)
        finally:
            self._waiting -= 1

    def give(self, connection: Any) -> None:  # noqa: ANN401  # see `Supply`
        """Take a connection back; one that cannot be brought out of its transaction is closed."""
        clean = False
        try:
            if self._database.alive(connection):
                if self._database.in_transaction(connection):
                    connection.rollback()
                clean = True
        except self._database.errors:
            pass  # what went wrong was raised already, where it was noticed
        finally:
            self._return(connection if clean else None)
            if not clean:
                self._discard(connection)

    def enter(self) -> None:
        """Refuse to write from inside a `recorded` callback."""
        if get_ident() in self._writers:
            raise Reentered("a `recorded` callback")

    def writing(self) -> "_Transaction":
        """Hold a write transaction: committed at the end of the block, undone by whatever is raised in it."""
        return _Transaction(self)

    def begin(self) -> Any:  # noqa: ANN401  # see `Supply`
        """Take a connection and begin a transaction on it; `end` gives it back."""
        self.enter()
        database = self._database
        if database.one_writer and not self._turn.acquire(timeout=database.patience):
            raise StoreBusy(
                f"{database.name} was written by other threads for too long; nothing was written, try again"
            )
        connection = None
        try:
            self._writers.add(get_ident())
            connection = self.take()
            database.do(connection, database.begin)
        except BaseException as error:
            self._leave(connection)
            if isinstance(error, database.errors):
                raise database.translated(error) from error
            raise
        return connection

    def end(self, connection: Any, *, keep: bool) -> None:  # noqa: ANN401  # see `Supply`
        """Commit or undo a transaction, and give its connection back."""
        try:
            if keep:
                self._commit(connection)
        finally:
            self._leave(connection)

    def _leave(self, connection: Any) -> None:  # noqa: ANN401  # see `Supply`
        try:
            if connection is not None:
                self.give(connection)
        finally:
            self._writers.discard(get_ident())
            if self._database.one_writer:
                self._turn.release()

    def close(self) -> None:
        """Close what is idle now, and what is lent when it comes back."""
        with self._gate:
            self._closed = True
            self._close_idle()
            self._gate.notify_all()

    def _commit(self, connection: Any) -> None:  # noqa: ANN401  # see `Supply`
        try:
            if not self._database.in_transaction(connection):
                raise OutcomeUnknown("a `recorded` callback ended the transaction; it may be written, so look again")
            self._database.do(connection, "COMMIT")
        except self._database.errors as error:
            raise self._database.at_commit(error) from error

    def _return(self, connection: Any) -> None:  # noqa: ANN401  # see `Supply`
        with self._lock:
            self._lent -= 1
            if connection is not None:
                if self._closed or len(self._idle) >= (self._database.size or KEPT_OPEN):
                    self._close(connection)
                else:
                    self._idle.append(connection)
            if self._waiting:
                self._gate.notify_all()

    def _discard(self, connection: Any) -> None:  # noqa: ANN401  # see `Supply`
        self._close(connection)
        with self._gate:
            self._close_idle()

    def _close_idle(self) -> None:
        while self._idle:
            self._close(self._idle.pop())

    def _close(self, connection: Any) -> None:  # noqa: ANN401  # see `Supply`
        with suppress(*self._database.errors):  # one that is broken already
            connection.close()

    def before_fork(self) -> None:
        """Wait until nothing is lent, close all, and keep the gate shut."""
        self._gate.acquire()
        self._draining = True
        if get_ident() not in self._writers:  # a callback that forks would wait for itself
            self._until(lambda: not self._lent, self._database.patience)
        self._close_idle()

    def after_fork(self, *, child: bool) -> None:
        """Open the gate; a child whose parent was in the middle of something may not use this store."""
        if child:
            self._turn = Lock()
            self._writers.clear()
            self._forked = self._lent > 0
        self._draining = False
        self._gate.notify_all()
        self._gate.release()


class _Transaction:
    """One write transaction. A class, as a generator would take three times as long."""

    __slots__ = ("_connection", "_pool")

    def __init__(self, pool: Connections) -> None:
        self._pool = pool

    def __enter__(self) -> Any:  # noqa: ANN401  # see `Supply`
        self._connection = self._pool.begin()
        return self._connection

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._pool.end(self._connection, keep=kind is None)


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
