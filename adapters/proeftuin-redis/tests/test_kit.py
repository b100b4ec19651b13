import os
from pathlib import Path

import pytest
from redis import Redis

from proeftuin.testing import StoreContract
from tests.servers import variable


def files_of(url: str) -> tuple[Path, ...] | None:
    """The files of a server of the tests' own; those of one that is named may be on another machine."""
    if os.environ.get(variable("redis")):
        return None
    with Redis.from_url(url, decode_responses=True, protocol=2) as client:
        folder = Path(client.config_get("dir")["dir"])
    return tuple(path for path in folder.rglob("*") if path.is_file())


class TestRedis(StoreContract):
    files = f"{__name__}:files_of"

    @pytest.fixture
    def store_url(self, url: str) -> str:
        return url
