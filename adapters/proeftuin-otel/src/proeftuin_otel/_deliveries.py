"""A span and figures for each call of a sink, which links to the traces of the events that it brings.

Whatever goes wrong with telling is logged, and never becomes a failure of the delivery: that would send it again.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from time import perf_counter
from typing import Any

from proeftuin.spi import NotDelivered, Parcel, Sink, Time
from proeftuin_otel import _api as api
from proeftuin_otel import _names as names
from proeftuin_otel._answers import error_type

_LOGGER = logging.getLogger("proeftuin.otel")


class SystemTime:
    """The system's clock."""

    def now(self) -> datetime:
        """Return the present instant."""
        return datetime.now(UTC)


def traced(
    sink: Sink,
    *,
    tracer_provider: api.TracerProvider | None = None,
    meter_provider: api.MeterProvider | None = None,
    time: Time | None = None,
) -> Sink:
    """Return a sink that does as this one does, and makes a span of each call.

    Args:
        sink: what delivers. Its `batch`, `seconds` and `close` are those of the result.
        tracer_provider: where spans go; the global one by default.
        meter_provider: where figures go; the global one by default.
        time: has `now()`, for how old an event is; the system's clock by default.
    """
    return Traced(sink, api.tracer(tracer_provider), api.meter(meter_provider), time or SystemTime())


class Traced:
    """A sink around another one."""

    def __init__(self, sink: Sink, tracer: api.Tracer, meter: api.Meter, time: Time) -> None:
        self._sink = sink
        self._tracer = tracer
        self._time = time
        self._sent = api.counter(meter, names.SENT)
        self._sending = api.histogram(meter, names.SENDING)
        self._age = api.histogram(meter, names.AGE)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # whatever the sink has
        """Give what the sink has besides: `batch`, `seconds`, `close`."""
        return getattr(self._sink, name)

    def send(self, parcel: Parcel) -> object:
        """Deliver a parcel as the sink does."""
        span, token, since = None, None, perf_counter()
        with _quietly():
            span = self._begun(parcel)
            token = api.context.attach(api.trace.set_span_in_context(span))
        error: BaseException | None = None
        try:
            return self._sink.send(parcel)
        except BaseException as raised:
            error = raised
            raise
        finally:
            with _quietly():
                if token is not None:
                    api.context.detach(token)
                self._count(parcel, error, perf_counter() - since)
            with _quietly():
                if span is not None:
                    _end(span, error)

    def _begun(self, parcel: Parcel) -> api.Span:
        events, alone = parcel.events, len(parcel.events) == 1
        return self._tracer.start_span(
            f"send {parcel.subscriber}",
            kind=api.SpanKind.CLIENT,
            links=[api.meeting(event.digest, event.id) for event in events],
            attributes={
                **_where(parcel),
                **({names.MESSAGE: events[0].id} if alone else {names.MESSAGES: len(events)}),
                names.OPERATION_TYPE: "send",
                names.CONVERSATION: parcel.pilot,
                names.TENANT: parcel.tenant,
                names.ATTEMPT: parcel.attempt,
            },
        )

    def _count(self, parcel: Parcel, error: BaseException | None, seconds: float) -> None:
        where = _where(parcel)
        wrong = {} if error is None else {names.ERROR: error_type(error)}
        self._sending.record(seconds, {**where, **wrong})
        arrived = [event for event in parcel.events if event.version <= _upto(parcel, error)]
        if arrived:
            self._sent.add(len(arrived), where)
        if len(arrived) < len(parcel.events):
            self._sent.add(len(parcel.events) - len(arrived), {**where, **wrong})
        now = self._time.now()
        for event in arrived:
            self._age.record(max(0.0, (now - event.at).total_seconds()), {names.DESTINATION: parcel.subscriber})


def _where(parcel: Parcel) -> dict[str, str | int]:
    return {names.SYSTEM: "proeftuin", names.OPERATION: "send", names.DESTINATION: parcel.subscriber}


def _upto(parcel: Parcel, error: BaseException | None) -> int:
    """Return the last version that arrived."""
    if error is None:
        return parcel.events[-1].version
    told = getattr(error, "delivered", None) if isinstance(error, NotDelivered) else None
    return told if type(told) is int else 0


def _end(span: api.Span, error: BaseException | None) -> None:
    if error is not None:
        span.set_attribute(names.ERROR, error_type(error))
        api.failed(span)
    span.end()


@contextmanager
def _quietly() -> Iterator[None]:
    try:
        yield
    except Exception as error:  # noqa: BLE001  # telling must not become a failure of the delivery
        _LOGGER.warning("not-told", extra={"error": type(error).__name__})
