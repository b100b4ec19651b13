"""A report: written for many pilots, against loading each of them with its history; its memory, and its size.

Pilots are copies of those in the story of fifteen pilots, with their whole histories; no head is in a cache.
`python -m benchmarks report=1000` is the figure that is promised.
"""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from benchmarks.measure import Ratio, supplied_in_turns
from benchmarks.portfolio import Clock, peak
from benchmarks.stores import MEMORY
from benchmarks.supply import TENANT
from proeftuin import Engine
from proeftuin.core.structs import replace
from proeftuin.definitions import scenario_folder
from proeftuin.heads import head
from proeftuin.report import write_report
from proeftuin.scenario import Player, load_scenario
from proeftuin.spi import Commit, Entry, Store
from proeftuin.storage import open_store

PILOTS, FEW, ROUNDS = 1_000, 400, 1
LARGEST = 25_000  # kB, of a thousand pilots
MODELS = 15


def ratios(size: int = PILOTS) -> Iterator[Ratio]:
    """Give what a report takes of so many pilots, the memory for it against that for a few, and its size."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=MEMORY, prefix="proeftuin-bench-")))
        engines = []
        for count in (size, FEW):
            store = open_store(f"sqlite:///{folder}/{count}.db")
            stack.callback(store.close)
            fill(store, count)
            engines.append(Engine(store, time=Clock(), cache=0))
        many, few = engines
        out = folder / "report.html"
        write_report(few, out)  # the engine of the charts wakes once
        ours, floor = supplied_in_turns([_writing(many, out), _loading(many)], number=1, rounds=ROUNDS)
        yield Ratio(f"a report of {size:,} pilots, against loading them", ours, floor, must=10, aim=7)
        written = out.stat().st_size / 1000
        yield Ratio(
            "size of that, against what it may be", written * PILOTS / size, LARGEST, must=1, aim=0.9, unit="kB"
        )
        large, small = peak(partial(write_report, many, out)), peak(partial(write_report, few, out))
        yield Ratio(f"memory of that, against {FEW} pilots", large, small, must=1.2, aim=1.1, unit="kB")


def fill(store: Store, size: int) -> None:
    """Write so many pilots with their histories, which are those of fifteen."""
    player = Player(load_scenario(scenario_folder() / "fifteen-pilots.yaml"), partial(Engine.open, "memory://"))
    with player.engine as engine:
        assert all(outcome.ok for outcome in player.run())
        models = [engine.get(one) for one in player.pilots]
        assert len(models) == MODELS
        lines = {one.id: tuple(engine._reader._store.history("default", one.id)) for one in models}  # noqa: SLF001  # as stored
    for number in range(size):
        model = models[number % MODELS]
        name = f"pilot-{number:09}"
        entries = tuple(Entry(one.version, one.type, one.body, one.digest) for one in lines[model.id])
        store.append(Commit(TENANT, name, 0, entries, head(replace(model, id=name))))


def _writing(engine: Engine, out: Path) -> Callable[[int], Callable[[], object]]:
    return lambda _: partial(write_report, engine, out)


def _loading(engine: Engine) -> Callable[[int], Callable[[], object]]:
    def load() -> None:
        for one in engine.each():
            engine.get(one.id)
            for _ in engine.history(one.id):
                pass

    return lambda _: load
