"""The question with which a sender begins, and its answer: whether an endpoint agrees to be called."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest

from proeftuin import BadArgument
from proeftuin.receiving import agree, verify
from proeftuin.sinks.webhook import AGREED, Webhook
from tests.sinks.parcels import SECRET, SOURCE, parcel
from tests.sinks.servers import Receiver, receiver
from tests.sinks.test_webhook import failed, webhook
from tests.unit.delivery.catching import Play
from tests.unit.engines import Clock

OURS = "pilots.city.example"
TOKEN = "TOKEN-MARKER"  # noqa: S105  # no secret
YES = {"WebHook-Allowed-Origin": OURS}


@pytest.fixture
def endpoint() -> Iterator[Receiver]:
    """An endpoint that agrees to the first that it is asked."""
    with receiver() as made:
        made.answers = [(204, YES)]
        yield made


def methods(endpoint: Receiver) -> list[str]:
    return [one.method for one in endpoint.requests]


def test_an_endpoint_is_asked_before_anything_is_sent(endpoint: Receiver) -> None:
    """The question holds our name, and no event, signature or token; what is sent afterwards holds all of them."""
    webhook(endpoint, origin="Pilots.City.example", token=TOKEN).send(parcel())
    first, *rest = endpoint.requests
    assert ("OPTIONS", OURS, b"") == (first.method, first.headers["webhook-request-origin"], first.body)
    assert {"user-agent", "webhook-request-origin", "host", "content-length", "accept-encoding"} == set(first.headers)
    assert ["POST"] * len(parcel().events) == [one.method for one in rest]
    assert {(OURS, f"Bearer {TOKEN}")} == {
        (one.headers["webhook-request-origin"], one.headers["authorization"]) for one in rest
    }
    assert list(parcel().events) == [verify(one.headers, one.body, SECRET) for one in rest]


def test_an_endpoint_that_agreed_is_not_asked_again_on_that_day(endpoint: Receiver) -> None:
    """Once it agreed, an endpoint is sent to without a question; a day later it is asked once more."""
    clock = Clock()
    endpoint.answers += [(204, {})] * 2 * len(parcel().events) + [(200, {"webhook-allowed-origin": " * "})]
    sink = webhook(endpoint, origin=OURS, time=clock)
    sink.send(parcel())
    clock.at += AGREED - timedelta(seconds=1)
    sink.send(parcel())
    assert 1 == methods(endpoint).count("OPTIONS")
    clock.pass_(seconds=1)
    sink.send(parcel())
    assert [0, 1 + 2 * len(parcel().events)] == [at for at, one in enumerate(methods(endpoint)) if one == "OPTIONS"]


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (204, {}),
        (200, {"WebHook-Allowed-Origin": "other.example"}),
        (200, {"WebHook-Allowed-Origin": f"evil-{OURS}"}),
        (200, {"WebHook-Allowed-Origin": ""}),
        (200, {"Access-Control-Allow-Origin": "*"}),
        (403, YES),
        (405, {}),
        (302, {"Location": "/", **YES}),
    ],
)
def test_who_does_not_agree_is_sent_nothing(endpoint: Receiver, status: int, headers: Mapping[str, str]) -> None:
    """Whatever is no consent to our name is none; it is told, is asked again at the next try, and is not for ever."""
    endpoint.answers = [(status, headers)] * 2
    sink = webhook(endpoint, origin=OURS)
    error = failed(sink, parcel())
    expected = f"127.0.0.1:{endpoint.port} answered {status} when asked whether {OURS} may call it"
    assert (expected, None, False) == (error.problem, error.delivered, error.permanent)
    failed(sink, parcel())
    assert ["OPTIONS"] * 2 == methods(endpoint)


def test_what_an_endpoint_says_of_later_is_heard(endpoint: Receiver) -> None:
    """Also to the question 410 is for ever, and `Retry-After` is honoured."""
    endpoint.answers = [(410, {}), (429, {"Retry-After": "60"})]
    sink = webhook(endpoint, origin=OURS, time=Clock())
    assert failed(sink, parcel()).permanent
    assert timedelta(minutes=1) == failed(sink, parcel()).retry_after


def test_without_a_name_nobody_is_asked(endpoint: Receiver) -> None:
    """Where it was agreed on beforehand nothing is asked, and no request holds a name."""
    endpoint.answers = []
    webhook(endpoint).send(parcel())
    assert {("POST", False)} == {(one.method, "webhook-request-origin" in one.headers) for one in endpoint.requests}


def test_a_lane_waits_until_its_endpoint_agrees(endpoint: Receiver) -> None:
    """An endpoint that does not agree yet holds its lane up like one that is down; then all comes, in order."""
    endpoint.answers = [(405, {}), (204, YES)]
    play = Play()
    play.engine.subscribe("hr")
    play.pilot(notes=2)
    sink = webhook(endpoint, origin=OURS)
    assert (0, 1, False) == play.deliver(hr=sink)
    play.clock.pass_(minutes=1)
    assert (3, 0, False) == play.deliver(hr=sink)
    assert [1, 2, 3] == [verify(one.headers, one.body, SECRET).version for one in endpoint.requests[2:]]


@pytest.mark.parametrize(
    "name", ["", "two words", "a..b", ".example", "a.b\r\nX: y", "https://a.example", "-a.b", "é.nl", 7]
)
def test_what_is_no_name_is_refused(name: Any) -> None:
    """A name of ours is one that DNS could have."""
    with pytest.raises(BadArgument, match="origin: give the DNS name"):
        Webhook("https://hr.example/", source=SOURCE, secrets=SECRET, origin=name)


# -- the answer --------------------------------------------------------------------------------------------------------


def test_a_receiver_agrees_to_those_it_knows(endpoint: Receiver) -> None:
    """The answer to a known name, whatever its case, lets the sink send; to any other there is none."""
    asked = {"WebHook-Request-Origin": "Pilots.city.example"}
    endpoint.answers = [(200, agree(asked, {"other.example", "pilots.City.example"}))]
    webhook(endpoint, origin=OURS).send(parcel())
    assert len(endpoint.requests) == 1 + len(parcel().events)
    assert (
        {}
        == agree(asked, {"other.example"})
        == agree({}, {OURS})
        == agree({}, {"", OURS} - {""})
        == agree(asked, set())
    )


def test_one_text_is_no_set_of_names() -> None:
    """A text would be a set of letters, and is refused."""
    with pytest.raises(BadArgument, match="origins: give a set"):
        agree({}, OURS)
