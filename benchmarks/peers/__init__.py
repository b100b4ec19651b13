"""Peers: other libraries on the same work as ours, each used as its own documentation says and tuned to its best.

What each does of that work, and what not, is told beside its figure; `work` says what counts as equal. They are in the
extra `bench`, which only `make bench` installs; one that is not there is skipped with that reason.
"""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from importlib import import_module
from itertools import count
from pathlib import Path

from benchmarks.measure import Share, Skipped, supplied_in_turns
from benchmarks.peers.work import PILOT, RING, Line, Opener, Peer
from benchmarks.sides import Side
from benchmarks.stores import KEPT, MEMORY, Files
from benchmarks.supply import CONTRACT, PLAIN, Case

# A peer's name, the packages that it takes, and the module here that uses it.
PEERS = {
    "harel": "harel_store",
    "xstate-statemachine": "xstate",
    "transitions with an ORM row": "orm_row",
    "eventsourcing": "eventsourced",
    "django-fsm-2 with a log row": "django_row",
}
MOVES = 18


def ratios() -> Iterator[Share | Skipped]:
    """Give our rate as a share of each peer's: a fire with a key, warm, on SQLite in a tmpfs."""
    openers: dict[str, Opener] = {}
    for name, module in PEERS.items():
        try:
            openers[name] = import_module(f"benchmarks.peers.{module}").open_peer
        except ModuleNotFoundError as error:
            yield Skipped(name, f"{error.name} is not installed; make bench installs it")
    for case, line in ((PLAIN, RING), (CONTRACT, PILOT)):
        yield from _compare(case, line, openers)


def _compare(case: Case, line: Line, openers: dict[str, Opener]) -> Iterator[Share]:
    with tempfile.TemporaryDirectory(dir=MEMORY, prefix="proeftuin-bench-") as folder, ExitStack() as stack:
        peers = {name: opener(Path(folder, f"{module}.db"), line) for (name, opener), module in _named(openers)}
        for peer in peers.values():
            stack.callback(peer.close)
        ours = Files(Path(folder), case, stack).firing(cache=KEPT, keyed=True)
        times = supplied_in_turns([ours, *(_firing(peer, line) for peer in peers.values())], number=MOVES)
        for (name, peer), time in zip(peers.items(), times[1:], strict=True):
            yield Share(f"fire, {line.name}", times[0], time, bounds=(1, 2), whose=name, does=peer.does)


def _named(openers: dict[str, Opener]) -> Iterator[tuple[tuple[str, Opener], str]]:
    return ((item, PEERS[item[0]]) for item in openers.items())


def _firing(peer: Peer, line: Line) -> Side:
    """Fire all moves of a lifecycle at new pilots, and see that they were recorded."""
    numbers = count()

    def prepare(moves: int) -> Callable[[], object]:
        names = [f"pilot-{next(numbers):09}" for _ in range(moves // len(line.moves))]
        for name in names:
            peer.begin(name)

        def turn() -> None:
            for name in names:
                for number, trigger in enumerate(line.moves):
                    peer.fire(name, trigger, f"key-{number}")

        return turn

    prepare(len(line.moves))()
    assert peer.stored("pilot-000000000") == (line.edges[-1][2], len(line.moves))
    return prepare
