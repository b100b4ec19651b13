"""As much of the Redis protocol as it takes to get a database there for a test, without a client library."""

import socket
from collections.abc import Sequence

WITHIN = 5.0  # seconds

Address = str | tuple[str, int]


class RedisError(Exception):
    """Redis answered with an error."""


def ask_redis(address: Address, *commands: Sequence[str]) -> list[str]:
    """Send commands on one connection to a socket file or a host and port; return their answers, each of one line.

    A status or a number comes as its text, and nothing as "$-1".
    """
    family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
    with socket.socket(family) as link:
        link.settimeout(WITHIN)
        link.connect(address)
        link.sendall(b"".join(_encoded(words) for words in commands))
        with link.makefile("rb") as answers:
            return [_checked(answers.readline()) for _ in commands]


def _encoded(words: Sequence[str]) -> bytes:
    parts = [word.encode() for word in words]
    return b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%b\r\n" % (len(part), part) for part in parts)


def _checked(line: bytes) -> str:
    text = line.decode().rstrip("\r\n")
    if not text or text.startswith("-"):
        raise RedisError(text or "the connection was closed")
    return text.lstrip("+:")
