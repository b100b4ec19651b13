"""The part of the SQL store that passes hints on: `proeftuin.spi.Wakes`.

1. Where the database can tell other processes, as PostgreSQL can, a hint is a statement of its own on a connection that
   lies idle. Where none does nothing is sent: whoever has just committed must not wait for one.
2. Where it cannot, a hint reaches the listeners of this process.
3. A listener has a connection of its own, outside the pool, and waits for whichever speaks first: that, or `stop`.
"""

import socket
from contextlib import ExitStack, suppress
from selectors import EVENT_READ, DefaultSelector
from time import monotonic
from typing import Any, Protocol, runtime_checkable

from proeftuin.errors import StoreError, StoreUnavailable
from proeftuin.spi.hints import Listener
from proeftuin.storage.bell import Bell
from proeftuin.storage.sql.access import Access
from proeftuin.storage.sql.connections import Supply
from proeftuin.storage.sql.database import Database, translating


@runtime_checkable
class Notifying(Database, Protocol):
    """A database whose sessions can tell each other something."""

    @property
    def channel(self) -> str:
        """Under which name, as it stands in a statement."""

    def heard(self, connection: Any) -> bool:  # noqa: ANN401  # the driver's own connection
        """Whether something was told to a connection since it was last asked; it does not wait."""


class Hints(Access):
    """Hints to whoever listens."""

    def __init__(self, database: Database, connections: Supply) -> None:
        super().__init__(database, connections)
        self._bell = Bell()

    def wake(self) -> None:
        """See `proeftuin.spi.Wakes.wake`."""
        self._connections.there()
        database = self._database
        if not isinstance(database, Notifying):
            self._bell.ring()
            return
        connection = self._connections.spare()
        if connection is None:
            return
        try:
            with translating(database):
                database.do(connection, f"NOTIFY {database.channel}")
        finally:
            self._connections.give(connection)

    def listen(self) -> Listener:
        """See `proeftuin.spi.Wakes.listen`."""
        self._connections.there()
        return Notified(self._database) if isinstance(self._database, Notifying) else self._bell.listen()


class Notified:
    """Whoever listens on a connection; see `proeftuin.spi.Listener`."""

    def __init__(self, database: Notifying) -> None:
        self._database = database
        with ExitStack() as opened:
            try:
                self._selector = opened.enter_context(DefaultSelector())
                self._stop, self._stopped = map(opened.enter_context, socket.socketpair())
            except OSError as odd:
                raise StoreUnavailable(f"{database.name} cannot be listened to: {odd}") from odd
            self._stop.settimeout(0)
            self._connection = database.open()
            opened.callback(self._hang_up)
            with translating(database):
                database.do(self._connection, f"LISTEN {database.channel}")
            for one in (self._connection, self._stopped):
                self._selector.register(one, EVENT_READ)
            self._opened = opened.pop_all()

    def wait(self, seconds: float) -> bool:
        """See `proeftuin.spi.Listener.wait`."""
        ends = monotonic() + seconds
        try:
            while not self._heard():
                left = ends - monotonic()
                ready = self._selector.select(left) if left > 0 else []
                if not ready or any(key.fileobj is self._stopped for key, _ in ready):
                    return self._heard()
        except StoreError:
            self.close()
            raise
        return True

    def _heard(self) -> bool:
        with translating(self._database):
            return self._database.heard(self._connection)

    def stop(self) -> None:
        """See `proeftuin.spi.Listener.stop`."""
        with suppress(OSError):  # it is closed, or was told so often that nothing more goes in
            self._stop.send(b"!")

    def close(self) -> None:
        """See `proeftuin.spi.Listener.close`."""
        self._opened.close()

    def _hang_up(self) -> None:
        with suppress(*self._database.errors):  # one that is broken already
            self._connection.close()
