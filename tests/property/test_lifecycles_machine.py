"""Random lives: no promise is broken, and where one is, the story of it is told and replays."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import seed as seeded
from hypothesis.stateful import run_state_machine_as_test

from proeftuin import tables as compiled
from proeftuin.cli import main
from proeftuin.core.workflow import Workflow
from proeftuin.definitions import Catalogue
from proeftuin.engine import Result
from proeftuin.errors import Refused
from proeftuin.testing.lifecycles import INVARIANTS, Lifecycle, Seen, Violated, lifecycle_machine
from proeftuin.testing.lifecycles import _tables as tables
from proeftuin.testing.lifecycles._tables import workflow_of
from proeftuin.testing.lifecycles.acting import Improviser
from proeftuin.testing.lifecycles.machine import ROLE_CODES
from proeftuin.testing.lifecycles.source import Source
from proeftuin.testing.lifecycles.stage import open_stage
from proeftuin.testing.lifecycles.story import Call
from tests.property.conftest import Url
from tests.property.crowding import Crowded
from tests.property.sabotage import EVERY, SABOTAGES, of_tests
from tests.scale import RELEASE

STEPS = 50
NAMES = Catalogue().names()
MANY = (1_000_000 if RELEASE else 20_000) // len(NAMES)
"""Steps per workflow: twenty thousand on every change, a million before a release."""

LIVES = MANY * 5 // 4 // STEPS  # some lives are shorter

CROWDED = 20
"""Of so many lives one is lived once more, where four engines tick at once."""

SEARCH = (Phase.generate, Phase.shrink)  # to explain a failure too, Hypothesis would trace every line


def others(name: str) -> list[Workflow]:
    """Every other bundled workflow: those that an edge may begin a pilot of."""
    return [Catalogue().get(one) for one in NAMES if one != name]


def live(machine: type[Lifecycle], lives: int, *, seed: bool = True, phases: Iterable[Phase] = SEARCH) -> int:
    """Live so many lives, and return how many steps were taken."""
    taken = 0

    class Counted(machine):  # type: ignore[misc, valid-type]  # whichever machine it is
        def check_invariants(self, *args: Any, **named: Any) -> None:
            nonlocal taken
            taken += 1
            super().check_invariants(*args, **named)

    how = settings(
        max_examples=lives,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        derandomize=not (seed and RELEASE),  # a change is judged by the same lives everywhere
        phases=tuple(phases),
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Counted, settings=how)
    return taken


@pytest.mark.timeout(7_200)
@pytest.mark.parametrize("name", NAMES)
def test_no_life_breaks_a_promise(name: str) -> None:
    """Commands, silence, late ticks and refusals in any order leave every promise of each workflow whole."""
    crowded = Crowded((Catalogue().get(name), *others(name)), CROWDED)
    taken = live(lifecycle_machine(name, invariants=[*EVERY, crowded], workflows=others(name)), LIVES)
    assert MANY <= taken
    assert LIVES // CROWDED <= crowded.told


@pytest.mark.timeout(3_600)
def test_no_life_on_a_store_of_its_own_breaks_a_promise(new_url: Url) -> None:
    """On memory and on SQLite alike, with a store for every life, every promise holds."""
    live(
        lifecycle_machine("existing-contract", url=new_url, workflows=others("existing-contract")),
        400 if RELEASE else 4,
    )


@pytest.mark.parametrize("name", ["small", "every", "talks"])
def test_no_life_under_another_workflow_breaks_a_promise(name: str) -> None:
    """The machine lives under any workflow, with other words for everything."""
    live(lifecycle_machine(of_tests(name)), 400 if RELEASE else 10)


def test_a_pilot_that_an_edge_began_is_lived_under_its_own_workflow() -> None:
    """Who may not act on a pilot that began under another workflow is told apart by that workflow's own edges."""
    stage = open_stage("small-purchases", workflows=others("small-purchases"))
    coordinator = stage.people.person("coordinator")
    begun = stage.start(coordinator, {"title": "Cleaning", "organisation": "town"})
    assert isinstance(begun, Result)
    reroute = {"workflow": "existing-contract", "rationale": "There is a contract already."}
    came = stage.say(Call("reroute", coordinator, reroute, None, begun.pilot.id))
    assert isinstance(came, Result)
    follower = stage.get(str(came.started))
    own = stage.under(follower)
    assert ("existing-contract", "small-purchases") == (own.table.workflow.name, stage.table.workflow.name)
    assert own is stage.under(follower)
    assert stage is stage.under(begun.pilot) is stage.under(None)
    sources = (Source(bytes((rule, actor))) for rule in range(64) for actor in range(16))
    strange = [Improviser(own, one).by_a_stranger(follower) for one in sources]
    told = [own.say(one) for one in strange if one is not None]
    assert len(told) > 500
    assert all(isinstance(one, Refused) and set(one.codes) in ROLE_CODES for one in told)
    assert len(told) + 2 == len(stage.story.lines)


# -- what is broken is told --------------------------------------------------------------------------------------------


def no_supplier_talks(seen: Seen) -> str | None:
    """Wrong on purpose: some supplier does talk, sooner or later."""
    tracks = seen.pilot.tracks.values() if seen.pilot is not None else ()
    return "a supplier talks" if any(one.state == "talking" for one in tracks) else None


def test_a_broken_promise_is_a_story_that_replays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The shortest story is printed as a scenario, which `proeftuin play` replays to the very step that broke it."""
    machine = lifecycle_machine(
        "existing-contract", invariants=[*INVARIANTS, no_supplier_talks], workflows=others("existing-contract")
    )
    with pytest.raises(Violated, match="no_supplier_talks does not hold") as caught:
        live(machine, 200, seed=False)
    text = str(caught.value).split("`proeftuin play`:\n\n", 1)[1]
    assert str(caught.value.story) == text
    assert 20 >= len(caught.value.story.lines), "not the shortest"
    file = tmp_path / "found.yaml"
    file.write_text(text, encoding="utf-8")
    assert 0 == main(["play", str(file)])
    assert "In an exploratory talk" in capsys.readouterr().out
    file.write_text(text.replace("track-1: talking", "track-1: willing"), encoding="utf-8")
    assert 1 == main(["play", str(file)])


def asserting(seen: Seen) -> None:
    """Says it with an assertion."""
    assert seen.ended is False, "it ended"


def test_an_invariant_may_assert() -> None:
    """A plain assertion in an invariant is told like any other broken promise, with the story."""
    with pytest.raises(Violated, match="asserting does not hold:\n  it ended"):
        live(lifecycle_machine("existing-contract", invariants=[asserting]), 5, seed=False, phases=[Phase.generate])


# -- every promise can be broken ---------------------------------------------------------------------------------------


def test_every_promise_is_broken_once() -> None:
    """There is an engine or a workflow that is broken on purpose for each of the promises."""
    assert {one.__name__ for one in EVERY} == {broken.promise.__name__ for broken in SABOTAGES.values()}


@pytest.mark.parametrize("name", SABOTAGES)
def test_what_breaks_a_promise_is_noticed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With an engine or a workflow that is broken on purpose, the promise that this breaks is told as broken."""
    broken = SABOTAGES[name]
    workflow = workflow_of(broken.workflow())
    machine = lifecycle_machine(workflow, invariants=[broken.promise], workflows=others(workflow.name))
    assert machine.plan.beginnings, "walked on an engine that is whole"
    monkeypatch.setattr(tables, "_known", {})
    monkeypatch.setattr(compiled, "_made", compiled._made.__wrapped__)  # engines share what was compiled from the same
    machine.plan.house.close()
    broken.sabotage(monkeypatch)
    if broken.seed is not None:
        seeded(broken.seed)(machine)
    with pytest.raises(Violated, match=broken.promise.__name__):
        live(machine, 200, seed=False, phases=[Phase.generate])
