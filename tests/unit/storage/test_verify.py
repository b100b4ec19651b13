"""What `verify` finds: each attack on a stored history, and no false alarm on an honest one."""

from collections.abc import Callable, Iterable, Iterator
from random import Random
from typing import Any

import pytest

from proeftuin import codec
from proeftuin.core.events import Event
from proeftuin.core.evolve import replay
from proeftuin.core.pilot import Pilot
from proeftuin.core.structs import replace
from proeftuin.errors import CorruptStore
from proeftuin.spi import Entry, Head, Loaded, Page, Query, Store
from proeftuin.storage import open_store
from proeftuin.storage.memory import MemoryStore
from proeftuin.storage.verify import Finding, verify
from tests.stores import TENANT, advance, begin, changed, crowd, moved, with_digest

LENGTH = 9


@pytest.fixture
def store() -> Iterator[MemoryStore]:
    made = MemoryStore()
    for name in ("p1", "p2"):
        advance(made, begin(made, name, ref=f"ref {name}"), LENGTH - 1, of=name)
    yield made
    made.close()


def entries(store: MemoryStore, name: str = "p1") -> list[Entry]:
    """The list that the store itself keeps, for an attacker to write in."""
    return store._tenants[TENANT][name].entries


def head(store: MemoryStore, **changes: Any) -> None:
    kept = store._tenants[TENANT]["p1"]
    kept.head = replace(kept.head, **changes)


def found(store: Store) -> list[tuple[str, int | None]]:
    return [(one.pilot_id, one.version) for one in verify(store, TENANT, replay=replay)]


def forged(entry: Entry, old: bytes, new: bytes) -> Entry:
    assert old in entry.body
    return replace(entry, body=entry.body.replace(old, new))


def rechained(given: Iterable[Entry], before: str) -> list[Entry]:
    """Entries with the digests that fit them, as an attacker computes them who knows the rule."""
    made = []
    for entry in given:
        before = codec.chain(before, entry.body)
        made.append(replace(entry, digest=before))
    return made


def test_an_honest_store_raises_no_alarm(store: MemoryStore) -> None:
    """Of a thousand and two pilots that nobody touched none is reported."""
    store.append(*crowd())
    assert [] == found(store)
    assert [] == list(verify(store, TENANT, "p1", replay=replay))


def test_an_unknown_pilot_is_reported(store: MemoryStore) -> None:
    """Asking about one pilot that does not exist gives a finding."""
    (finding,) = verify(store, TENANT, "nobody", replay=replay)
    assert "nobody, head: there is no such pilot" == str(finding)


@pytest.mark.parametrize("place", range(1, LENGTH + 1))
def test_a_changed_event_is_found_at_its_place(store: MemoryStore, place: int) -> None:
    """A word changed in one event is found there, and nowhere else."""
    kept = entries(store)
    kept[place - 1] = forged(kept[place - 1], b'"ann"', b'"eve"')
    assert [("p1", place)] == found(store)


@pytest.mark.parametrize("place", range(1, LENGTH))
def test_a_changed_event_with_a_fitting_digest_is_found_behind_it(store: MemoryStore, place: int) -> None:
    """An event changed together with its own digest no longer carries the event behind it."""
    kept = entries(store)
    before = kept[place - 2].digest if place > 1 else codec.genesis("p1")
    kept[place - 1 : place] = rechained([forged(kept[place - 1], b'"ann"', b'"eve"')], before)
    assert [("p1", place + 1)] == found(store)


@pytest.mark.parametrize("digest", ["0" * 64, "no hex", ""])
def test_a_changed_digest_is_found_once(store: MemoryStore, digest: str) -> None:
    """A digest that was overwritten is found at its event and not again at the next one."""
    kept = entries(store)
    kept[4] = replace(kept[4], digest=digest)
    assert [("p1", 5)] == found(store)


@pytest.mark.parametrize(
    ("bodies", "digests"),
    [
        ((), range(3, 7)),  # every digest of a stretch
        (range(3, 7), ()),  # every body of it
        ((4,), (5,)),  # a body, and the digest behind it
        ((3, 4), (5,)),
        ((7,), (3, 4, 5)),
    ],
)
def test_of_several_changes_each_is_found_once(
    store: MemoryStore, bodies: Iterable[int], digests: Iterable[int]
) -> None:
    """Bodies and digests changed one behind another are found where they are, and not behind them."""
    kept = entries(store)
    for version in bodies:
        kept[version - 1] = forged(kept[version - 1], b'"ann"', b'"eve"')
    for version in digests:
        kept[version - 1] = replace(kept[version - 1], digest=f"{version}" * 64)
    assert [("p1", version) for version in sorted({*bodies, *digests})] == found(store)


@pytest.mark.parametrize("digest", ["0" * 64, "no hex", None])
def test_a_history_changed_all_through_is_read_in_one_pass(
    store: MemoryStore, monkeypatch: pytest.MonkeyPatch, digest: str | None
) -> None:
    """However many events were changed, each is hashed at most three times, and every one is found."""
    length, hashed, chain = 300, [0], codec.chain
    advance(store, codec.decode_pilot(store._tenants[TENANT]["p1"].head.body), length - LENGTH)
    kept = entries(store)
    kept[:] = [replace(forged(one, b'"ann"', b'"eve"'), digest=digest or one.digest) for one in kept]

    def counted(previous: str, body: bytes) -> str:
        hashed[0] += 1
        return chain(previous, body)

    monkeypatch.setattr(codec, "chain", counted)
    findings = list(verify(store, TENANT, "p1", replay=replay))
    assert list(range(1, length + 1)) == [one.version for one in findings]
    assert length <= hashed[0] <= 3 * length


@pytest.mark.parametrize("place", range(1, LENGTH))
def test_a_deleted_event_is_named(store: MemoryStore, place: int) -> None:
    """An event that was taken out is missing by its number."""
    del entries(store)[place - 1]
    assert ("p1", place) in found_by_rows(store)


def found_by_rows(store: MemoryStore) -> list[tuple[str, int | None]]:
    """What is found where the rows bear their versions, as in a database, and a list would close the gap."""
    return found(Rows(store))


class Rows(MemoryStore):
    """A store as a database shows it: versions and order are those of the rows, and the head's version its own."""

    def __init__(self, store: MemoryStore, version: int = LENGTH) -> None:
        super().__init__()
        self._store = store
        self._version = version

    def load(self, tenant: str, pilot_id: str, *, key: str | None = None, have: int | None = None) -> Loaded | None:
        loaded = self._store.load(tenant, pilot_id)
        return loaded and Loaded(self._version, loaded.head)

    def history(self, tenant: str, pilot_id: str, *, after: int = 0, upto: int | None = None) -> Iterator[Entry]:
        rows = sorted(self._store.history(tenant, pilot_id), key=lambda one: one.version)
        return (one for one in rows if after < one.version and (upto is None or one.version <= upto))

    def find(self, query: Query) -> Page:
        return self._store.find(query)


@pytest.mark.parametrize("cut", [1, 2, LENGTH - 1, LENGTH])
def test_a_cut_tail_does_not_reach_the_head(store: MemoryStore, cut: int) -> None:
    """Events missing at the end are named one by one, as the head is ahead of them."""
    del entries(store)[-cut:]
    assert [("p1", version) for version in range(LENGTH - cut + 1, LENGTH + 1)] == found_by_rows(store)


def test_a_forged_version_of_the_head_is_one_finding(store: MemoryStore) -> None:
    """A head that claims to be at an absurd version is told in one finding, as nobody could list what is missing."""
    (finding,) = verify(Rows(store, 10**15), TENANT, "p1", replay=replay)
    assert f"p1, event {LENGTH + 1}: it is missing, and so are all up to event {10**15}" in str(finding)


def test_a_history_out_of_order_is_told_once_for_each_event(store: MemoryStore) -> None:
    """Where a store mixes up the order each event that comes too late is told, and no gap more than once."""

    class Unsorted(Rows):
        def history(self, tenant: str, pilot_id: str, *, after: int = 0, upto: int | None = None) -> Iterator[Entry]:
            rows = list(super().history(tenant, pilot_id, after=after, upto=upto))
            return iter([*rows[::2], *rows[1::2]])

    behind = list(range(2, LENGTH + 1, 2))
    findings = list(verify(Unsorted(store), TENANT, "p1", replay=replay))
    assert [*behind, *behind] == [one.version for one in findings]
    assert [f"it comes behind event {LENGTH}, out of order"] * len(behind) == [
        one.problem for one in findings[len(behind) :]
    ]


def test_two_swapped_events_are_found_at_both_places(store: MemoryStore) -> None:
    """Events that changed places say by themselves which ones they are."""
    kept = entries(store)
    kept[2], kept[5] = replace(kept[5], version=3), replace(kept[2], version=6)
    findings = list(verify(store, TENANT, "p1", replay=replay))
    assert {3, 6} <= {one.version for one in findings}
    assert "it is event 6, in another place" in {one.problem for one in findings}


def test_an_event_moved_from_another_pilot_is_found(store: MemoryStore) -> None:
    """An event of another pilot is recognised as such, in the middle and as the first."""
    for place in (1, 5):
        kept, other = entries(store), entries(store, "p2")
        honest = kept[place - 1]
        kept[place - 1] = other[place - 1]
        findings = list(verify(store, TENANT, "p1", replay=replay))
        assert Finding("p1", place, "it was moved here from pilot 'p2'") in findings
        kept[place - 1] = honest
    assert [] == found(store)


def test_a_forged_event_behind_the_head_is_found(store: MemoryStore) -> None:
    """An event inserted after the last one, with a digest that fits, is ahead of the head."""
    kept = entries(store)
    pilot = replay(codec.decode_event(one.body, one.digest) for one in kept)
    assert pilot is not None
    kept.append(codec.seal(changed(pilot, forged=True), kept[-1].digest)[1])
    assert [("p1", LENGTH + 1)] == found_by_rows(store)


def test_an_event_that_is_appended_meanwhile_is_no_alarm(store: MemoryStore) -> None:
    """What another writer appends between reading the head and the history is not reported."""

    class Late(Rows):
        def history(self, tenant: str, pilot_id: str, *, after: int = 0, upto: int | None = None) -> Iterator[Entry]:
            if self._version == LENGTH:
                pilot = codec.decode_pilot(store._tenants[TENANT][pilot_id].head.body)
                advance(store, pilot)
                self._version += 1
            return super().history(tenant, pilot_id, after=after, upto=upto)

    assert [] == list(verify(Late(store), TENANT, "p1", replay=replay))


def test_a_chain_rewritten_up_to_the_end_differs_from_the_head(store: MemoryStore) -> None:
    """An event changed with all digests behind it computed anew ends in another digest than the head holds."""
    kept = entries(store)
    kept[3] = forged(kept[3], b'"ann"', b'"eve"')
    kept[:] = rechained(kept, codec.genesis("p1"))
    assert ("p1", None) in found(store)


def test_a_swapped_type_is_found(store: MemoryStore) -> None:
    """An event filed under another type than its body says is found."""
    kept = entries(store)
    kept[3] = replace(kept[3], type="pilot.moved")
    assert [("p1", 4)] == found(store)


def test_a_body_that_cannot_be_read_is_found(store: MemoryStore) -> None:
    """An event that is no event is found at its place."""
    kept = entries(store)
    kept[3] = replace(kept[3], body=b"{}")
    assert [("p1", 4)] == found(store)


def altered(body: bytes, change: Callable[[Pilot], Pilot]) -> bytes:
    return codec.encode_pilot(change(codec.decode_pilot(body)))


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda one: with_digest(one, "0" * 64), "its digest"),
        (lambda one: replace(one, body=b"{"), "cannot be read"),
    ],
)
def test_a_changed_head_is_found(store: MemoryStore, change: Callable[[Head], Head], word: str) -> None:
    """A head with another digest, or that cannot be read, is found."""
    kept = store._tenants[TENANT]["p1"]
    kept.head = change(kept.head)
    (finding,) = verify(store, TENANT, replay=replay)
    assert ("p1", None, True) == (finding.pilot_id, finding.version, word in finding.problem)


def test_a_head_that_is_not_the_fold_of_its_events_is_found(store: MemoryStore) -> None:
    """A head whose state was changed by hand is found, with the field that differs."""
    kept = store._tenants[TENANT]["p1"]
    head(store, body=altered(kept.head.body, lambda pilot: replace(pilot, outcome="embedded")))
    (finding,) = verify(store, TENANT, replay=replay)
    assert (None, True) == (finding.version, "in outcome" in finding.problem)


def test_a_column_that_differs_from_the_events_is_found(store: MemoryStore) -> None:
    """A summary whose state was changed by hand is found, as `find` would lie."""
    kept = store._tenants[TENANT]["p1"]
    head(store, summary=replace(kept.head.summary, state="closed"))
    (finding,) = verify(store, TENANT, replay=replay)
    assert (None, True) == (finding.version, "in state" in finding.problem)


def test_a_head_of_other_fold_rules_is_no_alarm(store: MemoryStore) -> None:
    """A head that an earlier version folded is folded anew on load, so its body is not compared."""
    head(store, fold=0, body=b"{}")
    assert [] == found(store)


def test_a_history_that_cannot_be_folded_is_found(store: MemoryStore) -> None:
    """Events with a sound chain that make no sense together are found where the fold stops."""
    pilot = begin(store, "p3")
    nonsense = replace(moved(pilot, "talking", "talks"), type="track.moved", track="nobody")
    kept = store._tenants[TENANT]["p3"]
    sealed, entry = codec.seal(nonsense, pilot.digest)
    kept.entries.append(entry)
    kept.head = Head(
        codec.encode_pilot(replace(pilot, version=2)), 1, replace(kept.head.summary, version=2, digest=sealed.digest)
    )
    assert [("p3", 2)] == [(one.pilot_id, one.version) for one in verify(store, TENANT, "p3", replay=replay)]


def test_a_store_that_cannot_be_read_is_found(store: MemoryStore) -> None:
    """Where the store itself finds a pilot corrupt, the others are still looked at."""

    class Broken(Rows):
        def load(self, tenant: str, pilot_id: str, *, key: str | None = None, have: int | None = None) -> Loaded | None:
            if pilot_id == "p1":
                raise CorruptStore("a page is damaged")
            return super().load(tenant, pilot_id)

        def history(self, tenant: str, pilot_id: str, *, after: int = 0, upto: int | None = None) -> Iterator[Entry]:
            yield from super().history(tenant, pilot_id, after=after, upto=3)
            raise CorruptStore("a page is damaged")

    assert [("p1", None), ("p2", 4)] == found(Broken(store))[:2]


def test_every_flipped_bit_of_a_small_store_is_found() -> None:
    """Whichever bit of an event or a digest is flipped, something is found."""
    store = MemoryStore()
    advance(store, begin(store), 1)
    kept = entries(store)
    for place, entry in enumerate(list(kept)):
        for bit in range(len(entry.body) * 8):
            body = bytearray(entry.body)
            body[bit // 8] ^= 1 << bit % 8
            kept[place] = replace(entry, body=bytes(body))
            assert found(store), (place, bit)
        kept[place] = entry
    assert [] == found(store)


def test_random_attacks_are_all_found(store: MemoryStore) -> None:
    """A hundred rounds of random changes, deletions, swaps and moves are all found."""
    chance = Random(7)
    kept = entries(store)
    honest = list(kept)
    for _ in range(100):
        place, other = chance.sample(range(LENGTH), 2)
        attack = chance.choice(["change", "delete", "swap", "move", "cut"])
        if attack == "change":
            kept[place] = forged(kept[place], b'"coordinator"', b'"board"')
        elif attack == "delete":
            del kept[place]
        elif attack == "swap":
            kept[place], kept[other] = kept[other], kept[place]
            kept[:] = [replace(one, version=number) for number, one in enumerate(kept, start=1)]
        elif attack == "move":
            kept[place] = entries(store, "p2")[place]
        else:
            del kept[place:]
        assert found_by_rows(store), attack
        kept[:] = honest
    assert [] == found_by_rows(store)


def test_verify_streams() -> None:
    """Events are folded as they are read, so no history is held in memory as a whole."""
    store = open_store("memory://")
    advance(store, begin(store), 20)
    given, most = [0], [0]

    class Counting(Rows):
        def history(self, tenant: str, pilot_id: str, *, after: int = 0, upto: int | None = None) -> Iterator[Entry]:
            for entry in super().history(tenant, pilot_id, after=after, upto=upto):
                given[0] += 1
                yield entry

    def fold(events: Iterable[Event]) -> Pilot | None:
        def watched() -> Iterator[Event]:
            for taken, event in enumerate(events, start=1):
                most[0] = max(most[0], given[0] - taken)
                yield event

        return replay(watched())

    assert isinstance(store, MemoryStore)
    assert [] == list(verify(Counting(store, 21), TENANT, "p1", replay=fold))
    assert 0 == most[0]
