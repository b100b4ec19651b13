"""Canonical JSON is what Python's own `json` gives too, so that anybody can compute a digest."""

import json

from hypothesis import given, settings

from proeftuin import codec
from proeftuin.core.events import Event
from tests.property.test_round_trips import data, events
from tests.scale import scaled


def plain(body: bytes) -> bytes:
    """The same value, as docs/audit.md says to write it."""
    value = json.loads(body)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


@given(events)
@settings(max_examples=scaled(300))
def test_every_event_is_written_alike(event: Event) -> None:
    """The bytes that are hashed of any event are those that the standard library writes."""
    body = codec.encode_event(event)
    assert plain(body) == body


@given(data)
@settings(max_examples=scaled(300))
def test_every_value_is_written_alike(value: object) -> None:
    """The same holds of data of any shape, whatever its keys and texts hold."""
    body = codec.canonical(value)
    assert plain(body) == body
