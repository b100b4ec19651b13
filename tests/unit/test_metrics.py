from datetime import timedelta
from typing import Any

import pytest

from proeftuin import BadArgument, Engine, UnknownPilot, UnknownWorkflow
from tests.unit.engines import FLOW, LEAD, TODAY, Clock, Counting, Wrapped, engine, placed, start


@pytest.fixture
def on() -> Engine:
    """Pilots p and q of two organisations, with two placements and one."""
    made = engine(ids=Counting())
    for name, refs in (("p", ("ref-one-0001", "ref-two-0001")), ("q", ("ref-one-0001",))):
        start(made, id=name, data={"organisation": name.upper()})
        made.fire(name, "identify", actor=LEAD, track="acme")
        for ref in refs:
            placed(made, name, ref)
    start(made, id="r", data={"organisation": "R"})
    return made


def test_without_pilots_all_of_them_count(on: Engine) -> None:
    """Figures are of all pilots unless some are named, and say how many report anything."""
    found = on.metrics("persons_placed")["persons_placed"]
    assert (3, (2, 3), TODAY) == (found.value, found.coverage, found.as_of)


@pytest.mark.parametrize(
    ("pilots", "expected"),
    [("p", 2), (["p", "q"], 3), (("q",), 1), (iter(["q", "r"]), 1), ([], 0), (["q", "p", "q"], 3)],
)
def test_pilots_are_named_by_one_id_or_several(on: Engine, pilots: Any, expected: int) -> None:
    """Figures of one pilot, or of those that are named, count only these, and each once."""
    assert expected == on.metrics("persons_placed", pilots=pilots)["persons_placed"].value


def test_without_names_the_declared_metrics_come(on: Engine) -> None:
    """The metrics that the workflows declare are the default, in their order."""
    assert ["placements_started", "persons_placed"] == list(on.metrics())


def test_figures_of_another_day(on: Engine) -> None:
    """Figures hold for the day that is given, as such or as text."""
    yesterday = TODAY - timedelta(days=1)
    assert 0 == on.metrics("placements_started", as_of=yesterday)["placements_started"].value
    assert 3 == on.metrics("placements_started", as_of="2026-03-02")["placements_started"].value


def test_a_breakdown_is_named_by_a_word_or_a_list(on: Engine) -> None:
    """One field to break down by may be given alone or in a list."""
    expected = {"P": 2, "Q": 1, "R": 0}
    assert expected == on.metrics("persons_placed", by=["organisation"])["persons_placed"].value
    assert expected == on.metrics("persons_placed", by="organisation")["persons_placed"].value


def test_a_part_of_a_metric(on: Engine) -> None:
    """One part of a metric is a single number."""
    assert 3 == on.metrics("stage_funnel", of="day_activity")["stage_funnel"].value


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"names": ("jobs",)}, "there is no metric 'jobs'; known are placements_started"),
        ({"names": ("persons_placed",), "of": "x"}, "persons_placed has no part 'x'; it has none"),
        ({"names": ("persons_placed",), "by": ["name"]}, "by may hold one of category, kind"),
    ],
)
def test_what_there_is_not_is_told_with_what_there_is(on: Engine, more: dict[str, Any], message: str) -> None:
    """An unknown metric, part or field is a bad argument that lists the known ones."""
    with pytest.raises(BadArgument, match=message):
        on.metrics(*more.pop("names"), **more)


def test_figures_of_an_unknown_pilot_are_refused(on: Engine) -> None:
    """A pilot that there is not is told by its id, among known ones too."""
    with pytest.raises(UnknownPilot, match="'z'"):
        on.metrics("persons_placed", pilots=["p", "z"])


@pytest.mark.parametrize("names", [(), ("persons_placed",)])
def test_a_workflow_that_is_known_no_more_is_told_as_such(on: Engine, names: tuple[str, ...]) -> None:
    """Where a pilot follows a workflow that the store keeps no more, that is told, and not called a wrong argument."""
    bare = engine(Wrapped(on._store), FLOW.replace("workflow: talks", "workflow: other"))
    with pytest.raises(UnknownWorkflow, match="talks@1"):
        bare.metrics(*names)


def test_an_empty_store_has_figures_of_nothing() -> None:
    """Without pilots every metric is nothing, and none is declared."""
    on = engine(time=Clock())
    assert ({}, 0) == (on.metrics(), on.metrics("persons_placed")["persons_placed"].value)
