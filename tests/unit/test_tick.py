"""tick: late, doubled, parallel, with a limit, around what cannot be read; on memory and on SQLite."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from proeftuin import BadArgument, StoreUnavailable
from proeftuin.result import Work
from proeftuin.spi import Store
from proeftuin.storage import open_store
from proeftuin.ticking import TOGETHER
from tests.unit.engines import everything
from tests.unit.ticking import LEAD, LIFE, ZONE, Hidden, Play, Watched, day, days_of, moment


def outcome(play: Play, pilot: str) -> object:
    """What must not depend on when anybody ticked: all but the reminders that were sent."""
    found = play.engine.get(pilot)
    changes = [one for one in play.told(pilot) if not one[0].startswith(("reminded", "escalated"))]
    return found.state, found.tracks, found.signals, found.entered, changes


# -- late, doubled, parallel -------------------------------------------------------------------------------------------


def test_each_day_brings_what_is_due_on_it(play: Play) -> None:
    """Ticked every day, each moment of each clock comes on its day, once."""
    pilot = play.asked()
    done = [number for number in range(60) if play.tick(number)]
    assert [8, 14, 21, 28] == done
    assert LIFE == play.told(pilot)
    assert ("lapsed", day(28)) == (
        play.engine.get(pilot).tracks["acme"].state,
        play.engine.get(pilot).tracks["acme"].since,
    )


def test_a_late_tick_gives_the_same_and_sends_the_latest_reminder_alone(play: Play) -> None:
    """After forty silent days all is as if somebody had ticked daily, but for the reminders that were missed."""
    late, daily = play.asked(), Play(open_store("memory://"))
    known = daily.asked()
    for number in range(41):
        daily.tick(number)
    assert 1 == play.tick(40)
    assert outcome(daily, known) == outcome(play, late)
    sent = [one for one in play.told(late) if one[0].startswith(("reminded", "escalated"))]
    assert [("reminded check_in", 14), ("escalated check_in", 21)] == sent


def test_a_second_tick_finds_nothing_to_do(play: Play) -> None:
    """Ticked twice at one moment, or once more the same day, nothing is done and nothing is written."""
    pilot = play.asked()
    play.tick(30)
    before = everything(play.store)
    assert [0, 0] == [play.tick(30), play.tick(30, 23.9)]
    assert before == everything(play.store)
    assert 1 == len([one for one in play.told(pilot) if one[0] == "raised check_in"])


def test_the_system_does_it_by_its_own_trigger(play: Play) -> None:
    """What tick writes is by `system`, on the day that it fell due, recorded when it was noticed."""
    pilot = play.asked()
    play.tick(40)
    made = [one for one in play.engine.history(pilot) if one.actor == "system"]
    assert {("system", "system")} == {(one.actor, one.role) for one in made}
    assert {play.clock.at} == {one.at for one in made}
    assert {day(14), day(21), day(28)} == {one.on for one in made}
    assert () == play.engine.verify()


def test_engines_that_tick_in_turn_do_it_once(play: Play) -> None:
    """Of several engines on one store, each with old heads in memory, one does what is due, and the others nothing."""
    pilot = play.asked()
    others = [play.another() for _ in range(3)]
    for one in others:
        one.get(pilot)
    play.on(29)
    assert [1, 0, 0, 0] == [one.tick().done for one in (play.engine, *others)]
    assert () == play.engine.verify()


def test_a_lost_race_is_left_to_the_winner(store: Store) -> None:
    """Where another process does what is due between the look and the append, nothing is left to do."""
    watched = Watched(store)
    play, rival = Play(watched), Play(store)
    pilots = [play.asked() for _ in range(3)]
    rival.on(29)
    watched.before_append.append(rival.engine.tick)
    assert Work(0, 0, more=False) == play.on(29).tick()
    assert [LIFE[-2:]] * 3 == [[one for one in play.told(name) if one[1] == 28] for name in pilots]
    assert () == play.engine.verify()


def test_a_race_that_is_lost_twice_does_not_stop_the_others(store: Store) -> None:
    """Pilots on which somebody else is busy are left alone, and those beside them are done."""
    watched = Watched(store)
    play, rival = Play(watched), Play(store)
    busy, quiet = play.asked(), play.asked()
    rival.on(29)

    def note() -> None:
        rival.engine.fire(busy, "note", actor=LEAD, data={"text": "x"})

    watched.before_append += [note, note]
    assert 1 == play.on(29).tick().done
    assert "lapsed" == play.engine.get(quiet).tracks["acme"].state
    assert "lapsed" == play.engine.get(busy).tracks["acme"].state
    assert () == play.engine.verify()


def test_a_store_that_fails_keeps_what_was_done(store: Store) -> None:
    """Where the store fails in the middle the error is told, and the next tick goes on."""
    watched = Watched(store)
    play = Play(watched)
    pilots = [play.asked() for _ in range(TOGETHER + 1)]

    def broken() -> None:
        raise StoreUnavailable("gone")

    watched.before_append += [lambda: None, broken]
    with pytest.raises(StoreUnavailable):
        play.on(29).tick()
    assert 1 == play.tick(29)
    assert {"lapsed"} == {play.engine.get(name).tracks["acme"].state for name in pilots}


# -- clocks that jump --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("back", [28, 27, 0])
def test_a_clock_that_jumps_back_does_nothing_twice(play: Play, back: int) -> None:
    """Set back by an hour, a day or a month, nothing is done again, and all that comes later comes on its day."""
    pilot = play.asked()
    play.tick(28)
    before = play.told(pilot)
    assert [0, 0] == [play.tick(back, hour) for hour in (8, 10)]
    assert [0] * 30 == [play.tick(number) for number in range(back, back + 30)]
    assert before == play.told(pilot)
    play.engine.fire(pilot, "note", actor=LEAD, data={"text": "x"})
    assert () == play.engine.verify()


def test_a_clock_that_jumps_ten_years_ahead_and_back_does_everything_once(play: Play) -> None:
    """Set ten years ahead all that is due is done once, on its days; set right again nothing is done a second time."""
    pilot = play.asked()
    assert [1, 0] == [play.tick(3653), play.tick(3653)]
    assert LIFE[1:2] + LIFE[3:] == sorted(play.told(pilot), key=lambda one: one[1])
    assert [0] * 40 == [play.tick(number) for number in range(40)]
    assert "lapsed" == play.engine.get(pilot).tracks["acme"].state
    assert () == play.engine.verify()


@pytest.mark.parametrize("night", [date(2026, 3, 29), date(2026, 10, 25)])
def test_the_hour_that_is_not_there_or_comes_twice(play: Play, night: date) -> None:
    """At half past two of such a night, in either reading of it, what is due that day is done once, and in order."""
    half_past = [datetime.combine(night, time(2, 30), ZONE).replace(fold=fold) for fold in (0, 1)]
    pilot = play.on((night - day(8)).days).start("terms", actor=LEAD, data={}).pilot.id
    done = []
    for instant in (half_past[0] - timedelta(hours=3), *half_past, half_past[0], half_past[1] + timedelta(hours=4)):
        play.clock.at = instant
        done.append(play.engine.tick().done)
    assert [0, 1, 0, 0, 0] == done
    assert [("clock.reminded", night)] == list(days_of(play.engine, pilot))[1:]
    moments = [one.at for one in play.engine.history(pilot)]
    assert sorted(moments) == moments


def test_what_was_said_after_the_clock_jumped_back_is_recorded_in_order(play: Play) -> None:
    """Recording times never run backwards within a pilot, whatever the clock says."""
    pilot = play.asked()
    play.tick(14)
    play.on(12).fire(pilot, "note", actor=LEAD, data={"text": "x"})
    play.tick(25)
    moments = [one.at for one in play.engine.history(pilot)]
    assert sorted(moments) == moments


@pytest.mark.parametrize("start", [26, 237])
def test_the_nights_on_which_clocks_are_changed_have_one_midnight(play: Play, start: int) -> None:
    """Over the last nights of March and October a term is due from midnight, neither an hour early nor late."""
    pilot = play.on(start).start("terms", actor=LEAD, data={}).pilot.id
    assert (0, 1) == (play.tick(start + 7, 23.99), play.tick(start + 8, 0))
    assert [("reminded check_in", start + 8)] == play.told(pilot)


# -- what is read, and how much ----------------------------------------------------------------------------------------


def test_only_what_is_due_is_read(store: Store) -> None:
    """Of many pilots a tick reads those that are due, and no other."""
    watched = Watched(store)
    play = Play(watched, options={"cache": 0})
    play.on(20)
    for _ in range(30):
        play.start()
    due = [play.on(0).start("terms", actor=LEAD, data={}).pilot.id for _ in range(3)]
    watched.loaded.clear()
    watched.given.clear()
    assert 3 == play.tick(9)
    assert (set(due), [3, 0]) == (set(watched.loaded), watched.given)


def test_a_pilot_at_which_nothing_is_due_after_all_is_noted_and_not_written(play: Play) -> None:
    """A term that was put off is found by its old day once, without a commit, and then by its new one."""
    pilot = play.start()
    play.on(5).fire(pilot, "note", actor=LEAD, data={"text": "x"})
    version, before = play.version(pilot), play.timing(pilot).due
    assert 0 == play.tick(8)
    assert (version, True) == (play.version(pilot), before != play.timing(pilot).due)
    assert [("reminded check_in", 13)] == (play.tick(12), play.tick(13), play.told(pilot))[2]


def test_a_limit_bounds_a_tick_and_says_whether_there_is_more(play: Play) -> None:
    """With a limit so many pilots are done, those due longest first, and the answer says whether others wait."""
    pilots = [play.asked() for _ in range(5)]
    play.on(29)
    assert [Work(2, 0, more=True), Work(2, 0, more=True), Work(1, 0, more=False), Work(0, 0, more=False)] == [
        play.engine.tick(2) for _ in range(4)
    ]
    assert {"lapsed"} == {play.engine.get(one).tracks["acme"].state for one in pilots}


def test_a_limit_that_fits_leaves_nothing(play: Play) -> None:
    """As many pilots as the limit are done, and there is no more."""
    for _ in range(3):
        play.asked()
    assert Work(3, 0, more=False) == play.on(29).tick(3)


@pytest.mark.parametrize("limit", [0, -1, 1.5, True, "5"])
def test_a_limit_that_is_none_is_refused(play: Play, limit: Any) -> None:
    """A limit is a whole number from one."""
    with pytest.raises(BadArgument, match="limit"):
        play.engine.tick(limit)
    with pytest.raises(BadArgument, match="limit"):
        play.engine.due(limit=limit)
    with pytest.raises(BadArgument, match="from 1 to 1000"):
        play.engine.due(limit=1001)


def test_what_a_tick_would_look_at_is_told_without_it(play: Play) -> None:
    """What waits longest comes first, as many as are asked for, nothing is written, and a tick leaves nothing."""
    pilots = [play.asked() for _ in range(3)]
    play.on(3)
    pilots.append(play.asked())
    assert () == play.engine.due()
    before = everything(play.store)
    found = play.on(11).due(limit=9)
    assert [*pilots[:3], (pilots[3], moment(11, 0))] == [
        *(one.pilot_id for one in found[:3]),
        (found[3].pilot_id, found[3].at),
    ]
    assert ([found[0].at], found[:1]) == ([moment(8, 0)], play.engine.due())
    assert before == everything(play.store)
    play.tick(11)
    assert () == play.engine.due()


def test_a_store_that_knows_no_days_is_refused(play: Play) -> None:
    """Without the part `Timed` there is no telling what is due, and whoever asks for it is told so."""
    hidden = Play(Hidden(play.store))
    hidden.start()
    with pytest.raises(BadArgument, match="Timed"):
        hidden.engine.tick()
    with pytest.raises(BadArgument, match="Timed"):
        hidden.engine.due()


def test_commands_on_such_a_store_still_do_what_is_due(play: Play) -> None:
    """What is due is done by the next command all the same, since that needs no list."""
    hidden = Play(Hidden(play.store), options={"cache": 0})
    pilot = hidden.asked()
    hidden.on(30).fire(pilot, "note", actor=LEAD, data={"text": "x"})
    assert "lapsed" == hidden.engine.get(pilot).tracks["acme"].state
