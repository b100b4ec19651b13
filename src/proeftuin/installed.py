"""What installed packages offer through entry points; nothing of theirs is imported before it is asked for."""

from typing import TYPE_CHECKING, Any

from proeftuin.errors import BadArgument

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint


def offered(group: str) -> "tuple[EntryPoint, ...]":
    """Return the entry points of a group, in order of their names."""
    from importlib.metadata import entry_points  # noqa: PLC0415  # costs 10 ms and more, and is seldom needed

    return tuple(sorted(entry_points(group=group), key=lambda point: (point.name, point.value)))


def loaded(point: "EntryPoint", argument: str) -> Any:  # noqa: ANN401  # what the group is for; the caller knows
    """Return what an entry point names.

    Raises:
        BadArgument: for one that cannot be loaded, whatever its package raised.
    """
    try:
        return point.load()
    except Exception as error:
        raise unusable(point, argument, f"cannot be loaded: {type(error).__name__}: {error}") from error


def unusable(point: "EntryPoint", argument: str, problem: str) -> BadArgument:
    """Return the error that says what is wrong with what an installed package offers."""
    return BadArgument(argument, f"{point.name} = {point.value}, which is installed as one of {point.group}, {problem}")
