"""Signatures of deliveries, by Standard Webhooks (symmetric, `v1`), for who sends and for who receives.

1. What is signed is `<webhook-id>.<webhook-timestamp>.<body>`: the bytes that are sent, and no header but these two.
2. An id with a full stop would let two deliveries have the same bytes signed, so ids are escaped: see `message_id`.
3. The timestamp is that of the attempt. A receiver refuses one that is too far from its own clock, so that what
   somebody recorded cannot be played again later.
4. While a secret is replaced both the new and the old one are given: a delivery has a signature by each, and a receiver
   takes it when one of its secrets made one of them.

The reference implementation judges these in the tests. It is not used here: it reads the system's clock by itself, and
raises any of four errors for a header that is no signature.

Source: Standard Webhooks 1.0.0, sections "Signature scheme" and "Webhook headers".
"""

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import NoReturn
from urllib.parse import quote

from proeftuin.errors import BadArgument, ProeftuinError
from proeftuin.spi.sinks import DEFAULT_TENANT

PREFIX = "whsec_"
SHORTEST, LONGEST = 24, 64
"""How many bytes a secret has, at least and at most."""

TOLERANCE = timedelta(minutes=5)
"""How far the timestamp of a delivery may lie from the receiver's clock."""

ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"

_MOST = 16  # signatures of one delivery that are looked at
_DIGITS = 12  # of a timestamp; the year 9999 has as many


class NotVerified(ProeftuinError):
    """A delivery that did not come from who holds the secret, or not now. Answer 401, and do nothing with it."""

    code = "not-verified"

    def __init__(self, problem: str) -> None:
        self.problem = problem
        super().__init__(problem)


class Secret:
    """A secret that two parties share. It is never shown, nor pickled.

    Args:
        text: `whsec_` and the base64 of 24 to 64 random bytes, as `new_secret` makes it.

    Raises:
        BadArgument: for anything else; the message has nothing of it.
    """

    __slots__ = ("_key",)

    def __init__(self, text: object) -> None:
        given = text.strip() if isinstance(text, str) else ""
        if not given.startswith(PREFIX):
            raise BadArgument(
                "secrets", f"a secret is {PREFIX} and base64; `proeftuin.receiving.new_secret()` makes one"
            )
        body = given.removeprefix(PREFIX).rstrip("=")
        try:
            key = base64.b64decode(body + "=" * (-len(body) % 4), validate=True)
        except (binascii.Error, ValueError):
            raise BadArgument("secrets", f"what follows {PREFIX} is no base64") from None
        if not SHORTEST <= len(key) <= LONGEST:
            raise BadArgument("secrets", f"a secret has {SHORTEST} to {LONGEST} bytes, this one has {len(key)}")
        self._key = key

    def sign(self, message: bytes) -> str:
        """Return the signature of a message, with its version before it."""
        return f"v1,{base64.b64encode(self._made(message)).decode('ascii')}"

    def made(self, message: bytes, signature: bytes) -> bool:
        """Whether this secret made a signature, compared in constant time."""
        return hmac.compare_digest(self._made(message), signature)

    def _made(self, message: bytes) -> bytes:
        return hmac.digest(self._key, message, hashlib.sha256)

    def __repr__(self) -> str:
        """Show that it is one, and nothing of it."""
        return "Secret(...)"

    def __reduce__(self) -> NoReturn:
        """Refuse to be written down."""
        message = "a secret is not pickled; give it to each process by its own configuration"
        raise TypeError(message)


def new_secret() -> str:
    """Return a new secret of 32 random bytes, to give to both parties."""
    return PREFIX + base64.b64encode(os.urandom(32)).decode("ascii")


def as_secrets(given: str | Secret | Iterable[str | Secret]) -> tuple[Secret, ...]:
    """Return secrets as they were given: one or several, as text or not.

    Raises:
        BadArgument: where there is none, or one that is no secret.
    """
    several = (given,) if isinstance(given, str | Secret) else tuple(given)
    if not several:
        raise BadArgument("secrets", "give at least one; without it nobody can tell whose delivery it is")
    return tuple(one if isinstance(one, Secret) else Secret(one) for one in several)


def message_id(event_id: str, tenant: str = DEFAULT_TENANT) -> str:
    """Return an event's id as `webhook-id`: whatever is no letter, digit, `-`, `_` or `~` as `%XX`.

    The name of a tenant, but for `default`, and a colon stand before it: two tenants may have pilots of one id.
    """
    own = () if tenant == DEFAULT_TENANT else (tenant,)
    return ":".join(quote(one, safe="").replace(".", "%2E") for one in (*own, event_id))


def signed(
    secrets: Iterable[Secret], event_id: str, at: datetime, body: bytes, *, tenant: str = DEFAULT_TENANT
) -> dict[str, str]:
    """Return the headers that make a body a delivery that can be verified.

    Args:
        secrets: the present one first; a signature is made by each.
        event_id: the same for each repeat.
        at: when this attempt is made.
        body: the bytes that are sent.
        tenant: whose event it is.
    """
    name, moment = message_id(event_id, tenant), str(int(at.timestamp()))
    message = _message(name, moment, body)
    return {ID: name, TIMESTAMP: moment, SIGNATURE: " ".join(secret.sign(message) for secret in secrets)}


def check(
    headers: Mapping[str, str], body: bytes, secrets: Iterable[Secret], *, now: datetime, tolerance: timedelta
) -> str:
    """Return the `webhook-id` of a delivery, once its signature and its time are found right.

    Args:
        headers: with names in lower case.
        body: the bytes that came, before anything parsed them.
        secrets: the delivery must be signed by one of them.
        now: the receiver's clock.
        tolerance: how far the delivery's timestamp may lie from it.

    Raises:
        NotVerified: where anything is missing, malformed, wrong, too old or too new.
    """
    name, moment, signatures = (headers.get(one) for one in (ID, TIMESTAMP, SIGNATURE))
    if not (name and moment and signatures):
        raise NotVerified(f"a delivery has the headers {ID}, {TIMESTAMP} and {SIGNATURE}")
    if not (moment.isascii() and moment.isdigit() and len(moment) <= _DIGITS):
        raise NotVerified(f"{TIMESTAMP} is no whole number of seconds")
    message = _message(name, moment, body)
    found = tuple(_decoded(signatures))
    if not any(secret.made(message, one) for secret in secrets for one in found):
        raise NotVerified(f"no signature in {SIGNATURE} was made with a known secret")
    if abs(int(moment) - now.timestamp()) > tolerance.total_seconds():
        raise NotVerified("it was signed too long ago, or one of the two clocks is wrong")
    return name


def _message(name: str, moment: str, body: bytes) -> bytes:
    return f"{name}.{moment}.".encode("utf-8", "surrogateescape") + body


def _decoded(signatures: str) -> Iterable[bytes]:
    for one in signatures.split(" ")[:_MOST]:
        version, _, text = one.partition(",")
        if version == "v1":
            try:
                yield base64.b64decode(text, validate=True)
            except (binascii.Error, ValueError):
                continue
