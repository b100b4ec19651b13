"""F: the log is the outbox. An event is delivered if, and only if, it was committed; a lane remembers how that goes."""

from datetime import timedelta, timezone
from functools import partial

from proeftuin.errors import BadArgument, Conflict
from proeftuin.spi import Entry, Lag, Outcome, Subscription
from proeftuin.spi.checks import MAX_BODY, MAX_ERROR, MAX_TEXT
from proeftuin.testing.bench import Bench
from proeftuin.testing.case import case
from proeftuin.testing.cases.corpus import IMPOSSIBLE, LIKE_EACH_OTHER, TEXTS
from proeftuin.testing.cases.parts import RECEIPT
from proeftuin.testing.commits import advance, begin, changed, started
from proeftuin.testing.courier import LEASE, Courier
from proeftuin.testing.expect import holds, refused, same
from proeftuin.testing.rules import DELIVERY, EXACT, TENANTS
from proeftuin.testing.threads import all_well, together

ELSEWHERE = timezone(timedelta(hours=5, minutes=45))


@case("F01", DELIVERY, needs="Delivers")
def news_if_and_only_if_committed(bench: Bench) -> None:
    """A commit leaves news of its pilot, and one that was refused, lost or undone leaves none."""
    courier = Courier(bench)
    courier.subscribe()
    courier.fan_out()
    pilot = bench.begin()
    same(1, courier.fan_out(), "pilots with news after a commit")
    pilot = bench.write(pilot, changed(pilot), receipt=RECEIPT)
    same((1, 0), (courier.fan_out(), courier.fan_out()), "pilots with news after another, and then")

    def recorded(_: object) -> None:
        raise ValueError("no")

    new, _ = bench.written(None, started("new"))
    refused(ValueError, lambda: bench.append(bench.change(pilot), recorded=recorded))
    refused(ValueError, lambda: bench.append(new, recorded=recorded))
    refused(Conflict, lambda: bench.write(pilot, changed(pilot), receipt=RECEIPT))
    bench.append()
    same(0, courier.fan_out(), "pilots with news after appends of which nothing was written")
    same({"p1": [1, 2]}, courier.drain())


@case("F01", DELIVERY, needs="Delivers")
def news_as_soon_as_it_can_be_seen(bench: Bench) -> None:
    """Whoever sees a new version finds the news of it too: there is no moment at which a crash would lose it."""
    courier, writer, done = Courier(bench, store=bench.second()), bench.second(), list[bool]()
    courier.subscribe()

    def write() -> None:
        try:
            for number in range(60):
                begin(writer, f"p{number:02}", bench.tenant)
        finally:
            done.append(True)

    def watch() -> None:
        seen = set[str]()
        while not done:
            new = set(bench.ids(workflow="plain")) - seen
            courier.fan_out()
            same(set(), new - set(courier.all_lanes()), "pilots that could be seen, and had no lane after a fan-out")
            seen |= new

    all_well(together([write, watch]))


@case("F02", DELIVERY, needs="Delivers")
def news_waits_for_whoever_comes(bench: Bench) -> None:
    """News of what was committed stays until somebody fans out, also where the writer is gone, or died on the spot."""
    courier = Courier(bench)
    courier.subscribe()
    bench.begin("p0")
    if bench.store.durable:
        bench.crash("die_after", pilot_id="p1")
        bench.crash("die_inside", pilot_id="p2")
        bench.reopen()
    else:
        bench.begin("p1")
    courier = Courier(bench)
    same({"p0": [1], "p1": [1]}, courier.drain())


@case("F03", DELIVERY, needs="Delivers")
def order_within_a_pilot(bench: Bench) -> None:
    """While a version is not delivered nobody is given a later one, be it claimed, failed, waiting or parked."""
    courier = Courier(bench)
    courier.subscribe()
    pilot = bench.advance(bench.begin(), 2)
    courier.fan_out()
    claim = courier.claimed("p1")
    pilot = bench.advance(pilot)
    courier.fan_out()
    same({}, courier.claim(), "claims while another one is out")
    courier.settle(claim, 1, error="no", again=courier.now + LEASE)
    pilot = bench.advance(pilot)
    courier.fan_out()
    same({}, courier.claim(), "claims before a failure may be tried again")
    courier.later(minutes=5)
    claim = courier.claimed("p1")
    same((1, 5), (claim.delivered, claim.target), "what is claimed after a failure")
    courier.settle(claim, 1, error="never", park=True)
    bench.advance(pilot)
    courier.fan_out()
    same({}, courier.claim(), "claims on a lane that is parked")
    courier.resend("p1")
    same({"p1": [2, 3, 4, 5, 6]}, courier.drain())


@case("F04", DELIVERY, needs="Delivers")
def settling_twice_is_settling_once(bench: Bench) -> None:
    """A second settling of the same claim is refused, whatever it says, and changes nothing."""
    courier = Courier(bench)
    courier.subscribe()
    bench.advance(bench.begin(), 2)
    courier.fan_out()
    claim = courier.claimed("p1")
    same(True, courier.settle(claim, 2, error="no"))
    before = courier.lane("p1")
    for delivered, error, park in ((3, None, False), (0, "again", True), (2, "no", False)):
        same(False, courier.settle(claim, delivered, error=error, park=park))
        same(before, courier.lane("p1"))
    same((2, 3, 1, "no"), (before.delivered, before.target, before.attempts, before.error))


@case("F05", DELIVERY, needs="Delivers")
def failures_are_counted(bench: Bench) -> None:
    """A failure adds one to the attempts, waits as told, and says why; only what arrives sets the count to zero."""
    courier = Courier(bench)
    courier.subscribe()
    bench.advance(bench.begin(), 4)
    courier.fan_out()
    steps = ((0, "one", 1), (0, "two", 2), (1, "three", 1), (1, "four", 2), (3, None, 0), (3, None, 0), (3, "five", 1))
    for delivered, error, attempts in steps:
        again = courier.now + LEASE
        claim = courier.claimed("p1")
        same(True, courier.settle(claim, delivered, error=error, again=again))
        lane = courier.lane("p1")
        found = (lane.delivered, lane.attempts, lane.error, lane.due, lane.claimed, lane.parked)
        same((delivered, attempts, error, again, False, False), found, f"after {error}")
        same({}, courier.claim(), "claims before it may be tried again")
        courier.now = again
    claim = courier.claimed("p1")
    same(1, claim.attempts, "what a claim says of the attempts before it")
    same(True, courier.settle(claim, 3))
    same(1, courier.lane("p1").attempts, "the attempts after neither a failure nor a delivery")


@case("F05", EXACT, needs="Delivers")
def what_a_failure_said_is_kept(bench: Bench) -> None:
    """The text of a failure comes back as it was, cut to 1,000 characters, with what no database keeps replaced."""
    courier = Courier(bench)
    courier.subscribe()
    bench.begin()
    courier.fan_out()
    texts = {text: text for text in TEXTS} | {"x" * 5000: "x" * MAX_ERROR, "\u20ac" * 1001: "\u20ac" * MAX_ERROR}
    texts |= {"nul\0inside": "nul inside", "half \ud800": "half ?", "": ""}
    for text, expected in texts.items():
        courier.settle(courier.claimed("p1"), 0, error=text)
        same(expected, courier.lane("p1").error)
    courier.settle(courier.claimed("p1"))
    same((None, 0), (courier.lane("p1").error, courier.lane("p1").attempts), "after a success")


@case("F06", DELIVERY, needs="Delivers")
def a_parked_lane_is_set_aside(bench: Bench) -> None:
    """A parked lane is shown, woken by nothing, in the way of nobody, and goes on in order when it is sent anew."""
    courier = Courier(bench)
    courier.subscribe()
    pilots = [bench.advance(bench.begin(name)) for name in ("p1", "p2")]
    courier.fan_out()
    claims = courier.claim()
    courier.settle(claims["p1"], 1, error="never", park=True)
    courier.settle(claims["p2"])
    lane = courier.lane("p1")
    same(
        (1, 2, None, True, False, "never"),
        (lane.delivered, lane.target, lane.due, lane.parked, lane.claimed, lane.error),
    )
    same([["p1"], False], [list(courier.all_lanes(parked=True)), "p1" in courier.all_lanes(parked=False)])
    for pilot in pilots:
        bench.advance(pilot)
    courier.later(days=400)
    same({"p2": [3]}, courier.drain())
    same((3, None), (courier.lane("p1").target, courier.lane("p1").due), "a parked lane after more news")
    same(True, courier.resend("p1"))
    lane = courier.lane("p1")
    same((1, 0, False, None, courier.now), (lane.delivered, lane.attempts, lane.parked, lane.error, lane.due))
    same({"p1": [2, 3]}, courier.drain())


@case("F07", DELIVERY, needs="Delivers")
def subscribers_are_apart(bench: Bench) -> None:
    """What one subscriber takes, fails on, parks or sends anew changes nothing for another."""
    one, other = Courier(bench, "one"), Courier(bench, "other")
    for courier in (one, other):
        courier.subscribe()
    bench.advance(bench.begin())
    bench.begin("p2")
    one.fan_out()
    before = other.all_lanes(), other.lag()
    claims = one.claim()
    one.settle(claims["p1"], 1, error="never", park=True)
    same(before, (other.all_lanes(), other.lag()))
    one.resend("p1", 0)
    same({"p1": [1, 2], "p2": [1]}, other.drain())
    same(True, one.settle(claims["p2"]))
    same({"p1": [1, 2]}, one.drain())
    same(True, one.lanes.unsubscribe(bench.tenant, "one"))
    same((False, {}, Lag(0, 0, 0)), (one.lanes.unsubscribe(bench.tenant, "one"), one.all_lanes(), one.lag()))
    same(
        (["other"], True), ([found.name for found in one.lanes.subscriptions(bench.tenant)], "p1" in other.all_lanes())
    )
    same(False, one.resend("p1", 0))


@case("F07", EXACT, needs="Delivers")
def subscriptions_are_kept(bench: Bench) -> None:
    """Subscriptions come back by name, byte for byte; a second of that name keeps the lanes and has the new body."""
    lanes, courier = bench.lanes, Courier(bench, "abc")
    same((), lanes.subscriptions(bench.tenant))
    names = sorted((*LIKE_EACH_OTHER, *("\u20ac" * (MAX_TEXT - 1) + last for last in "ab")))
    for name in names:
        lanes.subscribe(bench.tenant, Subscription(name, name.encode() + bytes(range(256))), now=courier.now)
    same(
        [Subscription(name, name.encode() + bytes(range(256))) for name in names], [*lanes.subscriptions(bench.tenant)]
    )
    bench.advance(bench.begin())
    courier.fan_out()
    courier.settle(courier.claimed("p1"), 1, error="no")
    before = courier.lane("p1")
    lanes.subscribe(bench.tenant, Subscription("abc", b"new"), now=courier.now, beginning=True)
    same(before, courier.lane("p1"))
    same([b"new"], [one.body for one in lanes.subscriptions(bench.tenant) if one.name == "abc"])
    for wrong in (
        *(Subscription(name, b"") for name in (*IMPOSSIBLE, "x" * (MAX_TEXT + 1))),
        Subscription("x", b"x" * (MAX_BODY + 1)),
    ):
        refused(BadArgument, partial(lanes.subscribe, bench.tenant, wrong, now=courier.now))
    same(names, [one.name for one in lanes.subscriptions(bench.tenant)])


@case("F07", TENANTS, needs="Delivers")
def lanes_of_tenants_are_apart(bench: Bench) -> None:
    """News, subscriptions, lanes and claims of one tenant are in no answer to another, and no call touches them."""
    courier, lanes, other = Courier(bench), bench.lanes, bench.fresh("tenant")
    courier.subscribe()
    pilot = begin(bench.store, "p1", other)
    bench.advance(bench.begin())
    same((), lanes.subscriptions(other))
    same(
        (0, ()), (lanes.fan_out(other, now=courier.now), lanes.claim(other, "log", now=courier.now, until=courier.now))
    )
    lanes.subscribe(other, Subscription("log", b"theirs"), now=courier.now)
    advance(bench.store, pilot, 1, other)
    courier.fan_out()
    same((), lanes.claim(other, "log", now=courier.now, until=courier.now + LEASE), "claims before a fan-out of theirs")
    same(1, lanes.fan_out(other, now=courier.now))
    (theirs,) = lanes.claim(other, "log", now=courier.now, until=courier.now + LEASE)
    same((other, 1, 2), (theirs.tenant, theirs.delivered, theirs.target))
    same(True, lanes.unsubscribe(other, "log"))
    same((False, ()), (courier.settle(theirs), lanes.lanes(other, "log")))
    same({"p1": [1, 2]}, courier.drain())


@case("F08", DELIVERY, needs="Delivers")
def every_attempt_is_the_same(bench: Bench) -> None:
    """Whatever failed before, each attempt begins at the same event, with the same version, bytes and digest."""
    courier = Courier(bench)
    courier.subscribe()
    bench.advance(bench.begin(), 3)
    courier.fan_out()
    seen = list[list[Entry]]()
    for attempt in range(4):
        claim = courier.claimed("p1")
        seen.append(courier.read(claim))
        if attempt < 2:
            courier.settle(claim, 0, error="no")
        else:
            courier.later(minutes=5)  # nobody comes back
    same([1, 2, 3, 4], [one.version for one in seen[0]])
    same(seen[:1] * 3, seen[1:])
    same(4, len({one.digest for one in seen[0]}))


@case("F09", DELIVERY, needs="Delivers")
def limits_are_kept(bench: Bench) -> None:
    """A claim and a page of lanes hold at most as many as were asked for, and the others come next, each once."""
    courier = Courier(bench)
    courier.subscribe()
    names = [f"p{number}" for number in range(7)]
    for name in names:
        bench.begin(name)
    courier.fan_out()
    claimed = [list(courier.claim(limit=3)) for _ in range(4)]
    same([3, 3, 1, 0], [len(one) for one in claimed])
    same(names, sorted(name for one in claimed for name in one))
    found, after = list[str](), None
    limit = 100 if bench.others else 3
    while True:
        page = courier.lanes.lanes(bench.tenant, "log", limit=limit, after=after)
        holds(len(page) <= limit, "a page has no more lanes than were asked for")
        if not page:
            break
        found += [one.pilot_id for one in page]
        after = found[-1]
    same(sorted([*bench.others, *names]), found, "the lanes, page by page, in order of pilot id")


@case("F10", DELIVERY, needs="Delivers")
def delivering_deletes_nothing(bench: Bench) -> None:
    """The log is the outbox: when all was delivered each history is as it was, and can be sent again from its start."""
    courier = Courier(bench)
    courier.subscribe()
    bench.advance(bench.begin(), 3)
    before = bench.everything("p1")
    courier.drain()
    courier.lanes.unsubscribe(bench.tenant, "log")
    same(before, bench.everything("p1"))
    courier.subscribe(beginning=True)
    courier.fan_out()
    same([1, 2, 3, 4], [one.version for one in courier.read(courier.claimed("p1"))])
    bench.whole("p1")


@case("F11", DELIVERY, needs="Delivers")
def the_lag_is_a_count(bench: Bench) -> None:
    """How the lanes stand, in numbers, is what counting the lanes gives, at every moment of a delivery."""
    courier = Courier(bench)

    def counted() -> Lag:
        lanes = courier.all_lanes().values()
        return Lag(len(lanes), sum(one.target > one.delivered for one in lanes), sum(one.parked for one in lanes))

    same(Lag(0, 0, 0), courier.lag(), "before there is a subscriber")
    courier.subscribe()
    pilots = [bench.advance(bench.begin(f"p{number}")) for number in range(5)]
    courier.fan_out()
    seen = [courier.lag()]
    same(counted(), courier.lag())
    for number, one in enumerate(courier.claim().values()):
        courier.settle(one, *((2,), (1,), (0,))[number % 3], error="no" if number % 3 else None, park=number % 3 == 2)
        same(counted(), courier.lag())
        seen.append(courier.lag())
    for pilot in pilots:
        bench.advance(pilot)
    courier.fan_out()
    same(counted(), courier.lag())
    total = len(bench.others) + 5
    same([Lag(total, behind, parked) for behind, parked in ((5, 0), (4, 0), (4, 0), (4, 1), (3, 1), (3, 1))], seen)
    same(Lag(total, 5, 1), courier.lag())


@case("F12", EXACT, needs="Delivers")
def what_cannot_be_settled_is_refused(bench: Bench) -> None:
    """An outcome that says more or less than was claimed, and an instant without a zone, are bad arguments."""
    courier = Courier(bench)
    courier.subscribe()
    bench.advance(bench.begin(), 2)
    courier.fan_out()
    courier.settle(courier.claimed("p1"), 1)
    claim, before = courier.claimed("p1"), courier.lane("p1")
    for delivered in (0, 4, -1):
        refused(BadArgument, partial(courier.settle, claim, delivered))
    naive = courier.now.replace(tzinfo=None)
    refused(BadArgument, lambda: courier.lanes.settle(Outcome(claim, naive, 1)))
    refused(BadArgument, lambda: courier.settle(claim, 1, again=naive))
    for now, until in ((naive, naive), (courier.now, naive), (naive, claim.until)):
        refused(BadArgument, partial(courier.lanes.renew, claim, now=now, until=until))
        refused(BadArgument, partial(courier.lanes.claim, bench.tenant, "log", now=now, until=until))
    refused(BadArgument, lambda: courier.lanes.fan_out(bench.tenant, now=naive))
    refused(BadArgument, lambda: courier.lanes.resend(bench.tenant, "log", "p1", now=naive))
    refused(BadArgument, lambda: courier.lanes.subscribe(bench.tenant, Subscription("log", b"new"), now=naive))
    same((before, b"body"), (courier.lane("p1"), courier.lanes.subscriptions(bench.tenant)[0].body))
    same(True, courier.settle(claim))


@case("F12", EXACT, needs="Delivers")
def instants_are_exact(bench: Bench) -> None:
    """When a lane is due comes back to the microsecond, whatever the offset of the instant that was given."""
    courier = Courier(bench)
    courier.subscribe()
    bench.begin()
    courier.fan_out()
    same(courier.now, courier.lane("p1").due)
    for again in (courier.now + timedelta(microseconds=1), courier.now.astimezone(ELSEWHERE) + timedelta(seconds=9)):
        courier.settle(courier.claimed("p1"), 0, error="no", again=again)
        same(again, courier.lane("p1").due)
        courier.now = again - timedelta(microseconds=1)
        same({}, courier.claim(), "a claim one microsecond early")
        courier.now = again
