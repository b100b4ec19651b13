"""What tests in any folder may ask for: a fresh database on a real server, or a server of their own to crash."""

import os
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import pytest
from hypothesis import settings
from xdist.scheduler import LoadFileScheduling  # type: ignore[import-untyped]  # it has no types

from tests import servers
from tests.own_servers import OwnMariadb, OwnPostgres, OwnRedis
from tests.scale import RELEASE, scaled
from tests.servers import Needed
from tests.serving import Missing

# No deadline: an example that is slow on a busy machine is not a defect, and benchmarks judge speed.
# A change is judged by the same examples everywhere; before a release others are looked for.
settings.register_profile(
    "proeftuin", deadline=None, max_examples=scaled(100), print_blob=True, derandomize=not RELEASE
)
settings.load_profile("proeftuin")

Got = TypeVar("Got")
BROWSER = "tests/browser"
ALONE = ("tests/property/test_lifecycles",)
"""Where each test takes minutes, and shares nothing with the others of its file."""
FIRST = (BROWSER, *ALONE, "tests/schema/", "tests/faults/")
"""What takes longest begins first: what is begun last is what the other workers wait for."""
UNTRACED = (
    "tests/property/", "tests/kit/", "tests/domain/", "tests/faults/", "tests/examples/", "tests/contract/test_memory",
    BROWSER, "tests/schema/", "tests/exports/test_size", "tests/exports/test_demo", "tests/scenario/",
    "tests/golden/test_golden", "tests/golden/test_histories", "tests/versions/test_changes",
    "tests/unit/definitions/test_schema", "tests/unit/cli/test_publish",
    "tests/unit/cli/test_demo_pilots", "tests/unit/core/metrics/test_cells", "tests/unit/test_architecture",
    "tests/unit/test_dutch", "tests/unit/core/test_told", "docs/simulation", "adapters/",
)  # fmt: skip
"""What reaches nothing that other tests do not reach; to measure its coverage takes as long again as to run it."""
AGAIN = ("::test_case[crowded-", "::test_model[")
"""What the kit asks of a store once more, beside other pilots or at random."""
TRACED = "COVERAGE_PROCESS_CONFIG"
"""Where coverage tells the processes that a test starts that they are measured too."""


def pytest_configure(config: pytest.Config) -> None:
    """Refuse a list of servers that cannot be read; let the workers, if there will be any, share one PostgreSQL."""
    try:
        servers.required()
    except ValueError as error:
        raise pytest.UsageError(f"{error}") from error
    if config.getoption("tx", None) and not hasattr(config, "workerinput"):
        servers.lend()


class OneBrowser(LoadFileScheduling):  # type: ignore[misc]  # xdist says nothing of its types
    """A file of tests stays with one worker, as do all files that need a browser, so that only one of those runs."""

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(ALONE):
            return nodeid
        return BROWSER if nodeid.startswith(f"{BROWSER}/") else str(super()._split_scope(nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> OneBrowser | None:
    """Deal the tests out by file, unless the command line says otherwise."""
    return OneBrowser(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest."""
    items.sort(key=lambda item: not item.nodeid.startswith(FIRST))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Measure no coverage of what reaches nothing new, nor of the processes that it starts.

    Note:
        In a worker pytest-cov measures twice, and where one pauses the other goes on: such tests took three times as
        long. So whatever traces is taken away, and put back as it was.
    """
    if not (item.nodeid.startswith(UNTRACED) or any(word in item.nodeid for word in AGAIN)):
        return (yield)
    told, here, threads = os.environ.pop(TRACED, None), sys.gettrace(), threading.gettrace()
    sys.settrace(None)
    threading.settrace(None)
    try:
        return (yield)
    finally:
        threading.settrace(threads)
        sys.settrace(here)
        if told is not None:
            os.environ[TRACED] = told


@pytest.fixture
def postgresql_url() -> Iterator[str]:
    """A fresh, empty PostgreSQL database."""
    with servers.fresh_postgresql(needed("postgresql", lambda: servers.server_url("postgresql"))) as url:
        yield url


@pytest.fixture
def mariadb_url() -> Iterator[str]:
    """A fresh, empty MariaDB database."""
    with servers.fresh_mariadb(needed("mariadb", lambda: servers.server_url("mariadb"))) as url:
        yield url


@pytest.fixture
def redis_url() -> Iterator[str]:
    """An empty Redis database that no other test has."""
    with servers.fresh_redis(needed("redis", lambda: servers.server_url("redis"))) as url:
        yield url


@pytest.fixture
def own_postgres() -> Iterator[OwnPostgres]:
    """A PostgreSQL that the test may crash."""
    with needed("postgresql", OwnPostgres) as server:
        yield server


@pytest.fixture
def own_mariadb() -> Iterator[OwnMariadb]:
    """A MariaDB that the test may crash."""
    with needed("mariadb", OwnMariadb) as server:
        yield server


@pytest.fixture
def own_redis() -> Iterator[OwnRedis]:
    """A Redis that the test may crash."""
    with needed("redis", OwnRedis) as server:
        yield server


def needed(kind: Needed, get: Callable[[], Got]) -> Got:
    """What a test cannot do without: where it is missing the test is skipped or, if it is required, fails."""
    try:
        return get()
    except Missing as error:
        reason = f"{error}"
    if kind in servers.required():
        pytest.fail(f"{reason}, and {servers.REQUIRE} requires it", pytrace=False)
    pytest.skip(reason)
