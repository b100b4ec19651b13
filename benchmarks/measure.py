"""How a ratio is measured: what is compared runs in turns, round by round, and the best round of each counts.

Machines are shared and noisy, so a figure in seconds says little; two things measured in turns share the noise.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Sequence

from attrs import field, frozen


@frozen
class Ratio:
    """One figure: ours over the floor's, with what it must and should be at most."""

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
        bounds = f"must {self.must:g} aim {self.aim:g}"
        return (
            f"{self.name:<58} {self.value:6.2f}  ({bounds:<18}) {self.verdict:<6} "
            f"{self.ours:9.2f} against {self.floor:9.2f} {self.unit}"
        )


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


def processes_in_turns(programs: Sequence[Sequence[str]], *, rounds: int = 30) -> list[float]:
    """Return the best time, in milliseconds, of Python processes with these arguments, run in turns."""

    def run(arguments: Sequence[str]) -> Callable[[], object]:
        return lambda: subprocess.run([sys.executable, *arguments], check=True, capture_output=True)

    return [each / 1000 for each in in_turns([run(one) for one in programs], number=1, rounds=rounds)]
