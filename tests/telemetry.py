"""A set-up of the SDK of OpenTelemetry that keeps in memory what it is told, for the tests of proeftuin-otel."""

from typing import Any

from attrs import Factory, define
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import HistogramDataPoint, InMemoryMetricReader, NumberDataPoint
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.trace.sampling import ALWAYS_ON, Sampler

from proeftuin.spi import Sink
from proeftuin_otel import Commands, traced

Point = NumberDataPoint | HistogramDataPoint


@define
class Told:
    """What OpenTelemetry was told.

    Attributes:
        exporter, reader: where the SDK leaves it.
    """

    sampler: Sampler = ALWAYS_ON
    exporter: InMemorySpanExporter = Factory(InMemorySpanExporter)
    reader: InMemoryMetricReader = Factory(InMemoryMetricReader)
    tracers: TracerProvider = Factory(lambda self: TracerProvider(sampler=self.sampler), takes_self=True)
    meters: MeterProvider = Factory(lambda self: MeterProvider([self.reader]), takes_self=True)

    def __attrs_post_init__(self) -> None:
        self.tracers.add_span_processor(SimpleSpanProcessor(self.exporter))

    def commands(self) -> Commands:
        return Commands(tracer_provider=self.tracers, meter_provider=self.meters)

    def traced(self, sink: Sink, **options: Any) -> Sink:
        return traced(sink, tracer_provider=self.tracers, meter_provider=self.meters, **options)

    def spans(self, begins: str = "") -> list[ReadableSpan]:
        """The spans that ended since the last time, those with a name that begins so; the others are dropped."""
        found = [one for one in self.exporter.get_finished_spans() if one.name.startswith(begins)]
        self.exporter.clear()
        return found

    def span(self, begins: str) -> ReadableSpan:
        (found,) = self.spans(begins)
        return found

    def points(self) -> dict[str, list[Point]]:
        """Each metric, and its points as they are now."""
        data = self.reader.get_metrics_data()
        scopes = [scope for one in data.resource_metrics for scope in one.scope_metrics] if data else []
        return {metric.name: list(map(_plain, metric.data.data_points)) for scope in scopes for metric in scope.metrics}

    def figures(self, name: str) -> dict[tuple[Any, ...], float]:
        """A metric by the values of its attributes, in order of their names; of a histogram the sum."""
        return {
            tuple(value for _, value in sorted((one.attributes or {}).items())): (
                one.sum if isinstance(one, HistogramDataPoint) else one.value
            )
            for one in self.points().get(name, [])
        }

    def close(self) -> None:
        self.tracers.shutdown()
        self.meters.shutdown()


def _plain(point: object) -> Point:
    assert isinstance(point, Point)  # none of ours is an exponential histogram
    return point
