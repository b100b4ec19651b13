"""E: no event is passed over, in whatever order commits, fan-outs, subscriptions and restarts come."""

from functools import partial
from random import Random
from typing import TYPE_CHECKING

from proeftuin.core.pilot import Pilot
from proeftuin.testing.bench import Bench
from proeftuin.testing.case import case
from proeftuin.testing.commits import advance, begin, grown, started
from proeftuin.testing.courier import LEASE, Courier
from proeftuin.testing.expect import holds, refused, same
from proeftuin.testing.rules import DELIVERY, OPENING
from proeftuin.testing.threads import Aside, all_well, together

if TYPE_CHECKING:
    from collections.abc import Callable

LEAST_FANS, MOST_TURNS = 8, 60  # how often is fanned out while others write, and how long they wait for that


def _up_to(version: int, after: int = 0) -> list[int]:
    return list(range(after + 1, version + 1))


@case("E01", DELIVERY, needs="Delivers")
def a_lane_passes_no_undelivered_version(bench: Bench) -> None:
    """However a lane comes on, in parts, with failures and fresh commits between, each claim begins where it stands."""
    courier, chance = Courier(bench), Random(1)
    courier.subscribe()
    pilots = {name: bench.begin(name) for name in ("p1", "p2", "p3")}
    arrived = dict.fromkeys(pilots, 0)
    for _ in range(30):
        name = chance.choice(list(pilots))
        pilots[name] = bench.write(pilots[name], *grown(pilots[name], chance.randint(1, 3)))
        if chance.random() < 2 / 3:
            courier.fan_out()
        for one in courier.claim(chance.randint(1, 3)).values():
            same(arrived[one.pilot_id], one.delivered, "where a claim begins")
            same(_up_to(one.target, one.delivered), [entry.version for entry in courier.read(one)])
            arrived[one.pilot_id] = chance.randint(one.delivered, one.target)
            courier.settle(one, arrived[one.pilot_id], error=None if arrived[one.pilot_id] == one.target else "no")
    rest = courier.drain()
    for name, pilot in pilots.items():
        same(_up_to(pilot.version, arrived[name]), rest.get(name, []), f"the rest of {name}")


@case("E02", DELIVERY, needs="Delivers")
def commits_that_overtake_each_other(bench: Bench) -> None:
    """An event whose commit was overtaken by a later one, and by a delivery of that, is delivered too."""
    writer, reader = bench.second(), Courier(bench, store=bench.second())
    reader.subscribe()
    overtaking = list[Aside[dict[str, list[int]]]]()

    def overtake() -> dict[str, list[int]]:
        begin(writer, "p2", bench.tenant)
        return reader.drain()

    def recorded(_: object) -> None:
        overtaking.append(Aside(overtake))
        overtaking[0].gets_through()  # where a store has one writer, it waits

    bench.append(bench.written(None, started("p1"))[0], recorded=recorded)
    first = overtaking[0].result()
    same({"p1": [1], "p2": [1]}, first | reader.drain(), "what was delivered in the end")


@case("E03", DELIVERY, needs="Delivers")
def what_was_rolled_back_leaves_no_gap(bench: Bench) -> None:
    """A commit that was undone is never delivered, and what comes after it, on that pilot or another, is."""
    courier, pilot = Courier(bench), bench.begin()
    courier.subscribe()

    def recorded(_: object) -> None:
        raise ValueError("no")

    refused(ValueError, lambda: bench.append(bench.change(pilot), recorded=recorded))
    refused(ValueError, lambda: bench.append(bench.written(None, started("never"))[0], recorded=recorded))
    same({}, courier.drain(), "what was delivered of commits that were undone")
    bench.advance(pilot, 2)
    bench.begin("p2")
    same({"p1": [2, 3], "p2": [1]}, courier.drain())
    holds("never" not in courier.all_lanes(), "a pilot that never was has no lane")


@case("E04", DELIVERY, needs="Delivers")
def a_fan_out_between_two_commits(bench: Bench) -> None:
    """A fan-out between two commits on a pilot loses neither, also where the lane is claimed just then."""
    courier = Courier(bench)
    courier.subscribe()
    pilot = bench.begin()
    courier.fan_out()
    pilot = bench.advance(pilot)
    claim = courier.claimed("p1")
    same((0, 1), (claim.delivered, claim.target))
    courier.fan_out()
    bench.advance(pilot)
    same(True, courier.settle(claim))
    same({"p1": [2, 3]}, courier.drain())


@case("E04", DELIVERY, needs="Delivers")
def a_fan_out_in_small_steps(bench: Bench) -> None:
    """However few pilots each fan-out looks at, in the end all with news have their lanes, and no others."""
    courier = Courier(bench)
    courier.subscribe()
    courier.fan_out()
    names = {f"p{number}" for number in range(7)}
    for name in sorted(names):
        bench.advance(bench.begin(name))
    for turn in range(8):
        looked = courier.lanes.fan_out(bench.tenant, now=courier.now, limit=2)
        same(2 if turn < 3 else 1 if turn == 3 else 0, looked, f"how many were looked at in turn {turn}")
    claims = courier.claim()
    same(dict.fromkeys(names, (0, 2)), {name: (one.delivered, one.target) for name, one in claims.items()})


@case("E04", DELIVERY, needs="Delivers")
def fan_outs_while_others_fire(bench: Bench) -> None:
    """While several writers go on, fan-outs and deliveries beside them lose no event and repeat none."""
    couriers = [Courier(bench, store=client) for client in (bench.store, bench.second())]
    couriers[0].subscribe()
    writers, pilots, fans, done = 3, 8, list[int](), list[bool]()
    arrived: dict[str, list[int]] = {}

    def write(writer: int) -> None:
        client = bench.second()
        try:
            mine = [begin(client, f"p{writer}-{number}", bench.tenant) for number in range(pilots)]
            for turn in range(MOST_TURNS):  # several pilots, as what is lost of one is found again when it goes on
                mine = [advance(client, one, 1, bench.tenant) for one in mine]
                if turn > 1 and len(fans) > LEAST_FANS:
                    break
        finally:
            done.append(True)

    def deliver(courier: Courier) -> None:
        while len(done) < writers:
            fans.append(courier.lanes.fan_out(bench.tenant, now=courier.now))
            for name, one in courier.claim(limit=2).items():
                arrived.setdefault(name, []).extend(entry.version for entry in courier.read(one))
                same(True, courier.settle(one), "settling a claim that is held")

    acts: list[Callable[[], None]] = [partial(write, number) for number in range(writers)]
    acts += [partial(deliver, one) for one in couriers]
    all_well(together(acts))
    rest = couriers[0].drain()
    for name in (f"p{writer}-{number}" for writer in range(writers) for number in range(pilots)):
        same(bench.versions(name), [*arrived.get(name, []), *rest.get(name, [])], f"what was delivered of {name}")


@case("E05", DELIVERY, needs="Delivers")
def delivery_from_any_version(bench: Bench) -> None:
    """A lane, also one that waits, that is sent anew from behind any version gives the rest, and stands at its end."""
    courier = Courier(bench)
    courier.subscribe()
    pilot = bench.advance(bench.begin(), 4)
    same({"p1": _up_to(5)}, courier.drain())
    for after in (*range(6), -1, -(10**40), 6, 10**40):
        same(True, courier.resend("p1", after))
        place = min(max(after, 0), 5)
        same(place, courier.lane("p1").delivered, f"where a lane stands that is sent anew from behind {after}")
        same({"p1": _up_to(5, place)} if place < 5 else {}, courier.drain(), f"after version {after}")
        same((5, 5, None), (courier.lane("p1").delivered, courier.lane("p1").target, courier.lane("p1").due))
    same(True, courier.resend("p1"))
    same({}, courier.drain(), "what is left where nothing was behind")
    same(False, courier.resend("nobody", 0))
    bench.advance(pilot)
    courier.fan_out()
    courier.settle(courier.claimed("p1"), error="no", delivered=5, again=courier.now + LEASE)
    same(({}, True), (courier.claim(), courier.resend("p1")))
    same({"p1": [6]}, courier.drain(), "what waited after a failure, and was sent anew")


@case("E05", DELIVERY, needs="Delivers")
def the_whole_history_or_only_what_is_new(bench: Bench) -> None:
    """A subscription from the beginning gets the whole history of every pilot, any other only what comes after it."""
    pilot = bench.advance(bench.begin())
    whole, new = Courier(bench, "whole"), Courier(bench, "new")
    whole.subscribe(beginning=True)
    new.subscribe()
    bench.advance(pilot)
    bench.begin("p2")
    new.fan_out()
    claims = {name: (one.delivered, one.target) for name, one in whole.claim().items()}
    same({**dict.fromkeys(bench.others, (0, 1)), "p1": (0, 3), "p2": (0, 1)}, claims, "from the beginning")
    same({"p1": [3], "p2": [1]}, new.drain(), "from then on")


@case("E06", OPENING, needs="Delivers")
def a_place_is_kept(bench: Bench) -> None:
    """Where a lane stands, what is claimed of it and what it failed on stay, also over a restart."""
    courier = Courier(bench)
    courier.subscribe()
    pilots = {name: bench.advance(bench.begin(name), 2) for name in ("delivered", "failed", "held", "parked", "marked")}
    courier.fan_out()
    claims = courier.claim()
    courier.settle(claims["delivered"])
    courier.settle(claims["marked"])
    courier.settle(claims["failed"], 1, error="no", again=courier.now + 2 * LEASE)
    courier.settle(claims["parked"], 2, error="never", park=True)
    bench.advance(pilots["marked"])
    before = courier.all_lanes(), courier.lag(), courier.lanes.subscriptions(bench.tenant)
    if bench.store.durable:
        bench.reopen()
    courier = Courier(bench)
    same(before, (courier.all_lanes(), courier.lag(), courier.lanes.subscriptions(bench.tenant)))
    same({"marked": [4]}, courier.drain())
    same(True, courier.settle(claims["held"], 3), "settling a claim from before the restart")
    courier.later(hours=1)
    same({"failed": [2, 3]}, courier.drain())
    same(True, courier.resend("parked"))
    same({"parked": [3]}, courier.drain())


@case("E07", DELIVERY, needs="Delivers")
def a_subscription_misses_nothing_behind_it(bench: Bench) -> None:
    """Whatever is committed after a subscription is delivered to it, by the first fan-out, or by subscribing again."""
    other, courier = Courier(bench, "other"), Courier(bench)
    other.subscribe()
    pilots = {name: bench.begin(name) for name in ("fanned", "marked")}
    other.fan_out()
    pilots["marked"] = bench.advance(pilots["marked"])
    courier.subscribe()
    pilots = {name: bench.advance(pilot) for name, pilot in pilots.items()}
    bench.begin("new")
    same({"fanned": [2], "marked": [3], "new": [1]}, courier.drain())
    same({"fanned": [1, 2], "marked": [1, 2, 3], "new": [1]}, other.drain())
    bench.advance(pilots["fanned"])
    bench.begin("newer")
    courier.subscribe()
    same({"fanned", "newer"}, set(courier.claim()), "what is due when it subscribed again, and nobody fanned out")


@case("E07", DELIVERY, needs="Delivers")
def a_subscription_while_others_fire(bench: Bench) -> None:
    """A subscription that is made while others fire and fan out begins within what was there, and misses nothing."""
    pilots = [bench.begin(f"p{number}") for number in range(3)]
    Courier(bench, "before").subscribe()
    for turn in range(4):
        courier = Courier(bench, f"late-{turn}", store=bench.second())
        ends = _subscribing(bench, courier, pilots)
        arrived = courier.drain()
        for name, (acked, final) in ends.items():
            got = arrived.get(name, [])
            same(_up_to(final)[len(_up_to(final)) - len(got) :], got, f"{name} in turn {turn}")
            same(True, acked < final, "that it went on meanwhile")
            holds(len(got) <= final - acked, f"nothing of {name} from before the subscription is delivered")
        pilots = [bench.stored(one.id) for one in pilots]
        bench.advance(pilots[0])
        same({"p0": [pilots[0].version + 1]}, courier.drain(), "what came after the subscription")
        pilots = [bench.stored(one.id) for one in pilots]


@case("E07", DELIVERY, needs="Delivers")
def many_subscribe_under_one_name(bench: Bench) -> None:
    """Several that subscribe under one name at once all succeed, and are one subscription, which misses nothing."""
    pilots = [bench.begin(name) for name in ("p1", "p2", "p3")]
    for turn in range(6):
        couriers = [Courier(bench, f"turn-{turn}", store=bench.second()) for _ in range(4)]
        all_well(together([one.subscribe for one in couriers]))
        same(turn + 1, len(bench.lanes.subscriptions(bench.tenant)), "subscriptions")
        pilots = [bench.advance(one) for one in pilots]
        same({one.id: [one.version] for one in pilots}, couriers[0].drain(), "what all of them together get")


def _subscribing(bench: Bench, courier: Courier, pilots: list[Pilot]) -> dict[str, tuple[int, int]]:
    """Subscribe while others fire and fan out; return per pilot the version from before, and the last."""

    def fire(pilot: Pilot) -> Pilot:
        client = bench.second()
        return advance(client, pilot, 6, bench.tenant)

    def fan_out() -> None:
        client = Courier(bench, "before", store=bench.second())
        for _ in range(6):
            client.lanes.fan_out(bench.tenant, now=client.now)

    acts: list[Callable[[], object]] = [partial(fire, one) for one in pilots]
    all_well(together([*acts, fan_out, courier.subscribe]))
    return {one.id: (one.version, bench.load(one.id).version) for one in pilots}
