"""When a delivery that failed is tried again."""

from datetime import timedelta

from attrs import field, frozen
from attrs.validators import ge, gt, instance_of


@frozen
class Schedule:
    """How long to wait after each failure of a lane, and when to set it aside.

    After the n-th failure in a row a lane waits `first * factor ** (n - 1)`, at most `longest`; of that wait the second
    half is drawn by chance, so that what failed together does not come back together. By default the last try
    is 2.9 to 5.8 days after the first, as chance has it: a subscriber may be down for a weekend.

    Args:
        first: the wait after the first failure.
        factor: how much longer each wait is than the one before.
        longest: no wait is longer, also not where the subscriber asks for it.
        attempts: after so many failures in a row the lane is parked.
    """

    first: timedelta = field(default=timedelta(seconds=5), validator=gt(timedelta(0)))
    factor: int = field(default=4, validator=[instance_of(int), ge(1)])
    longest: timedelta = field(default=timedelta(hours=6), validator=gt(timedelta(0)))
    attempts: int = field(default=30, validator=[instance_of(int), ge(1)])

    def wait(self, failures: int, chance: float, asked: timedelta | None = None) -> timedelta | None:
        """Return how long to wait; None to set the lane aside.

        Args:
            failures: in a row, this one included.
            chance: from 0 to 1.
            asked: what the subscriber asked for, at the least.
        """
        if failures >= self.attempts:
            return None
        wait = self.first
        for _ in range(failures - 1):
            if wait >= self.longest:
                break
            wait *= self.factor
        wait = min(wait, self.longest) * (0.5 + chance / 2)
        return wait if asked is None else max(wait, min(asked, self.longest))
