"""What stands for a value in the data of an act: `$today`, `$key`, `$draw.places`, ...

A text that is one of these as a whole becomes the value itself; within a text it is filled in. Nothing is computed but
`+N` behind `$today`, which is so many days later.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from attrs import frozen

WORDS = ("today", "number", "key", "record", "person", "holder", "participant", "draw")
_STANDS = re.compile(r"\$([a-z_]+)(?:\.([a-z][a-z0-9_]*))?(?:\+([0-9]{1,4}))?")


@frozen
class Place:
    """Something that stands for a value: its word, what is named behind a dot, and how many days later."""

    word: str
    name: str | None
    days: int


def found(value: Any) -> Iterator[Place]:  # noqa: ANN401  # data is of any shape
    """Give what stands for a value anywhere in data."""
    if isinstance(value, str):
        yield from (_place(one) for one in _STANDS.finditer(value))
    elif isinstance(value, Mapping | tuple | list):
        for one in value.values() if isinstance(value, Mapping) else value:
            yield from found(one)


def _place(match: re.Match[str]) -> Place:
    return Place(match[1], match[2], int(match[3] or 0))


def filled(value: Any, values: "Values") -> Any:  # noqa: ANN401  # data is of any shape
    """Return data with the values that are meant."""
    if isinstance(value, str):
        whole = _STANDS.fullmatch(value)
        if whole is not None:
            return values.of(_place(whole))
        return _STANDS.sub(lambda one: str(values.of(_place(one))), value) if "$" in value else value
    if isinstance(value, Mapping):
        return {name: filled(one, values) for name, one in value.items()}
    return [filled(one, values) for one in value] if isinstance(value, tuple | list) else value


@frozen
class Values:
    """What each word means at one moment.

    Attributes:
        number: of the pilot; `key` of the track, `record` the id of the record that is meant.
        holder: the id of who has the role that a refusal names, or else of who acts.
        person: gives the id of who acts in a role here.
        participant: gives the reference of somebody new.
        draw: gives what is drawn under a name.
    """

    today: date
    number: int
    key: str
    record: str
    holder: str
    person: Any
    participant: Any
    draw: Any

    def of(self, place: Place) -> Any:  # noqa: ANN401  # a text, a number or a day
        """Return the value that stands for."""
        if place.word == "today":
            return (self.today + timedelta(days=place.days)).isoformat()
        if place.word in {"person", "draw"}:
            return getattr(self, place.word)(place.name)
        return self.participant() if place.word == "participant" else getattr(self, place.word)
