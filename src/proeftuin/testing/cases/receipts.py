"""A, continued: what a pilot remembers of its commands, all of it."""

from functools import partial

from proeftuin.core.structs import replace
from proeftuin.errors import BadArgument, Conflict
from proeftuin.spi import Receipt
from proeftuin.testing.bench import Bench
from proeftuin.testing.case import case
from proeftuin.testing.cases.corpus import LIKE_EACH_OTHER
from proeftuin.testing.commits import changed, started
from proeftuin.testing.expect import refused, same
from proeftuin.testing.rules import EXACT, RECEIPTS, WHOLE

MANY = 600  # more than any page holds


def _receipts(*names: str) -> tuple[Receipt, ...]:
    return tuple(Receipt(name, f"of {number}", name.encode()) for number, name in enumerate(names))


def _in_order(*receipts: Receipt) -> list[Receipt]:
    return sorted(receipts, key=lambda one: one.key)


@case("A19", RECEIPTS)
def all_receipts_come_in_order_of_key(bench: Bench) -> None:
    """Each receipt of a pilot comes once, in order of key, also those that look alike, and none of another pilot."""
    kept = _receipts(*reversed(LIKE_EACH_OTHER))
    pilot = bench.write(None, started("p1"), receipt=kept[0])
    for one in kept[1:]:
        pilot = bench.write(pilot, changed(pilot), receipt=one)
    bench.write(None, started("p"), receipt=Receipt("other", "f", b"other"))
    bench.begin("p2")
    same(_in_order(*kept), list(bench.store.receipts(bench.tenant, "p1")))
    same([Receipt("other", "f", b"other")], list(bench.store.receipts(bench.tenant, "p")))
    same([[], []], [list(bench.store.receipts(bench.tenant, name)) for name in ("p2", "nobody")])


@case("A19", RECEIPTS)
def many_receipts_come_page_by_page(bench: Bench) -> None:
    """Hundreds of receipts, written in a few commits, all come, also while others are added behind those that came."""
    pilot, kept = bench.begin(), _receipts(*(f"key {number * 7 % MANY:04}" for number in range(MANY)))
    for start in range(0, MANY, 150):
        commit, pilot = bench.written(pilot, changed(pilot))
        bench.append(replace(commit, receipts=kept[start : start + 150]))
    same(_in_order(*kept), list(bench.store.receipts(bench.tenant, "p1")))
    reading = bench.store.receipts(bench.tenant, "p1")
    begun = [next(reading)]
    bench.write(pilot, changed(pilot), receipt=Receipt("zz", "f", b"late"))
    same(_in_order(*kept), [one for one in (*begun, *reading) if one.key != "zz"])


@case("A19", WHOLE)
def several_receipts_of_one_commit(bench: Bench) -> None:
    """A commit of several commands keeps a receipt of each, also where it begins the pilot."""
    first, later = _receipts("a", "b", "c"), _receipts("d", "e")
    commit, pilot = bench.written(None, started("p1"))
    bench.append(replace(commit, receipts=first))
    bench.append(replace(bench.change(pilot), receipts=later))
    same(_in_order(*first, *later), list(bench.store.receipts(bench.tenant, "p1")))
    for one in (*first, *later):
        same((one, one), (bench.store.receipt(bench.tenant, "p1", one.key), bench.load(key=one.key).receipt))


@case("A19", WHOLE)
def one_taken_key_among_several(bench: Bench) -> None:
    """A commit one of whose keys is taken, in whatever place, is a conflict and writes nothing."""
    pilot = bench.write(None, started("p1"), receipt=Receipt("taken", "f", b"1"))
    before = bench.everything("p1")
    for place in range(3):
        keys = ["new 1", "new 2"]
        keys.insert(place, "taken")
        error = refused(Conflict, partial(bench.append, replace(bench.change(pilot), receipts=_receipts(*keys))))
        same(("p1", 1, 1), (error.pilot_id, error.expected, error.actual))
        same(before, bench.everything("p1"), f"after a taken key in place {place}")
    bench.append(replace(bench.change(pilot), receipts=_receipts("new 1", "new 2")))


@case("B04", EXACT)
def one_key_twice_is_refused(bench: Bench) -> None:
    """Two receipts under one key in one commit are a bad argument, whatever they say, and nothing is written."""
    pilot = bench.begin()
    for bodies in ((b"1", b"2"), (b"1", b"1")):
        twice = tuple(Receipt("key", "f", body) for body in bodies)
        refused(BadArgument, partial(bench.append, replace(bench.change(pilot), receipts=twice)))
    same(([], [1]), (list(bench.store.receipts(bench.tenant, "p1")), bench.versions()))
