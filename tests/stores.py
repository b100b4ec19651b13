"""What tests of stores share: the honest commits of the kit, statements that are listened to, and URLs of files."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from proeftuin.spi import Receipt
from proeftuin.testing.commits import (
    BEGAN,
    TENANT,
    advance,
    begin,
    changed,
    crowd,
    everything,
    moved,
    opened,
    started,
    stored,
    versions,
    with_digest,
    written,
)

__all__ = [
    "BEGAN",
    "RECEIPT",
    "TENANT",
    "Spy",
    "advance",
    "begin",
    "changed",
    "crowd",
    "everything",
    "moved",
    "opened",
    "path_url",
    "spied",
    "spying",
    "started",
    "stored",
    "versions",
    "with_digest",
    "written",
]

RECEIPT = Receipt("key-1", "f" * 64, b'{"after":0}')


class Spy(sqlite3.Connection):
    """A connection that tells a listener of each statement, before and after it is run."""

    listener: Callable[[str, bool], None] | None = None

    def execute(self, sql: str, values: Any = (), /) -> sqlite3.Cursor:
        if Spy.listener is not None:
            Spy.listener(sql, False)  # noqa: FBT003  # before it is run
        cursor = super().execute(sql, values)
        if Spy.listener is not None:
            Spy.listener(sql, True)  # noqa: FBT003  # after it was run
        return cursor


@contextmanager
def spied(listener: Callable[[str, bool], None]) -> Iterator[None]:
    """Let a listener hear the statements of all connections that were opened under `spying`."""
    Spy.listener = staticmethod(listener)
    try:
        yield
    finally:
        Spy.listener = None


@contextmanager
def spying() -> Iterator[None]:
    """Make the connections that are opened in here ones that can be listened to."""
    real = sqlite3.connect
    sqlite3.connect = partial(real, factory=Spy)  # type: ignore[assignment]  # takes what the real one takes
    try:
        yield
    finally:
        sqlite3.connect = real


def path_url(path: Path, query: str = "") -> str:
    return f"sqlite:///{path}{query}"
