"""Servers for the tests, of their own: both come with wheels, so none is ever missing."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta

import pytest

from proeftuin_temporal import TemporalEngine
from tests.temporal import RULES, OwnTemporal, OwnTimeSkipper, SkippedTime, Working

Opened = Callable[..., TemporalEngine]


@pytest.fixture(scope="session")
def server() -> Iterator[OwnTemporal]:
    """A real server."""
    with OwnTemporal() as started:
        yield started


@pytest.fixture(scope="session")
def working(server: OwnTemporal) -> Iterator[Working]:
    """A worker on it."""
    with Working(server.target, RULES) as worker:
        yield worker


@pytest.fixture
def opened(server: OwnTemporal, working: Working) -> Iterator[Opened]:
    """Opens engines on the real server, which are closed after the test."""
    with ExitStack() as stack:
        yield lambda rules=RULES, **options: stack.enter_context(TemporalEngine.open(server.url, rules, **options))


@pytest.fixture
def engine(opened: Opened) -> TemporalEngine:
    """An engine on the real server."""
    return opened()


@pytest.fixture
def skipper() -> Iterator[OwnTimeSkipper]:
    """A server whose time can be skipped; what is left on one would hold up its time for others."""
    with OwnTimeSkipper() as started:
        yield started


@pytest.fixture
def skipped(skipper: OwnTimeSkipper) -> Iterator[tuple[TemporalEngine, SkippedTime]]:
    """An engine with a worker on such a server, and its time."""
    with Working(skipper.target, RULES) as worker:
        time = SkippedTime(worker)
        with TemporalEngine.open(skipper.url, RULES, time=time, offset=timedelta(0)) as engine:
            yield engine, time
