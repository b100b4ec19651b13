"""The machine's own clock jumps, under libfaketime: nothing is due twice and nothing never, as with a clock of ours."""

import os
import shutil
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from proeftuin import Actor, Engine, Event
from tests import servers
from tests.stores import path_url

FAKETIME = shutil.which("faketime")
LEAD = Actor("lead-1", roles={"coordinator"})
DATA = {"title": "Catering", "organisation": "DJI"}
JUMPS = (
    "2026-03-02 09:00",  # it begins
    "2026-03-10 09:00",
    "2026-03-10 08:00",  # an hour back
    "2026-03-09 08:00",  # a day and an hour back
    "2026-03-10 09:30",
    "2026-03-29 00:30",  # 01:30 in Amsterdam, half an hour before an hour that never comes
    "2026-03-29 01:30",  # 03:30 there
    "2026-10-25 00:30",  # 02:30 there
    "2026-10-25 01:30",  # 02:30 there, once more
    "2028-02-29 12:00",  # a leap day
    "2036-03-02 09:00",  # ten years on
    "2026-04-01 09:00",  # and back again
    "2036-03-02 09:01",
)
OPENED = "import sys\nfrom proeftuin import Actor, Engine\nwith Engine.open(sys.argv[1]) as engine: "
WHO = f"Actor({LEAD.id!r}, roles={{'coordinator'}})"
STARTED = f"{OPENED} engine.start('existing-contract', id='canteen', actor={WHO}, data={DATA!r})"
TICKED = f"{OPENED} engine.tick()"

if FAKETIME is None and not servers.required():
    pytest.skip("faketime is not installed", allow_module_level=True)


class Given:
    """A clock that is set."""

    at = datetime(2026, 3, 2, 9, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at


def at(moment: str, program: str, url: str) -> None:
    """Run a program in a process whose clock says so."""
    assert FAKETIME is not None
    command = [FAKETIME, moment, sys.executable, "-c", program, url]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "TZ": "UTC"}, check=False)
    assert 0 == done.returncode, done.stderr


def told(history: list[Event]) -> list[Any]:
    """What happened, without the seconds at which it was noticed."""
    return [(one.version, one.type, one.on, one.data, one.at.replace(second=0, microsecond=0)) for one in history]


def test_a_clock_that_jumps_lets_nothing_be_due_twice_or_never(tmp_path: Path) -> None:
    """Processes whose clock jumps back an hour, a day or ten years write what an engine with such a clock writes."""
    url, time = path_url(tmp_path / "jumping.db"), Given()
    for moment in JUMPS:
        at(moment, STARTED if moment == JUMPS[0] else TICKED, url)
    with Engine.open(url) as real, Engine.open("memory://", time=time) as set_by_hand:
        set_by_hand.start("existing-contract", id="canteen", actor=LEAD, data=DATA)
        for moment in JUMPS[1:]:
            time.at = datetime.fromisoformat(f"{moment}+00:00")
            set_by_hand.tick()
        history = list(real.history("canteen"))
        assert told(list(set_by_hand.history("canteen"))) == told(history)
        assert () == real.verify()
    assert [one.at for one in history] == sorted(one.at for one in history)
    moments = Counter((one.data["clock"], one.data["anchor"], name) for one in history[1:] for name in one.data["done"])
    assert {1} == set(moments.values())
    assert {"clock.reminded", "clock.escalated", "signal.raised"} <= {one.type for one in history}
