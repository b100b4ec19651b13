"""From the log of an engine to a stream: through `deliver`, through the command, and past servers that die."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
from nats.js import JetStreamContext

from proeftuin import Actor, Engine
from proeftuin.cli import main
from proeftuin.cloudevent import STRUCTURED, read
from proeftuin.delivery import Schedule
from proeftuin_nats import NatsSink
from tests.nats_bus import Bus, TunedNats
from tests.scale import scaled
from tests.unit.engines import DATA, LEAD, REF, RIVAL, SELLER, TODAY, engine

Opened = Callable[..., NatsSink]
Started = Callable[..., TunedNats]

SOON = Schedule(first=timedelta(milliseconds=20), factor=2, longest=timedelta(milliseconds=200), attempts=100_000)
PATIENCE = 240.0
ANNA = Actor("anna", roles={"coordinator"})


def test_a_pilot_comes_to_the_stream(bus: Bus, opened: Opened) -> None:
    """What `deliver` brings is in the stream in order, as the history has it, and once after everything was resent."""
    on = engine()
    on.subscribe("bus")
    on.start("talks", actor=LEAD, data=DATA, id="p 1.x")
    on.fire("p 1.x", "talk", actor=LEAD)
    sink = opened(bus.url)
    assert (2, 0) == (on.deliver({"bus": sink}).done, on.lag("bus").behind)
    on.resend("bus", "p 1.x", after=0)
    on.fire("p 1.x", "note", actor=LEAD, data={"text": "3"})
    assert 3 == on.deliver({"bus": sink}).done

    kept = bus.kept
    assert [f"p 1.x-{version}" for version in (1, 2, 3)] == [one.id for one in kept]
    assert f"{bus.prefix}.default.talks.p%201%2Ex.pilot.moved" == kept[1].subject
    assert [one.digest for one in on.history("p 1.x")] == [json.loads(one.body)["data"]["digest"] for one in kept]


def test_a_participant_is_in_no_message(bus: Bus, opened: Opened) -> None:
    """The ref under which the host knows a participant is in no subject, no header and no body."""
    on = engine()
    on.start("talks", actor=LEAD, data=DATA, id="p")
    on.fire("p", "identify", actor=LEAD, track="acme")
    on.fire("p", "place", actor=SELLER, track="acme", data={"participant": REF, "start": TODAY, "kind": "training"})
    on.subscribe("bus", start="beginning")
    on.deliver({"bus": opened(bus.url)})
    kept = bus.kept
    assert b'"participant":"s1"' in kept[-1].body
    assert REF not in f"{kept}"


def test_who_shares_a_stream_loses_nothing(bus: Bus, opened: Opened) -> None:
    """Two tenants with pilots of one id, and two subscriptions of which one shows less, have all their events there."""
    on = engine()
    sink = opened(bus.url)
    for one in (on, on.for_tenant("other")):
        one.subscribe("bus")
        one.subscribe("acme", party="acme")
        one.start("talks", actor=LEAD, data=DATA, id="p")
        one.fire("p", "identify", actor=LEAD, track="rival")
        one.fire("p", "remark", actor=RIVAL, track="rival", data={"text": "RIVAL-MARKER"})
        one.fire("p", "identify", actor=LEAD, track="acme")
        one.deliver({"bus": sink, "acme": sink})
    found = [(one.headers["Nats-Msg-Id"].split(".")[1:3], one.id) for one in bus.kept]
    for tenant in ("default", "other"):
        assert [f"p-{version}" for version in (1, 2, 3, 4)] == [event for who, event in found if who == ["bus", tenant]]
        assert ["p-4"] == [event for who, event in found if who == ["acme", tenant]]


def test_the_command_delivers(bus: Bus, tmp_path: Path) -> None:
    """`proeftuin deliver --to NAME=nats://...` brings what is due."""
    store = stored(tmp_path)
    words = ("deliver", "--to", f"bus={bus.url}", "--store", store, "--json")
    done = subprocess.run([sys.executable, "-m", "proeftuin", *words], capture_output=True, text=True, check=True)
    assert {"done": 1, "failed": 0, "more": False} == json.loads(done.stdout)
    assert ["canteen-1"] == bus.ids


def test_the_command_reads_secrets_from_a_file(
    started: Started, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A password from the environment opens the server, a wrong one is a failure; neither is printed or kept."""
    bus = Bus.on(started("--user", "ann", "--pass", "canary").url, ("ann", "canary"))
    store, sinks = stored(tmp_path), tmp_path / "sinks.toml"
    sinks.write_text(f'[bus]\nurl = "{bus.url}"\nuser = "ann"\npassword = {{env = "NATS_PASSWORD"}}\n')
    for password, status in (("canary-not", 1), ("canary", 0)):
        monkeypatch.setenv("NATS_PASSWORD", password)
        assert 0 == main(("resend", "bus", "canteen", "--store", store))
        assert status == main(("deliver", "--sinks", f"{sinks}", "--store", store))
    assert ["canteen-1"] == bus.ids
    assert "canary" not in "".join(capsys.readouterr())
    assert not [file for file in tmp_path.glob("pilots.db*") if b"canary" in file.read_bytes()]


def stored(folder: Path) -> str:
    """The URL of a store with a pilot that `bus` is to be told of."""
    store = f"sqlite:///{folder / 'pilots.db'}"
    with Engine.open(store) as on:
        on.subscribe("bus")
        on.start("existing-contract", actor=ANNA, data={"title": "Canteen", "organisation": "Voorbeeld"}, id="canteen")
    return store


def test_each_event_is_there_once_whatever_the_server_does(started: Started, opened: Opened, tmp_path: Path) -> None:
    """With a server that is killed again and again under two workers, all is there once, in order for each pilot."""
    pilots, events, kills = [f"pilot-{number}" for number in range(10)], scaled(400), scaled(3)
    server, store = started(), f"sqlite:///{tmp_path / 'pilots.db'}"
    bus, failed = Bus.on(server.url), list[int]()
    with Engine.open(store) as on:
        on.subscribe("bus")
        for one in pilots:
            on.start("existing-contract", actor=ANNA, data={"title": one, "organisation": "Voorbeeld"}, id=one)
        for number in range(events - len(pilots)):
            on.fire(pilots[number % len(pilots)], "add_lesson", actor=ANNA, data={"text": f"lesson {number}"})
        bus.make(duplicate_window=3600)
        with working(store, [opened(bus.url), opened(bus.url)], failed):
            for kill in range(1, kills + 1):
                until(lambda kill=kill: held(bus) >= events * kill // (kills + 1))  # type: ignore[misc]  # a default
                before = len(failed)
                server.stop(immediate=True)
                until(lambda before=before: len(failed) > before)  # type: ignore[misc]  # a default
                server.start()
            until(lambda: not on.lag("bus").behind)
        committed = {one: [event.digest for event in on.history(one)] for one in pilots}
    came: dict[str, list[str]] = {one: [] for one in pilots}
    for message in bus.kept:
        event = read({"content-type": STRUCTURED}, message.body)
        came[event.pilot].append(event.digest)
    assert committed == came
    assert events == sum(len(those) for those in came.values())


def held(bus: Bus) -> int:
    async def last(js: JetStreamContext) -> int:
        return (await js.stream_info(bus.stream)).state.messages

    return bus.ask(last)


@contextmanager
def working(store: str, sinks: list[NatsSink], failed: list[int]) -> Iterator[None]:
    """Deliver in a thread for each sink, and note each time that some failed."""
    ended = Event()

    def work(sink: NatsSink) -> None:
        with Engine.open(store) as on:
            while not ended.is_set():
                came = on.deliver({"bus": sink}, schedule=SOON, stop=ended.is_set)
                if came.failed:
                    failed.append(came.failed)
                if not came.done:
                    ended.wait(0.01)

    workers = [Thread(target=work, args=(sink,)) for sink in sinks]
    for worker in workers:
        worker.start()
    try:
        yield
    finally:
        ended.set()
        for worker in workers:
            worker.join(PATIENCE)


def until(done: Callable[[], bool]) -> None:
    """Wait for what others bring about."""
    pause = Event()
    for _ in range(int(PATIENCE / 0.01)):
        if done():
            return
        pause.wait(0.01)
    raise AssertionError("it never came about")
