"""The text of a cell, turned into what the field asks for; what does not fit is told, with what would.

    decimal, integer   12  12.5  12,5  1.234,50; what can be read in two ways, 1.234, is refused
    date               2026-03-31, 31-3-2026, 31.3.2026
    boolean            ja nee yes no waar onwaar true false
    choice             the word of the workflow, or what it is called in either language
    list               with ; or line breaks between, or else commas; a row as person / role / party; or JSON
    map                day_activity: 16; employment: 2; or JSON

Anything else is text.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, NoReturn

from proeftuin.core.commands import Blocker
from proeftuin.core.frozen import FrozenDict
from proeftuin.core.wording import label
from proeftuin.core.workflow import LANGUAGES, Field, Scalar, Workflow
from proeftuin.intake._faults import close, fault

_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ]0?0:00(?::00)?)?")
_DUTCH = re.compile(r"([0-9]{1,2})([-.])([0-9]{1,2})\2([0-9]{4})(?: 0?0:00(?::00)?)?")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:(?:\.[0-9]{3})+(?:,[0-9]+)?|(?:,[0-9]{3})+(?:\.[0-9]+)?)")
_TWO_WAYS = re.compile(r"[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}")
_SPACES = str.maketrans("", "", "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}")
_TRUTHS = {
    **dict.fromkeys(("ja", "j", "yes", "y", "true", "waar"), True),
    **dict.fromkeys(("nee", "n", "no", "false", "onwaar"), False),
}


class Bad(Exception):
    """A cell that does not fit its field; it never leaves this package."""

    def __init__(self, code: str, **facts: Any) -> None:  # noqa: ANN401  # the facts of a fault
        self.code, self.facts = code, facts
        super().__init__(code)

    def fault(self, column: str) -> Blocker:
        """Return it as the fault of a column."""
        return fault(self.code, column=column, **self.facts)


def plain_key(text: str) -> str:
    """Return a word as it is compared: case, blanks and underscores make no difference."""
    return " ".join(text.replace("_", " ").split()).casefold()


def names_of(workflow: Workflow, word: object, *, field: bool = False) -> set[str]:
    """Return everything that a word of a workflow is called: itself, and its label in each language."""
    found = label(workflow, f".{word}" if field else str(word)) or {}
    return {plain_key(str(word)), *(plain_key(one) for one in found.values())}


def one_of(workflow: Workflow, text: str, words: Iterable[Scalar]) -> Scalar | None:
    """Return the word that a text names, by itself or by its label; None where it names none, or several."""
    known = tuple(words)
    exact = [word for word in known if str(word) == text]
    named = exact or [word for word in known if plain_key(text) in names_of(workflow, word)]
    return named[0] if len(named) == 1 else None


def listed(workflow: Workflow, words: Iterable[Scalar], *, field: bool = False) -> FrozenDict:
    """Return words as people call them, per language."""
    labels = [(str(word), label(workflow, f".{word}" if field else str(word)) or {}) for word in words]
    return FrozenDict({lang: ", ".join(named.get(lang, word) for word, named in labels) for lang in LANGUAGES})


def by_name(workflow: Workflow, words: Iterable[str]) -> dict[str, str]:
    """Return per name the word that it names: each word by itself, and by its labels where no other has them."""
    known = tuple(words)
    owners: dict[str, set[str]] = {}
    for word in known:
        for name in names_of(workflow, word):
            owners.setdefault(name, set()).add(word)
    found = {name: next(iter(named)) for name, named in owners.items() if len(named) == 1}
    return found | {plain_key(word): word for word in known}


def meant(workflow: Workflow, text: str, words: Iterable[Scalar]) -> list[str]:
    """Return what a text was probably meant as: the word itself, or one of its labels, whichever is closer."""
    known = {name: word for word in words for name in names_of(workflow, word)}
    found = close(plain_key(text), known)
    return [str(known[one]) if plain_key(str(known[one])) == one else one for one in found]


def day(text: str) -> date:
    """Return a day."""
    try:
        if found := _ISO.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _DUTCH.fullmatch(text):
            return date(int(found[4]), int(found[3]), int(found[1]))
    except ValueError:
        pass
    raise Bad("bad-date")


def number(text: str) -> str:
    """Return a number as the engine takes it, with a point."""
    text = text.translate(_SPACES).removeprefix("+")
    if _TWO_WAYS.fullmatch(text):
        raise Bad("two-numbers")
    if _NUMBER.fullmatch(text):
        return text.replace(",", ".")
    if not _GROUPED.fullmatch(text):
        raise Bad("bad-number")
    fraction = "," if text.rfind(",") > text.rfind(".") else "."
    if text.count(fraction) > 1:  # only thousands
        return text.replace(fraction, "")
    thousands = "." if fraction == "," else ","
    return text.replace(thousands, "").replace(fraction, ".")


def _whole(text: str) -> int:
    found, _, fraction = number(text).partition(".")
    if fraction.strip("0") or len(found) > len("-9223372036854775808"):
        raise Bad("bad-number")
    return int(found)


def _truth(text: str) -> bool:
    try:
        return _TRUTHS[text.casefold()]
    except KeyError:
        raise Bad("bad-truth") from None


def _choice(workflow: Workflow, text: str, words: Iterable[Scalar]) -> Scalar:
    known = tuple(words)
    found = one_of(workflow, text, known)
    if found is None:
        raise Bad("bad-choice", known=listed(workflow, known), meant=meant(workflow, text, known))
    return found


def value(workflow: Workflow, field: Field, text: str) -> Any:  # noqa: ANN401  # the field says which type
    """Return the value of a cell that is not empty.

    Raises:
        Bad: it does not fit the field.
    """
    if field.type == "list":
        return _list(workflow, field, text)
    if field.type == "map":
        return _map(workflow, field, text)
    if field.type == "choice":
        return _choice(workflow, text, field.of if isinstance(field.of, tuple) else ())
    take = _SIMPLE.get(field.type)
    return text if take is None else take(text)


_SIMPLE: Mapping[str, Callable[[str], Any]] = {
    "date": lambda text: day(text).isoformat(),
    "decimal": number,
    "integer": _whole,
    "boolean": _truth,
}


def _member(field: Field) -> Field:
    """Return the field of one member of a list or map of scalars."""
    if isinstance(field.of, tuple):
        return Field(type="choice", of=field.of)
    return Field(type=field.of or "text", record=field.record)  # type: ignore[arg-type]  # a type, where no choices


def _list(workflow: Workflow, field: Field, text: str) -> Any:  # noqa: ANN401  # JSON of any shape
    if text.startswith("["):
        return from_json(text)
    several = re.split(r"[;\n]", text)
    if isinstance(field.of, Mapping):
        return [_row(workflow, field.of, one) for one in several if one.strip()]
    parts = several if len(several) > 1 else text.split(",")
    member = _member(field)
    return [value(workflow, member, one.strip()) for one in parts if one.strip()]


def _row(workflow: Workflow, fields: Mapping[str, Field], text: str) -> dict[str, Any]:
    """Return a row of a list: its values in the order of its fields, with / between."""
    given = [one.strip() for one in text.split("/")]
    shape = " / ".join(name if field.required else f"[{name}]" for name, field in fields.items())
    if len(given) > len(fields):
        raise Bad("bad-row", known=shape)
    found = {name: value(workflow, fields[name], one) for name, one in zip(fields, given, strict=False) if one}
    if any(field.required and name not in found for name, field in fields.items()):
        raise Bad("bad-row", known=shape)
    return found


def map_key(workflow: Workflow, field: Field, text: str) -> str:
    """Return the key of a map that a text names; the text itself where any key will do."""
    return str(_choice(workflow, text, field.keys)) if field.keys else text


def map_value(workflow: Workflow, field: Field, text: str) -> Any:  # noqa: ANN401  # the field says which type
    """Return one value of a map."""
    return value(workflow, _member(field), text)


def _map(workflow: Workflow, field: Field, text: str) -> Any:  # noqa: ANN401  # JSON of any shape
    if text.startswith("{"):
        return from_json(text)
    example = f"{field.keys[0] if field.keys else 'name'}: {1 if field.of == 'integer' else 'value'}"
    found: dict[str, Any] = {}
    for part in re.split(r"[;\n]", text):
        name, sign, given = part.partition(":")
        if not part.strip():
            continue
        key = map_key(workflow, field, name.strip()) if sign and name.strip() and given.strip() else None
        if key is None or key in found:
            raise Bad("bad-map", known=example)
        found[key] = map_value(workflow, field, given.strip())
    return found


def from_json(text: str) -> Any:  # noqa: ANN401  # JSON of any shape
    """Return JSON; a number with a point stays the text that it was, so that it is kept exactly."""
    try:
        return json.loads(text, parse_float=str, parse_constant=_refuse, object_pairs_hook=_once)
    except RecursionError:
        raise Bad("bad-json", problem="too deep") from None
    except json.JSONDecodeError as error:
        raise Bad("bad-json", problem=f"{error.msg}, character {error.pos + 1}") from None
    except ValueError as error:
        raise Bad("bad-json", problem=str(error)) from None


def _refuse(text: str) -> NoReturn:
    raise ValueError(text)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        message = "a name stands there twice"
        raise ValueError(message)
    return found
