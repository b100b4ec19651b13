"""The log is the truth: every way of reading a history gives the same pilot."""

from hypothesis import given, settings

from proeftuin import Result
from proeftuin.codec import summary
from proeftuin.core.evolve import evolve, replay
from proeftuin.core.pilot import Pilot
from tests.property.conftest import Url
from tests.property.pilots import Player, World, made_up
from tests.property.source import Source, sources
from tests.property.story import somewhere
from tests.scale import scaled

STEPS = 25


def _check(world: World, player: Player, pilot_id: str) -> None:
    """Play, folding each event as it comes; then read the history in every other way."""
    engine = world.engine
    folded = engine.get(pilot_id)
    stages = {folded.version: folded}
    for _, outcome in world.played(pilot_id, player, STEPS):
        for event in engine.history(pilot_id, after=folded.version):  # with what was due before the command
            folded = evolve(folded, event)
            stages[folded.version] = folded
        assert folded == engine.get(pilot_id)
        assert not isinstance(outcome, Result) or folded == outcome.pilot
    history = list(engine.history(pilot_id))
    assert list(range(1, folded.version + 1)) == [event.version for event in history]
    assert folded == replay(history)
    world.reopen()
    assert folded == world.engine.get(pilot_id)
    assert [summary(folded)] == [one for one in world.engine.each() if one.id == pilot_id]
    _check_earlier(world, pilot_id, stages)
    assert () == world.engine.verify()
    world.engine.close()


def _check_earlier(world: World, pilot_id: str, stages: dict[int, Pilot]) -> None:
    engine = world.engine
    latest: dict[object, Pilot] = {}
    for event in engine.history(pilot_id):
        if event.version in stages:
            latest[event.at] = stages[event.version]
    for version in list(stages)[:: max(1, len(stages) // 6)]:
        assert stages[version] == engine.get(pilot_id, version=version)
        assert latest[stages[version].updated_at] == engine.get(pilot_id, at=stages[version].updated_at)


@given(data=sources(1_000))
@settings(max_examples=scaled(25))
def test_all_readings_of_a_history_agree_on_an_ordinary_pilot(new_url: Url, data: Source) -> None:
    """Under `existing-contract` each fold of the events, and every earlier version, is the pilot that was returned."""
    _check(*somewhere(data, new_url()))


@given(data=sources(1_300))
@settings(max_examples=scaled(40))
def test_all_readings_of_a_history_agree_under_random_workflows(new_url: Url, data: Source) -> None:
    """Under any workflow each fold of the events, and every earlier version, is the pilot that was returned."""
    _check(*made_up(data, new_url()))
