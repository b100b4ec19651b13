"""Servers for the tests: the one that is named, or one of their own, and on it a stream for each test.

What `tests` of the repository has for servers is used here too: `PROEFTUIN_TEST_NATS_URL` names one, and
`PROEFTUIN_TEST_REQUIRE=nats` makes a failure of what would be skipped for want of one.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from proeftuin.sinks import open_sink
from proeftuin_nats import NatsSink
from tests.conftest import needed
from tests.nats_bus import Bus, TunedNats
from tests.own_servers import OwnNats
from tests.servers import variable


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """The server that is named, or one of the tests' own."""
    named = os.environ.get(variable("nats"))
    if named:
        yield named
        return
    with needed("nats", OwnNats) as server:
        yield server.url


@pytest.fixture
def bus(server_url: str) -> Iterator[Bus]:
    """A stream that is not made yet; removed after the test."""
    made = Bus.on(server_url)
    yield made
    made.remove()


@pytest.fixture
def started() -> Iterator[Callable[..., TunedNats]]:
    """Starts servers with these settings, which the test may break; they end with the test."""
    with ExitStack() as servers:

        def start(*flags: str | Path, **settings: Any) -> TunedNats:
            return servers.enter_context(needed("nats", lambda: TunedNats(*flags, **settings)))

        yield start


@pytest.fixture
def opened() -> Iterator[Callable[..., NatsSink]]:
    """Opens sinks as a command does; they are closed after the test."""
    with ExitStack() as sinks:

        def open_one(url: str, **options: object) -> NatsSink:
            sink = open_sink(url, options)
            assert isinstance(sink, NatsSink)
            sinks.callback(sink.close)
            return sink

        yield open_one
