"""Where a webhook may go: which URLs are taken, and which addresses a connection may be made to.

The URL of a webhook often comes from somebody else, who must not be able to reach what only this machine can reach.

1. A URL is read strictly: printable ASCII, no user-info, no fragment, a port that is allowed, and a host that is a name
   or an address in its one usual form. `127.1`, `2130706433`, `0x7f000001` and `0177.0.0.1` are refused here, as the
   system's resolver takes each of them for 127.0.0.1.
2. What a name resolves to is checked at every connection, all of it: one address that is not allowed refuses them all.
   The connection is made to an address that was checked, without looking the name up again.
3. What is public is said here, network by network. `is_global` does not tell: it is true of multicast and of addresses
   that carry another one inside (NAT64, 6to4), and it is not the same in every version of Python.

Source: IANA special-purpose address registries for IPv4 and IPv6.
"""

import ipaddress
import re
from collections.abc import Iterable
from urllib.parse import SplitResult, urlsplit

from attrs import field, frozen

from proeftuin.errors import BadArgument

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

REFUSED = tuple(
    ipaddress.ip_network(one)
    for one in (
        "0.0.0.0/8",  # "this network"; 0.0.0.0 reaches the machine itself
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # shared by a provider's customers
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local, a cloud's metadata among them
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # relays of 6to4
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)
"""The IPv4 networks in which there is no public address."""

UNICAST = ipaddress.ip_network("2000::/3")
"""The one IPv6 network that has public addresses: not NAT64, mapped, loopback, site-local, link-local, multicast."""

REFUSED_6 = tuple(
    ipaddress.ip_network(one)
    for one in (
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: an IPv4 address inside
        "3fff::/20",  # documentation
    )
)
"""Parts of it in which there are none."""

LENGTH = 2_000
_VISIBLE = re.compile(r"[\x21-\x5b\x5d-\x7e]+")  # printable ASCII without the backslash, which some read as a slash
_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_NUMBER = re.compile("[0-9]+|0[xX][0-9A-Fa-f]*")


@frozen
class Rules:
    """What an endpoint may be.

    Attributes:
        allow: networks that may be reached although they are not public.
        ports: the ports that may be reached.
        insecure_loopback: `http`, to this machine itself and nowhere else; for tests.
    """

    allow: tuple[Network, ...] = ()
    ports: frozenset[int] = frozenset({443})
    insecure_loopback: bool = False

    def permits(self, text: str) -> bool:
        """Whether a connection may be made to an address, as the resolver gave it."""
        try:
            address = ipaddress.ip_address(text)
        except ValueError:  # with a zone, such as fe80::1%eth0, or no address at all
            return False
        if getattr(address, "scope_id", None) is not None:
            return False
        if self.insecure_loopback:
            return address.is_loopback
        return public(address) or any(address in network for network in self.allow)


@frozen
class Endpoint:
    """A URL that was read.

    Attributes:
        host: a name, or an address without brackets.
        target: the path and the query, which may hold a token.
    """

    secure: bool
    host: str
    port: int
    target: str = field(repr=False)

    @property
    def place(self) -> str:
        """The host and port, as they may be shown; never the path."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def authority(self) -> str:
        """The value of the header `Host`."""
        usual = self.port == (443 if self.secure else 80)
        return self.place.rpartition(":")[0] if usual else self.place


def public(address: Address) -> bool:
    """Whether an address is a machine on the public internet."""
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in REFUSED)
    return address in UNICAST and not any(address in network for network in REFUSED_6)


def networks(given: Iterable[str]) -> tuple[Network, ...]:
    """Return networks that may be reached although they are not public.

    Raises:
        BadArgument: for what is no network, such as `10.0.0.0/8`.
    """
    found = []
    for one in given:
        try:
            found.append(ipaddress.ip_network(one))
        except (ValueError, TypeError):
            raise BadArgument("allow", f"{one!r} is no network such as 10.0.0.0/8 or fd00::/8") from None
    return tuple(found)


def endpoint(url: str, rules: Rules) -> Endpoint:
    """Return where a webhook goes.

    Raises:
        BadArgument: for a URL that is not allowed; nothing of it is in the message, as it may hold a token.
    """
    parts, port = _split(url)
    secure = parts.scheme == "https"
    if not secure and not (parts.scheme == "http" and rules.insecure_loopback):
        raise BadArgument("url", "a webhook goes to https://")
    host = _host(parts.hostname or "", rules, literal="[" in parts.netloc)
    number = port if port is not None else 443 if secure else 80
    if number not in rules.ports:
        raise BadArgument("url", f"port {number} is not among those that are allowed; give it in `ports`")
    query = f"?{parts.query}" if parts.query else ""
    return Endpoint(secure, host, number, f"{parts.path or '/'}{query}")


def _split(url: object) -> tuple[SplitResult, int | None]:
    if not isinstance(url, str) or len(url) > LENGTH or not _VISIBLE.fullmatch(url):
        raise BadArgument("url", f"it has at most {LENGTH} characters of printable ASCII; give a name as xn--...")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise BadArgument("url", "it is no URL") from None
    if "@" in parts.netloc:
        raise BadArgument("url", "it may not hold a user or a password; give a `token`")
    if "#" in url:
        raise BadArgument("url", "it may not hold a fragment")
    if parts.netloc.endswith(":"):
        raise BadArgument("url", "there is no port behind its colon")
    return parts, port


def _host(host: str, rules: Rules, *, literal: bool) -> str:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        if _NUMBER.fullmatch(host.rpartition(".")[2]):
            raise BadArgument("url", "its host is an address in an unusual form") from None
        if literal or not _NAME.fullmatch(host) or len(host) > 253:  # noqa: PLR2004  # the longest name that DNS has
            raise BadArgument("url", "its host is no name") from None
        return host.lower()
    if not rules.permits(host):
        raise BadArgument("url", "its address is not public; give its network in `allow`")
    return str(address)
