"""Who may publish, and what is said to whom: passwords, tokens, rights and certificates."""

import logging
import socket
import traceback
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest
import trustme

from proeftuin_nats import NatsSink
from tests.nats_bus import SOURCE, Bus, TunedNats, failed, one

Opened = Callable[..., NatsSink]
Started = Callable[..., TunedNats]


def test_wrong_credentials_are_told_and_no_secret_is(
    started: Started, opened: Opened, caplog: pytest.LogCaptureFixture
) -> None:
    """A wrong password or token, or none, passes; no error with its traceback and no log at DEBUG holds a secret."""
    told = []
    with caplog.at_level(logging.DEBUG):
        for flags, options in (
            (("--user", "ann", "--pass", "s3cret"), {"user": "ann", "password": "canary"}),
            (("--user", "ann", "--pass", "s3cret"), {}),
            (("--auth", "s3cret"), {"token": "canary"}),
        ):
            error = failed(opened(Bus.on(started(*flags).url).url, **options), one(text="canary"))
            assert "does not know this user, password or token" in error.problem
            assert not error.permanent
            told += ["".join(traceback.format_exception(error)), repr(vars(error))]
    told += [record.getMessage() for record in caplog.records]
    assert not [text for text in told if "canary" in text]


def test_a_token_opens(started: Started, opened: Opened) -> None:
    """A server that asks for a token takes the right one."""
    opened(Bus.on(started("--auth", "s3cret").url).url, token="s3cret").send(one())  # noqa: S106  # no secret


RIGHTS = """
authorization: {{ users: [
  {{ user: own, password: own }}
  {{ user: ann, password: ann, permissions: {{ publish: [{publish}], subscribe: [{subscribe}] }} }}
] }}
"""


@pytest.mark.parametrize(
    ("publish", "subscribe"),
    [('"other.>"', '"_INBOX.>"'), ('"{prefix}.>"', '"other.>"'), ('"{prefix}.>"', '"_INBOX.>"')],
)
def test_a_user_needs_to_publish_and_to_be_answered(
    started: Started, opened: Opened, publish: str, subscribe: str
) -> None:
    """Those two rights are enough where the stream is there; without either it is told at once, and not for ever."""
    bus = Bus("", "RIGHTS", ("own", "own"))
    server = started(lines=RIGHTS.format(publish=publish.format(prefix=bus.prefix), subscribe=subscribe))
    bus = Bus(server.url, bus.stream, bus.login)
    bus.make()
    sink = opened(bus.url, user="ann", password="ann", seconds=60)  # noqa: S106  # no secret
    if "other" in publish + subscribe:
        error = failed(sink, one(seconds=60))
        assert "does not let this user publish, or get an answer" in error.problem
        assert not error.permanent
    else:
        sink.send(one())
        assert ["p-1-1"] == bus.ids


@pytest.fixture
def authority(tmp_path: Path) -> tuple[Path, tuple[str, ...]]:
    """A file of certificates to trust, and the flags of a server on 127.0.0.1 that has one by it."""
    root = trustme.CA()
    server = root.issue_cert("127.0.0.1")
    root.cert_pem.write_to_path(tmp_path / "root.pem")
    server.cert_chain_pems[0].write_to_path(tmp_path / "server.pem")
    server.private_key_pem.write_to_path(tmp_path / "key.pem")
    return tmp_path / "root.pem", ("--tls", "--tlscert", f"{tmp_path}/server.pem", "--tlskey", f"{tmp_path}/key.pem")


def test_certificates_are_verified(authority: tuple[Path, tuple[str, ...]], started: Started, opened: Opened) -> None:
    """Over `tls://` events arrive where the certificate is trusted, and nothing is said where it is not."""
    root, flags = authority
    server = started(*flags)
    url = Bus.on(server.url).url.replace("nats://", "tls://")
    assert "is not trusted; give its `authority`" in failed(opened(url), one()).problem
    opened(url, authority=f"{root}").send(one())


def test_a_server_that_asks_for_a_certificate(
    authority: tuple[Path, tuple[str, ...]], started: Started, opened: Opened, tmp_path: Path
) -> None:
    """A server that verifies its clients takes one with a certificate, and is told where there is none."""
    root, flags = authority
    client = trustme.CA()
    mine = client.issue_cert("pilots.example")
    client.cert_pem.write_to_path(tmp_path / "clients.pem")
    mine.private_key_and_cert_chain_pem.write_to_path(tmp_path / "mine.pem")
    server = started(*flags, "--tlsverify", "--tlscacert", tmp_path / "clients.pem")
    url = Bus.on(server.url).url.replace("nats://", "tls://")
    assert not failed(opened(url, authority=f"{root}"), one()).permanent
    opened(url, authority=f"{root}", certificate=f"{tmp_path}/mine.pem").send(one())


def test_nothing_is_said_to_a_server_without_tls(opened: Opened) -> None:
    """Where a server, or whoever is in between, offers no TLS, `tls://` sends no password and no event."""
    heard = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            link, _ = listener.accept()
            with link:
                link.sendall(b'INFO {"server_id":"x","version":"2.9.0","headers":true,"max_payload":1048576}\r\n')
                heard.append(link.recv(4096))

        thread = Thread(target=serve)
        thread.start()
        url = f"tls://127.0.0.1:{listener.getsockname()[1]}/PILOTS?source={SOURCE}"
        error = failed(opened(url, user="ann", password="canary"), one())  # noqa: S106  # no secret
        thread.join()
    assert "does no TLS, and nothing was sent" in error.problem
    assert [b""] == heard
