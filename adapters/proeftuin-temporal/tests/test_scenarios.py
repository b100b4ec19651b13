"""Bundled scenarios on Temporal, compared with SQLite event by event.

Aside are: the ids of pilots that a trigger begins, which are made where that is decided; salts, and so commitments and
digests; and the hour of `at`, since a clock acts when its day begins and not when somebody looks at nine.
"""

from functools import partial
from pathlib import Path

import pytest

from proeftuin import Engine
from proeftuin.definitions import scenario_folder
from proeftuin.scenario import Player, load_scenario
from tests.temporal import OwnTimeSkipper, on_skipper, played

FILES = sorted(scenario_folder().glob("*.yaml"))
QUICK = ("gifts-and-flowers", "stalled")  # clocks, signatures and figures; all six take minutes


@pytest.mark.parametrize(
    "file", [pytest.param(one, id=one.stem, marks=() if one.stem in QUICK else pytest.mark.release) for one in FILES]
)
def test_a_bundled_scenario_gives_the_same_events(file: Path, skipper: OwnTimeSkipper, tmp_path: Path) -> None:
    """Each step comes out as the file says, and every pilot has the events that it has on SQLite."""
    scenario = load_scenario(file)
    expected = played(Player(scenario, partial(Engine.open, f"sqlite:///{tmp_path}/pilots.db")))
    story = Player(scenario, partial(on_skipper, skipper.target))
    assert expected == played(story)
