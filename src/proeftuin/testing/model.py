"""Any store against the reference: whatever is called, in whatever order, both must give the same.

A machine of hypothesis makes the calls: pilots begun and gone on with, on the right version, a passed one or one to
come, alone or several in one append, with keys and subjects, undone by a callback; every question; lanes with a clock
of their own; and a restart where the store is durable. Each call goes to the store and to a `MemoryStore`, and what
comes of it, a value or an error with what it says, must be equal. So that the reference itself is judged too, the
machine keeps by itself what was acknowledged and how far each lane was delivered.

The tenant is new for each example, so one scratch database is enough. Events have instants of their own and claims ask
for all that is due, since the ports leave open which of two that are equally old comes first.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from secrets import token_hex
from typing import Any

from attrs import evolve, frozen
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule, run_state_machine_as_test

from proeftuin.errors import ProeftuinError
from proeftuin.spi import Bulk, Claim, Delivers, Erases, Outcome, Query, Subscription, Wanted
from proeftuin.testing.commits import BEGAN
from proeftuin.testing.expect import same
from proeftuin.testing.model_writing import KEYS, NAMES, PEOPLE, REFS, Writing, keys, names, versions
from proeftuin.testing.opening import Address

SUBSCRIBERS = ("log", "Log")
MOST = 10_000
WORKS = (
    "fan_out",
    "fan_out",
    "claim",
    "claim",
    "settle",
    "settle",
    "settle",
    "renew",
    "renew",
    "resend",
    "wait",
    "wait",
)

subscribers = st.sampled_from(SUBSCRIBERS)
filters = st.one_of(
    st.fixed_dictionaries({"workflow": st.sampled_from(["plain", "plain@1", "plain@3"])}),
    st.fixed_dictionaries({"state": st.sampled_from(["exploring", "talking", "TALKING"])}),
    st.fixed_dictionaries({"track_state": st.sampled_from(["agreed", "agree%"])}),
    st.fixed_dictionaries({"ref": st.sampled_from(REFS), "workflow": st.just("plain")}),
    st.fixed_dictionaries({"updated_after": st.integers(0, 60).map(lambda count: BEGAN + timedelta(seconds=count))}),
)


@frozen
class Held:
    """A claim that is out, or was: as the store gave it, and as the reference did."""

    store: Claim
    reference: Claim


class StoreMachine(Writing):
    """Makes the calls; a class below it says which store they go to."""

    def __init__(self) -> None:
        super().__init__()
        self.claims: list[Held] = []

    # -- asking

    @rule(name=names, key=st.sampled_from(KEYS), have=versions, after=st.integers(-1, 12), upto=versions)
    def ask(self, name: str, key: str, have: int | None, after: int, upto: int | None) -> None:
        """Ask for one pilot, for a part of its history, for what a key led to, and for its subjects."""
        acked = self.acked.get(name, [])
        loaded = self.both(lambda store: store.load(self.tenant, name, key=key, have=have))
        same(len(acked), 0 if loaded is None else loaded.version)
        found = self.both(lambda store: list(store.history(self.tenant, name, after=after, upto=upto)))
        same([one for one in acked if after < one.version <= (len(acked) if upto is None else upto)], found)
        self.both(lambda store: store.receipt(self.tenant, name, key))
        self.both(lambda store: list(store.receipts(self.tenant, name)))
        self.both(lambda store: store.personal(self.tenant, name))

    @rule(
        limit=st.sampled_from([1, 2, 3, MOST, 0]),
        after=st.none() | names,
        given=st.just({}) | filters,
    )
    def find(self, limit: int, after: str | None, given: dict[str, Any]) -> None:
        """Ask for a page, and how many there are in all."""
        self.both(lambda store: store.find(Query(self.tenant, limit=limit, after=after, **given)))
        self.both(lambda store: store.count(Query(self.tenant, limit=limit, after=after, **given)))

    @precondition(lambda self: isinstance(self.store, Bulk))
    @rule(several=st.lists(st.builds(Wanted, names, keys, versions), max_size=5))
    def load_many(self, several: list[Wanted]) -> None:
        """Ask for many pilots at once."""
        found = self.both(lambda store: store.load_many(self.tenant, several))
        same([len(self.acked.get(one.pilot_id, [])) for one in several], [one.version if one else 0 for one in found])

    @precondition(lambda self: isinstance(self.store, Erases))
    @rule(ref=st.sampled_from(PEOPLE), limit=st.sampled_from([1, 2, MOST]))
    def holders(self, ref: str, limit: int) -> None:
        """Ask who knows a ref."""
        self.both(lambda store: store.holders(self.tenant, ref, limit=limit))

    # -- delivering

    @initialize(name=st.none() | subscribers, beginning=st.booleans())
    def begin_with_a_subscriber(self, name: str | None, beginning: bool) -> None:  # noqa: FBT001  # hypothesis draws it
        """Subscribe at the beginning, mostly."""
        if name is not None and self.delivers:
            self.subscribe(name, beginning)

    @precondition(lambda self: self.delivers)
    @rule(name=subscribers, beginning=st.booleans())
    def subscribe(self, name: str, beginning: bool) -> None:  # noqa: FBT001  # hypothesis draws it
        """Subscribe."""
        given = Subscription(name, b"%d" % self.count)
        self.both(lambda store: store.subscribe(self.tenant, given, now=self.now, beginning=beginning))
        if name not in self.subscribed:
            self.subscribed.add(name)
            self.places |= {(name, one): 0 if beginning else len(entries) for one, entries in self.acked.items()}

    @precondition(lambda self: self.delivers)
    @rule(name=subscribers)
    def unsubscribe(self, name: str) -> None:
        """Unsubscribe; what is claimed of it is forgotten."""
        self.both(lambda store: store.unsubscribe(self.tenant, name))
        self.subscribed.discard(name)
        self.places = {place: delivered for place, delivered in self.places.items() if place[0] != name}
        self.claims = [one for one in self.claims if one.store.subscriber != name]

    @precondition(lambda self: self.places)
    @rule(data=st.data(), works=st.lists(st.sampled_from(WORKS), min_size=1, max_size=8))
    def work(self, data: st.DataObject, works: list[str]) -> None:
        """Do what workers do, in some order."""
        for one in works:
            getattr(self, one)(data)

    @precondition(lambda self: self.places)
    @rule(data=st.data())
    def deliver(self, data: st.DataObject) -> None:
        """Do what workers do, in the order in which they mostly do it."""
        for one in ("fan_out", "claim", "settle"):
            getattr(self, one)(data)

    def fan_out(self, data: st.DataObject) -> None:
        """Fan out to some lanes, or to all."""
        limit = data.draw(st.sampled_from([MOST, MOST, 1, 2]))
        self.both(lambda store: store.fan_out(self.tenant, now=self.now, limit=limit))

    def claim(self, data: st.DataObject) -> None:
        """Claim what is due to a subscriber."""
        self.claimed(data.draw(st.sampled_from(sorted(self.subscribed))), data.draw(st.integers(1, 4)))

    def claimed(self, name: str, lease: int) -> None:
        """Claim what is due, and keep the claims."""
        until = self.now + timedelta(minutes=lease)
        found, expected = (
            {one.pilot_id: one for one in store.claim(self.tenant, name, now=self.now, until=until, limit=MOST)}
            for store in (self.store, self.reference)
        )
        tokenless = [{one: evolve(claim, token=0) for one, claim in claims.items()} for claims in (expected, found)]
        same(tokenless[0], tokenless[1])
        for one, claim in found.items():
            same(self.places[name, one], claim.delivered, "where a claim begins")
            self.claims.append(Held(claim, expected[one]))

    def settle(self, data: st.DataObject) -> None:
        """Settle one of the last claims, be it stale or not, and note how far its lane is."""
        if not self.claims:
            return
        held = data.draw(st.sampled_from(self.claims[-4:]))
        delivered = data.draw(st.integers(held.store.delivered, held.store.target))
        error, later = data.draw(st.sampled_from([None, "no", "never"])), data.draw(st.none() | st.integers(0, 9))
        again = None if later is None else self.now + timedelta(minutes=later)

        def outcome(claim: Claim) -> Outcome:
            return Outcome(claim, self.now, delivered, error, again, park=error == "never")

        if self.each(held, lambda store, claim: store.settle(outcome(claim))):
            self.places[held.store.subscriber, held.store.pilot_id] = delivered

    def renew(self, data: st.DataObject) -> None:
        """Renew one of the last claims, be it stale or not."""
        if self.claims:
            until = self.now + timedelta(minutes=data.draw(st.integers(1, 5)))
            held = data.draw(st.sampled_from(self.claims[-3:]))
            self.each(held, lambda store, claim: store.renew(claim, now=self.now, until=until))

    def resend(self, data: st.DataObject) -> None:
        """Send a lane anew."""
        name, pilot = data.draw(st.sampled_from(sorted(self.places)))
        after = data.draw(st.none() | st.integers(0, 6))
        lanes = {one.pilot_id: one for one in self.reference.lanes(self.tenant, name, limit=MOST)}
        done = self.both(lambda store: store.resend(self.tenant, name, pilot, now=self.now, after=after))
        if done and after is not None:
            self.places[name, pilot] = min(after, lanes[pilot].target)

    def wait(self, data: st.DataObject) -> None:
        """Let time pass."""
        self.now += timedelta(minutes=data.draw(st.integers(1, 6)))

    @precondition(lambda self: self.delivers)
    @rule(name=subscribers, parked=st.none() | st.booleans(), limit=st.sampled_from([MOST, 2]), after=st.none() | names)
    def lanes(self, name: str, parked: bool | None, limit: int, after: str | None) -> None:  # noqa: FBT001  # hypothesis draws it
        """Ask how lanes stand."""
        self.both(lambda store: store.lanes(self.tenant, name, parked=parked, limit=limit, after=after))
        self.both(lambda store: store.lag(self.tenant, name))
        self.both(lambda store: store.subscriptions(self.tenant))

    @precondition(lambda self: self.store.durable)
    @rule()
    def restart(self) -> None:
        """Close the store, and open it anew."""
        self.shared.pop().close()

    # -- the end

    @property
    def delivers(self) -> bool:
        """Whether the store keeps lanes."""
        return isinstance(self.store, Delivers)

    def each(self, held: Held, act: Callable[[Any, Claim], Any]) -> Any:
        """Do it to both, each with its own claim; return what the store gave."""
        found, expected = act(self.store, held.store), act(self.reference, held.reference)
        same(expected, found)
        return found

    def teardown(self) -> None:
        """Expect all that was acknowledged to be there, and to be delivered to whoever asked for it."""
        for name in NAMES:
            same(self.acked.get(name, []), list(self.store.history(self.tenant, name)))
        if self.delivers:
            self.now += timedelta(days=1)
            self.both(lambda store: store.fan_out(self.tenant, now=self.now, limit=MOST))
            for name in SUBSCRIBERS:
                self.claimed(name, 1)
                lanes = {one.pilot_id: one for one in self.store.lanes(self.tenant, name, limit=MOST)}
                same({*self.acked} if name in self.subscribed else set(), set(lanes), f"the lanes of {name}")
                same({one: len(self.acked[one]) for one in lanes}, {one.pilot_id: one.target for one in lanes.values()})


def machine(url: str, opener: str | None = None) -> type[StoreMachine]:
    """Return a machine for the store at a URL, to run by oneself or under pytest as its `TestCase`."""
    return type("Machine", (StoreMachine,), {"address": Address(url, opener).another(token_hex(8)), "shared": []})


def check_model(url: str, *, opener: str | None = None, steps: int = 1000, length: int = 50) -> None:
    """Make so many calls on a store and on the reference, and raise where they differ, with the shortest way there.

    Args:
        url: a scratch database.
        opener: `module:function` that opens the URL, for a store that is not installed.
        steps: how many calls in all.
        length: how many of them on the same pilots.
    """
    kind = machine(url, opener)
    chosen = settings(
        max_examples=max(1, steps // length),
        stateful_step_count=length,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
    try:
        run_state_machine_as_test(kind, settings=chosen)
    finally:
        for one in kind.shared:
            with suppress(ProeftuinError):
                one.close()
