from collections.abc import Iterator
from datetime import date

import pytest

from proeftuin import Engine
from proeftuin.cli.demo_pilots import fill


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The portfolio of fifteen pilots that the command makes to look around in."""
    url = f"sqlite:///{tmp_path_factory.mktemp('demo') / 'demo.db'}"
    fill(url, date(2026, 11, 25))
    with Engine.open(url) as engine:
        yield engine
