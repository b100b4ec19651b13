"""What a request brings, read strictly: its query, its JSON and its preconditions; what is not understood is told.

1. A parameter or a field that is not known is a fault, and so is one that is given twice: nothing is ignored, and of
   two values nobody has to guess which one counted.
2. JSON is UTF-8 without a mark in front; `NaN`, lone surrogates and keys that stand twice in one object are refused. A
   number with a point stays a float, which the engine's door refuses by the name of its field.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from hashlib import sha256
from typing import Any, NoReturn, TypeVar, get_args, get_origin

from attrs import frozen

from proeftuin.core.days import day_of
from proeftuin.errors import BadArgument
from proeftuin.web.api import jsons
from proeftuin.web.api.classes import fields_of, plain_type
from proeftuin.web.api.problems import Fault

T = TypeVar("T")

JSON = "application/json"
WHOLE = re.compile(r"-?[0-9]{1,19}")
TAG = re.compile(r'(W/)?"([^"]*)"')
VERSION = re.compile(r"([1-9][0-9]{0,18})(-[0-9a-f]{16})?")  # and what of it was shown
YES_OR_NO = {"true": True, "false": False}
QUOTED = re.compile(r'"((?:[^"\\]|\\["\\])*)"')


# -- the query -----------------------------------------------------------------------------------------------------


def _whole(text: str) -> int:
    if not WHOLE.fullmatch(text):
        raise ValueError("must be a whole number")
    return int(text)


def _flag(text: str) -> bool:
    if text not in YES_OR_NO:
        raise ValueError("must be true or false")
    return YES_OR_NO[text]


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("must be a moment with its zone, such as 2026-03-02T09:00:00Z") from None


def _day(text: str) -> date:
    found = day_of(text)
    if found is None:
        raise ValueError("must be a day, YYYY-MM-DD")
    return found


READERS: Mapping[object, Callable[[str], object]] = {
    str: str,
    int: _whole,
    bool: _flag,
    date: _day,
    datetime: _moment,
}


def _read(name: str, kind: object, text: str) -> object:
    try:
        return READERS[kind](text)
    except ValueError as error:
        raise BadArgument(name, str(error)) from None


def query(pairs: Iterable[tuple[str, str]], kind: type[T]) -> T:
    """Return the parameters of a query as a value of a class.

    Raises:
        BadArgument: for one that is not known, is given twice or does not fit.
    """
    types = {one.name: plain_type(one.type) for one in fields_of(kind)}
    found: dict[str, Any] = {}
    for name, text in pairs:
        if name not in types:
            raise BadArgument(name[:64], f"is no parameter here; there is {', '.join(types) or 'none'}")
        wanted = types[name]
        if get_origin(wanted) is tuple:
            found[name] = (*found.get(name, ()), _read(name, get_args(wanted)[0], text))
        elif name in found:
            raise BadArgument(name, "is given twice")
        else:
            found[name] = _read(name, wanted, text)
    for one in fields_of(kind):
        if one.needed and one.name not in found:
            raise BadArgument(one.name, "must be given")
    return kind(**found)


# -- the body ------------------------------------------------------------------------------------------------------


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = Counter(name for name, _ in pairs).most_common(1)[0][0]
        raise BadArgument(twice[:64], "stands twice in one object")
    return found


def _no_number(text: str) -> NoReturn:
    raise BadArgument("body", f"{text} is no number of JSON")


def is_json(content_type: str) -> bool:
    """Whether a content type is JSON in UTF-8."""
    media, *parameters = (part.strip().lower() for part in content_type.split(";"))
    return media == JSON and all(one in {"charset=utf-8", 'charset="utf-8"', ""} for one in parameters)


def body(raw: bytes, content_type: str, kind: type[T]) -> T:
    """Return the JSON of a request as a value of a class.

    Raises:
        Fault: for another media type.
        BadArgument: for what is no JSON, or does not fit.
    """
    if not is_json(content_type):
        raise Fault(415, "wrong-media-type", {"Accept-Post": JSON})
    try:
        found = json.loads(raw.decode(), object_pairs_hook=_once, parse_constant=_no_number)
        json.dumps(found, ensure_ascii=False).encode()
    except BadArgument:
        raise
    except UnicodeDecodeError as error:
        raise BadArgument("body", f"is not UTF-8, from byte {error.start} on") from None
    except UnicodeEncodeError:
        raise BadArgument("body", "holds half a surrogate pair, which is no character") from None
    except RecursionError:
        raise BadArgument("body", "is nested too deeply") from None
    except json.JSONDecodeError as error:
        raise BadArgument("body", f"is no JSON: {error.msg}, at line {error.lineno}, column {error.colno}") from None
    except ValueError:
        raise BadArgument("body", "holds a number that is too long") from None
    return jsons.take(found, kind)


# -- what stands in front of it ------------------------------------------------------------------------------------


@frozen
class Tags:
    """What `If-Match` names: versions that would do, any at all where it is `*`; none of a weak or a foreign tag."""

    versions: tuple[int, ...]
    any: bool = False

    def expect(self, actual: int) -> int | None:
        """Return the version to expect of a pilot that is at this one."""
        if self.any:
            return None
        return actual if actual in self.versions else max(self.versions, default=0)


def tags(header: str | None) -> Tags | None:
    """Return what `If-Match` names, None where there is none.

    Raises:
        BadArgument: for what is no list of entity tags.
    """
    if header is None:
        return None
    if header.strip() == "*":
        return Tags((), any=True)
    found = [one.strip() for one in header.split(",")]
    matches = [TAG.fullmatch(one) for one in found]
    if not all(matches):
        raise BadArgument("If-Match", 'must be the ETag of a pilot, such as "7"')
    named = (VERSION.fullmatch(one[2]) for one in matches if one is not None and one[1] is None)
    return Tags(tuple(int(one[1]) for one in named if one is not None))


def tag(version: int, body: bytes | None = None) -> str:
    """Return the entity tag of a version, and of what is shown of it: not everybody is shown the same."""
    shown = "" if body is None else f"-{sha256(body).hexdigest()[:16]}"
    return f'"{version}{shown}"'


def same(header: str | None, tag: str) -> bool:
    """Whether `If-None-Match` names this tag, weakly or not."""
    if header is None:
        return False
    names = (TAG.fullmatch(one.strip()) for one in header.split(","))
    return header.strip() == "*" or any(one is not None and f'"{one[2]}"' == tag for one in names)


def key(header: str | None) -> str | None:
    """Return an idempotency key, out of its quotes where it stands in some; how it is written makes no other key."""
    if header is None:
        return None
    quoted = QUOTED.fullmatch(header)
    return re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else header
