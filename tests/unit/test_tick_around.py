"""tick, around pilots that cannot be read, on calendars that change, beside tenants and hooks."""

import logging
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from proeftuin import CorruptStore, Engine, Reentered, StoreBusy
from proeftuin.calendars import Netherlands
from proeftuin.result import Work
from proeftuin.spi import UNTIMED, Before, Committed, Loaded, Recorded, Store
from proeftuin.storage import open_store
from proeftuin.ticking import TOGETHER
from tests.unit import engines
from tests.unit.engines import sqlite_url
from tests.unit.ticking import LEAD, LIFE, OFFICER, TERMS, Play, Watched, day

# -- what cannot be read -----------------------------------------------------------------------------------------------


class Broken(Watched):
    """A store in which some pilots cannot be read."""

    def __init__(self, inner: Store, *broken: str) -> None:
        super().__init__(inner)
        self.broken = broken

    def load(self, tenant: str, pilot_id: str, **more: Any) -> Loaded | None:
        if pilot_id in self.broken:
            raise CorruptStore(f"pilot {pilot_id!r} is damaged")
        return super().load(tenant, pilot_id, **more)


def test_a_pilot_that_cannot_be_read_is_told_and_passed_over(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    """One damaged pilot is counted as failed and named in the log; all others are done, now and the next time."""
    broken = Broken(store)
    play = Play(broken, options={"cache": 0})
    pilots = [play.asked() for _ in range(3)]
    broken.broken = (pilots[0],)
    with caplog.at_level(logging.WARNING, "proeftuin"):
        assert Work(2, 1, more=False) == play.on(29).tick()
    (record,) = (one for one in caplog.records if one.message == "not-ticked")
    assert (pilots[0], True) == (vars(record)["pilot"], "damaged" in vars(record)["reason"])
    assert Work(0, 1, more=False) == play.engine.tick()


def test_damaged_pilots_take_nothing_of_the_limit(store: Store) -> None:
    """However many pilots cannot be read, a tick with a limit gets past them and comes to an end."""
    broken = Broken(store)
    play = Play(broken, options={"cache": 0})
    pilots = [play.asked() for _ in range(6)]
    broken.broken = tuple(pilots[:4])
    play.on(29)
    assert [Work(1, 1, more=True), Work(1, 4, more=False)] == [_rounded(play.engine.tick(1)), play.engine.tick(1)]


def _rounded(work: Work) -> Work:
    """Leave out how many of the damaged ones were come by."""
    return evolve(work, failed=min(work.failed, 1))


def test_a_pilot_of_an_unknown_workflow_is_passed_over(tmp_path: Path) -> None:
    """A pilot whose workflow nobody here knows is told, and stops nobody else."""
    with closing(open_store(sqlite_url(tmp_path))) as store:
        play = Play(store)
        known, strange = play.asked(), play.asked()
        _rename_workflow(tmp_path / "pilots.db", strange)
        assert Work(1, 1, more=False) == Play(store, clock=play.clock).on(29).tick()
        assert "lapsed" == play.engine.get(known).tracks["acme"].state


def test_a_workflow_that_cannot_be_read_stops_the_ticks_of_no_other(tmp_path: Path) -> None:
    """A pilot whose workflow is kept damaged is counted as failed, and what is due on the others is done."""
    quiet = (
        "\nclocks:\n  quiet: {since: progress, due: 7 days, signal: {stalled: 14 days}, label: {en: Call, nl: Bel}}\n"
    )
    url, clock = sqlite_url(tmp_path), engines.Clock()
    for name in ("other", "talks"):
        text = engines.FLOW.replace("workflow: talks", f"workflow: {name}") + quiet
        with engines.engine(url, text, time=clock) as on:
            on.start(name, actor=engines.LEAD, data=engines.DATA, id=name)
    with closing(sqlite3.connect(tmp_path / "pilots.db")) as connection, connection:
        connection.execute("UPDATE workflows SET body = X'7b' WHERE name = 'other'")
    clock.at += timedelta(days=20)
    with Engine.open(url, time=clock) as on:
        assert Work(1, 1, more=False) == on.tick()
        assert ["stalled"] == [one.signal for one in on.get("talks").signals]


def _rename_workflow(path: Path, pilot: str) -> None:
    """Let the head of a pilot say that it follows a workflow that nobody has."""
    connection = sqlite3.connect(path)
    connection.execute(
        "UPDATE pilots SET body = cast(replace(cast(body AS TEXT), 'terms@1', 'other@9') AS BLOB) WHERE id = ?",
        (pilot,),
    )
    connection.commit()
    connection.close()


# -- calendars ---------------------------------------------------------------------------------------------------------


def test_a_new_day_of_closure_moves_the_terms_that_it_touches_and_no_other(store: Store) -> None:
    """The next tick takes a changed calendar in: of two terms the one that runs over the new day is a day later."""
    play = Play(store, calendar=Netherlands())
    early, late = play.start(), play.start()
    play.on(1).fire(early, "talk", actor=LEAD)
    play.on(29).fire(late, "talk", actor=LEAD)
    before = {name: _due(play.engine, name) for name in (early, late)}
    assert (day(15), day(45)) == (before[early]["review"], before[late]["review"])
    closed = Play(store, calendar=Netherlands(closures=[day(36)]), clock=play.clock)
    closed.engine.tick()
    after = {name: _due(closed.engine, name) for name in (early, late)}
    assert {**before, late: {**before[late], "review": day(46)}} == after
    closed.tick(60)
    assert [15, 46] == [dict(closed.told(name))["reminded review"] for name in (early, late)]


def _due(engine: Engine, pilot: str) -> dict[str, Any]:
    return {one.key: one.due for one in engine.deadlines().items if one.pilot_id == pilot}


def test_a_calendar_that_is_taken_away_counts_no_more(play: Play) -> None:
    """Back on the calendar that the workflow names, the next tick counts every pilot anew."""
    given = Play(play.store, calendar=Netherlands(closures=[(day(1), day(40))]), clock=play.clock)
    pilot = given.start()
    given.engine.fire(pilot, "talk", actor=LEAD)
    assert given.timing(pilot).calendar.startswith("=nl-")
    assert 1 == play.tick(14)
    assert play.timing(pilot).calendar.startswith("weekdays-")
    assert ("reminded review", 14) in play.told(pilot)


def test_a_calendar_that_changed_is_noted_once_and_without_a_commit(store: Store) -> None:
    """Pilots counted on another calendar are read in the first tick after it changed, and not again."""
    watched = Watched(store)
    play = Play(watched, options={"cache": 0})
    pilots = [play.start() for _ in range(5)]
    versions = [play.version(name) for name in pilots]
    changed = Play(watched, calendar=Netherlands(), options={"cache": 0}, clock=play.clock)
    watched.loaded.clear()
    changed.engine.tick()
    assert sorted(pilots) == sorted(watched.loaded)
    watched.loaded.clear()
    changed.engine.tick()
    assert [] == watched.loaded
    assert versions == [play.version(name) for name in pilots]


def test_pilots_that_nobody_counted_are_taken_in(play: Play) -> None:
    """A pilot that was imported, or written before there were clocks, is due from the first tick on."""
    pilot = play.asked()
    other = Play(open_store("memory://"))
    other.engine.import_pilots(list(play.engine.export_pilots(personal=True, actor=OFFICER, reason="moved")))
    assert UNTIMED == other.timing(pilot)
    assert 1 == other.tick(29)
    assert LIFE[-2:] == other.told(pilot)[-4:-2]


def test_a_limit_bounds_what_is_counted_anew(play: Play) -> None:
    """With a limit pilots of another calendar are taken in some at a time, and nothing is done before they all are."""
    for _ in range(5):
        play.asked()
    changed = Play(play.store, calendar=Netherlands(), clock=play.clock)
    changed.on(29)
    works = [changed.engine.tick(2) for _ in range(6)]
    assert [0, 0, 1, 2, 2, 0] == [one.done for one in works]
    assert [True, True, True, True, False, False] == [one.more for one in works]


# -- around it ---------------------------------------------------------------------------------------------------------


def test_tenants_are_ticked_apart(play: Play) -> None:
    """A tick does the pilots of its own tenant, and leaves those of others as they are."""
    other = play.engine.for_tenant("other")
    pilot = other.start("terms", actor=LEAD, data={}, id="theirs").pilot.id
    mine = play.start()
    play.on(9)
    assert (1, 1, 1) == (play.engine.tick().done, play.version(mine) - 1, other.get(pilot).version)
    assert (1, 2) == (other.tick().done, other.get(pilot).version)


class Heard:
    """A hook that remembers."""

    def __init__(self) -> None:
        self.before_: list[Before] = []
        self.committed_: list[Committed] = []

    def before(self, given: Before) -> None:
        self.before_.append(given)

    def committed(self, given: Committed) -> None:
        self.committed_.append(given)


def test_hooks_hear_of_what_was_done_and_veto_nothing(store: Store) -> None:
    """`committed` is called once for each pilot with all its events, and `before` never."""
    heard = Heard()
    play = Play(store, options={"hooks": [heard]})
    pilot = play.asked()
    asked, seen = len(heard.before_), len(heard.committed_)
    play.tick(29)
    (told,) = heard.committed_[seen:]
    assert (asked, pilot) == (len(heard.before_), told.pilot.id)
    assert ["clock.fired", "track.moved", "signal.raised"] == [one.type for one in told.events][:3]


class Poison:
    """Raises in the transaction of one pilot."""

    def __init__(self) -> None:
        self.pilot = ""

    def recorded(self, given: Recorded) -> None:
        if given.pilot.id == self.pilot:
            raise OSError(given.pilot.id)


def test_a_hook_that_raises_for_one_pilot_stops_no_other(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    """What a hook raises undoes that pilot alone; all others are done, and then it is raised on."""
    poison = Poison()
    play = Play(store, options={"hooks": [poison]})
    pilots = [play.asked() for _ in range(TOGETHER + 2)]
    poison.pilot = pilots[0]
    for limit in (None, 10):
        with caplog.at_level(logging.WARNING, "proeftuin"), pytest.raises(OSError, match=poison.pilot):
            play.on(29).tick(limit)
        states = [play.engine.get(one).tracks["acme"].state for one in pilots]
        assert ["asked", *["lapsed"] * (TOGETHER + 1)] == states
    told = [(vars(one)["pilot"], vars(one)["reason"]) for one in caplog.records if one.message == "not-ticked"]
    assert [(poison.pilot, "OSError")] * 2 == told
    with pytest.raises(OSError, match=poison.pilot):
        play.engine.tick(pilots=pilots)
    poison.pilot = ""
    assert Work(1, 0, more=False) == play.engine.tick()


def test_a_store_that_fails_ends_the_round(store: Store) -> None:
    """Where the store fails, no pilot is tried by itself: the error is raised on at once."""
    watched = Watched(store)
    play = Play(watched)
    for _ in range(3):
        play.asked()
    watched.before_append = [_busy, _busy]
    with pytest.raises(StoreBusy):
        play.on(29).tick()
    assert 1 == len(watched.before_append)


def _busy() -> None:
    raise StoreBusy("somebody holds it")


def test_a_hook_that_may_not_write_may_not_tick(store: Store) -> None:
    """From inside a `before` hook a tick is refused, as any command is."""
    found: list[Engine] = []

    class Ticking:
        def before(self, _given: Before) -> None:
            found[0].tick()

    play = Play(store, options={"hooks": [Ticking()]})
    found.append(play.engine)
    with pytest.raises(Reentered):
        play.start()


def test_named_pilots_alone_are_ticked(play: Play) -> None:
    """By their ids some pilots are brought up to now, in the order that they were given, and others wait."""
    pilots = [play.asked() for _ in range(3)]
    play.on(29)
    assert Work(1, 0, more=False) == play.engine.tick(pilots=pilots[0])
    assert Work(1, 1, more=False) == play.engine.tick(pilots=[pilots[1], "nobody"])
    assert Work(0, 0, more=False) == play.engine.tick(pilots=[pilots[1]])
    states = [play.engine.get(one).tracks["acme"].state for one in pilots]
    assert ["lapsed", "lapsed", "asked"] == states


def test_an_engine_that_keeps_no_heads_ticks_the_same(store: Store) -> None:
    """Without a cache every head is read anew, and the same is done."""
    play = Play(store, options={"cache": 0})
    pilot = play.asked()
    for number in range(30):
        play.tick(number)
    assert LIFE == play.told(pilot)


def test_the_workflow_of_these_tests_has_a_clock_of_each_kind() -> None:
    """Progress, a state of a track, a state of the pilot and a record set clocks going here."""
    assert {"check_in", "answer", "review", "stay"} == set(TERMS.clocks)


def test_a_store_that_writes_one_pilot_at_a_time_is_ticked_the_same(store: Store) -> None:
    """Where several commits cannot be one transaction each pilot has its own."""

    class Single(Watched):
        multi_pilot = False

        def append(self, *commits: Any, **more: Any) -> None:
            (one,) = commits
            super().append(one, **more)

    play = Play(Single(store))
    pilots = [play.asked() for _ in range(3)]
    assert 3 == play.tick(29)
    assert {"lapsed"} == {play.engine.get(one).tracks["acme"].state for one in pilots}


def test_a_named_pilot_that_is_taken_by_another_process_is_left_to_it(store: Store) -> None:
    """A lost race on one pilot is no failure: the winner has done what was due."""
    watched = Watched(store)
    play, rival = Play(watched), Play(store)
    pilot = play.asked()
    rival.on(29)
    watched.before_append.append(rival.engine.tick)
    assert Work(0, 0, more=False) == play.on(29).tick(pilots=pilot)
    assert () == play.engine.verify()


def test_a_new_version_is_not_noted_with_the_days_of_an_old_one(store: Store) -> None:
    """Where somebody writes between the look and the note, the days of the new version stand."""
    watched = Watched(store)
    play, rival = Play(watched), Play(store)
    pilot = play.start()
    play.on(5).fire(pilot, "note", actor=LEAD, data={"text": "x"})
    watched.before_retime.append(lambda: rival.on(8).fire(pilot, "talk", actor=LEAD))
    assert 0 == play.tick(8)
    assert "talking" == play.engine.get(pilot).state
    assert ("reminded check_in", 16) in (play.tick(16), play.told(pilot))[1]
