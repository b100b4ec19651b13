"""A scratch database of each kind for the kit, made anew for a class of tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import ClassVar, Literal

import pytest

from proeftuin.storage.sql import upgrade
from proeftuin.testing import StoreContract
from tests import servers
from tests.conftest import needed
from tests.scale import scaled

Kind = Literal["memory", "sqlite", "postgresql", "mariadb"]


@contextmanager
def scratch(kind: Kind) -> Iterator[str]:
    """The URL of an empty store of a kind, ready to use."""
    if kind == "memory":
        yield "memory://"
    elif kind == "sqlite":
        with TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/scratch.db"
    else:
        fresh = servers.fresh_postgresql if kind == "postgresql" else servers.fresh_mariadb
        with fresh(needed(kind, lambda: servers.server_url(kind))) as url:
            upgrade(url)
            yield url


class OnScratch(StoreContract):
    """The kit on a scratch database."""

    kind: ClassVar[Kind]
    crowd = scaled(100)  # to write a thousand takes longer than most cases

    @pytest.fixture(scope="class")
    @classmethod
    def store_url(cls) -> Iterator[str]:
        with scratch(cls.kind) as url:
            yield url
