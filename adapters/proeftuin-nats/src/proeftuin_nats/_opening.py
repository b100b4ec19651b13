"""Opening a sink: its URL and its options are read; nothing is connected before the first event.

    nats://host:4222,other:4222/STREAM?source=urn:...&subject=proeftuin&create=yes&replicas=3&seconds=10

What stands behind the `?` may be given as an option instead. Secrets, and files for TLS, are options only, since a URL
is shown.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import SplitResult, parse_qsl, urlsplit

from proeftuin.cloudevent import checked_source
from proeftuin.errors import BadArgument
from proeftuin.sinks import tls
from proeftuin_nats._messages import checked_prefix
from proeftuin_nats._sink import NatsSink
from proeftuin_nats._wire import Access, Place, Stream

PORT = 4222
MOST_REPLICAS = 5  # as many as JetStream has
LONGEST = 60.0  # as long as any call of a sink may take

OURS = frozenset({"source", "subject", "create", "replicas", "seconds"})
SECRET = frozenset({"user", "password", "token"})

_STREAM = re.compile("[A-Za-z0-9_-]{1,200}")
_HOST = re.compile(r"\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+")
_PORT = re.compile("[0-9]{1,5}")


def open_nats(url: str, options: Mapping[str, Any]) -> NatsSink:
    """Open the sink at a URL.

    Args:
        url: `nats://host:4222/STREAM?source=...`, or `tls://...` for a server that must do TLS.
        options: those of the URL; `user` and `password`, or `token`; and for TLS `authority`, a file of certificates to
            trust instead of the system's, and `certificate` and `key`, files with which we prove who we are.

    Raises:
        BadArgument: for a URL that cannot be read, or an option that there is not.
    """
    parts = _split(url)
    given = _options(parts, options)
    if "source" not in given:
        raise BadArgument("source", "it must be given: a URN such as urn:nld:oin:NUMBER:systeem:NAME")
    prefix = checked_prefix(given.get("subject", "proeftuin"))
    stream = Stream(_stream(parts.path), f"{prefix}.>", _replicas(given))
    return NatsSink(
        _places(parts.netloc),
        stream,
        _access(given, secure=parts.scheme == "tls"),
        source=checked_source(given["source"]),
        prefix=prefix,
        seconds=_number("seconds", given.get("seconds", "10"), 1, LONGEST),
    )


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
    except ValueError:
        raise BadArgument("url", "its host cannot be read") from None  # the cause would show the whole URL
    if parts.scheme not in ("nats", "tls"):
        raise BadArgument("url", "write nats://HOST:4222/STREAM?source=URN, or tls://...")
    if "@" in parts.netloc:
        raise BadArgument("url", "it may not hold a user or a password; give them as options")
    if parts.fragment:
        raise BadArgument("url", "it has a #; write %23")
    return parts


def _places(hosts: str) -> tuple[Place, ...]:
    found = []
    for one in hosts.split(","):
        host, colon, port = one.rpartition(":") if re.search(r":[^\]]*\Z", one) else (one, "", "")
        wrong = not _HOST.fullmatch(host) or bool(colon) is not bool(_PORT.fullmatch(port))
        if wrong or not 0 < int(port or PORT) < 2**16:
            raise BadArgument("url", "its host or port cannot be read; commas divide several: one:4222,two:4222")
        found.append(Place(host.strip("[]"), int(port or PORT)))
    return tuple(found)


def _stream(path: str) -> str:
    name = path.strip("/")
    if not _STREAM.fullmatch(name):
        raise BadArgument("url", "behind the host stands the name of a stream, of A-Z a-z 0-9 _ -: nats://HOST/PILOTS")
    return name


def _options(parts: SplitResult, options: Mapping[str, Any]) -> dict[str, str]:
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    given = dict(pairs)
    known = OURS | SECRET | (frozenset(tls.FILES) if parts.scheme == "tls" else frozenset())
    for name in sorted({*given, *options}):
        if name not in known:
            raise BadArgument(name, f"no such option at {parts.scheme}://; there are {', '.join(sorted(known))}")
        if name in given and name not in OURS:
            raise BadArgument(name, "it has no place in a URL, which is shown; give it as an option")
        if [one for one, _ in pairs].count(name) + (name in options) > 1:
            raise BadArgument(name, "it is given twice")
    for name, value in options.items():
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise BadArgument(name, "give a text or a number")
        given[name] = str(value)
    return given


def _replicas(given: Mapping[str, str]) -> int | None:
    """Return how many copies a stream gets that is made where it is missing; None where none is made."""
    create = given.get("create")
    if create not in (None, "yes"):
        raise BadArgument("create", "give yes, so that the stream is made where it is missing; or leave it out")
    if create is None:
        if "replicas" in given:
            raise BadArgument("replicas", "it belongs to create=yes")
        return None
    number = _number("replicas", given.get("replicas", "1"), 1, MOST_REPLICAS)
    if number != int(number):
        raise BadArgument("replicas", "give a whole number")
    return int(number)


def _number(name: str, text: str, least: float, most: float) -> float:
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6})?", text) or not least <= float(text) <= most:
        raise BadArgument(name, f"give a number from {least:g} to {most:g}")
    return float(text)


def _access(given: Mapping[str, str], *, secure: bool) -> Access:
    user, password, token = (given.get(one) for one in ("user", "password", "token"))
    if (user is None) != (password is None):
        raise BadArgument("user", "give a user and a password, or neither")
    if user is not None and token is not None:
        raise BadArgument("token", "give a user and a password, or a token; not both")
    return Access(user, password, token, tls.context(given) if secure else None)
