"""Growth: what a fire costs where much is stored already, and whether memory stays flat.

It takes some minutes, and 3 GB in a tmpfs.

1. A store of a million pilots against one of a thousand: fires at pilots all over it, whose heads are in no cache.
2. A pilot with 10,000 events, of which 300 records are kept, against one with 21 events and 20 records.
3. The memory of the process after 100,000 fires, at new pilots all the time, against that after the first 10,000.
4. The memory that `history` and `verify` take on 10,000 events against that on 1,000, with as many records kept.
"""

import os
import shutil
import tempfile
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import cycle
from pathlib import Path
from random import Random

from benchmarks.lifecycles import EVERYBODY, existing_contract, exploring, fired
from benchmarks.measure import Ratio, Skipped, supplied_in_turns
from benchmarks.sides import firing
from benchmarks.stores import KEPT, MEMORY
from benchmarks.supply import CONTRACT, TENANT, Supply, timed
from proeftuin import Engine
from proeftuin.drafts import Draft
from proeftuin.spi import Store
from proeftuin.storage import open_store

FEW, MANY = 1_000, 1_000_000
SHORT, LONG, HELD = 1_000, 10_000, 300
WARM_UP, FIRES, AT_ONCE = 10_000, 100_000, 1_000
BYTES_PER_PILOT = 4_000
PAUSE = {"reason": "Building works", "resume_by": "2026-04-01"}


def ratios() -> Iterator[Ratio | Skipped]:
    """Give the ratios of growth."""
    yield _memory()
    yield from _streams()
    yield from _long()
    need = MANY * BYTES_PER_PILOT
    if shutil.disk_usage(MEMORY).free < 2 * need:
        yield Skipped("fire, among 1,000,000 pilots", f"{MEMORY} has less than {2 * need / 1e9:.0f} GB free")
    else:
        yield _crowded()


@contextmanager
def _store(parent: Path = MEMORY) -> Iterator[Store]:
    with tempfile.TemporaryDirectory(dir=parent, prefix="proeftuin-bench-") as folder:
        store = open_store(f"sqlite:///{folder}/pilots.db")
        try:
            yield store
        finally:
            store.close()


# -- a million pilots ----------------------------------------------------------------------------------------------


def _crowded() -> Ratio:
    with ExitStack() as stack:
        sides = []
        for size in (MANY, FEW):
            store = stack.enter_context(_store())
            _fill(store, size)
            sides.append(_anywhere(CONTRACT.engine(store, cache=0), size))
        many, few = supplied_in_turns(sides, number=20, rounds=100)
    return Ratio("fire, among 1,000,000 pilots, against 1,000", many, few, must=1.5, aim=1.1)


def _fill(store: Store, size: int) -> None:
    """Write so many pilots, each sealed and folded as ever, a thousand to an append."""
    for first in range(0, size, FEW):
        drafts = (exploring(f"pilot-{number:09}") for number in range(first, first + FEW))
        store.append(*(timed(draft).commit(TENANT, None) for draft in drafts))


def _anywhere(engine: Engine, size: int) -> Callable[[int], Callable[[], object]]:
    random = Random(size)

    def prepare(moves: int) -> Callable[[], object]:
        names = [f"pilot-{random.randrange(size):09}" for _ in range(moves)]

        def turn() -> None:
            for name in names:
                engine.fire(name, "add_lesson", actor=EVERYBODY, data={"text": "A lesson"})

        return turn

    return prepare


# -- a long history ------------------------------------------------------------------------------------------------


def long_lived(pilot_id: str, events: int) -> Draft:
    """Return a pilot with so many events, of which 300 records are kept."""
    draft = existing_contract(pilot_id)
    while sum(map(len, draft.pilot.kept.values())) < HELD:
        fired(draft, "add_lesson", EVERYBODY, {"text": f"Lesson {draft.pilot.version}"})
    while draft.pilot.version < events:
        fired(draft, "choose_route", EVERYBODY, {"route": "tender", "rationale": f"Reason {draft.pilot.version}"})
    assert sum(map(len, draft.pilot.kept.values())) == HELD
    return draft


def _long() -> Iterator[Ratio]:
    with ExitStack() as stack:
        sides = []
        for cache in (KEPT, 0):
            for draft in (long_lived("long", LONG), existing_contract("short")):
                store = stack.enter_context(_store())
                store.append(timed(draft).commit(TENANT, None))
                sides.append(_pausing(CONTRACT.engine(store, cache=cache), (draft.pilot.id,)))
        warm, warm_floor, cold, cold_floor = supplied_in_turns(sides)
    yield Ratio("fire warm, on 10,000 events and 300 records, against 20", warm, warm_floor, must=2, aim=1.5)
    yield Ratio("fire cold, on 10,000 events and 300 records, against 20", cold, cold_floor, must=8, aim=5)


def _pausing(engine: Engine, names: tuple[str, ...]) -> Callable[[int], Callable[[], object]]:
    """Pause and resume pilots in turn, which keeps them as they are but for their history."""
    turns = cycle([(name, trigger) for trigger in ("pause", "resume") for name in names])

    def prepare(moves: int) -> Callable[[], object]:
        def turn() -> None:
            for _ in range(moves):
                name, trigger = next(turns)
                engine.fire(name, trigger, actor=EVERYBODY, data=PAUSE if trigger == "pause" else None)

        return turn

    return prepare


# -- memory --------------------------------------------------------------------------------------------------------


def _memory() -> Ratio:
    """Fire at one pilot after the other: each is let go of, whereas one that is fired at for ever grows itself."""
    with _store() as store:
        prepare = firing(Supply(CONTRACT, store), CONTRACT.engine(store, cache=AT_ONCE))
        for _ in range(WARM_UP // AT_ONCE):
            prepare(AT_ONCE)()
        before = _resident()
        for _ in range((FIRES - WARM_UP) // AT_ONCE):
            prepare(AT_ONCE)()
        after = _resident()
    return Ratio("memory after 100,000 fires, against after 10,000", after, before, must=1.01, aim=1.005, unit="kB")


def _resident() -> float:
    """Return the memory that this process holds, in kB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1000


def _streams() -> Iterator[Ratio]:
    with _store() as store:
        for name, events in (("long", LONG), ("short", SHORT)):
            store.append(timed(long_lived(name, events)).commit(TENANT, None))
        engine = CONTRACT.engine(store, cache=0)
        calls: dict[str, Callable[[str], object]] = {
            "history": lambda name: sum(1 for _ in engine.history(name)),
            "verify": engine.verify,
        }
        for verb, call in calls.items():
            call("short")  # what is kept once is not what grows
            long, short = (_peak(call, name) for name in ("long", "short"))
            yield Ratio(
                f"memory of {verb}, on 10,000 events, against on 1,000", long, short, must=1.5, aim=1.1, unit="kB"
            )


def _peak(call: Callable[[str], object], name: str) -> float:
    """Return how much was allocated at once, in kB, while this ran."""
    tracemalloc.start()
    try:
        call(name)
        return tracemalloc.get_traced_memory()[1] / 1000
    finally:
        tracemalloc.stop()
