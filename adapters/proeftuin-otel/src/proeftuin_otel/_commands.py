"""A span and figures for each command.

1. A span begins with the call and ends with it. It is the current span meanwhile, so what the store's driver or a hook
   traces lies below it, and it lies below whatever span the host is in.
2. Each event that is committed gets a short span in a trace of its own, whose id follows from the event
   (`_api.meeting`). That span links to the command's, and the command's to that trace. A delivery that has the event
   finds the trace.
3. Inside a transaction of the host the commit comes after the call; until then the place of the command's span is kept
   in memory, of the last `WAITING` pilots.
4. A hook of the engine breaks nothing, whatever it raises. What hangs is not ours to end: export in the background.
"""

from collections import Counter
from collections.abc import Sequence
from threading import Lock
from time import perf_counter
from typing import TYPE_CHECKING, Any

from attrs import define

from proeftuin import Event, Result
from proeftuin.spi import Began, Committed, Conflicted, Ended, RefusedCommand, renewed
from proeftuin_otel import _api as api
from proeftuin_otel import _names as names
from proeftuin_otel._answers import Answer, answers, facts, outcome, stays, trigger

if TYPE_CHECKING:
    from contextvars import Token

WORK = (names.DONE, names.FAILED)
WAITING = 1000
"""How many pilots may wait for a commit of the host, before the oldest is forgotten."""


@define(eq=False)
class _Running:
    """A call that has begun."""

    began: Began
    span: api.Span
    since: float
    conflicts: int = 0
    committed: bool = False
    token: "Token[Any] | None" = None


class Commands:
    """A hook of the engine: `Engine.open(url, hooks=[Commands()])`.

    Args:
        tracer_provider: where spans go; the global one by default.
        meter_provider: where figures go; the global one by default.

    Note:
        One object serves any number of engines and threads.
    """

    def __init__(
        self, *, tracer_provider: api.TracerProvider | None = None, meter_provider: api.MeterProvider | None = None
    ) -> None:
        meter = api.meter(meter_provider)
        self._tracer = api.tracer(tracer_provider)
        self._commands = api.counter(meter, names.COMMANDS)
        self._duration = api.histogram(meter, names.DURATION)
        self._refusals = api.counter(meter, names.REFUSALS)
        self._conflicts = api.counter(meter, names.RACES)
        self._stays = api.histogram(meter, names.STAY)
        self._key = api.context.create_key("proeftuin-command")
        self.renew()
        renewed(self)

    def renew(self) -> None:
        """Begin anew in a process that was forked off: a lock that another thread held stays shut there."""
        self._waiting: dict[str, api.SpanContext] = {}
        self._lock = Lock()

    def began(self, moment: Began) -> None:
        """Begin a span."""
        given = {names.VERB: moment.verb, names.TENANT: moment.tenant}
        running = _Running(moment, self._tracer.start_span(moment.verb, attributes=given), perf_counter())
        inside = api.trace.set_span_in_context(running.span)
        running.token = api.context.attach(api.context.set_value(self._key, running, inside))

    def ended(self, moment: Ended) -> None:
        """End the span, and count."""
        running = self._running()
        if running is None or running.began is not moment.began:  # its beginning was not told, or went wrong
            return
        if running.token is not None:
            api.context.detach(running.token)
        try:
            self._count(running, moment)
        finally:
            running.span.end()

    def committed(self, moment: Committed) -> None:
        """Count the days in states that were left, and lay the links of the events."""
        moves = Counter(event.track for event in moment.events if _moved(event))
        for days, values in stays(moment.pilot, moves):
            self._stays.record(days, values)
        command, span = self._waited(moment.pilot.digest), None
        running = self._running()
        if command is None and running is not None:
            running.committed = True
            command, span = running.span.get_span_context(), running.span
        if command is not None and command.trace_flags.sampled:
            for event in moment.events:
                self._lay(event, command, span)

    def refused(self, moment: RefusedCommand) -> None:
        """Count each reason, once."""
        for code in dict.fromkeys(blocker.code for blocker in moment.blockers):
            self._refusals.add(1, {names.CODE: code})

    def conflicted(self, moment: Conflicted) -> None:  # noqa: ARG002  # the engine gives it
        """Count a race that was lost."""
        running = self._running()
        if running is not None:
            running.conflicts += 1
        self._conflicts.add(1)

    # -- inside ----------------------------------------------------------------------------------------------------

    def _running(self) -> _Running | None:
        found = api.context.get_value(self._key)
        return found if isinstance(found, _Running) else None

    def _count(self, running: _Running, moment: Ended) -> None:
        verb, told = {names.VERB: moment.began.verb}, answers(moment)
        for one in told:
            self._commands.add(1, {**verb, **outcome(one), **trigger(one)})
        alone = None if isinstance(moment.result, tuple) or not told else told[0]
        ending = {names.OUTCOME: "done"} if alone is None else outcome(alone)
        self._duration.record(perf_counter() - running.since, {**verb, **ending})
        if running.span.is_recording():
            _describe(running.span, moment, alone, told)
            running.span.set_attributes({names.CONFLICTS: running.conflicts, **ending})
            if names.ERROR in ending:
                api.failed(running.span)
            if not running.committed:
                self._wait([one for one in told if isinstance(one, Result) and not one.duplicate], running.span)

    def _wait(self, results: list[Result], span: api.Span) -> None:
        with self._lock:
            for one in results:
                self._waiting[one.pilot.digest] = span.get_span_context()
            while len(self._waiting) > WAITING:
                del self._waiting[next(iter(self._waiting))]

    def _waited(self, digest: str) -> api.SpanContext | None:
        with self._lock:
            return self._waiting.pop(digest, None)

    def _lay(self, event: Event, command: api.SpanContext, span: api.Span | None) -> None:
        """Make the span of an event; `span` is the command's own, where it has not ended yet."""
        meeting = api.meeting(event.digest, event.id)
        if span is not None:
            span.add_link(meeting.context, meeting.attributes)
        self._tracer.start_span(
            f"create {event.type}",
            api.within(meeting.context),
            api.SpanKind.PRODUCER,
            {
                names.SYSTEM: "proeftuin",
                names.OPERATION: "create",
                names.OPERATION_TYPE: "create",
                names.MESSAGE: event.id,
                names.CONVERSATION: event.pilot_id,
                names.EVENT_TYPE: event.type,
            },
            [api.Link(command)],
        ).end()


def _moved(event: Event) -> bool:
    return event.type in {"pilot.moved", "track.moved"} and event.data["from"] != event.data["to"]


def _describe(span: api.Span, moment: Ended, alone: Answer | None, told: Sequence[Answer]) -> None:
    """Tell what is known of the command; where there were several, or it was a tick, how many went well."""
    if alone is not None:
        word = trigger(alone)
        span.set_attributes({**word, **facts(alone)})
        span.update_name(" ".join([moment.began.verb, *(f"{one}" for one in word.values())]))
    elif isinstance(moment.result, tuple):
        good = sum(isinstance(one, Result) for one in told)
        span.set_attributes({names.DONE: good, names.FAILED: len(told) - good})
    else:  # the `Work` of a tick
        span.set_attributes({name: getattr(moment.result, name.rpartition(".")[2]) for name in WORK})
