"""A command's data from the command line: `--data JSON`, or `field=value` typed by what the trigger takes."""

import json
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NoReturn

from proeftuin.cli.exits import Usage

_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")
_TRUTHS = {"true": True, "yes": True, "ja": True, "false": False, "no": False, "nee": False}

Fields = Mapping[str, Mapping[str, Any]]  # per field its `type`, and its `choices` where there are any


def gather(pairs: Iterable[str], data: str | None, fields: Fields) -> dict[str, Any] | None:
    """Return the data of a command, None where none was given.

    Args:
        pairs: `field=value`, each.
        data: a JSON object, `@FILE` that holds one, or `-` for one on stdin.
        fields: what the trigger takes; a field that it does not know is passed on as text, for the engine to refuse.

    Raises:
        Usage: it cannot be read.
    """
    found = {} if data is None else _object(data)
    given = data is not None
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign or not name:
            raise Usage("bad-field", field=pair)
        if name in found:
            raise Usage("two-data", field=name)
        found[name] = typed(name, value, fields.get(name, {}))
        given = True
    return found if given else None


def typed(name: str, text: str, field: Mapping[str, Any]) -> Any:  # noqa: ANN401  # the field says which type
    """Return what somebody typed, as the field's type; text that does not fit is left for the engine to explain."""
    kind = field.get("type")
    found: Any = text
    if known := [choice for choice in field.get("choices", ()) if str(choice) == text]:
        found = known[0]
    elif kind == "integer" and _WHOLE.fullmatch(text):
        found = int(text)
    elif kind == "boolean":
        found = _TRUTHS.get(text.lower(), text)
    elif (kind == "list" and text[:1] == "[") or (kind == "map" and text):
        found = _json(text, name)
    elif kind == "list":
        found = [part.strip() for part in text.split(",") if part.strip()]
    return found


def _object(given: str) -> dict[str, Any]:
    if given == "-":
        given, place = sys.stdin.read(), "stdin"
    elif given.startswith("@"):
        place = given[1:]
        try:
            given = Path(place).read_text(encoding="utf-8")
        except FileNotFoundError:
            raise Usage("no-file", file=place) from None
        except UnicodeDecodeError:
            raise Usage("bad-json", place=place, problem="UTF-8") from None
    else:
        place = "--data"
    found = _json(given, place)
    if not isinstance(found, dict):
        raise Usage("needs-object")
    return found


def _json(text: str, place: str) -> Any:  # noqa: ANN401  # JSON of any shape
    """Return JSON; a number with a point stays the text that it was, so that it is kept exactly."""
    try:
        return json.loads(text, parse_float=str, parse_constant=_refuse, object_pairs_hook=_once)
    except RecursionError:
        raise Usage("bad-json", place=place, problem="too deep") from None
    except ValueError as error:
        raise Usage("bad-json", place=place, problem=error) from None


def _refuse(text: str) -> NoReturn:
    raise ValueError(text)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(name for place, (name, _) in enumerate(pairs) if name in dict(pairs[:place]))
        raise ValueError(f"{twice!r} stands there twice")
    return found
