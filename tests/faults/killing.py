"""Kill writers and look at what they leave: a script, so that the process that forks has no threads and no test runner.

A writer reports each acknowledged version through a pipe. It is killed after 1 to 20 ms, or at its n-th statement; then
the file is opened anew. What must hold: `acked <= stored <= acked + 1`, and history, chain, head and receipts agree.

    python -m tests.faults.killing FILE --driver store --kills 500
    python -m tests.faults.killing FILE --driver store --points
"""

import argparse
import gc
import json
import os
import random
import select
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from io import RawIOBase
from itertools import count
from pathlib import Path
from typing import Any, Protocol

from proeftuin import Actor, Engine
from proeftuin.core.evolve import replay
from proeftuin.spi import Personal, Receipt, Store
from proeftuin.storage import open_store
from proeftuin.storage.verify import verify
from tests.stores import TENANT, changed, path_url, spied, spying, started, stored, written

ROUNDS_PER_PILOT = 10

Ack = Callable[[int], None]


class Driver(Protocol):
    """What writes: in the child until it is killed, or for one step."""

    def write(self, pilot_id: str, ack: Ack) -> None:
        """Write one commit after another on a pilot, beginning it where there is none; report each new version."""

    def check(self, store: Store, pilot_id: str, version: int) -> list[str]:
        """What is wrong with what lies beside the events."""


class StoreDriver:
    """Drives a store by itself, opened in the child; each commit has a receipt and a subject."""

    def __init__(self, path: Path) -> None:
        self.url = path_url(path)
        open_store(self.url).close()

    def write(self, pilot_id: str, ack: Ack) -> None:
        store = open_store(self.url)
        pilot = stored(store, pilot_id)
        while True:
            number = pilot.version + 1 if pilot else 1
            event = changed(pilot, note=f"{number}") if pilot else started(pilot_id, ref=f"ref {pilot_id}")
            receipt = Receipt(f"key-{number}", "f" * 64, b"%d" % number)
            commit, pilot = written(pilot, event, receipt=receipt, personal=(Personal(f"s{number}", "r", b"salt"),))
            store.append(commit)
            ack(pilot.version)

    def check(self, store: Store, pilot_id: str, version: int) -> list[str]:
        wrong = []
        if version and store.receipt(TENANT, pilot_id, f"key-{version}") is None:
            wrong.append("no receipt of the last version")
        if store.receipt(TENANT, pilot_id, f"key-{version + 1}") is not None:
            wrong.append("a receipt without its version")
        if [f"s{number}" for number in range(1, version + 1)] != [
            one.subject for one in store.personal(TENANT, pilot_id)
        ]:
            wrong.append("subjects that do not fit")
        return wrong


class EngineDriver:
    """Drives the engine, opened once and inherited by every child; each command has a key."""

    def __init__(self, path: Path) -> None:
        self.engine = Engine.open(path_url(path))
        self.lead = Actor("ann", roles={"coordinator"})
        self.today = datetime.now(UTC).date()
        self._begin("warm-up")
        self._fire("warm-up", 1)

    def _begin(self, pilot_id: str) -> int:
        data = {"title": "Catering", "organisation": "UU"}
        return self.engine.start(
            "existing-contract", actor=self.lead, data=data, id=pilot_id, key="start"
        ).pilot.version

    def _fire(self, pilot_id: str, number: int) -> int:
        data: dict[str, Any] = {"type": "coffee", "date": self.today.replace(day=1)}
        return self.engine.fire(
            pilot_id, "log_activity", actor=self.lead, data=data, key=f"fire-{number}"
        ).pilot.version

    def write(self, pilot_id: str, ack: Ack) -> None:
        ack(self._begin(pilot_id))  # a commit of its own, and so acknowledged by itself; 1 again where it had begun
        version = self.engine.get(pilot_id).version
        while True:
            version = self._fire(pilot_id, version)
            ack(version)

    def check(self, store: Store, pilot_id: str, version: int) -> list[str]:
        if version > 1 and store.receipt(TENANT, pilot_id, f"fire-{version - 1}") is None:
            return ["no receipt of the last version"]
        if store.receipt(TENANT, pilot_id, f"fire-{version}") is not None:
            return ["a receipt without its version"]
        return []


def round_of(
    driver: Driver, pilot_id: str, kill: Callable[[int, RawIOBase], bytes], within: AbstractContextManager[None]
) -> int:
    """Fork a writer, have it killed, and return the last version that it reported, 0 if none."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            with within:
                driver.write(pilot_id, lambda version: _report(writing, version))
        finally:
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading, "rb", buffering=0) as pipe:
        told = (kill(child, pipe) + pipe.read()).split()
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status != -signal.SIGKILL:
        raise SystemExit(f"the writer ended by itself, with status {status}")
    return int(told[-1]) if told else 0


def _report(writing: int, version: int) -> None:
    os.write(writing, b"%d " % version)


def look(driver: Driver, path: Path, pilot_id: str, before: int, acked: int) -> tuple[int, list[str]]:
    """Open the file anew; return the version that is stored, and what is wrong."""
    store = open_store(path_url(path))
    try:
        loaded = store.load(TENANT, pilot_id)
        version = loaded.version if loaded else 0
        wrong = driver.check(store, pilot_id, version)
        if not max(acked, before) <= version <= max(acked, before) + 1:
            wrong.append(f"{version} stored where {max(acked, before)} was acknowledged")
        if loaded:
            wrong += [str(one) for one in verify(store, TENANT, pilot_id, replay=replay)]
        elif list(store.history(TENANT, pilot_id)):
            wrong.append("a history without a head")
        return version, wrong
    finally:
        store.close()


def at_random(driver: Driver, path: Path, kills: int, seed: int) -> dict[str, Any]:
    """Kill writers 1 to 20 ms after they began, or after they first reported."""
    chance, faults, acks, ahead = random.Random(seed), list[str](), 0, 0
    before = 0
    for number in range(kills):
        pilot_id = f"p{number // ROUNDS_PER_PILOT}"
        before = 0 if number % ROUNDS_PER_PILOT == 0 else before
        delay = chance.uniform(1, 20)

        def kill(child: int, pipe: RawIOBase, delay: float = delay, busy: bool = number % 5 > 0) -> bytes:  # noqa: FBT001  # the round's own values
            told = (pipe.read(1) or b"") if busy else b""  # four of five die while they write, one while it opens
            select.select([], [], [], delay / 1000)
            os.kill(child, signal.SIGKILL)
            return told

        acked = round_of(driver, pilot_id, kill, nullcontext())
        version, wrong = look(driver, path, pilot_id, before, acked)
        faults += [f"kill {number}: {one}" for one in wrong]
        acks += max(acked - before, 0)
        ahead += version > max(acked, before)
        before = version
    return {"kills": kills, "acked": acks, "ahead": ahead, "faults": faults}


@contextmanager
def dying(nth: int, *, late: bool) -> Iterator[None]:
    """Die before the n-th statement of an append, or right after it."""
    seen = list[str]()

    def strike(statement: str, after: bool) -> None:  # noqa: FBT001  # the spy's own signature
        if after is late and not statement.startswith(("PRAGMA", "SELECT 1")):
            seen.append(statement)
            if len(seen) == nth:
                os.kill(os.getpid(), signal.SIGKILL)

    with spying(), spied(strike):
        yield


def at_points(driver: Driver, path: Path) -> dict[str, Any]:
    """Kill a writer before and after each statement of two appends: one that begins a pilot, and one that goes on."""
    faults, points, ahead = list[str](), list[str](), 0
    for late in (False, True):
        for nth in count(1):
            pilot_id = f"{'after' if late else 'before'}-{nth}"
            acked = round_of(driver, pilot_id, lambda child, pipe: b"", dying(nth, late=late))
            version, wrong = look(driver, path, pilot_id, 0, acked)
            faults += [f"{pilot_id}: {one}" for one in wrong]
            points.append(f"{pilot_id}: acked {acked}, stored {version}")
            ahead += version > acked
            if acked >= 2:
                break
    return {"points": points, "ahead": ahead, "faults": faults}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("file", type=Path)
    parser.add_argument("--driver", choices=["store", "engine"], default="store")
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--points", action="store_true")
    given = parser.parse_args()
    driver: Driver = StoreDriver(given.file) if given.driver == "store" else EngineDriver(given.file)
    gc.freeze()  # what a child does not touch is not copied
    found = at_points(driver, given.file) if given.points else at_random(driver, given.file, given.kills, given.seed)
    print(json.dumps(found))  # noqa: T201  # what the test reads


if __name__ == "__main__":
    main()
