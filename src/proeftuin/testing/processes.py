"""Other processes on the same store: some that write with us, and some that die in the middle.

    python -m proeftuin.testing.processes

reads what to do as a line of JSON, opens the store, says "ready", waits for another line, and prints what came of it as
JSON. So no URL stands in a list of processes, and two of them can begin at once.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType, TracebackType
from typing import Any, Self

from proeftuin.core.structs import replace
from proeftuin.errors import Conflict
from proeftuin.spi import Receipt, Store
from proeftuin.testing.commits import changed, started, stored, written
from proeftuin.testing.expect import Broken, present
from proeftuin.testing.opening import Address
from proeftuin.testing.threads import PATIENCE, Aside, all_well, together

READY = "ready"
DEAD = 77  # how a process ends that was told to die
TRIES = 3000  # after which a writer is taken never to win


class Elsewhere:
    """A process that has opened the store and waits to be told to go on.

    Args:
        address: the store.
        errand: one of `ERRANDS`.
        arguments: what it takes.
    """

    def __init__(self, address: Address, errand: str, **arguments: object) -> None:
        self._process = subprocess.Popen(  # noqa: S603  # our own module, in the same interpreter
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        order = {"url": address.url, "opener": address.opener, "errand": errand, "arguments": arguments}
        self._tell(json.dumps(order))

    def __enter__(self) -> Self:
        """Wait until it is ready."""
        if self._first() != f"{READY}\n":
            raise Broken(f"another process could not open the store: {self._end()[1]}")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it, if nobody waited for its end."""
        if self._process.returncode is None:
            self._process.kill()
            self._process.communicate()

    def go(self) -> None:
        """Let it begin."""
        self._tell("go")

    def result(self) -> Any:  # each errand gives its own
        """Wait for its end, and return what it gave."""
        told, complaint = self._end()
        if self._process.returncode:
            raise Broken(f"another process failed: {complaint}")
        return json.loads(told)

    def dies(self) -> None:
        """Wait for its end, which must be the violent one that was ordered."""
        complaint = self._end()[1]
        if self._process.returncode != DEAD:
            raise Broken(f"a process that was to die ended with {self._process.returncode}: {complaint}")

    def _tell(self, line: str) -> None:
        stdin = present(self._process.stdin)
        stdin.write(f"{line}\n")
        stdin.flush()

    def _first(self) -> object:
        """Return its first line, which a thread waits for: a pipe itself knows no limit."""
        reading = Aside(present(self._process.stdout).readline)
        try:
            return reading.outcome(PATIENCE)
        except Broken:
            self._process.kill()
            reading.outcome(PATIENCE)  # the pipe ends with the process
            self._process.communicate()
            raise Broken("another process did not come to open the store: it waits for ever") from None

    def _end(self) -> tuple[str, str]:
        try:
            return self._process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()
            raise Broken("another process did not end: it waits for ever") from None


def contend(store: Store, tenant: str, pilot_id: str, writers: int, wins: int) -> list[list[int]]:
    """Let writers read, change and retry until each has won so often; return per win the version, and the count."""

    def write() -> list[list[int]]:
        won = list[list[int]]()
        for _ in range(TRIES):
            if len(won) == wins:
                return won
            pilot = present(stored(store, pilot_id, tenant), pilot_id)
            commit, after = written(pilot, changed(pilot, count=pilot.data.get("count", 0) + 1), tenant=tenant)
            try:
                store.append(commit)
            except Conflict:
                continue
            won.append([after.version, after.data["count"]])
        raise Broken(f"a writer that reads and tries again won {len(won)} of {TRIES} times: it is told nothing new")

    return [one for found in all_well(together([write] * writers)) for one in found]


def die_inside(store: Store, tenant: str, pilot_id: str, erased: Sequence[str] = ()) -> None:
    """Die in the middle of an append, when everything was written and nothing was committed."""
    _append(store, tenant, pilot_id, erased, die)


def die_after(store: Store, tenant: str, pilot_id: str, erased: Sequence[str] = ()) -> None:
    """Die as soon as an append has returned."""
    _append(store, tenant, pilot_id, erased, None)
    die()


def _append(
    store: Store, tenant: str, pilot_id: str, erased: Sequence[str], recorded: Callable[[object], None] | None
) -> None:
    receipt = Receipt("key-2", "f" * 64, b"2")
    pilot = stored(store, pilot_id, tenant)
    event = started(pilot_id) if pilot is None else changed(pilot, note="2")
    commit, _ = written(pilot, event, tenant=tenant, receipt=receipt)
    store.append(replace(commit, erased=tuple(erased)), recorded=recorded)


def die(connection: object = None) -> None:
    """End this process at once, as a power cut would."""
    del connection
    os._exit(DEAD)


ERRANDS: Mapping[str, Callable[..., object]] = MappingProxyType(
    {one.__name__: one for one in (contend, die_inside, die_after)}
)


def main() -> None:
    """Do one errand."""
    order = json.loads(sys.stdin.readline())
    store = Address(order["url"], order["opener"]).open()
    sys.stdout.write(f"{READY}\n")
    sys.stdout.flush()
    sys.stdin.readline()
    found = ERRANDS[order["errand"]](store, **order["arguments"])
    store.close()
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
