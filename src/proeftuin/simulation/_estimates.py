"""Estimates with their 95 % intervals: shares by Wilson's, everything else by the percentile bootstrap.

An interval says how much the figure hangs on chance among the pilots that were simulated. It says nothing of whether
the assumptions are right, which weighs more.

Sources: E. B. Wilson, Probable Inference, the Law of Succession, and Statistical Inference, JASA 22 (1927); B. Efron,
Bootstrap Methods: Another Look at the Jackknife, Annals of Statistics 7 (1979).
"""

import math
from collections.abc import Callable, Sequence
from random import Random
from statistics import fmean, median

from attrs import frozen

Z = 1.959963984540054  # the standard normal distribution lies between -Z and Z in 95 of 100 cases
LOW, HIGH = 0.025, 0.975
DRAWN = 400_000
RESAMPLES = (200, 1_000)
PLACES = 4


@frozen
class Estimate:
    """A figure with its 95 % interval.

    Attributes:
        value: the figure; None where there is nothing that it could rest on.
        low, high: the ends of the interval.
        count: on how many it rests.
    """

    value: float | None
    low: float | None
    high: float | None
    count: int


NOTHING = Estimate(None, None, None, 0)


def share(some: int, of: int) -> Estimate:
    """Return a share, from 0 to 1, with Wilson's interval."""
    if of == 0:
        return NOTHING
    part, square = some / of, Z * Z
    middle = (part + square / (2 * of)) / (1 + square / of)
    half = Z * math.sqrt(part * (1 - part) / of + square / (4 * of * of)) / (1 + square / of)
    low = 0.0 if some == 0 else max(0.0, middle - half)
    high = 1.0 if some == of else min(1.0, middle + half)
    return Estimate(round(part, PLACES), round(low, PLACES), round(high, PLACES), of)


def average(values: Sequence[float], random: Random) -> Estimate:
    """Return a mean."""
    return _bootstrap(values, fmean, random)


def middle(values: Sequence[float], random: Random) -> Estimate:
    """Return a median."""
    return _bootstrap(values, median, random)


def total(values: Sequence[float], random: Random) -> Estimate:
    """Return a sum, with the interval that as many pilots like these would have."""
    return _bootstrap(values, math.fsum, random)


def _bootstrap(values: Sequence[float], figure: Callable[[Sequence[float]], float], random: Random) -> Estimate:
    if not values:
        return NOTHING
    least, most = RESAMPLES
    times = max(least, min(most, DRAWN // len(values)))
    again = sorted(figure(random.choices(values, k=len(values))) for _ in range(times))
    low, high = again[math.floor(LOW * (times - 1))], again[math.ceil(HIGH * (times - 1))]
    return Estimate(round(figure(values), PLACES), round(low, PLACES), round(high, PLACES), len(values))


def quantile(values: Sequence[float], share: float) -> float | None:
    """Return what so many of the values stay below or at; None of nothing."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, math.floor(share * len(ordered)))] if ordered else None
