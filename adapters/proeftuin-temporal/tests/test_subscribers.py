import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from attrs import Factory, define
from temporalio.exceptions import ApplicationError

from proeftuin import BadArgument, Engine
from proeftuin.spi import NotDelivered, Parcel
from proeftuin.storage import open_store
from proeftuin_temporal import Delivery, Projection, Rules, TemporalEngine
from proeftuin_temporal._life import NOBODY, Carried, Moment, Seeded, carry
from tests.temporal import RULES, OwnTemporal, Working
from tests.unit.engines import BEGAN, LEAD, REF


@define
class Desk:
    """A sink that remembers what it got, and may be closed for a while."""

    got: list[str] = Factory(list)
    problem: NotDelivered | None = None
    news: threading.Semaphore = Factory(lambda: threading.Semaphore(0))

    def send(self, parcel: Parcel) -> None:
        if self.problem is not None:
            self.news.release()
            raise self.problem
        self.got += [f"{one.version} {one.type}" for one in parcel.events]
        for _ in parcel.events:
            self.news.release()

    def wait(self, calls: int) -> None:
        for _ in range(calls):
            assert self.news.acquire(timeout=60)


@contextmanager
def told(server: OwnTemporal, **subscribers: Any) -> Iterator[TemporalEngine]:
    """An engine whose pilots tell these subscribers."""
    queue = f"told-{id(subscribers)}"
    names = [name for name in subscribers if name != "later"]
    with (
        Working(server.target, RULES, task_queue=queue, subscribers=subscribers),
        TemporalEngine.open(f"{server.url}?task_queue={queue}", RULES, subscribers=names) as engine,
    ):
        yield engine


def noted(engine: TemporalEngine, notes: int) -> str:
    pilot = engine.start("talks", actor=LEAD, data={"title": "x", "organisation": "o"}).pilot.id
    for number in range(notes):
        engine.fire(pilot, "note", actor=LEAD, data={"text": f"{number}"})
    return pilot


def carried(notes: int) -> Carried:
    """A pilot as a workflow carries it to whoever delivers."""
    store = open_store("memory://")
    with RULES.engine(store, "default", Moment(BEGAN), Seeded(NOBODY, BEGAN)) as engine:
        pilot = engine.start("talks", actor=LEAD, data={"title": "x", "organisation": "o"}).pilot.id
        for number in range(notes):
            engine.fire(pilot, "note", actor=LEAD, data={"text": f"{number}"})
        return carry(engine, store, "default", pilot)


def test_events_arrive_in_order_and_a_dead_subscriber_stops_nobody_else(server: OwnTemporal) -> None:
    """Each subscriber gets each event once and in order, those with a filter only theirs, though another one fails."""
    desk, notes, dead = Desk(), Desk(), Desk(problem=NotDelivered("closed"))
    wanted = Delivery(notes, types=["record.added"])
    with told(server, desk=Delivery(desk), notes=wanted, dead=Delivery(dead)) as engine:
        noted(engine, 3)
        desk.wait(4)
        notes.wait(3)
        dead.wait(1)
    assert ["1 pilot.started", "2 record.added", "3 record.added", "4 record.added"] == desk.got
    assert ["2 record.added", "3 record.added", "4 record.added"] == notes.got


def test_a_sink_that_hangs_has_failed_for_as_long_as_it_does() -> None:
    """Also while so many calls hang that none is made, nothing has arrived: it is an error, so Temporal waits."""
    free = threading.Event()

    class Hanging:
        seconds = 0.01

        def send(self, parcel: Parcel) -> None:
            free.wait(60)

    hanging, pilot = Delivery(Hanging()), carried(1)
    try:
        for _ in range(7):
            with pytest.raises(ApplicationError, match=r"no answer within|the sink hangs") as told:
                hanging.bring("hr", pilot, RULES, 0)
            assert not told.value.non_retryable
        assert 2 == hanging.bring("hr", pilot, RULES, 2)
    finally:
        free.set()


@pytest.mark.parametrize(
    ("asked", "waits"),
    [
        (None, None),
        (timedelta(seconds=1), None),
        (timedelta(minutes=20), timedelta(minutes=20)),
        (timedelta(days=1), timedelta(hours=6)),
    ],
)
def test_a_subscriber_that_wants_to_be_left_alone_is(asked: timedelta | None, waits: timedelta | None) -> None:
    """Where a subscriber asks for a time, Temporal waits so long, six hours at most; where it does not, as it likes."""
    busy = Delivery(Desk(problem=NotDelivered("busy", retry_after=asked)))
    with pytest.raises(ApplicationError, match="busy") as told:
        busy.bring("hr", carried(1), RULES, 0)
    assert (waits, False) == (told.value.next_retry_delay, told.value.non_retryable)


def test_types_may_be_given_in_any_form() -> None:
    """Types that can be read only once are wanted each time."""
    desk, pilot = Desk(), carried(1)
    wanted = Delivery(desk, types=(one for one in ["record.added"]))
    assert [2, 2] == [wanted.bring("hr", pilot, RULES, 0) for _ in range(2)]
    assert ["2 record.added", "2 record.added"] == desk.got
    with pytest.raises(BadArgument, match="types: must be several names"):
        Delivery(desk, types="record.added").bring("hr", pilot, RULES, 0)


def test_what_failed_is_tried_again(server: OwnTemporal) -> None:
    """A subscriber that is back gets what it missed, without anybody doing anything."""
    desk = Desk(problem=NotDelivered("closed"))
    with told(server, desk=Delivery(desk)) as engine:
        noted(engine, 1)
        desk.wait(1)
        desk.problem = None
        desk.wait(2)
    assert ["1 pilot.started", "2 record.added"] == desk.got[:2]


def test_what_is_of_no_use_is_set_aside_until_it_is_asked_for_again(server: OwnTemporal) -> None:
    """A permanent failure parks the lane, with its reason; subscribing again sends from the version that is named."""
    desk = Desk(problem=NotDelivered("gone for good", permanent=True))
    with told(server, desk=Delivery(desk)) as engine:
        pilot = noted(engine, 1)
        desk.wait(1)
        while not (parked := engine.lanes(pilot)["parked"]):
            pass
        assert "gone for good" in parked["desk"]
        desk.problem = None
        engine.subscribe(pilot, "desk", after=1)
        desk.wait(1)
    assert ["2 record.added"] == desk.got


def test_who_is_asked_for_anew_meanwhile_is_not_set_aside(server: OwnTemporal) -> None:
    """Subscribing again while a delivery fails ends that one, and says of nobody that it was given up."""
    desk = Desk(problem=NotDelivered("closed"))
    with told(server, desk=Delivery(desk)) as engine:
        pilot = noted(engine, 1)
        desk.wait(1)
        engine.subscribe(pilot, "desk", after=0)
        desk.problem = None
        while engine.lanes(pilot)["places"]["desk"] < 2:
            pass
        assert {} == engine.lanes(pilot)["parked"]
    assert ["1 pilot.started", "2 record.added"] == desk.got[-2:]


def test_slow_subscribers_keep_no_pilot_from_going_on(server: OwnTemporal) -> None:
    """However many deliveries a worker waits for, it decides what is done to pilots meanwhile."""
    over = threading.Event()

    class Stuck:
        def bring(self, name: str, pilot: Carried, rules: Rules, after: int) -> int:
            over.wait(60)
            return pilot.version

    with told(server, stuck=Stuck()) as engine:
        try:
            pilots = [noted(engine, 1) for _ in range(2 * ((os.cpu_count() or 1) + 4))]
            assert {2} == {engine.get(one).version for one in pilots}
        finally:
            over.set()


def test_who_comes_later_gets_what_happens_from_then_on(server: OwnTemporal) -> None:
    """A subscriber that a pilot is told of later gets the events from then on, or from the version that is named."""
    desk = Desk()
    with told(server, later=Delivery(desk)) as engine:
        pilot = noted(engine, 1)
        engine.subscribe(pilot, "later")
        engine.fire(pilot, "talk", actor=LEAD)
        desk.wait(1)
        engine.subscribe(pilot, "later", after=1)
        desk.wait(2)
    assert ["3 pilot.moved", "2 record.added", "3 pilot.moved"] == desk.got


def test_a_projection_is_a_store_in_which_pilots_are_found(server: OwnTemporal) -> None:
    """An ordinary engine on a projection finds and counts pilots of Temporal; they are whole, and name nobody."""
    store, desk = open_store("memory://"), Desk()
    with told(server, portfolio=Projection(store), later=Delivery(desk)) as engine:
        pilot = noted(engine, 1)
        engine.fire(pilot, "identify", actor=LEAD, track="acme")
        engine.fire(
            pilot,
            "place",
            actor=LEAD,
            track="acme",
            data={"participant": REF, "start": "2026-01-05", "kind": "training"},
        )
        while engine.lanes(pilot)["places"]["portfolio"] < 4:
            pass
        expected = engine.get(pilot)
        with Engine(store, workflows=[]) as reading:
            assert [pilot] == [one.id for one in reading.find(organisation="o", track_state="seen").items]
            assert expected == reading.get(pilot)
            assert () == reading.verify()
            assert reading.ref(pilot, "s1") is None
