"""What tests of the engine through time may ask for."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from proeftuin.spi import Store
from proeftuin.storage import open_store
from tests.unit.engines import sqlite_url
from tests.unit.ticking import Play


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A new store in memory, and one in a file."""
    made = open_store("memory://" if request.param == "memory" else sqlite_url(tmp_path))
    yield made
    made.close()


@pytest.fixture
def play(store: Store) -> Play:
    """An engine on such a store, on a day that the test sets."""
    return Play(store)
