"""Mail servers on loopback: real ones of aiosmtpd, which keep what they get, with TLS and a log-in where asked."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword
from attrs import define, field


@define
class Office:
    """What a mail server got, and whom it does not know."""

    port: int = 0
    got: list[Envelope] = field(factory=list)
    unknown: set[str] = field(factory=set)
    logins: list[bytes] = field(factory=list)

    @property
    def messages(self) -> list[EmailMessage]:
        found = [message_from_bytes(one.original_content or b"", policy=policy.default) for one in self.got]
        return list(found)

    async def handle_RCPT(self, _server: SMTP, _session: Any, envelope: Envelope, address: str, _options: Any) -> str:  # noqa: N802  # aiosmtpd's
        if address in self.unknown:
            return f"550 MARKER {address} is unknown"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Any, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's own name
        self.got.append(envelope)
        return "250 OK"

    def authenticated(self, _server: SMTP, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        right = isinstance(data, LoginPassword) and data.password == b"p@ss:word/"
        if right:
            self.logins.append(data.login)
        return AuthResult(success=right, handled=False)


class AnyPort(Controller):
    """A controller at a port that the system chooses."""

    def _trigger_server(self) -> None:
        server: Any = self.server
        self.port = server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]  # aiosmtpd's own


@contextmanager
def office(*, starttls: ssl.SSLContext | None = None, tls: ssl.SSLContext | None = None) -> Iterator[Office]:
    """A mail server, until the end of the block; one with TLS wants a log-in."""
    made = Office()
    secure = starttls is not None or tls is not None
    controller = AnyPort(
        made,
        hostname="127.0.0.1",
        port=0,
        ssl_context=tls,
        tls_context=starttls,
        require_starttls=starttls is not None,
        authenticator=made.authenticated if secure else None,
        auth_required=starttls is not None,
        auth_require_tls=starttls is not None,
    )
    controller.start()
    try:
        made.port = controller.port
        yield made
    finally:
        controller.stop()


def in_full(message: EmailMessage) -> str:
    """A message with its headers and all its parts, decoded."""
    parts = [str(one.get_content()) for one in message.walk() if not one.is_multipart()]
    return "\n".join([*(f"{name}: {value}" for name, value in message.items()), *parts])
