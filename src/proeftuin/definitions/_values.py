"""Single values, strictly: "false" is no boolean, "7" no number, and a key without a value is refused."""

from collections.abc import Callable
from typing import Any, NoReturn

from proeftuin.definitions._forms import Form
from proeftuin.definitions._shapes import Flag, OneOf, Text, Whole
from proeftuin.definitions._tree import BROKEN

Hook = Callable[[Any], Any]


class Bad(ValueError):
    """A value does not fit; `known` are the words that would."""

    def __init__(self, code: str, text: str, word: str = "", known: tuple[str, ...] = (), *, key: bool = False) -> None:
        self.code, self.text, self.word, self.known, self.key = code, text, word, known, key


class Told(ValueError):
    """A value is broken, and that was told already."""


def wrong(expected: str, value: object) -> NoReturn:
    """Raise the reason why a value of another kind cannot stand here."""
    if value is BROKEN:
        raise Told
    if value is None:
        raise Bad("no-value", f"there is no value here; give {expected}, or leave the key out")
    raise Bad("wrong-type", f"{expected} is expected here, not {_described(value)}")


def _described(value: object) -> str:
    if isinstance(value, str):
        return f'the text "{value[:64]}"'
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"the number {value}" if isinstance(value, int) else "a list" if isinstance(value, list) else "a mapping"


def misformed(form: Form, text: str, *, key: bool = False) -> Bad:
    """Return the reason why a text is refused."""
    code = "too-long" if len(text) > form.longest else "bad-form"
    says = f'"{text[:64]}" is not {form.word} ({form.hint}, at most {form.longest} characters)'
    return Bad(code, says, key=key)


def text_hook(shape: Text) -> Hook:
    """Return what accepts a text of this form."""
    form = shape.form

    def structure(value: object) -> str:
        if type(value) is not str:
            wrong(form.word, value)
        if not form.fits(value):
            raise misformed(form, value)
        return value

    return structure


def whole_hook(shape: Whole) -> Hook:
    """Return what accepts a whole number within bounds."""

    def structure(value: object) -> int:
        if type(value) is not int:
            wrong("a whole number", value)
        if not shape.least <= value <= shape.most:
            raise Bad("bad-value", f"{value} is out of bounds; they are {shape.least} and {shape.most}")
        return value

    return structure


def flag_hook(_: Flag) -> Hook:
    """Return what accepts `true` and `false`."""

    def structure(value: object) -> bool:
        if type(value) is not bool:
            wrong("`true` or `false`", value)
        return value

    return structure


def one_of_hook(shape: OneOf) -> Hook:
    """Return what accepts the values of a closed list."""
    words = tuple(str(value) for value in shape.values)

    def structure(value: object) -> str | int:
        if type(value) is not type(shape.values[0]):
            wrong(f"one of {', '.join(f'`{one}`' for one in words)}", value)
        if value not in shape.values:
            raise Bad("bad-value", f"`{str(value)[:64]}` is not possible here", str(value), words)
        return value

    return structure
