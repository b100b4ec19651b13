import json
import re
from hashlib import sha256
from typing import Any
from urllib.parse import unquote

import pytest
from attrs import evolve
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from hypothesis import given
from hypothesis import strategies as st

from proeftuin.cloudevent import STRUCTURED, read
from proeftuin.spi import Envelope
from proeftuin.testing.sinks import HOSTILE, PILOTS, envelope
from proeftuin_nats._messages import LONGEST, Message, message, token
from tests.nats_bus import SOURCE

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=255)
SAFE = re.compile(r"[A-Za-z0-9_:%~-]+")


def made(event: Envelope, subscriber: str = "bus", **given: Any) -> Message:
    return message(event, subscriber, **{"source": SOURCE, "prefix": "proeftuin", **given})


@given(TEXTS)
def test_whatever_an_id_holds_it_is_one_token(text: str) -> None:
    """A token of any text is of plain characters, without a full stop, a blank or a wildcard, and never too long."""
    assert SAFE.fullmatch(token(text))
    assert len(token(text)) <= LONGEST


@given(TEXTS)
def test_different_texts_have_different_tokens(text: str) -> None:
    """A token tells its text, or where it was cut the digest of it."""
    found = token(text)
    assert text == unquote(found) or found.endswith(f"~{sha256(text.encode()).hexdigest()[:32]}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("canteen-1_A", "canteen-1_A"),
        ("a.b", "a%2Eb"),
        ("* >", "%2A%20%3E"),
        ("~", "%7E"),
        ("\r\nX: y", "%0D%0AX:%20y"),
        ("é", "%C3%A9"),
    ],
)
def test_a_token_can_be_read(text: str, expected: str) -> None:
    """Plain characters stand for themselves, and every other one as %XX."""
    assert expected == token(text)


def test_long_texts_that_begin_alike_are_told_apart() -> None:
    """What is cut ends in a digest of the whole text."""
    one, other = token("x" * 254 + "a"), token("x" * 254 + "b")
    assert one != other
    assert LONGEST == len(one)
    assert "~" == one[-33]


def test_a_subject_says_what_happened_to_whom() -> None:
    """Tenant, workflow and pilot are a token each, and so is each word of the type."""
    assert "proeftuin.tenant-1.existing-contract.p-1.record.added" == made(envelope("p-1", 1)).subject


def test_an_id_is_that_of_one_event_for_one_subscriber() -> None:
    """The id by which a stream knows repeats is the same for a repeat, and another one for whatever else."""
    event = envelope("p-1", 1)
    others = [
        made(envelope("p-1", 2)),
        made(envelope("p-1-1", 1)),
        made(evolve(event, tenant="tenant-2")),
        made(event, "other"),
        made(event, source=f"{SOURCE}:two"),
        made(evolve(event, tenant="tenant-1.bus")),
    ]
    assert made(event) == made(envelope("p-1", 1))
    assert 7 == len({one.headers["Nats-Msg-Id"] for one in (made(event), *others)})


@pytest.mark.parametrize(("pilot", "text"), list(zip(PILOTS, HOSTILE, strict=True)))
def test_the_reference_parses_every_message(pilot: str, text: str) -> None:
    """The reference library reads each body as a CloudEvent, and `read` gives back the envelope that was sent."""
    event = envelope(pilot, 3, text)
    sent = made(event)
    found = JSONFormat().read(CloudEvent, sent.body)
    data = found.get_data()
    assert json.loads(event.body) == (json.loads(data) if isinstance(data, str | bytes) else data)
    assert (f"{SOURCE}:tenant-1", "nl.proeftuin.record.added") == (found.get_source(), found.get_type())
    assert event.at == found.get_time()
    assert event == read({"content-type": sent.headers["Content-Type"]}, sent.body)
    assert sent.headers["Content-Type"].startswith(STRUCTURED)


@given(TEXTS, TEXTS)
def test_no_header_holds_what_would_begin_another(pilot: str, subscriber: str) -> None:
    """Whatever a pilot or a subscription is called, a header stays on its line, and a subject of six tokens."""
    sent = made(evolve(envelope("p", 1), pilot=pilot, id=f"{pilot}-1"), subscriber)
    assert all(one.isascii() and one.isprintable() for one in sent.headers.values())
    assert 6 == sent.subject.count(".") + 1
