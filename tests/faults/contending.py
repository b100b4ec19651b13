"""Eight threads that append at one pilot until each has won so often; two of these processes run against one file.

    python -m tests.faults.contending URL THREADS WINS

Says "ready", waits for a line, and prints what each append came to, as JSON.
"""

import json
import sys
import threading
from typing import Any

from proeftuin.core.pilot import Pilot
from proeftuin.errors import Conflict
from proeftuin.spi import Store
from proeftuin.storage import open_store
from tests.stores import changed, stored, written


def contend(store: Store, name: str, wins: int, told: list[Any]) -> None:
    won = 0
    while won < wins:
        pilot = stored(store)
        assert isinstance(pilot, Pilot)
        commit, _ = written(pilot, changed(pilot, count=pilot.data.get("count", 0) + 1, winner=name))
        try:
            store.append(commit)
        except Conflict as lost:
            told.append(["lost", lost.expected, lost.actual])
        except Exception as error:  # noqa: BLE001  # any other error is what the test looks for
            told.append(["error", type(error).__name__, str(error)])
            return
        else:
            told.append(["won", pilot.version + 1, name])
            won += 1


def main() -> None:
    url, threads, wins = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    store, told = open_store(url), list[Any]()
    print("ready", flush=True)  # noqa: T201  # what the test waits for
    start = sys.stdin.readline().strip()
    workers = [
        threading.Thread(target=contend, args=(store, f"{start}-{number}", wins, told)) for number in range(threads)
    ]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    store.close()
    print(json.dumps(told))  # noqa: T201  # what the test reads


if __name__ == "__main__":
    main()
