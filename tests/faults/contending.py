"""Threads that append at one pilot after another, all at once; several of these processes run against one database.

    python -m tests.faults.contending URL THREADS ATTEMPTS

Says "ready". Each line that comes in names a pilot: from a barrier on, every thread reads it and appends to it so
often, whatever came of the attempt before; then "done" is said. Nobody appends before all threads of the process have
read and begun to append for the first time, so that they meet on any machine. At the end of the input all is printed,
as JSON.
"""

import json
import os
import sys
import threading
from contextlib import suppress

from attrs import define, field

from proeftuin.core.pilot import Pilot
from proeftuin.errors import Conflict
from proeftuin.spi import Store
from proeftuin.storage import open_store
from tests.faults.journal import Journal
from tests.stores import changed, stored, written


@define
class Racers:
    """What the threads of this process share.

    Attributes:
        met: where threads wait for one another, once in a round: all have read and begun to append, and none has.
        pilot_id: where to append in this round; empty to stop.
        raw: errors that nobody should ever see.
    """

    store: Store
    attempts: int
    gate: threading.Barrier
    met: threading.Barrier
    pilot_id: str = ""
    journal: Journal = field(factory=Journal)
    raw: list[str] = field(factory=list)

    def race(self, pilot_id: str) -> None:
        """Let all threads append, and return when they have."""
        self.pilot_id = pilot_id
        self.gate.wait()
        if pilot_id:
            self.gate.wait()

    def run(self, client: str) -> None:
        """Be one of the threads."""
        while self.gate.wait() >= 0 and self.pilot_id:
            try:
                for attempt in range(self.attempts):
                    self._attempt(client, f"{client}-{attempt}", first=attempt == 0)
            except Exception as error:  # noqa: BLE001  # any other error is what the test looks for
                self.met.abort()  # or those that have read would wait for this one
                self.raw.append(f"{type(error).__name__}: {error}")
            self.gate.wait()

    def _attempt(self, client: str, value: str, *, first: bool) -> None:
        seen = list[Pilot]()

        def ask() -> tuple[int, str]:
            pilot = stored(self.store, self.pilot_id)
            assert pilot is not None
            seen.append(pilot)
            return pilot.version, pilot.data["winner"]

        def act() -> tuple[int, bool]:
            if first:
                self.met.wait()
            commit, after = written(seen[0], changed(seen[0], winner=value))
            self.store.append(commit)
            return after.version, False

        expected = self.journal.read(client, self.pilot_id, ask)
        with suppress(Conflict):  # noted, and counted by the test
            self.journal.write(client, self.pilot_id, value, expected, act)


def main() -> None:
    """Race as told."""
    url, threads, attempts = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    racers = Racers(open_store(url), attempts, threading.Barrier(threads + 1), threading.Barrier(threads))
    workers = [threading.Thread(target=racers.run, args=(f"{os.getpid()}-{number}",)) for number in range(threads)]
    for one in workers:
        one.start()
    print("ready", flush=True)  # noqa: T201  # what the test waits for
    for line in sys.stdin:
        racers.race(line.strip())
        print("done", flush=True)  # noqa: T201  # the same
    racers.race("")
    for one in workers:
        one.join()
    racers.store.close()
    print(json.dumps([racers.raw, racers.journal.dumped()]))  # noqa: T201  # what the test reads


if __name__ == "__main__":
    main()
