"""Servers that crash and come back under eight writers: nothing acknowledged is lost, and no retry acts twice."""

import os
import threading
from collections import Counter
from itertools import count
from time import monotonic

import pytest
from attrs import define, field

from proeftuin import Conflict, Engine, Event
from proeftuin.errors import OutcomeUnknown, StoreBusy, StoreError, StoreUnavailable
from proeftuin.heads import SURE
from proeftuin.storage.sql import upgrade
from tests.domain.life import Clock, person
from tests.faults.conftest import SERVERS, plain
from tests.faults.journal import Journal, by_pilot
from tests.faults.linear import violations
from tests.serving import OwnServer

WRITERS = 8
CRASHES = 6  # in one run
BETWEEN = 200  # acknowledged commands before a crash
PILOTS = 40  # in one run
TOGETHER = 4  # commands of a writer on a pilot, before all go on to the next
HOUR = float(os.environ.get("PROEFTUIN_TEST_MONKEY_SECONDS", "3600"))
RESTARTS = 60  # in that hour at least

DOCUMENTED = {StoreUnavailable, StoreBusy, OutcomeUnknown, Conflict}
LEAD = person("coordinator")


@pytest.fixture
def server(kind: str, request: pytest.FixtureRequest) -> OwnServer:
    own: OwnServer = request.getfixturevalue({"postgresql": "own_postgres", "mariadb": "own_mariadb"}[kind])
    upgrade(own.url)
    return own


@define
class Writers:
    """Threads that write lessons on pilots, each retried under its key until it is known to be there."""

    engine: Engine
    pilots: list[str]
    journal: Journal = field(factory=Journal)
    errors: Counter[type[Exception]] = field(factory=Counter)
    up: threading.Event = field(factory=threading.Event)
    stop: threading.Event = field(factory=threading.Event)
    news: threading.Condition = field(factory=threading.Condition)
    acked: int = 0

    def run(self, name: str) -> None:
        """Be one of the threads."""
        for number in count():
            if self.stop.is_set():
                return
            pilot_id = self.pilots[number // TOGETHER % len(self.pilots)]
            try:
                self._until_known(name, pilot_id, f"{name}-{number}")
            except Exception as error:  # noqa: BLE001  # any other error is what the test looks for
                self._note(error)
                return
            with self.news:
                self.acked += 1
                self.news.notify_all()

    def _until_known(self, name: str, pilot_id: str, key: str) -> None:
        while True:
            try:
                self.journal.read(name, pilot_id, lambda: self._read(pilot_id))
                return self.journal.write(name, pilot_id, key, None, lambda: self._write(pilot_id, key))
            except (StoreError, Conflict) as error:
                self._note(error)
                self.up.wait()  # rather than ask a server that is down again and again

    def _note(self, error: Exception) -> None:
        with self.news:
            self.errors[type(error)] += 1
            self.news.notify_all()

    def _read(self, pilot_id: str) -> tuple[int, str]:
        pilot = self.engine.get(pilot_id)
        lessons = pilot.records("lesson")
        return pilot.version, lessons[-1].data["text"] if lessons else "start"

    def _write(self, pilot_id: str, key: str) -> tuple[int, bool]:
        result = self.engine.fire(pilot_id, "add_lesson", actor=LEAD, data={"text": key}, key=key)
        return result.pilot.version, result.duplicate

    def progress(self) -> None:
        """Return when so many more commands are acknowledged, or something came that never should."""
        with self.news:
            wanted = self.acked + BETWEEN
            self.news.wait_for(lambda: self.acked >= wanted or self.errors.keys() - DOCUMENTED)


def crashed(server: OwnServer, engine: Engine, first: int) -> Counter[type[Exception]]:
    """Crash a server under writers, judge what they were told, and return the errors that they saw."""
    pilots = [f"p{number}" for number in range(first, first + PILOTS)]
    for name in pilots:
        engine.start("existing-contract", actor=LEAD, data={"title": "Catering", "organisation": "DJI"}, id=name)
    writers = Writers(engine, pilots)
    writers.up.set()
    threads = [threading.Thread(target=writers.run, args=(f"w{number}",), daemon=True) for number in range(WRITERS)]
    for one in threads:
        one.start()
    try:
        for _ in range(CRASHES):
            writers.progress()
            writers.up.clear()
            server.stop(immediate=True)
            server.start()
            writers.up.set()
        writers.progress()
    finally:
        writers.stop.set()
        writers.up.set()
        for one in threads:
            one.join()
    judge(engine, writers)
    return writers.errors


def judge(engine: Engine, writers: Writers) -> None:
    """Everything that was told holds, each command stands once, and the store is whole."""
    assert set() == writers.errors.keys() - DOCUMENTED
    histories = by_pilot(writers.journal.noted)
    logs = {name: ["start", *map(key_of, engine.history(name, after=1))] for name in writers.pilots}
    assert {} == {name: found for name in writers.pilots if (found := violations(logs[name], histories[name]))}
    assert writers.acked == sum(len(log) - 1 for log in logs.values())
    assert [] == [found for name in writers.pilots for found in engine.verify(name)]


def key_of(event: Event) -> str:
    """The command that an event came from."""
    assert event.key is not None
    return event.key


@pytest.mark.parametrize("kind", SERVERS)
def test_six_crashes_under_eight_writers(server: OwnServer) -> None:
    """No acknowledged command is lost or done twice, all that clients were told fits, and the log verifies."""
    with Engine.open(plain(server.url), time=Clock()) as engine:
        assert crashed(server, engine, 0).total() >= CRASHES


@pytest.mark.parametrize("kind", SERVERS)
def test_a_connection_that_the_server_closed_is_not_written_on(server: OwnServer) -> None:
    """Who writes without a read first, and lay idle while the server came back, is told that it was done."""
    with Engine.open(plain(server.url), time=Clock()) as engine:
        engine.start("existing-contract", actor=LEAD, data={"title": "Catering", "organisation": "DJI"}, id="p1")
        for number in range(SURE + 2):
            engine.fire("p1", "add_lesson", actor=LEAD, data={"text": f"{number}"})
        assert engine._writer._heads.relied_on("p1") is not None
        server.stop()
        server.start()
        assert SURE + 4 == engine.fire("p1", "add_lesson", actor=LEAD, data={"text": "back"}).pilot.version


@pytest.mark.release
@pytest.mark.timeout(HOUR + 1800)
@pytest.mark.parametrize("kind", SERVERS)
def test_an_hour_of_crashes(server: OwnServer) -> None:
    """The same holds for as long as the environment says, and for sixty crashes at least."""
    until, crashes, errors = monotonic() + HOUR, 0, Counter[type[Exception]]()
    with Engine.open(plain(server.url), time=Clock()) as engine:
        while monotonic() < until or crashes < RESTARTS:
            errors += crashed(server, engine, crashes * PILOTS)
            crashes += CRASHES
    assert errors[OutcomeUnknown] > 0
