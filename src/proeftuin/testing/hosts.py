"""The host of a store: an application with a transaction of its own, in which it wants our rows too.

For the part `Hosted` a case needs such a transaction. An author whose store takes SQLAlchemy connections need give
nothing; any other names a function that takes the URL and returns a `Host`.
"""

from collections.abc import Callable
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from attrs import frozen

from proeftuin.errors import BadArgument

if TYPE_CHECKING:
    from sqlalchemy import Connection

SQLALCHEMY = f"{__name__}:on_sqlalchemy"
DRIVERS = MappingProxyType({"postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql", "mariadb": "mariadb+pymysql"})

OURS = ("prefix", "schema", "pool_size", "timeout", "busy_timeout")
"""What the URL of a store of ours may say of itself, and no driver knows."""

Call = Callable[[], object]


@frozen
class Host:
    """A connection of the host's own, in a transaction.

    Attributes:
        connection: what the store's `using` takes.
        commit: ends the transaction, and keeps what was written in it.
        rollback: ends the transaction, and undoes what was written in it.
        savepoint: begins a savepoint, and returns the call that rolls back to it.
        close: lets go of the connection.
    """

    connection: object
    commit: Call
    rollback: Call
    savepoint: Callable[[], Call]
    close: Call


def on_sqlalchemy(url: str) -> Host:
    """Return a host on a SQLAlchemy connection; options of the URL that are our stores' own are not for the driver."""
    from sqlalchemy import NullPool, create_engine, make_url  # noqa: PLC0415  # most stores need no host
    from sqlalchemy.exc import ArgumentError  # noqa: PLC0415  # the same

    try:
        there = make_url(url).difference_update_query(OURS)
        driver = DRIVERS.get(there.drivername, there.drivername)
        engine = create_engine(there.set(drivername=driver), poolclass=NullPool)
    except ArgumentError as error:
        raise BadArgument("host", "SQLAlchemy does not know this URL; name a function that begins a host") from error
    connection = engine.connect()
    return Host(connection, connection.commit, connection.rollback, partial(_savepoint, connection), connection.close)


def _savepoint(connection: "Connection") -> Call:
    return connection.begin_nested().rollback
