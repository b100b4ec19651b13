import base64
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone

import pytest
from standardwebhooks import Webhook as Reference
from starlette.datastructures import Headers

from proeftuin import BadArgument
from proeftuin.cloudevent import Mode, written
from proeftuin.receiving import Envelope, NotVerified, verify
from proeftuin.signing import Secret, as_secrets, signed
from tests.sinks.parcels import OLD, SECRET, SOURCE, parcel
from tests.unit.engines import BEGAN

EVENT = parcel().events[2]
Change = Callable[[dict[str, str]], object]


def delivery(
    event: Envelope = EVENT, mode: Mode = "structured", at: datetime = BEGAN, secret: str = SECRET
) -> tuple[dict[str, str], bytes]:
    """A delivery as it comes: headers with names in lower case, and a body."""
    headers, body = written(event, SOURCE, mode)
    headers |= signed(as_secrets(secret), event.id, at, body)
    return {name.lower(): value for name, value in headers.items()}, body


def refused(headers: Mapping[str, str], body: bytes, *, now: datetime = BEGAN) -> str:
    with pytest.raises(NotVerified) as caught:
        verify(headers, body, [SECRET], now=now)
    return caught.value.problem


@pytest.mark.parametrize("mode", ["structured", "binary"])
def test_a_genuine_delivery_gives_its_event(mode: Mode) -> None:
    """The event comes out as it went in, in both modes, whatever the case of the headers' names."""
    headers, body = delivery(mode=mode)
    shouted = {name.upper(): value for name, value in headers.items()}
    assert EVENT == verify(headers, body, SECRET, now=BEGAN) == verify(shouted, body, SECRET, now=BEGAN)
    assert EVENT == verify(Headers(headers), body, [OLD, SECRET], now=BEGAN)


@pytest.mark.parametrize("seconds", [-300, -1, 0, 1, 300])
def test_a_delivery_within_the_tolerance_is_taken(seconds: int) -> None:
    """Five minutes either way a delivery is taken, as clocks differ."""
    headers, body = delivery()
    verify(headers, body, SECRET, now=BEGAN + timedelta(seconds=seconds))


@pytest.mark.parametrize("seconds", [-3600, -301, 301, 86_400 * 365])
def test_a_replay_outside_the_tolerance_is_refused(seconds: int) -> None:
    """What was recorded and is played again later, or bears a time ahead, is refused though its signature is right."""
    headers, body = delivery()
    assert "too long ago" in refused(headers, body, now=BEGAN + timedelta(seconds=seconds))


def test_the_tolerance_can_be_changed() -> None:
    """A receiver may take a shorter time."""
    headers, body = delivery()
    with pytest.raises(NotVerified):
        verify(headers, body, SECRET, now=BEGAN + timedelta(seconds=31), tolerance=timedelta(seconds=30))


def test_the_systems_clock_is_taken_where_none_is_given() -> None:
    """Without `now` a delivery that was signed now is taken, and one of then is not."""
    headers, body = delivery(at=datetime.now(UTC))
    verify(headers, body, SECRET)
    with pytest.raises(NotVerified):
        verify(*delivery(), SECRET)


def test_one_changed_byte_anywhere_is_refused() -> None:
    """Each byte of the body, the id and the timestamp counts: whichever is changed, the delivery is refused."""
    headers, body = delivery()
    for place in range(len(body)):
        changed = body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]
        assert "no signature" in refused(headers, changed)
    for name in ("webhook-id", "webhook-timestamp"):
        text = headers[name]
        for place in range(len(text)):
            other = "1" if text[place] != "1" else "2"
            assert "no signature" in refused({**headers, name: text[:place] + other + text[place + 1 :]}, body)


@pytest.mark.parametrize(
    "change",
    [
        lambda one: one.pop("webhook-id"),
        lambda one: one.pop("webhook-timestamp"),
        lambda one: one.pop("webhook-signature"),
        lambda one: one.update({"webhook-id": ""}),
        lambda one: one.update({"webhook-timestamp": "soon"}),
        lambda one: one.update({"webhook-timestamp": "1e9"}),
        lambda one: one.update({"webhook-timestamp": "-5"}),
        lambda one: one.update({"webhook-timestamp": "9" * 5000}),
        lambda one: one.update({"webhook-timestamp": "٣"}),
        lambda one: one.update({"webhook-signature": "v1"}),
        lambda one: one.update({"webhook-signature": "v1,"}),
        lambda one: one.update({"webhook-signature": "v1,???"}),
        lambda one: one.update({"webhook-signature": "v1,YQ"}),
        lambda one: one.update({"webhook-signature": one["webhook-signature"].replace("v1,", "v2,")}),
        lambda one: one.update({"webhook-signature": one["webhook-signature"].replace("v1,", "v1a,")}),
        lambda one: one.update({"webhook-signature": "v1,YQ== " * 20 + one["webhook-signature"]}),
        lambda one: one.update({"webhook-signature": "\udcff"}),
        lambda one: one.update({"webhook-id": "p-3\udcff"}),
    ],
)
def test_a_malformed_header_is_refused_as_anything_else(change: Change) -> None:
    """Whatever is missing or malformed gives the one documented error, where the reference has several."""
    headers, body = delivery()
    change(headers)
    refused(headers, body)


@pytest.mark.parametrize("moment", ["soon", "٣", "1e9", "9" * 5000, "9" * 13, "-1", "1772442000.0"])
def test_a_time_that_is_none_is_refused_though_it_was_signed(moment: str) -> None:
    """Who holds the secret may sign nonsense as the time, and gets the same error."""
    headers, body = delivery()
    signature = Secret(SECRET).sign(f"p-3.{moment}.".encode() + body)
    given = {**headers, "webhook-timestamp": moment, "webhook-signature": signature}
    assert "whole number of seconds" in refused(given, body)


def test_another_secret_is_refused() -> None:
    """A delivery that somebody else signed is refused."""
    assert "no signature" in refused(*delivery(secret=OLD))


def test_a_signature_among_others_is_found() -> None:
    """A delivery with several signatures is taken when one of them is right, at whatever place."""
    headers, body = delivery()
    headers["webhook-signature"] = f"v1,{base64.b64encode(b'x' * 32).decode()} v1a,zz {headers['webhook-signature']}"
    assert EVENT == verify(headers, body, SECRET, now=BEGAN)


def test_the_headers_of_the_binary_mode_are_not_believed() -> None:
    """As no signature covers them, what the `ce-` headers say changes nothing."""
    headers, body = delivery(mode="binary")
    forged = {**headers, "ce-type": "nl.proeftuin.data.erased", "ce-subject": "other", "ce-id": "other-9"}
    assert EVENT == verify(forged, body, SECRET, now=BEGAN)


def genuine(body: bytes, event_id: str, kind: str = "application/cloudevents+json") -> tuple[dict[str, str], bytes]:
    """Any body with a right signature."""
    return {"content-type": kind, **signed(as_secrets(SECRET), event_id, BEGAN, body)}, body


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"null",
        b"[]",
        b"7",
        b"{",
        b'{"data":null}',
        b'{"data":{}}',
        b'{"data":{"type":1},"specversion":"1.0","type":"x","id":"y"}',
        b"[" * 100_000,
        b'{"data":' + b"[" * 100_000,
    ],
)
def test_a_genuine_body_that_is_no_event_is_refused(body: bytes) -> None:
    """What the sender signed but is no event of proeftuin gives the same error."""
    refused(*genuine(body, "p-3"))
    refused(*genuine(body, "p-3", "application/json"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"version":3', b'"version":"3"'),
        (b'"version":3', b'"version":3.0'),
        (b'"version":3', b'"version":true'),
        (b'"on":"2026-03-02"', b'"on":"yesterday"'),
        (b'"at":"2026-03-02T09:00:00Z"', b'"at":7'),
        (b'"pilot":"p"', b'"pilot":null'),
        (b'"tenant":"default"', b'"tenant":7'),
        (b'"track":"acme",', b""),
        (b'"track":"acme",', b'"track":"acme","surprise":1,'),
        (b'"specversion":"1.0"', b'"specversion":"0.3"'),
        (b"nl.proeftuin.record.added", b"nl.proeftuin.pilot.moved"),
        (b'"id":"p-3","source', b'"id":"p-4","source'),
    ],
)
def test_an_event_that_is_not_as_we_write_it_is_refused(old: bytes, new: bytes) -> None:
    """A field that is missing, unknown or of another type, or attributes of another event, are refused."""
    body = written(EVENT, SOURCE, "structured")[1]
    assert old in body
    refused(*genuine(body.replace(old, new), "p-3"))


def test_an_id_of_another_event_is_refused() -> None:
    """The id that was signed is that of the event in the body."""
    assert "webhook-id" in refused(*genuine(written(EVENT, SOURCE, "structured")[1], "p-4"))


def test_a_call_that_is_wrong_is_told() -> None:
    """Text instead of bytes, a naive clock, or no secret is the caller's own mistake, and not a forgery."""
    headers, body = delivery()
    with pytest.raises(BadArgument, match="body: give the bytes"):
        verify(headers, body.decode(), SECRET)  # type: ignore[arg-type]  # the mistake that is tested
    with pytest.raises(BadArgument, match="now: must be an aware datetime"):
        verify(headers, body, SECRET, now=BEGAN.replace(tzinfo=None))
    with pytest.raises(BadArgument, match="secrets: give at least one"):
        verify(headers, body, [])


def test_any_time_zone_is_a_moment() -> None:
    """The receiver's clock may be in any zone."""
    headers, body = delivery()
    verify(headers, body, SECRET, now=BEGAN.astimezone(timezone(timedelta(hours=5, minutes=30))))


def test_what_others_sign_for_us_is_verified() -> None:
    """A delivery that the reference signed, id and all, is taken."""
    headers, body = delivery()
    headers["webhook-signature"] = Reference(SECRET).sign("p-3", BEGAN, body.decode())
    assert EVENT == verify(headers, body, SECRET, now=BEGAN)


def test_an_event_of_any_shape_comes_back() -> None:
    """Data with nested lists and mappings is frozen as it was when it was sent."""
    for one in parcel().events:
        found = verify(*delivery(one), SECRET, now=BEGAN)
        assert (one, type(one.data)) == (found, type(found.data))
