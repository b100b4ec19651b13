"""A process of a house that runs on several hosts: one that serves people, one that ticks, or one that delivers.

    python -m tests.faults.working JOB

The job is one of `Job`, as JSON. It says what happened, a line of JSON each, as it happens, since it may be killed at
any time: a write that begins, a call that ended, a round that was done, an error. It works until its input ends.
"""

import json
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from random import Random
from time import monotonic_ns
from typing import Any

from attrs import asdict, astuple, define, frozen

from proeftuin import Conflict, Engine
from proeftuin.errors import StoreError
from proeftuin.storage import open_store
from tests.faults.delivering import SOON, SUBSCRIBER
from tests.faults.endpoint import Sending
from tests.faults.journal import Journal
from tests.faults.linear import Call
from tests.faults.terms import LEAD, Quick, engine_on

PAUSE = 0.04  # seconds between two commands, and between two rounds in which nothing was to be done
TOGETHER = 50  # events, after which a round is over
SHARED = 50_000_000  # nanoseconds in which all who serve people are sent the same command


@frozen
class Job:
    """What a process is to do.

    Attributes:
        role: `serve`, `tick` or `deliver`.
        name: of the process, never given twice.
        zero: a reading of the shared clock at which the days began, and how many pass in a second.
        far: where the subscriber is.
    """

    role: str
    name: str
    url: str
    zero: int
    days: float
    pilots: list[str]
    far: tuple[str, int]

    def written(self) -> str:
        """The argument of a process."""
        return json.dumps(asdict(self))


def say(word: str, *said: Any) -> None:
    """Say what happened."""
    print(json.dumps([word, *said]), flush=True)  # noqa: T201  # what the test reads


class Aloud(Journal):
    """A journal that is told to another process line by line."""

    def begin(self, pilot_id: str, call: Call) -> None:
        say("begin", pilot_id, *astuple(call))

    def note(self, pilot_id: str, call: Call) -> None:
        say("call", pilot_id, *astuple(call))


@define
class Serving:
    """Writes notes, some on the version that it read, some that others are asked to write at the same moment."""

    job: Job
    engine: Engine
    ended: threading.Event
    chance: Random
    journal: Aloud
    numbers: "count[int]"

    def round(self) -> int:
        """Read a pilot and write on it, until it is known what came of that; nobody else comes before the next one."""
        pilot, key, careful = self._wanted()
        seen = self.journal.read(self.job.name, pilot, lambda: self._read(pilot))
        expected = seen if careful else None
        while not self.ended.is_set():
            try:
                self.journal.write(self.job.name, pilot, key, expected, lambda: self._write(pilot, key, expected))
                break
            except Conflict:
                if careful:
                    break
            except StoreError as error:
                say("error", type(error).__name__)
                self.ended.wait(PAUSE)
        return 0

    def _wanted(self) -> tuple[str, str, bool]:
        kind = self.chance.randrange(10)
        if kind < 3:
            shared = monotonic_ns() // SHARED
            return Random(shared).choice(self.job.pilots), f"all-{shared}", False
        return self.chance.choice(self.job.pilots), f"{self.job.name}-{next(self.numbers)}", kind < 6

    def _read(self, pilot: str) -> tuple[int, str]:
        found = self.engine.get(pilot)
        return found.version, found.digest

    def _write(self, pilot: str, key: str, expect: int | None) -> tuple[int, bool]:
        result = self.engine.fire(pilot, "note", actor=LEAD, data={"text": key}, key=key, expect=expect)
        return result.pilot.version, result.duplicate


def worker(job: Job, ended: threading.Event) -> Callable[[], int]:
    """Return what does one round of a job, and returns how much was done."""
    clock = None if job.role == "deliver" else Quick(job.zero, job.days)  # what is claimed is held by the real clock
    engine = engine_on(open_store(job.url), clock)
    if job.role == "serve":
        return Serving(job, engine, ended, Random(job.name), Aloud(), count()).round
    if job.role == "tick":
        return lambda: engine.tick().done
    sink = Sending(job.far[1], host=job.far[0])
    return lambda: engine.deliver({SUBSCRIBER: sink}, TOGETHER, schedule=SOON, stop=ended.is_set).done


def main(job: Job) -> None:
    """Work until the input ends."""
    ended = threading.Event()

    def listen() -> None:
        sys.stdin.read()
        ended.set()

    threading.Thread(target=listen, daemon=True).start()
    turn: Callable[[], int] | None = None
    while not ended.is_set():
        try:
            turn = turn or worker(job, ended)
            done = turn()
        except StoreError as error:
            say("error", type(error).__name__)
            done = 0
        else:
            say("round", done)
        if not done:
            ended.wait(PAUSE)


if __name__ == "__main__":
    with suppress(BrokenPipeError):
        main(Job(**json.loads(sys.argv[1])))
