"""Throughput: how many times a second so many processes `fire` on PostgreSQL, next to pgbench with as many clients.

1. The server is one of this run's own, on a disk, with `fsync` on: a commit is a write that has arrived.
2. pgbench sends the very statements that `fire` sent: they are taken down from one, with their values, and sent again
   as prepared ones. It does nothing else: no rules, no hashes, no events, no Python.
3. Each process and each client has pilots of its own, so nobody waits for one. Their heads hold 20 records, and are
   decoded already. The command is one that leaves them as large as they were: it chooses a route, and says why.
4. Both run in turns, and the best turn of each counts. `throughput=20` makes turns of 20 seconds.

    python -m benchmarks throughput

also draws docs/throughput.svg.
"""

import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from itertools import cycle
from pathlib import Path
from typing import IO, Any, Self

from attrs import define

from benchmarks.lifecycles import EVERYBODY, NOW, existing_contract
from benchmarks.measure import Share, Skipped
from benchmarks.picture import bars
from benchmarks.supply import TENANT, timed
from proeftuin import Engine
from proeftuin.storage import open_store
from proeftuin.storage.sql import upgrade
from tests.own_servers import OwnPostgres
from tests.serving import Missing

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "docs" / "throughput.svg"
PROCESSES = (1, 2, 4, 8)
PILOTS = 50  # of each process, and of each client
SECONDS, ROUNDS = 5, 3
WARM_UP = 1.0
BOUNDS = (0.4, 0.6)
TRIGGER, DATA = "choose_route", {"route": "tender", "rationale": "Nobody asked for it before."}
OURS, THEIRS = 1_000_000, 2_000_000  # the pilots of process or client n are numbered from here + n * PILOTS on


class Going:
    """A clock that begins when the pilots did, and goes on."""

    def now(self) -> datetime:
        """Return the present instant."""
        return NOW + timedelta(seconds=time.monotonic())


def ratios(seconds: int = SECONDS) -> Iterator[Share | Skipped]:
    """Give the shares of pgbench's rate, for so many processes each, and draw them."""
    try:
        server = OwnPostgres()
    except Missing as error:
        yield Skipped("fire by several processes, PostgreSQL", f"{error}")
        return
    with server, ExitStack() as stack:
        upgrade(server.url)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="proeftuin-bench-")))
        _fill(server.url)
        script = Script.of(server, folder)
        workers = [stack.enter_context(Worker(server.url, number)) for number in range(max(PROCESSES))]
        best = _in_turns(workers, script, seconds)
    for count in PROCESSES:
        ours, theirs = (1e6 / one[count] for one in best)
        several = "es" * (count > 1)
        yield Share(f"fire, {count} process{several}, PostgreSQL", ours, theirs, whose="pgbench", bounds=BOUNDS)
    PICTURE.write_text(bars("Commands a second on PostgreSQL, by processes", PROCESSES, best), encoding="utf-8")


def _in_turns(workers: Sequence["Worker"], script: "Script", seconds: int) -> tuple[dict[int, float], ...]:
    """Return the best rates, a second: ours, and pgbench's."""
    ours, theirs = dict.fromkeys(PROCESSES, 0.0), dict.fromkeys(PROCESSES, 0.0)
    _together(workers, WARM_UP)
    for _ in range(ROUNDS):
        for count in PROCESSES:
            ours[count] = max(ours[count], _together(workers[:count], seconds))
            theirs[count] = max(theirs[count], script.run(count, seconds))
    return ours, theirs


def _fill(url: str) -> None:
    """Write the pilots of all."""
    store = open_store(url)
    for base in (OURS, THEIRS):
        numbers = range(base, base + max(PROCESSES) * PILOTS)
        store.append(*(timed(existing_contract(f"{number}")).commit(TENANT) for number in numbers))
    store.close()


# -- ours ----------------------------------------------------------------------------------------------------------


class Worker:
    """A process that fires when told."""

    def __init__(self, url: str, number: int) -> None:
        command = [sys.executable, "-m", "benchmarks.throughput", url, f"{number}"]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def tell(self, seconds: float) -> None:
        """Have it fire for so long."""
        self._file(self._process.stdin).write(f"{seconds}\n")
        self._file(self._process.stdin).flush()

    def hear(self) -> float:
        """Return how often it fired, a second."""
        return float(self._file(self._process.stdout).readline())

    @staticmethod
    def _file(pipe: IO[str] | None) -> IO[str]:
        assert pipe is not None
        return pipe

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()


def _together(workers: Sequence[Worker], seconds: float) -> float:
    for one in workers:
        one.tell(seconds)
    return sum(one.hear() for one in workers)


def _work(url: str, number: int) -> None:
    """Fire as long as each line says."""
    with Engine(open_store(url), time=Going(), cache=PILOTS) as engine:
        names = cycle([f"{OURS + number * PILOTS + place}" for place in range(PILOTS)])
        for line in sys.stdin:
            begun, fired = time.monotonic(), 0
            until = begun + float(line)
            while time.monotonic() < until:
                engine.fire(next(names), TRIGGER, actor=EVERYBODY, data=DATA)
                fired += 1
            print(fired / (time.monotonic() - begun), flush=True)


# -- pgbench -------------------------------------------------------------------------------------------------------


@define
class Script:
    """What pgbench is given: the statements of a `fire`, and their values."""

    command: list[str]

    @classmethod
    def of(cls, server: OwnPostgres, folder: Path) -> "Script":
        """Take the statements down from one `fire`."""
        (read, _), (write, values) = _heard(server.url)
        path = folder / "fire.sql"
        path.write_text(_script(read, write, values), encoding="utf-8")
        given = {name: value.decode() if isinstance(value, bytes) else value for name, value in values.items()}
        told = [f"--define={name}={value}" for name, value in given.items() if value is not None and value != ""]
        place = ["--host=127.0.0.1", f"--port={server.port}", "--username=postgres", "postgres"]
        program = server.program("pgbench")
        return cls([f"{program}", "--protocol=prepared", "--no-vacuum", f"--file={path}", *told, *place])

    def run(self, clients: int, seconds: int) -> float:
        """Return how many transactions there were, a second."""
        told = [f"--client={clients}", f"--jobs={clients}", f"--time={seconds}"]
        done = subprocess.run([*self.command[:-1], *told, self.command[-1]], check=True, capture_output=True, text=True)
        assert "number of failed transactions: 0 " in done.stdout, done.stdout
        found = re.search(r"^tps = ([0-9.]+) \(without", done.stdout, re.MULTILINE)
        assert found is not None, done.stdout
        return float(found[1])


def _heard(url: str) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the statements that a warm `fire` sends, with their values."""
    from proeftuin.storage.sql.postgresql import PostgresqlDatabase  # noqa: PLC0415  # its driver need not be there

    heard, run = list[tuple[str, Mapping[str, Any]]](), PostgresqlDatabase.run

    def listening(self: Any, connection: Any, text: Any, values: dict[str, Any]) -> Any:  # noqa: ANN401  # the store's own
        heard.append((text, dict(values)))
        return run(self, connection, text, values)

    with Engine(open_store(url), time=Going()) as engine:
        engine.fire(f"{THEIRS}", TRIGGER, actor=EVERYBODY, data=DATA)
        PostgresqlDatabase.run = listening  # type: ignore[method-assign]  # to hear it, for one command
        try:
            engine.fire(f"{THEIRS}", TRIGGER, actor=EVERYBODY, data=DATA)
        finally:
            PostgresqlDatabase.run = run  # type: ignore[method-assign]  # as it was
    assert len(heard) == 2, heard  # noqa: PLR2004  # a read and a write
    return heard


def _script(read: str, write: str, values: Mapping[str, Any]) -> str:
    """Return the statements as a script of pgbench, which moves one of its client's own pilots by one version."""
    moved = {"version": ":expected + 1", "event_version": ":expected + 1", "updated_at": f"{values['updated_at']} + :n"}
    return "\n".join(
        [
            "\\set n random(1, 1000000)",
            f"\\set id {THEIRS} + :client_id * {PILOTS} + :n % {PILOTS}",
            "\\set at_id :id",
            f"{_plain(read, values)} \\gset at_",
            "\\set expected :at_version",
            *(f"\\set {name} {value}" for name, value in moved.items()),
            f"{_plain(write, values)} \\gset",
            "\\if :count_1 <> 1",
            "SELECT 1 / 0;",
            "\\endif",
        ]
    )


def _plain(text: str, values: Mapping[str, Any]) -> str:
    """Return a statement on one line, with pgbench's marks; what is NULL, or no text, is written out."""

    def mark(found: re.Match[str]) -> str:
        value = values.get(found[1])
        if value is None or value == "":
            return "NULL" if value is None else "''"
        return f":{found[1]}" + "::bytea" * isinstance(value, bytes)

    assert not any(b"\\" in one for one in values.values() if isinstance(one, bytes))  # it would be read as an escape
    return re.sub(r"%\((\w+)\)s", mark, " ".join(text.split()))


if __name__ == "__main__":
    _work(sys.argv[1], int(sys.argv[2]))
