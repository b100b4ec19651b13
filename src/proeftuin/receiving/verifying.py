"""Whether a delivery is genuine, and the event in it."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from proeftuin import cloudevent
from proeftuin.errors import BadArgument
from proeftuin.ports import SystemTime
from proeftuin.signing import TOLERANCE, NotVerified, as_secrets, check, message_id
from proeftuin.spi.sinks import Envelope


def verify(
    headers: Mapping[str, str],
    body: bytes,
    secrets: str | Iterable[str],
    *,
    now: datetime | None = None,
    tolerance: timedelta = TOLERANCE,
) -> Envelope:
    """Return the event of a delivery that is genuine.

    Everything in it was signed: nothing is taken from a header.

    Args:
        headers: of the request, as your framework gives them; the case of their names does not matter.
        body: the bytes of the request, as they came: before anything parsed them.
        secrets: what you share with the sender; several while one is replaced.
        now: the present moment, aware; None for the system's clock.
        tolerance: how far the time of signing may lie from it, either way.

    Raises:
        NotVerified: for anything else than such a delivery, whatever is wrong with it.
        BadArgument: for a secret that is none, a body that is text, or a naive `now`.
    """
    if not isinstance(body, bytes):
        raise BadArgument("body", f"give the bytes of the request as they came, not {type(body).__name__}")
    moment = SystemTime().now() if now is None else now
    if moment.tzinfo is None:
        raise BadArgument("now", "must be an aware datetime; give it a time zone")
    known = {str(name).lower(): str(value) for name, value in headers.items()}
    named = check(known, body, as_secrets(secrets), now=moment, tolerance=tolerance)
    try:
        event = cloudevent.read(known, body)
    except ValueError as error:
        raise NotVerified(str(error)) from None
    if named != message_id(event.id, event.tenant):
        raise NotVerified("its webhook-id is not that of the event in it")
    return event
