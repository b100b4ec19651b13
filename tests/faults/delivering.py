"""A process that delivers from one store to one subscriber, beside others, and may be killed or stopped.

python -m tests.faults.delivering URL KIND PORT SECONDS BATCH

The kind is `socket`, or for an endpoint of webhooks the mode: `structured` or `binary`.

It says "ready", delivers until its input ends, and then prints how many events it noted and how many deliveries failed.
"""

import json
import sys
import threading
from datetime import timedelta

from proeftuin import Engine, load_workflow
from proeftuin.delivery import Schedule
from proeftuin.sinks import open_sink
from proeftuin.spi import Sink
from proeftuin.storage import open_store
from tests.faults.endpoint import Sending
from tests.sinks.parcels import SECRET, SOURCE
from tests.unit.engines import FLOW

SUBSCRIBER = "hr"
SOON = Schedule(first=timedelta(milliseconds=20), factor=2, longest=timedelta(milliseconds=200), attempts=1000)
PAUSE = 0.02


def sink_to(kind: str, port: int, seconds: float, batch: int) -> Sink:
    """What delivers to a port of this machine."""
    if kind == "socket":
        return Sending(port, seconds, batch)
    return open_sink(
        f"http://127.0.0.1:{port}/hook",
        {
            "source": SOURCE,
            "secrets": [SECRET],
            "ports": [port],
            "insecure_loopback": True,
            "mode": kind,
            "seconds": seconds,
            "batch": batch,
        },
    )


def main(url: str, sink: Sink) -> None:
    """Deliver until the input ends."""
    ended = threading.Event()

    def listen() -> None:
        sys.stdin.read()
        ended.set()

    threading.Thread(target=listen, daemon=True).start()
    done = failed = 0
    with Engine(open_store(url), workflows=[load_workflow(FLOW)]) as engine:
        print("ready", flush=True)  # noqa: T201  # what the test waits for
        while not ended.is_set():
            work = engine.deliver({SUBSCRIBER: sink}, schedule=SOON, stop=ended.is_set)
            done, failed = done + work.done, failed + work.failed
            if not work.done:
                ended.wait(PAUSE)
    print(json.dumps([done, failed]), flush=True)  # noqa: T201  # what the test reads


if __name__ == "__main__":
    main(sys.argv[1], sink_to(sys.argv[2], int(sys.argv[3]), float(sys.argv[4]), int(sys.argv[5])))
