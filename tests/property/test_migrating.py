"""Moved to a version that differs in its number alone, a pilot goes on as one that was never moved."""

from datetime import date, datetime
from hashlib import sha256
from typing import Any

from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from proeftuin import Actor, Engine, Event, Option, Pilot, Result
from proeftuin.core.evolve import replay
from proeftuin.core.structs import replace
from proeftuin.core.workflow import Workflow
from proeftuin.definitions import dump
from tests.property.pilots import Outcome, Player, World, made_up
from tests.property.source import Source
from tests.property.story import somewhere
from tests.scale import scaled

MANAGER: dict[str, Any] = {"actor": Actor("ada", roles={"workflow_manager"}), "reason": "a new number"}
BEFORE, AFTER = 12, 10


def _told(events: list[Event]) -> list[Event]:
    """What happened, but for the numbers and the chain, in which the migration stands too."""
    return [replace(one, version=0, digest="") for one in events]


def _bare(pilot: Pilot) -> Pilot:
    """A pilot without what a migration alone changes."""
    return replace(pilot, workflow="", version=0, digest="", updated_at=pilot.created_at)


def _due(engine: Engine, now: datetime) -> dict[str, date | None]:
    """When each running term is due."""
    return {one.key: one.due() for case in engine._reader.cases(now) if case.pilot.id == "p1" for one in case.terms}


def _options(engine: Engine, player: Player) -> list[tuple[Option, ...]]:
    return [engine.options("p1", actor=actor, all=True) for actor in player.cast[::4]]


def _alike(one: Outcome, two: Outcome) -> bool:
    if isinstance(one, Result) and isinstance(two, Result):
        return _told(list(one.events)) == _told(list(two.events))
    return (type(one), str(one)) == (type(two), str(two))


def _both(worlds: tuple[World, World], player: Player) -> None:
    """Let some time pass now and then, and say the same in both."""
    if player.source.chance(25):
        days = player.source.pick((1, 6, 40))
        for world in worlds:
            world.clock.forward(days=days)
            world.engine.tick()
    call = player.call(worlds[0].engine.get("p1"), worlds[0].clock.now())
    first, second = (world.fire("p1", call) for world in worlds)
    assert _alike(first, second), (str(call), first, second)


def _later(one: Workflow) -> Workflow:
    made = evolve(one, version=2, hash="")
    return evolve(made, hash=sha256(dump(made)).hexdigest())


def _check(made: tuple[World, Player, str], other: World) -> None:
    world, player, _ = made
    one = world.table.workflow
    known = [one, _later(one)]
    other.engine = Engine(other.store, workflows=known, guards=other.guards, time=other.clock, ids=other.ids)
    for _ in range(BEFORE):
        _both((world, other), player)
    moved = _moved(other.engine, one.name)
    upto = world.engine.get("p1").version
    assert _options(world.engine, player) == _options(other.engine, player)
    assert _due(world.engine, world.clock.now()) == _due(other.engine, other.clock.now())
    for _ in range(AFTER):
        _both((world, other), player)
    still, gone = world.engine.get("p1"), other.engine.get("p1")
    assert _bare(still) == _bare(replace(gone, updated_at=still.updated_at))
    assert f"{one.name}@{2 if moved else 1}" == gone.workflow
    assert gone == replay(other.engine.history("p1"))
    first, second = ([*w.engine.history("p1", after=at)] for w, at in ((world, upto), (other, upto + 3 * moved)))
    assert _told(first) == _told(second)
    assert () == other.engine.verify()


def _moved(engine: Engine, name: str) -> bool:
    """Move the pilot, back, and on again; False for one that is closed, and stays."""
    before = _bare(engine.get("p1"))
    plan = engine.plan_migration(f"{name}@1", 2)
    assert () == plan.undecided
    verdicts = [judged.verdict for judged in plan if judged.pilot_id == "p1"]
    assert set(verdicts) <= {"fine"}
    moves = int(bool(verdicts))
    assert (moves, 0) == ((came := engine.migrate(plan, pilots="p1", **MANAGER)).done, came.left)
    assert before == _bare(engine.get("p1"))
    assert (moves, 0) == ((came := engine.undo_migration(plan, pilots="p1", **MANAGER)).done, came.gone_on)
    assert before == _bare(engine.get("p1"))
    assert moves == engine.migrate(plan, pilots="p1", **MANAGER).done
    return bool(moves)


@given(data=st.binary(min_size=1_000, max_size=1_000))
@settings(max_examples=scaled(5))
def test_another_number_changes_nothing_for_an_ordinary_pilot(data: bytes) -> None:
    """Under `existing-contract` a pilot that was moved has the same options, due days and later events."""
    _check(somewhere(Source(data)), somewhere(Source(data))[0])


@given(data=st.binary(min_size=1_300, max_size=1_300))
@settings(max_examples=scaled(15))
def test_another_number_changes_nothing_under_random_workflows(data: bytes) -> None:
    """Under any workflow a pilot that was moved has the same options and later events, and undoing restores it."""
    _check(made_up(Source(data)), made_up(Source(data))[0])
