"""Bundled scenarios on Temporal, compared with SQLite event by event.

Aside are: the ids of pilots that a trigger begins, which are made where that is decided; salts, and so commitments and
digests; and the hour of `at`, since a clock acts when its day begins and not when somebody looks at nine.
"""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from proeftuin import Engine, Event
from proeftuin.definitions import scenario_folder
from proeftuin.scenario import Player, load_scenario
from tests.temporal import OwnTimeSkipper, Story

FILES = sorted(scenario_folder().glob("*.yaml"))
QUICK = ("gifts-and-flowers", "stalled")  # clocks, signatures and figures; all six take minutes
ZONE = ZoneInfo("Europe/Amsterdam")
Told = Mapping[str, list[Any]]


def told(event: Event) -> tuple[Any, ...]:
    """What is compared of an event."""
    data = {name: value for name, value in event.data.items() if name != "commitments"}
    facts = (event.version, event.type, event.on, event.actor, event.role, event.trigger, event.track, event.key)
    return (*facts, event.at.astimezone(ZONE).date(), data)


def played(player: Player) -> list[list[tuple[Any, ...]]]:
    """The events of every pilot of a story, in the order in which they began; pilots are known by their place."""
    with player.engine as engine:
        assert [] == [outcome.explain(player.scenario.name) for outcome in player.run() if not outcome.ok]
        found = {pilot: [told(event) for event in engine.history(pilot)] for pilot in player.pilots}
    places = {pilot: f"#{place}" for place, pilot in enumerate(found)}
    return [[_placed(one, places) for one in events] for events in found.values()]


def _placed(value: Any, places: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping):
        return {name: _placed(one, places) for name, one in value.items()}
    if isinstance(value, tuple):
        return tuple(_placed(one, places) for one in value)
    return places.get(value, value) if isinstance(value, str) else value


@pytest.mark.parametrize(
    "file", [pytest.param(one, id=one.stem, marks=() if one.stem in QUICK else pytest.mark.release) for one in FILES]
)
def test_a_bundled_scenario_gives_the_same_events(file: Path, skipper: OwnTimeSkipper, tmp_path: Path) -> None:
    """Each step comes out as the file says, and every pilot has the events that it has on SQLite."""
    scenario = load_scenario(file)
    expected = played(Player(scenario, partial(Engine.open, f"sqlite:///{tmp_path}/pilots.db")))
    story = Player(scenario, partial(Story, skipper.target))
    assert expected == played(story)
