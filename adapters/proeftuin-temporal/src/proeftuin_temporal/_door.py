"""What a call may be made with, judged at whoever calls: what is wrong in itself is never sent to Temporal.

A worker's engine judges the rest, in the words of every engine. But it can judge only what arrives; and what is wrong
where no engine looks would fail the task of the workflow, which Temporal tries again for ever.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from proeftuin import BadArgument, wire
from proeftuin_temporal._rules import Rules


def pilot(value: object) -> str:
    """Return the id of a pilot."""
    return wire.plain_name("pilot_id", value)


def sendable(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of a call, of which those that are not plain yet must be texts, whole numbers or nothing."""
    for argument, value in asked.items():
        if argument in {"actor", "command", "commands"}:
            continue
        if value is not None and not isinstance(value, str | int):
            raise BadArgument(argument, f"must be text or a whole number, not {type(value).__name__}")
    return dict(asked)


def place(value: object) -> int | None:
    """Return a version that a subscriber is told from."""
    return None if value is None else wire.plain_count("after", value)


def names(value: object) -> tuple[str, ...]:
    """Return the names of subscribers."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise BadArgument("subscribers", f"must be several names, not {type(value).__name__}")
    return tuple(wire.plain_name("subscribers", one) for one in value)


def parts(*, connect: object, rules: object, time: object, offset: object, seconds: object) -> None:
    """Refuse what an engine cannot be made of."""
    _be(callable(connect), "connect", "a function that connects", connect)
    _be(rules is None or isinstance(rules, Rules), "rules", "Rules", rules)
    _be(time is None or hasattr(time, "now"), "time", "an object with now()", time)
    _be(isinstance(offset, timedelta), "offset", "a timedelta", offset)
    _be(isinstance(seconds, int | float), "seconds", "a number", seconds)


def _be(good: bool, argument: str, what: str, value: object) -> None:  # noqa: FBT001  # what is asked, in one line each
    if not good:
        raise BadArgument(argument, f"must be {what}, not {type(value).__name__}")
