"""Single values of a behaviour file.

What is wrong is noted with its place, and something harmless is read instead, so that one fault hides no other.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from attrs import Factory, define

from proeftuin.core.days import day_of
from proeftuin.core.faults import Fault, did_you_mean
from proeftuin.definitions._tree import BROKEN, Tree
from proeftuin.door import FIRST_YEAR, LAST_YEAR
from proeftuin.simulation._draws import KINDS, Choice, Kind, Spread, Unit

At = tuple[str | int, ...]

_SHARE = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,4})?)%")
_LONG = re.compile(r"([0-9]{1,5}) (days?|working days?)")
_TIMES = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,2})?")
ONE_DAY = Spread("fixed", (1,), "days")
LONGEST = 36_500
_NUMBER = re.compile("[0-9]{1,9}")
SURE = 1.000001  # percentages that were rounded may come to a little more than all


@define
class Reading:
    """One behaviour file that is being read: its values with their places, and what is wrong so far.

    Attributes:
        drawn: the names that `$draw.NAME` was met with, and where.
    """

    name: str
    tree: Tree
    faults: list[Fault] = Factory(list)
    drawn: list[tuple[str, At]] = Factory(list)

    def fault(self, code: str, text: str, *at: str | int, key: bool = False) -> None:
        """Note what is wrong at a place."""
        line, column = self.tree.place(at, key=key)
        self.faults.append(Fault(code, text, at, file=self.name, line=line, column=column))

    def mapping(
        self, value: object, *at: str | int, keys: Collection[str] = (), needs: Iterable[str] = ()
    ) -> dict[str, Any]:
        """Return a mapping with no other keys than these (any, where none are named), and with those that it needs."""
        if not isinstance(value, dict):
            if value is not BROKEN:
                self.fault("wrong-type", "a mapping is expected here", *at)
            return {}
        for key in [one for one in value if keys and one not in keys]:
            self.fault("unknown-key", f"`{key}` is no key here{did_you_mean(key, keys)}", *at, key, key=True)
        for key in needs:
            if key not in value:
                self.fault("missing-key", f"`{key}` is missing here; add it", *at)
        return {key: one for key, one in value.items() if (not keys or key in keys) and one is not BROKEN}

    def items(self, value: object, *at: str | int) -> list[Any]:
        """Return a list."""
        if isinstance(value, list):
            return value
        if value is not BROKEN:
            self.fault("wrong-type", "a list is expected here", *at)
        return []

    def text(self, value: object, *at: str | int) -> str:
        """Return a text."""
        if isinstance(value, str) and value.strip():
            return value
        if value is not BROKEN:
            self.fault("wrong-type", "a text is expected here", *at)
        return ""

    def word(self, value: object, known: Collection[str], what: str, *at: str | int, key: bool = False) -> str:
        """Return a text that is one of the words known."""
        word = value if key and isinstance(value, str) else self.text(value, *at)
        if word and word not in known:
            self.fault(f"unknown-{what}", f"there is no {what} `{word}`{did_you_mean(word, known)}", *at, key=key)
        return word

    def flag(self, value: object, *at: str | int) -> bool:
        """Return `true` or `false`."""
        if not isinstance(value, bool) and value is not BROKEN:
            self.fault("wrong-type", "`true` or `false` is expected here", *at)
        return value is True

    def whole(self, value: object, *at: str | int, least: int = 1) -> int:
        """Return a whole number."""
        if type(value) is int and least <= value <= LONGEST:
            return value
        if value is not BROKEN:
            self.fault("bad-number", f"a whole number from {least} to {LONGEST} is expected here", *at)
        return least

    def times(self, value: object, *at: str | int) -> float:
        """Return how many times as much: a whole number, or one with decimals as text."""
        if (type(value) is int or isinstance(value, str)) and _TIMES.fullmatch(str(value)) and float(value) > 0:
            return float(value)
        if value is not BROKEN:
            self.fault("bad-number", 'a number above 0 is expected here, as in 2 or "1.5"', *at)
        return 1

    def share(self, value: object, *at: str | int) -> float:
        """Return a percentage as a number from 0 to 1."""
        match = _SHARE.fullmatch(value) if isinstance(value, str) else None
        if match is not None and float(match[1]) <= 100:  # noqa: PLR2004  # percent
            return float(match[1]) / 100
        if value is not BROKEN:
            self.fault("bad-share", "a percentage from 0% to 100% is expected here, as in 60%", *at)
        return 0

    def day(self, value: object, *at: str | int) -> date:
        """Return a day."""
        text = "a day is expected here, as in 2026-03-31"
        if (found := day_of(value)) is not None:
            if FIRST_YEAR <= found.year <= LAST_YEAR:
                return found
            text = f"a day lies in the years {FIRST_YEAR} to {LAST_YEAR}"
        if value is not BROKEN:
            self.fault("bad-day", text, *at)
        return date(2000, 1, 1)

    def long(self, value: object, *at: str | int) -> Spread:
        """Return how long something takes: `7 days`, or a distribution of such."""
        return self._spread(value, at, long=True)

    def many(self, value: object, *at: str | int) -> Spread:
        """Return how many there are: `3`, or a distribution of whole numbers."""
        return self._spread(value, at, long=False)

    def draws(self, value: object, *at: str | int) -> Spread | Choice:
        """Return what a name under `draws` stands for: how many, or which one of several words."""
        if isinstance(value, dict) and value and not value.keys() & KINDS.keys():
            return self._choice(value, at)
        return self.many(value, *at)

    def _choice(self, value: Mapping[str, Any], at: At) -> Choice:
        before = len(self.faults)
        shares = {name: self.share(one, *at, name) for name, one in value.items()}
        whole = sum(shares.values())
        if len(self.faults) == before and BROKEN not in value.values() and not 2 - SURE < whole < SURE:
            self.fault("bad-share", f"these come to {round(100 * whole, 4):g}% together; make it 100%", *at)
        return Choice({int(name) if _NUMBER.fullmatch(name) else name: one for name, one in shares.items()})

    def _spread(self, value: object, at: At, *, long: bool) -> Spread:
        kind: Kind = "fixed"
        given: object = [value]
        if isinstance(value, dict):
            one = self.mapping(value, *at, keys=KINDS)
            if len(one) != 1:
                self.fault("bad-spread", f"one distribution is expected here: {', '.join(KINDS)}", *at)
                return ONE_DAY
            kind = next(name for name in KINDS if name in one)
            at, given = (*at, kind), one[kind] if isinstance(one[kind], list) else [one[kind]]
        if value is BROKEN:
            return ONE_DAY
        numbers = [self._number(each, at, long=long) for each in (given if isinstance(given, list) else [given])]
        return self._whole_spread(kind, [one for one in numbers if one is not None], at, len(numbers))

    def _number(self, value: object, at: At, *, long: bool) -> tuple[int, Unit] | None:
        match = _LONG.fullmatch(value) if isinstance(value, str) else None
        if long and match is not None and int(match[1]) <= LONGEST:
            return int(match[1]), "working days" if match[2].startswith("working") else "days"
        if not long and type(value) is int and 0 <= value <= LONGEST:
            return value, ""
        if value is not BROKEN:
            expected = "days or working days, as in `10 days`," if long else "a whole number"
            self.fault("bad-spread", f"{expected} is expected here, or a distribution: {', '.join(KINDS)}", *at)
        return None

    def _whole_spread(self, kind: Kind, numbers: list[tuple[int, Unit]], at: At, given: int) -> Spread:
        """Return a distribution whose numbers fit it."""
        if len(numbers) < given:
            return ONE_DAY
        wanted = KINDS[kind]
        values = tuple(one for one, _ in numbers)
        if given != len(wanted):
            self.fault("bad-spread", f"`{kind}` takes {len(wanted)}: {', '.join(wanted)}", *at)
        elif len({unit for _, unit in numbers}) > 1:
            self.fault("bad-spread", "days and working days cannot be mixed here; write all in one of them", *at)
        elif list(values) != sorted(values):
            self.fault("bad-spread", f"the numbers of `{kind}` must rise: {', '.join(wanted)}", *at)
        elif kind in {"lognormal", "exponential"} and values[0] < 1:
            self.fault("bad-spread", f"`{kind}` begins above 0", *at)
        else:
            return Spread(kind, values, numbers[0][1])
        return ONE_DAY
