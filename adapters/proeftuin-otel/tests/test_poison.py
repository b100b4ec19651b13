import logging
import threading
from collections.abc import Sequence
from typing import Any

import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import MetricExporter, MetricExportResult, MetricsData
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader as Periodic
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor, SpanExporter, SpanExportResult

from proeftuin import Engine
from proeftuin.spi import Parcel
from proeftuin_otel import Commands, observe, traced
from tests.unit.engines import LEAD, engine, start

PATIENCE = 60


class Raising(SpanExporter):
    """An exporter that always fails."""

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        raise RuntimeError("planted")


class Hanging(SpanExporter):
    """An exporter that answers when it is let go of."""

    def __init__(self) -> None:
        self.called, self.free = threading.Event(), threading.Event()

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        self.called.set()
        assert self.free.wait(PATIENCE)
        return SpanExportResult.SUCCESS


class RaisingMetrics(MetricExporter):
    """An exporter of figures that always fails."""

    def export(self, metrics_data: MetricsData, timeout_millis: float = 0, **kwargs: Any) -> MetricExportResult:
        raise RuntimeError("planted")

    def force_flush(self, timeout_millis: float = 0) -> bool:
        return True

    def shutdown(self, timeout_millis: float = 0, **kwargs: Any) -> None:
        """Nothing to end."""


class Taking:
    """A sink that takes everything, and remembers it."""

    def __init__(self) -> None:
        self.got: list[str] = []

    def send(self, parcel: Parcel) -> None:
        self.got += [event.id for event in parcel.events]


class Broken:
    """A provider all of whose makings raise whenever they are used, but for what makes them."""

    def __init__(self, at: str) -> None:
        self.at = at

    def get_tracer(self, *_: object, **__: object) -> Any:
        return self

    get_meter = create_counter = create_histogram = get_tracer

    def __getattr__(self, name: str) -> Any:
        def use(*_: object, **__: object) -> Any:
            if name == self.at:
                raise RuntimeError("planted")
            return self

        return use


def lived(on: Engine, sink: Any) -> None:
    """A command, a refusal and a delivery are what they are without any telling."""
    on.subscribe("hr")
    pilot = start(on)
    assert "talking" == on.fire(pilot, "talk", actor=LEAD).pilot.state
    assert (2, 0) == ((work := on.deliver({"hr": sink})).done, work.failed)
    assert () == on.verify()


def test_an_exporter_that_fails_is_in_nobodys_way() -> None:
    """Spans and figures that cannot be exported, each at once, change nothing of commands and deliveries."""
    tracers, meters = TracerProvider(), MeterProvider([Periodic(RaisingMetrics(), export_interval_millis=float("inf"))])
    tracers.add_span_processor(SimpleSpanProcessor(Raising()))
    on, sink = engine(hooks=[Commands(tracer_provider=tracers, meter_provider=meters)]), Taking()
    observe(on, meter_provider=meters)
    lived(on, traced(sink, tracer_provider=tracers, meter_provider=meters))
    assert ["pilot-1-1", "pilot-1-2"] == sink.got
    tracers.shutdown()


def test_an_exporter_that_hangs_is_in_nobodys_way() -> None:
    """While an exporter in the background hangs, commands and deliveries go on as if it were not there."""
    hanging = Hanging()
    tracers = TracerProvider()
    tracers.add_span_processor(
        BatchSpanProcessor(hanging, max_queue_size=4, max_export_batch_size=2, schedule_delay_millis=1)
    )
    on, sink = engine(hooks=[Commands(tracer_provider=tracers)]), Taking()
    lived(on, traced(sink, tracer_provider=tracers))
    assert hanging.called.wait(PATIENCE)
    pilot = start(on)
    for _ in range(50):
        on.fire(pilot, "note", actor=LEAD, data={"text": "x"})
    assert 51 == on.get(pilot).version
    assert not hanging.free.is_set()
    hanging.free.set()
    tracers.shutdown()


USES = ("start_span", "add", "record", "set_attributes", "set_attribute", "get_span_context", "is_recording", "end")


@pytest.mark.parametrize("at", USES)
def test_whatever_use_of_it_raises_nothing_is_lost(at: str, caplog: pytest.LogCaptureFixture) -> None:
    """An SDK of which any one call raises costs a line in the log; events are stored, delivered once, and in order."""
    broken: Any = Broken(at)
    on, sink = engine(hooks=[Commands(tracer_provider=broken, meter_provider=broken)]), Taking()
    with caplog.at_level(logging.WARNING):
        lived(on, traced(sink, tracer_provider=broken, meter_provider=broken))
    assert ["pilot-1-1", "pilot-1-2"] == sink.got
    assert {one.getMessage() for one in caplog.records} <= {"hook-failed", "not-told"}
    assert "planted" not in caplog.text
