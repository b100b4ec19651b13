"""Whether what clients were told fits one order: the check of recorded histories of reads and appends on one pilot.

Each append that won made the next version, so the order can only be that of the versions. What is left to check:

1. each version was made once, and each from the one before it;
2. what was read, or named by a conflict, was there: its append had begun before the reader was told;
3. nobody is told a version older than one that somebody knew before the asking began;
4. a conflict names another version than the one that was expected.

The time is a counter, so that the check does not depend on any clock.
"""

from collections import Counter
from collections.abc import Iterable
from enum import Enum

from attrs import frozen


class Act(Enum):
    """What a client did, and what came of it."""

    READ = "read"
    WON = "won"
    LOST = "lost"


@frozen
class Done:
    """One act, from when it was begun to when its answer came, and the version that the answer names."""

    act: Act
    began: int
    ended: int
    version: int
    expected: int | None = None


def faults(history: Iterable[Done], first: int = 1) -> list[str]:
    """Return what in a history fits no order; nothing, if all fits.

    Args:
        history: what was done, in any order.
        first: the version that was there before.
    """
    done = sorted(history, key=lambda one: one.began)
    won = Counter(one.version for one in done if one.act is Act.WON)
    found = [f"version {version} was made {times} times" for version, times in won.items() if times > 1]
    found += [f"{one} did not follow on what it expected" for one in done if _jumps(one)]
    beginnings = {one.version: one.began for one in done if one.act is Act.WON}
    found += [f"{one} names a version that nobody made" for one in done if one.version not in {first, *won}]
    found += [f"{one} names a version before it was made" for one in done if one.ended < beginnings.get(one.version, 0)]
    return found + list(_stale(done))


def _jumps(one: Done) -> bool:
    if one.act is Act.WON:
        return one.expected is None or one.version != one.expected + 1
    return one.act is Act.LOST and one.version == one.expected


def _stale(done: list[Done]) -> Iterable[str]:
    ended, known, place = sorted(done, key=lambda one: one.ended), 0, 0
    for one in done:
        while place < len(ended) and ended[place].ended < one.began:
            known = max(known, ended[place].version)
            place += 1
        least = known + 1 if one.act is Act.WON else known
        if one.version < least:
            yield f"{one} is told an older version than {known}, which was known before"
