"""Claims: by one worker at a time, for a while, and never by one that comes back too late."""

import logging
from datetime import timedelta
from typing import Any

import pytest

from proeftuin.delivery import Schedule
from proeftuin.spi import Parcel
from proeftuin.storage import open_store
from tests.unit.delivery.catching import Catching, Play
from tests.unit.engines import Wrapped


class Watched(Wrapped):
    """A store that tells which claims were prolonged."""

    renewed: int = 0

    def renew(self, *given: Any, **more: Any) -> Any:
        self.renewed += 1
        return self.inner.renew(*given, **more)  # type: ignore[attr-defined]  # the store has lanes

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


def passing(play: Play, seconds: float) -> Any:
    """Let time go by with each call."""

    def fails(parcel: Parcel) -> None:
        play.clock.pass_(seconds=seconds)

    return fails


def test_two_workers_never_have_the_same_lane() -> None:
    """While one worker is sending, another one finds the other lanes alone."""
    play, second = Play(), Catching()
    play.engine.subscribe("hr")
    first_pilot, other = play.pilot(), play.pilot()

    def fails(parcel: Parcel) -> None:
        if parcel.pilot == first_pilot:
            play.pilot()
            play.deliver(hr=second)

    first = Catching(fails=fails)
    play.deliver(hr=first)
    assert [first_pilot, other] == [one.pilot for one in first.parcels]
    assert ["pilot-3"] == [one.pilot for one in second.parcels]


def test_a_claim_is_prolonged_before_a_call_that_it_might_not_cover() -> None:
    """However long a lane takes, nobody else gets it while calls are answered in time."""
    store = Watched(open_store("memory://"))
    play, other = Play(store), Catching()
    play.engine.subscribe("hr")
    play.pilot(notes=9)

    def fails(parcel: Parcel) -> None:
        play.clock.pass_(seconds=9)
        play.deliver(hr=other)

    sink = Catching(fails=fails)
    play.deliver(hr=sink)
    assert (list(range(1, 11)), []) == ([one.version for one in sink.events], other.events)
    assert 4 == store.renewed


def test_a_worker_that_comes_back_too_late_writes_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """Stopped for longer than its lease, a worker notes nothing, sends nothing more, and the other one has it right."""
    play, second = Play(), Catching()
    play.engine.subscribe("hr")
    pilot = play.pilot(notes=3)

    def fails(parcel: Parcel) -> None:
        if parcel.events[0].version == 2:
            play.clock.pass_(seconds=31)
            play.deliver(hr=second)

    first = Catching(fails=fails)
    with caplog.at_level(logging.INFO):
        assert (0, 0, False) == play.deliver(hr=first)
    assert ([1, 2], [1, 2, 3, 4]) == tuple([one.version for one in sink.events] for sink in (first, second))
    assert ["lane-lost"] == [one.getMessage() for one in caplog.records if one.getMessage() == "lane-lost"]
    lane = play.lane("hr", pilot)
    assert (4, 0, None, False) == (lane.delivered, lane.attempts, lane.due, lane.claimed)


@pytest.mark.parametrize("error", [None, OSError()])
def test_a_worker_that_comes_back_with_an_answer_too_late_notes_nothing(error: BaseException | None) -> None:
    """An arrival or a failure of which the lease has ended, with another one in its place, is not noted."""
    play, second = Play(), Catching()
    play.engine.subscribe("hr")
    pilot = play.pilot()

    def fails(parcel: Parcel) -> BaseException | None:
        play.clock.pass_(seconds=31)
        play.deliver(hr=second)
        return error

    assert (0, 0, False) == play.deliver(hr=Catching(fails=fails))
    lane = play.lane("hr", pilot)
    assert (1, 0, None, None) == (lane.delivered, lane.attempts, lane.due, lane.error)


def test_a_lane_that_was_resent_meanwhile_is_sent_again() -> None:
    """Somebody who resends a history while it is under way gets all of it, once the call that is out has ended."""
    play = Play()
    play.engine.subscribe("hr")
    pilot = play.pilot(notes=2)
    resent: list[int] = []

    def fails(parcel: Parcel) -> None:
        if parcel.events[0].version == 3 and not resent:
            resent.append(play.engine.resend("hr", pilot, after=1))

    sink = Catching(fails=fails)
    play.deliver(hr=sink)
    assert [1, 2, 3, 2, 3] == [one.version for one in sink.events]


def test_what_a_dead_worker_claimed_is_free_after_the_lease(caplog: pytest.LogCaptureFixture) -> None:
    """A lane that was claimed and never settled is brought by another one, not before the lease is over."""
    store = open_store("memory://")
    play, sink = Play(store), Catching(seconds=2)
    play.engine.subscribe("hr")
    play.pilot()
    store.fan_out("default", now=play.clock.at)  # type: ignore[attr-defined]  # the store has lanes
    (claim,) = store.claim("default", "hr", now=play.clock.at, until=play.clock.at + timedelta(seconds=6))  # type: ignore[attr-defined]  # the same
    assert (0, 0, False) == play.deliver(hr=sink)
    play.clock.at = claim.until - timedelta(microseconds=1)
    assert (0, 0, False) == play.deliver(hr=sink)
    play.clock.at = claim.until
    assert (1, 0, False) == play.deliver(hr=sink)


def test_lanes_that_wait_behind_a_slow_one_are_left_to_others() -> None:
    """A lane whose lease ended while others were brought is not sent by who had it, and comes with the next claim."""
    play = Play()
    play.engine.subscribe("hr")
    pilots = [play.pilot() for _ in range(5)]
    sink = Catching()
    sink.fails = passing(play, 12)
    assert (5, 0, False) == play.deliver(Schedule(), hr=sink)
    assert sorted(pilots) == sorted(one.pilot for one in sink.parcels)
