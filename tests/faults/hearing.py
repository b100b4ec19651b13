"""An endpoint of webhooks in a process of its own, which fails as endpoints do, and judges all that it is sent.

    python -m tests.faults.hearing SECRET SHARES SEED

Shares are how often each thing is done with a request, as JSON: see `USUAL`. It prints its port. For each line with a
number it says "done" as soon as it has so many events, repeats left out, or with a plus before the number has taken so
many requests; and "no" when nothing more comes. When its input ends it prints what it knows, as JSON.

Every request is verified by the reference of Standard Webhooks and read by the reference of CloudEvents.
"""

import json
import random
import socket
import struct
import sys
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from attrs import Factory, asdict, define
from cloudevents.core.bindings.http import HTTPMessage, from_http_event
from standardwebhooks import Webhook

from tests.faults.ledger import Ledger

HOST = "127.0.0.1"
RESET = struct.pack("ii", 1, 0)  # a socket that lingers so is closed with a reset
PATIENCE = 120.0
# What it does of a thousand times; each failure but the time-outs a hundred times, as each of those takes a second.
USUAL = {"accept": 700, "error": 100, "reset": 98, "lose": 100, "hang": 2}


@define(eq=False)
class Ear:
    """What hears, in the threads of the server."""

    secret: str
    usual: Mapping[str, int]
    chance: random.Random
    ledger: Ledger = Factory(Ledger)
    did: dict[str, int] = Factory(dict)
    news: threading.Condition = Factory(threading.Condition)

    def draw(self) -> str:
        """What will be done with the next request."""
        with self.news:
            (what,) = self.chance.choices(list(self.usual), list(self.usual.values()))
            self.did[what] = self.did.get(what, 0) + 1
            return what

    def judge(self, headers: Mapping[str, str], body: bytes, *, take: bool) -> None:
        """Have a request judged, and keep what it brings where it is taken."""
        try:
            Webhook(self.secret).verify(body, dict(headers))
            data: Any = from_http_event(HTTPMessage(dict(headers), body)).get_data()
            event = data if isinstance(data, dict) else json.loads(data)
        except Exception as error:  # noqa: BLE001  # whatever a reference says against a request is what the test looks for
            with self.news:
                self.ledger.faults.append(f"{type(error).__name__}: {error}")
            return
        if take:
            with self.news:
                self.ledger.take(body, event)
                self.news.notify_all()

    def wait(self, enough: Callable[[], bool]) -> bool:
        """Wait until there is enough, or nothing more comes."""
        with self.news:
            while not enough():
                if not self.news.wait(PATIENCE):
                    return False
        return True

    def hear(self, line: str) -> str:
        """Wait as a line says."""
        ledger, number = self.ledger, int(line)
        enough = self.wait(lambda: (ledger.came if line.startswith("+") else len(ledger.first)) >= number)
        return "done" if enough else "no"


class Handler(BaseHTTPRequestHandler):
    """A connection."""

    protocol_version = "HTTP/1.1"
    ear: Ear

    def do_POST(self) -> None:
        """Do with a request what was drawn."""
        what = self.ear.draw()
        if what == "reset":
            self._cut()
            return
        length = int(self.headers["Content-Length"])
        body = self.rfile.read(length)
        if len(body) < length:
            self.close_connection = True  # who was sending is gone, with half a request
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.ear.judge(headers, body, take=what in {"accept", "lose"})
        if what == "hang":
            self.rfile.read(1)  # until the other side has had enough
        if what in {"lose", "hang"}:
            self._cut()
            return
        self.send_response(204 if what == "accept" else 500)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _cut(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """A server whose connections end as its handlers leave them."""

    request_queue_size = 128

    def handle_error(self, *_: object) -> None:
        """A client that is killed is what is tested."""

    def shutdown_request(self, request: Any) -> None:
        """Close without a word, so that what lingers is reset."""
        request.close()


def main(secret: str, shares: str, seed: str) -> None:
    """Serve until the input ends."""
    ear = Ear(secret, json.loads(shares), random.Random(int(seed)))
    handler = type("Hearing", (Handler,), {"ear": ear})
    server = Server((HOST, 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_address[1], flush=True)  # noqa: T201  # what the test waits for
    for line in sys.stdin:
        print(ear.hear(line.strip()), flush=True)  # noqa: T201  # as above
    with ear.news:
        print(json.dumps([asdict(ear.ledger), ear.did]))  # noqa: T201  # what the test reads


if __name__ == "__main__":
    main(*sys.argv[1:])
