"""Figures of an earlier day, made of what a pilot remembers today, are those that were given on that day."""

from datetime import UTC, datetime, time, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from proeftuin import Engine, Metric, Pilot, UnknownPilot
from proeftuin.core.metrics import METRICS, measure
from proeftuin.core.settings import Settings
from proeftuin.definitions import load_value_table, sample_tables, scenario_folder
from proeftuin.scenario import Player, load_scenario

FILES = sorted(scenario_folder().glob("*.yaml"))
SETTINGS = Settings(tables=[load_value_table(path) for path in sample_tables().values()])
ZONE = ZoneInfo("Europe/Amsterdam")
DAYS = 12  # in each story


def figures(engine: Engine, pilots: list[Pilot], moment: datetime) -> dict[str, tuple[object, ...]]:
    """Every figure of these pilots as of a day."""
    found = [(engine.workflow(one.workflow), one) for one in pilots]
    day = moment.astimezone(ZONE).date()
    given = measure(found, tuple(METRICS), now=moment, as_of=day, settings=SETTINGS, lenient=True)
    return {name: _said(one) for name, one in given.items()}


def _said(one: Metric) -> tuple[object, ...]:
    return one.value, one.extra, one.ratios, one.n, one.exact, one.coverage


def stood(engine: Engine, pilot_id: str, moment: datetime) -> Pilot | None:
    try:
        return engine.get(pilot_id, at=moment)
    except UnknownPilot:
        return None


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.stem)
def test_an_earlier_day_is_remembered(file: Path) -> None:
    """Throughout a story every figure of a day is the same from the pilots of then and from those of the end."""
    scenario = load_scenario(file)
    player = Player(scenario, partial(Engine.open, "memory://"))
    with player.engine as engine:
        assert all(outcome.ok for outcome in player.run())
        now = [engine.get(one) for one in player.pilots]
        begin, end = scenario.steps[0].at.date(), scenario.steps[-1].at.date()
        for number in range(DAYS + 1):
            day = begin + (end - begin) * number // DAYS
            moment = datetime.combine(day + timedelta(1), time(), ZONE).astimezone(UTC) - timedelta(microseconds=1)
            then = [pilot for one in player.pilots if (pilot := stood(engine, one, moment)) is not None]
            assert figures(engine, then, moment) == figures(engine, now, moment), day
