"""Whether a socket has something to be read: also where its number is one that `select` refuses."""

import os
import resource
from collections.abc import Iterator
from contextlib import ExitStack
from socket import socket, socketpair

import pytest

from proeftuin.ready import readable

REFUSED = 1024
"""The first number that `select` refuses."""


@pytest.fixture
def pair() -> Iterator[tuple[socket, socket]]:
    """Two ends, of which the first has a number that `select` refuses."""
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(limits[0], 2 * REFUSED), limits[1]))
    with ExitStack() as stack:
        stack.callback(resource.setrlimit, resource.RLIMIT_NOFILE, limits)
        hears, tells = (stack.enter_context(one) for one in socketpair())
        while (copy := stack.enter_context(socket(fileno=os.dup(hears.fileno())))).fileno() < REFUSED:
            pass
        yield copy, tells


def test_what_was_sent_can_be_read_whatever_the_number_of_the_socket(pair: tuple[socket, socket]) -> None:
    """Nothing is there until it is sent, also after a wait; the other end's closing can be read too."""
    hears, tells = pair
    assert [False, False] == [readable(hears.fileno()), readable(hears.fileno(), 0.01)]
    tells.send(b"!")
    assert readable(hears.fileno(), 60)
    hears.recv(1)
    assert not readable(hears.fileno())
    tells.close()
    assert readable(hears.fileno(), 60)


def test_a_wait_may_be_as_long_as_one_likes(pair: tuple[socket, socket]) -> None:
    """Whoever asks for a month waits for what comes meanwhile."""
    pair[1].send(b"!")
    assert readable(pair[0].fileno(), 30 * 24 * 3600)


def test_a_socket_that_is_closed_is_told_as_such(pair: tuple[socket, socket]) -> None:
    """Its number is none, which is an error."""
    pair[0].close()
    with pytest.raises(ValueError, match="closed"):
        readable(pair[0].fileno())
