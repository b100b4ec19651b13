"""The timer on Celery: a real worker with beat, on a real broker."""

from itertools import islice
from pathlib import Path

import pytest

from proeftuin import Actor, Engine
from proeftuin.receiving import new_secret, verify
from tests.examples.programs import Past, copied
from tests.sinks.servers import receiver

WORKER = ("celery", "--app", "tasks", "worker", "--beat", "--concurrency", "1", "--loglevel", "INFO")
LINES = 2000  # a worker says some at every beat; after so many beats it will not do any more what it did not


def test_a_reminder_that_is_due_reaches_a_receiver(tmp_path: Path, redis_url: str) -> None:
    """A worker with beat reminds of what a pilot owes and delivers it in order, and ends when it is told to."""
    store = f"sqlite:///{tmp_path / 'hr.db'}"
    with Engine.open(store, time=Past(40)) as engine:
        anna, data = Actor("anna", roles={"coordinator"}), {"title": "Canteen", "organisation": "Voorbeeld"}
        engine.start("existing-contract", actor=anna, data=data, id="canteen")
    secret = new_secret()
    with receiver() as hook:
        told = {"HR_HOOK": hook.url, "HR_LOCAL_PORT": f"{hook.port}", "HR_SECRET": secret, "HR_EVERY": "0.5"}
        timer = copied("celery_hr", tmp_path, PROEFTUIN_STORE=store, HR_BROKER=redis_url, **told)
        with timer.running(*WORKER) as worker:
            assert worker.stdout is not None
            said = []
            for line in islice(worker.stdout, LINES):
                said.append(line)
                events = [verify(one.headers, one.body, secret) for one in hook.requests]
                if "clock.reminded" in {one.type for one in events}:
                    break
            else:
                pytest.fail(f"no reminder came, and the worker said:\n{''.join(said)}")
    assert 0 == worker.returncode
    with Engine.open(store) as engine:
        kept = [one.id for one in engine.history("canteen")]
    arrived = list(dict.fromkeys(one.id for one in events))  # what came again counts once
    assert kept[: len(arrived)] == arrived
