"""The part of the model that writes: what goes to the store and to the reference alike. See `model`."""

from collections.abc import Callable
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from proeftuin.core.pilot import Pilot
from proeftuin.core.structs import replace
from proeftuin.errors import ProeftuinError
from proeftuin.spi import Commit, Entry, Erases, Personal, Receipt, Store
from proeftuin.storage.memory import MemoryStore
from proeftuin.testing.commits import BEGAN, changed, moved, opened, started, written
from proeftuin.testing.courier import NOON
from proeftuin.testing.expect import same
from proeftuin.testing.opening import Address

NAMES = ("p", "p1", "P1", "q%", "\u00e9")
KEYS = ("k", "K", "k ", "other")
REFS = ("r", "R")
PEOPLE = ("somebody", "Somebody")
BEGIN = 10**6  # a shift by which a commit begins a pilot

names = st.sampled_from(NAMES)
keys = st.none() | st.sampled_from(KEYS)
versions = st.none() | st.integers(-1, 12)
ERROR = ("expected", "actual", "pilot_id", "ref")


class Writing(RuleBasedStateMachine):
    """Makes the calls that write; a class below it says which store they go to."""

    address: ClassVar[Address]
    shared: ClassVar[list[Store]]

    def __init__(self) -> None:
        super().__init__()
        self.tenant = f"model-{token_hex(8)}"
        self.reference = MemoryStore()
        self.pilots: dict[str, Pilot] = {}
        self.acked: dict[str, list[Entry]] = {}
        self.subscribed: set[str] = set()
        self.places: dict[tuple[str, str], int] = {}
        self.now = NOON
        self.count = 0

    @property
    def store(self) -> Any:
        """The store under test, which all examples share."""
        if not self.shared:
            self.shared.append(self.address.open())
        return self.shared[-1]

    def both(self, act: Callable[[Any], Any]) -> Any:
        """Do it to both; return what the store gave, which must be what the reference gave."""
        found, expected = _outcome(act, self.store), _outcome(act, self.reference)
        same(expected, found)
        return found

    # -- writing

    def commit(self, name: str, shift: int, count: int, key: str | None, ref: str | None) -> tuple[Commit, Pilot]:
        """Return a commit on a pilot whose version is off by so much, and the pilot after it."""
        pilot = self.pilots.get(name)
        self.count += 1
        receipt = None if key is None else Receipt(key, "f" * 64, b"%d" % self.count)
        personal = (Personal(f"s{self.count}", PEOPLE[self.count % 2], b"salt"),) if self.count % 3 == 0 else ()
        if pilot is None or shift == BEGIN:
            event = replace(started(name, ref=ref, workflow=f"plain@{1 + self.count % 2}"), at=self.moment())
            return written(None, event, tenant=self.tenant, receipt=receipt, personal=personal)
        before = replace(pilot, version=max(1, pilot.version + shift))
        events = []
        kinds = (changed(before), moved(before, "talking", "talks"), opened(before, f"t{self.count}", "agreed"))
        for number in range(count):
            kind = kinds[(self.count + number) % len(kinds)]
            events.append(replace(kind, version=before.version + number + 1, at=self.moment()))
        return written(before, *events, tenant=self.tenant, receipt=receipt, personal=personal)

    def moment(self) -> datetime:
        """Return an instant that no other event has."""
        self.count += 1
        return BEGAN + timedelta(seconds=self.count)

    def wrote(self, commits: list[tuple[Commit, Pilot]]) -> None:
        """Note what was acknowledged."""
        for commit, pilot in commits:
            self.pilots[commit.pilot_id] = pilot
            self.acked.setdefault(commit.pilot_id, []).extend(commit.entries)
            for name in self.subscribed:
                self.places.setdefault((name, commit.pilot_id), 0)

    @rule(name=names, count=st.integers(1, 3))
    def go_on(self, name: str, count: int) -> None:
        """Append to a pilot as it is, or begin it."""
        self.append(name, 0, count, None)

    @rule(name=names, shift=st.sampled_from([0, 0, -1, 1, -9]), count=st.integers(1, 3), key=keys)
    def append(self, name: str, shift: int, count: int, key: str | None) -> None:
        """Append to a pilot, or begin it."""
        one = self.commit(name, shift, count, key, None)
        if self.both(lambda store: store.append(one[0])) is None:
            self.wrote([one])

    @rule(name=names, ref=st.none() | st.sampled_from(REFS), key=keys)
    def begin(self, name: str, ref: str | None, key: str | None) -> None:
        """Begin a pilot, be it there or not."""
        one = self.commit(name, BEGIN, 1, key, ref)
        if self.both(lambda store: store.append(one[0])) is None:
            self.wrote([one])

    @rule(name=names, used=st.lists(st.sampled_from(KEYS), min_size=2, max_size=3))
    def append_with_keys(self, name: str, used: list[str]) -> None:
        """Append to a pilot with several keys, or begin it, seldom with one of them twice."""
        one, after = self.commit(name, 0, 1, None, None)
        commit = replace(one, receipts=tuple(Receipt(key, "f" * 64, b"%d" % self.count) for key in used))
        if self.both(lambda store: store.append(commit)) is None:
            self.wrote([(commit, after)])

    @precondition(lambda self: isinstance(self.store, Erases))
    @rule(name=names, shift=st.sampled_from([0, 0, 0, -1]), forgotten=st.sets(st.integers(0, 3), min_size=1))
    def forget(self, name: str, shift: int, forgotten: set[int]) -> None:
        """Forget some subjects of a pilot, mostly ones that it has."""
        known = [one.subject for one in self.reference.personal(self.tenant, name)]
        one, after = self.commit(name, shift, 1, None, None)
        commit = replace(one, personal=(), erased=tuple((*known, *"abcd")[number] for number in sorted(forgotten)))
        if self.both(lambda store: store.append(commit)) is None:
            self.wrote([(commit, after)])

    @precondition(lambda self: self.store.multi_pilot)
    @rule(several=st.lists(st.tuples(names, st.sampled_from([0, 0, 0, 1, BEGIN]), keys), min_size=2, max_size=3))
    def append_several(self, several: list[tuple[str, int, str | None]]) -> None:
        """Append to several pilots at once, seldom to one of them twice.

        Note:
            They come in order of id, so that who writes in that order meets the same misfit first as who writes in the
            order given: which of two is told is left open.
        """
        made = [self.commit(name, shift, 1, key, REFS[0]) for name, shift, key in sorted(several, key=_name)]
        if self.both(lambda store: store.append(*(one for one, _ in made))) is None:
            self.wrote(made)

    @rule(name=names, key=keys)
    def append_undone(self, name: str, key: str | None) -> None:
        """Append to a pilot, and have it undone by the callback."""
        commit, _ = self.commit(name, 0, 1, key, REFS[1])

        def recorded(_: object) -> None:
            raise InterruptedError

        self.both(lambda store: store.append(commit, recorded=recorded))


def _name(one: tuple[str, int, str | None]) -> str:
    return one[0]


def _outcome(act: Callable[[Any], Any], store: Any) -> Any:
    """Return what a call gave, or what it raised: its type, and what it says of versions and pilots."""
    try:
        return act(store)
    except ProeftuinError as error:
        return (type(error), [getattr(error, name, None) for name in ERROR])
    except InterruptedError:
        return InterruptedError
