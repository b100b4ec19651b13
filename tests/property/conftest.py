"""What the property tests share: a fresh SQLite file for every example, made from one that is made once."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from proeftuin.storage import open_store

Url = Callable[[], str]


@pytest.fixture(scope="session")
def empty_file() -> Iterator[Path]:
    """A database file with tables and nothing in them."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "empty.db"
        open_store(f"sqlite:///{path}").close()
        yield path


@pytest.fixture(scope="session", params=["memory", "sqlite"])
def new_url(request: pytest.FixtureRequest, empty_file: Path) -> Iterator[Url]:
    """Gives the URL of another empty store at each call, once for memory and once for SQLite."""
    with TemporaryDirectory() as folder:
        made: list[Path] = []

        def sqlite() -> str:
            path = Path(folder) / f"{len(made)}.db"
            made.append(path)
            shutil.copyfile(empty_file, path)
            return f"sqlite:///{path}"

        yield sqlite if request.param == "sqlite" else lambda: "memory://"
