"""Kill writers and look at what they leave: a script, so that the process that forks has no threads and no test runner.

A writer reports each acknowledged version through a pipe. It is killed after 1 to 20 ms, or at its n-th statement; then
the store is opened anew. What must hold: `acked <= stored <= acked + 1`, and history, chain, head and receipts agree.

    python -m tests.faults.killing URL --driver store --kills 500
    python -m tests.faults.killing URL --driver twins --points
"""

import argparse
import gc
import json
import os
import random
import select
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import RawIOBase
from itertools import count
from typing import Any, Protocol

from attrs import define, field

from proeftuin import Actor, Engine, Result
from proeftuin.core.evolve import replay
from proeftuin.core.pilot import Pilot
from proeftuin.spi import Commit, Personal, Receipt, Store
from proeftuin.storage import open_store
from proeftuin.storage.verify import verify
from tests.faults.statements import heard, point
from tests.faults.watching import Watch, watching
from tests.stores import TENANT, changed, spying, started, stored, written

ROUNDS_PER_PILOT = 10

Report = Callable[[object], None]


class Driver(Protocol):
    """What writes: in the child until it is killed, or for one step."""

    def names(self, pilot_id: str) -> tuple[str, ...]:
        """The pilots that each step writes on, all or none."""

    def write(self, pilot_id: str, report: Report) -> None:
        """Write one commit after another on a pilot, beginning it where there is none; report each new version."""

    def check(self, store: Store, pilot_id: str, version: int) -> Iterator[str]:
        """Say what is wrong with what lies beside the events of one pilot."""


@define
class StoreDriver:
    """Drives a store by itself, opened in the child; each commit has a receipt and a subject."""

    url: str
    twins: bool = False

    def names(self, pilot_id: str) -> tuple[str, ...]:
        return (pilot_id, f"{pilot_id}-twin") if self.twins else (pilot_id,)

    def write(self, pilot_id: str, report: Report) -> None:
        store = open_store(self.url)
        pilots = {name: stored(store, name) for name in self.names(pilot_id)}
        while True:
            made = {name: _next(name, pilot) for name, pilot in pilots.items()}
            store.append(*(commit for commit, _ in made.values()))
            pilots = {name: pilot for name, (_, pilot) in made.items()}
            report(made[pilot_id][1].version)

    def check(self, store: Store, pilot_id: str, version: int) -> Iterator[str]:
        if version and store.receipt(TENANT, pilot_id, f"key-{version}") is None:
            yield "no receipt of the last version"
        if store.receipt(TENANT, pilot_id, f"key-{version + 1}") is not None:
            yield "a receipt without its version"
        if [f"s{number + 1}" for number in range(version)] != [one.subject for one in store.personal(TENANT, pilot_id)]:
            yield "subjects that do not fit"


def _next(name: str, pilot: Pilot | None) -> tuple[Commit, Pilot]:
    number = pilot.version + 1 if pilot else 1
    event = changed(pilot, note=f"{number}") if pilot else started(name, ref=f"ref {name}")
    receipt = Receipt(f"key-{number}", "f" * 64, b"%d" % number)
    return written(pilot, event, receipt=receipt, personal=(Personal(f"s{number}", "r", b"salt"),))


class EngineDriver:
    """Drives the engine, opened once and inherited by every child; each command has a key."""

    def __init__(self, url: str) -> None:
        self.engine = Engine.open(url)
        self.lead = Actor("ann", roles={"coordinator"})
        self.today = datetime.now(UTC).date()
        self._begin("warm-up")
        self._fire("warm-up", 1)

    def _begin(self, pilot_id: str) -> Result:
        data = {"title": "Catering", "organisation": "UU"}
        return self.engine.start("existing-contract", actor=self.lead, data=data, id=pilot_id, key="start")

    def _fire(self, pilot_id: str, number: int) -> int:
        data: dict[str, Any] = {"type": "coffee", "date": self.today.replace(day=1)}
        return self.engine.fire(
            pilot_id, "log_activity", actor=self.lead, data=data, key=f"fire-{number}"
        ).pilot.version

    def names(self, pilot_id: str) -> tuple[str, ...]:
        return (pilot_id,)

    def write(self, pilot_id: str, report: Report) -> None:
        if not self._begin(pilot_id).duplicate:
            report(1)  # a commit of its own, and so acknowledged by itself
        version = self.engine.get(pilot_id).version
        while True:
            version = self._fire(pilot_id, version)
            report(version)

    def check(self, store: Store, pilot_id: str, version: int) -> Iterator[str]:
        if version > 1 and store.receipt(TENANT, pilot_id, f"fire-{version - 1}") is None:
            yield "no receipt of the last version"
        if store.receipt(TENANT, pilot_id, f"fire-{version}") is not None:
            yield "a receipt without its version"


# -- one round -----------------------------------------------------------------------------------------------------


def round_of(write: Callable[[Report], None], kill: Callable[[int, RawIOBase], bytes]) -> list[str]:
    """Fork a writer, have it killed, and return what it reported."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            write(lambda word: _report(writing, word))
        finally:
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading, "rb", buffering=0) as pipe:
        told = (kill(child, pipe) + pipe.read()).decode().splitlines()
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status != -signal.SIGKILL:
        raise SystemExit(f"the writer ended by itself, with status {status}")
    return told


def _report(writing: int, word: object) -> None:
    os.write(writing, f"{word}\n".encode())


@define
class Look:
    """What a look at the store found, after a kill."""

    url: str
    watch: Watch
    driver: Driver
    faults: list[str] = field(factory=list)

    def at(self, pilot_id: str, acked: int, said: str) -> int:
        """Open the store anew once the writer's session is over; return the version that is stored."""
        self.watch.alone()
        store = open_store(self.url)
        try:
            stored = {name: self._one(store, name, said) for name in self.driver.names(pilot_id)}
        finally:
            store.close()
        version = stored[pilot_id]
        if not acked <= version <= acked + 1 or {version} != set(stored.values()):
            self.faults.append(f"{said}: {stored} stored where {acked} was acknowledged")
        return version

    def _one(self, store: Store, name: str, said: str) -> int:
        loaded = store.load(TENANT, name)
        version = loaded.version if loaded else 0
        wrong = list(self.driver.check(store, name, version))
        if loaded:
            wrong += [str(one) for one in verify(store, TENANT, name, replay=replay)]
        elif list(store.history(TENANT, name)):
            wrong.append("a history without a head")
        self.faults += [f"{said}: {one}" for one in wrong]
        return version


# -- all of them ---------------------------------------------------------------------------------------------------


def at_random(look: Look, kills: int, seed: int) -> dict[str, Any]:
    """Kill writers 1 to 20 ms after they began, or after they first reported."""
    chance, driver = random.Random(seed), look.driver
    acks = ahead = before = 0
    for number in range(kills):
        pilot_id = f"p{number // ROUNDS_PER_PILOT}"
        before = 0 if number % ROUNDS_PER_PILOT == 0 else before
        delay = chance.uniform(1, 20)

        def kill(child: int, pipe: RawIOBase, delay: float = delay, busy: bool = number % 5 > 0) -> bytes:  # noqa: FBT001  # the round's own values
            told = (pipe.read(1) or b"") if busy else b""  # four of five die while they write, one while it opens
            select.select([], [], [], delay / 1000)
            os.kill(child, signal.SIGKILL)
            return told

        told = round_of(lambda report, name=pilot_id: driver.write(name, report), kill)  # type: ignore[misc]  # the round's own pilot
        acked = max([before, *map(int, told)])
        version = look.at(pilot_id, acked, f"kill {number}")
        acks += acked - before
        ahead += version > acked
        before = version
    return {"kills": kills, "acked": acks, "ahead": ahead, "faults": look.faults}


@contextmanager
def dying(nth: int, report: Report, *, late: bool) -> Iterator[None]:
    """Report each statement that writes, and die before the n-th, or right after it."""
    seen = 0

    def strike(statement: str, after: bool) -> None:  # noqa: FBT001  # the listener's own signature
        nonlocal seen
        name = point(statement)
        if after is late and name:
            seen += 1
            report(name)
            if seen == nth:
                os.kill(os.getpid(), signal.SIGKILL)

    with spying(), heard(strike):
        yield


def at_points(look: Look) -> dict[str, Any]:
    """Kill a writer before and after each statement of two appends: one that begins a pilot, and one that goes on.

    Returns:
        The statements at which writers died, before and after; the appends as the last writer went through them; and
        the statements at which more was stored than acknowledged.
    """
    points, appends, ahead = dict[str, list[str]](), list[list[str]](), list[str]()
    for late in (False, True):
        when = "after" if late else "before"
        died = points.setdefault(when, [])
        for nth in count(1):
            pilot_id = f"{when}-{nth}"

            def write(report: Report, name: str = pilot_id, nth: int = nth, late: bool = late) -> None:  # noqa: FBT001  # the round's own values
                with dying(nth, report, late=late):
                    look.driver.write(name, report)

            told = round_of(write, lambda child, pipe: b"")
            acks = [place for place, word in enumerate(told) if word.isdecimal()]
            version = look.at(pilot_id, len(acks), f"{when} {told[-1]}, the {nth}th")
            if len(acks) == 2:
                appends = [told[: acks[0]], told[acks[0] + 1 : acks[1]]]
                break
            died.append(told[-1])
            if version > len(acks):
                ahead.append(told[-1])
    return {"points": points, "appends": appends, "ahead": ahead, "faults": look.faults}


def main() -> None:
    """Do what was asked, and print what was found."""
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("--driver", choices=["store", "twins", "engine"], default="store")
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--points", action="store_true")
    given = parser.parse_args()
    driver = EngineDriver(given.url) if given.driver == "engine" else StoreDriver(given.url, given.driver == "twins")
    with watching(given.url) as watch:
        gc.freeze()  # what a child does not touch is not copied
        look = Look(given.url, watch, driver)
        found = at_points(look) if given.points else at_random(look, given.kills, given.seed)
    print(json.dumps(found))  # noqa: T201  # what the test reads


if __name__ == "__main__":
    main()
