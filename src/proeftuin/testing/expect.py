"""What a case expects, said in one line each. Bare `assert` would vanish under `python -O`, and says less."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from proeftuin.errors import ProeftuinError

T = TypeVar("T")
E = TypeVar("E", bound=BaseException)

LONGEST = 400


class Broken(AssertionError):
    """A store does not keep a promise; the message says what was expected and what came."""


def same(expected: object, found: object, about: str = "") -> None:
    """Expect two values to be equal."""
    if expected != found:
        raise Broken(f"{_lead(about)}expected {_shown(expected)}, found {_shown(found)}{_first(expected, found)}")


def holds(condition: object, about: str) -> None:
    """Expect a condition, said in words, to hold."""
    if not condition:
        raise Broken(f"it does not hold that {about}")


def present(value: T | None, about: str = "it") -> T:
    """Expect something to be there, and return it."""
    if value is None:
        raise Broken(f"{about} is missing")
    return value


def refused(kind: type[E] | tuple[type[E], ...], act: Callable[[], object], about: str = "") -> E:
    """Expect a call to raise this kind of error, and return the error.

    Note:
        An error of another kind that is ours is told as broken; any other one is raised on, so that it is seen whole.
    """
    try:
        found = act()
    except kind as error:
        return error
    except ProeftuinError as error:
        raise Broken(
            f"{_lead(about)}expected {_names(kind)}, was refused as {type(error).__name__}: {error}"
        ) from error
    raise Broken(f"{_lead(about)}expected {_names(kind)}, but it was accepted and gave {_shown(found)}")


def _names(kind: type[E] | tuple[type[E], ...]) -> str:
    return " or ".join(one.__name__ for one in (kind if isinstance(kind, tuple) else (kind,)))


def _lead(about: str) -> str:
    return f"{about}: " if about else ""


def _shown(value: object) -> str:
    text = ascii(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}... ({len(text)} characters)"


def _first(expected: object, found: object) -> str:
    """Return where two sequences first differ, as a long one is not read to its end."""
    if not (isinstance(expected, Sequence) and isinstance(found, Sequence)):
        return ""
    pairs = enumerate(zip(expected, found, strict=False))
    place = next((number for number, (one, other) in pairs if one != other), min(len(expected), len(found)))
    return f"; they differ from place {place} on, of {len(expected)} and {len(found)}"
