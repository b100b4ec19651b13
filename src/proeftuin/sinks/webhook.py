"""The sink `https`: events as CloudEvents, signed by Standard Webhooks, posted to one URL.

What an answer means:

| answer | means |
|---|---|
| 2xx | it arrived |
| 410 | the endpoint is no more: the lane is parked at once |
| any other status; no answer, a broken one, one too late | try again later, by the schedule; not before `Retry-After` |

A redirect is not followed. A 4xx is tried again too: most of them (401 while a secret is replaced, 404 while something
is deployed) pass, and an event that an endpoint will never take is parked in the end, where somebody sees it.

Where we are given a name to call ourselves by (`origin`), an endpoint is asked first whether it agrees to be called by
it, and once more each day. Before it agrees it is sent nothing else: no event, no signature and no token.

Source: Standard Webhooks 1.0.0, "Delivery success and failure"; CloudEvents, HTTP 1.1 Web Hooks for Event Delivery;
Logius, guidelines for the NL GOV profile for CloudEvents, on the Webhook pattern.
"""

import re
import ssl
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from types import MappingProxyType
from typing import Any, cast

from attrs import field, frozen

from proeftuin import signing
from proeftuin.cloudevent import Mode, checked_source, written
from proeftuin.errors import BadArgument
from proeftuin.ports import SystemTime
from proeftuin.signing import Secret, as_secrets
from proeftuin.sinks import tls
from proeftuin.sinks.addresses import Rules, endpoint, networks
from proeftuin.sinks.http import Answer, Caller, Deadline, Resolve, Unsent, look_up
from proeftuin.spi import Time
from proeftuin.spi.sinks import LONGEST, Envelope, NotDelivered, Parcel

GONE = 410
MARGIN = 0.9
"""Which part of the time that a call may take is used, so that the answer comes before the worker gives up."""

LONGEST_RETRY = timedelta(days=1)
"""The most that is taken of a `Retry-After`; the schedule may take less."""

MOST_AT_ONCE = 100

AGREED = timedelta(days=1)
"""How long an endpoint is taken to agree to be called, once it said so."""

_AGENT = MappingProxyType({"User-Agent": "proeftuin"})
_ORIGIN = "WebHook-Request-Origin"
_DOMAIN = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")  # RFC 6750


@frozen
class _Standing:
    """The headers that every request has, a token perhaps among them."""

    headers: Mapping[str, str] = field(repr=False)


class Webhook:
    """Posts events to an endpoint.

    Args:
        url: `https://...`; a host that is public, unless `allow` has its network.
        source: who publishes: a URN such as `urn:nld:oin:00000001823288444000:systeem:proeftuin`.
        secrets: what deliveries are signed with; while one is replaced, the new and the old one.
        mode: `structured`, the whole CloudEvent as body, or `binary`, its attributes as headers.
        token: sent as `Authorization: Bearer`, for endpoints that ask for one.
        origin: the DNS name of the system that sends, such as `pilots.city.example`; an endpoint is then asked whether
            it agrees to be called by it before anything is sent. None where that was agreed on beforehand.
        allow: networks that may be reached although they are not public: `["10.0.0.0/8"]`.
        ports: the ports that may be reached.
        insecure_loopback: also `http://`, and then to this machine alone; for tests.
        seconds: how long one call may take, with all its events; at most 60.
        batch: how many events of a pilot go over one connection in one call; each is a request of its own.
        tls: how certificates are verified; None for the system's authorities.
        time: tells when an attempt is made.
        resolve: looks names up.

    Raises:
        BadArgument: for anything that is not allowed, before anything is sent.
    """

    def __init__(
        self,
        url: str,
        *,
        source: str,
        secrets: str | Secret | Iterable[str | Secret],
        mode: Mode = "structured",
        token: str | None = None,
        origin: str | None = None,
        allow: Iterable[str] = (),
        ports: Iterable[int] = (443,),
        insecure_loopback: bool = False,
        seconds: float = 20.0,
        batch: int = 20,
        tls: ssl.SSLContext | None = None,
        time: Time | None = None,
        resolve: Resolve = look_up,
    ) -> None:
        self._rules = Rules(networks(allow), frozenset(ports), insecure_loopback)
        self._endpoint = endpoint(url, self._rules)
        self._source = checked_source(source)
        self._secrets = as_secrets(secrets)
        self._mode = _mode(mode)
        self._origin = None if origin is None else _domain(origin)
        self._agreed_until = datetime.min.replace(tzinfo=UTC)
        self._standing = _standing(token, self._origin)
        self._tls = _verifying(tls) if self._endpoint.secure else None
        self._time = time or SystemTime()
        self._resolve = resolve
        self.seconds = _between("seconds", seconds, 1, LONGEST)
        self.batch = int(_between("batch", batch, 1, MOST_AT_ONCE))

    def __repr__(self) -> str:
        """Show the host, and nothing that may be secret."""
        return f"Webhook({self._endpoint.place})"

    def send(self, parcel: Parcel) -> None:
        """Post the events of a parcel, one after the other.

        Raises:
            NotDelivered: at the first that did not arrive.
        """
        deadline = Deadline(MARGIN * min(parcel.seconds, self.seconds))
        delivered: int | None = None
        with Caller(self._endpoint, self._rules, self._tls, deadline, self._resolve) as caller:
            for event in parcel.events:
                try:
                    self._agree(caller, delivered)
                    answer = self._post(caller, event)
                except Unsent as error:
                    raise NotDelivered(str(error), delivered=delivered) from None
                if answer.status // 100 != 2:  # noqa: PLR2004  # 2xx, as HTTP has it
                    raise self._refused(answer, delivered)
                delivered = event.version

    def _agree(self, caller: Caller, delivered: int | None) -> None:
        """Ask the endpoint whether it agrees to be called, where it did not say so lately.

        Raises:
            NotDelivered: where it does not agree.
        """
        now = self._time.now()
        if self._origin is None or now < self._agreed_until:
            return
        answer = caller.ask({**_AGENT, _ORIGIN: self._origin})
        agrees = (answer.allowed_origin or "").strip().lower() in {"*", self._origin}
        if answer.status // 100 != 2 or not agrees:  # noqa: PLR2004  # as above
            raise self._refused(answer, delivered, f" when asked whether {self._origin} may call it")
        self._agreed_until = now + AGREED

    def _post(self, caller: Caller, event: Envelope) -> Answer:
        headers, body = written(event, self._source, self._mode)
        proof = signing.signed(self._secrets, event.id, self._time.now(), body, tenant=event.tenant)
        return caller.post({**headers, **proof, **self._standing.headers}, body)

    def _refused(self, answer: Answer, delivered: int | None, when: str = "") -> NotDelivered:
        problem = f"{self._endpoint.place} answered {answer.status}{when}"
        wait = _wait(answer.retry_after, self._time.now())
        return NotDelivered(problem, delivered=delivered, permanent=answer.status == GONE, retry_after=wait)


def _wait(given: str | None, now: datetime) -> timedelta | None:
    """Return what a `Retry-After` asks for, in seconds or as a date; None where it makes no sense."""
    if given is None:
        return None
    try:
        if given.strip().isdigit():
            wait = timedelta(seconds=int(given.strip()))
        else:
            until = parsedate_to_datetime(given)
            wait = (until if until.tzinfo else until.replace(tzinfo=UTC)) - now
    except (ValueError, OverflowError, TypeError):
        return None
    return min(wait, LONGEST_RETRY) if wait > timedelta(0) else None


# -- what was given --------------------------------------------------------------------------------------------------


def _mode(given: str) -> Mode:
    if given not in ("structured", "binary"):
        raise BadArgument("mode", "give structured or binary")
    return cast("Mode", given)


def _domain(given: object) -> str:
    if not isinstance(given, str) or not _DOMAIN.fullmatch(given.lower()):
        raise BadArgument("origin", "give the DNS name of the system that sends, such as pilots.city.example")
    return given.lower()


def _standing(token: object, origin: str | None) -> _Standing:
    headers = {**_AGENT, **({} if origin is None else {_ORIGIN: origin})}
    if token is not None:
        if not isinstance(token, str) or not _TOKEN.fullmatch(token.strip()):
            raise BadArgument("token", "it has characters that no bearer token may have")
        headers["Authorization"] = f"Bearer {token.strip()}"
    return _Standing(headers)


def _verifying(tls: ssl.SSLContext | None) -> ssl.SSLContext:
    if tls is None:
        return ssl.create_default_context()
    if tls.verify_mode is not ssl.CERT_REQUIRED or not tls.check_hostname:
        raise BadArgument("tls", "it must verify certificates and the host's name")
    return tls


def _between(name: str, given: object, least: float, most: float) -> float:
    if isinstance(given, bool) or not isinstance(given, int | float) or not least <= given <= most:
        raise BadArgument(name, f"give a number from {least:g} to {most:g}")
    return given


_KINDS: Mapping[str, tuple[bool, tuple[type, ...]]] = {  # whether it is a list, and of what
    **dict.fromkeys(("source", "mode", "token", "origin", *tls.FILES), (False, (str,))),
    **dict.fromkeys(("secrets", "allow"), (True, (str,))),
    "ports": (True, (int,)),
    "seconds": (False, (int, float)),
    "batch": (False, (int,)),
    "insecure_loopback": (False, (bool,)),
}


def open_webhook(url: str, options: Mapping[str, Any]) -> Webhook:
    """Open a webhook as a configuration names it: the arguments of `Webhook`, and how TLS is done.

    Args:
        url: where to.
        options: beside those of `Webhook`: `authority`, a file of certificates to trust instead of the system's;
            `certificate` and `key`, files with which we prove who we are.

    Raises:
        BadArgument: for an option that there is not, or of another type.
    """
    given = dict(options)
    for name in sorted(given):
        if name not in _KINDS:
            raise BadArgument(name, f"there is no such option; there are {', '.join(_KINDS)}")
        several, kinds = _KINDS[name]
        each = given[name] if several else [given[name]]
        if not isinstance(each, list) or not all(type(one) in kinds for one in each):
            raise BadArgument(name, f"give {'a list of ' if several else ''}{' or '.join(k.__name__ for k in kinds)}")
    for name in ("source", "secrets"):
        if name not in given:
            raise BadArgument(name, "it must be given")
    files = {name: given.pop(name) for name in tls.FILES if name in given}
    return Webhook(url, **given, tls=tls.context(files) if files else None)
