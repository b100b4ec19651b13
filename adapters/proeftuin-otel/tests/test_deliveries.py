import threading
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from opentelemetry.sdk.metrics.export import HistogramDataPoint
from opentelemetry.trace import SpanKind, StatusCode

from proeftuin import Engine
from proeftuin.spi import NotDelivered, Parcel, Sink
from proeftuin.testing import SinkContract
from tests.telemetry import Told
from tests.unit.engines import LEAD, Clock, engine, start


class Register:
    """A sink that takes what it is sent, or raises what it is told to."""

    def __init__(self, batch: int = 1) -> None:
        self.batch = batch
        self.hangs = False
        self.raises: BaseException | None = None
        self.got: dict[str, list[bytes]] = {}

    def send(self, parcel: Parcel) -> None:
        if self.hangs:
            threading.Event().wait(parcel.seconds / 2)  # as for an answer that does not come
            raise NotDelivered("no answer")
        if self.raises is not None:
            raise self.raises
        for event in parcel.events:
            self.got.setdefault(event.id, []).append(event.body)


class TestTraced(SinkContract):
    """A sink that is traced is as good a sink as the one inside."""

    def make(self) -> Sink:
        self.told, self.register = Told(), Register()
        return self.told.traced(self.register)

    def arrived(self) -> Sequence[str]:
        return list(self.register.got)

    def bodies(self) -> Mapping[str, Sequence[bytes]]:
        return self.register.got

    def refuse(self) -> None:
        self.register.raises = NotDelivered("closed")

    def accept(self) -> None:
        self.register.raises = None

    def hang(self) -> None:
        self.register.hangs = True


def written(clock: Clock) -> Engine:
    """An engine with a pilot of three events, which a subscriber is to get."""
    on = engine(time=clock)
    pilot = start(on)
    for text in ("a", "b"):
        on.fire(pilot, "note", actor=LEAD, data={"text": text})
    on.subscribe("hr", start="beginning")
    return on


def attributes(told: Told) -> list[dict[str, Any]]:
    return [dict(one.attributes or {}) for one in told.spans("send")]


def test_each_call_of_a_sink_is_a_span(told: Told) -> None:
    """What arrives, one event a call, is told with its id, and links to its event."""
    on, sink = written(Clock()), Register()
    assert 3 == on.deliver({"hr": told.traced(sink)}).done
    spans = told.spans()
    assert [("send hr", SpanKind.CLIENT, StatusCode.UNSET, 1)] * 3 == [
        (one.name, one.kind, one.status.status_code, len(one.links)) for one in spans
    ]
    assert {
        "messaging.system": "proeftuin",
        "messaging.operation.name": "send",
        "messaging.operation.type": "send",
        "messaging.destination.name": "hr",
        "messaging.message.id": "pilot-1-1",
        "messaging.message.conversation_id": "pilot-1",
        "proeftuin.tenant": "default",
        "proeftuin.attempt": 1,
    } == dict(spans[0].attributes or {})
    assert {("hr", "send", "proeftuin"): 3} == told.figures("messaging.client.sent.messages")


def test_a_batch_is_one_span_with_a_link_to_each_event(told: Told) -> None:
    """A call that brings several events says how many, and links to all of them."""
    on, sink = written(Clock()), Register(batch=50)
    assert 3 == on.deliver({"hr": told.traced(sink)}).done
    span = told.span("send")
    found = dict(span.attributes or {})
    assert (3, None) == (found["messaging.batch.message_count"], found.get("messaging.message.id"))
    assert ["pilot-1-1", "pilot-1-2", "pilot-1-3"] == [
        (link.attributes or {})["messaging.message.id"] for link in span.links
    ]


def test_a_failure_is_told_by_its_type_and_each_attempt_by_its_number(told: Told) -> None:
    """Spans of a lane that fails say which attempt they were and what type of error ended it, never its text."""
    clock, sink = Clock(), Register()
    on = written(clock)
    for error in (NotDelivered("planted"), ConnectionResetError("planted"), pytest.UsageError("planted"), None):
        sink.raises = error
        on.deliver({"hr": told.traced(sink)})
        clock.pass_(hours=7)
    found = attributes(told)
    assert [1, 2, 3, 4, 4, 4] == [one["proeftuin.attempt"] for one in found]
    wrong = ["NotDelivered", "ConnectionResetError", "pytest.UsageError"]
    assert [*wrong, None, None, None] == [one.get("error.type") for one in found]
    sent = told.figures("messaging.client.sent.messages")
    where = ("hr", "send", "proeftuin")
    assert {where: 3} | {(one, *where): 1 for one in wrong} == sent
    assert set(sent) == set(told.figures("messaging.client.operation.duration"))


def test_what_arrived_before_a_failure_counts_as_sent(told: Told) -> None:
    """Of a parcel that arrived in part, that part is counted as sent and the rest with the error."""
    on, sink = written(Clock()), Register(batch=50)
    sink.raises = NotDelivered("closed", delivered=2)
    on.deliver({"hr": told.traced(sink)})
    where = ("hr", "send", "proeftuin")
    assert {where: 2, ("NotDelivered", *where): 1} == told.figures("messaging.client.sent.messages")
    assert (2, StatusCode.ERROR) == (on.lanes("hr")[0].delivered, told.span("send").status.status_code)


def test_the_age_of_an_event_is_counted_when_it_arrives(told: Told) -> None:
    """By the clock that is given, an event that waited an hour is an hour old; what does not arrive has no age."""
    clock, sink = Clock(), Register()
    on = written(clock)
    clock.pass_(hours=1)
    sink.raises = NotDelivered("closed")
    on.deliver({"hr": told.traced(sink, time=clock)})
    assert {} == told.figures("proeftuin.delivery.age")
    clock.pass_(hours=1)
    sink.raises = None
    on.deliver({"hr": told.traced(sink, time=clock)})
    (point,) = told.points()["proeftuin.delivery.age"]
    assert isinstance(point, HistogramDataPoint)
    assert (3, 3 * 7200.0, 7200.0) == (point.count, point.sum, point.max)


def test_what_a_sink_has_besides_is_kept(told: Told) -> None:
    """Batch, seconds and close are those of the sink inside, and what it has not is not there."""

    class Full(Register):
        seconds = 2.5
        closed = False

        def close(self) -> None:
            self.closed = True

    sink = Full(batch=7)
    found: Any = told.traced(sink)
    found.close()
    assert (7, 2.5, True) == (found.batch, found.seconds, sink.closed)
    assert not hasattr(told.traced(Register()), "seconds")
