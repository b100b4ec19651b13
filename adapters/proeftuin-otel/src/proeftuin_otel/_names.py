"""Every word that is sent: of spans, attributes and metrics. The README is held to these tables by a test.

Where OpenTelemetry has a convention its word is used (`messaging.*`, `error.type`), else one under `proeftuin`. No
value is personal: there are ids of pilots and events, words of workflows, names of subscriptions, codes, error types.
"""

from types import MappingProxyType
from typing import Literal

from attrs import frozen

SCOPE = "proeftuin"
"""The instrumentation scope of all spans and metrics."""
OTHER = "_OTHER"
"""What stands in the place of a word that was given and is none of the workflow's."""

ERROR = "error.type"
MESSAGES = "messaging.batch.message_count"
DESTINATION = "messaging.destination.name"
CONVERSATION = "messaging.message.conversation_id"
MESSAGE = "messaging.message.id"
OPERATION = "messaging.operation.name"
OPERATION_TYPE = "messaging.operation.type"
SYSTEM = "messaging.system"

ATTEMPT = "proeftuin.attempt"
CODE = "proeftuin.code"
CODES = "proeftuin.codes"
CONFLICTS = "proeftuin.conflicts"
DONE = "proeftuin.done"
EVENT_TYPE = "proeftuin.event.type"
FAILED = "proeftuin.failed"
LANE_STATE = "proeftuin.lane.state"
OUTCOME = "proeftuin.outcome"
PHASE = "proeftuin.phase"
PILOT = "proeftuin.pilot.id"
ROLE = "proeftuin.role"
STATE = "proeftuin.state"
TENANT = "proeftuin.tenant"
TRACK_KIND = "proeftuin.track.kind"
TRIGGER = "proeftuin.trigger"
VERB = "proeftuin.verb"
VERSION = "proeftuin.version"
WORKFLOW = "proeftuin.workflow"

ATTRIBUTES = MappingProxyType(
    {
        "command": (
            VERB,
            TENANT,
            OUTCOME,
            TRIGGER,
            ROLE,
            PILOT,
            VERSION,
            WORKFLOW,
            CODES,
            CONFLICTS,
            DONE,
            FAILED,
            ERROR,
        ),
        "event": (SYSTEM, OPERATION, OPERATION_TYPE, MESSAGE, CONVERSATION, EVENT_TYPE),
        "delivery": (
            *(SYSTEM, OPERATION, OPERATION_TYPE, DESTINATION, MESSAGE, MESSAGES, CONVERSATION, TENANT, ATTEMPT, ERROR),
        ),
        "link": (MESSAGE,),
    }
)
"""What each kind of span, and a link, may carry."""

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
LONG = (1, 5, 15, 60, 300, 900, 3600, 4 * 3600, 86400, 7 * 86400)
DAYS = (1, 7, 14, 30, 60, 90, 180, 365, 730)


@frozen
class Metric:
    """An instrument.

    Attributes:
        unit: by UCUM.
        bounds: of a histogram: where its buckets end, as a proposal to the SDK.
    """

    name: str
    kind: Literal["counter", "histogram", "gauge"]
    unit: str
    attributes: tuple[str, ...]
    description: str
    bounds: tuple[float, ...] = ()


COMMANDS = Metric(
    "proeftuin.commands", "counter", "{command}", (VERB, OUTCOME, TRIGGER, ERROR), "Commands, by what became of them."
)
DURATION = Metric(
    "proeftuin.command.duration",
    "histogram",
    "s",
    (VERB, OUTCOME, ERROR),
    "How long a call of the engine took.",
    SECONDS,
)
REFUSALS = Metric("proeftuin.refusals", "counter", "{refusal}", (CODE,), "Reasons for which commands were refused.")
RACES = Metric("proeftuin.conflicts", "counter", "{conflict}", (), "Commits that came too late for their version.")
STAY = Metric(
    "proeftuin.state.duration",
    "histogram",
    "d",
    (WORKFLOW, TRACK_KIND, STATE),
    "How many days a pilot, or a track, was in a state that it left.",
    DAYS,
)
SENT = Metric(
    "messaging.client.sent.messages",
    "counter",
    "{message}",
    (SYSTEM, OPERATION, DESTINATION, ERROR),
    "Events that were brought to a subscriber, or should have been.",
)
SENDING = Metric(
    "messaging.client.operation.duration",
    "histogram",
    "s",
    (SYSTEM, OPERATION, DESTINATION, ERROR),
    "How long a call of a sink took.",
    SECONDS,
)
AGE = Metric(
    "proeftuin.delivery.age",
    "histogram",
    "s",
    (DESTINATION,),
    "How old an event was when it arrived.",
    LONG,
)
TICK_LAG = Metric("proeftuin.tick.lag", "gauge", "s", (TENANT,), "For how long the oldest due term waits for a tick.")
LANES = Metric(
    "proeftuin.lanes", "gauge", "{lane}", (TENANT, DESTINATION, LANE_STATE), "Pilots, by how far a subscriber is."
)
PILOTS = Metric("proeftuin.pilots", "gauge", "{pilot}", (TENANT, PHASE, STATE), "Pilots, by their state.")
OVERDUE = Metric("proeftuin.pilots.overdue", "gauge", "{pilot}", (TENANT,), "Pilots with a term that is past its day.")

METRICS = (COMMANDS, DURATION, REFUSALS, RACES, STAY, SENT, SENDING, AGE, TICK_LAG, LANES, PILOTS, OVERDUE)
