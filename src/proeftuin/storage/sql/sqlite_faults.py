"""What went wrong in SQLite, in our words: the one place where the driver's errors are translated.

The driver's own text stays in `__cause__`; our message holds the name of the database and of the error, never a value.
"""

import sqlite3

from proeftuin.errors import (
    BadArgument,
    CorruptStore,
    OutcomeUnknown,
    ProeftuinError,
    StoreBusy,
    StoreError,
    StoreFull,
    StoreUnavailable,
)

BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})

# What the driver itself refuses to bind: half a surrogate pair, an integer over 64 bits.
UNBINDABLE = (UnicodeEncodeError, OverflowError)
DRIVER = (sqlite3.Error, sqlite3.Warning, *UNBINDABLE)

_UNAVAILABLE = {
    sqlite3.SQLITE_READONLY: "cannot be written; it, or its folder, is read-only",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened; is it a file, in a folder that exists and may be written?",
    sqlite3.SQLITE_NOTADB: "is no SQLite database; name another file",
    sqlite3.SQLITE_PERM: "may not be used by this account",
    sqlite3.SQLITE_IOERR: "cannot be read or written; look at the disk",
    sqlite3.SQLITE_PROTOCOL: "is on a disk that cannot lock files; put it on a local one",
}
UNREADABLE = "Could not decode to UTF-8"  # the driver's own words for a text that is none; it gives no code
_NO_ROOM = frozenset({sqlite3.SQLITE_IOERR_SHMSIZE})


def primary(error: BaseException) -> int:
    """Return SQLite's own code of an error, without the details; 0 where the driver raised it by itself."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def translated(error: BaseException, name: str) -> ProeftuinError:
    """Return our error for one of the driver's.

    Args:
        error: what was raised.
        name: the database, as the user wrote it.
    """
    if isinstance(error, UNBINDABLE):
        return BadArgument("value", "the database cannot keep it: half a surrogate pair, or a number over 64 bits")
    code = primary(error)
    what = f"{name} ({getattr(error, 'sqlite_errorname', type(error).__name__)})"
    if code in BUSY:
        return StoreBusy(f"{what} was locked by others for too long; nothing was written, try again")
    if code == sqlite3.SQLITE_FULL or getattr(error, "sqlite_errorcode", 0) in _NO_ROOM:
        return StoreFull(f"{what} has no room left; nothing was written, make room and try again")
    if code in _UNAVAILABLE:
        return StoreUnavailable(f"{what} {_UNAVAILABLE[code]}; nothing was written")
    if code == sqlite3.SQLITE_CORRUPT or (code == 0 and f"{error}".startswith(UNREADABLE)):
        return CorruptStore(f"{what} is damaged; restore a copy, and run `proeftuin verify` on it")
    return StoreError(f"{what} refused the statement; nothing was written")


def at_commit(error: BaseException, name: str) -> ProeftuinError:
    """Return our error for one that COMMIT raised: where the disk failed, what was written is known only later."""
    if primary(error) == sqlite3.SQLITE_IOERR:
        what = f"{name} ({getattr(error, 'sqlite_errorname', '')})"
        return OutcomeUnknown(f"{what} failed at COMMIT; it may have been written, so retry with the same key")
    return translated(error, name)
