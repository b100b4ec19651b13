"""Lives of pilots as Temporal writes them down, for tests that replay them.

    python -m tests.temporal_histories adapters/proeftuin-temporal/tests/histories/1

plays them on a server whose time is skipped, and writes each run of each workflow as JSON. That is done when there is a
new kind of life to replay, into a new folder. What is there stays as it is: running pilots have such histories.
"""

import json
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from time import sleep
from typing import Any

from proeftuin import Refused
from proeftuin.spi import NotDelivered, Parcel
from proeftuin_temporal import Delivery, TemporalEngine
from tests.temporal import RULES, OwnTemporal, OwnTimeSkipper, SkippedTime, Working
from tests.unit.engines import BOARD, LEAD, REF
from tests.unit.ticking import OFFICER

MACHINE = {"identity", "stackTrace", "buildId", "binaryChecksum"}
PROCESS = re.compile(r"\d+@.+")  # a queue of one worker is named after its process and machine


class Moody:
    """A sink that is closed the first time."""

    def __init__(self) -> None:
        self._closed = True

    def send(self, parcel: Parcel) -> None:
        if self._closed:
            self._closed = False
            raise NotDelivered("closed")


def lived(engine: TemporalEngine, time: SkippedTime) -> dict[str, str]:
    """Live, and tell which pilots did what."""
    terms = engine.start("terms", actor=LEAD, data={"title": "x"}).pilot.id
    engine.fire(terms, "identify", actor=LEAD, track="acme")
    engine.fire(terms, "ask", actor=LEAD, track="acme")
    time.skip(timedelta(days=9))
    engine.fire(terms, "note", actor=LEAD, data={"text": "x"})
    time.skip(timedelta(days=30))
    engine.subscribe(terms, "desk", after=3)
    time.skip(timedelta(days=1))
    talks = engine.start("talks", actor=LEAD, data={"title": "x", "organisation": "o"}, key="k").pilot.id
    with suppress(Refused):
        engine.fire(talks, "finish", actor=BOARD)
    fires: list[tuple[str, Any, dict[str, Any] | None, str | None]] = [
        ("talk", LEAD, None, None),
        ("note", LEAD, {"text": "x"}, None),
        ("seal", LEAD, {"terms": "x"}, None),
        ("seal", BOARD, None, None),
        ("identify", LEAD, None, "acme"),
        ("place", LEAD, {"participant": REF, "start": "2026-01-05", "kind": "training"}, "acme"),
    ]
    for trigger, actor, data, track in fires:
        engine.fire(talks, trigger, actor=actor, data=data, track=track)
    engine.fire(talks, "note", actor=LEAD, data={"text": "y"}, key="once")
    engine.fire(talks, "note", actor=LEAD, data={"text": "y"}, key="once")
    engine.look_up(talks, "s1", actor=OFFICER, reason="a complaint")
    engine.erase(talks, REF, actor=OFFICER, reason="asked for")
    engine.fire(talks, "finish", actor=BOARD)
    started = engine.fire(talks, "follow", actor=LEAD, data={"title": "again"}).started
    return {"talks": talks, "follow-up": str(started), "terms": terms}


def record(folder: Path) -> None:
    """Live, and write down what Temporal has of it."""
    folder.mkdir(parents=True, exist_ok=True)
    subscribers = {"desk": Delivery(Moody())}
    with OwnTimeSkipper() as server, Working(server.target, RULES, subscribers=subscribers) as working:
        time = SkippedTime(working)
        with TemporalEngine.open(server.url, RULES, time=time, subscribers=["desk"]) as engine:
            for name, pilot in lived(engine, time).items():
                write(folder, name, working, pilot)
    with OwnTemporal() as real:
        subscribed(folder, real)


def subscribed(folder: Path, server: OwnTemporal) -> None:
    """Live as a pilot that is told of a subscriber before any worker has begun it."""
    with TemporalEngine.open(server.url, RULES, seconds=60) as engine, ThreadPoolExecutor(1) as aside:
        pilot = engine.start("talks", actor=LEAD, data={"title": "x", "organisation": "o"}).pilot.id
        asked = aside.submit(engine.subscribe, pilot, "desk", after=0)
        sleep(2)  # until the server has the update, which nothing tells
        with Working(server.target, RULES, subscribers={"desk": Delivery(Moody())}) as working:
            asked.result()
            for version in (1, 2):
                while engine.lanes(pilot)["places"]["desk"] < version:
                    sleep(0.1)
                if version == 1:
                    engine.fire(pilot, "note", actor=LEAD, data={"text": "x"})
            write(folder, "subscribed", working, pilot)


def write(folder: Path, name: str, working: Working, pilot: str) -> None:
    """Write down each run of a pilot."""
    for number, text in enumerate(working.background.do(runs(working, pilot)), 1):
        (folder / f"{name}-{number}.json").write_text(scrubbed(text) + "\n", encoding="utf-8")


def scrubbed(text: str) -> str:
    """Return a history that tells nothing of the machine on which it was written."""
    return json.dumps(_scrubbed(json.loads(text)), indent=1)


def _scrubbed(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: "" if name in MACHINE else _scrubbed(one) for name, one in value.items()}
    if isinstance(value, str):
        return PROCESS.sub("", value)
    return [_scrubbed(one) for one in value] if isinstance(value, list) else value


async def runs(working: Working, pilot: str) -> list[str]:
    """Return the history of each run of a pilot, the first one first."""
    run, texts = (await working.client.get_workflow_handle(f"pilot:{pilot}").describe()).run_id, list[str]()
    while run:
        history = await working.client.get_workflow_handle(f"pilot:{pilot}", run_id=run).fetch_history()
        texts.insert(0, history.to_json())
        run = history.events[0].workflow_execution_started_event_attributes.continued_execution_run_id
    return texts


if __name__ == "__main__":
    record(Path(sys.argv[1]))
