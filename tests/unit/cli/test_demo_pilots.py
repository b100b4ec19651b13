"""The fifteen pilots of `init --demo`."""

from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest

from proeftuin import Engine
from proeftuin.cli.demo_pilots import PROGRAMME, STORIES, fill, moved
from proeftuin.definitions import scenario_folder
from proeftuin.errors import ProeftuinError
from proeftuin.scenario import Player, load_scenario
from tests.unit.cli.running import Run

TODAY = date(2027, 3, 1)


def test_a_store_is_filled_with_fifteen_pilots(run: Run, tmp_path: Path) -> None:
    """An empty store gets fifteen pilots of one programme, of three workflows and in every phase; all verifies."""
    made = run("init", "--demo", "--store", "sqlite:///demo.db", "--json")
    assert (0, 15) == (made.code, made.json["pilots"])
    with Engine.open(f"sqlite:///{tmp_path}/demo.db") as engine:
        found = list(engine.each(programme=PROGRAMME))
        assert (15, 15) == (len(found), engine.portfolio().pilots)
        assert {"existing-contract@1", "tender@1", "small-purchases@1"} == {one.workflow for one in found}
        phases = engine.portfolio().figures["pilots_by_phase"].value
        assert [] == [phase for phase, number in phases.items() if number == 0]
        assert () == engine.verify()
    again = run("init", "--demo", "--store", "sqlite:///demo.db")
    assert (2, True) == (again.code, "holds pilots already (15)" in " ".join(again.err.split()))
    assert 2 == run("init", "--demo", "--store", "sqlite:///other.db", "--tenant", "x").code


def test_it_says_where_to_look(run: Run) -> None:
    """What was filled is said to be made up, with commands to look around with."""
    out = run("init", "--demo", "--store", "memory://", "--lang", "nl").out
    assert ("alles is verzonnen" in " ".join(out.split()), "proeftuin portfolio" in out) == (True, True)


@pytest.mark.parametrize("name", STORIES)
@pytest.mark.parametrize("days", [0, 31, 150, 365])
def test_a_story_can_be_told_of_any_day(name: str, days: int) -> None:
    """Whatever the day on which it ends, all that is done in a story is accepted, and its last day is that one."""
    story = moved(load_scenario(scenario_folder() / f"{name}.yaml"), TODAY + timedelta(days))
    player = Player(story, partial(Engine.open, "memory://"))
    with player.engine as engine:
        assert [] == [outcome.explain(name) for outcome in player.run() if not outcome.ok]
        last = max(engine.get(one).updated_at.date() for one in player.pilots)
    assert last <= TODAY + timedelta(days) == story.steps[-1].at.date()


def test_a_story_that_goes_wrong_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A step that is refused stops the filling, with its place and reason."""
    monkeypatch.setattr("proeftuin.cli.demo_pilots.LEFT_OUT", frozenset({"P01"}))
    monkeypatch.setattr("proeftuin.cli.demo_pilots._is_done", lambda step: step.trigger in {"start", "conclude"})
    with pytest.raises(ProeftuinError, match=r"fifteen-pilots.yaml:\d+: step \d+"):
        fill("memory://", TODAY)
