"""Many events, workers that are killed, and a subscriber that often fails: what arrives, and what is wrong with it.

The subscriber is a socket in this process or an endpoint of webhooks in another one; everything else is the same.
"""

import json
import random
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from itertools import count
from typing import Any, Protocol, TypeVar

from attrs import Factory, define
from sqlalchemy import NullPool, create_engine, make_url

from proeftuin import Engine, Fire, StoreBusy, load_workflow
from proeftuin.spi import Hosted, Recorded
from proeftuin.storage import open_store
from tests.faults.delivering import SUBSCRIBER
from tests.faults.endpoint import Endpoint
from tests.faults.hearing import USUAL as HEARD
from tests.faults.ledger import UNDONE, Ledger
from tests.faults.speaking import Speaking
from tests.sinks.parcels import SECRET
from tests.unit.engines import DATA, FLOW, LEAD

Told = TypeVar("Told")

WORKERS = 4
TRIES = 5
"""How often a call is made that meets others in a deadlock: the workers write too, and nothing of it was written."""

PATIENCE = 240.0
LOOK = 0.1


class Far(Protocol):
    """The subscriber, as a storm knows it."""

    @property
    def arguments(self) -> tuple[str, ...]:
        """What a worker is told of it."""

    def open(self) -> AbstractContextManager[object]:
        """Serve for the length of a block; what it knows is there at the end."""

    def came(self, count: int) -> bool:
        """Wait until it took so many; False where nothing more comes."""

    def has(self, count: int) -> bool:
        """Wait until it has so many, repeats left out; False where nothing more comes."""

    @property
    def ledger(self) -> Ledger:
        """What it took."""

    @property
    def did(self) -> Mapping[str, int]:
        """How often it did what."""


@define(eq=False)
class Web:
    """An endpoint of webhooks, in a process of its own."""

    mode: str
    seed: int = 1
    usual: Mapping[str, int] = Factory(lambda: HEARD)
    arguments: tuple[str, ...] = ()
    ledger: Ledger = Factory(Ledger)
    did: Mapping[str, int] = Factory(dict)
    _process: Speaking | None = None

    @contextmanager
    def open(self) -> Iterator[None]:
        told = (SECRET, json.dumps(dict(self.usual)), f"{self.seed}")
        self._process = process = Speaking("tests.faults.hearing", *told)
        try:
            self.arguments = (self.mode, process.hear(), "1")
            yield
            known, self.did = json.loads(process.end())
            self.ledger = Ledger(**known)
        finally:
            process.close()

    def came(self, count: int) -> bool:
        return self._ask(f"+{count}")

    def has(self, count: int) -> bool:
        return self._ask(f"{count}")

    def _ask(self, line: str) -> bool:
        assert self._process is not None
        self._process.tell(line)
        return self._process.hear() == "done"


class Undoing:
    """A hook by which everything that is written is rolled back."""

    def recorded(self, moment: Recorded) -> None:
        raise LookupError(UNDONE)


@define
class Storm:
    """So many events over so many pilots, delivered while they are written.

    Attributes:
        undone: how many were written and rolled back: by a hook of ours, and by the host's own transaction.
        errors: what went wrong with the writing.
    """

    url: str
    pilots: int
    events: int
    kills: int
    seed: int = 1
    far: Far = Factory(lambda self: Endpoint(random.Random(self.seed)), takes_self=True)
    chunk: int = 100
    batch: int = 5
    undone: list[int] = Factory(lambda: [0, 0])
    errors: list[BaseException] = Factory(list)

    def run(self) -> Ledger:
        """Write, deliver and kill; return what the subscriber has when all has arrived, or nothing more comes."""
        chance = random.Random(self.seed)
        with self._engine() as engine:
            engine.subscribe(SUBSCRIBER)
        with self.far.open(), self._workers() as workers:
            writer = threading.Thread(target=self._guarded, daemon=True)
            writer.start()
            for number in range(1, self.kills + 1):
                self.far.came(self.events * number // (self.kills + 1))
                victim = chance.randrange(WORKERS)
                workers[victim].close()
                workers[victim] = self._worker()
            writer.join()
            self.far.has(self.events)
            self._noted()
            for one in workers:
                one.end()
        return self.far.ledger

    def _noted(self) -> None:
        """Wait until it is noted that all has arrived: the last answers may have been lost, and be asked for again."""
        with self._engine() as engine:
            for _ in range(int(PATIENCE / LOOK)):
                if not engine.lag(SUBSCRIBER).behind:
                    return
                threading.Event().wait(LOOK)

    def _engine(self, **options: Any) -> Engine:
        return Engine(open_store(self.url), workflows=[load_workflow(FLOW)], **options)

    def _worker(self) -> Speaking:
        return Speaking("tests.faults.delivering", self.url, *self.far.arguments, f"{self.batch}")

    @contextmanager
    def _workers(self) -> Iterator[list[Speaking]]:
        workers = [self._worker() for _ in range(WORKERS)]
        try:
            for one in workers:
                assert "ready" == one.hear()
            yield workers
        finally:
            for one in workers:
                one.close()

    # -- writing ---------------------------------------------------------------------------------------------------

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
        for numbers in batched_range(self.events - self.pilots, self.chunk):
            commands = [_note(next(notes), f"{one}") for one in numbers]
            again(partial(self._at_once, engine, commands))
            for number in numbers[::10]:
                again(partial(self._undo, engine, undoing, ids[number % self.pilots], number))

    def _at_once(self, engine: Engine, commands: list[Fire]) -> None:
        """Write a chunk, or nothing of it: it is one transaction, so what befell one of its commands befell all."""
        for answer in engine.fire_many(commands, chunk=self.chunk):
            if isinstance(answer, BaseException):
                raise answer

    def _undo(self, engine: Engine, undoing: Engine, pilot: str, number: int) -> None:
        """Write something that is rolled back: in turn by a hook, and by the host where it has the transaction."""
        if number // 10 % 2 and isinstance(engine._store, Hosted):
            url = make_url(self.url).difference_update_query(["busy_timeout", "timeout"])
            host = create_engine(url, poolclass=NullPool)
            with host.connect() as link, link.begin() as whole:
                if host.name == "sqlite":
                    link.exec_driver_sql("PRAGMA busy_timeout = 60000")
                    link.exec_driver_sql("BEGIN IMMEDIATE")
                assert engine.using(link).fire(pilot, "note", actor=LEAD, data={"text": UNDONE}).pilot.version > 1
                whole.rollback()
            self.undone[1] += 1
            return
        try:
            undoing.fire(pilot, "note", actor=LEAD, data={"text": UNDONE})
        except LookupError:
            self.undone[0] += 1

    # -- judging ---------------------------------------------------------------------------------------------------

    def amiss(self, ledger: Ledger) -> list[str]:
        """Say what is wrong with what arrived, and with what is left in the store."""
        committed = dict[str, str]()
        with self._engine() as engine:
            for pilot in range(self.pilots):
                committed |= {one.id: one.digest for one in engine.history(f"pilot-{pilot}")}
            lag = engine.lag(SUBSCRIBER)
            claimed = [one.pilot_id for one in engine.lanes(SUBSCRIBER, limit=1000) if one.claimed]
        found = ledger.amiss(committed) + [f"{one!r}" for one in self.errors]
        if len(committed) != self.events or lag.behind or claimed:
            found.append(f"{len(committed)} committed, {lag}, claimed {claimed}")
        if sum(self.undone) < (self.events - self.pilots) // 10:
            found.append(f"only {self.undone} were rolled back")
        return found


def again(call: Callable[[], Told]) -> Told:
    """Make a call, and make it again where it met others, as who writes is told to."""
    for _ in range(TRIES - 1):
        try:
            return call()
        except StoreBusy:
            continue
    return call()


def _note(pilot: str, text: str) -> Fire:
    return Fire(pilot, "note", actor=LEAD, data={"text": text})


def batched_range(total: int, size: int) -> Iterator[range]:
    """Give the numbers up to a total in rows."""
    for begin in range(0, total, size):
        yield range(begin, min(begin + size, total))
