"""What is due: `tick` does it once, `work` goes on doing it until it is told to stop."""

import logging
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from socket import socket, socketpair
from types import FrameType
from typing import Annotated

from attrs import frozen
from cyclopts import Parameter, validators
from rich.text import Text

from proeftuin.cli.exits import OK, REFUSED, exit_code, message
from proeftuin.cli.jsontext import json_text
from proeftuin.cli.options import At, Store
from proeftuin.cli.screen import BAD, GOOD, SOFT, Screen
from proeftuin.cli.sinks import To, Tos
from proeftuin.engine import Engine
from proeftuin.errors import OutcomeUnknown, ProeftuinError, StoreBusy, StoreFull, StoreUnavailable
from proeftuin.ready import readable
from proeftuin.result import Work
from proeftuin.views import plain

Many = Annotated[int | None, Parameter(validator=validators.Number(gte=1))]
Seconds = Annotated[float, Parameter(validator=validators.Number(gte=1))]
AllTenants = Annotated[bool, Parameter(negative=())]

LATER = (OutcomeUnknown, StoreBusy, StoreFull, StoreUnavailable)
"""What the next round may find gone; what is due is done once, however often it is tried."""
AT_ONCE = 500
"""How many pilots are looked at between two looks at whether to stop."""


@frozen
class Round:
    """What one round came to.

    Attributes:
        done: per tenant how many pilots something was done on.
        failed: how many could not be read.
        more: whether more is due.
        raised: what kept a tenant from being done, beside others that were.
    """

    done: dict[str, int]
    failed: int
    more: bool
    raised: dict[str, Exception]

    @property
    def code(self) -> int:
        """What a tick that came to this exits with."""
        first = next(iter(self.raised.values()), None)
        if isinstance(first, ProeftuinError):
            return exit_code(first)
        return REFUSED if self.failed or first is not None else OK

    def told(self, lang: str) -> dict[str, str]:
        """Return in words what kept tenants from being done; of what is not ours, only what it is."""
        return {
            name: message(one, lang) if isinstance(one, ProeftuinError) else type(one).__name__
            for name, one in self.raised.items()
        }

    def data(self, lang: str) -> dict[str, object]:
        """Return what a program is told of it, whether more is due aside."""
        found: dict[str, object] = {"done": sum(self.done.values()), "failed": self.failed, "tenants": self.done}
        return found | ({"errors": self.told(lang)} if self.raised else {})


def tick(*, limit: Many = None, all_tenants: AllTenants = False, at: Store = At()) -> int:  # noqa: B008  # a frozen value
    """Do what is due now, once: reminders, escalations, signals, and what clocks fire.

    It may be late, doubled, or run by any number of processes at once. Exits with 1 where a pilot could not be read,
    and does all other tenants where something is wrong with one.

    Args:
        limit: look at so many pilots at most, of each tenant.
        all_tenants: for every tenant of the store, instead of one.
        at: where pilots are kept.
    """
    screen = at.screen
    with at.engine() as engine, _telling():
        came = _round(engines_of(engine, at, all_tenants=all_tenants), limit, Stop())
    if screen.json:
        screen.data(came.data(screen.lang) | {"more": came.more})
    else:
        _show(screen, came, all_tenants=all_tenants)
        if not any(came.done.values()) and not came.raised:
            screen.show(screen.tell("nothing-due"))
        if came.more:
            screen.show(screen.tell("more-due"), style=SOFT, indent=2)
    return came.code


def work(
    *,
    every: Seconds = 60,
    deliver_every: Seconds = 5,
    all_tenants: AllTenants = False,
    to: Tos = To(),  # noqa: B008  # a frozen value
    at: Store = At(),  # noqa: B008  # a frozen value
) -> int:
    """Do what is due, again and again, until it is told to stop (SIGTERM or Ctrl-C).

    What it is doing then is finished first. A store that cannot be reached is tried again in the next round. Where
    subscribers are named it delivers to them too, to each by itself.

    Args:
        every: how many seconds lie between two rounds.
        deliver_every: how many seconds lie between two looks at what is to be delivered, where the store tells of no
            news before.
        all_tenants: for every tenant of the store, instead of one.
        to: to whom events are delivered; left out, to nobody.
        at: where pilots are kept.
    """
    from proeftuin.cli.deliver import running

    screen = at.screen
    with at.engine() as engine, _telling(), stopping() as stop:
        if not screen.json:
            screen.show(screen.tell("working", seconds=f"{every:g}", url=at.shown), style=SOFT)
        engines = lambda: engines_of(engine, at, all_tenants=all_tenants)  # noqa: E731  # anew for each round
        with running(screen, engines, to, engine=engine, stop=stop, pause=deliver_every, all_tenants=all_tenants):
            while not stop.asked:
                sys.stdout.flush()
                _work_once(screen, engine, at, stop, all_tenants=all_tenants)
                sys.stdout.flush()
                stop.wait(every)
    if not screen.json:
        screen.show(screen.tell("work-ended"), style=SOFT)
    return OK


def _work_once(screen: Screen, engine: Engine, at: At, stop: "Stop", *, all_tenants: bool) -> None:
    try:
        came = _round(engines_of(engine, at, all_tenants=all_tenants), None, stop)
    except LATER as error:
        sys.stderr.write(f"{screen.tell('error')}: {message(error, screen.lang)}\n")
        return
    if screen.json and (came.failed or came.raised or any(came.done.values())):
        sys.stdout.write(f"{json_text(came.data(screen.lang))}\n")  # a line for each round
    elif not screen.json:
        _show(screen, came, all_tenants=all_tenants)


def engines_of(engine: Engine, at: At, *, all_tenants: bool) -> dict[str, Engine]:
    """Return an engine for each tenant that is meant."""
    return {name: engine.for_tenant(name) for name in engine.tenants()} if all_tenants else {at.tenant: engine}


def _round(engines: Mapping[str, Engine], limit: int | None, stop: "Stop") -> Round:
    """Do what is due; where it is much, with a look between at whether to stop."""
    done, failed, more = dict.fromkeys(engines, 0), 0, False
    raised: dict[str, Exception] = {}
    for name, one in engines.items():
        try:
            for came in _parts(one, limit, stop):
                done[name] += came.done
        except StoreUnavailable:  # to the others, too
            raise
        except Exception as error:  # what is wrong there keeps no other one waiting
            if len(engines) == 1:
                raise
            raised[name] = error
        else:
            failed += came.failed
            more |= came.more
        if stop.asked:
            break
    return Round(done, failed, more, raised)


def _parts(engine: Engine, limit: int | None, stop: "Stop") -> Iterator[Work]:
    """Do what is due for one tenant, and give what each part of it came to."""
    yield (came := engine.tick(limit or AT_ONCE))
    while limit is None and came.more and not stop.asked:
        yield (came := engine.tick(AT_ONCE))


def _show(screen: Screen, came: Round, *, all_tenants: bool) -> None:
    for name, count in came.done.items():
        if count:
            whose = f"{plain(name)}: " if all_tenants else ""
            screen.item(Text("+", GOOD), whose + screen.tell("ticked", count=count))
    for name, why in came.told(screen.lang).items():
        screen.item(Text("x", BAD), f"{plain(name)}: {screen.tell('error')}: {why}")
    if came.failed:
        screen.item(Text("x", BAD), screen.tell("not-ticked", count=came.failed))


# -- stopping, and telling -------------------------------------------------------------------------------------------


@frozen
class Stop:
    """Whether somebody asked for the end: whether there is anything to read, which nobody ever reads.

    A signal is written to the other end at once, whichever thread gets it (`signal.set_wakeup_fd`). A handler alone
    would not do for that. It runs in the main thread alone, which sleeps on where another one gets the signal; and in
    the middle of what that thread does, where any lock that it needs may be its own.

    Args:
        asking: the end to read from, and the one to write to; None where nobody will ask.
    """

    _asking: tuple[socket, socket] | None = None

    @property
    def asked(self) -> bool:
        """Whether it is time to stop."""
        return self._told(0)

    def ask(self) -> None:
        """Ask for the end."""
        if self._asking is not None:
            with suppress(OSError):  # asked for so often that no more can be written
                self._asking[1].send(b"\0")

    def wait(self, seconds: float) -> None:
        """Wait so long, or until the end is asked for."""
        self._told(seconds)

    def _told(self, seconds: float) -> bool:
        if self._asking is None:
            return False
        try:
            return readable(self._asking[0].fileno(), seconds)
        except (OSError, ValueError):  # it is closed: all this has ended already
            return True


@contextmanager
def stopping() -> Iterator[Stop]:
    """Let SIGTERM and SIGINT ask for the end, instead of making one."""
    hears, tells = socketpair()
    tells.setblocking(False)  # noqa: FBT003  # the library's own
    with hears, tells:
        woken = signal.set_wakeup_fd(tells.fileno(), warn_on_full_buffer=False)
        before = {number: signal.signal(number, _noted) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield Stop((hears, tells))
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            signal.set_wakeup_fd(woken)


def _noted(_number: int, _frame: FrameType | None) -> None:
    """Do nothing more: where there is a handler, the signal has been written by now."""


class _Teller(logging.Handler):
    """Writes which pilot could not be read, and why, to the error output; once."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._told: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line."""
        if record.getMessage() == "not-ticked":
            line = f"{plain(vars(record)['pilot'])}: {plain(vars(record)['reason'])}\n"
            if line not in self._told:
                self._told.add(line)
                sys.stderr.write(line)


@contextmanager
def _telling() -> Iterator[None]:
    logger, teller = logging.getLogger("proeftuin"), _Teller()
    logger.addHandler(teller)
    try:
        yield
    finally:
        logger.removeHandler(teller)
