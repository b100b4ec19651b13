"""Servers for the tests: the one that is named, or one of their own, and an empty database on it for each test.

What `tests` of the repository has for servers is used here too: `PROEFTUIN_TEST_REDIS_URL` names one, and
`PROEFTUIN_TEST_REQUIRE=redis` makes a failure of what would be skipped for want of one.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from redis import Redis

from proeftuin_redis import RedisStore, open_redis
from tests.conftest import needed
from tests.own_servers import OwnRedis
from tests.servers import fresh_redis, variable

Started = Callable[..., OwnRedis]


class TunedRedis(OwnRedis):
    """A Redis that keeps what it acknowledges, or with other settings; its files can be searched for a text."""

    def __init__(self, *settings: str) -> None:
        super().__init__()
        self._settings = settings

    def _command(self) -> list[str | Path]:
        return [*super()._command(), "--rdbcompression", "no", *self._settings]


@pytest.fixture(scope="session")
def lasting_url() -> Iterator[str]:
    """A server of the tests' own that keeps all it acknowledges."""
    with needed("redis", TunedRedis) as server:
        yield server.url


@pytest.fixture(scope="session")
def forgetful_url() -> Iterator[str]:
    """A server of the tests' own that writes nothing to its disk."""
    with needed("redis", lambda: TunedRedis("--appendonly", "no")) as server:
        yield server.url


@pytest.fixture(scope="session")
def server_url(request: pytest.FixtureRequest) -> str:
    """The server that is named, or one of the tests' own."""
    named = os.environ.get(variable("redis"))
    return named or str(request.getfixturevalue("lasting_url"))


@pytest.fixture
def started() -> Iterator[Started]:
    """Starts servers with these settings, which the test may break; they end with the test."""
    with ExitStack() as servers:
        yield lambda *settings: servers.enter_context(needed("redis", lambda: TunedRedis(*settings)))


@pytest.fixture
def url(server_url: str) -> Iterator[str]:
    """An empty database."""
    with fresh_redis(server_url) as fresh:
        yield fresh


@pytest.fixture
def store(url: str) -> Iterator[RedisStore]:
    """A store in an empty database."""
    opened = open_redis(url)
    yield opened
    opened.close()


@pytest.fixture
def asked() -> Iterator[Callable[..., object]]:
    """Sends a command to the server at a URL, past the store; texts come back as text."""
    clients: dict[str, Redis] = {}

    def ask(url: str, *words: str | bytes) -> object:
        if url not in clients:
            clients[url] = Redis.from_url(url, decode_responses=True, protocol=2)
        found: object = clients[url].execute_command(*words)  # type: ignore[no-untyped-call]  # the driver does not say
        return found

    yield ask
    for one in clients.values():
        one.close()
