"""The stores that the contract is run on: each empty, and each holding a thousand other pilots."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from attrs import define, field

from proeftuin.spi import Store
from proeftuin.storage import open_store
from tests.stores import crowd, path_url

KINDS = ("memory", "sqlite")


@define
class Backend:
    """How a test gets a store, a second client of the same one, and the same one after a restart."""

    kind: str
    fresh: Callable[[], str]
    crowded: bool = False
    opened: list[Store] = field(factory=list)
    url: str = ""

    def open(self) -> Store:
        self.url = self.fresh()
        store = self._opened(self.url)
        if self.crowded and self.kind == "memory":
            store.append(*crowd())
        return store

    def second(self, store: Store) -> Store:
        return self._opened(self.url) if store.durable else store

    def reopen(self, store: Store) -> Store:
        if not store.durable:
            pytest.skip("not durable: nothing survives a close")
        store.close()
        return self._opened(self.url)

    def close(self) -> None:
        for store in self.opened:
            store.close()

    def _opened(self, url: str) -> Store:
        store = open_store(url)
        self.opened.append(store)
        return store


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, Path]:
    """An empty database file and a crowded one, to copy."""
    folder = tmp_path_factory.mktemp("templates")
    made = {False: folder / "empty.db", True: folder / "crowded.db"}
    for crowded, path in made.items():
        store = open_store(path_url(path))
        if crowded:
            store.append(*crowd())
        store.close()
    return made


@pytest.fixture(params=[f"{kind}-{size}" for kind in KINDS for size in ("empty", "crowded")])
def backend(request: pytest.FixtureRequest, tmp_path: Path, templates: dict[bool, Path]) -> Iterator[Backend]:
    kind, _, size = request.param.partition("-")
    crowded = size == "crowded"
    numbers = iter(range(100))

    def fresh() -> str:
        if kind == "memory":
            return "memory://"
        return path_url(Path(shutil.copy(templates[crowded], tmp_path / f"store-{next(numbers)}.db")))

    made = Backend(kind, fresh, crowded)
    yield made
    made.close()


@pytest.fixture
def store(backend: Backend) -> Store:
    return backend.open()
