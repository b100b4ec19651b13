"""What an event is in NATS: its subject, its headers and its body.

1. The subject is `<prefix>.<tenant>.<workflow>.<pilot>.<type>`: `proeftuin.default.tender.canteen.track.moved`. A full
   stop divides a subject into tokens, and `*` and `>` stand for any; so in what is somebody's text all but letters,
   digits, `-`, `_` and `:` is written as `%XX`. A type is ours, and each of its words is a token.
2. A token that would be too long is cut, and ends in `~` and a part of its SHA-256. No other token holds a `~`, so that
   different texts have different tokens.
3. `Nats-Msg-Id` is made of the source, the subscription, the tenant and the event. The id of an event alone is not
   enough: another tenant may have a pilot of the same name, and two subscriptions may show an event differently; a
   stream that takes both would keep one of them.
4. The body is the whole CloudEvent in JSON, which is called *structured*. It is the only mode that the published NATS
   binding has, and what was written to a file, mirrored or republished without its headers is complete.

Source: CloudEvents 1.0.2, NATS binding; NATS documentation, "Subject-Based Messaging" and "Headers for Publishing".
"""

import re
from collections.abc import Mapping
from hashlib import sha256
from urllib.parse import quote

from attrs import frozen

from proeftuin.cloudevent import written
from proeftuin.errors import BadArgument
from proeftuin.spi import Envelope

LONGEST = 200
"""Characters of a token; a server reads 4,096 bytes for a subject and what stands around it."""
_DIGEST = 32
_LONGEST_PREFIX = 100
_PREFIX = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*")


@frozen
class Message:
    """What is published for one event."""

    subject: str
    headers: Mapping[str, str]
    body: bytes


def checked_prefix(prefix: str) -> str:
    """Return what all subjects begin with.

    Raises:
        BadArgument: for what is no row of plain tokens, such as `proeftuin` or `city.pilots`.
    """
    if not _PREFIX.fullmatch(prefix) or len(prefix) > _LONGEST_PREFIX:
        raise BadArgument("subject", "give tokens of A-Z a-z 0-9 _ - with full stops between, such as city.pilots")
    return prefix


def message(event: Envelope, subscriber: str, *, source: str, prefix: str) -> Message:
    """Return an event as a message: byte-equal for each repeat."""
    headers, body = written(event, source, "structured")
    headers["Nats-Msg-Id"] = ".".join(token(one) for one in (source, subscriber, event.tenant, event.id))
    texts = (event.tenant, event.workflow, event.pilot, *event.type.split("."))
    return Message(".".join((prefix, *(token(one) for one in texts))), headers, body)


def token(text: str) -> str:
    """Return a text as one token of a subject."""
    found = quote(text, safe=":").replace(".", "%2E").replace("~", "%7E")
    if len(found) <= LONGEST:
        return found
    return f"{found[: LONGEST - _DIGEST - 1]}~{sha256(text.encode()).hexdigest()[:_DIGEST]}"
