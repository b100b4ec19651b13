"""Delivering: once, by `deliver`, and beside `work` in a thread for each subscriber."""

import logging
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from threading import Lock, Thread
from typing import TYPE_CHECKING, TextIO

from attrs import frozen
from rich.text import Text

from proeftuin.cli.exits import OK, REFUSED, Usage, message
from proeftuin.cli.jsontext import json_text
from proeftuin.cli.options import At, Store
from proeftuin.cli.screen import BAD, GOOD, SOFT, Screen
from proeftuin.cli.sinks import To, Tos, subscribed
from proeftuin.cli.time import AllTenants, Many, Stop, engines_of, stopping
from proeftuin.engine import Engine
from proeftuin.errors import ProeftuinError, StoreUnavailable
from proeftuin.result import Work
from proeftuin.spi import Sink
from proeftuin.spi.sinks import LONGEST
from proeftuin.views import plain

if TYPE_CHECKING:
    from proeftuin.waking import Listening


def deliver(*, limit: Many = None, all_tenants: AllTenants = False, to: Tos = To(), at: Store = At()) -> int:  # noqa: B008  # frozen values
    """Deliver what is due now, once: to each subscriber the events that it has not had.

    It may be run by any number of processes at once. Exits with 1 where a delivery failed; it is tried again later.

    Args:
        limit: bring so many lanes to each subscriber at most, of each tenant.
        all_tenants: for every tenant of the store, instead of one.
        to: to whom.
        at: where pilots are kept.
    """
    screen = at.screen
    with at.engine() as engine, to.open() as sinks, showing(screen), stopping() as stop:
        engines = engines_of(engine, at, all_tenants=all_tenants)
        check(engines, sinks, screen.lang, all_tenants=all_tenants)
        came = [one.deliver(subscribed(one, sinks), limit, stop=lambda: stop.asked) for one in engines.values()]
    done, failed, more = (sum(getattr(one, name) for one in came) for name in ("done", "failed", "more"))
    if screen.json:
        screen.data({"done": done, "failed": failed, "more": bool(more)})
    else:
        if done:
            screen.item(Text("+", GOOD), screen.tell("l-all-delivered", count=done))
        elif not failed:
            screen.show(screen.tell("l-nothing"))
        if failed:
            screen.item(Text("x", BAD), screen.tell("l-failed", count=failed))
        if more:
            screen.show(screen.tell("l-more"), style=SOFT, indent=2)
    return REFUSED if failed else OK


def check(engines: Mapping[str, Engine], sinks: Mapping[str, Sink], lang: str, *, all_tenants: bool) -> None:
    """Refuse a sink that nobody subscribed for; only tell of it where a tenant may still come to have pilots.

    Raises:
        Usage: with its name.
    """
    known = {name for one in engines.values() for name in subscribed(one, sinks)}
    notes = Screen(lang=lang, error=True)
    for name in sinks:
        if name not in known and not all_tenants:
            raise Usage("l-not-subscribed", name=name)
        if name not in known:
            notes.show(notes.tell("l-in-no-tenant", name=name), style=SOFT)


# -- beside `work` -----------------------------------------------------------------------------------------------------


@frozen
class Errands:
    """Brings what is due to each sink in a thread of its own, again and again; so none waits for another one.

    Args:
        screen: where it is told.
        listen: gives what to wait at between two rounds.
        engines: gives an engine for each tenant that is meant, anew for each round.
        stop: tells when to end.
        pause: how many seconds lie between two rounds, where nothing tells that there is news.
    """

    screen: Screen
    listen: "Callable[[], Listening]"
    engines: Callable[[], Mapping[str, Engine]]
    stop: Stop
    pause: float
    _lock: Lock

    @contextmanager
    def running(self, sinks: Mapping[str, Sink]) -> Iterator[None]:
        """Let the threads run while inside; at the end what they are doing is finished first."""
        with ExitStack() as stack:
            errands = [(name, sink, stack.enter_context(self.listen())) for name, sink in sinks.items()]
            threads = [Thread(target=self._go, args=one, name="proeftuin-errand", daemon=True) for one in errands]
            for one in threads:
                one.start()
            try:
                yield
            finally:
                self.stop.ask()
                for *_, news in errands:
                    news.stop()
                for one in threads:
                    one.join(2 * LONGEST)

    def _go(self, name: str, sink: Sink, news: "Listening") -> None:
        while not self.stop.asked:
            try:
                if not self._round(name, sink):
                    news.wait(self.pause)
            except Exception as error:  # noqa: BLE001  # such as that there are no more threads: nobody would begin this one again
                sys.stderr.write(f"{self.screen.tell('error')}: {type(error).__name__}\n")
                self.stop.wait(self.pause)

    def _round(self, name: str, sink: Sink) -> bool:
        """Deliver to one sink for each tenant; tell whether there is more."""
        more = False
        try:
            for engine in self.engines().values():
                more |= self._delivered(engine, name, sink)
        except StoreUnavailable as error:  # to the others, too
            self._tell_error(error)
        return more

    def _delivered(self, engine: Engine, name: str, sink: Sink) -> bool:
        """Deliver to one sink for one tenant; what is wrong there keeps no other one waiting."""
        try:
            if self.stop.asked or not subscribed(engine, {name: sink}):
                return False
            came = engine.deliver({name: sink}, stop=lambda: self.stop.asked)
        except StoreUnavailable:
            raise
        except ProeftuinError as error:  # a pilot cannot be read, or somebody unsubscribed just now
            self._tell_error(error)
            return False
        self._tell(name, came)
        return came.more

    def _tell_error(self, error: ProeftuinError) -> None:
        sys.stderr.write(f"{self.screen.tell('error')}: {message(error, self.screen.lang)}\n")

    def _tell(self, name: str, came: Work) -> None:
        with self._lock:
            if self.screen.json and (came.done or came.failed):
                told = {"subscriber": name, "delivered": came.done, "failed": came.failed}
                sys.stdout.write(f"{json_text(told)}\n")
            elif not self.screen.json and came.done:
                self.screen.item(Text("+", GOOD), self.screen.tell("l-delivered", name=name, count=came.done))
            if not self.screen.json and came.failed:
                failed = self.screen.tell("l-failed", count=came.failed)
                self.screen.item(Text("x", BAD), f"{plain(name)}: {failed}")
            sys.stdout.flush()


@contextmanager
def running(
    screen: Screen,
    engines: Callable[[], Mapping[str, Engine]],
    to: To,
    *,
    engine: Engine,
    stop: Stop,
    pause: float,
    all_tenants: bool,
) -> Iterator[None]:
    """Deliver while inside, where anybody is named."""
    if not to.given:
        yield
        return
    with to.open() as sinks, showing(screen):
        check(engines(), sinks, screen.lang, all_tenants=all_tenants)
        if not screen.json:
            names = ", ".join(sorted(sinks))
            screen.show(screen.tell("l-working", names=names, seconds=f"{pause:g}"), style=SOFT)
        with Errands(screen, engine.listen, engines, stop, pause, Lock()).running(sinks):
            yield


# -- events on the screen ----------------------------------------------------------------------------------------------


class _Shower(logging.Handler):
    """Writes a line for each event that the sink `log://` logs."""

    def __init__(self, out: TextIO) -> None:
        super().__init__()
        self._out = out

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line."""
        facts = vars(record)
        track = f" {facts['track']}" if facts["track"] else ""
        line = f"{facts['on']} {facts['pilot']} {facts['version']} {record.getMessage()}{track} ({facts['role']})"
        self._out.write(f"{plain(line)}\n")


@contextmanager
def showing(screen: Screen) -> Iterator[None]:
    """Show what `log://` logs, beside what scripts read; those that want it as JSON give it a file."""
    logger, shower = logging.getLogger("proeftuin.events"), _Shower(sys.stderr if screen.json else sys.stdout)
    before = logger.level
    logger.addHandler(shower)
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.removeHandler(shower)
        logger.setLevel(before)
