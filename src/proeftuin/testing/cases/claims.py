"""G: a lane is one worker's until an instant, and then another's; who comes too late changes nothing."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from proeftuin.core.structs import replace
from proeftuin.spi import Claim
from proeftuin.testing.bench import Bench
from proeftuin.testing.case import case
from proeftuin.testing.commits import BEGAN, changed
from proeftuin.testing.courier import LEASE, Courier
from proeftuin.testing.expect import holds, same
from proeftuin.testing.rules import CLAIMS
from proeftuin.testing.threads import all_well, together

if TYPE_CHECKING:
    from collections.abc import Callable

A_TICK = timedelta(microseconds=1)
TURNS = 10


def _with_news(bench: Bench, *names: str) -> Courier:
    """Return a courier whose lanes on these pilots are due."""
    courier = Courier(bench)
    courier.subscribe()
    for name in names:
        bench.begin(name)
    courier.fan_out()
    return courier


@case("G01", CLAIMS, needs="Delivers")
def a_claim_is_exclusive(bench: Bench) -> None:
    """Of two workers, and of many, that claim at once no two get the same lane, and together they get all."""
    courier, names = _with_news(bench), [f"p{number:02}" for number in range(40)]
    clients = [Courier(bench, store=client) for client in (bench.store, bench.second())]
    pilots = [bench.begin(name) for name in names]
    for workers in (2, 2, 16, 32):
        courier.fan_out()
        claims = all_well(together([partial(clients[one % 2].claim, 1 + 40 // workers) for one in range(workers)]))
        got = sorted(name for found in claims for name in found)
        got += sorted(courier.claim())
        same(names, sorted(got), f"what {workers} workers got, and then the last one")
        courier.later(minutes=5)
        for name, one in courier.claim().items():
            same(True, courier.settle(one), f"settling {name}")
        pilots = [bench.advance(one) for one in pilots]


@case("G02", CLAIMS, needs="Delivers")
def a_second_worker_gets_nothing(bench: Bench) -> None:
    """Where nothing is due, as all is claimed, delivered or unknown, a worker gets nothing, and no error."""
    courier = Courier(bench)
    same({}, courier.claim(), "claims of a subscriber that there is not")
    courier = _with_news(bench, "p1")
    claim = courier.claimed("p1")
    same({}, Courier(bench, store=bench.second()).claim(), "claims while all is claimed")
    courier.settle(claim)
    same({}, courier.claim(), "claims when all is delivered")
    same(0, courier.lanes.fan_out(bench.fresh("tenant"), now=courier.now), "news of a tenant that there is not")


@case("G03", CLAIMS, needs="Delivers")
def a_claim_lapses_at_its_instant(bench: Bench) -> None:
    """A lane may be claimed anew from the instant that its claim names, and not one microsecond before."""
    courier = _with_news(bench, "p1")
    first = courier.claimed("p1")
    same((first.until, True), (courier.lane("p1").due, courier.lane("p1").claimed), "a lane that is claimed")
    courier.now = first.until - A_TICK
    same({}, courier.claim(), "claims just before a claim lapses")
    courier.now = first.until
    second = courier.claimed("p1")
    holds(first.token != second.token, "each claim has a token of its own")
    same((first.delivered, first.target, first.attempts), (second.delivered, second.target, second.attempts))
    same({}, courier.claim(), "claims while the second one is out")


@case("G04", CLAIMS, needs="Delivers")
def a_claim_can_be_renewed(bench: Bench) -> None:
    """A claim that is renewed in time holds until the later instant; at its instant, or settled, it is gone."""
    courier = _with_news(bench, "p1")
    claim = courier.claimed("p1")
    courier.now = claim.until - A_TICK
    same(True, courier.renew(claim), "renewing just in time")
    courier.now = claim.until + LEASE - 2 * A_TICK
    same({}, courier.claim(), "claims while a renewed claim holds")
    same(True, courier.renew(claim), "renewing it again")
    courier.now += LEASE
    same(False, courier.renew(claim), "renewing at the instant at which it lapsed")
    second = courier.claimed("p1")
    same((False, True), (courier.renew(claim), courier.renew(second)), "renewing the stale claim, and the new one")
    same(True, courier.settle(second))
    same(False, courier.renew(second), "renewing what was settled")


@case("G05", CLAIMS, needs="Delivers")
def a_stale_token_changes_nothing(bench: Bench) -> None:
    """Whoever lost a claim, as it lapsed or the lane was sent anew, can settle and renew nothing of it."""
    courier = _with_news(bench, "p1")
    stale = [courier.claimed("p1")]
    courier.later(minutes=5)
    stale.append(courier.claimed("p1"))
    courier.resend("p1")
    for one in stale:
        _changes_nothing(courier, one)
    last = courier.claimed("p1")
    before = courier.lane("p1")
    for one in stale:
        _changes_nothing(courier, one)
        same(before, courier.lane("p1"))
    same(3, len({one.token for one in (*stale, last)}))
    same(True, courier.settle(last))
    before = courier.lane("p1")
    for one in (*stale, last):
        _changes_nothing(courier, one)
    same(before, courier.lane("p1"))


def _changes_nothing(courier: Courier, claim: Claim) -> None:
    same(False, courier.settle(claim), "settling by a stale token")
    same(False, courier.settle(claim, 0, error="late", park=True), "failing by a stale token")
    same(False, courier.renew(claim), "renewing by a stale token")


@case("G05", CLAIMS, needs="Delivers")
def a_token_outlives_its_lane(bench: Bench) -> None:
    """A claim from before its subscriber left settles and renews nothing when one of that name has come back."""
    courier = _with_news(bench, "p1")
    stale = [courier.claimed("p1")]
    for _ in range(3):  # so that one who counts has come further than the new lane will
        courier.later(minutes=5)
        stale.append(courier.claimed("p1"))
    same(True, courier.lanes.unsubscribe(bench.tenant, courier.name))
    for one in stale:
        _changes_nothing(courier, one)
    courier.subscribe(beginning=True)
    fresh = list[Claim]()
    for _ in stale:
        courier.later(minutes=5)
        fresh.append(courier.claimed("p1"))
        before = courier.lane("p1")
        for one in stale:
            _changes_nothing(courier, one)
        same(before, courier.lane("p1"))
    same(True, courier.settle(fresh[-1]))
    same({}, courier.claim())


@case("G05", CLAIMS, needs="Delivers")
def a_late_settling_counts_while_nobody_came(bench: Bench) -> None:
    """Who settles after the instant, while nobody claimed the lane anew, settles: its token is not stale."""
    courier = _with_news(bench, "p1")
    claim = courier.claimed("p1")
    courier.later(hours=1)
    same(True, courier.settle(claim))
    same({}, courier.claim())


@case("G05", CLAIMS, needs="Delivers")
def who_settles_late_or_claims_anew(bench: Bench) -> None:
    """Of two late settlings and a new claim that come at once exactly one has the lane; the others change nothing."""
    courier, pilot = Courier(bench), bench.begin()
    courier.subscribe()
    other, claims = Courier(bench, store=bench.second()), dict[str, Claim]()

    def claim_anew() -> bool:
        claims.update(other.claim())
        return bool(claims)

    for turn in range(TURNS):
        pilot = bench.advance(pilot)
        courier.fan_out()
        late = courier.claimed("p1")
        courier.later(minutes=5)
        other.now = courier.now
        claims.clear()
        acts: list[Callable[[], bool]] = [partial(courier.settle, late), partial(other.settle, late), claim_anew]
        first = turn % len(acts)  # whoever begins last mostly comes first, so each of them is that in its turn
        came = all_well(together([*acts[first:], *acts[:first]]))
        same(1, came.count(True), "how many of them have the lane")
        lane = courier.lane("p1")
        same((late.delivered if claims else late.target, bool(claims)), (lane.delivered, lane.claimed), "its lane")
        same([True] * len(claims), [other.settle(one) for one in claims.values()], "settling what was claimed anew")
        same({}, courier.claim(), "claims when all is delivered")


@case("G06", CLAIMS, needs="Delivers")
def a_claim_outlives_its_client(bench: Bench) -> None:
    """A claim is neither lost nor let go of when its client closes: until its instant it holds, by its token."""
    courier, other = _with_news(bench, "p1", "p2"), bench.second()
    claims = Courier(bench, store=other).claim()
    bench.leave(other)
    same({}, courier.claim(), "claims while those of a closed client hold")
    same(True, courier.settle(claims["p1"]), "settling by a token from a closed client")
    courier.now = claims["p2"].until
    same(["p2"], list(courier.claim()))


@case("G07", CLAIMS, needs="Delivers")
def a_dead_worker_is_replaced(bench: Bench) -> None:
    """What a worker claimed that never came back is claimed by another from the instant on, and delivered whole."""
    courier, dead = _with_news(bench, "p1", "p2"), bench.second()
    for _ in range(3):
        same(
            {"p1", "p2"}, set(Courier(bench, store=dead, now=courier.now).claim()), "what is claimed, and never settled"
        )
        courier.later(minutes=5)
    bench.leave(dead)
    same({"p1": [1], "p2": [1]}, courier.drain())


@case("G08", CLAIMS, needs="Delivers")
def no_clock_is_read(bench: Bench) -> None:
    """All that counts is the instants that are given: lanes, claims and leases are the same in 1990 and in 2190."""
    for year in (1990, 2190):
        then = datetime(year, 2, 28, 23, 59, 59, 999_999, tzinfo=UTC)
        courier = Courier(bench, f"log-{year}", now=then)
        courier.subscribe()
        bench.begin(f"p{year}")
        courier.fan_out()
        name = f"p{year}"
        same(then, courier.lane(name).due)
        for skewed in (then - timedelta(hours=1), then - A_TICK):
            same({}, Courier(bench, courier.name, now=skewed).claim(), "claims by a clock that is behind")
        claim = courier.claimed(name)
        same({}, Courier(bench, courier.name, now=claim.until - A_TICK).claim(), "claims before it lapses")
        courier.settle(claim, 0, error="no", again=then + timedelta(days=1))
        same(then + timedelta(days=1), courier.lane(name).due)
        courier.later(hours=23)
        same({}, courier.claim(), "claims an hour early")
        courier.later(hours=1)
        same([name], list(courier.claim()))


@case("G09", CLAIMS, needs="Delivers")
def a_busy_pilot_starves_nobody(bench: Bench) -> None:
    """Who waits longest comes first: a pilot that always has news is not served twice before the others once."""
    courier = Courier(bench)
    courier.subscribe()
    busy, quiet = bench.begin("a-busy"), [f"p{number:02}" for number in range(20)]
    courier.fan_out()
    for name in quiet:
        courier.later(seconds=1)
        bench.begin(name)
        courier.fan_out()
    served = list[str]()
    for _ in range(2 * len(quiet) + 2):
        courier.later(seconds=1)
        for name, one in courier.claim(limit=1).items():
            served.append(name)
            courier.settle(one)
        busy = bench.advance(busy)
        courier.fan_out()
    same(["a-busy", *quiet, "a-busy"], served[: len(quiet) + 2])


@case("G09", CLAIMS, needs="Delivers")
def lanes_that_wait_longest_come_first(bench: Bench) -> None:
    """However many lanes are claimed at once, they are those that have been due longest."""
    courier, names = Courier(bench), ("p3", "p1", "p4", "p0", "p2")
    courier.subscribe()
    for name in names:
        courier.later(seconds=1)
        bench.begin(name)
        courier.fan_out()
    for few in ({"p3", "p1"}, {"p4", "p0"}, {"p2"}, set[str]()):
        same(few, set(courier.claim(limit=2)))


@case("G09", CLAIMS, needs="Delivers")
def news_that_waits_longest_comes_first(bench: Bench) -> None:
    """A fan-out looks first at the pilots whose news is oldest, so none waits for ever while others fire."""
    courier = Courier(bench)
    courier.subscribe()
    courier.fan_out()
    pilots = {f"p{number}": bench.begin(f"p{number}") for number in range(4)}
    courier.fan_out()
    for hours, name in enumerate(("p2", "p0", "p3", "p1")):
        at = BEGAN + timedelta(days=1, hours=hours)
        pilots[name] = bench.write(pilots[name], replace(changed(pilots[name]), at=at))
    for day, name in enumerate(("p2", "p0"), start=2):  # news of theirs has waited no less long for that
        bench.write(pilots[name], replace(changed(pilots[name]), at=BEGAN + timedelta(days=day)))
    seen = list[str]()
    for _ in range(4):
        before = {name: lane.target for name, lane in courier.all_lanes().items()}
        courier.lanes.fan_out(bench.tenant, now=courier.now, limit=1)
        seen += [name for name, lane in courier.all_lanes().items() if lane.target > before.get(name, 0)]
    same(["p2", "p0", "p3", "p1"], seen)
