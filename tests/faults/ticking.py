"""A process that ticks one store, beside others, or in children that are killed.

python -m tests.faults.ticking URL race     ticks at each day that a line names, and prints what it did, as JSON
python -m tests.faults.ticking URL die      has children tick and kills one at each statement; prints what was found

The second forks, and so has no threads and no test runner.
"""

import json
import os
import signal
import sys
from itertools import count
from typing import Any

from proeftuin import Engine
from proeftuin.storage import open_store
from tests.faults.statements import heard, point
from tests.faults.watching import watching
from tests.stores import spying
from tests.unit.ticking import OVERSEAS, TERMS, Days, Play, moment

LATE = 60
PILOTS = 3


def race(url: str) -> None:
    """Tick at each day that a line names."""
    clock = Days()
    with Engine(open_store(url), workflows=[TERMS, OVERSEAS], time=clock) as engine:
        print("ready", flush=True)  # noqa: T201  # what the test waits for
        for line in sys.stdin:
            clock.at = moment(int(line))
            work = engine.tick()
            print(json.dumps([work.done, work.failed]), flush=True)  # noqa: T201  # what the test reads


def die(url: str) -> dict[str, Any]:
    """Kill a child that ticks at each of its statements in turn, and look at what it leaves, until one gets through."""
    died, faults = list[str](), list[str]()
    with watching(url) as watch:
        for nth in count(1):
            play = Play(open_store(url))
            play.ids.count = nth * 100
            pilots = [play.asked() for _ in range(PILOTS)]
            play.store.close()
            told = _child(url, nth)
            watch.alone()
            faults += [f"at {told[-1:]}, the {nth}th: {one}" for one in _left(url, pilots)]
            if told[-1] == "done":
                return {"died": died, "faults": faults}
            died.append(told[-1])
    raise AssertionError


def _child(url: str, nth: int) -> list[str]:
    """Fork a child that ticks and dies before its n-th statement; return the statements that it came to."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            _tick_and_die(url, nth, writing)
        finally:
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        told = pipe.read().splitlines()
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status != (0 if told[-1:] == ["done"] else -signal.SIGKILL):
        raise SystemExit(f"a child ended with {status}, after {told}")
    return told


def _tick_and_die(url: str, nth: int, writing: int) -> None:
    seen = 0

    def strike(statement: str, after: bool) -> None:  # noqa: FBT001  # the listener's own signature
        nonlocal seen
        name = point(statement)
        if name and not after:
            seen += 1
            os.write(writing, f"{name}\n".encode())
            if seen == nth:
                os.kill(os.getpid(), signal.SIGKILL)

    with spying():
        play = Play(open_store(url))
        play.on(LATE)
        with heard(strike):
            play.engine.tick()
    os.write(writing, b"done\n")
    os._exit(0)


def _left(url: str, pilots: list[str]) -> list[str]:
    """Say what is wrong after a kill, and after the next tick."""
    play = Play(open_store(url))
    faults = [f"{one}" for one in play.engine.verify()]
    before = {play.version(one) for one in pilots}
    if len(before) != 1:
        faults.append(f"versions {before}, of pilots that are written together")
    play.on(LATE).tick()
    expected = _undisturbed()
    faults += [f"{one} came to {told}" for one in pilots if (told := play.told(one)) != expected]
    faults += [f"{one}" for one in play.engine.verify()]
    play.store.close()
    return faults


def _undisturbed() -> list[tuple[str, int]]:
    play = Play(open_store("memory://"))
    pilot = play.asked()
    play.tick(LATE)
    return play.told(pilot)


if __name__ == "__main__":
    if sys.argv[2] == "race":
        race(sys.argv[1])
    else:
        print(json.dumps(die(sys.argv[1])))  # noqa: T201  # what the test reads
