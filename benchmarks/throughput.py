"""Throughput: how many times a second so many processes `fire` on PostgreSQL, next to pgbench with as many clients.

1. The server is one of this run's own, on a disk, with `fsync` on: a commit is a write that has arrived.
2. pgbench sends the very statements that `fire` sent: they are taken down from one, with their values, and sent again
   as prepared ones. It does nothing else: no rules, no hashes, no events, no Python. As every floor does, it reads what
   it changes; `fire` leaves that to the commit once its heads proved to be current. What is left without that, which
   knows each version beforehand, is shown beside it.
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
from functools import partial
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
        heard = _heard(server.url)
        scripts = [Script.of(heard, server, folder, read=read) for read in (True, False)]
        workers = [stack.enter_context(Worker(server.url, number)) for number in range(max(PROCESSES))]
        best = _in_turns(workers, scripts, seconds)
    for count in PROCESSES:
        ours, theirs, blind = (1e6 / one[count] for one in best)
        several = "es" * (count > 1)
        yield Share(f"fire, {count} process{several}, PostgreSQL", ours, theirs, whose="pgbench", bounds=BOUNDS)
        yield Share("  the same", ours, blind, whose="pgbench's writes", does="It reads nothing.")
    PICTURE.write_text(bars("Commands a second on PostgreSQL, by processes", PROCESSES, best[:2]), encoding="utf-8")


def _in_turns(workers: Sequence["Worker"], scripts: Sequence["Script"], seconds: int) -> list[dict[int, float]]:
    """Return the best rates, a second: ours, and those of the scripts."""
    sides = [partial(_together, workers, seconds), *(partial(script.run, seconds) for script in scripts)]
    best = [dict.fromkeys(PROCESSES, 0.0) for _ in sides]
    _together(workers, WARM_UP, len(workers))
    for _ in range(ROUNDS):
        for count in PROCESSES:
            for rates, run in zip(best, sides, strict=True):
                rates[count] = max(rates[count], run(count))
    return best


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


def _together(workers: Sequence[Worker], seconds: float, count: int) -> float:
    """Return how often so many of the workers fired together, a second."""
    for one in workers[:count]:
        one.tell(seconds)
    return sum(one.hear() for one in workers[:count])


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
    def of(cls, heard: "Heard", server: OwnPostgres, folder: Path, *, read: bool) -> "Script":
        """Write down the statements of one `fire`, with the reading one before each writing one, or without it."""
        (reading, _), (writing, values) = heard
        path = folder / f"{'fire' if read else 'blind'}.sql"
        text = _script(reading, writing, values) if read else _blind(writing, values)
        path.write_text(text, encoding="utf-8")
        given = {name: value.decode() if isinstance(value, bytes) else value for name, value in values.items()}
        told = [f"--define={name}={value}" for name, value in given.items() if value is not None and value != ""]
        told += ["--define=known=0", "--define=place=0"]
        place = ["--host=127.0.0.1", f"--port={server.port}", "--username=postgres", "postgres"]
        program = server.program("pgbench")
        return cls([f"{program}", "--protocol=prepared", "--no-vacuum", f"--file={path}", *told, *place])

    def run(self, seconds: int, clients: int) -> float:
        """Return how many transactions there were, a second."""
        told = [f"--client={clients}", f"--jobs={clients}", f"--time={seconds}"]
        done = subprocess.run([*self.command[:-1], *told, self.command[-1]], check=True, capture_output=True, text=True)
        assert "number of failed transactions: 0 " in done.stdout, done.stdout
        found = re.search(r"^tps = ([0-9.]+) \(without", done.stdout, re.MULTILINE)
        assert found is not None, done.stdout
        return float(found[1])


Heard = list[tuple[str, Mapping[str, Any]]]


def _heard(url: str) -> Heard:
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


# A client takes its own pilots in turn, as a process does.
NEXT = f"""\\set place (:place + 1) % {PILOTS}
\\set id {THEIRS} + :client_id * {PILOTS} + :place
\\set at_id :id"""
# It begins by giving all of them the highest version of any, so that it knows each one's from then on.
ALIKE = f"""\\if :known = 0
\\set first {THEIRS} + :client_id * {PILOTS}
\\set last :first + {PILOTS - 1}
SELECT max(version) AS known FROM pilots WHERE tenant = :at_tenant AND id BETWEEN :first AND :last \\gset
UPDATE pilots SET version = :known WHERE tenant = :at_tenant AND id BETWEEN :first AND :last;
\\set place -1
\\endif"""  # noqa: S608  # the numbers are ours


def _script(read: str, write: str, values: Mapping[str, Any]) -> str:
    """Return the statements as a script of pgbench, which moves the next of its client's own pilots by one version."""
    return "\n".join(
        [NEXT, f"{_plain(read, values)} \\gset at_", "\\set expected :at_version", *_written(write, values)]
    )


def _blind(write: str, values: Mapping[str, Any]) -> str:
    """Return the same without the reading."""
    last = f"\\if :place = {PILOTS - 1}\n\\set known :known + 1\n\\endif"
    return "\n".join([ALIKE, NEXT, "\\set expected :known", *_written(write, values), last])


def _written(write: str, values: Mapping[str, Any]) -> list[str]:
    now = values["updated_at"]
    moved = {"version": ":expected + 1", "event_version": ":expected + 1", "updated_at": f"{now} + :expected"}
    return [
        *(f"\\set {name} {value}" for name, value in moved.items()),
        f"{_plain(write, values)} \\gset",
        "\\if :count_1 <> 1",
        "SELECT 1 / 0;",
        "\\endif",
    ]


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
