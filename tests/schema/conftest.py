"""Fresh databases of each kind."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests import servers
from tests.stores import path_url

FRESH: dict[str, Any] = {"postgresql": servers.fresh_postgresql, "mariadb": servers.fresh_mariadb}


@pytest.fixture(params=["sqlite", "postgresql", "mariadb"])
def kind(request: pytest.FixtureRequest) -> str:
    """Each kind of database."""
    return str(request.param)


@pytest.fixture
def url(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A fresh, empty database of that kind."""
    return path_url(tmp_path / "pilots.db") if kind == "sqlite" else str(request.getfixturevalue(f"{kind}_url"))


@pytest.fixture
def other_url(kind: str, url: str, tmp_path: Path) -> Iterator[str]:
    """Another one beside it."""
    with ExitStack() as made:
        yield path_url(tmp_path / "other.db") if kind == "sqlite" else made.enter_context(FRESH[kind]())
