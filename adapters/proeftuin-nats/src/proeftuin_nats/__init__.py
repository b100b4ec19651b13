"""A sink of proeftuin: `nats://host:4222/STREAM?source=urn:...` delivers each event to a stream of NATS JetStream.

Each event is a CloudEvent, under a subject of its pilot. The stream is asked to keep it once, and to say that it did.
"""

from proeftuin_nats._opening import open_nats
from proeftuin_nats._sink import NatsSink

__all__ = ["NatsSink", "open_nats"]
