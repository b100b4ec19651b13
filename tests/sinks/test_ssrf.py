"""A webhook reaches nothing that it may not: refused before a packet leaves, which a spy on every socket asserts."""

import socket
from collections.abc import Sequence
from ipaddress import ip_address
from typing import Any

import pytest
from attrs import define, evolve, field

from proeftuin import BadArgument
from proeftuin.sinks.addresses import Rules, networks, public
from proeftuin.sinks.http import look_up
from proeftuin.sinks.webhook import Webhook
from proeftuin.spi import NotDelivered
from tests.sinks.parcels import SECRET, SOURCE, parcel
from tests.sinks.servers import receiver

PUBLIC = ("93.184.215.14", "8.8.8.8", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "2a02:2308::216:3eff:fe09:1")
NOT_PUBLIC = (
    "127.0.0.1",
    "127.8.9.10",
    "0.0.0.0",  # noqa: S104  # an address to refuse, not one to listen at
    "10.1.2.3",
    "100.64.0.1",
    "169.254.169.254",
    "172.16.0.0",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.0.9",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::808:808",
    "64:ff9b:1::7f00:1",
    "100::1",
    "2001::1",
    "2001:0:7f00:1::",
    "2001:2::1",
    "2001:10::1",
    "2001:20::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:808:808::1",
    "3fff::1",
    "4000::1",
    "5f00::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
)
UNUSUAL = (
    "127.1",
    "127.0.1",
    "2130706433",
    "017700000001",
    "0x7f000001",
    "0x7f.1",
    "0177.0.0.1",
    "127.0.0.0x1",
    "127.0.0.01",
    "1.1.1.1.1",
    "hr.example.0x7f",
    "hr.example.1",
)
STRANGE = (
    "https://",
    "https:///path",
    "https://hr.example:0443x/",
    "https://hr.example:/",
    "https://hr.example:99999/",
    "https://user@hr.example/",
    "https://user:pass@hr.example/",
    "https://:@hr.example/",
    "https://hr.example#@127.0.0.1/",
    "https://hr.example/#fragment",
    "https://127.0.0.1\\@hr.example/",
    "https://hr.example\\.evil.example/",
    "https://hr.example%00.evil.example/",
    "https://hr.example\0.evil.example/",
    "https://hr.example\r\nX: y/",
    "https://hr.example/a b",
    "https://hr.example/\t",
    " https://hr.example/",
    "https://\uff48r.example/",
    "https://\uff11\uff12\uff17.0.0.1/",
    "https://127\u30020\u30020\u30021/",
    "https://münchen.example/",
    "https://-hr.example/",
    "https://hr-.example/",
    "https://hr..example/",
    "https://.hr.example/",
    "https://hr.example./",
    "https://hr_tool.example/",
    f"https://{'a' * 64}.example/",
    f"https://{'a.' * 130}example/",
    f"https://hr.example/{'a' * 2000}",
    "https://[fe80::1%25eth0]/",
    "https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c%25eth0]/",
    "https://[v1.fe80]/",
    "https://[hr.example]/",
    "https://[::1/",
    "https://::1/",
    "http://hr.example/",
    "http://93.184.215.14/",
    "ftp://hr.example/",
    "file:///etc/passwd",
    "gopher://hr.example/",
    "//hr.example/",
    "hr.example",
    "",
)


@define
class Spy:
    """What every socket of this process was asked to connect to; nothing leaves."""

    asked: list[Any] = field(factory=list)

    def connect(self, _socket: socket.socket, address: Any) -> None:
        self.asked.append(address)
        raise ConnectionRefusedError


@define
class Answers:
    """A resolver that gives its answers in turn, and then the last one for ever."""

    turns: list[Sequence[str]]
    asked: int = 0

    def __call__(self, _host: str, _port: int) -> Sequence[str]:
        self.asked += 1
        return self.turns.pop(0) if len(self.turns) > 1 else self.turns[0]


@pytest.fixture
def spy(monkeypatch: pytest.MonkeyPatch) -> Spy:
    """A spy on every connection; and a system whose resolver must not be asked."""
    made = Spy()
    monkeypatch.setattr(socket.socket, "connect", lambda one, address: made.connect(one, address))  # noqa: PLW0108  # a bound method would lose the socket
    monkeypatch.setattr(socket.socket, "connect_ex", lambda one, address: made.connect(one, address))  # noqa: PLW0108  # as above
    monkeypatch.setattr(socket.socket, "sendto", lambda one, *given: made.connect(one, given[-1]))
    return made


def webhook(url: str = "https://hr.example/hook", **options: Any) -> Webhook:
    return Webhook(url, **{"source": SOURCE, "secrets": SECRET, **options})


def problem(made: Webhook) -> str:
    with pytest.raises(NotDelivered) as caught:
        made.send(parcel())
    assert not caught.value.permanent
    return caught.value.problem


def _bracketed(address: str) -> str:
    return f"[{address}]" if ":" in address else address


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_public(address: str) -> None:
    """An address of a machine on the internet may be connected to."""
    assert public(ip_address(address))
    assert Rules().permits(address)


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_an_address_that_is_not_public_is_refused_in_a_url(spy: Spy, address: str) -> None:
    """A URL with such an address makes no webhook, and no packet leaves."""
    with pytest.raises(BadArgument, match="its address is not public"):
        webhook(f"https://{_bracketed(address)}/")
    assert [] == spy.asked


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_a_name_for_an_address_that_is_not_public_is_refused(spy: Spy, address: str) -> None:
    """A name that resolves to such an address, alone or beside public ones, is refused before a packet leaves."""
    for found in ([address], [*PUBLIC, address], [address, *PUBLIC]):
        assert "hr.example has an address that is not public; give its network in `allow`" == problem(
            webhook(resolve=Answers([found]))
        )
    assert [] == spy.asked


@pytest.mark.parametrize("host", UNUSUAL)
def test_an_address_in_an_unusual_form_is_refused(spy: Spy, host: str) -> None:
    """What the system's resolver may take for an address is no name, whatever it would take it for."""
    with pytest.raises(BadArgument, match="unusual form"):
        webhook(f"https://{host}/")
    assert [] == spy.asked


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f000001", "0177.0.0.1"])
def test_an_unusual_form_would_be_refused_by_its_address_too(host: str) -> None:
    """The system's resolver takes each for this machine itself, and what it found is refused."""
    found = look_up(host, 443)
    assert ["127.0.0.1"] == found
    assert not Rules().permits(found[0])


@pytest.mark.parametrize("url", STRANGE)
def test_a_url_that_could_be_read_in_two_ways_is_refused(spy: Spy, url: str) -> None:
    """User-info, fragments, other schemes, controls, look-alikes and malformed hosts and ports make no webhook."""
    with pytest.raises(BadArgument) as caught:
        webhook(url)
    assert "url" == caught.value.argument
    assert [] == spy.asked


def test_a_resolver_that_changes_its_mind_reaches_nothing(spy: Spy) -> None:
    """A name is looked up once for a connection: public first it goes there, and loopback next it goes nowhere."""
    resolver = Answers([["93.184.215.14"], ["127.0.0.1"]])
    made = webhook(resolve=resolver)
    assert "hr.example:443 refused the connection" == problem(made)
    assert ([("93.184.215.14", 443)], 1) == (spy.asked, resolver.asked)

    assert "not public" in problem(made)
    assert ([("93.184.215.14", 443)], 2) == (spy.asked, resolver.asked)


def test_each_address_is_tried_in_turn(spy: Spy) -> None:
    """Where one public address is not reached the next is tried, without another look-up."""
    resolver = Answers([PUBLIC[:3]])
    assert "hr.example:443 refused the connection" == problem(webhook(resolve=resolver))
    assert ([(one, 443) for one in PUBLIC[:3]], 1) == (spy.asked, resolver.asked)


@pytest.mark.parametrize("found", [[], ["nonsense"], ["fe80::1%eth0"], ["2606:2800::1%eth0"], [""]])
def test_what_is_no_address_is_not_connected_to(spy: Spy, found: list[str]) -> None:
    """A resolver that finds nothing, or something else than an address, leads nowhere."""
    assert "hr.example" in problem(webhook(resolve=Answers([found])))
    assert [] == spy.asked


@pytest.mark.parametrize("error", [OSError, socket.gaierror, UnicodeError])
def test_a_name_that_is_not_found_is_told(spy: Spy, error: type[Exception]) -> None:
    """A resolver that fails is told in words."""

    def fail(_host: str, _port: int) -> Sequence[str]:
        raise error

    assert "the name hr.example cannot be resolved" == problem(webhook(resolve=fail))
    assert [] == spy.asked


def test_a_network_can_be_allowed() -> None:
    """An address in a network that was allowed may be connected to, and its neighbours may not."""
    rules = Rules(networks(["10.20.0.0/16", "fd00::/8"]))
    assert [True, False, True, False, True, False] == [
        rules.permits(one) for one in ("10.20.1.2", "10.21.1.2", "fd00::1", "fe80::1", "8.8.8.8", "::ffff:10.20.1.2")
    ]
    webhook("https://10.20.1.2/", allow=["10.20.0.0/16"])


def test_without_tls_only_this_machine_is_reached(spy: Spy) -> None:
    """What is allowed for tests, `http` on loopback, reaches neither public nor private addresses."""
    rules = Rules(insecure_loopback=True)
    assert [True, True, False, False] == [rules.permits(one) for one in ("127.0.0.1", "::1", "8.8.8.8", "10.0.0.1")]
    made = webhook("http://hr.example/", insecure_loopback=True, ports=(80,), resolve=Answers([["8.8.8.8"]]))
    assert "not public" in problem(made)
    assert [] == spy.asked


@pytest.mark.parametrize("url", ["http://hr.example/", "ftp://hr.example/"])
def test_no_other_scheme_is_taken(url: str) -> None:
    """Without TLS nothing is sent, also where the port would be allowed."""
    with pytest.raises(BadArgument, match="url: a webhook goes to https"):
        webhook(url, ports=(80, 443))


def test_a_redirect_to_this_machine_is_a_failure() -> None:
    """A redirect is not followed: the place that it names gets no request."""
    with receiver() as inner, receiver() as outer:
        outer.answers = [(301, {"Location": inner.url}), (307, {"Location": inner.url})]
        made = webhook(outer.url, ports=(outer.port,), insecure_loopback=True)
        sent = evolve(parcel(), events=parcel().events[:1])
        for status in (301, 307):
            with pytest.raises(NotDelivered, match=f"answered {status}"):
                made.send(sent)
        assert (2, 0) == (len(outer.requests), len(inner.requests))


def test_no_proxy_is_taken_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A request goes to its endpoint, whatever proxy the environment names."""
    with receiver() as proxy, receiver() as end:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        webhook(end.url, ports=(end.port,), insecure_loopback=True).send(parcel())
        assert (6, 0) == (len(end.requests), len(proxy.requests))
