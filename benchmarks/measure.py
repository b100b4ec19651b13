"""How a ratio is measured: what is compared runs in turns, round by round, and the best round of each counts.

Machines are shared and noisy, so a figure in seconds says little; two things measured in turns share the noise. Where
each operation waits for a disk the middle round counts instead: no round is without noise there, and the best is luck.
"""

import gc
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

from attrs import field, frozen


@frozen
class Ratio:
    """One figure: our time over the floor's, with what it must and should be at most. Smaller is better."""

    name: str
    ours: float
    floor: float
    must: float = field(kw_only=True)
    aim: float = field(kw_only=True)
    unit: str = field(default="us", kw_only=True)

    @property
    def value(self) -> float:
        """Return how many times the floor ours takes."""
        return self.ours / self.floor

    @property
    def verdict(self) -> str:
        """Return whether the figure reaches its aim, only its bound, or neither."""
        return "aim" if self.value <= self.aim else "must" if self.value <= self.must else "MISSED"

    def __str__(self) -> str:
        """Return one line of the report."""
        bounds = f"must <= {self.must:g}, aim <= {self.aim:g}"
        return (
            f"{self.name:<66} {self.value:6.2f} times the time   {bounds:<26} {self.verdict:<6} "
            f"{self.ours:9.2f} against {self.floor:9.2f} {self.unit}"
        )


@frozen
class Share:
    """One figure: our rate as a share of another's on the same work. Larger is better; 1 is as fast, 2 twice as fast.

    Attributes:
        ours, other: microseconds per operation.
        bounds: what the share must and should be at least; None where nothing is promised.
        whose: whose rate it is a share of.
        does: what the other does of the same work, and what not.
    """

    name: str
    ours: float
    other: float
    bounds: tuple[float, float] | None = field(default=None, kw_only=True)
    whose: str = field(default="the floor", kw_only=True)
    does: str = field(default="", kw_only=True)

    @property
    def value(self) -> float:
        """Return how many of ours are done in the time of one of the other's."""
        return self.other / self.ours

    @property
    def verdict(self) -> str:
        """Return whether the figure reaches its aim, only its bound, or neither; nothing where there is none."""
        if self.bounds is None:
            return ""
        must, aim = self.bounds
        return "aim" if self.value >= aim else "must" if self.value >= must else "MISSED"

    def __str__(self) -> str:
        """Return one line of the report, and one more on what the other does."""
        bounds = "must >= {:g}, aim >= {:g}".format(*self.bounds) if self.bounds else ""
        line = (
            f"{self.name:<66} {self.value:6.2f} of the rate      {bounds:<26} {self.verdict:<6} "
            f"{self.ours:9.2f} against {self.other:9.2f} us of {self.whose}"
        )
        return f"{line}\n    {self.does}" if self.does else line


@frozen
class Skipped:
    """Something that was not measured, and why."""

    name: str
    reason: str

    def __str__(self) -> str:
        """Return one line of the report."""
        return f"{self.name:<66}      - skipped: {self.reason}"


middle = statistics.median


def in_turns(calls: Sequence[Callable[[], object]], *, number: int = 50, rounds: int = 400) -> list[float]:
    """Return the best time per call, in microseconds, of functions that run in turns.

    Note:
        A turn is short, a few milliseconds at most, so that on a busy machine some turns of each run undisturbed.
    """
    best = [float("inf")] * len(calls)
    for _ in range(rounds):
        for place, call in enumerate(calls):
            begun = time.perf_counter_ns()
            for _ in range(number):
                call()
            best[place] = min(best[place], (time.perf_counter_ns() - begun) / number / 1000)
    return best


def supplied_in_turns(
    sides: Sequence[Callable[[int], Callable[[], object]]],
    *,
    number: int = 20,
    rounds: int = 60,
    which: Callable[[Sequence[float]], float] = min,
) -> list[float]:
    """Return the time per operation, in microseconds, of sides that use something up, run in turns.

    Args:
        sides: each prepares for so many operations, unmeasured, and returns the turn that carries them out.
        number: how many operations make a turn.
        rounds: how many turns each side has.
        which: which of a side's rounds counts: the best, or the `middle`.

    Note:
        What the preparing left is not looked through for garbage meanwhile: with ten thousands of pilots in memory that
        takes half of the turn of whoever makes objects, and nothing of the turn of a driver.
    """
    times: list[list[float]] = [[] for _ in sides]
    try:
        for _ in range(rounds):
            for prepare, taken in zip(sides, times, strict=True):
                turn = prepare(number)
                gc.collect()
                gc.freeze()
                begun = time.perf_counter_ns()
                turn()
                taken.append((time.perf_counter_ns() - begun) / number / 1000)
    finally:
        gc.unfreeze()
    return [which(taken) for taken in times]


def processes_in_turns(programs: Sequence[Sequence[str]], *, rounds: int = 30) -> list[float]:
    """Return the best time, in milliseconds, of Python processes with these arguments, run in turns."""

    def run(arguments: Sequence[str]) -> Callable[[], object]:
        return lambda: subprocess.run([sys.executable, *arguments], check=True, capture_output=True)

    return [each / 1000 for each in in_turns([run(one) for one in programs], number=1, rounds=rounds)]
