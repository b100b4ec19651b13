import math
from datetime import date
from statistics import fmean, median, quantiles
from zoneinfo import ZoneInfo

import pytest

from proeftuin.core.calendar import Weekdays
from proeftuin.simulation._draws import KINDS, Choice, Dice, Spread, Unit
from proeftuin.simulation._sim import DAY, Clock

MANY = 4000
DICE = Dice(7)


def drawn(spread: Spread, times: float = 1) -> list[int]:
    random = DICE.source("test", spread.kind)
    return [spread.draw(random, times=times) for _ in range(MANY)]


def test_fixed_is_always_the_same() -> None:
    """What is fixed does not vary, and is stretched by who is slow."""
    assert {12} == set(drawn(Spread("fixed", (12,))))
    assert {18} == set(drawn(Spread("fixed", (12,)), times=1.5))


def test_uniform_gives_each_number_as_often() -> None:
    """Between its ends, which both come, every number is about as frequent."""
    found = drawn(Spread("uniform", (2, 5)))
    assert {2, 3, 4, 5} == set(found)
    assert all(0.21 < found.count(one) / MANY < 0.29 for one in (2, 3, 4, 5))


def test_triangular_leans_to_what_is_most_likely() -> None:
    """It stays between its ends, and its mean is a third of the three numbers together."""
    found = drawn(Spread("triangular", (10, 20, 60)))
    assert 10 <= min(found) <= max(found) <= 60
    assert math.isclose(30, fmean(found), rel_tol=0.03)


def test_lognormal_has_the_median_and_the_tail_that_were_given() -> None:
    """Half lie below the first number, and nine in ten below the second."""
    found = drawn(Spread("lognormal", (30, 90)))
    assert math.isclose(30, median(found), rel_tol=0.07)
    assert math.isclose(90, quantiles(found, n=10)[8], rel_tol=0.1)


def test_exponential_has_its_mean_and_forgets() -> None:
    """Its mean is what was given, and about a third lie above it."""
    found = drawn(Spread("exponential", (20,)))
    assert math.isclose(20, fmean(found), rel_tol=0.06)
    assert math.isclose(math.exp(-1), sum(one > 20 for one in found) / MANY, abs_tol=0.04)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_ever_negative(kind: str) -> None:
    """No distribution gives a time before now."""
    numbers = (1, 2, 3)[: len(KINDS[kind])]  # type: ignore[index]  # the parameters are the keys
    assert min(drawn(Spread(kind, numbers))) >= 0  # type: ignore[arg-type]  # the same


def test_a_choice_keeps_its_shares() -> None:
    """One of several words comes as often as the file says, and a number is a number."""
    choice = Choice({13: 0.2, "left": 0.8})
    random = DICE.source("choice")
    found = [choice.draw(random) for _ in range(MANY)]
    assert {13, "left"} == set(found)
    assert 0.17 < found.count(13) / MANY < 0.23


def test_sources_follow_from_the_seed_and_their_name() -> None:
    """The same seed and name draw the same, another seed or name draws something else."""
    again = [Dice(7).chance("pilot", 1, "next") for _ in range(3)]
    assert 1 == len(set(again))
    others = {Dice(8).chance("pilot", 1, "next"), DICE.chance("pilot", 2, "next"), DICE.chance("pilot", 1, "last")}
    assert 4 == len(others | set(again))


@pytest.mark.parametrize("unit", ["days", "working days"])
@pytest.mark.parametrize("ends", [date(2026, 7, 1), date(5000, 12, 31)])
def test_what_takes_longer_than_can_be_counted_never_comes(unit: Unit, ends: date) -> None:
    """However long a draw is, its moment can be told, and lies behind the end of the simulation."""
    clock = Clock(date(2026, 1, 5), ends, ZoneInfo("Europe/Amsterdam"), Weekdays())
    moment = clock.after(Spread("fixed", (36_500,), unit), DICE.source("long"), times=999.99)
    assert moment > (ends - date(2026, 1, 5)).days * DAY
