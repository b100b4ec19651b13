"""Small cells: whatever is published, who knows the rule cannot work out a small number, tried for every population."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from fractions import Fraction
from itertools import product

import pytest

from proeftuin.core.frozen import FrozenDict
from proeftuin.core.metrics._base import Definition, Facts, Share, said
from proeftuin.core.metrics._cells import Cell, Display, percent, rounded, shown
from proeftuin.core.metrics.measure import Meter
from proeftuin.core.settings import Dated, Settings
from proeftuin.core.workflow import Field
from tests.unit.core.metrics.people import one_pilot
from tests.unit.core.small import TODAY, kind, small

LIMIT = 3
MOST = 7  # more than twice the limit: sums of two and three cells are tried on both sides of it
Population = tuple[tuple[int, int], ...]  # per cell: persons that count, persons that do not

SHAPES = {
    "sum": Definition("tried", "persons", lambda _: (), said("x", "x"), parts=("a", "b", "c"), adds=True),
    "ratio": Definition("tried", "percent", lambda _: (), said("x", "x"), shape="ratio", parts=("a", "b", "c")),
    "jobs": Definition("tried", "jobs", lambda _: (), said("x", "x"), parts=("a", "b"), adds=True, divisor="job_hours"),
}


def shares_of(population: Population, shape: str) -> Iterator[Share]:
    """The shares of a population: in each cell some persons count, and of a ratio some are only in the denominator."""
    for cell, (counted, others) in zip("abc", population, strict=False):
        for number in range(counted + others):
            amount = int(number < counted) * (1 if shape != "jobs" else 10)
            yield Share(amount, cell, f"{cell}{number}", kind=cell, of=int(shape == "ratio"))


def published(population: Population, shape: str, *, of: str | None = None, by: str | None = None) -> Hashable:
    """All that is published of a population."""
    definition = SHAPES[shape]
    definition = Definition(
        "tried", definition.unit, lambda _: tuple(shares_of(population, shape)), definition.label, definition.shape,
        definition.parts, adds=definition.adds, divisor=definition.divisor, of_persons=True,
        rates=FrozenDict(b=(("b",), ("a",))) if shape == "sum" else FrozenDict(),
    )  # fmt: skip
    meter = Meter(definition, of=of, by=by)
    settings = Settings()
    kinds = Field("choice", of=tuple("abc"[: len(population)]))
    workflow = small(records={"placement": kind("placement", kind=kinds)})
    meter.add(Facts(workflow, one_pilot(), TODAY, TODAY, settings))
    found = meter.metric(TODAY, TODAY, settings, LIMIT)
    value = tuple(sorted(found.value.items())) if isinstance(found.value, dict) else found.value
    ratios = tuple(sorted(found.ratios.items()))
    return value, found.total, found.exact, found.numerator, found.denominator, ratios


def small_numbers(population: Population) -> Iterator[tuple[int, str, int]]:
    """The numbers of a population that may not be known: where, which, how many."""
    for cell, (counted, others) in enumerate(population):
        for name, number in (("counted", counted), ("others", others), ("all", counted + others)):
            if 0 < number < LIMIT:
                yield cell, name, number


def number_of(cell: tuple[int, int], name: str) -> int:
    """One of the numbers of a cell, by its name."""
    return {"counted": cell[0], "others": cell[1], "all": sum(cell)}[name]


def solved(
    populations: Iterable[Population], publish: Callable[[Population], Hashable]
) -> list[tuple[Population, object]]:
    """The small numbers that follow from what is published: of all populations that give it, only one has another."""
    same = defaultdict(list)
    for population in populations:
        same[publish(population)].append(population)
    found: list[tuple[Population, object]] = []
    for group in same.values():
        for where in {(cell, name) for population in group for cell, name, _ in small_numbers(population)}:
            cell, name = where
            values = {number_of(one[cell], name) for one in group}
            if len(values) == 1:
                found.append((group[0], (where, values)))
    return found


def counts(cells: int) -> Iterator[Population]:
    """Every population of a plain sum: nobody is in a cell without counting."""
    return (tuple((number, 0) for number in one) for one in product(range(MOST + 1), repeat=cells))


def shares(cells: int, most: int) -> Iterator[Population]:
    """Every population of a ratio."""
    each = [(counted, others) for counted in range(most + 1) for others in range(most + 1)]
    return product(each, repeat=cells)


@pytest.mark.parametrize("cells", [1, 2, 3])
@pytest.mark.parametrize("by", [None, "kind"])
@pytest.mark.parametrize("shape", ["sum", "jobs"])
def test_no_table_of_counts_can_be_solved(cells: int, by: str | None, shape: str) -> None:
    """Of parts and of groups, with their total and ratios, no small number follows from what is published."""
    assert [] == solved(counts(cells), lambda one: published(one, shape, by=by))


@pytest.mark.parametrize(("cells", "most"), [(1, MOST), (2, 4)])
def test_no_table_of_ratios_can_be_solved(cells: int, most: int) -> None:
    """Neither those who count, nor those who do not, nor all of them follow from shares that are published."""
    assert [] == solved(shares(cells, most), lambda one: published(one, "ratio"))


@pytest.mark.parametrize("shape", ["sum", "ratio", "jobs"])
def test_no_single_number_can_be_solved(shape: str) -> None:
    """A part that was asked for alone tells no small number, its numerator and denominator included."""
    populations = shares(1, MOST) if shape == "ratio" else counts(1)
    assert [] == solved(populations, lambda one: published(one, shape, of="a"))


REGIONS = {  # of two and of three groups, who is in which of them and in no other
    "ab": ("a", "b", "ab"),
    "abc": ("a", "b", "c", "ab", "ac", "bc", "abc"),
}


def spread(most: int, regions: int) -> Iterator[tuple[int, ...]]:
    """Every way to put at most so many persons in regions."""
    if not regions:
        yield ()
        return
    for number in range(most + 1):
        yield from ((number, *rest) for rest in spread(most - number, regions - 1))


def of_groups(groups: str, population: tuple[int, ...]) -> Hashable:
    """All that is published of persons who count once in each of their groups."""
    told = [
        Share(1, "", f"{region}{number}", kind=group)
        for region, persons in zip(REGIONS[groups], population, strict=True)
        for number in range(persons)
        for group in region
    ]
    definition = Definition("tried", "persons", lambda _: told, said("x", "x"), distinct=True, of_persons=True)
    meter = Meter(definition, by="kind")
    workflow = small(records={"placement": kind("placement", kind=Field("choice", of=tuple(groups)))})
    meter.add(Facts(workflow, one_pilot(), TODAY, TODAY, Settings()))
    found = meter.metric(TODAY, TODAY, Settings(), LIMIT)
    return tuple(sorted(found.value.items())), found.total


def sought(groups: str, population: tuple[int, ...]) -> Iterator[tuple[object, int]]:
    """How many there are in any region, in one group, in all but one, in one and not in another, in more than one."""
    found = tuple(zip(REGIONS[groups], population, strict=True))
    yield "more", sum(number for region, number in found if len(region) > 1)
    yield from found
    for one in groups:
        yield ("in", one), sum(number for region, number in found if one in region)
        for other in groups:
            yield (one, "without", other), sum(n for region, n in found if one in region and other not in region)
            yield (one, "or", other), sum(n for region, n in found if one not in region and other not in region)


@pytest.mark.parametrize(("groups", "most"), [("ab", 12), ("abc", 9)])
def test_no_groups_that_share_persons_can_be_solved(groups: str, most: int) -> None:
    """Where a person may be in several groups, neither who is in one nor who is in several follows for few persons."""
    same = defaultdict(list)
    for population in spread(most, len(REGIONS[groups])):
        same[of_groups(groups, population)].append(dict(sought(groups, population)))
    for told, found in same.items():
        known = {name: {one[name] for one in found} for name in found[0]}
        assert [] == [name for name, held in known.items() if len(held) == 1 and 0 < held.pop() < LIMIT], told


def test_the_enumeration_notices_a_rule_that_leaks() -> None:
    """Hiding single cells beside their total is solved by the enumeration, so it would notice."""

    def leaking(population: Population) -> Hashable:
        cells = [sum(one) for one in population]
        return tuple(one if not 0 < one < LIMIT else "hidden" for one in cells), sum(cells)

    assert solved(counts(3), leaking)


@pytest.mark.parametrize(
    ("number", "decimals", "expected"),
    [("0.005", 2, "0.01"), ("0.0049999", 2, "0.00"), ("-0.005", 2, "-0.01"), ("2.675", 2, "2.68"),
     ("1e20", 2, "1" + "0" * 20 + ".00"),
     ("0.05", 1, "0.1"), ("7", 1, "7.0")],
)  # fmt: skip
def test_halves_are_rounded_away_from_nothing(number: str, decimals: int, expected: str) -> None:
    """A number is rounded once, half up, however large it is."""
    assert expected == rounded(Fraction(number), decimals)


def test_large_numbers_keep_every_digit() -> None:
    """A number of more digits than a decimal context has is shown whole."""
    number = Fraction(10**40 + 1, 3)
    assert "3333333333333333333333333333333333333333.67" == rounded(number, 2)


def test_nothing_divides_by_nothing() -> None:
    """A share of nothing is no number, and neither is the middle of none."""
    assert (None, None, "50.00") == (percent(0, 0), shown(None, "jobs"), percent(1, 2))
    assert None is Cell().median()
    assert None is Display("ratio", "percent", None, None).exact(Cell())
    assert [4, "4.00"] == [shown(Fraction(4), unit) for unit in ("persons", "EUR")]


def test_the_limit_is_that_of_the_organisation() -> None:
    """Who sets a larger limit hides more."""
    ten = Settings({"small_cell": [Dated("10", TODAY, "test")]})
    cell = Cell()
    cell.take([Share(1, person=f"s{number}") for number in range(9)], "sum")
    assert [False, True] == [cell.small(each.whole("small_cell", TODAY)) for each in (Settings(), ten)]


def test_who_has_more_than_one_answer_counts_with_each() -> None:
    """Where six persons were kept and one of them was also lost, what lies between the two points at that one."""
    kept = [Share(1, person=f"s{number}", of=1) for number in range(6)]
    cell, plain, several = Cell(), Cell(), Cell()
    cell.take([*kept, Share(0, person="s0", of=1)], "ratio")
    plain.take(kept, "ratio")
    several.take([*kept, *(Share(0, person=f"s{number}", of=1) for number in range(5))], "ratio")
    assert [True, False, False] == [one.small(5) for one in (cell, plain, several)]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((4,), Fraction(4)),
        ((1, 4), Fraction(5, 2)),
        ((9, 1, 4), Fraction(4)),
        ((9, 4, 1, 6), Fraction(5)),
        ((9, 4, 1, 6, 8), Fraction(6)),
        ((1, 1, 1, 9), Fraction(1)),
    ],
)
def test_a_median_is_the_middle_of_all_values(values: tuple[int, ...], expected: Fraction) -> None:
    """It is the one in the middle, or half way between the two there, each value as often as it came."""
    cell = Cell()
    cell.take([Share(value) for value in values], "median")
    assert expected == cell.median()
