"""The figures in a report are those that the engine gives, cell by cell, hidden ones included."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from proeftuin import Actor, Engine
from proeftuin.core.metrics import Metric
from proeftuin.portfolio import NAMES
from proeftuin.seen import View
from proeftuin.views.figures import Words
from tests.unit.report.reading import Reading, fifteen, of_few, of_fifteen, read, text_of

MONITOR = Actor("m", roles={"monitor"})
ASKED: dict[str, tuple[Callable[[], Engine], dict[str, Any]]] = {
    "everything": (fifteen, {"language": "nl"}),
    "an earlier day": (fifteen, {"language": "en", "as_of": "2026-10-09"}),
    "a monitor": (of_few, {"language": "en", "actor": MONITOR}),
}
Made = tuple[Engine, dict[str, Any], Reading]


@pytest.fixture(scope="module", params=ASKED)
def made(request: pytest.FixtureRequest) -> Made:
    opened, asked = ASKED[request.param]
    return opened(), asked, read(text_of(opened(), **asked))


def eyes(engine: Engine, asked: dict[str, Any]) -> Engine | View:
    return engine.seen_by(asked["actor"]) if "actor" in asked else engine


def expected(figures: Mapping[str, Metric], lang: str) -> Iterator[tuple[str, str, str]]:
    """Every number of figures, as a table shows it."""
    words = Words((), lang)
    for name, one in figures.items():
        whole = one.value if isinstance(one.value, Mapping) else {"": one.value}
        yield from ((name, part, words.value(value)) for part, value in whole.items())
        yield from ((name, part, words.value(value)) for part, value in one.extra.items())


def test_figures_are_those_of_the_engine_cell_by_cell(made: Made) -> None:
    """Every cell of every figure is what `metrics` gives at the same date to the same reader, and none is missing."""
    engine, asked, found = made
    figures = eyes(engine, asked).metrics(*NAMES, as_of=asked.get("as_of"), strict=False)
    told = [one for one in found.cells if one[0] in NAMES]
    assert sorted(expected(figures, asked["language"])) == sorted(told)


def test_the_phases_over_time_are_those_of_each_day(made: Made) -> None:
    """Each row of the phases over time equals `metrics` as of the end of that month."""
    engine, asked, found = made
    days = engine.portfolio(as_of=asked.get("as_of"), months=12).flow
    assert 13 == len(days)
    told = [value for name, _, value in found.cells if name == "flow"]
    figures = [engine.metrics("pilots_by_phase", as_of=one.as_of)["pilots_by_phase"].value for one in days]
    parts = list(dict.fromkeys(part for one in figures for part in one))
    assert [f"{one.get(part, 0)}" for one in figures for part in parts] == told


def test_targets_are_those_of_the_portfolio(made: Made) -> None:
    """What goals want, what there is of it and the share of that stand there as the portfolio gives them."""
    engine, asked, found = made
    words = Words((), asked["language"])
    targets = eyes(engine, asked).portfolio(as_of=asked.get("as_of")).targets
    told = [value for name, _, value in found.cells if name == "targets"]
    assert [words.value(value) for one in targets for value in (one.target, one.value, one.share)] == told


def test_nothing_is_drawn_of_a_figure_with_a_hidden_number() -> None:
    """Beside a table in which a number is hidden there is no drawing, as its other bars would tell of it."""
    found = read(text_of(of_few(), language="en", actor=MONITOR))
    hidden = {name for name, _, value in found.cells if value == "withheld" or value.startswith("<")}
    drawn = {name for name, is_drawn in found.drawn.items() if is_drawn}
    assert hidden
    assert set() == hidden & drawn - {"targets"}
    assert {"pilots_by_phase", "flow"} <= drawn


def test_numbers_are_written_as_the_language_does() -> None:
    """A decimal has a comma in Dutch and a point in English, and both stand for the same number."""
    dutch, english = (read(of_fifteen(language=lang)) for lang in ("nl", "en"))
    assert dutch.cells == english.cells
    assert ("14,86" in dutch.shown, "14.86" in english.shown) == (True, True)
