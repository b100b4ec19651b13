"""Wake-ups: how seldom hints are sent, how many looks one is worth, and that nothing depends on them."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from proeftuin import BadArgument, Engine, StoreUnavailable
from proeftuin.spi.hints import Listener
from proeftuin.storage import open_store
from proeftuin.storage.bell import Bell
from proeftuin.waking import AGAIN, SPACING, Listening, Waker
from tests.unit.delivery.catching import Catching
from tests.unit.engines import LEAD, engine, sqlite_url, start

LONG = 60.0


class Seconds:
    """A clock of seconds, set by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Line:
    """A store's part `Wakes`: its calls may fail, its hints may lead nowhere, its listeners may be cut off."""

    def __init__(self, *, cut: bool = False, leads: bool = True) -> None:
        self.bell = Bell()
        self.cut = cut
        self.leads = leads
        self.sent = 0
        self.fails: Exception | None = None

    def wake(self) -> None:
        self.sent += 1
        if self.fails is not None:
            raise self.fails
        if self.leads:
            self.bell.ring()

    def listen(self) -> Listener:
        if self.fails is not None:
            raise self.fails
        return Cut() if self.cut else self.bell.listen()


class Cut:
    """A listener that is cut off."""

    def wait(self, seconds: float) -> bool:
        raise StoreUnavailable(f"cut, {seconds:g} seconds before the end")

    def stop(self) -> None:
        """Nothing is waited for."""

    def close(self) -> None:
        """Nothing is held."""


def on(line: Line) -> Engine:
    """An engine in memory whose hints go that way."""
    store = open_store("memory://")
    store.wake, store.listen = line.wake, line.listen  # type: ignore[attr-defined]  # parts that a store may have
    return engine(store)


@pytest.fixture
def seconds() -> Seconds:
    """The clock of who wakes and who listens."""
    return Seconds()


@pytest.fixture
def news() -> Iterator[Callable[[Line, Seconds], Listening]]:
    """Makes what waits, and closes it at the end."""
    made: list[Listening] = []

    def listening(line: Line, seconds: Seconds) -> Listening:
        made.append(Listening(line, seconds))
        return made[-1]

    yield listening
    for one in made:
        one.close()


def test_hints_keep_their_distance(seconds: Seconds) -> None:
    """However much is committed, a hint is sent only where the one before is long enough ago."""
    line = Line()
    waker = Waker(line, seconds)
    sent = []
    for _ in range(30):
        waker.wake()
        sent.append(line.sent)
        seconds.now += SPACING / 10
    assert [1] * 10 + [2] * 10 + [3] * 10 == sent


@pytest.mark.parametrize("error", [StoreUnavailable("gone"), RuntimeError("what no store raises")])
def test_a_hint_that_cannot_be_sent_breaks_nothing(error: Exception) -> None:
    """Whatever goes wrong with a hint, the command behind it has succeeded, and says so."""
    line = Line()
    line.fails = error
    with on(line) as fails:
        pilot = start(fails)
        assert 2 == fails.fire(pilot, "note", actor=LEAD, data={"text": "x"}).pilot.version
    assert 1 == line.sent


def test_whoever_begins_to_listen_looks_once(seconds: Seconds, news: Callable[[Line, Seconds], Listening]) -> None:
    """What a hint stands for that was sent before anybody listened is looked for, once."""
    waits = news(Line(), seconds)
    assert waits.wait(LONG)
    assert not waits.wait(0)


def test_a_hint_is_worth_two_looks(seconds: Seconds, news: Callable[[Line, Seconds], Listening]) -> None:
    """Whoever hears a hint looks at once, and once more when what it also stands for is committed; then no more."""
    line = Line()
    waits = news(line, seconds)
    assert waits.wait(LONG)
    line.wake()
    assert waits.wait(LONG)
    seconds.now += AGAIN
    assert waits.wait(LONG)
    assert not waits.wait(0)


def test_a_flood_of_hints_is_one_look(seconds: Seconds, news: Callable[[Line, Seconds], Listening]) -> None:
    """A thousand hints between two waits are worth as much as one."""
    line = Line()
    waits = news(line, seconds)
    for _ in range(1000):
        line.wake()
    assert waits.wait(LONG)
    for _ in range(1000):
        line.wake()
    looks = 0
    while waits.wait(0):
        looks += 1
        seconds.now += AGAIN
        assert looks <= 3
    assert 3 == looks  # one before its time, one for the second thousand, and one that follows it


def test_hints_leave_time_between_rounds_that_are_long(
    seconds: Seconds, news: Callable[[Line, Seconds], Listening]
) -> None:
    """After a round of a minute, hints that go on coming have nobody look again at once, but when the wait is over."""
    line = Line()
    waits = news(line, seconds)
    assert waits.wait(LONG)
    line.wake()
    seconds.now += LONG
    assert waits.wait(LONG)
    assert LONG == waits._again - seconds.now  # type: ignore[operator]  # it was told of news
    assert waits.wait(0)
    assert waits._again is not None


def test_a_listener_that_is_cut_off_looks_and_listens_anew(
    seconds: Seconds, news: Callable[[Line, Seconds], Listening]
) -> None:
    """Where hints may have been lost the worker looks, and then hears again as before."""
    line = Line(cut=True)
    waits = news(line, seconds)
    assert waits.wait(LONG)
    seconds.now += AGAIN
    line.cut = False
    assert waits.wait(LONG)
    seconds.now += AGAIN
    assert waits.wait(LONG)
    assert not waits.wait(0)
    line.wake()
    assert waits.wait(LONG)


def test_without_hints_only_the_time_ends_a_wait(seconds: Seconds, news: Callable[[Line, Seconds], Listening]) -> None:
    """Where a store cannot be listened to, or passes no hints on, a wait lasts as long as was asked, and says so."""
    line = Line()
    line.fails = StoreUnavailable("gone")
    assert not news(line, seconds).wait(0.001)
    with Listening(object()) as deaf:
        assert not deaf.wait(0.001)


@pytest.mark.parametrize("line", [Line(), Line(cut=True), object()])
def test_a_wait_ends_when_it_is_stopped(line: object) -> None:
    """Stopped from another thread a wait of a minute ends at once, and so does every later one."""
    with Listening(line) as waits:
        ended = threading.Event()

        def wait() -> None:
            while not waits._stopped.is_set():
                waits.wait(LONG)
            waits.wait(LONG)
            ended.set()

        threading.Thread(target=wait, daemon=True).start()
        waits.stop()
        assert ended.wait(LONG / 2)


@pytest.mark.parametrize("url", ["memory://", "sqlite"])
def test_an_engine_wakes_a_worker_of_its_process(url: str, tmp_path: Path) -> None:
    """A command on a store, of whichever tenant, ends the wait of a worker on it."""
    store = open_store(url if url == "memory://" else sqlite_url(tmp_path))
    with engine(store) as worker, worker.listen() as waits:
        assert waits.wait(LONG)  # the first look
        start(engine(store, tenant="another"))
        assert waits.wait(LONG)
    store.close()


def test_nobody_listens_inside_a_transaction_of_the_host(tmp_path: Path) -> None:
    """In a transaction of the host there is nothing to listen for, and that is said."""
    connection = sqlite3.connect(tmp_path / "pilots.db", isolation_level=None)
    with engine(sqlite_url(tmp_path)) as outside, closing(connection):
        connection.execute("BEGIN")
        with pytest.raises(BadArgument, match="inside a transaction"):
            outside.using(connection).listen()


def test_a_hint_that_is_lost_costs_nothing_but_time() -> None:
    """What was committed when no hint came is delivered by the next round all the same."""
    line = Line(leads=False)
    with on(line) as worker, worker.listen() as waits:
        worker.subscribe("hr")
        assert waits.wait(LONG)  # the first look
        start(worker)
        assert not waits.wait(0.001)
        assert 1 == worker.deliver({"hr": Catching()}).done
    assert 1 == line.sent
