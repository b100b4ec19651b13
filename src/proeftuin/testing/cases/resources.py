"""Q: nothing leaks, nothing grows, and a value is never taken for something else."""

import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import FrameType

from proeftuin.core.pilot import Pilot
from proeftuin.errors import Conflict
from proeftuin.spi import Query, Receipt
from proeftuin.testing.bench import Bench
from proeftuin.testing.case import case
from proeftuin.testing.cases.parts import KEY, everyone_sees
from proeftuin.testing.commits import advance, begin, changed, grown, started, stored
from proeftuin.testing.expect import holds, present, refused, same
from proeftuin.testing.rules import EXACT, RESOURCES
from proeftuin.testing.threads import all_well, together

INJECTIONS = (
    "'", "''", "'; DROP TABLE pilots; --", "' OR '1'='1", '" OR ""="', "\\'; --", "p1' --",
    "1); DELETE FROM events; --",
    "%s", "%(tenant)s", ":at_tenant", ":1", "?", "$1", "@p1", "{0}", "${x}", "/* x */", "#", "\\", "%", "_", "p1'/*",
)  # fmt: skip


@case("Q01", RESOURCES)
def nothing_leaks(bench: Bench) -> None:
    """Hundreds of calls, and hundreds of failures, leave no file open and no thread behind."""
    pilot = _round(bench, bench.begin())
    before = _open_files(), threading.active_count()
    for _ in range(60):
        pilot = _round(bench, pilot)
    same(before, (_open_files(), threading.active_count()), "open files and threads, before and after")


def _round(bench: Bench, pilot: Pilot) -> Pilot:
    def recorded(_: object) -> None:
        raise ValueError("no")

    after = bench.advance(pilot)
    refused(Conflict, partial(bench.append, bench.change(pilot)))
    refused(ValueError, partial(bench.append, bench.change(after), recorded=recorded))
    same(after, bench.stored())
    reading = bench.store.history(bench.tenant, "p1")
    same(1, next(reading).version)  # and the rest is never asked for
    bench.ids(workflow="plain")
    return after


def _open_files() -> int:
    """Return how many files are open, where the system tells; 0 where it does not."""
    for place in (Path("/proc/self/fd"), Path("/dev/fd")):
        with suppress(OSError):
            return len(os.listdir(place))  # noqa: PTH208  # it also lists what can no longer be looked at
    return 0


@case("Q03", RESOURCES)
def no_call_costs_more_as_a_history_grows(bench: Bench) -> None:
    """A load, an append, a receipt and the last event take as many steps behind a thousand events as behind three."""
    short, long = bench.begin("short"), bench.begin("long")
    short = bench.write(short, *grown(short, 2))
    for _ in range(4):
        long = bench.write(long, *grown(long, 250))
    for act in (_load, _receipt, _last, _append):
        for pilot in (short, long):
            act(bench, pilot, "warm")
        few, many = (_steps(partial(act, bench, pilot, "counted")) for pilot in (short, long))
        holds(many <= few * 1.5 + 20, f"{act.__name__} takes {many} steps behind 1,000 events, and {few} behind three")


def _load(bench: Bench, pilot: Pilot, key: str) -> None:
    bench.load(pilot.id, key=key)


def _receipt(bench: Bench, pilot: Pilot, key: str) -> None:
    bench.store.receipt(bench.tenant, pilot.id, key)


def _last(bench: Bench, pilot: Pilot, key: str) -> None:  # noqa: ARG001  # all acts are called alike
    same(1, len(list(bench.store.history(bench.tenant, pilot.id, after=bench.load(pilot.id).version - 1))))


def _append(bench: Bench, pilot: Pilot, key: str) -> None:
    current = bench.stored(pilot.id)
    bench.write(current, changed(current), receipt=Receipt(key, "f", b""))


def _steps(act: Callable[[], None]) -> int:
    """Return how many functions a call runs: one more statement is many of them, whatever the database."""
    count = 0

    def step(frame: FrameType, event: str, argument: object) -> None:  # noqa: ARG001  # what the interpreter gives
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(step)
    try:
        act()
    finally:
        sys.setprofile(before)
    return count


@case("Q04", RESOURCES)
def threads_do_not_mix(bench: Bench) -> None:
    """Many threads on one store, each with a pilot of its own, read and write nothing but their own."""

    def live(number: int) -> None:
        name = f"p{number:02}"
        pilot = begin(bench.store, name, bench.tenant, number=number, ref=f"ref {number}")
        for turn in range(4):
            pilot = advance(bench.store, pilot, 1, bench.tenant, number=number, turn=turn)
            found = present(stored(bench.store, name, bench.tenant))
            same((pilot, number), (found, found.data["number"]))
            same(turn + 2, len(bench.versions(name)))
            same([name], bench.ids(ref=f"ref {number}"))

    all_well(together([partial(live, number) for number in range(24)]))
    bench.whole(*(f"p{number:02}" for number in range(24)))


@case("Q05", EXACT)
def no_value_is_taken_for_a_statement(bench: Bench) -> None:
    """Quotes, comments, statements and place holders in any name are names, and change nothing else."""
    bench.write(None, started("safe", ref="safe"), receipt=Receipt(KEY, "f", b"safe"))
    before = bench.everything("safe")
    for text in INJECTIONS:
        words = {"state": text, "phase": text, "set": {"organisation": text, "programme": text}}
        bench.write(None, started(text, ref=text, **words), receipt=Receipt(text, "f", text.encode()))
        begin(bench.store, text, f"{bench.tenant}{text}")
    for text in INJECTIONS:
        about = f"the name {text!a}"
        same(text, bench.stored(text).id, about)
        same(text.encode(), present(bench.store.receipt(bench.tenant, text, text), about).body, about)
        for name in ("ref", "state", "phase", "organisation", "programme"):
            same([text], bench.ids(**{name: text}), f"find({name}={text!a})")
        same([text], [one.id for one in bench.store.find(Query(f"{bench.tenant}{text}")).items], about)
        same(None, bench.store.receipt(bench.tenant, "safe", text), about)
    same(before, bench.everything("safe"))
    everyone_sees(bench, "safe", *INJECTIONS)
