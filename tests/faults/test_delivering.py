"""deliver with real processes: that are killed, that are stopped and come back, to a subscriber that often fails."""

import json
import os
import random
import signal
import threading
from collections.abc import Sequence

import pytest

from proeftuin import Engine, load_workflow
from proeftuin.storage import open_store
from tests.faults.conftest import impatient
from tests.faults.delivering import SUBSCRIBER
from tests.faults.endpoint import Endpoint
from tests.faults.speaking import Speaking
from tests.faults.storm import Storm
from tests.scale import scaled
from tests.unit.engines import DATA, FLOW, LEAD

# How many events, over how many pilots, and how many workers are killed.
SIZES = {"sqlite": (10_000, 200, 4), "postgresql": (10_000, 200, 4), "mariadb": (2_000, 40, 2)}
PATIENCE = 60.0


@pytest.mark.timeout(600)
def test_every_event_arrives_in_order_whatever_fails(url: str, kind: str) -> None:
    """With workers killed and calls failing, all that is committed arrives, in order, alike each time, and no more."""
    events, pilots, kills = SIZES[kind]
    storm = Storm(impatient(url, 60), pilots, scaled(events), scaled(kills))
    endpoint = storm.run()
    assert [] == storm.faults(endpoint)
    assert set(endpoint.usual) == set(endpoint.faults)
    assert len(endpoint.bodies) > storm.events  # something was sent twice
    assert storm.undone >= (storm.events - storm.pilots) // 10


def test_a_worker_that_was_stopped_beyond_its_lease_writes_nothing(url: str) -> None:
    """Stopped in the middle of a call and continued when another worker has delivered, a worker notes nothing."""
    patient = impatient(url, 60)
    stopped: list[int] = []
    gone, went = threading.Event(), threading.Event()

    def meets(bodies: Sequence[bytes]) -> None:
        """Stop the first worker while its second call is out, until the other one is done."""
        if not stopped and json.loads(bodies[0])["version"] == 2:
            stopped.append(first.pid)
            os.kill(first.pid, signal.SIGSTOP)
            gone.set()
            assert went.wait(PATIENCE)

    with Engine(open_store(patient), workflows=[load_workflow(FLOW)]) as engine:
        engine.subscribe(SUBSCRIBER)
        engine.start("talks", actor=LEAD, data=DATA, id="p")
        for number in range(4):
            engine.fire("p", "note", actor=LEAD, data={"text": f"{number}"})
        endpoint = Endpoint(random.Random(1), usual={"accept": 1}, meets=meets)
        with endpoint.open():
            arguments = ("tests.faults.delivering", patient, f"{endpoint.port}", "1", "1")
            first = Speaking(*arguments)
            try:
                assert gone.wait(PATIENCE)
                second = Speaking(*arguments)
                try:
                    assert endpoint.wait(lambda bodies: versions(bodies)[-1:] == [5], PATIENCE)
                    assert [5, 0] == json.loads(second.end().splitlines()[-1])
                    (before,) = engine.lanes(SUBSCRIBER)
                    os.kill(first.pid, signal.SIGCONT)
                    went.set()
                    assert [0, 0] == json.loads(first.end().splitlines()[-1])
                finally:
                    second.close()
            finally:
                first.close()
        assert (before,) == engine.lanes(SUBSCRIBER)
        assert (5, 5, 0, None, False) == (before.delivered, before.target, before.attempts, before.due, before.claimed)
    came = list(dict.fromkeys(versions(endpoint.bodies)))
    assert [1, 2, 3, 4, 5] == came


def versions(bodies: Sequence[bytes]) -> list[int]:
    return [json.loads(one)["version"] for one in bodies]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_worker_that_is_told_to_stop_leaves_no_claim(url: str) -> None:
    """When a worker ends in good order under load, no lane is held, and nothing that arrived is sent again."""
    patient = impatient(url, 60)
    with Engine(open_store(patient), workflows=[load_workflow(FLOW)]) as engine:
        engine.subscribe(SUBSCRIBER)
        for number in range(30):
            engine.start("talks", actor=LEAD, data=DATA, id=f"p{number}")
        endpoint = Endpoint(random.Random(1), usual={"accept": 1})
        with endpoint.open():
            for wanted in (5, 30):
                worker = Speaking("tests.faults.delivering", patient, f"{endpoint.port}", "10", "1")
                try:
                    assert endpoint.wait(lambda bodies, wanted=wanted: len(bodies) >= wanted, PATIENCE)  # type: ignore[misc]  # a default
                    worker.end()
                finally:
                    worker.close()
                assert [] == [one for one in engine.lanes(SUBSCRIBER) if one.claimed]
        assert 0 == engine.lag(SUBSCRIBER).behind
    assert 30 == len(endpoint.bodies) == len(set(endpoint.bodies))
