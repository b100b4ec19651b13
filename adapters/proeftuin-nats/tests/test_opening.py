import asyncio
import errno
import os
from collections.abc import Callable
from typing import Any

import pytest

from proeftuin import BadArgument
from proeftuin.sinks import open_sink
from proeftuin.spi import NotDelivered
from proeftuin_nats import NatsSink
from proeftuin_nats._opening import _places
from tests.nats_bus import SOURCE
from tests.sinks.parcels import parcel

URL = f"nats://host/PILOTS?source={SOURCE}"
TLS = URL.replace("nats://", "tls://")

Opened = Callable[..., NatsSink]


@pytest.mark.parametrize(
    ("hosts", "places"),
    [
        ("host", ["host:4222"]),
        ("127.0.0.1:4333", ["127.0.0.1:4333"]),
        ("[::1]", ["[::1]:4222"]),
        ("[::1]:1", ["[::1]:1"]),
        ("one,two:4333,[::1]:65535", ["one:4222", "two:4333", "[::1]:65535"]),
    ],
)
def test_a_url_names_one_server_or_several(hosts: str, places: list[str]) -> None:
    """Each host may be a name or an address, and has the usual port where it is left out."""
    assert places == [f"{one}" for one in _places(hosts)]


def test_a_sink_shows_where_it_goes(opened: Opened) -> None:
    """Its servers and the stream are shown, and it has the time that was given."""
    sink = opened(f"nats://one,two:4333/PILOTS?source={SOURCE}", seconds=2.5, user="ann", password="canary")  # noqa: S106  # no secret
    assert "NatsSink(one:4222,two:4333/PILOTS)" == repr(sink)
    assert (2.5, 100) == (sink.seconds, sink.batch)
    assert "canary" not in repr(vars(sink))


def test_an_option_stands_in_the_url_or_beside_it(opened: Opened) -> None:
    """What may stand in the URL may as well be given as an option."""
    opened("tls://host/PILOTS", source=SOURCE, subject="city.pilots", create="yes", replicas=3, seconds=5)
    opened(f"{URL}&subject=city.pilots&create=yes&replicas=3&seconds=5")


@pytest.mark.parametrize(
    ("url", "options", "argument"),
    [
        ("nats://host/PILOTS", {}, "source"),
        ("nats://host/PILOTS?source=me", {}, "source"),
        (f"nats://host?source={SOURCE}", {}, "url"),
        (f"nats://host/TWO.WORDS?source={SOURCE}", {}, "url"),
        (f"nats://host/A/B?source={SOURCE}", {}, "url"),
        (f"nats:///PILOTS?source={SOURCE}", {}, "url"),
        (f"nats://host:/PILOTS?source={SOURCE}", {}, "url"),
        (f"nats://host:0/PILOTS?source={SOURCE}", {}, "url"),
        (f"nats://host:99999/PILOTS?source={SOURCE}", {}, "url"),
        (f"nats://host:canary/PILOTS?source={SOURCE}", {}, "url"),
        (f"nats://one,,two/PILOTS?source={SOURCE}", {}, "url"),
        (f"nats://[host/PILOTS?source={SOURCE}", {}, "url"),
        (f"nats://ann:canary@host/PILOTS?source={SOURCE}", {}, "url"),
        (f"{URL}#canary", {}, "url"),
        (f"{URL}&subject=a..b", {}, "subject"),
        (f"{URL}&subject=*", {}, "subject"),
        (f"{URL}&subject=$JS.API", {}, "subject"),
        (f"{URL}&subject={'x' * 101}", {}, "subject"),
        (f"{URL}&create=no", {}, "create"),
        (f"{URL}&create=yes&replicas=6", {}, "replicas"),
        (f"{URL}&create=yes&replicas=1.5", {}, "replicas"),
        (f"{URL}&replicas=3", {}, "replicas"),
        (f"{URL}&seconds=0", {}, "seconds"),
        (f"{URL}&seconds=61", {}, "seconds"),
        (f"{URL}&seconds=soon", {}, "seconds"),
        (f"{URL}&seconds=1&seconds=2", {}, "seconds"),
        (f"{URL}&seconds=1", {"seconds": 1}, "seconds"),
        (f"{URL}&password=canary", {}, "password"),
        (f"{URL}&token=canary", {}, "token"),
        (f"{URL}&durable=yes", {}, "durable"),
        (URL, {"verify": False}, "verify"),
        (URL, {"create": True}, "create"),
        (URL, {"subject": ["canary"]}, "subject"),
        (URL, {"user": "ann"}, "user"),
        (URL, {"password": "canary"}, "user"),
        (URL, {"user": "ann", "password": "canary", "token": "canary"}, "token"),
        (URL, {"authority": __file__}, "authority"),
        (TLS, {"authority": "/nowhere/canary.pem"}, "authority"),
        (TLS, {"authority": __file__}, "authority"),
        (TLS, {"certificate": __file__}, "certificate"),
        (TLS, {"key": __file__}, "key"),
    ],
)
def test_what_is_wrong_is_told_by_its_name(url: str, options: dict[str, Any], argument: str) -> None:
    """A wrong URL or option is refused before anything is connected, and nothing that may be secret is told."""
    with pytest.raises(BadArgument) as told:
        open_sink(url, options)
    assert argument == told.value.argument
    assert "canary" not in f"{told.value} {told.value.__cause__}"


@pytest.mark.parametrize("scheme", ["nats", "tls"])
def test_the_entry_points_find_it(scheme: str, opened: Opened) -> None:
    """The sink is found by each of its schemes."""
    assert "NatsSink(host:4222/PILOTS)" == repr(opened(f"{scheme}://host/PILOTS?source={SOURCE}"))


def test_a_loop_that_cannot_begin_is_told(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where this process can open no more files a parcel is not delivered, and whoever sends it does not hang."""
    sink = opened("nats://127.0.0.1:1/PILOTS", source=SOURCE, seconds=1)
    with monkeypatch.context() as patched:
        patched.setattr(asyncio.events, "new_event_loop", no_more_files)
        with pytest.raises(NotDelivered, match=r"this process cannot reach 127.0.0.1:1/PILOTS: .*Too many open files"):
            sink.send(parcel())
    with pytest.raises(NotDelivered, match=r"127.0.0.1:1"):
        sink.send(parcel())


def no_more_files() -> asyncio.AbstractEventLoop:
    raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
