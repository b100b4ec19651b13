"""The sides of a comparison of stores: ours appends or fires, the floor writes by hand, in one thread or several.

Each side gets pilots that stand ready, unmeasured, and its turn moves them. With several threads each has as many
moves, and its own connection.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import TypeVar

from benchmarks import raw
from benchmarks.supply import Supply
from proeftuin import Engine

T = TypeVar("T")
Turn = Callable[[], object]
Side = Callable[[int], Turn]


def appending(supply: Supply) -> Side:
    """Append commits that were made beforehand."""

    def prepare(moves: int) -> Turn:
        commits = supply.commits(moves, keyed=False)

        def turn() -> None:
            for one in commits:
                supply.store.append(one)

        return turn

    return prepare


def firing(
    supply: Supply, engine: Engine, *, keyed: bool = False, threads: Executor | None = None, at: int = 1
) -> Side:
    """Fire at pilots whose decoded heads are in the engine's cache, if it has one.

    Args:
        supply: gives the pilots.
        engine: on the same store.
        keyed: whether each command carries a key, for which a receipt is written.
        threads: where to fire from, None for the caller's own.
        at: from how many threads at once.
    """
    case = supply.case

    def prepare(moves: int) -> Turn:
        names = [one.pilot.id for one in supply.pilots(moves)]
        for name in names:
            engine.get(name)

        def move(names: Sequence[str]) -> None:
            for name in names:
                for number, trigger in enumerate(case.triggers):
                    engine.fire(name, trigger, actor=case.actor, key=f"key-{number}" if keyed else None)

        return _turn(move, names, threads, at)

    return prepare


def writing(
    supply: Supply, floors: Sequence[raw.Floor], *, read: bool, keyed: bool = False, threads: Executor | None = None
) -> Side:
    """Run the same statements by hand, on as many connections as there are floors."""

    def prepare(moves: int) -> Turn:
        values = [raw.move(one) for one in supply.commits(moves, keyed=keyed)]
        free = list(floors)

        def write(moves: Sequence[raw.Move]) -> None:
            floor = free.pop()
            floor.write(moves, read=read)

        return _turn(write, values, threads, len(floors))

    return prepare


def _turn(act: Callable[[Sequence[T]], None], work: Sequence[T], threads: Executor | None, at: int) -> Turn:
    if threads is None:
        return lambda: act(work)
    size = len(work) // at
    parts = [work[place * size : (place + 1) * size] for place in range(at)]
    return lambda: list(threads.map(act, parts))
