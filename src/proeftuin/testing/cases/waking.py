"""W: a hint is heard by whoever listens, as long as it does, and is in nobody's way.

No case needs a certain hint to arrive, nor that none comes from elsewhere: one may be lost, and others may send some.
So what was not heard is sent again, and what is counted is far from what a store that is right would give.
"""

from contextlib import suppress

from proeftuin.errors import StoreError
from proeftuin.spi import Listener, Wakes
from proeftuin.testing import threads
from proeftuin.testing.bench import Bench
from proeftuin.testing.case import case
from proeftuin.testing.expect import Broken, holds, refused, same
from proeftuin.testing.rules import HINTS
from proeftuin.testing.threads import Aside

TRIES = 10
MANY = 100
SHORT = 0.01  # seconds


def _send(waker: Wakes) -> None:
    with suppress(StoreError):  # it could not be sent, which a store may say
        waker.wake()


def _hear(waker: Wakes, *listeners: Listener) -> None:
    """Send hints until each of those who listen has heard the same one; it is sent before anybody waits."""
    for _ in range(TRIES):
        _send(waker)
        if all(one.wait(threads.PATIENCE / TRIES) for one in listeners):
            return
    raise Broken(f"of {TRIES} hints that were sent none was heard by each of the {len(listeners)} that listen")


def _begun_to_wait(listener: Listener, times: int = 1) -> Aside[list[bool]]:
    """Wait beside for a hint, once or again and again, and each time for longer than a case would."""

    def wait() -> list[bool]:
        try:
            return [listener.wait(TRIES * threads.PATIENCE) for _ in range(times)]
        finally:
            listener.close()

    return Aside(wait)


@case("W01", HINTS, needs="Wakes")
def hints_are_heard_by_all_who_listen(bench: Bench) -> None:
    """A hint that is sent after somebody began to listen, and before they wait, is heard, by each who listens."""
    first, second = bench.waker.listen(), bench.waker.listen()
    for _ in range(3):
        _hear(bench.waker, first, second)
    first.close()
    _hear(bench.waker, second)
    second.close()
    bench.waker.wake()  # to nobody


@case("W01", HINTS, needs="Wakes")
def a_hint_ends_a_wait(bench: Bench) -> None:
    """Whoever waits is woken by a hint that is sent meanwhile, and is told that there was one."""
    waiting = _begun_to_wait(bench.waker.listen())
    for _ in range(TRIES):
        _send(bench.waker)
        if waiting.gets_through():
            break
    same([True], waiting.result(), "what a wait says that a hint ended")


@case("W02", HINTS, needs="Wakes")
def hints_count_as_one(bench: Bench) -> None:
    """Hints that were not heard yet count as one, and where there is none a wait ends after its time, and says so."""
    listener = bench.waker.listen()
    _hear(bench.waker, listener)
    for _ in range(MANY):
        _send(bench.waker)
    heard = 0
    while heard < MANY and listener.wait(SHORT):
        heard += 1
    holds(heard <= MANY // 2, f"of {MANY} hints sent before a wait most count as one; {heard} waits were told of one")
    _hear(bench.waker, listener)
    listener.close()


@case("W03", HINTS, needs="Wakes")
def a_listener_can_be_stopped(bench: Bench) -> None:
    """A listener that another thread stops ends its wait, and every later one, at once; the others go on to hear."""
    stopped, other = bench.waker.listen(), bench.waker.listen()
    waiting = _begun_to_wait(stopped, times=TRIES)
    waiting.gets_through()  # it does not, but has a moment to begin
    stopped.stop()
    waiting.result()
    _hear(bench.waker, other)
    other.close()


@case("W04", HINTS, needs="Wakes")
def a_hint_waits_for_nobody(bench: Bench) -> None:
    """A hint that is sent while an append is under way waits for nothing, and changes nothing of what is stored."""
    pilot, listener = bench.begin(), bench.waker.listen()
    before, sent = bench.everything("p1"), list[bool]()

    def recorded(_: object) -> None:
        outcome = Aside(bench.waker.wake).outcome()
        if isinstance(outcome, BaseException) and not isinstance(outcome, StoreError):
            raise outcome
        sent.append(True)
        raise ValueError("no")

    refused(ValueError, lambda: bench.append(bench.change(pilot), recorded=recorded))
    same(([True], before), (sent, bench.everything("p1")), "what was sent, and what is stored")
    bench.advance(pilot)
    _hear(bench.waker, listener)
    listener.close()
    bench.whole("p1")
