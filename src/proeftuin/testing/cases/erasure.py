"""L: what is forgotten is gone, and nothing else is."""

from functools import partial
from typing import TYPE_CHECKING

from proeftuin.core.pilot import Pilot
from proeftuin.core.structs import replace
from proeftuin.errors import BadArgument, Conflict
from proeftuin.spi import Commit, Holder, Personal, Receipt, Subscription
from proeftuin.testing.bench import Bench
from proeftuin.testing.case import case
from proeftuin.testing.cases.corpus import LIKE_EACH_OTHER
from proeftuin.testing.cases.parts import everyone_sees
from proeftuin.testing.commits import changed, started, written
from proeftuin.testing.courier import NOON
from proeftuin.testing.expect import holds, refused, same
from proeftuin.testing.rules import DELIVERY, ERASURE, EXACT

if TYPE_CHECKING:
    from collections.abc import Callable

PEOPLE = tuple(Personal(f"s{number}", f"ref of {number}", b"salt %d" % number) for number in (1, 2, 3))


def forgetting(bench: Bench, pilot: Pilot, *subjects: str) -> Commit:
    """Return the commit that changes a pilot and forgets some of its subjects."""
    return replace(bench.change(pilot), erased=subjects)


def _begun(bench: Bench, name: str = "p1") -> Pilot:
    return bench.write(None, started(name), receipt=Receipt("begin", "f", b""), personal=PEOPLE)


@case("L01", ERASURE, needs=("Erases", "files"))
def what_is_forgotten_is_gone_from_the_files(bench: Bench) -> None:
    """After commits that forget, and a scrub, no file of the store holds a byte of their refs, and others are kept."""
    word, pilots, kept = bench.fresh("somebody"), list[Pilot](), set[str]()
    for number in range(40):
        marks = [f"{word}-{number:02}-{subject}-" for subject in range(8)]
        # of many lengths, so that others are moved to make room
        people = tuple(Personal(f"s{place}", mark * (1 + place), b"salt") for place, mark in enumerate(marks))
        pilots.append(bench.write(None, started(f"p{number * 7 % 40:02}"), personal=people))
        kept |= {*marks}
    look = partial(bench.in_files, rf"{word}-\d\d-\d-")
    same(kept, look(), "the refs in the files, before")
    for number, pilot in enumerate(pilots[::-1]):
        people = bench.store.personal(bench.tenant, pilot.id)[number % 2 :: 2]
        bench.append(forgetting(bench, pilot, *(one.subject for one in people)))
        kept -= {one.ref[: len(word) + 6] for one in people}
    bench.eraser.scrub()
    same((160, kept), (len(kept), look()), "the refs in the files, afterwards")
    bench.reopen()
    same(kept, look(), "the refs in the files, after a restart")


@case("L01", ERASURE, needs="Erases")
def what_is_forgotten_is_told_no_more(bench: Bench) -> None:
    """A ref that was forgotten is told by no client any more, nor after a scrub or a restart, and can be kept anew."""
    pilot = _begun(bench)
    commit, pilot = bench.written(pilot, changed(pilot))
    bench.append(replace(commit, erased=("s1", "s3")))
    looks: list[Callable[[], None]] = [lambda: None, bench.eraser.scrub, partial(everyone_sees, bench, "p1")]
    for look in looks:
        look()
        same(PEOPLE[1:2], bench.store.personal(bench.tenant, "p1"))
        same([(), ()], [bench.eraser.holders(bench.tenant, one.ref) for one in (PEOPLE[0], PEOPLE[2])])
        same((Holder("p1", "s2"),), bench.eraser.holders(bench.tenant, PEOPLE[1].ref))
    bench.write(pilot, changed(pilot), personal=(Personal("s4", PEOPLE[0].ref, b"new"),))
    same((Holder("p1", "s4"),), bench.eraser.holders(bench.tenant, PEOPLE[0].ref))


@case("L02", ERASURE, needs="Erases")
def nothing_else_of_the_pilot_changes(bench: Bench) -> None:
    """Events, digests and receipts stay byte for byte as they were, the head is the one given, and all verifies."""
    pilot = bench.advance(_begun(bench), 3)
    history, receipts = list(bench.store.history(bench.tenant, "p1")), list(bench.store.receipts(bench.tenant, "p1"))
    commit = replace(forgetting(bench, pilot, "s1"), receipts=(Receipt("erase", "f", b"done"),))
    bench.append(commit)
    same([*history, *commit.entries], list(bench.store.history(bench.tenant, "p1")))
    same([*receipts, *commit.receipts], list(bench.store.receipts(bench.tenant, "p1")))
    same((5, commit.head), (bench.load().version, bench.load().head))
    bench.eraser.scrub()
    bench.whole("p1")
    bench.advance(bench.stored())
    bench.whole("p1")


@case("L03", ERASURE, needs="Erases")
def to_forget_again_changes_nothing(bench: Bench) -> None:
    """A subject that is forgotten, was never there, or is named twice is no error, and a second scrub does nothing."""
    pilot = _begun(bench)
    for subjects in (("s1",), ("s1",), ("nobody",), ("s1", "nobody", "s2", "s2")):
        commit, pilot = bench.written(pilot, changed(pilot))
        bench.append(replace(commit, erased=subjects))
        bench.eraser.scrub()
        bench.eraser.scrub()
    same((5, PEOPLE[2:]), (bench.load().version, bench.store.personal(bench.tenant, "p1")))
    begun, _ = bench.written(None, started("p2"), personal=PEOPLE[:1])
    bench.append(replace(begun, erased=("nobody",)))
    same(PEOPLE[:1], bench.store.personal(bench.tenant, "p2"))


@case("L04", ERASURE, needs="Erases")
def others_are_left_alone(bench: Bench) -> None:
    """The same subject of other pilots and other tenants, and subjects that look alike, are kept."""
    alike = tuple(Personal(text, f"ref {text}", b"salt") for text in LIKE_EACH_OTHER)
    for number, text in enumerate(LIKE_EACH_OTHER):
        pilot = bench.write(None, started(f"alike {number}"), personal=alike)
        bench.append(forgetting(bench, pilot, text))
        rest = {one for one in alike if one.subject != text}
        same(rest, {*bench.store.personal(bench.tenant, pilot.id)}, f"what is kept when {text!a} is forgotten")
    tenant, names = bench.fresh("tenant"), ("p1", "p10", "p", "P1", "p1 ")
    for name in names:
        _begun(bench, name)
        bench.append(written(None, started(name), tenant=tenant, personal=PEOPLE)[0])
    bench.append(forgetting(bench, bench.stored(), "s1", "s2"))
    same(PEOPLE[2:], bench.store.personal(bench.tenant, "p1"))
    same([PEOPLE] * 4, [bench.store.personal(bench.tenant, name) for name in names[1:]])
    same([PEOPLE] * 5, [bench.store.personal(tenant, name) for name in names])


@case("L05", DELIVERY, needs=("Erases", "Delivers"))
def what_is_to_be_delivered_stays(bench: Bench) -> None:
    """A commit that forgets is news as any other, and no lane loses or passes anything by it."""
    bench.lanes.subscribe(bench.tenant, Subscription("log", b""), now=NOON)
    pilot = _begun(bench)
    bench.lanes.fan_out(bench.tenant, now=NOON, limit=10_000)
    bench.append(forgetting(bench, pilot, "s1"))
    bench.eraser.scrub()
    same(1, bench.lanes.fan_out(bench.tenant, now=NOON, limit=10_000), "how many pilots have news")
    (lane,) = [one for one in bench.lanes.lanes(bench.tenant, "log", limit=10_000) if one.pilot_id == "p1"]
    same((0, 2), (lane.delivered, lane.target))


@case("L07", ERASURE, needs="Erases")
def what_was_not_written_forgets_nothing(bench: Bench) -> None:
    """A commit that is refused, lost or undone by its callback forgets nobody, alone or among several."""
    pilot = bench.advance(_begun(bench))
    stale, good = forgetting(bench, _begun(bench, "p2"), "s1"), forgetting(bench, pilot, "s1", "s2")
    bench.advance(bench.stored("p2"))
    used = replace(good, receipts=(Receipt("begin", "f", b""),))
    before = bench.everything("p1", "p2")

    def recorded(_: object) -> None:
        raise InterruptedError

    acts = [partial(bench.append, stale), partial(bench.append, used)]
    if bench.store.multi_pilot:
        acts += [partial(bench.append, good, stale), partial(bench.append, stale, good)]
    for act in acts:
        refused(Conflict, act)
        same(before, bench.everything("p1", "p2"))
    refused(InterruptedError, partial(bench.append, good, recorded=recorded))
    same(before, bench.everything("p1", "p2"))
    bench.append(good)
    same(PEOPLE[2:], bench.store.personal(bench.tenant, "p1"))


@case("L07", ERASURE, needs=("Erases", "outlives"))
def a_crash_forgets_all_or_nothing(bench: Bench) -> None:
    """A process that dies before the commit has forgotten nobody, and one that dies after it has for good."""
    _begun(bench)
    before = bench.everything("p1")
    bench.crash("die_inside", pilot_id="p1", erased=["s1", "s2"])
    same(before, bench.everything("p1"))
    bench.crash("die_after", pilot_id="p1", erased=["s1", "s2"])
    same(([1, 2], PEOPLE[2:]), (bench.versions(), bench.store.personal(bench.tenant, "p1")))
    bench.eraser.scrub()
    bench.whole("p1")
    if bench.store.durable:
        bench.reopen()
    same(PEOPLE[2:], bench.store.personal(bench.tenant, "p1"))


@case("L08", ERASURE, needs="Erases")
def holders_are_those_who_know_a_ref(bench: Bench) -> None:
    """Pilots and subjects that a ref is known by come in order of id and subject, as many as asked, and only they."""
    refs = dict.fromkeys((*LIKE_EACH_OTHER, "%", "_", "x" * 255, "x" * 254))
    for number, ref in enumerate(refs):
        people = tuple(Personal(f"s{subject}", ref, b"salt") for subject in (10, 2, 1))
        bench.write(None, started(f"p{number:03}"), personal=people)
    for number, ref in enumerate(refs):
        expected = tuple(Holder(f"p{number:03}", subject) for subject in ("s1", "s10", "s2"))
        same(expected, bench.eraser.holders(bench.tenant, ref), f"who holds {ref!a}")
    names = ("b", "a", "Z", "\u00e9", "\U0001f600", "\uffff")
    for name in names:
        bench.write(None, started(name), personal=(Personal("s2", "many", b""), Personal("s1", "many", b"")))
    many = [Holder(name, subject) for name in sorted(names) for subject in ("s1", "s2")]
    for limit in (1, 3, 12, 100):
        same(many[:limit], list(bench.eraser.holders(bench.tenant, "many", limit=limit)), f"{limit} holders")
    same((), bench.eraser.holders(bench.fresh("tenant"), "many"))
    same((), bench.eraser.holders(bench.tenant, "nobody"))


@case("B04", EXACT)
def a_store_forgets_or_refuses(bench: Bench) -> None:
    """What is to be forgotten is forgotten by a store that `Erases`; another one refuses it, and writes nothing."""
    pilot = bench.write(None, started("p1"), personal=PEOPLE)
    commit = forgetting(bench, pilot, "s1")
    if bench.offers("Erases"):
        bench.append(commit)
        same(PEOPLE[1:], bench.store.personal(bench.tenant, "p1"))
        return
    before = bench.everything("p1")
    refused(BadArgument, partial(bench.append, commit), "a commit that forgets, where Erases is not offered")
    same(before, bench.everything("p1"))


@case("B04", EXACT)
def what_cannot_be_forgotten_is_refused(bench: Bench) -> None:
    """A subject that is issued and forgotten at once, or whose name no store keeps, is refused, and nothing written."""
    pilot = bench.begin()
    for subject in ("s1", "", "x" * 256, "nul\0", "\ud800"):
        commit = replace(bench.change(pilot), personal=PEOPLE[:1], erased=(subject,))
        refused(BadArgument, partial(bench.append, commit), f"to forget {subject!a}")
    holds(bench.versions() == [1] and not bench.store.personal(bench.tenant, "p1"), "nothing is written")
