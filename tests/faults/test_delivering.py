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
from tests.faults.endpoint import USUAL, Endpoint
from tests.faults.speaking import Speaking
from tests.faults.storm import Storm, Web
from tests.scale import RELEASE, scaled
from tests.unit.engines import DATA, FLOW, LEAD

PATIENCE = 60.0
# How many events, over how many pilots; before a release PostgreSQL takes the most that is promised.
SIZES = {"sqlite": (scaled(10_000), 200), "postgresql": (500_000, 1_000) if RELEASE else (10_000, 200)}
# Before a release the endpoint fails 70 times of 100; of more time-outs than these the test would consist.
WORST = {"accept": 300, "error": 250, "reset": 224, "lose": 225, "hang": 1}


@pytest.mark.timeout(4 * 3600 if RELEASE else 600)
@pytest.mark.parametrize(("kind", "mode"), [("sqlite", "structured"), ("postgresql", "binary")])
def test_every_webhook_arrives_in_order_whatever_fails(url: str, kind: str, mode: str) -> None:
    """With workers killed and calls failing, what is committed arrives signed, in order and alike each time; no more."""
    events, pilots = SIZES[kind]
    far = Web(mode, usual=WORST) if RELEASE else Web(mode)
    storm = Storm(impatient(url, 60), pilots, events, scaled(6), far=far)
    ledger = storm.run()
    assert [] == storm.amiss(ledger)
    assert set(far.usual) == set(far.did)  # it failed in every way
    assert ledger.came > storm.events  # something was sent twice
    assert all(storm.undone)  # by a hook, and by the host


@pytest.mark.timeout(600)
@pytest.mark.parametrize("kind", ["mariadb"])
def test_every_event_arrives_in_order_whatever_fails(url: str) -> None:
    """With workers killed and calls failing, a sink of one's own gets all that is committed in order, and no more."""
    storm = Storm(impatient(url, 60), pilots=40, events=scaled(2_000), kills=scaled(2))
    ledger = storm.run()
    assert [] == storm.amiss(ledger)
    assert set(USUAL) == set(storm.far.did)
    assert ledger.came > storm.events  # something was sent twice
    assert all(storm.undone)  # by a hook, and by the host


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
            arguments = ("tests.faults.delivering", patient, "socket", f"{endpoint.port}", "1", "1")
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
                worker = Speaking("tests.faults.delivering", patient, "socket", f"{endpoint.port}", "10", "1")
                try:
                    assert endpoint.wait(lambda bodies, wanted=wanted: len(bodies) >= wanted, PATIENCE)  # type: ignore[misc]  # a default
                    worker.end()
                finally:
                    worker.close()
                assert [] == [one for one in engine.lanes(SUBSCRIBER) if one.claimed]
        assert 0 == engine.lag(SUBSCRIBER).behind
    assert 30 == len(endpoint.bodies) == len(set(endpoint.bodies))
