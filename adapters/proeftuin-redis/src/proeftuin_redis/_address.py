"""What the URL of a store says: where Redis is, and the options of ours behind the `?`."""

import re
from types import MappingProxyType
from typing import Any
from urllib.parse import SplitResult, parse_qsl, quote, urlsplit, urlunsplit

from attrs import field, frozen

from proeftuin.errors import BadArgument

SCHEMES = MappingProxyType({"redis": "redis", "valkey": "redis", "rediss": "rediss", "valkeys": "rediss"})
TLS = frozenset({"ssl_ca_certs", "ssl_certfile", "ssl_keyfile", "ssl_check_hostname"})
OURS = frozenset({"prefix", "timeout", "durable"})

DEFAULT_PREFIX = "proeftuin"
DEFAULT_TIMEOUT = 5.0
PORT = 6379
LONGEST_TIMEOUT = 3600.0

_PREFIX = re.compile("[A-Za-z0-9._-]{1,64}")  # no slash: it ends the prefix in each key, so prefixes never overlap


@frozen
class Address:
    """Where a store is.

    Attributes:
        url: for the driver: no option of ours is in it. It may hold a password, so it is never shown.
        place: the same for people, without user and password.
        prefix: what the names of all our keys begin with.
        timeout: seconds to wait for a connection, and for an answer.
        must_last: refuse a server that does not keep on its disk what it acknowledges.
    """

    url: str = field(repr=False)
    place: str
    prefix: str = DEFAULT_PREFIX
    timeout: float = DEFAULT_TIMEOUT
    must_last: bool = False


def read_url(url: str) -> Address:
    """Read a URL.

    Raises:
        BadArgument: for what is no URL of Redis, and for an option that there is not.
    """
    parts = _split(url)
    scheme = SCHEMES.get(parts.scheme)
    if scheme is None:
        raise BadArgument("url", f"{parts.scheme}:// is not one of {', '.join(f'{one}://' for one in SCHEMES)}")
    database = parts.path.strip("/")
    if not re.fullmatch("[0-9]{0,9}", database):
        raise BadArgument("url", "what stands behind the host must be the number of a database, as in redis://host/0")
    if parts.fragment:
        raise BadArgument("url", "it has a #; in a password write %23")
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    options = dict(pairs)
    known = OURS | (TLS if scheme == "rediss" else frozenset())
    if len(options) < len(pairs) or not options.keys() <= known:
        wrong = sorted(options.keys() - known) or sorted(options)
        raise BadArgument("url", f"no option, or given twice: {', '.join(wrong)}; there are {', '.join(sorted(known))}")
    theirs = "&".join(_theirs(name, options[name]) for name in options if name in TLS)
    host, port = parts.hostname or "localhost", parts.port or PORT
    place = f"redis://{f'[{host}]' if ':' in host else host}:{port}/{database or 0}"
    driver = urlunsplit((scheme, parts.netloc or host, f"/{database or 0}", theirs, ""))
    return Address(driver, place, **_ours(options))


def _theirs(name: str, value: str) -> str:
    """Return an option of the driver's as it looks for it in its URL: by its plain name."""
    if not value:
        raise BadArgument(name, "it is empty, and the driver would pass it over; leave it out")
    return f"{name}={quote(value, safe='/')}"


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port  # which is read, and may be wrong, only now
    except ValueError:
        raise BadArgument("url", "its host or port cannot be read") from None  # the cause would show the whole URL
    return parts


def _ours(options: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if "prefix" in options:
        if not _PREFIX.fullmatch(options["prefix"]):
            raise BadArgument("prefix", "it must have 1 to 64 of the characters A-Z a-z 0-9 . _ -")
        found["prefix"] = options["prefix"]
    if "timeout" in options:
        found["timeout"] = _seconds(options["timeout"])
    if "durable" in options:
        if options["durable"] != "required":
            raise BadArgument("durable", "it is read from the server; `durable=required` refuses one that is not")
        found["must_last"] = True
    return found


def _seconds(text: str) -> float:
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6})?", text) or not 0 < float(text) <= LONGEST_TIMEOUT:
        raise BadArgument("timeout", f"{text!r} is no number of seconds above 0 and up to {LONGEST_TIMEOUT:.0f}")
    return float(text)
