"""A lock that another thread holds, and what a child of a fork does meanwhile."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

PATIENCE = 20


@contextmanager
def held(lock: Any) -> Iterator[None]:
    """Hold a lock in another thread for a block."""
    has, over = Event(), Event()

    def hold() -> None:
        with lock:
            has.set()
            over.wait()

    thread = Thread(target=hold)
    thread.start()
    has.wait()
    try:
        yield
    finally:
        over.set()
        thread.join()


def in_child(use: Callable[[], object]) -> int:
    """Fork, do something in the child, and return its status: 0 where it came to its end, -14 where it hung."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.alarm(PATIENCE)
            use()
            status = 0
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
