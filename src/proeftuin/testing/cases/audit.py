"""K: a history proves itself. Whatever somebody did to one is found by `verify`, over the port, with its place."""

import json
import tracemalloc
from collections.abc import Callable, Iterator
from functools import partial

from attrs import field, frozen

from proeftuin import codec
from proeftuin.core.evolve import replay
from proeftuin.core.structs import replace
from proeftuin.errors import Conflict, PilotExists
from proeftuin.spi import Entry, Loaded, Page, Personal, Query, Receipt, Store
from proeftuin.storage import verify as verifying
from proeftuin.testing.bench import Bench
from proeftuin.testing.case import case
from proeftuin.testing.commits import grown, moved, opened, started, with_digest
from proeftuin.testing.expect import holds, refused, same
from proeftuin.testing.processes import contend
from proeftuin.testing.rules import PROOF, RESOURCES, VERSIONS
from proeftuin.testing.threads import all_well, together

LENGTH = 6
Tamper = Callable[[list[Entry]], list[Entry]]


@frozen
class Tampered:
    """A store whose one history somebody got at: what is read of it differs from what was written."""

    store: Store
    pilot_id: str
    tamper: Tamper
    digest: str | None = field(default=None)

    def load(self, tenant: str, pilot_id: str) -> Loaded | None:
        """Return the head as it is, or with another digest."""
        loaded = self.store.load(tenant, pilot_id)
        if loaded is None or loaded.head is None or self.digest is None or pilot_id != self.pilot_id:
            return loaded
        return replace(loaded, head=with_digest(loaded.head, self.digest))

    def history(self, tenant: str, pilot_id: str, *, after: int = 0, upto: int | None = None) -> Iterator[Entry]:
        """Return what is left of the history."""
        found = list(self.store.history(tenant, pilot_id))
        found = self.tamper(found) if pilot_id == self.pilot_id else found
        return (one for one in found if after < one.version and (upto is None or one.version <= upto))

    def personal(self, tenant: str, pilot_id: str) -> tuple[Personal, ...]:
        """Return who is kept."""
        return self.store.personal(tenant, pilot_id)

    def find(self, query: Query) -> Page:
        """Return what the store finds."""
        return self.store.find(query)


def _findings(bench: Bench, tamper: Tamper, name: str = "p1", digest: str | None = None) -> set[tuple[str, int | None]]:
    store = Tampered(bench.store, name, tamper, digest)
    found = verifying.verify(store, bench.tenant, name, replay=replay)  # type: ignore[arg-type]  # it only reads
    return {(one.pilot_id, one.version) for one in found}


def _read_as(bench: Bench, entries: list[Entry]) -> set[tuple[str, int | None]]:
    return _findings(bench, lambda _: entries)


def _history(bench: Bench, name: str = "p1") -> list[Entry]:
    """Write a pilot with events of several kinds, and return its history, which verifies."""
    pilot = bench.begin(name, ref=f"ref {name}")
    for event in (moved, opened):
        pilot = bench.write(pilot, event(pilot, "talking", "talks"))
    bench.advance(pilot, LENGTH - 3)
    same(set(), _findings(bench, list, name), "what verify finds in an honest history")
    return list(bench.store.history(bench.tenant, name))


@case("K01", VERSIONS)
def a_history_only_grows(bench: Bench) -> None:
    """What is in a history stays as it was written, whatever is appended behind it or tried before it."""
    entries = _history(bench)
    pilot = bench.stored()
    for version in range(1, LENGTH):
        behind = replace(pilot, version=version, digest=entries[version - 1].digest)
        refused(Conflict, partial(bench.append, bench.change(behind, late=True)))
    refused(PilotExists, bench.begin)
    bench.write(pilot, *grown(pilot, 3))
    same(entries, list(bench.store.history(bench.tenant, "p1", upto=LENGTH)))
    same(LENGTH + 3, len(bench.versions()))


@case("K02", PROOF)
def an_honest_store_verifies(bench: Bench) -> None:
    """Nothing is found wrong with pilots of any kind of event, in one commit or in many, nor with those beside them."""
    _history(bench)
    pilot = bench.write(None, started("p2"), receipt=Receipt("k", "f", b""))
    bench.write(pilot, *grown(pilot, 20))
    same([], [str(one) for one in verifying.verify(bench.store, bench.tenant, replay=replay)])


@case("K03", PROOF)
def a_changed_event_is_found(bench: Bench) -> None:
    """A change of any field of any event, or of its digest or type beside it, is found at its place."""
    entries = _history(bench)
    for place, entry in enumerate(entries):
        words = json.loads(entry.body)
        for name in words:
            forged = replace(entry, body=codec.canonical(words | {name: _other(words[name])}))
            holds(
                ("p1", place + 1) in _changed(bench, place, forged), f"a changed {name} in event {place + 1} is found"
            )
        for forged in (
            replace(entry, digest="0" * 64),
            replace(entry, type="pilot.paused"),
            replace(entry, body=b"{}"),
        ):
            holds(("p1", place + 1) in _changed(bench, place, forged), f"a change of event {place + 1} is found")


def _other(value: object) -> object:
    if isinstance(value, dict):
        return value | {"forged": True}
    if isinstance(value, int):
        return value + 1
    if isinstance(value, str) and value[:2] == "20":
        return value.replace("20", "21", 1)
    return "forged"


def _changed(bench: Bench, place: int, entry: Entry) -> set[tuple[str, int | None]]:
    return _findings(bench, lambda entries: [*entries[:place], entry, *entries[place + 1 :]])


@case("K04", PROOF)
def a_deleted_event_is_found(bench: Bench) -> None:
    """An event that was taken out of the middle is missing by its number."""
    _history(bench)
    for place in range(LENGTH - 1):
        found = _findings(bench, partial(_without, place))
        holds(("p1", place + 1) in found, f"that event {place + 1} is missing is found")


def _without(place: int, entries: list[Entry]) -> list[Entry]:
    return entries[:place] + entries[place + 1 :]


@case("K05", PROOF)
def a_cut_tail_is_found(bench: Bench) -> None:
    """Events that were cut from the end are missing by their numbers, as the head knows of them."""
    _history(bench)
    for left in range(LENGTH):
        expected = {("p1", version) for version in range(left + 1, LENGTH + 1)}
        found = _findings(bench, lambda entries, left=left: entries[:left])  # type: ignore[misc]  # bound as it is now
        holds(expected <= found, f"that the events behind {left} are missing is found")


@case("K06", PROOF)
def an_inserted_event_is_found(bench: Bench) -> None:
    """An event that was put in between, or behind the last one, is found where it stands."""
    entries = _history(bench)
    for place in range(1, LENGTH):
        doubled = [*entries[: place + 1], *(replace(one, version=one.version + 1) for one in entries[place:])]
        found = _read_as(bench, doubled)
        holds(any((version or 0) > place for _, version in found), f"an event inserted behind {place} is found")
    last = entries[-1]
    behind = replace(last, version=LENGTH + 1, digest=codec.chain(last.digest, last.body))
    same({("p1", LENGTH + 1)}, _findings(bench, lambda entries: [*entries, behind]))


@case("K07", PROOF)
def swapped_events_are_found(bench: Bench) -> None:
    """Two events that changed places are found at both."""
    _history(bench)
    for one, other in ((0, 1), (1, 4), (2, 3), (4, 5)):

        def swap(entries: list[Entry], one: int = one, other: int = other) -> list[Entry]:
            entries[one], entries[other] = (
                replace(entries[other], version=one + 1),
                replace(entries[one], version=other + 1),
            )
            return entries

        holds({("p1", one + 1), ("p1", other + 1)} <= _findings(bench, swap), f"that {one} and {other} were swapped")


@case("K08", PROOF)
def an_event_of_another_pilot_is_found(bench: Bench) -> None:
    """An event, or a whole history, that was brought from another pilot is found as such."""
    _history(bench)
    other = _history(bench, "p2")
    for place in range(LENGTH):
        holds(("p1", place + 1) in _changed(bench, place, other[place]), f"the stranger in place {place + 1} is found")
    holds(
        ("p1", 1) in _findings(bench, lambda _: other, digest=other[-1].digest), "a history of another pilot is found"
    )


@case("K09", PROOF)
def a_replaced_chain_is_found(bench: Bench) -> None:
    """A history that was written anew from some place on is found, while the head or one event is the old one."""
    entries = _history(bench)
    for place in range(LENGTH):
        rewritten, digest = list[Entry](), entries[place - 1].digest if place else codec.genesis("p1")
        for entry in entries[place:]:
            body = entry.body.replace(b'"ann"', b'"eve"')
            digest = codec.chain(digest, body)
            rewritten.append(replace(entry, body=body, digest=digest))
        forged = [*entries[:place], *rewritten]
        holds(("p1", None) in _read_as(bench, forged), f"a chain rewritten from {place} is found")
        if place < LENGTH - 1:
            holds(_read_as(bench, [*forged[:-1], entries[-1]]), "a chain rewritten but for its end is found")


@case("K10", RESOURCES)
def a_history_streams(bench: Bench) -> None:
    """Reading and verifying a long history takes no more memory at once than a part of it."""
    first, count, size = bench.begin(), 1600, 3000
    pilot = bench.write(first, *grown(first, count // 2, text="x" * size))
    bench.write(pilot, *grown(pilot, count // 2, text="x" * size))
    del pilot
    acts: dict[str, Callable[[], int]] = {
        "reading": lambda: sum(1 for _ in bench.store.history(bench.tenant, "p1")) - count - 1,
        "verifying": lambda: len(list(verifying.verify(bench.store, bench.tenant, "p1", replay=replay))),
    }
    for what, act in acts.items():
        tracemalloc.start()
        try:
            same(0, act(), f"{what} the whole of it")
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        holds(peak < count * size / 2, f"{what} {count * size} bytes takes less than half at once, not {peak}")


@case("K11", PROOF)
def writers_at_once_keep_one_chain(bench: Bench) -> None:
    """After many have written at once on several pilots each history is one chain that verifies."""
    names, clients = ("p1", "p2"), (bench.store, bench.second())
    for name in names:
        bench.begin(name)
    acts = [partial(contend, clients[one % 2], bench.tenant, names[one // 2], 1, 8) for one in range(4)]
    all_well(together(acts))
    same([list(range(1, 18))] * 2, [bench.versions(name) for name in names])
    bench.whole(*names)
