"""Draws: how long, how many, which one. Each is drawn from a source of its own, named after what it is for.

1. A source is made of the seed and a name, such as `7/pilot-3/supplier-1/invited/1/next`. So what one pilot draws does
   not hang on what another did before it, and a run with the weekly call and one without it draw the same numbers
   wherever the same thing is drawn: what differs is what the calls did.
2. Text is made a source by its bytes, never by its hash, so that every process draws the same.
"""

import math
from collections.abc import Mapping
from random import Random
from typing import Literal

from attrs import frozen

NINE_IN_TEN = 1.2815515655446004  # the standard normal distribution lies below this in nine of ten cases

Kind = Literal["fixed", "uniform", "triangular", "lognormal", "exponential"]
KINDS: Mapping[Kind, tuple[str, ...]] = {
    "fixed": ("value",),
    "uniform": ("least", "most"),
    "triangular": ("least", "most likely", "most"),
    "lognormal": ("median", "what nine in ten stay below"),
    "exponential": ("mean",),
}
"""What the numbers of each distribution are, in order."""

Unit = Literal["days", "working days", ""]


@frozen
class Spread:
    """How long something takes, or how many there are.

    Attributes:
        kind: the distribution; `numbers` are what `KINDS` says of it.
        unit: calendar days or working days; empty for a number of things.
    """

    kind: Kind
    numbers: tuple[int, ...]
    unit: Unit = ""

    def draw(self, random: Random, *, times: float = 1) -> int:
        """Return a whole number, 0 or more, so many times what was drawn."""
        return max(0, round(self._drawn(random) * times))

    def _drawn(self, random: Random) -> float:
        first, *rest = self.numbers
        if self.kind == "uniform":
            return random.randint(first, rest[0])
        if self.kind == "triangular":
            return random.triangular(first, rest[1], rest[0])
        if self.kind == "lognormal":
            return random.lognormvariate(math.log(first), math.log(rest[0] / first) / NINE_IN_TEN)
        if self.kind == "exponential":
            return random.expovariate(1 / first)
        return first


ONCE = Spread("fixed", (1,))
A_WEEK, A_FORTNIGHT = Spread("fixed", (7,), "days"), Spread("fixed", (14,), "days")


@frozen
class Choice:
    """One of several words or numbers.

    Attributes:
        shares: how likely each is, from 0 to 1; together they are 1.
    """

    shares: Mapping[str | int, float]

    def draw(self, random: Random) -> str | int:
        """Return one of them."""
        names = tuple(self.shares)
        return random.choices(names, [self.shares[name] for name in names])[0]


@frozen
class Dice:
    """Sources of randomness that follow from a seed and a name."""

    seed: int

    def source(self, *name: object) -> Random:
        """Return the source of this name, from its beginning."""
        return Random("/".join(str(part) for part in (self.seed, *name)))  # noqa: S311  # a simulation keeps no secrets

    def chance(self, *name: object) -> float:
        """Return the one number of this name, from 0 up to but not 1."""
        return self.source(*name).random()
