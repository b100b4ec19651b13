import base64
import pickle
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook as Reference

from proeftuin import BadArgument
from proeftuin.signing import Secret, as_secrets, check, message_id, new_secret, signed

# A key, an id, a timestamp, a body and their signature, as the documentation of the standard's first user has them.
KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
EXAMPLE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_the_published_example_has_its_signature() -> None:
    """The published example of a key, id, timestamp and body has the published signature."""
    at = datetime.fromtimestamp(1614265330, tz=UTC)
    assert {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": EXAMPLE,
    } == signed(as_secrets(KEY), "msg_p5jXN8AQM9LWM0D4loKWxJek", at, b'{"test": 2432232314}')


@given(st.binary(min_size=24, max_size=64), st.text(min_size=1, max_size=50), st.text(max_size=200))
def test_every_signature_is_that_of_the_reference(key: bytes, event_id: str, body: str) -> None:
    """For any key, id and body our signature is the one that the reference makes, and ours is verified by ours."""
    text = "whsec_" + base64.b64encode(key).decode()
    try:
        raw = body.encode()
        headers = signed(as_secrets(text), event_id, AT, raw)
    except UnicodeEncodeError:  # a lone surrogate, which no event holds
        return
    assert Reference(text).sign(headers["webhook-id"], AT, body) == headers["webhook-signature"]
    assert message_id(event_id) == check(headers, raw, as_secrets(text), now=AT, tolerance=timedelta(0))


TENANTS = st.just("default") | st.text(min_size=1, max_size=40)


@given(st.tuples(st.text(max_size=40), TENANTS), st.tuples(st.text(max_size=40), TENANTS))
def test_two_ids_never_become_one(one: tuple[str, str], other: tuple[str, str]) -> None:
    """Escaped ids hold no full stop and no blank, and differ where the ids or the tenants do."""
    try:
        first, second = message_id(*one), message_id(*other)
    except UnicodeEncodeError:
        return
    assert (one == other) == (first == second)
    assert first.isascii()
    assert not {".", " ", ",", "\n"} & set(first)


def test_a_new_secret_is_new_and_long_enough() -> None:
    """Each secret that is made is another one, and can be used."""
    made = {new_secret() for _ in range(50)}
    assert 50 == len(made) == len([Secret(one) for one in made])


@pytest.mark.parametrize("text", [KEY, f" {KEY}\n", KEY.rstrip("="), "whsec_" + "QUJD" * 8 + "QQ"])
def test_a_secret_may_come_from_a_file(text: str) -> None:
    """White space around a secret and the padding of its base64 do not matter."""
    Secret(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "whsec_",
        KEY.removeprefix("whsec_"),
        "whsec_" + "QUJD" * 7,
        "whsec_" + "Q!JD" * 8,
        "whsec_!" + "QUJD" * 8,
        None,
        b"whsec_",
        7,
    ],
)
def test_what_is_no_secret_is_refused_without_being_shown(text: Any) -> None:
    """Text without the prefix, of another length, or that is no base64 is no secret, and is not in the message."""
    with pytest.raises(BadArgument, match="secrets") as caught:
        as_secrets([text])
    assert "QUJD" not in str(caught.value)
    assert "MfKQ" not in str(caught.value)


def test_a_secret_is_not_pickled() -> None:
    """A secret refuses to be written down."""
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(Secret(KEY))


def test_none_is_not_enough() -> None:
    """Without a secret nothing is signed nor verified."""
    with pytest.raises(BadArgument, match="at least one"):
        as_secrets([])
