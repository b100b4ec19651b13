"""What Redis, or the way to it, says is wrong, as an error of ours.

1. An answer that refuses means that nothing was written: every script judges before it writes, and Redis itself looks
   for room, disk and rights before it begins a script that writes. Only where somebody got at our keys may a script
   fail half-way; that is `CorruptStore`, and what is half is refused from then on.
2. A connection that breaks says nothing. Before a command was sent nothing was written; from then on, where it writes,
   nobody knows.
3. No text of the server goes into a message behind its first word: what was sent may stand in it. The driver's error is
   the cause.
"""

from types import MappingProxyType

from redis.exceptions import (
    AuthenticationError,
    BusyLoadingError,
    NoPermissionError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisError,
    ResponseError,
)

from proeftuin.errors import (
    CorruptStore,
    OutcomeUnknown,
    SchemaTooNew,
    StoreBusy,
    StoreError,
    StoreFull,
    StoreUnavailable,
)

CLOSED = "this store was closed; open a new one"

# The driver takes the first word of these answers away, and has a class for each.
_CLASSES: MappingProxyType[type[RedisError], tuple[type[StoreError], str]] = MappingProxyType(
    {
        BusyLoadingError: (StoreBusy, "is still reading its data; try again"),
        OutOfMemoryError: (StoreFull, "has used all the memory that it may; raise maxmemory, or move something out"),
        ReadOnlyError: (StoreUnavailable, "is a replica, which takes no writes"),
        NoPermissionError: (StoreUnavailable, "does not let this user do that; the README names the rights"),
        AuthenticationError: (StoreUnavailable, "does not know this user and password"),
    }
)
_WORDS: MappingProxyType[str, tuple[type[StoreError], str]] = MappingProxyType(
    {
        "BUSY": (StoreBusy, "runs a script of somebody; try again"),
        "MISCONF": (StoreUnavailable, "cannot write to its disk, and so takes no writes"),
        "NOREPLICAS": (StoreUnavailable, "has fewer replicas than it must have, and so takes no writes"),
        "SCHEMA": (SchemaTooNew, "holds a later schema than this version knows; nothing was written"),
        "WRONGTYPE": (CorruptStore, "holds something of another type in a key of ours"),
    }
)


def answered(error: RedisError, place: str, about: str) -> StoreError | None:
    """Return what an answer of the server means; None where it is no answer but a connection that broke."""
    for kind, (ours, text) in _CLASSES.items():
        if isinstance(error, kind):
            return ours(f"{place} {text}; it was about {about}")
    if not isinstance(error, ResponseError):
        return None
    word = str(error).partition(" ")[0]
    if word in _WORDS:
        ours, text = _WORDS[word]
        return ours(f"{place} {text}; it was about {about}")
    shown = word if word.isalpha() and word.isupper() else "an error"
    return StoreError(f"{place} answered with {shown}; it was about {about}")


def unreachable(error: Exception, place: str) -> StoreError:
    """Return the error where no command was sent yet."""
    known = answered(error, place, "the connection") if isinstance(error, RedisError) else None
    return known or StoreUnavailable(f"{place} cannot be reached, so nothing was written: {type(error).__name__}")


def broken(place: str, about: str, *, writing: bool) -> StoreError:
    """Return the error where the connection broke, or the time was up, after a command was sent."""
    if writing:
        return OutcomeUnknown(
            f"the connection to {place} broke before it answered about {about}; it may have been written"
        )
    return StoreUnavailable(f"the connection to {place} broke before it answered about {about}; nothing was written")
