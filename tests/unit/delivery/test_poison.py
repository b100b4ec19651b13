"""Sinks that misbehave, each beside a good one: what they do is a failure of their own lanes, and nothing else."""

import sqlite3
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import pytest

from proeftuin import StoreBusy
from proeftuin.delivery.calling import STUCK, Caller, _Helper
from proeftuin.spi import NotDelivered, Parcel
from proeftuin.spi.checks import MAX_ERROR
from tests.unit.delivery.catching import MINUTE, Catching, Hanging, Play, raising
from tests.unit.engines import LEAD, REF, sqlite_url


class Silent(BaseException):
    """Nobody expects this."""


class Half(NotDelivered):
    """A failure that forgot to say anything."""

    def __init__(self) -> None:
        Exception.__init__(self, REF)


class Hostile(NotDelivered):
    """A failure of which everything is of the wrong type."""

    def __init__(self) -> None:
        super().__init__("x")
        self.problem = 5  # type: ignore[assignment]  # the mistake is the point
        self.delivered = [1]  # type: ignore[assignment]  # the same
        self.permanent = "yes"  # type: ignore[assignment]  # the same
        self.retry_after = 30  # type: ignore[assignment]  # the same


@pytest.fixture
def hanging() -> Iterator[Hanging]:
    """A sink that hangs, and is let go at the end."""
    sink = Hanging()
    yield sink
    sink.free.set()


def beside(poison: Any, pilots: int = 1) -> tuple[Play, Catching, tuple[int, int, bool]]:
    """Deliver to a bad sink and a good one."""
    play, good = Play(), Catching()
    play.engine.subscribe("bad")
    play.engine.subscribe("good")
    for _ in range(pilots):
        play.pilot(notes=1)
    return play, good, play.deliver(bad=poison, good=good)


@pytest.mark.parametrize(
    ("raised", "kept"),
    [
        (RuntimeError(REF), "RuntimeError"),
        (SystemExit(REF), "SystemExit"),
        (KeyboardInterrupt, "KeyboardInterrupt"),
        (GeneratorExit, "GeneratorExit"),
        (StopIteration, "StopIteration"),
        (MemoryError, "MemoryError"),
        (RecursionError, "RecursionError"),
        (Silent, "Silent"),
        (Half, "Half"),
        (Hostile, "Hostile"),
        (NotDelivered("the door is closed"), "the door is closed"),
        (NotDelivered("x" * 10**6), "x" * MAX_ERROR),
        (NotDelivered("a\0b\ud800"), "a b?"),
    ],
    ids=lambda one: str(one)[:20],
)
def test_whatever_a_sink_raises_is_a_failure_of_its_lane(raised: Any, kept: str) -> None:
    """The lane waits with no more of the exception than its type or what a sink told, and the good sink has it all."""
    play, good, came = beside(Catching(fails=raising(raised)))
    assert (2, 1, False) == came
    (lane,) = play.engine.lanes("bad")
    assert (0, 1, False, False, kept) == (lane.delivered, lane.attempts, lane.parked, lane.claimed, lane.error)
    assert play.clock.at < lane.due <= play.clock.at + timedelta(seconds=5)  # type: ignore[operator]  # it is due
    assert [1, 2] == [one.version for one in good.events]


def test_a_sink_that_changes_what_it_gets_changes_nothing() -> None:
    """Parcels, envelopes and their data refuse to be changed, and the others get what the log says."""

    def send(parcel: Parcel) -> BaseException | None:
        for where, name in ((parcel, "events"), (parcel.events[0], "body"), (parcel.events[0].data, "state")):
            with pytest.raises((AttributeError, TypeError)):
                setattr(where, name, ())
        with pytest.raises(TypeError):
            parcel.events[0].data["state"] = "other"
        return None

    play, good, came = beside(Catching(fails=send))
    assert (4, 0, False) == came
    (event, _) = play.engine.history(good.events[0].pilot)
    assert event.data == good.events[0].data


def test_a_sink_that_is_asynchronous_is_told_so() -> None:
    """A coroutine that nobody awaits is no delivery; the lane is parked, with what is wrong."""

    class Awaited:
        async def send(self, parcel: Parcel) -> None:
            raise AssertionError

    play, _, came = beside(Awaited())
    assert (2, 1, False) == came
    (lane,) = play.engine.lanes("bad")
    assert (True, "`send` of the sink is asynchronous, and nothing awaits it") == (lane.parked, lane.error)


def test_an_awaitable_that_is_no_coroutine_is_no_delivery_either() -> None:
    """Whatever can be awaited has not been sent."""

    class Later:
        def __await__(self) -> Iterator[None]:
            yield None

    class Postponing:
        def send(self, parcel: Parcel) -> Later:
            return Later()

    _, _, came = beside(Postponing())
    assert (2, 1, False) == came


def test_a_sink_that_prints_without_end_is_not_in_the_way(capsys: pytest.CaptureFixture[str]) -> None:
    """A megabyte of output is the business of who reads it."""

    def send(parcel: Parcel) -> None:
        sys.stdout.write("x" * 2**20)

    _, _, came = beside(Catching(fails=send))
    assert (4, 0, False) == came
    assert 2 * 2**20 == len(capsys.readouterr().out)


def test_a_sink_that_writes_at_each_delivery_does_not_go_on_for_ever() -> None:
    """One that fires at whatever it gets is given, in a round, what was there when the round began; others too."""

    def send(parcel: Parcel) -> None:
        play.engine.fire(parcel.pilot, "note", actor=LEAD, data={"text": "again"})

    play, good = Play(), Catching()
    flooding = Catching(fails=send)
    play.engine.subscribe("bad")
    play.engine.subscribe("good")
    pilot = play.pilot()
    for version in range(1, 5):
        came = play.deliver(bad=flooding, good=good)
        assert ((2, 0, False), version + 1) == (came, play.engine.get(pilot).version)
    assert [1, 2, 3, 4] == [one.version for one in flooding.events] == [one.version for one in good.events]


def test_a_sink_with_a_transaction_of_its_own_undoes_that_alone(tmp_path: Path) -> None:
    """What a sink writes and rolls back on a connection of its own is nowhere; what it was given has arrived."""
    url = sqlite_url(tmp_path)

    def send(parcel: Parcel) -> None:
        with closing(sqlite3.connect(tmp_path / "pilots.db")) as own:
            own.execute("BEGIN IMMEDIATE")
            play.engine.using(own).fire(parcel.pilot, "note", actor=LEAD, data={"text": "never"})
            own.rollback()

    play, good = Play(url), Catching()
    play.engine.subscribe("bad")
    play.engine.subscribe("good")
    pilot = play.pilot(notes=1)
    assert (4, 0, False) == play.deliver(bad=Catching(fails=send), good=good)
    assert (2, 2) == (play.engine.get(pilot).version, len(good.events))
    play.engine.close()


def test_a_sink_that_keeps_a_transaction_open_is_told_as_a_busy_store(tmp_path: Path) -> None:
    """Where nothing can be noted the round says so; the good sink was called, and all is noted in the next one."""
    with closing(sqlite3.connect(tmp_path / "pilots.db", check_same_thread=False)) as own:
        play, called = Play(f"{sqlite_url(tmp_path)}?busy_timeout=0.1"), threading.Event()
        good = Catching(fails=lambda _: called.set())

        def send(parcel: Parcel) -> None:
            assert called.wait(MINUTE)
            own.execute("BEGIN IMMEDIATE")

        play.engine.subscribe("bad")
        play.engine.subscribe("good")
        play.pilot()
        with pytest.raises(StoreBusy):
            play.deliver(bad=Catching(fails=send), good=good)
        own.rollback()
        play.clock.pass_(minutes=1)
        assert (1, 0, False) == play.deliver(bad=Catching())
        play.deliver(good=good)
        assert 0 == play.engine.lag("good").behind + play.engine.lag("bad").behind
        assert {1} == {one.version for one in good.events}
        play.engine.close()


def test_a_sink_that_hangs_is_not_waited_for(hanging: Hanging) -> None:
    """A call that takes too long has failed, the lane says so, and the good sink has everything."""
    play, good, came = beside(hanging)
    assert (2, 1, False) == came
    (lane,) = play.engine.lanes("bad")
    assert (0, 1, "no answer within 0.01 seconds") == (lane.delivered, lane.attempts, lane.error)
    assert [1, 2] == [one.version for one in good.events]


def test_a_sink_that_goes_on_hanging_is_left_alone(hanging: Hanging) -> None:
    """With a few calls hanging a sink is not called, costs its lanes no attempt, and is tried again when one ends."""
    play, good, came = beside(hanging, pilots=STUCK + 3)
    assert (2 * (STUCK + 3), STUCK, False) == came
    assert (0, 0, False) == play.deliver(bad=hanging, good=good)
    assert (STUCK, STUCK) == (hanging.calls, sum(one.attempts for one in play.engine.lanes("bad")))
    hanging.free.set()
    for one in threading.enumerate():
        if isinstance(one, _Helper) and one.sink is hanging:
            one.join(MINUTE)
    hanging.seconds = MINUTE
    assert (2 * 3, 0, False) == play.deliver(bad=hanging)
    play.clock.pass_(seconds=5)
    assert (2 * STUCK, 0, False) == play.deliver(bad=hanging)


def test_who_answers_as_the_time_is_over_hangs_for_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sink that answers at the very end of its time, after which its thread waits for more, is not taken to hang."""
    waits, waiting = list[int](), threading.Event()

    class Late(SimpleQueue[Any]):
        def get(self, block: bool = True, timeout: float | None = None) -> Any:  # noqa: FBT001, FBT002  # as of a queue
            if timeout is None:
                waits.append(1)
                if len(waits) > 1:
                    waiting.set()
                return super().get(block)
            super().get(block)
            assert waiting.wait(MINUTE)
            raise Empty

    monkeypatch.setattr("proeftuin.delivery.calling.SimpleQueue", Late)
    sink = Catching()
    found = Caller(sink).call(Parcel("hr", "t", "p", (), 1, 0.01))
    assert "TimeoutError" == (found and found.kind)
    for one in threading.enumerate():
        if isinstance(one, _Helper) and one.sink is sink:
            one.join(MINUTE)
            assert not one.is_alive()


def test_what_is_said_too_late_is_not_heard(hanging: Hanging) -> None:
    """The answer of a call that was given up on is not taken for that of the next one."""
    caller = Caller(hanging)
    parcel = Parcel("hr", "t", "p", (), 1, 0.01)
    first = caller.call(parcel)
    hanging.free.set()
    assert ("TimeoutError", None) == (first and first.kind, caller.call(Parcel("hr", "t", "p", (), 2, MINUTE)))
    caller.close()
    caller.close()


def test_a_thread_of_its_own_serves_many_calls_and_ends() -> None:
    """A courier calls its sink in one thread, which is gone when the round is over."""
    threads: set[threading.Thread] = set()

    def send(parcel: Parcel) -> None:
        threads.add(threading.current_thread())

    play = Play()
    play.engine.subscribe("hr")
    play.pilot(notes=9)
    play.deliver(hr=Catching(fails=send))
    (only,) = threads
    only.join(MINUTE)
    assert (True, False) == (isinstance(only, _Helper), only.is_alive())
