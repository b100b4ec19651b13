"""Opening a store: the URL, the server, and the version of what is kept there are looked at; nothing is written."""

from proeftuin.errors import CorruptStore, SchemaTooNew, StoreUnavailable
from proeftuin_redis._address import read_url
from proeftuin_redis._server import DURABLE, Server, look_at
from proeftuin_redis._store import RedisStore
from proeftuin_redis._wire import Wire

SCHEMA = 1  # as in common.lua; every script that writes looks again


def open_redis(url: str) -> RedisStore:
    """Open the store at a URL.

    Args:
        url: `redis://user:password@host:port/database?prefix=...&timeout=...&durable=required`, or with `valkey`,
            `rediss` or `valkeys`.

    Raises:
        BadArgument: for a URL that cannot be read, or an option that there is not.
        StoreUnavailable: where the server cannot be reached, or no pilot can be kept in it.
        SchemaTooNew: where a later version of this adapter wrote what is there.
    """
    address = read_url(url)
    wire = Wire(address)
    try:
        server = look_at(wire)
        if address.must_last:
            _check_lasting(wire, server)
        _check_schema(wire)
    except BaseException:
        wire.close()
        raise
    return RedisStore(wire, server, address.timeout)


def _check_lasting(wire: Wire, server: Server) -> None:
    if not server.durable:
        wanted = ", ".join(f"{name} {value}" for name, value in DURABLE.items())
        raise StoreUnavailable(f"{wire.place} does not say that it is durable; CONFIG GET must tell {wanted}")


def _check_schema(wire: Wire) -> None:
    found: bytes | None = wire.ask("asking", "schema", about="the schema")
    if found is None:
        return
    if not found.isdigit():
        raise CorruptStore(f"the key `schema` at {wire.place} holds no number; is the prefix somebody else's?")
    if int(found) > SCHEMA:
        raise SchemaTooNew(f"{wire.place} has schema {int(found)}, and this version of proeftuin-redis knows {SCHEMA}")
