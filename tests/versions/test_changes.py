"""Twelve ways to change a published workflow, on pilots in every state: judged, applied, cut off, doubled, undone."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from proeftuin import Engine, Refused, diff
from proeftuin.core.diff import worst
from proeftuin.core.evolve import replay
from proeftuin.core.workflow import Workflow
from proeftuin.migrating import MigrationPlan
from proeftuin.spi import Timing
from tests.unit.engines import Clock
from tests.versions.changes import CHANGES, NAME, Change, changed
from tests.versions.changes import ONE as PUBLISHED
from tests.versions.pilots import WHY, copied, fired, heads

ONE, TWO = f"{NAME}@1", f"{NAME}@2"


@pytest.fixture(params=CHANGES)
def change(request: pytest.FixtureRequest) -> Change:
    """One of the twelve."""
    return CHANGES[request.param]


@pytest.fixture
def version(change: Change) -> Workflow:
    """The next version, with this change."""
    return changed(change.edit)


@pytest.fixture
def running(version: Workflow, tmp_path: Path) -> Iterator[tuple[Engine, Clock]]:
    """Pilots in every state under the first version, on a store of their own."""
    engine, clock = copied(tmp_path, version)
    with engine:
        yield engine, clock


def completed(engine: Engine, change: Change) -> MigrationPlan:
    """The plan with the lines that decide everything."""
    said = engine.plan_migration(ONE, 2).text().split("clocks:")[0]
    return engine.plan_migration(ONE, 2, f"{said}{change.plan}\n")


def test_each_is_classed(change: Change, version: Workflow) -> None:
    """The difference from the published version is cosmetic, widening or narrowing, as it is for who runs under it."""
    assert change.effect == worst(diff(PUBLISHED, version))


def test_each_is_judged_for_what_it_is(running: tuple[Engine, Clock], change: Change) -> None:
    """While a plan says nothing, every pilot that the change speaks against needs a decision for that, and no other."""
    engine, _ = running
    plan = engine.plan_migration(ONE, 2)
    assert change.undecided == tuple(one.params["clock"] for one in plan.undecided)
    judged = {one.pilot_id: one for one in plan}
    open_ones = [one.id for one in engine.each(workflow=ONE) if one.phase != "closed"]
    assert open_ones == list(judged)
    assert {name: change.speaks(engine.get(name)) for name in judged} == {
        name: frozenset(one.codes) for name, one in judged.items()
    }
    assert all((one.verdict == "fine") is (not one.findings) for one in judged.values())
    assert all(one.text(lang) != one.code for each in judged.values() for one in each.findings for lang in ("en", "nl"))


def test_what_is_not_fine_stays(running: tuple[Engine, Clock], change: Change) -> None:
    """A plan that leaves pilots undecided moves the others, and one that leaves a clock undecided moves none."""
    engine, _ = running
    plan = engine.plan_migration(ONE, 2)
    verdicts = Counter(one.verdict for one in plan)
    if change.undecided:
        with pytest.raises(Refused) as caught:
            engine.migrate(plan, **WHY)
        assert ("clock-undecided",) == caught.value.codes
        return
    came = engine.migrate(plan, **WHY)
    assert (verdicts["fine"], verdicts["decide"]) == (came.done, came.left)
    stayed = {one.id for one in engine.each(workflow=ONE) if one.phase != "closed"}
    assert {one.pilot_id for one in plan} == stayed


def test_a_complete_plan_moves_every_pilot(running: tuple[Engine, Clock], change: Change) -> None:
    """All go on under the new version, what is kept is what the events make, and the histories verify."""
    engine, _ = running
    plan = completed(engine, change)
    assert {"fine"} == {one.verdict for one in plan}
    before = [one.id for one in engine.each(workflow=ONE) if one.phase != "closed"]
    assert (len(before), 0) == ((came := engine.migrate(plan, **WHY)).done, came.left)
    assert before == [one.id for one in engine.each(workflow=TWO)]
    for name in before:
        pilot = engine.get(name)
        assert (TWO, pilot) == (pilot.workflow, replay(engine.history(name)))
        assert pilot.state in engine.workflow(TWO).states
    assert () == engine.verify()


def test_an_interrupted_application_goes_on(running: tuple[Engine, Clock], change: Change) -> None:
    """Half of it, then all of it, then all of it again: each pilot is moved once."""
    engine, _ = running
    plan = completed(engine, change)
    names = [one.pilot_id for one in plan]
    half = names[::2]
    assert len(half) == engine.migrate(plan, pilots=half, **WHY).done
    assert len(names) - len(half) == engine.migrate(plan, **WHY).done
    assert 0 == engine.migrate(plan, **WHY).done
    moves = Counter(one.pilot_id for name in names for one in engine.history(name) if one.type == "pilot.migrated")
    assert dict.fromkeys(names, 1) == moves


def test_undoing_restores_every_head(running: tuple[Engine, Clock], change: Change) -> None:
    """Where nothing happened since, each pilot is exactly what it was, and its terms are due when they were."""
    engine, _ = running
    before, due = heads(engine), timings(engine)
    plan = completed(engine, change)
    moved = engine.migrate(plan, **WHY).done
    assert (moved, 0) == ((came := engine.undo_migration(plan, **WHY)).done, came.gone_on)
    assert before == heads(engine)
    assert due == timings(engine)
    assert () == engine.verify()
    assert 0 == engine.undo_migration(plan, **WHY).done


def timings(engine: Engine) -> list[Timing]:
    """What the store knows of the due days of each pilot."""
    found = [engine._store.load("default", one.id) for one in engine.each()]
    heads = [one.head for one in found if one is not None]
    return [one.timing for one in heads if one is not None]


def test_nothing_lapses_by_surprise(running: tuple[Engine, Clock], change: Change, tmp_path: Path) -> None:
    """In the week after, clocks fire what they would have fired anyway, on the same days, and nothing else."""
    engine, clock = running
    names = [one.id for one in engine.each(workflow=ONE) if one.phase != "closed"]
    untouched, other = copied(tmp_path)
    plan = completed(engine, change)
    engine.migrate(plan, **WHY)
    for _ in range(6):
        clock.at += timedelta(days=1)
        other.at += timedelta(days=1)
        engine.tick()
        untouched.tick()
    assert set(fired(engine, names)) <= set(fired(untouched, names))
    untouched.close()
