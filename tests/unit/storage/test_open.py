"""How a URL becomes a store, and what is imported on the way."""

import subprocess
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from proeftuin import storage
from proeftuin.errors import BadArgument, StoreUnavailable
from proeftuin.spi import Definitions, Store
from proeftuin.storage import open_store
from proeftuin.storage.memory import MemoryStore
from proeftuin.storage.sql import schema
from tests.stores import path_url


def test_the_stores_that_ship_need_no_installation(tmp_path: Path) -> None:
    """Both schemes open a store that has every method of the port, and keeps workflows."""
    for url, durable in (("memory://", False), (path_url(tmp_path / "pilots.db"), True)):
        store = open_store(url)
        assert isinstance(store, Store)
        assert isinstance(store, Definitions)
        assert durable is store.durable
        store.close()


@pytest.mark.parametrize("url", ["pilots.db", "", "memory", "memory:", "memory://name", "memory://?x=1"])
def test_what_is_no_url_is_refused(url: str) -> None:
    """A bare path, an empty text and a store in memory with a name are bad arguments."""
    with pytest.raises(BadArgument):
        open_store(url)


def test_an_unknown_scheme_names_what_there_is() -> None:
    """A scheme that nothing opens is told together with those that are installed."""
    with pytest.raises(StoreUnavailable, match=r"oracle://; there is mariadb, .*memory, .*sqlite"):
        open_store("oracle://x")


def test_an_adapter_is_found_by_its_entry_point(monkeypatch: pytest.MonkeyPatch) -> None:
    """An installed adapter opens the URLs of its scheme."""
    point = EntryPoint("folder", "tests.unit.storage.test_open:opened", storage.GROUP)
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: [point] if group == storage.GROUP else [])
    monkeypatch.setitem(sys.modules, "tests.unit.storage.test_open", sys.modules[__name__])
    assert isinstance(open_store("folder://x"), MemoryStore)


def test_an_adapter_that_cannot_be_loaded_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """What its package raises comes as an error of ours, which says whose entry point it is."""
    point = EntryPoint("folder", "no.such.module:opened", storage.GROUP)
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: [point] if group == storage.GROUP else [])
    told = r"folder = no\.such\.module:opened, .* proeftuin\.stores, cannot be loaded: ModuleNotFoundError"
    with pytest.raises(BadArgument, match=told):
        open_store("folder://x")


def opened(url: str) -> MemoryStore:
    assert "folder://x" == url
    return MemoryStore()


def test_memory_loads_no_database_library() -> None:
    """Opening a store in memory imports neither SQLAlchemy nor the reader of entry points."""
    code = """
import sys
before = set(sys.modules)  # whoever measures coverage brings modules of its own
from proeftuin.storage import open_store
open_store("memory://").close()
loaded = set(sys.modules) - before
assert not loaded & {"sqlalchemy", "alembic", "sqlite3", "importlib.metadata"}, loaded
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_present_schema_is_the_last_migration() -> None:
    """The versions that the store knows are the migrations that are shipped, in order."""
    shipped = sorted(path.name.partition("_")[0] for path in (schema.MIGRATIONS / "versions").glob("[0-9]*.py"))
    assert list(schema.REVISIONS) == shipped
