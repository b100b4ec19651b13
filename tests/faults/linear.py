"""Whether what clients were told of a pilot can have happened, one call after the other: linearizability, judged fast.

A pilot is a log that is compared and appended to. Each call has an effect at one moment between its beginning and its
end, or none where it was refused; a call of unknown outcome may have had one at any moment since it began. Values are
written once, so the log that is stored at the end says which call wrote which version, and what is left to find is the
moment `t(n)` at which each version n began to stand:

1. whoever wrote n did so while calling: began <= t(n) <= ended;
2. whoever was told that n stands was told so while it did: t(n) <= ended and began <= t(n + 1);
3. whoever repeats a call under its key and is given its first result n asks after the fact: t(n) <= ended;
4. t(1) <= t(2) <= ...

The first three give a window for each t(n), and moments in that order can be chosen if and only if no window closes
before the latest of the openings up to it. So a history of n calls is judged in n steps, where judges of any register
have to search.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from math import inf
from typing import Literal

from attrs import frozen

Told = Literal["ok", "fail", "info"]


@frozen
class Call:
    """What one client asked, and what it was told.

    Attributes:
        began: by a clock that all clients share; `ended` likewise.
        told: `ok`, `fail` (nothing was written), or `info` (it may have been written, or be written yet).
        value: what was to be written, or what a read gave; None for a call that says nothing of values.
        writes: whether it was to write.
        expected: the version that it was to be written on; None for whichever stands.
        version: `ok`: that was written or read; `fail`: that stood in the way, None where nothing did.
        again: whether it was told the first result of an earlier call under the same key.
    """

    client: str
    began: int
    ended: int
    told: Told
    value: str | None = None
    writes: bool = False
    expected: int | None = None
    version: int | None = None
    again: bool = False

    def __str__(self) -> str:
        """Who did what."""
        return f"{self.client}: {'write' if self.writes else 'read'} {self.value!r} {self.told} {self.version}"


def violations(log: Sequence[str], calls: Iterable[Call]) -> list[str]:
    """Return why the calls cannot have happened; nothing where they can.

    Args:
        log: the values that are stored at the end, of version 1 and on; version 1 stood before all calls.
        calls: all that were made, in any order.
    """
    return list(_Judge(log, list(calls)).violations())


class _Judge:
    def __init__(self, log: Sequence[str], calls: Sequence[Call]) -> None:
        self._log = log
        self._calls = calls
        self._writes: dict[str | None, list[Call]] = defaultdict(list)
        for call in calls:
            if call.writes:
                self._writes[call.value].append(call)
        self._opens = [-inf] * (len(log) + 2)
        self._closes = [inf] * (len(log) + 2)

    def violations(self) -> Iterator[str]:
        """First what the values say, then, if they agree, what the moments say."""
        found = [*self._doubled(), *self._told(), *self._unwritten()]
        yield from found or self._out_of_order()

    def _doubled(self) -> Iterator[str]:
        seen = set[str]()
        for version, value in enumerate(self._log, start=1):
            if value in seen:
                yield f"{value!r} is stored again, as version {version}"
            seen.add(value)

    def _told(self) -> Iterator[str]:
        """Look at what each call was told, and note when the version that it names must have stood."""
        for call in self._calls:
            if call.version is None:
                if call.told == "ok":
                    yield f"{call} names no version"
            elif not 1 <= call.version <= len(self._log):
                yield f"{call} is not stored: the log ends at {len(self._log)}"
            elif call.told == "ok" and call.value is not None and call.value != self._log[call.version - 1]:
                yield f"{call} is not what is stored: {self._log[call.version - 1]!r}"
            elif call.told == "fail" and call.version == call.expected:
                yield f"{call} stood in the way of a write on it"
            else:
                self._stood(call, call.version)

    def _stood(self, call: Call, version: int) -> None:
        self._closes[version] = min(self._closes[version], call.ended)
        if not call.writes or call.told == "fail":
            self._opens[version + 1] = max(self._opens[version + 1], call.began)

    def _unwritten(self) -> Iterator[str]:
        """Find who wrote each version, and note when."""
        for version, value in enumerate(self._log[1:], start=2):
            first = [one for one in self._writes[value] if one.told == "ok" and not one.again]
            maybe = [one for one in self._writes[value] if one.told == "info"]
            fitting = [one for one in first or maybe if one.expected in {None, version - 1}]
            if len(first) > 1:
                yield f"{value!r} was acknowledged {len(first)} times as new"
            elif not fitting:
                yield f"{value!r} is version {version}, and no call can have written it there"
            else:
                self._opens[version] = max(self._opens[version], min(one.began for one in fitting))

    def _out_of_order(self) -> Iterator[str]:
        opened = -inf
        for version in range(2, len(self._log) + 1):
            opened = max(opened, self._opens[version])
            if opened > self._closes[version]:
                yield f"version {version} was told to stand before it, or one below it, can have been written"


def overlapping(calls: Iterable[Call]) -> int:
    """Return how many calls began before another one had ended: where none did, there is nothing to judge."""
    ordered = sorted(calls, key=lambda call: call.began)
    return sum(then.began < call.ended for call, then in pairwise(ordered))
