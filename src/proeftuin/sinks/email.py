"""The way out by e-mail: one connection to an SMTP server, over which messages go.

| URL | is |
|---|---|
| `smtp://user:password@host:587` | TLS by STARTTLS, and nothing is sent where the server does not offer it |
| `smtps://user:password@host:465` | TLS from the first byte |
| `smtp+plain://host:25` | no TLS, and no password: a relay beside us |

The user and the password are percent-encoded where they hold `@`, `:` or `/`. They are in no error and no log.
"""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from attrs import field, frozen

from proeftuin.errors import BadArgument, ProeftuinError

SECONDS = 20.0
"""How long each step of a conversation with the server may take."""

PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}


class NotSent(ProeftuinError):
    """A message, or all of them, could not be handed to the mail server.

    Attributes:
        problem: in words for people, without an address, a password or anything that the server wrote.
        all: whether no message can be sent now.
    """

    code = "not-sent"

    def __init__(self, problem: str, *, all: bool = False) -> None:  # noqa: A002  # what it says
        self.problem = problem
        self.all = all
        super().__init__(problem)


@frozen
class Mailer:
    """A mail server.

    Args:
        scheme: `smtp`, `smtps` or `smtp+plain`.
        user: None for a server that asks for none.
        tls: how its certificate is verified.
    """

    scheme: str
    host: str
    port: int
    user: str | None = field(repr=False)
    password: str | None = field(repr=False)
    tls: ssl.SSLContext = field(repr=False)

    @classmethod
    def at(cls, url: str, *, tls: ssl.SSLContext | None = None) -> "Mailer":
        """Return the server that a URL names; nothing is connected yet.

        Raises:
            BadArgument: for what is no such URL; the message has nothing of it.
        """
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise BadArgument("smtp", "it is no URL; write smtp://USER:PASSWORD@HOST:587") from None
        if parts.scheme not in PORTS or not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment:
            raise BadArgument("smtp", "write smtp://USER:PASSWORD@HOST:587, smtps://... or smtp+plain://HOST:25")
        user, password = (None if one is None else unquote(one) for one in (parts.username, parts.password))
        if (user is None) != (password is None):
            raise BadArgument("smtp", "give a user and a password, or neither")
        if user is not None and parts.scheme == "smtp+plain":
            raise BadArgument("smtp", "a password is not sent without TLS; write smtp:// or smtps://")
        made = tls or ssl.create_default_context()
        return cls(parts.scheme, parts.hostname, port or PORTS[parts.scheme], user, password, made)

    @contextmanager
    def connected(self) -> Iterator["Post"]:
        """Hold a connection for a block.

        Raises:
            NotSent: for all, where the server cannot be reached, or does not take us.
        """
        with _told(f"{self.host}:{self.port}", all_of_them=True):
            server = self._connect()
        try:
            yield Post(server, f"{self.host}:{self.port}")
        finally:
            with suppress(OSError, smtplib.SMTPException):
                server.quit()

    def _connect(self) -> smtplib.SMTP:
        if self.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=SECONDS, context=self.tls)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=SECONDS)
        try:
            if self.scheme == "smtp":
                server.starttls(context=self.tls)
            if self.user is not None and self.password is not None:
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server


@frozen
class Post:
    """A connection over which messages go."""

    _server: smtplib.SMTP
    _place: str

    def send(self, message: EmailMessage) -> None:
        """Hand a message to the server, which has it then.

        Raises:
            NotSent: where the server does not take it.
        """
        del message["Date"]
        message["Date"] = format_datetime(datetime.now(UTC))
        with _told(self._place, all_of_them=False):
            self._server.send_message(message)


@contextmanager
def _told(place: str, *, all_of_them: bool) -> Iterator[None]:
    """Turn whatever goes wrong with a server into words."""
    try:
        yield
    except smtplib.SMTPNotSupportedError:
        raise NotSent(f"{place} does not offer what is asked of it: TLS, or to log in", all=True) from None
    except smtplib.SMTPAuthenticationError:
        raise NotSent(f"{place} does not take the user and the password", all=True) from None
    except smtplib.SMTPRecipientsRefused as error:
        codes = sorted({code for code, _ in error.recipients.values()})
        raise NotSent(f"{place} does not take the address ({', '.join(map(str, codes))})") from None
    except smtplib.SMTPServerDisconnected:
        raise NotSent(f"{place} broke the connection", all=True) from None
    except smtplib.SMTPResponseException as error:
        raise NotSent(f"{place} answered {error.smtp_code}", all=all_of_them) from None
    except ssl.SSLCertVerificationError as error:
        raise NotSent(f"{place} has no valid certificate: {error.verify_message}", all=True) from None
    except UnicodeError:
        problem = "its name, the user or the password has a character that cannot be sent"
        raise NotSent(f"{place}: {problem}", all=all_of_them) from None
    except (OSError, smtplib.SMTPException) as error:
        raise NotSent(f"{place} cannot be reached ({type(error).__name__})", all=True) from None
