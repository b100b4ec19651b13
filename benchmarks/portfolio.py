"""A portfolio: all figures over many pilots, against loading their heads; and whether its memory stays flat.

Pilots are copies of those in the story of fifteen pilots that were carried out, each with some 20 records or more; no
head is in a cache. `python -m benchmarks portfolio` measures 2,000, and `portfolio=100000` a hundred thousand, which
takes some minutes and 2 GB in a tmpfs.
"""

import tempfile
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial

from attrs import define

from benchmarks.measure import Ratio, supplied_in_turns
from benchmarks.stores import MEMORY
from benchmarks.supply import TENANT
from proeftuin import Engine, Pilot
from proeftuin.core.metrics import METRICS
from proeftuin.core.structs import replace
from proeftuin.definitions import scenario_folder
from proeftuin.heads import head
from proeftuin.scenario import Player, load_scenario
from proeftuin.spi import Commit, Entry, Store
from proeftuin.storage import open_store

PILOTS, FEW, ROUNDS = 2_000, 400, 3  # few: still more than are read in one go
CHUNK = 1_000
RECORDS = 14
TODAY = datetime(2027, 1, 15, 12, tzinfo=UTC)


@define
class Clock:
    """The day for which the figures hold."""

    def now(self) -> datetime:
        """Return that day."""
        return TODAY


def ratios(size: int = PILOTS) -> Iterator[Ratio]:
    """Give what all figures take, over so many pilots, and the memory for those against that for a few."""
    with ExitStack() as stack:
        engines = []
        for count in (size, FEW):
            folder = stack.enter_context(tempfile.TemporaryDirectory(dir=MEMORY, prefix="proeftuin-bench-"))
            store = open_store(f"sqlite:///{folder}/pilots.db")
            stack.callback(store.close)
            fill(store, count)
            engines.append(Engine(store, time=Clock(), cache=0))
        many, few = engines
        ours, floor = supplied_in_turns([_asking(many), loading(many)], number=1, rounds=ROUNDS)
        yield Ratio(f"all figures of {size:,} pilots, against loading them", ours, floor, must=4, aim=3)
        for engine in (few, many):
            _figures(engine)  # what is kept once is not what grows
        large, small = peak(partial(_figures, many)), peak(partial(_figures, few))
        yield Ratio(f"memory of that, against {FEW} pilots", large, small, must=1.2, aim=1.1, unit="kB")


def fill(store: Store, size: int) -> None:
    """Write so many pilots; of their histories the last event alone, as nobody reads these here."""
    player = Player(load_scenario(scenario_folder() / "fifteen-pilots.yaml"), partial(Engine.open, "memory://"))
    with player.engine as engine:
        assert all(outcome.ok for outcome in player.run())
        found = [engine.get(one) for one in player.pilots]
    models = [one for one in found if sum(map(len, one.kept.values())) >= RECORDS]
    for first in range(0, size, CHUNK):
        numbers = range(first, min(first + CHUNK, size))
        store.append(*(_written(models[number % len(models)], f"pilot-{number:09}") for number in numbers))


def _written(model: Pilot, name: str) -> Commit:
    pilot = replace(model, id=name, version=1)
    entry = Entry(1, "pilot.started", b"{}", pilot.digest)
    return Commit(TENANT, name, 0, (entry,), head(pilot))


def _figures(engine: Engine) -> None:
    found = engine.metrics(*METRICS, strict=False)
    assert found["pilots_by_phase"].coverage[1] > 0


def _asking(engine: Engine) -> Callable[[int], Callable[[], object]]:
    return lambda _: partial(_figures, engine)


def loading(engine: Engine) -> Callable[[int], Callable[[], object]]:
    """Return what loads every pilot, many in one go, and does nothing with it."""

    def load() -> None:
        for _ in engine._reader.looked_at(None, {}):  # noqa: SLF001  # what the figures read by, and nothing more
            pass

    return lambda _: load


def peak(call: Callable[[], object]) -> float:
    """Return how much was allocated at once during a call, in kB."""
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1] / 1000
    finally:
        tracemalloc.stop()
