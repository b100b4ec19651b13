"""The one door to OpenTelemetry's API: tracers, instruments, links, and the context that a call runs in."""

from collections.abc import Callable, Iterable, Mapping

from opentelemetry import context, metrics, trace
from opentelemetry.context import Context
from opentelemetry.metrics import CallbackOptions, Counter, Histogram, Meter, MeterProvider, Observation
from opentelemetry.trace import (
    Link,
    NonRecordingSpan,
    Span,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    Tracer,
    TracerProvider,
)

from proeftuin_otel._names import MESSAGE, SCOPE, Metric

__all__ = [
    "Context",
    "Counter",
    "Histogram",
    "Link",
    "Meter",
    "MeterProvider",
    "Observation",
    "Span",
    "SpanContext",
    "SpanKind",
    "Tracer",
    "TracerProvider",
    "context",
    "counter",
    "failed",
    "gauge",
    "histogram",
    "meeting",
    "meter",
    "trace",
    "tracer",
    "within",
]

_SAMPLED = TraceFlags(TraceFlags.SAMPLED)


def tracer(provider: TracerProvider | None) -> Tracer:
    """Return the tracer of this adapter."""
    return trace.get_tracer(SCOPE, tracer_provider=provider)


def meter(provider: MeterProvider | None) -> Meter:
    """Return the meter of this adapter."""
    return metrics.get_meter(SCOPE, meter_provider=provider)


def counter(of: Meter, metric: Metric) -> Counter:
    """Return a counter."""
    return of.create_counter(metric.name, unit=metric.unit, description=metric.description)


def histogram(of: Meter, metric: Metric) -> Histogram:
    """Return a histogram."""
    return of.create_histogram(
        metric.name,
        unit=metric.unit,
        description=metric.description,
        explicit_bucket_boundaries_advisory=metric.bounds,
    )


def gauge(of: Meter, metric: Metric, ask: Callable[[], Iterable[tuple[float, Mapping[str, str]]]]) -> None:
    """Make a gauge that asks when somebody collects."""

    def observed(_: CallbackOptions) -> Iterable[Observation]:
        return [Observation(value, attributes) for value, attributes in ask()]

    of.create_observable_gauge(metric.name, [observed], unit=metric.unit, description=metric.description)


def meeting(digest: str, event_id: str) -> Link:
    """Return a link to the trace of an event: its ids are the first digits of the event's digest.

    So whoever has the event, on whatever machine, finds the same place, and nothing is kept for it anywhere.
    """
    place = SpanContext(int(digest[:32], 16), int(digest[32:48], 16), is_remote=True, trace_flags=_SAMPLED)
    return Link(place, {MESSAGE: event_id})


def within(place: SpanContext) -> Context:
    """Return a context in which spans belong to the trace of an event."""
    return trace.set_span_in_context(NonRecordingSpan(place), Context())


def failed(span: Span) -> None:
    """Mark a span as one that ended in an error. The error's text is never told: it may hold anything."""
    span.set_status(Status(StatusCode.ERROR))
