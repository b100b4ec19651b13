"""What a form of ours brought back: words by name, as they were typed."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request

FIELDS = 2_000
"""How many fields a form may have."""
DATA = "d."
DIGITS = 9
_ROW = re.compile(r"(.+?)\.([0-9]{1,3})\.(.+)")


class Form:
    """The fields of a form, each with one or several values."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self._held: dict[str, list[str]] = {}
        for name, value in pairs:
            self._held.setdefault(name, []).append(value.replace("\r\n", "\n"))

    def one(self, name: str) -> str:
        """Return a value without the space around it, empty where there is none."""
        return self._held.get(name, [""])[0].strip()

    def all(self, name: str) -> list[str]:
        """Return every value that is not empty."""
        return [one.strip() for one in self._held.get(name, []) if one.strip()]

    def rows(self, name: str) -> int:
        """Return how many rows of a list were on the form."""
        numbers = [one.removeprefix(f"{name}.").partition(".")[0] for one in self._held if one.startswith(f"{name}.")]
        return 1 + max((int(one) for one in numbers if one.isdecimal() and len(one) < 4), default=-1)  # noqa: PLR2004  # three digits

    def closed(self) -> "Form":
        """Return a form without blank rows between others: each row has the number under which it is taken.

        Of rows that are all blank the name of their list is left, empty.
        """
        rows: dict[str, set[int]] = {}
        for name, values in self._held.items():
            if (row := _ROW.fullmatch(name)) is not None and any(one.strip() for one in values):
                rows.setdefault(row[1], set()).add(int(row[2]))
        numbers = {name: {old: new for new, old in enumerate(sorted(held))} for name, held in rows.items()}
        pairs: list[tuple[str, str]] = []
        for name, values in self._held.items():
            row = _ROW.fullmatch(name)
            number = None if row is None else numbers.get(row[1], {}).get(int(row[2]))
            if row is not None and row[1] not in numbers:
                pairs.append((row[1], ""))
            elif row is None or number is not None:
                now = name if row is None else f"{row[1]}.{number}.{row[3]}"
                pairs += [(now, one) for one in values]
        return Form(pairs)

    def replaced(self, fields: Iterable[str], pairs: Iterable[tuple[str, str]]) -> "Form":
        """Return a form with other fields instead of these, and of all that lie within them."""
        gone, within = {*fields}, tuple(f"{one}." for one in fields)
        kept = (name for name in self._held if name not in gone and not name.startswith(within))
        held, new = [(name, one) for name in kept for one in self._held[name]], list(pairs)
        names = {name for name, _ in new}
        return Form([pair for pair in held if pair[0] not in names] + new)

    def shows(self, name: str) -> bool:
        """Return whether a field is on the form, itself or what lies within it."""
        return any(one == name or one.startswith(f"{name}.") for one in self._held)

    def __contains__(self, name: object) -> bool:
        return name in self._held

    def __iter__(self) -> Iterator[str]:
        return iter(self._held)


def version(text: str) -> int | None:
    """Return the version that a form or an address brought back; None where it brought none."""
    return int(text) if text.isdecimal() and len(text) <= DIGITS else None


def sent(request: Request, body: bytes) -> Form:
    """Return what was sent.

    Raises:
        HTTPException: for what no form of ours sends.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    if kind != "application/x-www-form-urlencoded":
        raise HTTPException(415)
    try:
        return Form(parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=FIELDS))
    except ValueError:
        raise HTTPException(400) from None


def known(request: Request) -> Form:
    """Return what an address says of the data of a trigger: `p.title=...`."""
    pairs = [
        (DATA + name.removeprefix("p."), one) for name, one in request.query_params.multi_items() if name[:2] == "p."
    ]
    return Form(pairs)


def typed(data: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    """Give data as a form of ours would send it."""
    for name, value in data.items():
        if isinstance(value, Mapping):
            yield prefix + name, "\n".join(f"{key}: {one}" for key, one in value.items())
            yield from typed(value, f"{prefix}{name}.")  # where each key has a field
        elif isinstance(value, tuple):
            for number, one in enumerate(value):
                if isinstance(one, Mapping):
                    yield from typed(one, f"{prefix}{name}.{number}.")
                else:
                    yield prefix + name, str(one)
        else:
            yield prefix + name, word_of(value)


def word_of(choice: object) -> str:
    """Return a choice as a form holds it."""
    return ("true" if choice else "false") if isinstance(choice, bool) else str(choice)
