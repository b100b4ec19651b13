"""The floor of a store: driver code as one would write it by hand for this one case, with no layer above the driver.

1. It keeps the same tables with the same indexes as ours, with the same settings, so the same durability.
2. It reads by key, begins, updates where the version is still the one that was read, inserts one event (and a receipt
   where ours writes one), and commits: on a server as many round trips as there are words in this sentence's list.
3. Its bodies are ours, made beforehand. It sets only the columns that a move changes, and gives values by place.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from attrs import frozen

from proeftuin.spi import Commit

READ = "SELECT version, state, body FROM pilots WHERE tenant = ? AND id = ?"
CHANGE = (
    "UPDATE pilots SET version = ?, state = ?, phase = ?, updated_at = ?, digest = ?, body = ?,"
    " undelivered_since = COALESCE(undelivered_since, ?) WHERE tenant = ? AND id = ? AND version = ?"
)
ADD = "INSERT INTO events (tenant, pilot_id, version, type, digest, body) VALUES (?, ?, ?, ?, ?, ?)"
KEEP = "INSERT INTO receipts (tenant, pilot_id, `key`, fingerprint, body) VALUES (?, ?, ?, ?, ?)"


@frozen
class Move:
    """One commit of one event, as the values of its statements."""

    place: tuple[str, str]
    change: tuple[Any, ...]
    event: tuple[Any, ...]
    receipt: tuple[Any, ...] | None


def move(commit: Commit) -> Move:
    """Return the values of a commit's statements."""
    summary, place = commit.head.summary, (commit.tenant, commit.pilot_id)
    kept = next(iter(commit.receipts), None)
    now = round(summary.updated_at.timestamp() * 1e6)
    moved = (summary.version, summary.state, summary.phase, now, summary.digest, commit.head.body, now)
    (entry,) = commit.entries
    return Move(
        place,
        (*moved, *place, commit.expected),
        (*place, entry.version, entry.type, entry.digest, entry.body),
        None if kept is None else (*place, kept.key, kept.fingerprint, kept.body),
    )


class Floor:
    """A connection of a driver, and the statements in its dialect.

    Args:
        execute: runs a statement and gives a cursor.
        mark: what stands for a value.
        begin: the word that begins a transaction.
        quote: what stands around a name that is also a word of the language.
    """

    def __init__(self, execute: Callable[..., Any], mark: str, begin: str, quote: str) -> None:
        self._execute = execute
        self._begin = begin
        self._read, self._change, self._add, self._keep = (
            text.replace("?", mark).replace("`", quote) for text in (READ, CHANGE, ADD, KEEP)
        )

    def write(self, moves: Sequence[Move], *, read: bool) -> None:
        """Write moves, each in its own transaction, after reading the pilot if so wished."""
        execute = self._execute
        for one in moves:
            if read:
                version, _, _ = execute(self._read, one.place).fetchone()
                assert version == one.change[-1]
            execute(self._begin)
            assert execute(self._change, one.change).rowcount == 1
            execute(self._add, one.event)
            if one.receipt is not None:
                execute(self._keep, one.receipt)
            execute("COMMIT")


def sqlite(path: Path) -> tuple[Floor, Callable[[], None]]:
    """Open a file of ours with the settings that we use; return also what closes it."""
    import sqlite3  # noqa: PLC0415  # each driver is imported where it is used: the others need not be there

    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    return Floor(connection.execute, "?", "BEGIN IMMEDIATE", '"'), connection.close


def postgresql(url: str) -> tuple[Floor, Callable[[], None]]:
    """Connect to a database of ours by psycopg."""
    import psycopg  # noqa: PLC0415  # see above

    connection = psycopg.connect(url.replace("postgresql+psycopg", "postgresql"), autocommit=True)
    return Floor(connection.execute, "%s", "BEGIN", '"'), connection.close


def postgresql_many(url: str, *, read: bool) -> tuple[Callable[[Sequence[Move]], None], Callable[[], None]]:
    """Return what writes many moves in one transaction, each statement many times in one go; and what closes it.

    Args:
        url: the database.
        read: whether each pilot is read by its key first, as in `Floor.write`.
    """
    import psycopg  # noqa: PLC0415  # see above

    connection = psycopg.connect(url.replace("postgresql+psycopg", "postgresql"))
    look, change, add = (text.replace("?", "%s") for text in (READ, CHANGE, ADD))

    def write(moves: Sequence[Move]) -> None:
        with connection.transaction(), connection.cursor() as cursor:
            if read:
                cursor.executemany(look, [one.place for one in moves], returning=True)
                for one in moves:
                    found = cursor.fetchone()
                    assert found is not None
                    assert found[0] == one.change[-1]
                    cursor.nextset()
            cursor.executemany(change, [one.change for one in moves])
            assert cursor.rowcount == len(moves)
            cursor.executemany(add, [one.event for one in moves])

    return write, connection.close


def mariadb(url: str) -> tuple[Floor, Callable[[], None]]:
    """Connect to a database of ours by PyMySQL."""
    import pymysql  # noqa: PLC0415  # see above

    place = urlsplit(url)
    connection = pymysql.connect(
        host=place.hostname,
        port=place.port or 3306,
        user=place.username,
        password=place.password or "",
        database=place.path[1:],
        charset="utf8mb4",
        autocommit=True,
    )

    def execute(text: str, values: tuple[Any, ...] = ()) -> Any:  # noqa: ANN401  # the driver's own cursor
        cursor = connection.cursor()
        cursor.execute(text, values)
        return cursor

    return Floor(execute, "%s", "BEGIN", "`"), connection.close
