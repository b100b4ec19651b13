"""A whole portfolio, folded anew from its history on each store: every pilot is the one that is stored."""

from contextlib import ExitStack
from pathlib import Path

import pytest

from proeftuin import codec
from proeftuin.codec import summary
from proeftuin.core.evolve import FOLD, replay
from tests.property.kinds import opened
from tests.property.pilots import World, bundled_table
from tests.property.story import START, somebody, story
from tests.scale import scaled
from tests.stores import TENANT

PILOTS = {"memory": 2_000, "sqlite": 500, "postgresql": 200, "mariadb": 200}


@pytest.mark.parametrize("kind", PILOTS)
def test_each_pilot_of_a_portfolio_is_the_fold_of_its_history(kind: str, tmp_path: Path) -> None:
    """In a portfolio at every stage of life each history folds into the head and into the line of a list."""
    with ExitStack() as stack:
        store = opened(kind, stack, tmp_path)
        world = World(bundled_table(), store=store)
        lived = [live(world, number) for number in range(scaled(PILOTS[kind]))]
        lines = {one.id: one for one in world.engine.each()}
        assert set(lived) <= set(lines)
        for pilot_id, line in lines.items():
            pilot, loaded = replay(world.engine.history(pilot_id)), store.load(TENANT, pilot_id)
            assert pilot is not None
            assert loaded is not None
            assert loaded.head is not None
            assert pilot == codec.decode_pilot(loaded.head.body)
            assert (FOLD, summary(pilot)) == (loaded.head.fold, line)
        assert () == world.engine.verify()


def live(world: World, number: int) -> str:
    """Begin a pilot, and bring it as far in an ordinary life as its number says."""
    world.clock.forward(minutes=7)
    lead = somebody("coordinator")
    data = START | {"organisation": f"Organisation {number % 40}"}
    pilot = world.engine.start("existing-contract", actor=lead, data=data, ref=f"case {number}").pilot
    told = story(world.today())
    for call in told[: number % (len(told) + 1) if number % 10 == 0 else number % 7]:
        world.engine.fire(pilot.id, call.trigger, actor=call.actor, data=call.data, track=call.track)
    return pilot.id
