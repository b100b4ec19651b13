"""What NATS, or the way to it, says is wrong, in words of ours.

1. Only an event that is too large is refused for ever. All else passes: a server starts again, a stream is made, a user
   is given a right or a new password. What never passes is set aside in the end, where somebody sees it.
2. No text of the server goes into a message, since what was sent may stand in it. Of an answer that is not known here
   the number is told.

Source: the list of JetStream's errors that nats-server publishes.
"""

import ssl
from types import MappingProxyType

from nats.errors import AuthorizationError, Error, MaxPayloadError, SecureConnWantedError
from nats.js.errors import APIError, ServiceUnavailableError

TOO_LARGE = 10054
KNOWN = MappingProxyType(
    {
        **dict.fromkeys((10023, 10028, 10047, 10077), "has no room left in {stream}, or on its disk"),
        TOO_LARGE: "does not take events as large as this in {stream}",
        10008: "is not ready with JetStream yet",
        10039: "has no JetStream for this user",
        10052: "has no {stream} that could be made: the settings do not suit it",
        10058: "has {stream} with other settings, and it does not take our subjects",
        10059: "has no stream {stream}; make it, or give create=yes",
        10060: "keeps our subjects in another stream than {stream}",
        10065: "keeps our subjects in another stream than {stream}",
        10074: "is no cluster, so {stream} cannot have replicas",
        10076: "has no JetStream",
        10109: "has sealed {stream}",
    }
)


class Unpublished(Exception):
    """A message that the stream does not keep, as far as we know.

    Attributes:
        problem: in words for people.
        permanent: trying again is of no use.
    """

    def __init__(self, problem: str, *, permanent: bool = False) -> None:
        self.problem = problem
        self.permanent = permanent
        super().__init__(problem)


def unreachable(error: BaseException | None, place: str) -> Unpublished:
    """Return what it means that there is no connection, or none any more."""
    text = f"{error}".lower()
    if "permissions violation" in text:
        return Unpublished(f"{place} does not let this user publish, or get an answer; the README names the rights")
    if isinstance(error, AuthorizationError) or "authorization" in text or "authentication" in text:
        return Unpublished(f"{place} does not know this user, password or token")
    if isinstance(error, SecureConnWantedError):
        return Unpublished(f"{place} does no TLS, and nothing was sent; write nats:// where that is meant")
    if isinstance(error, ssl.SSLCertVerificationError):
        return Unpublished(f"the certificate of {place} is not trusted; give its `authority`")
    if isinstance(error, ssl.SSLError):
        return Unpublished(f"{place} and we do not agree on TLS: does it ask for a `certificate`?")
    kind = "" if error is None else f": {type(error).__name__}"
    return Unpublished(f"{place} cannot be reached, or went away{kind}")


def refused(error: Exception, place: str, stream: str) -> Unpublished:
    """Return what it means that a message was not acknowledged."""
    if isinstance(error, MaxPayloadError):
        return Unpublished(f"{place} does not take messages as large as this event", permanent=True)
    if isinstance(error, APIError):
        return _told(error, place, stream)
    if isinstance(error, Error | OSError):
        return unreachable(error, place)
    return Unpublished(f"{place} answered with what is no acknowledgement")


def unheard(place: str, stream: str) -> Unpublished:
    """Return what it means that a stream is there, and does not answer."""
    return Unpublished(f"{place} has {stream}, but it does not take our subjects")


def _told(error: APIError, place: str, stream: str) -> Unpublished:
    if isinstance(error, ServiceUnavailableError) and error.err_code is None:  # nobody answers for JetStream
        return Unpublished(f"{place} {KNOWN[10076]}")
    text = KNOWN.get(error.err_code or 0, "refuses it: error {code}").format(stream=stream, code=error.err_code)
    return Unpublished(f"{place} {text}", permanent=error.err_code == TOO_LARGE)
