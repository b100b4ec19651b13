"""The one door to the driver: a script is sent on a connection of its own, and its answer is read or told as an error.

1. A connection is taken and found whole before a command is sent, so that what was not sent can be told from what may
   have been done. The driver's own retries are off: a write is never sent twice.
2. A script that the server does not know is given to it, and asked for again: of the first call nothing was run.
3. Closing lets the calls that are under way come to their end. The last of them closes the connections.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import sha1
from importlib.resources import files
from threading import Lock
from typing import Any

from attrs import frozen
from redis import ConnectionPool
from redis.backoff import NoBackoff
from redis.connection import Connection
from redis.exceptions import NoScriptError, RedisError
from redis.retry import Retry

from proeftuin.errors import StoreUnavailable
from proeftuin.spi import renewed
from proeftuin_redis._address import Address
from proeftuin_redis._faults import CLOSED, answered, broken, unreachable

READING = "#!lua flags=no-writes\n"
WRITING = "#!lua\n"

Given = bytes | str | int


@frozen
class Script:
    """A text that Redis runs, and the name that Redis has for it."""

    text: str
    digest: str


@cache
def script(name: str, head: str) -> Script:
    """Return a script of this package, told to Redis as one that reads only or as one that writes."""
    folder = files("proeftuin_redis") / "scripts"
    text = head + "\n".join((folder / f"{one}.lua").read_text(encoding="utf-8") for one in ("common", name))
    return Script(text, sha1(text.encode(), usedforsecurity=False).hexdigest())


class Wire:
    """Connections to one Redis. It may be used by any thread."""

    def __init__(self, address: Address) -> None:
        self.place = address.place
        self._keys = f"{address.prefix}/"
        self._pool = ConnectionPool.from_url(
            address.url,
            protocol=2,
            retry=Retry(NoBackoff(), 0),
            socket_timeout=address.timeout,
            socket_connect_timeout=address.timeout,
        )
        self._closed = False
        self.renew()
        renewed(self)

    def renew(self) -> None:
        """Begin anew in a process that was forked off, which has none of its parent's calls; the driver does so too."""
        self._lock = Lock()
        self._under_way = 0

    def ask(self, name: str, act: str, *given: Given, about: str) -> Any:  # noqa: ANN401  # each script gives its own
        """Run a script that reads."""
        return self._run(script(name, READING), act, given, about, writing=False)

    def tell(self, name: str, act: str, *given: Given, about: str) -> Any:  # noqa: ANN401  # as above
        """Run a script that writes."""
        return self._run(script(name, WRITING), act, given, about, writing=True)

    def command(self, *words: str, about: str) -> Any:  # noqa: ANN401  # each command gives its own
        """Send a command that touches no pilot."""
        with self._connection() as connection, self._judged(about, writing=False):
            return _answer(connection, *words)

    def close(self) -> None:
        """Take no more calls."""
        with self._lock:
            self._closed = True
            idle = self._under_way == 0
        if idle:
            self._pool.disconnect()

    def check_open(self) -> None:
        """Raise `StoreUnavailable` where it is closed."""
        if self._closed:
            raise StoreUnavailable(CLOSED)

    def _run(self, one: Script, act: str, given: tuple[Given, ...], about: str, *, writing: bool) -> Any:  # noqa: ANN401  # as above
        with self._connection() as connection, self._judged(about, writing=writing):
            call = ("EVALSHA", one.digest, 1, self._keys, act, *given)
            try:
                return _answer(connection, *call)
            except NoScriptError:
                _answer(connection, "SCRIPT LOAD", one.text)
                return _answer(connection, *call)

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        with self._lock:
            self.check_open()
            self._under_way += 1
        try:
            connection = self._taken()
            try:
                yield connection
            finally:
                self._pool.release(connection)
        finally:
            with self._lock:
                self._under_way -= 1
                last = self._closed and self._under_way == 0
            if last:
                self._pool.disconnect()

    def _taken(self) -> Connection:
        try:
            return self._pool.get_connection()
        except (RedisError, OSError) as error:
            raise unreachable(error, self.place) from error

    @contextmanager
    def _judged(self, about: str, *, writing: bool) -> Iterator[None]:
        try:
            yield
        except (RedisError, OSError) as error:
            known = answered(error, self.place, about) if isinstance(error, RedisError) else None
            raise known or broken(self.place, about, writing=writing) from error


def _answer(connection: Connection, *words: Given) -> Any:  # noqa: ANN401  # whatever Redis gives
    connection.send_command(*words)  # type: ignore[no-untyped-call]  # the driver does not say what it takes
    return connection.read_response()
