"""What an engine of proeftuin does, told to OpenTelemetry: spans of commands and deliveries, linked, and metrics.

`Commands` is a hook of the engine, `traced` goes around a sink, `observe` makes gauges. Only the API of OpenTelemetry
is used: the host's own set-up of an SDK decides what becomes of it, and without one nothing does. The README lists
every span, attribute and metric, and tells how a delivery is linked to the command behind it.
"""

from proeftuin_otel._commands import Commands
from proeftuin_otel._deliveries import traced
from proeftuin_otel._gauges import observe

__all__ = ["Commands", "observe", "traced"]
