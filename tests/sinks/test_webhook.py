import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from attrs import evolve
from cloudevents.core.bindings.http import HTTPMessage, from_http_event
from cloudevents.core.v1.event import CloudEvent
from standardwebhooks import Webhook as Reference

from proeftuin import BadArgument
from proeftuin.receiving import new_secret, verify
from proeftuin.signing import Secret
from proeftuin.sinks import open_sink
from proeftuin.sinks.webhook import Webhook
from proeftuin.spi import NotDelivered, Parcel
from tests.sinks.parcels import OLD, SECRET, SOURCE, STRANGE, lived, parcel
from tests.sinks.servers import Receiver, Request, receiver
from tests.unit.engines import BEGAN, Clock

MODES = ("structured", "binary")


@pytest.fixture
def endpoint() -> Iterator[Receiver]:
    """An endpoint on loopback, without TLS."""
    with receiver() as made:
        yield made


def webhook(to: Receiver, **options: Any) -> Webhook:
    given = {"source": SOURCE, "secrets": SECRET, "ports": (to.port,), "insecure_loopback": True, **options}
    return Webhook(to.url, **given)


def failed(sink: Webhook, sent: Parcel) -> NotDelivered:
    with pytest.raises(NotDelivered) as caught:
        sink.send(sent)
    return caught.value


def as_cloud_event(request: Request) -> CloudEvent:
    event = from_http_event(HTTPMessage(dict(request.headers), request.body))
    assert isinstance(event, CloudEvent)
    return event


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("pilot", ["p", STRANGE])
def test_the_references_verify_and_parse_every_delivery(endpoint: Receiver, mode: str, pilot: str) -> None:
    """The reference verifier takes each delivery and the reference parser finds in it the event as the log has it."""
    sent = parcel(pilot)
    webhook(endpoint, mode=mode).send(sent)

    assert len(sent.events) == len(endpoint.requests)
    for event, request in zip(sent.events, endpoint.requests, strict=True):
        Reference(SECRET).verify(request.body, dict(request.headers))
        found = as_cloud_event(request)
        assert json.loads(event.body) == _data(found.get_data())
        assert (SOURCE, f"nl.proeftuin.{event.type}") == (found.get_source(), found.get_type())
        assert ("1.0", "application/json") == (found.get_specversion(), found.get_datacontenttype())
        assert event.at == found.get_time()


def _data(given: object) -> object:
    return json.loads(given) if isinstance(given, str | bytes) else given


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("pilot", ["p", STRANGE])
def test_our_own_receiver_gets_the_event_as_it_was_sent(endpoint: Receiver, mode: str, pilot: str) -> None:
    """What `verify` returns equals the envelope that the sink was given, field by field and byte by byte."""
    sent = parcel(pilot)
    webhook(endpoint, mode=mode).send(sent)
    assert list(sent.events) == [verify(one.headers, one.body, SECRET) for one in endpoint.requests]


def test_an_event_has_the_attributes_of_the_profile(endpoint: Receiver) -> None:
    """The attributes are those of the table: id, URN as source, reversed domain name as type, subject and time."""
    webhook(endpoint).send(parcel())
    body = json.loads(endpoint.requests[0].body)
    del body["data"]
    assert {
        "specversion": "1.0",
        "id": "p-1",
        "source": SOURCE,
        "type": "nl.proeftuin.pilot.started",
        "subject": "p",
        "time": "2026-03-02T09:00:00Z",
        "datacontenttype": "application/json",
    } == body
    assert "application/cloudevents+json; charset=utf-8" == endpoint.requests[0].headers["content-type"]


def test_the_binary_mode_has_the_attributes_as_headers(endpoint: Receiver) -> None:
    """In binary mode each attribute is a header, and the body is the data alone, byte for byte."""
    sent = parcel(STRANGE)
    webhook(endpoint, mode="binary").send(sent)
    found = endpoint.requests[0]
    assert sent.events[0].body == found.body
    assert "application/json" == found.headers["content-type"]
    assert "a.1%20%2525%20%C3%A9%25C2%2585/%25EF%25BF%25BE%25EF%25B7%2590?" == found.headers["ce-subject"]


def test_a_tenant_has_a_source_of_its_own(endpoint: Receiver) -> None:
    """Two tenants may have pilots of one id, so that their events differ by source."""
    webhook(endpoint).send(parcel(tenant="City of X"))
    assert f"{SOURCE}:City%20of%20X" == as_cloud_event(endpoint.requests[0]).get_source()


def test_a_tenant_has_ids_of_its_own(endpoint: Receiver) -> None:
    """Who receives events of two tenants and knows what came by `webhook-id` takes those of either."""
    for tenant, name in (("default", "p-1"), ("City of X", "City%20of%20X:p-1"), ("city.x", "city%2Ex:p-1")):
        sent = parcel(tenant=tenant)
        webhook(endpoint, time=Clock()).send(evolve(sent, events=sent.events[:1]))
        request = endpoint.requests[-1]
        assert name == request.headers["webhook-id"]
        assert sent.events[0] == verify(request.headers, request.body, SECRET, now=BEGAN)


def test_a_repeat_differs_in_its_time_and_signature_alone(endpoint: Receiver) -> None:
    """A repeat has the same body and id, and a timestamp and a signature of its own attempt."""
    clock, sent = Clock(), parcel()
    sink = webhook(endpoint, time=clock)
    sink.send(sent)
    clock.pass_(hours=1)
    sink.send(sent)

    half = len(sent.events)
    for first, again in zip(endpoint.requests[:half], endpoint.requests[half:], strict=True):
        assert (first.body, first.headers["webhook-id"]) == (again.body, again.headers["webhook-id"])
        changed = {name for name in first.headers if first.headers[name] != again.headers[name]}
        assert {"webhook-timestamp", "webhook-signature"} == changed


def test_while_a_secret_is_replaced_both_verify(endpoint: Receiver) -> None:
    """With two secrets each delivery has a signature by both, and a receiver that knows either takes it."""
    webhook(endpoint, secrets=[SECRET, OLD]).send(parcel())
    for one in endpoint.requests:
        assert 2 == len(one.headers["webhook-signature"].split(" "))
        for known in (SECRET, OLD):
            Reference(known).verify(one.body, dict(one.headers))
            assert verify(one.headers, one.body, known) == verify(one.headers, one.body, [new_secret(), known])


def test_no_id_that_is_signed_holds_a_full_stop(endpoint: Receiver) -> None:
    """The id is escaped where it is signed, as the same bytes could be read as another id and timestamp otherwise."""
    webhook(endpoint).send(parcel("a.1"))
    assert "a%2E1-1" == endpoint.requests[0].headers["webhook-id"]


def test_a_token_is_sent_as_a_bearer(endpoint: Receiver) -> None:
    """A token stands in `Authorization`, for endpoints that ask for one."""
    webhook(endpoint, token="abc.DEF-1=").send(parcel())  # noqa: S106  # no secret
    assert "Bearer abc.DEF-1=" == endpoint.requests[0].headers["authorization"]


def test_a_supplier_gets_its_own_tracks_alone(endpoint: Receiver) -> None:
    """A supplier's subscription brings nothing of another supplier's track, in body or header."""
    webhook(endpoint).send(parcel(party="acme"))
    found = [verify(one.headers, one.body, SECRET) for one in endpoint.requests]
    assert ["acme", "acme", None] == [one.track for one in found]
    assert not [one for one in endpoint.requests if b"RIVAL" in one.body or b"rival" in one.body]


# -- answers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [200, 201, 202, 204, 226])
def test_any_2xx_means_that_it_arrived(endpoint: Receiver, status: int) -> None:
    """Whichever success is answered, the whole parcel goes out, and nothing is raised."""
    endpoint.answers = [(status, {})] * 2
    webhook(endpoint).send(evolve(parcel(), events=parcel().events[:2]))
    assert 2 == len(endpoint.requests)


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 401, 404, 409, 413, 429, 500, 502, 503, 504, 599])
def test_any_other_status_is_tried_again_later(endpoint: Receiver, status: int) -> None:
    """Whatever else is answered fails at that event, without a second request, and is not for ever."""
    endpoint.answers = [(204, {}), (status, {"Location": endpoint.url})]
    error = failed(webhook(endpoint), parcel())
    assert (1, False, None) == (error.delivered, error.permanent, error.retry_after)
    assert f"127.0.0.1:{endpoint.port} answered {status}" == error.problem
    assert 2 == len(endpoint.requests)


def test_an_endpoint_that_is_gone_is_not_tried_again(endpoint: Receiver) -> None:
    """410 says that the endpoint is no more, which is permanent."""
    endpoint.answers = [(410, {})]
    error = failed(webhook(endpoint), parcel())
    assert (None, True) == (error.delivered, error.permanent)


@pytest.mark.parametrize(
    ("given", "wait"),
    [
        ("120", timedelta(minutes=2)),
        (" 5 ", timedelta(seconds=5)),
        (format_datetime(BEGAN + timedelta(minutes=3), usegmt=True), timedelta(minutes=3)),
        ("Mon, 02 Mar 2026 09:10:00 -0000", timedelta(minutes=10)),
        ("99999999", timedelta(days=1)),
        (format_datetime(datetime(2099, 1, 1, tzinfo=UTC)), timedelta(days=1)),
        ("0", None),
        ("-5", None),
        ("9" * 400, None),
        (format_datetime(BEGAN - timedelta(minutes=3)), None),
        ("soon", None),
        ("٣", None),
        ("", None),
    ],
)
def test_retry_after_is_honoured_within_bounds(endpoint: Receiver, given: str, wait: timedelta | None) -> None:
    """Seconds or a date ahead are honoured up to a day; what is behind us or makes no sense is not."""
    endpoint.answers = [(429, {"Retry-After": given.encode().decode("latin-1")})]
    assert wait == failed(webhook(endpoint, time=Clock()), parcel()).retry_after


def test_the_events_of_a_parcel_share_a_connection(endpoint: Receiver) -> None:
    """An endpoint that keeps its connection gets a whole parcel over it."""
    webhook(endpoint).send(parcel())
    assert 1 == len({one.peer for one in endpoint.requests})


def test_an_endpoint_may_close_after_each_answer(endpoint: Receiver) -> None:
    """An endpoint that lets go of its connections gets the whole parcel too."""
    endpoint.answers = [(204, {"Connection": "close"})] * 9
    sent = parcel()
    webhook(endpoint).send(sent)
    assert len(sent.events) == len({one.peer for one in endpoint.requests}) == len(endpoint.requests)


# -- with the engine -------------------------------------------------------------------------------------------------


def test_deliver_brings_a_pilot_to_an_endpoint(endpoint: Receiver) -> None:
    """From `fire` to the receiver: after a failure in the middle every event arrives, in order, and none is missing."""
    on, clock = lived(), Clock()
    on.subscribe("hr", start="beginning")
    endpoint.answers = [(204, {}), (204, {}), (503, {"Retry-After": "7"})]
    sink = webhook(endpoint, batch=100, time=clock)
    assert 1 == on.deliver({"hr": sink}).failed
    (lane,) = on.lanes("hr")
    assert (2, f"127.0.0.1:{endpoint.port} answered 503") == (lane.delivered, lane.error)

    on.resend("hr", "p")
    on.deliver({"hr": sink})
    versions = [json.loads(one.body)["data"]["version"] for one in endpoint.requests]
    assert [1, 2, 3, *range(3, 7)] == versions
    assert endpoint.requests[2].body == endpoint.requests[3].body


# -- what is given ---------------------------------------------------------------------------------------------------

URL = "https://hr.example/hook?t=QUERY-MARKER"
GIVEN: dict[str, Any] = {"source": SOURCE, "secrets": [SECRET]}


@pytest.mark.parametrize(
    ("change", "argument"),
    [
        ({"source": "hr.example"}, "source"),
        ({"source": "urn:nld:two words"}, "source"),
        ({"secrets": []}, "secrets"),
        ({"secrets": ["hunter2-MARKER"]}, "secrets"),
        ({"secrets": ["whsec_" + "QUJD" * 7]}, "secrets"),
        ({"secrets": ["whsec_" + "QUJD" * 22]}, "secrets"),
        ({"secrets": ["whsec_MARKER!" + "QUJD" * 8]}, "secrets"),
        ({"mode": "batched"}, "mode"),
        ({"token": "MARKER\r\nX: y"}, "token"),
        ({"token": "MARKER with spaces"}, "token"),
        ({"allow": ["10.0.0.0/40"]}, "allow"),
        ({"ports": [8443]}, "url"),
        ({"seconds": 0.5}, "seconds"),
        ({"seconds": 61}, "seconds"),
        ({"batch": 0}, "batch"),
        ({"source": None}, "source"),
        ({"secrets": "MARKER"}, "secrets"),
        ({"secrets": [7]}, "secrets"),
        ({"insecure_loopback": "yes"}, "insecure_loopback"),
        ({"batch": True}, "batch"),
        ({"verify": False}, "verify"),
        ({"authority": "/nowhere/MARKER.pem"}, "authority"),
        ({"key": __file__}, "key"),
        ({"authority": __file__}, "authority"),
        ({"certificate": __file__}, "certificate"),
    ],
)
def test_what_is_wrong_in_a_configuration_is_told(change: Mapping[str, Any], argument: str) -> None:
    """Each wrong option is refused by its name before anything is sent, and nothing that may be secret is said."""
    with pytest.raises(BadArgument) as caught:
        open_sink(URL, {**GIVEN, **change})
    assert argument == caught.value.argument
    assert "MARKER" not in str(caught.value)


@pytest.mark.parametrize("name", ["source", "secrets"])
def test_what_a_configuration_cannot_do_without_is_told(name: str) -> None:
    """Who publishes, and the secrets, must be given."""
    with pytest.raises(BadArgument, match=f"{name}: it must be given"):
        open_sink(URL, {one: value for one, value in GIVEN.items() if one != name})


def test_a_configuration_opens_a_webhook() -> None:
    """Every option of a configuration reaches the webhook that it opens."""
    options = {
        **GIVEN,
        "mode": "binary",
        "token": "abc",
        "allow": ["10.0.0.0/8", "fd00::/8"],
        "ports": [443, 8443],
        "seconds": 30,
        "batch": 5,
    }
    made = open_sink("https://10.1.2.3:8443/hook", options)
    assert isinstance(made, Webhook)
    assert (30, 5) == (made.seconds, made.batch)


def test_nothing_secret_is_shown_of_a_webhook() -> None:
    """Neither a webhook nor a secret shows in its representation what it must not."""
    made = Webhook(URL, source=SOURCE, secrets=SECRET, token="TOKEN-MARKER")  # noqa: S106  # no secret
    assert "Webhook(hr.example:443)" == repr(made)
    assert "Secret(...)" == f"{Secret(SECRET)}" == repr(Secret(SECRET))
    assert "MARKER" not in repr(vars(made))
