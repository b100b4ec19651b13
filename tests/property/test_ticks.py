"""Four engines that tick one store at once, at any moment, and one that never ticks: the same pilot in the end."""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from hypothesis import given, settings

from proeftuin import Engine, Result
from tests.property.conftest import Url
from tests.property.pilots import BEGAN, World, bundled_table
from tests.property.source import Source, sources
from tests.property.story import START, somebody
from tests.property.test_time import LATER, Step, due, lived, plain
from tests.scale import scaled

ENGINES = 4
BACK = (0, 1, 24)  # hours by which the clock is set back now and then


def opened(url: str) -> World:
    """A store with the pilot that `lived` begins."""
    world = World(bundled_table(), url=url)
    world.engine.start("existing-contract", actor=somebody("coordinator"), data=START, id="p1")
    return world


def say(world: World, step: Step) -> None:
    world.clock.moment, call = step
    came = world.fire("p1", call)
    assert isinstance(came, Result), f"{call} was accepted where nobody ticked: {came}"


def tick(engines: Sequence[Engine]) -> int:
    """Let all of them tick at once, and return on how many pilots something was done."""
    with ThreadPoolExecutor(len(engines)) as pool:
        works = list(pool.map(lambda one: one.tick(), engines))
    assert [0] * len(engines) == [work.failed for work in works]
    return sum(work.done for work in works)


def together(world: World, steps: Sequence[Step], moments: Source) -> None:
    """Say the same, and let four engines tick in between; a second time, or with the clock set back, does nothing."""
    engines = [world.engine, *(world.opened() for _ in range(ENGINES - 1))]
    for now, call in steps:
        while not moments.spent and (to := world.clock.moment + timedelta(days=moments.between(1, 12))) < now:
            world.clock.moment = to
            assert tick(engines) <= 1
            world.clock.moment = to - timedelta(hours=moments.pick(BACK))
            assert 0 == tick(engines)
            world.clock.moment = to
        say(world, (now, call))


def once(world: World) -> None:
    """Nothing that a clock does was done twice for one anchor; what was put off may be said again."""
    done = Counter[tuple[str, ...]]()
    for event in world.engine.history("p1"):
        if event.type == "clock.snoozed":
            done = Counter({one: count for one, count in done.items() if one[0] != event.data["clock"]})
        elif event.type in {"clock.reminded", "clock.escalated", "clock.fired", "signal.raised"}:
            done.update((event.data["clock"], event.data["anchor"], name) for name in event.data["done"])
    assert [] == [one for one, count in done.items() if count > 1]


@given(life=sources(500), moments=sources(80))
@settings(max_examples=scaled(8))
def test_four_engines_that_tick_at_once_do_what_one_does(new_url: Url, life: Source, moments: Source) -> None:
    """States, signals, lapses and due days are those of a pilot at which nobody looked, and nothing is done twice."""
    steps = lived(life)[1]
    silent, busy = opened("memory://"), opened(new_url())
    for step in steps:
        say(silent, step)
    together(busy, steps, moments)
    for days in (0, 45, LATER.days):
        for world in (silent, busy):
            world.clock.moment = (steps[-1][0] if steps else BEGAN) + timedelta(days=days)
            world.engine.tick()
            assert 0 == world.engine.tick().done
        pilots = [world.engine.get("p1") for world in (silent, busy)]
        assert plain(pilots[0]) == plain(pilots[1])
        assert due(pilots[0]) == due(pilots[1])
        assert pilots[0].signals == pilots[1].signals
    once(busy)
    assert () == busy.engine.verify()
    for world in (silent, busy):
        world.engine.close()
