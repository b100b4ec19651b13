"""Participants of closed pilots are forgotten in time, on each kind of database and by several processes."""

import subprocess
import sys

from proeftuin import Engine
from proeftuin.spi import Store
from tests.unit.ticking import FIRST, LEAD, TERMS, Play, moment

REF = "ref-planted-0001"
LATER = 10 + 2 * 366

SCRIPT = """
import sys
from datetime import datetime, timedelta
from types import SimpleNamespace
from proeftuin import Engine
now = datetime.fromisoformat(sys.argv[2])
with Engine.open(sys.argv[1], time=SimpleNamespace(now=lambda: now)) as engine:
    for _ in range(3):
        engine.tick()
"""


def closed(play: Play, count: int) -> list[str]:
    """Closed pilots in which somebody was placed."""
    names = []
    for number in range(count):
        pilot = play.on(0).start("terms", actor=LEAD, data={}).pilot.id
        play.engine.fire(pilot, "identify", actor=LEAD, track="acme")
        data = {"participant": f"{REF}-{number}", "start": FIRST}
        play.engine.fire(pilot, "place", actor=LEAD, track="acme", data=data)
        play.on(10).fire(pilot, "finish", actor=LEAD)
        names.append(pilot)
    return names


def test_a_tick_forgets_on_every_database(store: Store) -> None:
    """Not before its day, once, with the files written anew, and with the chain whole."""
    play = Play(store)
    pilots = closed(play, 3)
    play.tick(LATER - 30)
    assert 3 == sum(bool(store.personal("default", one)) for one in pilots)
    assert (3, 0) == (play.tick(LATER), play.tick(LATER + 1))
    assert [()] * 3 == [store.personal("default", one) for one in pilots]
    events = [[one.type for one in play.engine.history(pilot)].count("data.erased") for pilot in pilots]
    assert [1] * 3 == events
    assert () == play.engine.verify()


def test_processes_that_tick_at_once_forget_once(url: str) -> None:
    """Three processes at one moment leave one event on each pilot, and no ref."""
    with Engine.open(url, workflows=[TERMS]) as opened:
        play = Play(opened._store)
        pilots = closed(play, 12)
        command = [sys.executable, "-c", SCRIPT, url, moment(LATER).isoformat()]
        running = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(3)]
        assert [(0, "")] * 3 == [(one.wait(60), one.communicate()[1]) for one in running]
        assert [()] * 12 == [play.store.personal("default", one) for one in pilots]
        for pilot in pilots:
            assert 1 == [one.type for one in play.engine.history(pilot)].count("data.erased")
        assert () == play.engine.verify()
