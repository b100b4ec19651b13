"""A: what is written is there, and nothing else is."""

from datetime import timedelta
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from proeftuin import codec
from proeftuin.core.structs import replace
from proeftuin.errors import PilotExists, StoreUnavailable
from proeftuin.spi import UNTIMED, Delivers, Personal, Query, Receipt, Subscription, Wanted
from proeftuin.testing.bench import Bench
from proeftuin.testing.case import case
from proeftuin.testing.cases.parts import KEY, RECEIPT, everyone_sees, frozen_through, refused_whole
from proeftuin.testing.commits import BEGAN, advance, begin, changed, grown, started, versions, written
from proeftuin.testing.courier import NOON
from proeftuin.testing.expect import holds, present, refused, same
from proeftuin.testing.rules import ANSWERS, COMPARE, ERRORS, EXACT, OPENING, TENANTS, VERSIONS, WHOLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@case("A00", OPENING)
def a_bench_of_its_own(bench: Bench) -> None:
    """A tenant that nobody used holds only what was put there, and every client of the store sees the same."""
    same(list(bench.others), bench.ids(), "the pilots of a new tenant")
    bench.absent("p1")
    same(bench.begin(), bench.stored(), "the pilot that was written")
    everyone_sees(bench, "p1")
    same(None, bench.store.load(bench.fresh("tenant"), "p1"), "the pilot in another tenant")


@case("A01", ANSWERS)
def created_then_loaded(bench: Bench) -> None:
    """A new pilot loads equal in every field, at version 1, with its one event and nothing else."""
    commit, pilot = bench.written(None, started("p1", ref="our-1"))
    bench.append(commit)
    loaded = bench.load(key=KEY)
    same((1, commit.head, None), (loaded.version, loaded.head, loaded.receipt))
    same(pilot, bench.stored())
    same(list(commit.entries), list(bench.store.history(bench.tenant, "p1")))
    same((None, ()), (bench.store.receipt(bench.tenant, "p1", KEY), bench.store.personal(bench.tenant, "p1")))


@case("A01", ANSWERS)
def a_head_that_the_caller_has(bench: Bench) -> None:
    """With the version that it has a caller gets no head; with any other, or none, it does."""
    bench.advance(bench.begin())
    for have, expected in ((2, False), (1, True), (3, True), (0, True), (None, True)):
        loaded = bench.load(have=have)
        same((2, expected), (loaded.version, loaded.head is not None), f"load(have={have})")


@case("A01", ANSWERS)
def one_read_gives_head_and_receipt(bench: Bench) -> None:
    """A load with a key gives its receipt beside the head, and with another key, or none, no receipt."""
    commit, _ = bench.written(None, started("p1"), receipt=RECEIPT)
    bench.append(commit)
    for key, expected in ((KEY, RECEIPT), ("other", None), (None, None)):
        loaded = bench.load(key=key)
        same((expected, commit.head), (loaded.receipt, loaded.head), f"load(key={key})")
        same(expected, bench.load(key=key, have=1).receipt, f"load(key={key}, have=1)")


@case("A02", ANSWERS)
def an_unknown_pilot_is_nothing(bench: Bench) -> None:
    """Asking for an unknown pilot gives nothing, everywhere, and creates nothing."""
    for tenant in (bench.tenant, bench.fresh("tenant")):
        same(None, bench.store.load(tenant, "nobody", key=KEY, have=1))
        same([], list(bench.store.history(tenant, "nobody")))
        same(None, bench.store.receipt(tenant, "nobody", KEY))
        same((), bench.store.personal(tenant, "nobody"))
        same([], list(bench.store.receipts(tenant, "nobody")))
        same(((), ()), (bench.store.find(Query(tenant, ref="nobody")).items, bench.store.count(Query(tenant, ref="x"))))
    bench.begin("nobody")


@case("A03", COMPARE)
def a_taken_id_is_told(bench: Bench) -> None:
    """A second pilot with the same id is refused as such, and the first is unchanged."""
    bench.begin(ref="our-1")
    before = bench.everything("p1")
    for data in ({"title": "another"}, {"ref": "our-2"}, {"ref": "our-1"}):
        error = refused(PilotExists, partial(bench.begin, "p1", **data))
        same(("p1", None), (error.pilot_id, error.ref))
        same(before, bench.everything("p1"))


@case("A03", COMPARE)
def a_taken_ref_is_told(bench: Bench) -> None:
    """A second pilot with the same ref is refused and the ref named, in one tenant only."""
    bench.begin("p1", ref="our-1")
    error = refused(PilotExists, lambda: bench.begin("p2", ref="our-1"))
    same(("p2", "our-1"), (error.pilot_id, error.ref))
    bench.absent("p2")
    begin(bench.store, "p2", bench.fresh("tenant"), ref="our-1")
    bench.begin("p2", ref="our-2")


@case("A03", COMPARE)
def two_new_pilots_cannot_share_a_ref(bench: Bench) -> None:
    """Of two pilots begun in one append with the same ref neither is written, and the ref stays free."""
    commits = [bench.written(None, started(name, ref="our-1"))[0] for name in ("p1", "p2")]
    if not bench.store.multi_pilot:
        refused_whole(bench, commits)
        return
    refused(PilotExists, lambda: bench.append(*commits))
    bench.absent("p1", "p2")
    bench.begin("p1", ref="our-1")


@case("A04", WHOLE)
def an_append_grows_everything_by_one(bench: Bench) -> None:
    """With each append version, head, history and what `find` shows go on together."""
    pilot = bench.begin()
    for version in (2, 3, 4):
        pilot = bench.advance(pilot)
        loaded = bench.load()
        same((version, version), (loaded.version, present(loaded.head).summary.version))
        same(list(range(1, version + 1)), bench.versions())
        same(pilot, bench.stored())
        same([present(loaded.head).summary], bench.found(workflow="plain"))


@case("A05", WHOLE)
def an_empty_append_does_nothing(bench: Bench) -> None:
    """An append without commits changes nothing and calls nobody."""
    bench.begin()
    before = bench.everything("p1")
    called = list[object]()
    bench.append(recorded=called.append)
    same([], called, "what the callback was called with")
    same(before, bench.everything("p1"))


@case("A06", VERSIONS)
def several_events_in_one_commit(bench: Bench) -> None:
    """A commit of several events gives as many versions, in the order given."""
    first = bench.begin()
    pilot = bench.write(first, *grown(first, 12))
    same(list(range(1, 14)), bench.versions())
    found = [codec.decode_event(one.body, "").data["set"] for one in bench.store.history(bench.tenant, "p1", after=1)]
    same([{"number": number} for number in range(1, 13)], found)
    same(pilot, bench.stored())
    bench.whole("p1")


@case("A07", VERSIONS)
def order_is_by_version_and_not_by_time(bench: Bench) -> None:
    """Events whose times run backwards, or are all the same, come in the order of their versions, ten after nine."""
    for name, days in (("backwards", 1), ("still", 0)):
        pilot = bench.begin(name)
        for number in range(2, 13):
            pilot = bench.write(pilot, replace(changed(pilot), at=BEGAN - timedelta(days=number * days)))
        same(list(range(1, 13)), bench.versions(name), f"times that run {name}")


SPANS = MappingProxyType(
    {
        (0, None): [1, 2, 3, 4, 5], (0, 0): [], (-1, None): [1, 2, 3, 4, 5], (2, None): [3, 4, 5], (4, None): [5],
        (5, None): [], (6, None): [], (0, 2): [1, 2], (0, 5): [1, 2, 3, 4, 5], (0, 6): [1, 2, 3, 4, 5], (0, -1): [],
        (1, 3): [2, 3], (3, 1): [], (3, 3): [], (0, 2**63 - 1): [1, 2, 3, 4, 5], (2**63 - 1, None): [],
        (-(2**63), 1): [1], (0, 10**40): [1, 2, 3, 4, 5], (10**40, None): [], (-(10**40), 1): [1], (0, -(10**40)): [],
        (4, 2**63): [5], (2**63, 2**64): [],
    }
)  # fmt: skip


@case("A08", ANSWERS)
def ranges(bench: Bench) -> None:
    """A history holds exactly the events after one version and up to another, at every edge."""
    bench.advance(bench.begin(), 4)
    for (after, upto), expected in SPANS.items():
        same(expected, bench.versions(after=after, upto=upto), f"history(after={after}, upto={upto})")


@case("A08", ANSWERS)
def a_long_history_is_whole(bench: Bench) -> None:
    """A history of a thousand events comes whole and in order, also when it goes on while it is read."""
    first = bench.begin()
    pilot = bench.write(first, *grown(first, 1000))
    same(list(range(1, 1002)), bench.versions())
    same(list(range(513, 770)), bench.versions(after=512, upto=769))
    reading = bench.store.history(bench.tenant, "p1", upto=1001)
    begun = [next(reading).version]
    bench.advance(pilot)
    same(list(range(1, 1002)), begun + [one.version for one in reading])


NAMES = (
    ("p", "p1", "p10"), ("p1", "P1"), ("p1", "p1 "), ("a", "\u00e1"), ("\u00e9", "e\u0301"), ("%", "_", "p%", "p_"),
    ("1", "01", "1.0"), ("\u00df", "ss"), ("i", "\u0131", "\u0130"), ("\uff41", "a"), ("p\t", "p\n", "p"),
)  # fmt: skip


@case("A09", EXACT)
def pilots_are_apart(bench: Bench) -> None:
    """Pilots whose ids are prefixes of each other, or look alike, never see each other's data."""
    ids = sorted({name for names in NAMES for name in names})
    for number, name in enumerate(ids):
        personal = (Personal("s1", f"ref {number}", b"salt"),)
        bench.write(None, started(name, number=number), receipt=Receipt(KEY, "f", name.encode()), personal=personal)
    for number, name in enumerate(ids):
        same(name, bench.stored(name).id)
        same([1], bench.versions(name), f"the history of {name!a}")
        same(name.encode(), present(bench.store.receipt(bench.tenant, name, KEY)).body)
        same((f"ref {number}",), tuple(one.ref for one in bench.store.personal(bench.tenant, name)))
    bench.advance(bench.stored("p1"))
    same([[1, 2] if name == "p1" else [1] for name in ids], [bench.versions(name) for name in ids])
    bench.absent("", "p11", "p1%", "P", "p-1")


@case("A10", TENANTS)
def tenants_are_apart(bench: Bench) -> None:
    """The same ids, refs, keys and subjects in two tenants have nothing to do with each other."""
    store, tenants = bench.store, (bench.tenant, bench.fresh("tenant"))
    for number, tenant in enumerate(tenants, start=2):
        commit, pilot = written(
            None,
            started("p1", ref="our-1", state=f"state-{number}"),
            tenant=tenant,
            receipt=Receipt(KEY, "f" * 64, tenant.encode()),
            personal=(Personal("s1", f"ref of {tenant}", b"salt"),),
        )
        store.append(commit)
        advance(store, pilot, number - 1, tenant)
    for number, tenant in enumerate(tenants, start=2):
        loaded, receipt = present(store.load(tenant, "p1", key=KEY)), present(store.receipt(tenant, "p1", KEY))
        same((number, receipt, tenant.encode()), (loaded.version, loaded.receipt, receipt.body))
        same(list(range(1, number + 1)), versions(store, tenant=tenant))
        same((Personal("s1", f"ref of {tenant}", b"salt"),), store.personal(tenant, "p1"))
        same([f"state-{number}"], [one.state for one in store.find(Query(tenant, workflow="plain")).items])
        same([f"state-{number}"], [one.state for one in store.find(Query(tenant, ref="our-1")).items])
    same([None] * 2, [store.load(name, "p1") for name in (bench.fresh("tenant"), bench.tenant.upper())])


@case("A11", OPENING, needs="durable")
def everything_survives_a_restart(bench: Bench) -> None:
    """After closing and opening again the store says exactly what it said before, and goes on."""
    personal = (Personal("s1", "x", b"\0\xff"),)
    bench.advance(bench.write(None, started("p1", ref="r"), receipt=RECEIPT, personal=personal), 3)
    bench.begin("p2", workflow="plain@2")
    before = bench.everything("p1", "p2"), bench.found()
    bench.reopen()
    same(before, (bench.everything("p1", "p2"), bench.found()))
    refused(PilotExists, lambda: bench.begin("p3", ref="r"))
    same(5, bench.advance(bench.stored()).version)


@case("A12", ERRORS)
def a_closed_store_says_so(bench: Bench) -> None:
    """Closing twice does nothing, and any other use of a closed store is told as `StoreUnavailable`."""
    store, pilot = bench.store, bench.begin()
    store.close()
    store.close()
    uses: list[Callable[[], object]] = [
        bench.load,
        lambda: bench.append(bench.change(pilot)),
        lambda: list(store.history(bench.tenant, "p1")),
        lambda: store.receipt(bench.tenant, "p1", KEY),
        lambda: list(store.receipts(bench.tenant, "p1")),
        lambda: store.personal(bench.tenant, "p1"),
        bench.found,
        lambda: store.count(Query(bench.tenant)),
        store.tenants,
        *_optional_uses(bench),
    ]
    for use in uses:
        holds(str(refused(StoreUnavailable, use)), "the error of a closed store says something")


def _optional_uses(bench: Bench) -> "Iterator[Callable[[], object]]":
    if bench.offers("Bulk"):
        yield lambda: bench.bulk.load_many(bench.tenant, [Wanted("p1")])
    if bench.offers("Erases"):
        yield lambda: bench.eraser.holders(bench.tenant, "r")
        yield bench.eraser.scrub
    if bench.offers("Definitions"):
        yield lambda: bench.definitions.get_workflow(bench.fresh("plain"), 1)
        yield lambda: bench.definitions.put_workflow(bench.fresh("plain"), 1, "0" * 64, b"{}")
    if bench.offers("Timed"):
        yield lambda: bench.timer.due(bench.tenant, now=NOON)
        yield lambda: bench.timer.untimed(bench.tenant, ("-",))
        yield lambda: bench.timer.retime(bench.tenant, "p1", 1, UNTIMED)
    if bench.offers("Wakes"):
        yield bench.waker.wake
        yield bench.waker.listen
    if bench.offers("Delivers"):
        yield from _uses_of_lanes(bench.lanes, bench.tenant)


def _uses_of_lanes(lanes: Delivers, tenant: str) -> "Iterator[Callable[[], object]]":
    yield lambda: lanes.subscribe(tenant, Subscription("log", b""), now=NOON)
    yield lambda: lanes.unsubscribe(tenant, "log")
    yield lambda: lanes.subscriptions(tenant)
    yield lambda: lanes.fan_out(tenant, now=NOON)
    yield lambda: lanes.claim(tenant, "log", now=NOON, until=NOON + timedelta(minutes=1))
    yield lambda: lanes.resend(tenant, "log", "p1", now=NOON)
    yield lambda: lanes.lanes(tenant, "log")
    yield lambda: lanes.lag(tenant, "log")


@case("A13", EXACT)
def what_is_returned_cannot_be_changed(bench: Bench) -> None:
    """Whatever a store returns is frozen through and through, so nobody can change by it what is stored."""
    personal = (Personal("s1", "x", b"salt"),)
    bench.write(None, started("p1", ref="r"), receipt=RECEIPT, personal=personal)
    bench.write(bench.stored(), *grown(bench.stored(), 2))
    store, tenant = bench.store, bench.tenant
    for one in (
        bench.load(key=KEY),
        store.personal(tenant, "p1"),
        store.find(Query(tenant)),
        store.count(Query(tenant)),
        store.tenants(),
        *store.history(tenant, "p1"),
        *store.receipts(tenant, "p1"),
        *_optional_answers(bench, tenant),
    ):
        frozen_through(one)
    frozen_through(present(store.receipt(tenant, "p1", KEY)))


def _optional_answers(bench: Bench, tenant: str) -> "Iterator[object]":
    if bench.offers("Bulk"):
        yield bench.bulk.load_many(tenant, [Wanted("p1", KEY)])
    if bench.offers("Erases"):
        yield bench.eraser.holders(tenant, "x")
    if bench.offers("Timed"):
        yield bench.timer.due(tenant, now=NOON)
        yield bench.timer.untimed(tenant, ("-",))
    if bench.offers("Delivers"):
        bench.lanes.subscribe(tenant, Subscription("log", b"body"), now=NOON, beginning=True)
        bench.lanes.fan_out(tenant, now=NOON)
        yield bench.lanes.subscriptions(tenant)
        yield bench.lanes.lanes(tenant, "log")
        yield bench.lanes.lag(tenant, "log")
        yield bench.lanes.claim(tenant, "log", now=NOON, until=NOON + timedelta(minutes=1))


@case("A14", EXACT)
def what_is_given_is_left_alone(bench: Bench) -> None:
    """Appending changes nothing in what was given, whether it is accepted or refused."""
    commits = [bench.written(None, started("p1", ref="r"), receipt=RECEIPT)[0], bench.written(None, started("p1"))[0]]
    before = [(hash(one), repr(one)) for one in commits]
    bench.append(commits[0])
    refused(PilotExists, lambda: bench.append(commits[1]))
    same(before, [(hash(one), repr(one)) for one in commits])
