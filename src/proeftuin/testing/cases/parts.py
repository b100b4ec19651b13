"""What several groups of cases share."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from proeftuin.core.structs import names, replace
from proeftuin.errors import BadArgument
from proeftuin.spi import Commit, Entry, Personal, Receipt, Summary
from proeftuin.testing.bench import Bench
from proeftuin.testing.commits import started, with_digest
from proeftuin.testing.expect import Broken, refused, same

KEY = "key-1"
RECEIPT = Receipt(KEY, "f" * 64, b'{"after":0}')
NAMED = ("state", "phase", "outcome", "hold")  # texts of a summary that are like names
LONG = ("organisation", "programme")
LEAVES = (str, int, bool, bytes, datetime, type(None))


def refused_whole(bench: Bench, commits: Sequence[Commit]) -> None:
    """Expect a store that takes one pilot at a time to refuse several, and to write none of them."""
    before = bench.everything(*(one.pilot_id for one in commits))
    refused(BadArgument, lambda: bench.append(*commits), "commits on several pilots, where multi_pilot is False")
    same(before, bench.everything(*(one.pilot_id for one in commits)))


def everyone_sees(bench: Bench, *names: str) -> None:
    """Expect a second client, and where a store is durable also a later one, to say the same of some pilots."""
    before = bench.everything(*names)
    same(before, bench.everything(*names, store=bench.second()), "what a second client says")
    if bench.store.durable:
        bench.reopen()
        same(before, bench.everything(*names), "what is said after a restart")


def ending(act: Callable[[], None], done: list[bool]) -> Callable[[], None]:
    """Return an act that tells readers when it is done, also where it failed."""

    def run() -> None:
        try:
            act()
        finally:
            done.append(True)

    return run


def frozen_through(value: Any) -> None:
    """Expect a value to be of frozen classes, tuples and plain values of exactly the types that the ports name."""
    if type(value) in LEAVES:
        return
    if type(value) is tuple:
        for one in value:
            frozen_through(one)
    elif names(type(value)) and type(value).__module__.startswith("proeftuin."):
        for one in names(type(value)):
            frozen_through(getattr(value, one))
    else:
        raise Broken(f"a {type(value).__name__} came back, which is none of the types that the ports name")


def filed(bench: Bench, name: str = "p1", **words: Any) -> Commit:  # each column has its type
    """Return a commit that begins a pilot of which `find` shows these words; no store looks whether they are true."""
    good, _ = bench.written(None, started(name))
    return replace(good, head=replace(good.head, summary=replace(good.head.summary, **words)))


def shown(bench: Bench, name: str = "p1") -> Summary:
    """Return what `find` shows of a pilot."""
    (found,) = [one for one in bench.found(workflow="plain") if one.id == name]
    return found


def with_bodies(bench: Bench, name: str, body: bytes) -> bytes:
    """Write a pilot whose every body is this one, expect all of them back, and return the one of its event."""
    good, _ = bench.written(None, started(name))
    head = with_digest(replace(good.head, body=body), "d" * 64)
    entry, personal = Entry(1, "any", body, "d" * 64), (Personal("s1", "r", body),)
    commit = Commit(bench.tenant, name, 0, (entry,), head, (Receipt(KEY, "f", body),), personal)
    bench.append(commit)
    loaded = bench.load(name, key=KEY)
    same((head, commit.receipts), (loaded.head, (loaded.receipt,)))
    same(commit.receipts, tuple(bench.store.receipts(bench.tenant, name)))
    (found,) = bench.store.history(bench.tenant, name)
    same((entry, personal), (found, bench.store.personal(bench.tenant, name)))
    return found.body
