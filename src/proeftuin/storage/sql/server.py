"""What the databases that are servers have in common: how a URL is read, a store opened, and an error told."""

from types import MappingProxyType
from typing import TypeVar

from attrs import frozen
from sqlalchemy import URL

from proeftuin.errors import (
    BadArgument,
    CorruptStore,
    OutcomeUnknown,
    ProeftuinError,
    SchemaTooOld,
    StoreBusy,
    StoreError,
    StoreFull,
    StoreUnavailable,
)
from proeftuin.storage.sql import schema
from proeftuin.storage.sql.connections import Connections
from proeftuin.storage.sql.database import DEFAULT_PATIENCE, parsed, place, seconds, translating, whole
from proeftuin.storage.sql.store import SqlStore
from proeftuin.storage.sql.tables import Tables
from proeftuin.storage.sql.writes import Writes

TIMES_AS_LONG, LEAST_IDLE = 6, 5.0  # how long a transaction may stand still: so many times a wait, seconds at least
POOL = 10
LARGEST_POOL = 1000
OURS = ("prefix", "schema", "pool_size", "timeout")

# What can go wrong, by a word for it; a driver's module says which of its errors is which.
_TOLD = MappingProxyType(
    {
        "busy": (StoreBusy, "was locked by others for too long, or met them; nothing was written, try again"),
        "crowded": (StoreBusy, "has too many connections; nothing was written, try again"),
        "full": (StoreFull, "has no room left; nothing was written, make room and try again"),
        "lost": (StoreUnavailable, "cannot be reached; nothing was written"),
        "absent": (StoreUnavailable, "is not there, or has no such schema; make it first, nothing was written"),
        "barred": (StoreUnavailable, "may not be used by this account; nothing was written"),
        "read-only": (StoreUnavailable, "cannot be written, it is read-only; nothing was written"),
        "no tables": (SchemaTooOld, "has no tables of proeftuin; run `proeftuin db upgrade --store URL` once"),
        "damaged": (CorruptStore, "is damaged; restore a copy, and run `proeftuin verify` on it"),
        "other": (StoreError, "refused the statement; nothing was written"),
    }
)


def told(word: str, name: str, code: object) -> ProeftuinError:
    """Return our error for one of a driver's, with its code but not its text, which may hold what is secret."""
    if word == "value":
        return BadArgument("value", f"{name} ({code}) cannot keep it: it is no text, or a number over 64 bits")
    kind, problem = _TOLD[word]
    return kind(f"{name} ({code}) {problem}")


def told_at_commit(word: str, name: str, code: object) -> ProeftuinError:
    """Return the same for an error that COMMIT raised: where the connection broke, it may have been written."""
    if word == "lost":
        return OutcomeUnknown(f"{name} ({code}) was lost at COMMIT; it may be written, so retry with the same key")
    return told(word, name, code)


Kind = TypeVar("Kind", bound=SqlStore)


@frozen
class Address:
    """What a URL of a server says.

    Attributes:
        url: what is left for the driver.
        name: the server and database, without user, password and options.
        tables: those with the prefix, and in the schema, that it names.
        size: how many connections there may be at once.
        patience: how long to wait for others, in seconds.
    """

    url: URL
    name: str
    tables: Tables
    size: int
    patience: float

    @property
    def idle(self) -> float:
        """How long a transaction may stand still, in seconds, before the server takes it back.

        A process that is stopped in the middle of one, or cut off, would keep others from its pilots for ever.
        """
        return max(TIMES_AS_LONG * self.patience, LEAST_IDLE)


def address(url: str, drivername: str, example: str) -> Address:
    """Read a URL.

    Raises:
        BadArgument: for what is none, or an option of ours that makes no sense.
    """
    given = parsed(url, example)
    named = URL.create(given.get_backend_name(), host=given.host, port=given.port, database=given.database)
    return Address(
        given.difference_update_query(OURS).set(drivername=drivername),
        str(named),
        place(given),
        whole(given, "pool_size", POOL, LARGEST_POOL),
        seconds(given, "timeout", DEFAULT_PATIENCE),
    )


def opened(database: schema.Upgradable, writes: Writes, kind: type[Kind]) -> Kind:
    """Open a store on a server whose schema is the present one.

    Raises:
        SchemaTooOld, SchemaTooNew: for another one; nothing was touched.
    """
    connections = Connections(database)
    try:
        connection = connections.take()
        try:
            with translating(database):
                schema.require_present(database, connection)
        finally:
            connections.give(connection)
    except BaseException:
        connections.close()
        raise
    return kind(database, writes, connections)
