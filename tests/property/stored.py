"""Everything that a store keeps, read past its port, so that nothing can hide."""

import sqlite3
from contextlib import closing
from typing import Any

from proeftuin.spi import Store
from proeftuin.storage.memory import MemoryStore

PERSONAL = "personal"
Rows = dict[str, list[Any]]


def everything(store: Store, url: str) -> Rows:
    """The rows of every table but those of the schema itself, in some order."""
    return _memory(store) if isinstance(store, MemoryStore) else _file(url.removeprefix("sqlite:///"))


def _memory(store: MemoryStore) -> Rows:
    kept = [
        (tenant, name, one) for tenant, held in sorted(store._tenants.items()) for name, one in sorted(held.items())
    ]
    return {
        "pilots": [(tenant, name, one.head) for tenant, name, one in kept],
        "events": [(name, entry) for _, name, one in kept for entry in one.entries],
        "receipts": [(name, receipt) for _, name, one in kept for receipt in one.receipts.values()],
        PERSONAL: [(name, row) for _, name, one in kept for row in one.personal],
        "workflows": sorted(store._workflows.items()),
    }


def _file(path: str) -> Rows:
    with closing(sqlite3.connect(path)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: sorted(connection.execute(f"SELECT * FROM {name}"), key=repr) for name in names}  # noqa: S608  # names from the schema itself


def holders(rows: Rows, mark: str) -> set[str]:
    """The tables in which a mark stands anywhere."""
    return {name for name, found in rows.items() if mark in repr(found)}
