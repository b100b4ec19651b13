"""Does the data of a command fit the fields that its edge takes?

1. Every fault is found, none hides another; an unknown field is refused, not ignored.
2. Nothing is coerced but a whole number given for a decimal; absent, None and blank text are one: not given.
3. A record that holds a participant takes no unknown field at all (`privacy-violation`), and no text that looks like an
   identity. No text anywhere holds a citizen service number, or a date that is said to be one of birth. What is refused
   for that is refused alone, so that no answer repeats it.

Values are as `freeze` leaves them: text, whole numbers, booleans, tuples, mappings. Nothing else passes.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, cast

from attrs import frozen

from proeftuin.core.commands import Blocker
from proeftuin.core.days import day_of
from proeftuin.core.frozen import EMPTY, FrozenDict
from proeftuin.core.pilot import Pilot, Record
from proeftuin.core.privacy import looks_like_identity, names_citizen
from proeftuin.core.structs import Inner
from proeftuin.core.workflow import Field, Scalar

TEXT_LENGTH = 10_000
NAME_LENGTH = 255
WHOLE = 2**63

_DECIMAL = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,18})?")
_URL = re.compile(r"https?://[A-Za-z0-9.\-]+(:[0-9]{1,5})?(/[^\s<>\"]*)?")
PARTY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
SUBJECT = re.compile(r"s[1-9][0-9]{0,8}")


class _Bad(Exception):  # never leaves this module
    def __init__(self, code: str, problem: str, where: str = "") -> None:
        self.code, self.problem, self.where = code, problem, where


class Ground(Inner, frozen=True):
    """What values are judged against: the pilot, the track fired at, today, and what the door found of refs."""

    pilot: Pilot
    track: str | None
    today: date
    findings: FrozenDict
    live: frozenset[str] = frozenset()


@frozen(eq=False, repr=False)
class Checked:
    """The data that passed, the blockers, and the fields that were refused."""

    data: FrozenDict
    blockers: tuple[Blocker, ...] = ()
    refused: frozenset[str] = frozenset()


def blank(value: object) -> bool:
    """Whether a value counts as not given."""
    return value is None or (isinstance(value, str) and not value.strip())


def sound_text(value: object, longest: int) -> str:
    """Return a text that every store keeps exactly, or raise."""
    if not isinstance(value, str):
        raise _Bad("bad-value", "not-a-text")
    if len(value) > longest:
        raise _Bad("bad-value", "too-long")
    if not value.isprintable() and ("\0" in value or any("\ud800" <= one <= "\udfff" for one in value)):
        raise _Bad("bad-value", "control-character")
    return value


def _text(field: Field, value: object, ground: Ground) -> str:
    del ground
    text = sound_text(value, int(field.max or TEXT_LENGTH))
    if field.min is not None and len(text) < int(field.min):
        raise _Bad("bad-value", "too-short")
    return text


def _name(field: Field, value: object, ground: Ground) -> str:
    del field, ground
    return sound_text(value, NAME_LENGTH)


def _url(field: Field, value: object, ground: Ground) -> str:
    del field, ground
    text = sound_text(value, 2_000)
    if not _URL.fullmatch(text):
        raise _Bad("bad-value", "not-a-url")
    return text


def _party(field: Field, value: object, ground: Ground) -> str:
    del field, ground
    if not PARTY.fullmatch(sound_text(value, NAME_LENGTH)):
        raise _Bad("bad-value", "form")
    return cast("str", value)


def _bounds(field: Field, number: "int | Any") -> None:  # noqa: ANN401  # Decimal or int, compared alike
    kind = type(number)
    if field.min is not None and number < kind(field.min):
        raise _Bad("bad-value", "too-small")
    if field.max is not None and number > kind(field.max):
        raise _Bad("bad-value", "too-large")


def _integer(field: Field, value: object, ground: Ground) -> int:
    del ground
    if type(value) is not int or not -WHOLE <= value < WHOLE:
        raise _Bad("bad-value", "not-a-number")
    _bounds(field, value)
    return value


def _decimal(field: Field, value: object, ground: Ground) -> str:
    del ground
    text = str(value) if type(value) is int else value
    if not isinstance(text, str) or not _DECIMAL.fullmatch(text):
        raise _Bad("bad-value", "not-a-number")
    _bounds(field, Decimal(text))
    return text


def _date(field: Field, value: object, ground: Ground) -> str:
    day = day_of(value)
    if day is None:
        raise _Bad("bad-value", "not-a-date")
    if field.not_after == "today" and day > ground.today:
        raise _Bad("future-dated", "after-today")
    return day.isoformat()


def _boolean(field: Field, value: object, ground: Ground) -> bool:
    del field, ground
    if not isinstance(value, bool):
        raise _Bad("bad-value", "not-a-yes-or-no")
    return value


def among(value: object, choices: object) -> bool:
    """Whether a value is one of the choices, `True` and 1 kept apart."""
    return isinstance(choices, tuple) and any(type(one) is type(value) and one == value for one in choices)


def _choice(field: Field, value: object, ground: Ground) -> Scalar:
    del ground
    if not among(value, field.of):
        raise _Bad("bad-value", "not-a-choice")
    return cast("Scalar", value)


def _subject(field: Field, value: object, ground: Ground) -> str:
    del field, ground
    if not isinstance(value, str) or not SUBJECT.fullmatch(value):
        raise _Bad("bad-value", "form")
    return value


def _track(field: Field, value: object, ground: Ground) -> str:
    del field
    if not isinstance(value, str) or value not in ground.pilot.tracks:
        raise _Bad("bad-reference", "no-such-track")
    return value


def _new_track(field: Field, value: object, ground: Ground) -> str:
    key = _party(field, value, ground)
    if key in ground.pilot.tracks:
        raise _Bad("track-exists", "taken")
    return key


def _record(field: Field, value: object, ground: Ground, *, live: bool = False) -> str:
    """Accept the id of a record of the right type, on the track fired at, open where the edge ends or changes it."""
    for kind, records in ground.pilot.kept.items():
        if field.record in (None, kind):
            for one in records:
                if one.id == value and referable(one, ground.track, live=live):
                    return one.id
    raise _Bad("bad-reference", "no-such-record")


def referable(record: Record, track: str | None, *, live: bool) -> bool:
    """Whether a command on a track may name a record: one of that track, or that it contributes to; a live one open."""
    on_track = track is None or record.track == track or _contributes(record.data, track)
    return on_track and not (live and record.ended is not None)


def _contributes(data: FrozenDict, track: str) -> bool:
    rows = data.get("contributions", ())
    return isinstance(rows, tuple) and any(isinstance(row, Mapping) and row.get("track") == track for row in rows)


def _list(field: Field, value: object, ground: Ground) -> tuple[object, ...]:
    if not isinstance(value, tuple):
        raise _Bad("bad-value", "not-a-list")
    if len(value) < int(field.min or 0):
        raise _Bad("bad-value", "too-few")
    if field.max is not None and len(value) > int(field.max):
        raise _Bad("bad-value", "too-many")
    return tuple(_item(field, item, ground, f"[{place}]") for place, item in enumerate(value))


def _item(field: Field, item: object, ground: Ground, where: str) -> object:
    try:
        if isinstance(field.of, Mapping):
            return _row(field.of, item, ground)
        if isinstance(field.of, tuple):
            return _choice(field, item, ground)
        return CHECKS[field.of or "text"](Field(type="text", record=field.record), item, ground)
    except _Bad as bad:
        raise _Bad(bad.code, bad.problem, where + bad.where) from None


def _row(fields: Mapping[str, Field], row: object, ground: Ground) -> FrozenDict:
    if not isinstance(row, Mapping):
        raise _Bad("bad-value", "not-a-row")
    inner = check(fields, FrozenDict(row), ground)
    if inner.blockers:
        first = inner.blockers[0]
        raise _Bad(first.code, str(first.params.get("problem", "missing")), f".{first.params['field']}")
    return inner.data


def _map(field: Field, value: object, ground: Ground) -> FrozenDict:
    if not isinstance(value, Mapping):
        raise _Bad("bad-value", "not-a-map")
    if field.of is None:
        return FrozenDict(value)
    inner = Field(type=cast("Any", field.of), min=field.min, max=field.max)
    for key in value:
        if field.keys and key not in field.keys:
            raise _Bad("bad-value", "not-a-choice", f".{key}")
    return FrozenDict({key: CHECKS[inner.type](inner, item, ground) for key, item in value.items()})


CHECKS: Mapping[str, Callable[[Field, object, Ground], Any]] = {
    "text": _text, "integer": _integer, "decimal": _decimal, "date": _date, "boolean": _boolean, "choice": _choice,
    "list": _list, "map": _map, "url": _url, "person": _name, "party": _party, "subject": _subject, "track": _track,
    "new_track": _new_track, "record": _record,
}  # fmt: skip


def takes(field: Field, value: Scalar) -> bool:
    """Whether a field takes a value on some day; not to be asked of one that refers to something of a pilot."""
    try:
        CHECKS[field.type](field, value, Ground(cast("Pilot", None), None, date.max, EMPTY))
    except _Bad:
        return False
    return True


def asked(field: Field, data: Mapping[str, object]) -> bool:
    """Whether a field must be given, with this other data."""
    if field.required:
        return True
    return bool(field.required_when) and all(among(data.get(name), held) for name, held in field.required_when.items())


def _empty(value: object) -> bool:
    return blank(value) or (isinstance(value, tuple | Mapping) and not value)


def _fault(name: str, code: str, **params: object) -> Blocker:
    return Blocker(code, FrozenDict({"field": name, **params}))


def _unknown(fields: Mapping[str, Field], data: Mapping[str, object], *, personal: bool) -> Iterator[Blocker]:
    code = "privacy-violation" if personal else "unknown-field"
    for name in data:
        if name not in fields:
            known = "" if personal else ", ".join(fields)
            yield _fault(name if not personal else "", code, problem="not-allowed", fields=known)


PROSE = frozenset({"text", "url", "list", "map"})
"""The types whose values may hold what people wrote in their own words."""


def _written(field: Field, value: Any) -> Iterator[str]:  # noqa: ANN401  # the field says which type
    """Give what people wrote: an id of a professional is not that, nor what has a form of its own."""
    if field.type == "text":
        yield value
    elif field.type == "list" and isinstance(field.of, Mapping):
        for row in value:
            for name in field.of.keys() & row.keys():
                yield from _written(field.of[name], row[name])
    elif field.type == "list" and field.of in {None, "text"}:
        yield from value
    elif field.type == "map" and field.of == "text":
        yield from value.values()


def _private(field: Field, value: object, *, personal: bool) -> None:
    """Refuse what would point at a person; beside a participant a web address may not do so either."""
    texts = tuple(_written(field, value))
    if any(names_citizen(one) for one in texts):
        raise _Bad("privacy-violation", "citizen")
    if personal and any(looks_like_identity(one) for one in (*texts, *((str(value),) if field.type == "url" else ()))):
        raise _Bad("privacy-violation", "identity")


def _fitting(name: str, field: Field, value: object, ground: Ground, *, personal: bool) -> object:
    """Return a value as a field keeps it, or raise."""
    if found := ground.findings.get(name):
        raise _Bad(found, "form")
    if field.type == "record":
        return _record(field, value, ground, live=name in ground.live)
    fit: object = CHECKS[field.type](field, value, ground)
    if field.type in PROSE:
        _private(field, fit, personal=personal)
    return fit


def alone(blockers: Iterable[Blocker]) -> tuple[Blocker, ...]:
    """Return what looks like an identity, which is told alone, so that no answer repeats it."""
    return tuple(one for one in blockers if one.code == "privacy-violation")


def check(
    fields: Mapping[str, Field],
    data: FrozenDict,
    ground: Ground,
    *,
    personal: bool = False,
    beside: Mapping[str, object] = EMPTY,
) -> Checked:
    """Judge data against fields.

    Args:
        fields: what may be given.
        data: frozen; dates and decimals as text.
        ground: what references and dates are judged against.
        personal: whether the data is about a participant.
        beside: what is there already and stays as it is, where the data changes a part: a field may be asked by it.
    """
    whole = {**beside, **data} if beside else data
    blockers = list(_unknown(fields, data, personal=personal))
    clean: dict[str, object] = {}
    refused: set[str] = set()
    for name, field in fields.items():
        value = data.get(name)
        if blank(value):
            value = field.default
        if value is None or (_empty(value) and asked(field, whole)):
            if asked(field, whole):
                blockers.append(_fault(name, "missing-field"))
            continue
        try:
            clean[name] = _fitting(name, field, value, ground, personal=personal)
        except _Bad as bad:
            refused.add(name)
            blockers.append(_fault(name + bad.where, bad.code, problem=bad.problem))
    return Checked(FrozenDict(clean), tuple(blockers), frozenset(refused))
