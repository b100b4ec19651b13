"""Participants of a closed pilot are forgotten by themselves, a set time after closing: when, and what stays."""

import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from proeftuin import Actor, Dated, Engine, Settings
from proeftuin.spi import Erases, Store
from proeftuin.storage import open_store
from tests.unit.engines import sqlite_url
from tests.unit.ticking import FIRST, LEAD, OFFICER, ZONE, Play, day

REF = "ref-planted-0001"
CLOSED = 10
"""The day on which pilots here are closed, counted from their beginning: 12 March 2026."""
TERM = (date(2028, 3, 12) - FIRST).days
"""The day on which two years after that are over."""


def months(*entries: tuple[str, int]) -> Settings:
    """For how many months participants are known, each from a day on."""
    return Settings({"retention_months": [Dated(value, day(since), "ours") for value, since in entries]})


def placed(play: Play, *refs: str, on: Engine | None = None) -> str:
    """A pilot in which these were placed."""
    engine = on or play.engine
    pilot = engine.start("terms", actor=LEAD, data={}).pilot.id
    engine.fire(pilot, "identify", actor=LEAD, track="acme")
    for ref in refs:
        engine.fire(pilot, "place", actor=LEAD, track="acme", data={"participant": ref, "start": FIRST})
    return pilot


def closed(play: Play, *refs: str) -> str:
    """The same, closed on its day."""
    play.on(0)
    pilot = placed(play, *refs)
    play.on(CLOSED).fire(pilot, "finish", actor=LEAD)
    return pilot


def erasures(play: Play, pilot: str) -> list[Any]:
    return [one for one in play.engine.history(pilot) if one.type == "data.erased"]


def known(play: Play, pilot: str) -> list[str]:
    return [one.subject for one in play.store.personal("default", pilot)]


# -- when --------------------------------------------------------------------------------------------------------------


def test_two_years_after_closing_participants_are_forgotten(play: Play) -> None:
    """Not a day before, and then at the first tick: the refs are gone, and one event by the system says so."""
    pilot = closed(play, REF, "ref-planted-0002")
    for number in (CLOSED, CLOSED + 40, TERM - 1):
        play.tick(number)
        assert ["s1", "s2"] == known(play, pilot)
    assert 1 == play.tick(TERM, hour=0.01)
    assert [] == known(play, pilot)
    (event,) = erasures(play, pilot)
    assert ("system", "system", "tick", day(TERM)) == (event.actor, event.role, event.trigger, event.on)
    assert {"subjects": ("s1", "s2"), "anchor": "2026-03-12", "upto": 2} == event.data
    assert (None, None) == (play.engine.subject(pilot, REF), play.engine.ref(pilot, "s1"))
    assert () == play.engine.verify()


def test_the_store_knows_the_day_beforehand(play: Play) -> None:
    """Until the day comes no pilot has to be looked at, and once it is done never again."""
    pilot = closed(play, REF)
    play.tick(40)  # whatever else there was to say
    due = play.timing(pilot).due
    assert due is not None
    assert day(TERM) == due.astimezone(ZONE).date()
    play.tick(TERM)
    assert None is play.timing(pilot).due
    version = play.version(pilot)
    assert [0, 0] == [play.tick(TERM + 1), play.tick(TERM + 4000)]
    assert version == play.version(pilot)


def test_a_tick_that_is_late_does_it_as_of_its_day(play: Play) -> None:
    """The event carries the day on which the term was over, however late it was noticed."""
    pilot = closed(play, REF)
    play.tick(TERM + 300)
    assert [day(TERM)] == [one.on for one in erasures(play, pilot)]


def test_an_open_pilot_forgets_nobody(play: Play) -> None:
    """However old it is, a pilot that is not closed knows its participants; one on hold does too."""
    pilots = [placed(play, REF), placed(play, REF)]
    play.engine.fire(pilots[1], "pause", actor=LEAD)
    play.tick(5000)
    assert [["s1"], ["s1"]] == [known(play, one) for one in pilots]


def test_a_pilot_without_participants_has_no_term(play: Play) -> None:
    """Where nobody took part there is nothing to look for after closing."""
    pilot = closed(play)
    play.tick(TERM + 9)
    assert (None, []) == (play.timing(pilot).due, erasures(play, pilot))


def test_a_term_that_runs_on_after_closing_does_not_put_it_off() -> None:
    """Who still works is asked for up to a year after closing, and forgotten when two years are over all the same."""
    from tests.domain.existing.life import Life  # noqa: PLC0415  # one test here lives by a bundled workflow

    life = Life().reach("implementing")
    life.place("alpha", REF, start=life.today)
    life.do("hr", "add_lesson", {"text": "Begin small"})
    life.do("client_owner", "stop", {"reason": "No money", "placement_plan": "They stay on"})
    stopped = life.clock.day
    for _ in range(106):  # a tick a week
        life.later(7)
        life.engine.tick()
    (event,) = (one for one in life.engine.history(life.id) if one.type == "data.erased")
    assert stopped.replace(year=stopped.year + 2) == event.on
    asked = [one.on for one in life.engine.history(life.id) if one.data.get("clock", "").startswith("retention:")]
    assert max(asked) < event.on


# -- how long ----------------------------------------------------------------------------------------------------------


def test_an_organisation_has_months_of_its_own(store: Store) -> None:
    """Six months where it says so; of dated numbers the one in force on the day of closing."""
    play = Play(store, options={"settings": months(("6", 0), ("1", CLOSED + 1))})
    pilot = closed(play, REF)
    play.tick((date(2026, 9, 12) - FIRST).days - 1)
    assert ["s1"] == known(play, pilot)
    play.tick((date(2026, 9, 12) - FIRST).days)
    assert [] == known(play, pilot)


@pytest.mark.parametrize(("shorter", "forgotten"), [("3", True), ("30", False)])
def test_other_months_count_for_pilots_that_are_there(play: Play, shorter: str, *, forgotten: bool) -> None:
    """Another number of months is counted anew for every pilot at the next tick, be it sooner or later."""
    pilot = closed(play, REF)
    play.tick(40)
    other = play.another(settings=months((shorter, 0)))
    play.on(150 if forgotten else TERM)
    assert forgotten is bool(other.tick().done)
    assert forgotten is ([] == known(play, pilot))


# -- once, by whoever ticks --------------------------------------------------------------------------------------------


def test_of_many_that_tick_at_once_one_forgets(play: Play) -> None:
    """Eight ticks at one moment leave one event on each pilot, and no ref."""
    pilots = [closed(play, REF) for _ in range(5)]
    play.on(TERM)
    at_once = Barrier(8)

    def tick(engine: Engine) -> int:
        at_once.wait()
        return engine.tick().done

    with ThreadPoolExecutor(8) as pool:
        assert 5 <= sum(pool.map(tick, [play.another() for _ in range(8)])) <= 40
    assert [1] * 5 == [len(erasures(play, one)) for one in pilots]
    assert [[]] * 5 == [known(play, one) for one in pilots]
    assert () == play.engine.verify()


def test_who_was_erased_before_is_not_named_again(play: Play) -> None:
    """Who was erased before is in no second event; where nobody is left it is noted once that the time is over."""
    pilot = closed(play, REF, "ref-planted-0002")
    play.engine.erase(REF, actor=OFFICER, reason="asked by letter")
    both = closed(play, REF)
    play.engine.erase(REF, actor=OFFICER, reason="asked again")
    play.tick(TERM)
    assert [("s1",), ("s2",)] == [one.data["subjects"] for one in erasures(play, pilot)]
    assert [("s1",), ()] == [one.data["subjects"] for one in erasures(play, both)]
    assert 0 == play.tick(TERM + 1)


def test_who_comes_in_by_a_correction_is_forgotten_too(store: Store) -> None:
    """A participant who is named after the time was over is forgotten at the next tick."""
    from tests.unit.engines import engine  # noqa: PLC0415  # another workflow, in which placements can be corrected
    from tests.unit.engines import placed as place  # noqa: PLC0415  # the same

    clock = Play(store).clock
    on = engine(store, time=clock)
    lead, board = Actor("lead-1", roles={"lead"}), Actor("board-1", roles={"board"})
    pilot = on.start("talks", actor=lead, data={"title": "T"}).pilot.id
    on.fire(pilot, "identify", actor=lead, track="acme")
    place(on, pilot, REF, start=FIRST)
    for actor, trigger, data in ((lead, "note", {"text": "x"}), (lead, "talk", None), (board, "finish", None)):
        on.fire(pilot, trigger, actor=actor, data=data)
    clock.at += timedelta(days=800)
    assert (1, 0) == (on.tick().done, on.tick().done)
    mended = {"record": "placement-1", "fields": {"participant": "ref-planted-0003"}, "reason": "Somebody else"}
    on.fire(pilot, "correct", actor=lead, data=mended)
    assert "s2" == on.subject(pilot, "ref-planted-0003")
    assert (1, 0) == (on.tick().done, on.tick().done)
    assert None is on.subject(pilot, "ref-planted-0003")


# -- what stays --------------------------------------------------------------------------------------------------------


def test_every_figure_is_as_before(play: Play) -> None:
    """Figures, counts and records are the same before and after, and the pilot can be replayed."""
    pilot = closed(play, REF, "ref-planted-0002")
    play.tick(TERM - 1)

    def told() -> object:
        held = play.engine.get(pilot)
        return play.engine.metrics(as_of=day(5)), play.engine.count(), held.kept, held.counts, held.tracks

    before = told()
    play.tick(TERM)
    assert before == told()
    assert play.engine.get(pilot) == play.another().get(pilot, version=play.version(pilot))


def test_it_is_gone_from_the_file(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """After the tick the ref is in no file of the store, and in no line of the log."""
    with closing(open_store(sqlite_url(tmp_path))) as store, caplog.at_level(logging.DEBUG):
        play = Play(store)
        closed(play, REF)
        play.tick(TERM)
        assert not any(REF.encode() in path.read_bytes() for path in tmp_path.iterdir())
    assert REF not in caplog.text


def test_a_command_on_a_pilot_whose_time_is_over_leaves_it_to_the_tick(play: Play) -> None:
    """Only a tick forgets; a command before it is carried out as always."""
    pilot = closed(play, REF)
    play.on(TERM + 5)
    with pytest.raises(Exception, match="wrong-state"):
        play.engine.fire(pilot, "note", actor=LEAD, data={"text": "too late"})
    assert ["s1"] == known(play, pilot)
    assert 1 == play.tick(TERM + 5)


def test_a_store_that_cannot_erase_has_no_term() -> None:
    """Where a store lacks the part, nothing is due, and nothing is said to be forgotten."""

    class Plain:
        def __init__(self, inner: Store) -> None:
            self._inner = inner

        def __getattr__(self, name: str) -> Any:
            if name in ("holders", "scrub"):
                raise AttributeError(name)
            return getattr(self._inner, name)

    store: Any = Plain(open_store("memory://"))
    assert not isinstance(store, Erases)
    play = Play(store)
    pilot = closed(play, REF)
    play.tick(TERM)
    assert (["s1"], []) == (known(play, pilot), erasures(play, pilot))
