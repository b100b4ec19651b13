"""A database with our tables, for each test that asks for its `url`: a file, one on PostgreSQL, one on MariaDB."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from proeftuin.spi import Store
from proeftuin.storage import open_store
from proeftuin.storage.sql import upgrade
from tests.faults.watching import Watch, watching
from tests.stores import path_url

SERVERS = ("postgresql", "mariadb")
KINDS = ("sqlite", *SERVERS)


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """The kind of database; a test that is not for all of them names its own."""
    return f"{request.param}"


@pytest.fixture
def url(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where the database is; its tables are there, and nothing in them."""
    if kind == "memory":
        return "memory://"
    made = path_url(tmp_path / "pilots.db") if kind == "sqlite" else request.getfixturevalue(f"{kind}_url")
    upgrade(made)
    return plain(made)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """A store on it, which does not wait long for others."""
    made = open_store(impatient(url))
    yield made
    made.close()


@pytest.fixture
def watch(url: str) -> Iterator[Watch]:
    """What the database itself says about its clients."""
    with watching(url) as made:
        yield made


def plain(url: str) -> str:
    """The URL without TLS on MariaDB: PyMySQL reads all certificates of the system, 40 ms, for each connection."""
    return url if backend(url) != "mariadb" else with_options(url, ssl_disabled="true")


def impatient(url: str, seconds: float = 1) -> str:
    """The URL with so many seconds of patience, of which MariaDB counts whole ones."""
    return with_options(url, **{"busy_timeout" if backend(url) == "sqlite" else "timeout": f"{seconds}"})


def backend(url: str) -> str:
    """The kind of database that a URL names."""
    name = make_url(url).get_backend_name()
    return "mariadb" if name == "mysql" else name


def with_options(url: str, **options: str) -> str:
    """The URL with more options."""
    return make_url(url).update_query_dict(options).render_as_string(hide_password=False)
