"""A process that delivers from one store to a subscriber on a socket, beside others, and may be killed or stopped.

python -m tests.faults.delivering URL PORT SECONDS BATCH

It says "ready", delivers until its input ends, and then prints how many events it noted and how many deliveries failed.
"""

import json
import sys
import threading
from datetime import timedelta

from proeftuin import Engine, load_workflow
from proeftuin.delivery import Schedule
from proeftuin.storage import open_store
from tests.faults.endpoint import Sending
from tests.unit.engines import FLOW

SUBSCRIBER = "hr"
SOON = Schedule(first=timedelta(milliseconds=20), factor=2, longest=timedelta(milliseconds=200), attempts=1000)
PAUSE = 0.02


def main(url: str, port: int, seconds: float, batch: int) -> None:
    """Deliver until the input ends."""
    ended = threading.Event()

    def listen() -> None:
        sys.stdin.read()
        ended.set()

    threading.Thread(target=listen, daemon=True).start()
    done = failed = 0
    with Engine(open_store(url), workflows=[load_workflow(FLOW)]) as engine:
        sinks = {SUBSCRIBER: Sending(port, seconds, batch)}
        print("ready", flush=True)  # noqa: T201  # what the test waits for
        while not ended.is_set():
            work = engine.deliver(sinks, schedule=SOON, stop=ended.is_set)
            done, failed = done + work.done, failed + work.failed
            if not work.done:
                ended.wait(PAUSE)
    print(json.dumps([done, failed]), flush=True)  # noqa: T201  # what the test reads


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4]))
