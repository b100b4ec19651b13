"""A store of each kind, whose statements can be listened to; each engine of a test has a tenant of its own in it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest

from proeftuin.spi import Store
from proeftuin.storage import open_store
from proeftuin.storage.sql import upgrade
from tests import servers
from tests.conftest import needed
from tests.faults.conftest import plain
from tests.stores import spying
from tests.unit.engines import sqlite_url

FRESH = {"postgresql": servers.fresh_postgresql, "mariadb": servers.fresh_mariadb}
KINDS = ("memory", "sqlite", *FRESH)


@pytest.fixture(scope="module")
def server_url() -> Iterator[Callable[[str], str]]:
    """Gives the URL of a database on a server of a kind, the same for all tests of a module."""
    with ExitStack() as stack:

        @cache
        def made(kind: servers.Kind) -> str:
            there = needed(kind, lambda: servers.server_url(kind))
            url = plain(stack.enter_context(FRESH[kind](there)))
            upgrade(url)
            return url

        yield made


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    kind = request.param
    if kind == "memory":
        return "memory://"
    return sqlite_url(tmp_path) if kind == "sqlite" else request.getfixturevalue("server_url")(kind)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with spying():
        made = open_store(url)
        yield made
        made.close()
