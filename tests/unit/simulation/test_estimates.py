from random import Random

import pytest

from proeftuin.simulation._estimates import NOTHING, average, middle, quantile, share, total


@pytest.mark.parametrize(
    ("some", "of", "low", "high"),
    [(0, 10, 0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1), (81, 263, 0.2553, 0.3662)],
)
def test_a_share_has_the_interval_of_wilson(some: int, of: int, low: float, high: float) -> None:
    """The ends are those of the published tables of Wilson's score interval, also at none and at all."""
    found = share(some, of)
    assert (low, high) == pytest.approx((found.low, found.high), abs=0.0001)
    assert pytest.approx(some / of, abs=0.0001) == found.value
    assert of == found.count


def test_of_nothing_there_is_no_figure() -> None:
    """A share, a mean and a median of nothing are nothing, not nought."""
    assert NOTHING == share(0, 0) == average([], Random(1)) == middle([], Random(1))
    assert quantile([], 0.9) is None


def test_the_bootstrap_is_as_wide_as_theory_says() -> None:
    """The interval of a mean of many is about twice 1.96 standard errors wide, and lies around the mean."""
    random = Random(3)
    values = [random.gauss(100, 20) for _ in range(400)]
    found = average(values, Random(4))
    assert found.low is not None
    assert found.high is not None
    assert found.value is not None
    assert found.low < found.value < found.high
    assert found.high - found.low == pytest.approx(2 * 1.96 * 20 / 20, rel=0.15)


def test_an_interval_covers_as_often_as_it_says() -> None:
    """Of a hundred samples about 95 have the true mean within their interval."""
    random = Random(11)
    found = [average([random.expovariate(1) for _ in range(60)], Random(n)) for n in range(100)]
    assert 87 <= sum((one.low or 0) <= 1 <= (one.high or 0) for one in found) <= 100


def test_a_sum_is_that_of_all() -> None:
    """The sum is exact, and what does not vary has no width."""
    found = total([3.0] * 10, Random(1))
    assert (30, 30, 30) == (found.low, found.value, found.high)


def test_a_quantile_is_one_of_the_values() -> None:
    """Nine in ten of ten values stay below the largest."""
    values = [float(one) for one in range(1, 11)]
    assert (10, 6) == (quantile(values, 0.9), quantile(values, 0.5))
