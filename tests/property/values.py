"""Values of every kind that can be kept, made up fast, so that a hundred thousand of them fit into a quick run."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from proeftuin.core.frozen import FrozenDict
from tests.property.test_round_trips import HOSTILE

EDGES = (
    *(sign * base + off for base in (0, 2**7, 2**31, 2**32, 2**53, 2**62) for sign in (1, -1) for off in (-1, 0, 1)),
    2**63 - 1,
    -(2**63),
)
RANGES = (
    (0x00, 0x7F),
    (0x80, 0x24F),
    (0x300, 0x36F),
    (0x590, 0x6FF),
    (0x2000, 0x206F),
    (0x3040, 0x9FFF),
    (0xAC00, 0xD7FF),
    (0xE000, 0xFFFF),
    (0x1F300, 0x1FAFF),
    (0x10000, 0x10FFFF),
)


class Made:
    """Makes values up from a number; the same number gives the same values."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def text(self, most: int = 16) -> str:
        random = self._random
        if random.random() < 0.25:
            return random.choice(HOSTILE)[:255]
        low, high = random.choice(RANGES)
        return "".join(chr(random.randint(low, high)) for _ in range(random.randint(0, most)))

    def integer(self) -> int:
        random = self._random
        return random.choice(EDGES) if random.random() < 0.5 else random.randint(-(2**63), 2**63 - 1)

    def decimal(self) -> Decimal:
        random = self._random
        digits = tuple(random.randint(0, 9) for _ in range(random.randint(1, 34)))
        return Decimal((random.randint(0, 1), digits, random.randint(-40, 40)))

    def number(self) -> str:
        """A decimal as a workflow's field takes it: without an exponent."""
        random = self._random
        return f"{random.choice(('', '-'))}{random.randint(0, 10**9)}.{random.randint(0, 9999):0{random.randint(1, 4)}}"

    def day(self) -> date:
        return date.min + timedelta(days=self._random.randrange(3_652_059))

    def scalar(self) -> Any:
        random = self._random
        kind = random.randrange(8)
        if kind < 3:
            return self.text()
        if kind < 5:
            return self.integer()
        return (self.decimal, self.day, lambda: random.choice((None, True, False)))[kind - 5]()

    def value(self, depth: int = 3) -> Any:
        random = self._random
        kind = random.randrange(10) if depth else 9
        if kind == 0:
            return tuple(self.value(depth - 1) for _ in range(random.randrange(4)))
        if kind == 1:
            return FrozenDict({self.text(8): self.value(depth - 1) for _ in range(random.randrange(4))})
        return self.scalar()

    def values(self, count: int) -> list[Any]:
        return [self.value() for _ in range(count)]
