"""What judges a storm notices each thing that a storm must not do."""

import json
from typing import Any

import pytest

from proeftuin.sinks.webhook import Webhook
from proeftuin.spi import NotDelivered
from tests.faults.delivering import sink_to
from tests.faults.ledger import UNDONE, Ledger
from tests.faults.storm import Web
from tests.sinks.parcels import OLD, SOURCE, parcel

COMMITTED = {"p-1": "d1", "p-2": "d2"}


def event(version: int, **other: Any) -> dict[str, Any]:
    return {"id": f"p-{version}", "pilot": "p", "version": version, "digest": f"d{version}", **other}


@pytest.mark.parametrize(
    ("came", "amiss"),
    [
        ([event(1), event(2)], []),
        ([event(1), event(1), event(2), event(1)], []),
        ([event(1), event(2), event(1, text="other")], ["p-1 came again with other bytes"]),
        ([event(2), event(1)], ["p-2 came first behind 0", "p-1 came first behind 2"]),
        ([event(1)], ["p-2 never came"]),
        ([event(1), event(2), event(3)], ["p-3 was never committed"]),
        ([event(1), event(2, text=UNDONE)], ["p-2 was rolled back"]),
        ([event(1), event(2, digest="d3")], ["p-2 has another digest"]),
    ],
)
def test_what_must_not_happen_is_noticed(came: list[dict[str, Any]], amiss: list[str]) -> None:
    """Repeats are well; other bytes, another order, a gap, and what was never or not so committed are told."""
    ledger = Ledger()
    for one in came:
        ledger.take(json.dumps(one).encode(), one)
    assert amiss == ledger.amiss(COMMITTED)
    assert len(came) == ledger.came


@pytest.mark.parametrize("mode", ["structured", "binary"])
def test_an_endpoint_judges_what_it_is_sent(mode: str) -> None:
    """What is signed with another secret is told, and what is signed with the right one is taken, in both modes."""
    far = Web(mode, usual={"accept": 1})
    with far.open():
        kind, port, seconds = far.arguments
        sink_to(kind, int(port), float(seconds), 5).send(parcel())
        assert far.has(len(parcel().events))
        options: dict[str, Any] = {"ports": (int(port),), "insecure_loopback": True}
        Webhook(f"http://127.0.0.1:{port}/", source=SOURCE, secrets=OLD, **options).send(parcel())
    assert ["WebhookVerificationError: No matching signature found"] * len(parcel().events) == far.ledger.faults
    assert len(parcel().events) == far.ledger.came == far.ledger.last["p"]


@pytest.mark.parametrize("how", ["error", "reset", "lose", "hang"])
def test_an_endpoint_fails_as_it_is_told(how: str) -> None:
    """Each kind of failure is one for who sends; only where the answer is lost did the event arrive."""
    far = Web("structured", usual={how: 1})
    with far.open():
        kind, port, seconds = far.arguments
        with pytest.raises(NotDelivered):
            sink_to(kind, int(port), float(seconds), 5).send(parcel())
    assert {how: 1} == far.did
    assert ([], 1 if how == "lose" else 0) == (far.ledger.faults, far.ledger.came)
