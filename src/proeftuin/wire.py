"""What the engine takes and gives, as plain data: for whoever carries calls across a border between processes.

    told = wire.plain(engine.fire(...))              texts, numbers, booleans, None, lists and mappings of them
    result = wire.read(Result, told)                 the same value, frozen through and through
    wire.unpack(Result, wire.pack(result))           likewise, by way of a few bytes that nobody has to read
    wire.read_error(wire.plain_error(refused))       the same error, with every blocker

What goes out is checked as `fire` checks it, so a call that is wrong in itself is refused before it is sent. It is no
format to keep, nor one for others to write: both ends have the same version of proeftuin. `Engine.export_pilots` gives
one to keep.
"""

from collections.abc import Iterable, Iterator, Mapping
from inspect import signature
from typing import Any, TypeVar

from proeftuin import codec, door
from proeftuin.core.commands import Blocker, Command
from proeftuin.core.faults import Fault
from proeftuin.core.pilot import Pilot
from proeftuin.errors import ProeftuinError, StoreError
from proeftuin.result import Result

T = TypeVar("T")

__all__ = [
    "pack",
    "plain",
    "plain_actor",
    "plain_batch",
    "plain_command",
    "plain_count",
    "plain_error",
    "plain_moment",
    "plain_name",
    "read",
    "read_error",
    "unpack",
]

_PARTS: Mapping[str, Any] = {"blockers": tuple[Blocker, ...], "faults": tuple[Fault, ...]}


def plain(value: object) -> Any:  # noqa: ANN401  # plain data of any shape
    """Return a value of ours, such as a `Result`, an `Option` or an `Event`, as plain data."""
    return codec.plain(value)


def plain_actor(actor: object) -> Any:  # noqa: ANN401  # likewise
    """Return an actor as plain data.

    Raises:
        BadArgument: for whom the engine would not take.
    """
    return plain(door.actor(actor))


def plain_command(
    trigger: object, data: Mapping[str, object] | None = None, track: object = None, on: object = None
) -> Any:  # noqa: ANN401  # likewise
    """Return a command as plain data.

    Raises:
        BadArgument: for what is wrong in itself, as `Engine.fire` says it.
    """
    return plain(door.command(trigger, data, track, on))


def plain_batch(commands: Iterable[Command]) -> list[Any]:
    """Return the commands of a batch as plain data.

    Raises:
        BadArgument: for what is wrong in itself, as `Engine.batch` says it.
    """
    return [plain(door.in_batch(one)) for one in door.several("commands", commands)]


def plain_count(argument: str, value: object) -> int:
    """Return a version, or another whole number that is not negative.

    Raises:
        BadArgument: for anything else.
    """
    return door.count(argument, value)


def plain_moment(argument: str, value: object) -> str:
    """Return a moment in ISO 8601, in UTC.

    Raises:
        BadArgument: for what is no aware datetime.
    """
    return door.moment(argument, value).isoformat()


def plain_name(argument: str, value: object) -> str:
    """Return an id, a ref, a key or the name of a subscriber, as the engine takes it.

    Raises:
        BadArgument: for anything but a text of 1 to 255 characters that every store keeps.
    """
    return door.name(argument, value)


def read(kind: type[T], told: object) -> T:
    """Return the value of which `plain` made this.

    Args:
        kind: its type, such as `Result`, or `tuple[Option, ...]`.
        told: plain data.

    Raises:
        CorruptStore: for what is not of that kind.
    """
    return _settled(codec.from_plain(kind, told))


def pack(value: object) -> bytes:
    """Return a value of ours, or of any attrs class that holds such, in few bytes."""
    return codec.pack(value)


def unpack(kind: type[T], body: bytes) -> T:
    """Return the value of which `pack` made this.

    Raises:
        CorruptStore: for what is not of that kind.
    """
    return _settled(codec.unpack(kind, body))


def _settled(value: T) -> T:
    if isinstance(value, Result | Pilot):
        codec.settle(value if isinstance(value, Pilot) else value.pilot)
    return value


def plain_error(error: ProeftuinError) -> dict[str, Any]:
    """Return an error of ours as plain data."""
    if type(error) not in _kinds().values():
        return {"error": StoreError.code, "problem": str(error)}
    return {"error": error.code, **{name: plain(getattr(error, name)) for name in signature(type(error)).parameters}}


def read_error(told: Mapping[str, Any]) -> ProeftuinError:
    """Return the error of which `plain_error` made this."""
    facts = {name: read(_PARTS[name], one) if name in _PARTS else one for name, one in told.items() if name != "error"}
    return _kinds()[told["error"]](**facts)


def _kinds() -> dict[str, type[ProeftuinError]]:
    """Return every error that is raised, by its code: those of this library, whose arguments are their attributes."""
    return {one.code: one for one in _below(ProeftuinError) if one.__module__ == "proeftuin"}


def _below(kind: type[ProeftuinError]) -> Iterator[type[ProeftuinError]]:
    for one in kind.__subclasses__():
        yield one
        yield from _below(one)
