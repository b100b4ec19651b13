"""`proeftuin work` as real processes that post to an endpoint: stopped and continued, told to end, and told twice."""

import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from proeftuin import Actor, Engine
from tests.faults.conftest import impatient
from tests.faults.speaking import Speaking
from tests.scale import scaled
from tests.sinks.parcels import SECRET, SOURCE
from tests.sinks.servers import Receiver, Request, receiver

PATIENCE = 60.0
LEAD = Actor("lead-1", roles={"coordinator"})
Work = Callable[..., Speaking]


@pytest.fixture
def endpoint() -> Iterator[Receiver]:
    """An endpoint in this process."""
    with receiver() as made:
        yield made


@pytest.fixture
def work(url: str, endpoint: Receiver, tmp_path: Path) -> Iterator[Work]:
    """Starts a worker that posts to the endpoint, one event at a time; those that still run are killed at the end."""
    sinks, started = tmp_path / "sinks.toml", list[Speaking]()

    def start(seconds: float = 1) -> Speaking:
        sinks.write_text(
            f'[hr]\nurl = "{endpoint.url}"\nsource = "{SOURCE}"\nsecrets = ["{SECRET}"]\n'
            f"ports = [{endpoint.port}]\ninsecure_loopback = true\nseconds = {seconds}\nbatch = 1\n"
        )
        options = ("--sinks", f"{sinks}", "--store", impatient(url, 60), "--deliver-every", "1", "--json")
        started.append(Speaking("proeftuin", "work", *options))
        return started[-1]

    yield start
    for one in started:
        one.close()


def told(worker: Speaking) -> int:
    """Tell a worker to end; it ends well, and has told that it delivered so many events."""
    os.kill(worker.pid, signal.SIGTERM)
    return sum(json.loads(line)["delivered"] for line in worker.end().splitlines())


def taken(worker: Speaking) -> None:
    """Wait until no signal waits for a worker: a busy machine may give it one later than an answer that came after."""
    status = Path(f"/proc/{worker.pid}/status")
    while any(int(line.split()[1], 16) for line in status.read_text().splitlines() if line.startswith("ShdPnd:")):
        time.sleep(0.01)


def begun(engine: Engine, pilots: int, events: int = 1) -> None:
    engine.subscribe("hr")
    for number in range(pilots):
        data = {"title": "Catering", "organisation": "DJI"}
        engine.start("existing-contract", actor=LEAD, data=data, id=f"p{number}")
        for lesson in range(events - 1):
            engine.fire(f"p{number}", "add_lesson", actor=LEAD, data={"text": f"{lesson}"})


def ids(endpoint: Receiver) -> list[str]:
    return [json.loads(one.body)["id"] for one in endpoint.requests]


@contextmanager
def meeting(endpoint: Receiver, wanted: Callable[[str], bool]) -> Iterator[tuple[threading.Event, threading.Event]]:
    """Hold the first request with a wanted id: the first event is set when it is there, the other lets it go."""
    there, go, met = threading.Event(), threading.Event(), list[Any]()

    def meets(request: Request) -> None:
        if not met and wanted(json.loads(request.body)["id"]):
            met.append(request)
            there.set()
            assert go.wait(PATIENCE)

    endpoint.meets = meets
    try:
        yield there, go
    finally:
        go.set()


def test_a_worker_that_was_stopped_beyond_its_lease_writes_nothing(url: str, endpoint: Receiver, work: Work) -> None:
    """Stopped while a request is out, and continued when another one delivered, a worker sends and notes nothing."""
    with Engine.open(url) as engine:
        begun(engine, 1, events=5)
        with meeting(endpoint, lambda one: one == "p0-2") as (there, go):
            first = work()
            assert there.wait(PATIENCE)
            os.kill(first.pid, signal.SIGSTOP)
            second = work()
            assert {"subscriber": "hr", "delivered": 5, "failed": 0} == json.loads(second.hear())
            (before,) = engine.lanes("hr")
            os.kill(first.pid, signal.SIGCONT)
            go.set()
            assert 0 == told(first)
        assert 0 == told(second)
        assert (before,) == engine.lanes("hr")
    assert (5, 5, 0, None, False) == (before.delivered, before.target, before.attempts, before.due, before.claimed)
    assert ["p0-1", "p0-2", "p0-1", "p0-2", "p0-3", "p0-4", "p0-5"] == ids(endpoint)


@pytest.mark.parametrize(("kind", "signals"), [("sqlite", 1), ("sqlite", 2), ("postgresql", 2)])
def test_a_worker_that_is_told_to_end_under_load_leaves_no_claim(
    url: str, endpoint: Receiver, work: Work, signals: int
) -> None:
    """With a request out and lanes claimed, told once or twice, it notes that request, and lets go of the rest."""
    pilots, rounds = scaled(30), scaled(2)
    with Engine.open(url) as engine:
        begun(engine, pilots)
        for number in range(1, rounds + 1):
            came = len(endpoint.requests)
            with meeting(endpoint, lambda _, came=came: len(endpoint.requests) == came + 5) as (there, go):  # type: ignore[misc]  # a default
                worker = work(PATIENCE)
                assert there.wait(PATIENCE)
                for _ in range(signals):
                    os.kill(worker.pid, signal.SIGTERM)
                taken(worker)
                go.set()
                assert 5 == told(worker)
            assert [] == [one for one in engine.lanes("hr", limit=1000) if one.claimed]
            assert 5 * number == len(endpoint.requests) == pilots - engine.lag("hr").behind
    assert len(endpoint.requests) == len(set(ids(endpoint)))


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_worker_ends_although_an_endpoint_does_not_answer(url: str, endpoint: Receiver, work: Work) -> None:
    """Told to end while a request is not answered, a worker waits for its time-out alone, and leaves no claim."""
    endpoint.hung = True
    there = threading.Event()
    endpoint.meets = lambda _: there.set()
    with Engine.open(url) as engine:
        begun(engine, 30)
        worker = work()
        assert there.wait(PATIENCE)
        assert 0 == told(worker)
        lanes = engine.lanes("hr", limit=100)
        assert [1] == [one.attempts for one in lanes if one.error]
        assert [] == [one for one in lanes if one.claimed]
    assert 1 == len(endpoint.requests)
