"""Whether a socket has something to be read."""

import select

LONGEST = 2**31 - 1  # milliseconds; whoever waits for longer looks once more in between


def readable(socket: int, seconds: float = 0) -> bool:
    """Whether something can be read from a socket, its end too, now or so many seconds from now at most.

    Raises:
        OSError, ValueError: for a socket that is closed.

    Note:
        `select` refuses a socket whose number is over 1023; Windows, which has no `poll`, counts otherwise.
    """
    if not hasattr(select, "poll"):
        return bool(select.select([socket], [], [], seconds)[0])
    if socket < 0:
        raise ValueError("the socket is closed")
    poll = select.poll()
    poll.register(socket, select.POLLIN)
    return bool(poll.poll(min(seconds * 1000, LONGEST)))
