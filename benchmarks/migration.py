"""A dry run of a migration: every running pilot judged under the next version, against loading them; and its memory.

The pilots are those of `portfolio`. The next version has another term, a stricter gate and a field more, so
that each part of the judgement has work to do. `python -m benchmarks migration=10000` is the figure that is promised.
"""

import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial

from benchmarks.measure import Ratio, supplied_in_turns
from benchmarks.portfolio import Clock, fill, loading, peak
from benchmarks.stores import MEMORY
from proeftuin import Engine, Workflow
from proeftuin.definitions import Catalogue, dump, parse
from proeftuin.storage import open_store

PILOTS, FEW, ROUNDS = 2_000, 400, 3  # few: still more than are read in one go
NAME = "existing-contract"


def ratios(size: int = PILOTS) -> Iterator[Ratio]:
    """Give what judging takes over so many pilots, and the memory for those against that for a few."""
    with ExitStack() as stack:
        engines = []
        for count in (size, FEW):
            folder = stack.enter_context(tempfile.TemporaryDirectory(dir=MEMORY, prefix="proeftuin-bench-"))
            store = open_store(f"sqlite:///{folder}/pilots.db")
            stack.callback(store.close)
            fill(store, count)
            engines.append(Engine(store, workflows=[Catalogue().get(NAME), _next()], time=Clock(), cache=0))
        many, few = engines
        ours, floor = supplied_in_turns([_judging(many), loading(many)], number=1, rounds=ROUNDS)
        yield Ratio(f"a dry run over {size:,} pilots, against loading them", ours, floor, must=5, aim=3)
        large, small = peak(partial(_judged, many)), peak(partial(_judged, few))
        yield Ratio(f"memory of that, against {FEW} pilots", large, small, must=1.2, aim=1.1, unit="kB")


def _next() -> Workflow:
    values = json.loads(dump(Catalogue().get(NAME)))
    values["version"] = 2
    values["clocks"]["invitation"]["due"] = ["14 days"]
    values["records"]["obstacle"]["fields"]["theme"] = {"type": "text", "required": True}
    (opened,) = (one for one in values["edges"] if one["trigger"] == "open_supplier_talks")
    opened["require"].append({"has": {"record": "sponsorship", "code": "missing-sponsorship"}})
    return parse(json.dumps(values).encode())


def _judged(engine: Engine) -> None:
    assert sum(1 for _ in engine.plan_migration(f"{NAME}@1", 2)) > 0


def _judging(engine: Engine) -> Callable[[int], Callable[[], object]]:
    return lambda _: partial(_judged, engine)
