"""Stores: where pilots are kept. `open_store` finds one by the scheme of its URL.

A scheme is looked up among those that ship with the library, then among the entry points of the group
`proeftuin.stores`: a function that takes the URL and returns a `proeftuin.spi.Store`. Nothing is imported before it is
asked for, so a program that keeps its pilots in memory never loads a database library.
"""

from collections.abc import Callable
from importlib import import_module
from types import MappingProxyType
from typing import cast

from proeftuin import schemes
from proeftuin.errors import BadArgument, StoreUnavailable
from proeftuin.spi import Store

GROUP = "proeftuin.stores"
BUILT_IN = MappingProxyType(
    {
        "memory": ("proeftuin.storage.memory", "open_memory"),
        "sqlite": ("proeftuin.storage.sql", "open_sqlite"),
        **dict.fromkeys(("postgresql", "postgresql+psycopg"), ("proeftuin.storage.sql", "open_postgresql")),
        **dict.fromkeys(("mariadb", "mariadb+pymysql", "mysql+pymysql"), ("proeftuin.storage.sql", "open_mariadb")),
    }
)

_SQL = "proeftuin.storage.sql"

Opener = Callable[[str], Store]


def open_store(url: str) -> Store:
    """Open the store that a URL names.

    Args:
        url: `memory://`, `sqlite:///pilots.db`, or one of an installed adapter.

    Raises:
        BadArgument: for what is no URL, or has options that the store does not know.
        StoreUnavailable: for a scheme that nothing installed can open, or a store that cannot be opened.
    """
    scheme, separator, _ = url.partition("://")
    if not separator:
        name = "FILE" if "@" in url else url  # what stands before an @ may be a password
        raise BadArgument("url", f"it is no URL of a store; for a file write sqlite:///{name}")
    opener = schemes.opener(scheme.lower(), BUILT_IN, GROUP)
    if opener is None:
        known = schemes.known(BUILT_IN, GROUP)
        raise StoreUnavailable(f"no store is installed for {scheme.lower()}://; there is {known}")
    return cast("Opener", opener)(url)


def has_schema(url: str) -> bool:
    """Whether a store at such a URL has tables, which may have to be made or upgraded."""
    return BUILT_IN.get(url.partition("://")[0].lower(), ("", ""))[0] == _SQL


def upgrade_schema(url: str) -> tuple[str | None, str]:
    """Create the tables of the SQL database at a URL, or bring them to the present version.

    Returns:
        The version that was found, None where there were no tables, and the present one.

    Raises:
        BadArgument: for a store that has no tables.
        SchemaTooNew: for a version that this library does not know; nothing was written.
        StoreError: where the database fails, or Alembic is not installed.
    """
    return cast("tuple[str | None, str]", import_module(_SQL).upgrade(url))


def schema_versions(url: str) -> tuple[str | None, str]:
    """Return the version that the tables at a URL have, None where there are none, and the present one."""
    return cast("tuple[str | None, str]", import_module(_SQL).current(url))
