"""Hints between processes on a real server: heard, too early, cut off, in floods; and a command that hears them."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from time import monotonic

import psycopg
import pytest
from sqlalchemy import make_url

from proeftuin import Actor, Engine, StoreUnavailable
from proeftuin.spi import Wakes
from proeftuin.storage import open_store
from proeftuin.waking import SPACING, Listening
from tests.faults.statements import heard
from tests.faults.test_statement_count import HINT
from tests.faults.watching import Watch
from tests.unit.delivery.catching import Catching
from tests.unit.engines import DATA, LEAD, engine

pytestmark = pytest.mark.parametrize("kind", ["postgresql"])
LONG = 60.0
ANNA = Actor("anna", roles={"coordinator"})


@pytest.fixture
def writer(url: str) -> Iterator[Engine]:
    """An engine with a pilot and a subscriber."""
    with engine(open_store(url)) as made:
        made.subscribe("hr")
        made.start("talks", actor=LEAD, data=DATA, id="p")
        yield made


@pytest.fixture
def worker(url: str, writer: Engine) -> Iterator[Engine]:
    """An engine on a store of its own, as another process has, to which nothing is left to be delivered."""
    with engine(open_store(url)) as made:
        assert "p" == writer.get("p").id
        assert 1 == made.deliver({"hr": Catching()}).done
        yield made


def note(on: Engine, text: str) -> None:
    """Something happens."""
    on.fire("p", "note", actor=LEAD, data={"text": text})


def notes(on: Engine, count: int) -> None:
    """So many things happen, one after the other."""
    for number in range(count):
        note(on, f"{number}")


def quiet(waits: Listening) -> None:
    """Return when nothing is told any more; the first look is for hints that came before anybody listened."""
    while waits.wait(0.5):
        pass


def delivered(worker: Engine, waits: Listening, events: int) -> int:
    """Deliver at each hint until so many events came; return how often it was looked."""
    sink, looks = Catching(), 0
    while len(sink.events) < events:
        assert waits.wait(LONG)
        worker.deliver({"hr": sink})
        looks += 1
    assert len(sink.events) == len(set(sink.ids))
    return looks


@contextmanager
def host(url: str) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    """A connection of a host, in a transaction that is committed at the end."""
    with psycopg.connect(make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)) as made:
        yield made


def test_a_commit_wakes_a_worker_elsewhere(writer: Engine, worker: Engine) -> None:
    """What one process commits is delivered by another that would otherwise have waited for a minute."""
    with worker.listen() as waits:
        quiet(waits)
        note(writer, "one")
        assert 1 == delivered(worker, waits, 1)


def test_what_follows_within_the_spacing_of_a_hint_is_delivered_too(writer: Engine, worker: Engine) -> None:
    """Of a flood of commits every event is delivered, by hints alone, in far fewer looks than there were commits."""
    with worker.listen() as waits:
        threading.Thread(target=lambda: notes(writer, 200)).start()
        assert delivered(worker, waits, 200) < 100


def test_a_flood_of_hints_is_few_looks(url: str, writer: Engine, worker: Engine) -> None:
    """Ten thousand hints that others send are looked at a few times, and hold up nothing."""
    with worker.listen() as waits, host(url) as other:
        other.autocommit = True
        for _ in range(10_000):
            other.execute(HINT)
        note(writer, "one")
        looks = 0
        while waits.wait(0.5):
            looks += 1
        assert 2 <= looks < 100
        assert 1 == worker.deliver({"hr": Catching()}).done


def test_a_hint_that_is_too_early_loses_nothing(url: str, writer: Engine, worker: Engine) -> None:
    """A hint that comes before its commit finds nothing, and the commit is delivered by a later look."""
    with worker.listen() as waits:
        with host(url) as connection:
            note(writer.using(connection), "one")
            assert waits.wait(LONG)
            assert 0 == worker.deliver({"hr": Catching()}).done
        waits.wait(1)
        assert 1 == worker.deliver({"hr": Catching()}).done


def test_a_listener_whose_session_is_ended_goes_on(writer: Engine, worker: Engine, watch: Watch) -> None:
    """Cut off from the server a listener looks, listens anew by itself, and hears of the next commit."""
    before = watch.sessions()
    with worker.listen() as waits:
        (session,) = watch.sessions() - before
        quiet(waits)
        watch.end(session)
        note(writer, "one")
        assert 2 >= delivered(worker, waits, 1)
        quiet(waits)
        assert session not in watch.sessions()
        note(writer, "two")
        assert 1 == delivered(worker, waits, 1)
    assert len(before) + 1 >= watch.left(len(before))


def test_a_command_whose_hint_cannot_be_sent_has_succeeded(writer: Engine, watch: Watch) -> None:
    """A hint on a connection that was cut fails by itself, and what is done next is done as ever."""
    store = writer._store
    assert isinstance(store, Wakes)
    for session in watch.sessions():
        watch.end(session)
    with pytest.raises(StoreUnavailable):
        store.wake()
    store.wake()  # nothing lies idle any more
    note(writer, "one")
    assert 2 == writer.get("p").version


def test_a_listener_leaves_no_session_behind(worker: Engine, watch: Watch) -> None:
    """A listener holds one session of the server, and none when it is closed."""
    before = len(watch.sessions())
    with worker.listen():
        assert before + 1 == len(watch.sessions())
    assert before == watch.left(before)


def test_hints_are_few_however_much_is_committed(writer: Engine) -> None:
    """A hundred commands, ten to each time between two hints, send ten hints with fifty subscribers, as with none."""
    for number in range(50):
        writer.subscribe(f"subscriber-{number}")
    statements: list[str] = []
    seconds = count(start=monotonic() + SPACING, step=SPACING / 10)
    writer._writer._waker._clock = lambda: next(seconds)
    with heard(lambda text, after: None if after else statements.append(text)):
        notes(writer, 100)
    assert 9 <= statements.count(HINT) <= 11


def test_a_worker_delivers_at_a_hint_and_ends_at_a_signal(url: str, tmp_path: Path) -> None:
    """`proeftuin work` that looks only once an hour delivers whatever is committed at once, and ends on SIGTERM."""
    file = tmp_path / "pilots.jsonl"
    command = [sys.executable, "-m", "proeftuin", "work", "--store", url, "--json", "--every", "3600"]
    command += ["--deliver-every", "3600", "--to", f"hr=log://{file}"]
    with Engine.open(url) as writer:
        writer.subscribe("hr")
        data = {"title": "Catering", "organisation": "DJI"}
        writer.start("existing-contract", actor=ANNA, data=data, id="p")
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            told = [json.loads(process.stdout.readline())]
            for number in range(3):  # the first may be found by the first look
                writer.fire("p", "add_lesson", actor=ANNA, data={"text": f"{number}"})
                told.append(json.loads(process.stdout.readline()))
            os.kill(process.pid, signal.SIGTERM)
            assert 0 == process.wait(LONG)
    assert [1] * 4 == [one["delivered"] for one in told]
    assert 4 == len(file.read_text().splitlines())
