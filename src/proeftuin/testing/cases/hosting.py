"""B, continued: in the host's transaction our rows share its fate, savepoints included."""

from proeftuin.errors import Conflict, PilotExists
from proeftuin.spi import HostedStore, Personal, Query
from proeftuin.testing.bench import Bench
from proeftuin.testing.case import case
from proeftuin.testing.cases.parts import KEY, RECEIPT
from proeftuin.testing.commits import advance, begin, changed, started
from proeftuin.testing.courier import Courier
from proeftuin.testing.expect import holds, refused, same
from proeftuin.testing.rules import DELIVERY, HOSTED
from proeftuin.testing.threads import Aside

SUBJECT = (Personal("s1", "somebody", b"salt"),)


def _delivered(bench: Bench) -> object:
    """Return what a subscriber would be given now, where there are lanes."""
    return Courier(bench).drain() if bench.offers("Delivers") else None


def _subscribed(bench: Bench) -> None:
    if bench.offers("Delivers"):
        Courier(bench).subscribe()
        Courier(bench).fan_out()


def _registered(hosted: HostedStore, told: list[str]) -> bool:
    """Register what is to be called after the commit; return whether the store can tell when that is."""
    if hosted.after_commit is None:
        return False
    hosted.after_commit(lambda: told.append("committed"))
    return True


@case("B05", HOSTED, needs="Hosted")
def the_host_rolls_back(bench: Bench) -> None:
    """When the host rolls back nothing of ours is there, nothing is delivered, and the versions are free again."""
    pilot, told = bench.begin(), list[str]()
    _subscribed(bench)
    before = bench.everything("p1", "p2")
    host = bench.host()
    hosted = bench.using(host)
    commit, after = bench.written(pilot, changed(pilot), receipt=RECEIPT, personal=SUBJECT)
    hosted.append(commit)
    begin(hosted, "p2", bench.tenant, ref="r")
    _registered(hosted, told)
    host.rollback()
    same((before, []), (bench.everything("p1", "p2"), told))
    holds(_delivered(bench) in (None, {}), "nothing is delivered of what was rolled back")
    bench.append(commit)
    bench.begin("p3", ref="r")
    same((after, [1, 2]), (bench.stored(), bench.versions()))
    bench.whole("p1", "p3")


@case("B05", DELIVERY, needs="Hosted")
def news_shares_the_fate_of_the_host(bench: Bench) -> None:
    """What the host committed is delivered once and whole, and what it rolled back before and after it never."""
    pilot = bench.begin()
    _subscribed(bench)
    for keep in (False, True, False):
        host = bench.host()
        after = advance(bench.using(host), pilot, 2, bench.tenant)
        (host.commit if keep else host.rollback)()
        host.close()
        pilot = after if keep else pilot
        holds(
            _delivered(bench) in (None, {"p1": [2, 3]} if keep else {}), f"what is delivered where it is kept: {keep}"
        )
    same([1, 2, 3], bench.versions())


@case("B06", HOSTED, needs="Hosted")
def the_host_commits(bench: Bench) -> None:
    """Before the host commits only its own transaction sees what was written; afterwards everybody sees all of it."""
    pilot, told, other = bench.begin(), list[str](), bench.second()
    _subscribed(bench)
    before = bench.everything("p1", "p2")
    host = bench.host()
    hosted = bench.using(host)
    commit, after = bench.written(pilot, changed(pilot), receipt=RECEIPT, personal=SUBJECT)
    hosted.append(commit)
    begin(hosted, "p2", bench.tenant)
    can_tell = _registered(hosted, told)
    inside = bench.everything("p1", "p2", store=hosted)
    same(([1, 2], [1], RECEIPT), (*(bench.versions(name, store=hosted) for name in ("p1", "p2")), inside[0][2][0]))
    same({"p1", "p2"}, {one.id for one in hosted.find(Query(bench.tenant, workflow="plain")).items})
    outside = Aside(lambda: bench.everything("p1", "p2", store=other))
    if outside.gets_through():  # or it waits for the end of the transaction
        same(before, outside.result(), "what others see before the host commits")
    same([], told, "what was called before the host commits")
    host.commit()
    outside.outcome()
    same(["committed"] if can_tell else [], told, "what was called after the host committed")
    same([inside] * 2, [bench.everything("p1", "p2", store=client) for client in (bench.store, other)])
    same(after, bench.stored())
    holds(_delivered(bench) in (None, {"p1": [2], "p2": [1]}), "what was committed is delivered")


@case("B07", HOSTED, needs="Hosted")
def a_savepoint_of_the_host(bench: Bench) -> None:
    """What was written behind a savepoint to which the host rolls back is gone, and what stands around it is kept."""
    pilot = bench.begin()
    _subscribed(bench)
    host = bench.host()
    hosted = bench.using(host)
    pilot = advance(hosted, pilot, 1, bench.tenant)
    back = host.savepoint()
    advance(hosted, pilot, 2, bench.tenant)
    begin(hosted, "p2", bench.tenant, ref="r")
    back()
    same(([1, 2], []), (bench.versions(store=hosted), bench.versions("p2", store=hosted)))
    advance(hosted, pilot, 1, bench.tenant)
    begin(hosted, "p3", bench.tenant, ref="r")
    host.commit()
    same(([1, 2, 3], [1]), (bench.versions(), bench.versions("p3")))
    bench.absent("p2")
    holds(_delivered(bench) in (None, {"p1": [2, 3], "p3": [1]}), "what was kept is delivered, and nothing else")
    bench.whole("p1", "p3")


@case("B07", HOSTED, needs="Hosted")
def a_refusal_spares_the_host(bench: Bench) -> None:
    """A conflict, a taken id and a callback that raises leave nothing of their append, and the transaction usable."""
    pilot = bench.begin()

    def recorded(_: object) -> None:
        raise ValueError("no")

    host = bench.host()
    hosted = bench.using(host)
    after = advance(hosted, pilot, 1, bench.tenant)
    new = bench.written(None, started("p2"), receipt=RECEIPT)[0]
    few = [new, bench.change(pilot)] if hosted.multi_pilot else [bench.change(pilot)]
    refused(Conflict, lambda: hosted.append(*few))
    refused(PilotExists, lambda: hosted.append(bench.written(None, started("p1"), receipt=RECEIPT)[0]))
    refused(ValueError, lambda: hosted.append(new, recorded=recorded))
    same(([1, 2], []), (bench.versions(store=hosted), bench.versions("p2", store=hosted)))
    advance(hosted, after, 1, bench.tenant)
    host.commit()
    same(([1, 2, 3], None), (bench.versions(), bench.store.receipt(bench.tenant, "p1", KEY)))
    bench.absent("p2")
