"""Many events, workers that are killed, and a subscriber that often fails: what arrives, and what is wrong with it."""

import json
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

from attrs import Factory, define

from proeftuin import Engine, Fire, load_workflow
from proeftuin.spi import Recorded
from proeftuin.storage import open_store
from tests.faults.delivering import SUBSCRIBER
from tests.faults.endpoint import Endpoint
from tests.faults.speaking import Speaking
from tests.unit.engines import DATA, FLOW, LEAD

WORKERS = 4
SECONDS = 0.5
BATCH = 5
PATIENCE = 240.0
LOOK = 0.1
UNDONE = "was rolled back"


class Undoing:
    """A hook by which everything that is written is rolled back."""

    def recorded(self, moment: Recorded) -> None:
        raise LookupError(UNDONE)


@define
class Storm:
    """So many events over so many pilots, delivered while they are written."""

    url: str
    pilots: int
    events: int
    kills: int
    seed: int = 1
    chunk: int = 100
    undone: int = 0
    errors: list[BaseException] = Factory(list)

    def run(self) -> Endpoint:
        """Write, deliver and kill; return the subscriber when all has arrived, or nothing more comes."""
        with self._engine() as engine:
            engine.subscribe(SUBSCRIBER)
        endpoint = Endpoint(random.Random(self.seed))
        with endpoint.open(), self._workers(endpoint) as workers:
            writer = threading.Thread(target=self._guarded, daemon=True)
            writer.start()
            for number in range(1, self.kills + 1):
                share = self.events * number // (self.kills + 1)
                endpoint.wait(lambda bodies, share=share: len(bodies) >= share, PATIENCE)  # type: ignore[misc]  # a default
                workers[number % WORKERS].close()
                workers[number % WORKERS] = self._worker(endpoint)
            writer.join()
            endpoint.wait(lambda bodies: len(set(bodies)) >= self.events, PATIENCE)
            self._noted(endpoint)
            for one in workers:
                one.end()
        return endpoint

    def _noted(self, endpoint: Endpoint) -> None:
        """Wait until it is noted that all has arrived: the last answers may have been lost, and be asked for again."""
        with self._engine() as engine:
            for _ in range(int(PATIENCE / LOOK)):
                if not engine.lag(SUBSCRIBER).behind:
                    return
                endpoint.wait(lambda _bodies: False, LOOK)

    def _engine(self, **options: Any) -> Engine:
        return Engine(open_store(self.url), workflows=[load_workflow(FLOW)], **options)

    def _worker(self, endpoint: Endpoint) -> Speaking:
        return Speaking("tests.faults.delivering", self.url, f"{endpoint.port}", f"{SECONDS}", f"{BATCH}")

    @contextmanager
    def _workers(self, endpoint: Endpoint) -> Iterator[list[Speaking]]:
        workers = [self._worker(endpoint) for _ in range(WORKERS)]
        try:
            for one in workers:
                assert "ready" == one.hear()
            yield workers
        finally:
            for one in workers:
                one.close()

    def _guarded(self) -> None:
        try:
            with self._engine() as engine, self._engine(hooks=[Undoing()]) as undoing:
                self._write(engine, undoing)
        except BaseException as error:  # noqa: BLE001  # the test looks at it
            self.errors.append(error)

    def _write(self, engine: Engine, undoing: Engine) -> None:
        """Write chunk by chunk, and beside each a tenth of it that is rolled back."""
        ids = [f"pilot-{number}" for number in range(self.pilots)]
        for one in ids:
            engine.start("talks", actor=LEAD, data=DATA, id=one)
        notes = (ids[number % self.pilots] for number in count())
        left = self.events - self.pilots
        for numbers in batched_range(left, self.chunk):
            for answer in engine.fire_many([_note(next(notes), f"{one}") for one in numbers], chunk=self.chunk):
                assert not isinstance(answer, BaseException), answer
            for number in numbers[::10]:
                try:
                    undoing.fire(ids[number % self.pilots], "note", actor=LEAD, data={"text": UNDONE})
                except LookupError:
                    self.undone += 1

    def faults(self, endpoint: Endpoint) -> list[str]:
        """Say what is wrong with what arrived."""
        with self._engine() as engine:
            committed = {one.id: one for pilot in range(self.pilots) for one in engine.history(f"pilot-{pilot}")}
            lag = engine.lag(SUBSCRIBER)
            claimed = [one.pilot_id for one in engine.lanes(SUBSCRIBER, limit=1000) if one.claimed]
        first: dict[str, bytes] = {}
        found, last = [], dict[str, int]()
        for body in endpoint.bodies:
            event = json.loads(body)
            if first.setdefault(event["id"], body) != body:
                found.append(f"{event['id']} came again with other bytes")
            elif body is first[event["id"]]:
                if event["version"] != last.get(event["pilot"], 0) + 1:
                    found.append(f"{event['id']} came first behind {last.get(event['pilot'], 0)}")
                last[event["pilot"]] = event["version"]
        found += [f"{one} never came" for one in committed.keys() - first.keys()]
        found += [f"{one} was never committed" for one in first.keys() - committed.keys()]
        found += [
            f"{one} has another digest" for one in first if json.loads(first[one])["digest"] != committed[one].digest
        ]
        found += [f"{one!r}" for one in self.errors]
        if UNDONE.encode() in b"".join(endpoint.bodies):
            found.append("something came that was rolled back")
        if len(committed) != self.events or lag.behind or claimed:
            found.append(f"{len(committed)} committed, {lag}, claimed {claimed}")
        return found


def _note(pilot: str, text: str) -> Fire:
    return Fire(pilot, "note", actor=LEAD, data={"text": text})


def batched_range(total: int, size: int) -> Iterator[range]:
    """Give the numbers up to a total in rows."""
    for begin in range(0, total, size):
        yield range(begin, min(begin + size, total))
