import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from proeftuin import BadArgument
from proeftuin.spi import NotDelivered, Parcel
from proeftuin_otel import observe
from tests.telemetry import Told
from tests.unit.engines import LEAD, engine, sqlite_url, start
from tests.unit.ticking import Hidden, Play


@pytest.fixture
def play(told: Told) -> Play:
    """An engine with terms, whose gauges are asked."""
    made = Play(engine()._store)
    observe(made.engine, meter_provider=told.meters, time=made.clock)
    return made


def test_a_tick_that_does_not_come_is_noticed(told: Told, play: Play) -> None:
    """While nobody ticks the lag grows from what was due first; a tick sets it back to nothing."""
    play.asked()
    assert {(): 0} == told.figures("proeftuin.tick.lag")
    play.on(8, 1)
    assert {(): 3600} == told.figures("proeftuin.tick.lag")
    play.on(10, 0)
    assert {(): 2 * 86400} == told.figures("proeftuin.tick.lag")
    play.engine.tick()
    assert {(): 0} == told.figures("proeftuin.tick.lag")


def test_pilots_are_counted_by_state_and_when_overdue(told: Told, play: Play) -> None:
    """Each state has its number of pilots; those with a term past its day are counted without a tick."""
    play.asked()
    moved = play.start()
    play.engine.fire(moved, "talk", actor=LEAD)
    play.on(6)
    assert {("exploration", "open"): 1, ("supplier_talks", "talking"): 1} == told.figures("proeftuin.pilots")
    assert {(): 0} == told.figures("proeftuin.pilots.overdue")
    play.on(9)
    assert {(): 2} == told.figures("proeftuin.pilots.overdue")


def test_overdue_can_be_left_out(told: Told) -> None:
    """What makes every late pilot be looked at is not asked where the host does not want it."""
    on = engine()
    observe(on, overdue=False, meter_provider=told.meters)
    on.subscribe("hr")
    start(on)
    assert {"proeftuin.tick.lag", "proeftuin.lanes", "proeftuin.pilots"} == set(told.points())


def test_lanes_are_counted_by_how_they_stand(told: Told) -> None:
    """A subscriber's pilots are up to date, behind, or parked, and each subscriber is told by itself."""

    class Choosy:
        def send(self, parcel: Parcel) -> None:
            if parcel.pilot == "p1":
                raise NotDelivered("no more", permanent=True)
            if parcel.pilot == "p2":
                raise NotDelivered("not now")

    on = engine()
    observe(on, meter_provider=told.meters)
    assert {} == told.figures("proeftuin.lanes")
    on.subscribe("hr")
    on.subscribe("idle")
    for number in range(5):
        start(on, id=f"p{number}")
    on.deliver({"hr": Choosy()})
    hr = {("hr", "current"): 3, ("hr", "behind"): 1, ("hr", "parked"): 1}
    idle = {("idle", "current"): 0, ("idle", "behind"): 5, ("idle", "parked"): 0}
    assert hr | idle == told.figures("proeftuin.lanes")


def test_tenants_are_told_apart_where_they_are_named(told: Told) -> None:
    """Each tenant that is named is asked, and its figures carry its name."""
    on = engine()
    observe(on, tenants=["a", "b"], meter_provider=told.meters)
    start(on.for_tenant("a"), id="p1")
    start(on.for_tenant("b"), id="p1")
    start(on.for_tenant("b"), id="p2")
    start(on, id="p1")
    assert {("exploration", "open", "a"): 1, ("exploration", "open", "b"): 2} == told.figures("proeftuin.pilots")


def test_a_store_that_fails_or_knows_less_gives_no_figure(
    told: Told, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Collecting from a store that is away, or that knows no days, raises nothing and tells what there is."""
    on = engine(sqlite_url(tmp_path))
    observe(on, meter_provider=told.meters)
    start(on)
    assert {("exploration", "open"): 1} == told.figures("proeftuin.pilots")
    with closing(sqlite3.connect(tmp_path / "pilots.db")) as connection:
        connection.execute("ALTER TABLE pilots RENAME TO elsewhere")
    assert {} == told.figures("proeftuin.pilots")
    assert [] == [one.getMessage() for one in caplog.records]
    other = Told()
    less = engine(Hidden(engine()._store))
    start(less)
    with pytest.raises(BadArgument):
        less.due()
    observe(less, overdue=False, meter_provider=other.meters)
    assert ({}, {("exploration", "open"): 1}) == (
        other.figures("proeftuin.tick.lag"),
        other.figures("proeftuin.pilots"),
    )
    other.close()


def test_two_stores_are_asked_by_two_set_ups(told: Told) -> None:
    """Figures of one engine are never mixed with those of another one, given another provider."""
    other = Told()
    for number, seen in enumerate((told, other), start=1):
        on = engine()
        observe(on, meter_provider=seen.meters)
        for _ in range(number):
            start(on)
    assert [1, 2] == [one.figures("proeftuin.pilots")["exploration", "open"] for one in (told, other)]
    other.close()


def test_the_clock_is_the_systems_where_none_is_given(told: Told) -> None:
    """Without a clock the lag is counted by the system's, so a pilot of long ago is far behind."""
    play = Play(engine()._store)
    play.asked()
    play.on(8)
    observe(play.engine, meter_provider=told.meters)
    (lag,) = told.figures("proeftuin.tick.lag").values()
    assert lag > timedelta(days=1).total_seconds()
