"""F, continued: lanes of other names, however alike, and of another tenant, are other lanes."""

from collections.abc import Callable, Sequence

from proeftuin.spi import Lag
from proeftuin.spi.checks import MAX_TEXT
from proeftuin.testing.bench import Bench
from proeftuin.testing.case import case
from proeftuin.testing.cases.corpus import LIKE_EACH_OTHER
from proeftuin.testing.commits import advance, begin
from proeftuin.testing.courier import LEASE, Courier
from proeftuin.testing.expect import same
from proeftuin.testing.rules import EXACT, TENANTS

LONG = tuple("\u20ac" * (MAX_TEXT - 1) + last for last in "ab")
Place = tuple[int, str | None]  # how far a lane was delivered, and what its last failure said


@case("F07", TENANTS, needs="Delivers")
def lanes_of_one_name_in_two_tenants(bench: Bench) -> None:
    """What one tenant holds, settles, parks or sends anew changes no lane of the same names in another."""
    other = bench.fresh("tenant")
    ours, theirs = Courier(bench), Courier(bench, tenant=other)
    for courier, tenant in ((ours, bench.tenant), (theirs, other)):
        courier.subscribe()
        advance(bench.store, begin(bench.store, "p1", tenant), 2, tenant)
        courier.fan_out()
    mine, held = ours.claimed("p1"), theirs.claimed("p1")
    before = theirs.all_lanes(), theirs.lag()
    acts: tuple[Callable[[], bool], ...] = (
        lambda: ours.renew(mine, 2 * LEASE),
        lambda: ours.settle(mine, 1, error="no"),
        lambda: ours.settle(ours.claimed("p1"), 2, park=True),
        lambda: ours.resend("p1", 0),
    )
    for number, act in enumerate(acts):
        same(True, act(), f"act {number}")
        same(before, (theirs.all_lanes(), theirs.lag()), f"the lanes of another tenant after act {number}")
    same(True, theirs.settle(held, 1), "settling what was held all the time")
    same(({"p1": [1, 2, 3]}, {"p1": [2, 3]}), (ours.drain(), theirs.drain()))


@case("F07", EXACT, needs="Delivers")
def subscribers_are_compared_exactly(bench: Bench) -> None:
    """Subscribers whose names look alike, or are as long as can be, have lanes of their own."""
    _each_by_itself(bench, (*LIKE_EACH_OTHER, *LONG), ("p1", "p2"))


@case("F07", EXACT, needs="Delivers")
def pilots_of_lanes_are_compared_exactly(bench: Bench) -> None:
    """Pilots whose ids look alike have lanes of their own, which come in order of their characters, page by page."""
    _each_by_itself(bench, ("log", "other"), LIKE_EACH_OTHER)


def _each_by_itself(bench: Bench, subscribers: Sequence[str], pilots: Sequence[str]) -> None:
    """Bring each lane to a place of its own, then send every second one anew, and expect each where it was brought."""
    tenant = bench.fresh("tenant")  # without the others, of which each subscriber would have lanes too
    couriers = [Courier(bench, name, tenant=tenant) for name in subscribers]
    for courier in couriers:
        courier.subscribe()
    for name in pilots:
        advance(bench.store, begin(bench.store, name, tenant), 3, tenant)
    couriers[0].fan_out()
    placed = dict[tuple[str, str], Place]()
    for courier in couriers:
        for name, claim in sorted(courier.claim().items()):
            place = len(placed) % 4, f"{courier.name} {name}"[:MAX_TEXT]
            courier.settle(claim, place[0], error=place[1])
            placed[courier.name, name] = place
    same(len(subscribers) * len(pilots), len(placed), "how many lanes were due")
    _are_placed(bench, tenant, couriers, placed)
    for courier in couriers:
        for name in sorted(pilots)[::2]:
            same(True, courier.resend(name, 1))
            placed[courier.name, name] = 1, None
    _are_placed(bench, tenant, couriers, placed)


def _are_placed(bench: Bench, tenant: str, couriers: Sequence[Courier], placed: dict[tuple[str, str], Place]) -> None:
    for courier in couriers:
        mine = {name: place for (subscriber, name), place in sorted(placed.items()) if subscriber == courier.name}
        found, after = list[tuple[str, Place]](), None
        while page := bench.lanes.lanes(tenant, courier.name, limit=7, after=after):
            found += [(one.pilot_id, (one.delivered, one.error)) for one in page]
            after = page[-1].pilot_id
        same(list(mine.items()), found, f"the lanes of {courier.name!a}")
        behind = sum(delivered < 4 for delivered, _ in mine.values())
        same(Lag(len(mine), behind, 0), courier.lag(), f"how many lanes of {courier.name!a} there are")
