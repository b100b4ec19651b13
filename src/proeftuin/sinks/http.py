"""Requests to an endpoint, where every address, byte and second is counted; on the standard library alone.

1. Addresses: a name is looked up once for a connection, every answer is checked, and the connection is made to an
   address that was checked; see `addresses`. No proxy is taken from the environment.
2. Time: all of it, from the look-up to the last header, ends by one deadline; an endpoint that sends a byte a second
   gains nothing by it.
3. Bytes: of an answer at most `MOST` are read. Its status and two headers (`Answer`) are all that is looked at. It is
   never decompressed, redirects are not followed, and its text is kept nowhere.
4. TLS: the certificate must be valid for the host's name.

An HTTP library would do less of this, not more: a client that pools, decompresses, follows and looks names up by itself
must have each of these taken out again.
"""

import http.client
import io
import socket
import ssl
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from threading import Thread
from time import monotonic
from types import TracebackType
from typing import Protocol, Self, cast

from attrs import frozen

from proeftuin.sinks.addresses import Endpoint, Rules

MOST = 65_536
"""How many bytes of an answer are read at most, headers and body."""

TO_CONNECT = 5.0
"""How many seconds one address gets, where there may be another."""

DRAIN = 1.0
"""How many seconds an answer's body may take, which is read only to use the connection once more."""

_CHUNK = 16_384
_INTERIM = range(102, 200)
"""What may come before the answer (RFC 9110, 15.2); `http.client` passes over 100, and 101 is to what nobody asked."""

Resolve = Callable[[str, int], Sequence[str]]
"""Looks a name up: its addresses, in the order in which they are to be tried."""


class Unsent(Exception):
    """What went wrong, in words for people: the host and port, and nothing else of the URL."""


class Deadline:
    """When something must have ended.

    Args:
        seconds: from now.
    """

    def __init__(self, seconds: float) -> None:
        self._end = monotonic() + seconds

    def left(self, most: float = float("inf")) -> float:
        """Return how many seconds are left, `most` at most.

        Raises:
            TimeoutError: where none are.
        """
        left = self._end - monotonic()
        if left <= 0:
            raise TimeoutError
        return min(left, most)


@frozen
class Answer:
    """What came back: its status, and what stood in `Retry-After` and in `WebHook-Allowed-Origin`."""

    status: int
    retry_after: str | None
    allowed_origin: str | None


def look_up(host: str, port: int) -> Sequence[str]:
    """Return the addresses of a host, by the system's resolver."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


class Caller:
    """Calls one endpoint, over one connection for as long as the endpoint keeps it; for one thread.

    Args:
        endpoint: where to.
        rules: which addresses may be connected to.
        tls: how certificates are verified; None for an endpoint without TLS.
        deadline: for everything that this caller does.
        resolve: looks names up.
    """

    def __init__(
        self, endpoint: Endpoint, rules: Rules, tls: ssl.SSLContext | None, deadline: Deadline, resolve: Resolve
    ) -> None:
        self._endpoint = endpoint
        self._rules = rules
        self._tls = tls
        self._deadline = deadline
        self._resolve = resolve
        self._socket: socket.socket | None = None

    def __enter__(self) -> Self:
        """Begin without a connection."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close the connection."""
        self._close()

    def post(self, headers: Mapping[str, str], body: bytes) -> Answer:
        """Post a body.

        Raises:
            Unsent: where no answer came; whether the body arrived is then not known.
        """
        return self._call("POST", headers, body)

    def ask(self, headers: Mapping[str, str]) -> Answer:
        """Ask, with OPTIONS, what the endpoint wants.

        Raises:
            Unsent: where no answer came.
        """
        return self._call("OPTIONS", headers, b"")

    def _call(self, method: str, headers: Mapping[str, str], body: bytes) -> Answer:
        message = self._message(method, headers, body)
        place = self._endpoint.place
        try:
            kept = self._socket is not None
            try:
                return self._exchange(method, message)
            except (ConnectionError, ssl.SSLEOFError):
                if not kept:
                    raise
            return self._exchange(method, message)  # the endpoint let go of a connection that it had kept
        except TimeoutError:
            raise Unsent(f"{place} did not answer in time") from None
        except ssl.SSLCertVerificationError as error:
            raise Unsent(f"{place} has no valid certificate: {error.verify_message}") from None
        except ssl.SSLError:
            raise Unsent(f"{place} could not be spoken to by TLS") from None
        except ConnectionRefusedError:
            raise Unsent(f"{place} refused the connection") from None
        except OSError as error:
            raise Unsent(f"{place} broke the connection ({type(error).__name__})") from None
        except (http.client.HTTPException, _TooMuch, ValueError):
            raise Unsent(f"{place} did not answer in HTTP, or with more than {MOST} bytes") from None

    def _message(self, method: str, headers: Mapping[str, str], body: bytes) -> bytes:
        lines = [f"{method} {self._endpoint.target} HTTP/1.1", f"Host: {self._endpoint.authority}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        lines += [f"Content-Length: {len(body)}", "Accept-Encoding: identity", "", ""]
        return "\r\n".join(lines).encode("ascii") + body

    def _exchange(self, method: str, message: bytes) -> Answer:
        connection = self._socket = self._socket or self._connect()
        try:
            self._send(connection, message)
            reader = _Reader(connection, self._deadline)
            answers = [_begun(reader, method)]  # one that is let go of closes the reader for those behind it
            while answers[-1].status in _INTERIM:
                answers.append(_begun(reader, method))
            answer = answers[-1]
            if reader.ended:
                raise ConnectionResetError  # noqa: TRY301  # within the headers: it is told like any other break
        except BaseException:
            self._close()
            raise
        if not self._drained(answer, reader):
            self._close()
        told = answer.headers
        return Answer(answer.status, told.get("Retry-After"), told.get("WebHook-Allowed-Origin"))

    def _send(self, connection: socket.socket, message: bytes) -> None:
        rest = memoryview(message)
        while rest:
            connection.settimeout(self._deadline.left())
            rest = rest[connection.send(rest[:_CHUNK]) :]

    def _drained(self, answer: http.client.HTTPResponse, reader: "_Reader") -> bool:
        """Read what is left of an answer, so that the connection can be used again; whether that went well.

        Only where it says how little that is: `http.client` makes room for whatever a length or a chunk promises.
        """
        if answer.will_close or answer.length is None or answer.length > MOST:
            return False
        reader.hurry(DRAIN)
        with suppress(OSError, http.client.HTTPException, _TooMuch, ValueError):
            answer.read()
            return True
        return False

    def _close(self) -> None:
        if self._socket is not None:
            with suppress(OSError):
                self._socket.close()
            self._socket = None

    # -- connecting --------------------------------------------------------------------------------------------------

    def _connect(self) -> socket.socket:
        last: OSError = ConnectionRefusedError()
        for address in self._addresses():
            try:
                plain = self._reach(address)
            except OSError as error:
                self._deadline.left()
                last = error
                continue
            return self._secured(plain)
        raise last

    def _addresses(self) -> Sequence[str]:
        """Look the host up, and return its addresses when every one of them may be connected to."""
        host = self._endpoint.host
        found = _within(self._deadline, lambda: self._resolve(host, self._endpoint.port))
        if found is None:
            raise Unsent(f"the name {host} cannot be resolved")
        if not all(self._rules.permits(one) for one in found):
            raise Unsent(f"{host} has an address that is not public; give its network in `allow`")
        return found

    def _reach(self, address: str) -> socket.socket:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        plain = socket.socket(family, socket.SOCK_STREAM)
        try:
            plain.settimeout(self._deadline.left(TO_CONNECT))
            plain.connect((address, self._endpoint.port))
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except BaseException:
            plain.close()
            raise
        return plain

    def _secured(self, plain: socket.socket) -> socket.socket:
        if self._tls is None:
            return plain
        try:
            plain.settimeout(self._deadline.left())
            return self._tls.wrap_socket(plain, server_hostname=self._endpoint.host)
        except BaseException:
            plain.close()
            raise


def _within(deadline: Deadline, look: Callable[[], Sequence[str]]) -> Sequence[str] | None:
    """Return what a look-up found, None where it found nothing; in a thread, as the resolver knows no deadline."""
    found: list[Sequence[str]] = []

    def run() -> None:
        with suppress(OSError, UnicodeError):
            found.append(look())

    thread = Thread(target=run, name="proeftuin-lookup", daemon=True)
    thread.start()
    thread.join(deadline.left())
    deadline.left()
    return found[0] if found and found[0] else None


# -- reading ---------------------------------------------------------------------------------------------------------


class _TooMuch(Exception):
    """An answer has more bytes than are read."""


class _Socket(Protocol):
    def settimeout(self, seconds: float, /) -> None: ...

    def recv_into(self, buffer: memoryview, /) -> int: ...


def _begun(reader: "_Reader", method: str) -> http.client.HTTPResponse:
    """Return the next answer, its headers read."""
    answer = http.client.HTTPResponse(cast("socket.socket", reader), method=method)
    answer.begin()
    return answer


class _Reader(io.RawIOBase):
    """A connection as a file to read an answer from: until a deadline, and `MOST` bytes."""

    def __init__(self, connection: socket.socket, deadline: Deadline) -> None:
        self._connection: _Socket = connection
        self._deadlines = [deadline]
        self._read = 0
        self._file: io.BufferedReader = io.BufferedReader(self)
        self.ended = False

    def hurry(self, seconds: float) -> None:
        """Shorten the time that is left."""
        self._deadlines.append(Deadline(seconds))

    def makefile(self, _mode: str) -> io.BufferedReader:
        """Return what `http.client` reads from: the same for each answer, as it may hold some of the next one."""
        return self._file

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # typeshed's buffer has no name at run time
        """Read what there is."""
        if self._read >= MOST:
            raise _TooMuch
        self._connection.settimeout(min(one.left() for one in self._deadlines))
        got = self._connection.recv_into(buffer[: MOST - self._read])
        self._read += got
        self.ended = got == 0
        return got
