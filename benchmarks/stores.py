"""Stores in an SQLite file against hand-written driver code: what `append` and `fire` cost above their statements.

Each side has a file of its own, with the same tables and indexes, and the same pilots.
"""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

from attrs import Factory, frozen

from benchmarks import raw
from benchmarks.measure import Share, middle, supplied_in_turns
from benchmarks.sides import Side, appending, firing, writing
from benchmarks.supply import CONTRACT, PLAIN, Case, Supply
from proeftuin.storage import open_store

MEMORY = Path("/dev/shm")  # noqa: S108  # a file system in memory, where a commit costs no disk
DISK = Path(tempfile.gettempdir())
KEPT = 1_000_000


@frozen
class Files:
    """New SQLite files in a folder; all are closed with the stack."""

    folder: Path
    case: Case
    stack: ExitStack
    _numbers: "count[int]" = Factory(count)

    def supply(self) -> tuple[Supply, Path]:
        """Return pilots in a store in a new file, and the file."""
        path = self.folder / f"{next(self._numbers)}.db"
        store = open_store(f"sqlite:///{path}")
        self.stack.callback(store.close)
        return Supply(self.case, store), path

    def appending(self) -> Side:
        """Append commits that were made beforehand."""
        return appending(self.supply()[0])

    def firing(self, *, cache: int, keyed: bool = False) -> Side:
        """Fire at pilots, warm or, without a cache, cold."""
        supply, _ = self.supply()
        return firing(supply, self.case.engine(supply.store, cache=cache), keyed=keyed)

    def writing(self, *, read: bool, keyed: bool = False) -> Side:
        """Run the same statements by hand."""
        supply, path = self.supply()
        floor, close = raw.sqlite(path)
        self.stack.callback(close)
        return writing(supply, [floor], read=read, keyed=keyed)


def ratios() -> Iterator[Share]:
    """Give the shares of the floor's rate."""
    for case in (CONTRACT, PLAIN):
        yield from _in_memory(case)
        yield from _on_disk(case)


def _in_memory(case: Case) -> Iterator[Share]:
    with tempfile.TemporaryDirectory(dir=MEMORY, prefix="proeftuin-bench-") as folder, ExitStack() as stack:
        files = Files(Path(folder), case, stack)
        sides = [
            files.appending(),
            files.writing(read=False),
            files.firing(cache=0),
            files.firing(cache=KEPT),
            files.writing(read=True),
            files.firing(cache=KEPT, keyed=True),
            files.writing(read=True, keyed=True),
        ]
        append, written, cold, warm, floor, keyed, kept = supplied_in_turns(sides, number=18)
    yield Share(f"append, {case.name}, SQLite in a tmpfs", append, written, bounds=_promised(case, 0.6, 0.8))
    yield Share(f"fire cold, {case.name}, SQLite in a tmpfs", cold, floor, bounds=_promised(case, 0.18, 0.25))
    yield Share(f"fire warm, {case.name}, SQLite in a tmpfs", warm, floor, bounds=_promised(case, 0.25, 0.4))
    yield Share("  the same with a key, so with a receipt on both sides", keyed, kept)


def _on_disk(case: Case) -> Iterator[Share]:
    with tempfile.TemporaryDirectory(dir=DISK, prefix="proeftuin-bench-") as folder, ExitStack() as stack:
        files = Files(Path(folder), case, stack)
        warm, floor = supplied_in_turns(
            [files.firing(cache=KEPT), files.writing(read=True)], number=case.moves(1), rounds=300, which=middle
        )
    yield Share(
        f"fire warm, {case.name}, SQLite on a disk, middle rounds", warm, floor, bounds=_promised(case, 0.55, 0.75)
    )


def _promised(case: Case, must: float, aim: float) -> tuple[float, float] | None:
    return (must, aim) if case is CONTRACT else None
