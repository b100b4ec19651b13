"""What every store keeps, run on all of them: basics, fidelity, keys, errors. Cases bear the numbers of the kit."""

import pickle
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from attrs import evolve

from proeftuin import codec
from proeftuin.core.evolve import replay
from proeftuin.core.frozen import replace
from proeftuin.errors import BadArgument, Conflict, PilotExists, ProeftuinError, Reentered, StoreUnavailable
from proeftuin.spi import Commit, Definitions, Entry, Page, Personal, Query, Receipt, Store
from proeftuin.storage.verify import verify
from tests.contract.conftest import Backend
from tests.stores import (
    BEGAN,
    RECEIPT,
    TENANT,
    advance,
    begin,
    changed,
    everything,
    moved,
    opened,
    started,
    stored,
    versions,
    written,
)

# -- A: basics -----------------------------------------------------------------------------------------------------


def test_a00_stores_share_nothing(backend: Backend) -> None:
    """A pilot in one store is not in another."""
    one, other = backend.open(), backend.open()
    begin(one)
    assert other.load(TENANT, "p1") is None


def test_a01_what_was_created_is_loaded(store: Store) -> None:
    """A new pilot loads equal, at version 1, with its one event and nothing else."""
    commit, pilot = written(None, started("p1", ref="our-1"))
    store.append(commit)
    loaded = store.load(TENANT, "p1", key="key-1")
    assert loaded is not None
    assert (1, commit.head, None) == (loaded.version, loaded.head, loaded.receipt)
    assert pilot == stored(store)
    assert list(commit.entries) == list(store.history(TENANT, "p1"))


def test_a02_an_unknown_pilot_is_nothing(store: Store) -> None:
    """Asking for an unknown pilot gives nothing, everywhere, and creates nothing."""
    assert store.load(TENANT, "nobody", key="k", have=1) is None
    assert [] == versions(store, "nobody")
    assert store.receipt(TENANT, "nobody", "k") is None
    assert () == store.personal(TENANT, "nobody")
    assert store.find(Query(TENANT, ref="nobody")) == Page(())


def test_a03_a_taken_id_is_told(store: Store) -> None:
    """A second pilot with the same id is refused, and the first is unchanged."""
    begin(store)
    before = everything(store, "p1")
    with pytest.raises(PilotExists) as caught:
        begin(store, title="another")
    assert ("p1", None) == (caught.value.pilot_id, caught.value.ref)
    assert before == everything(store, "p1")


def test_a03_a_taken_ref_is_told(store: Store) -> None:
    """A second pilot with the same ref is refused and named, in one tenant only."""
    begin(store, "p1", ref="our-1")
    with pytest.raises(PilotExists) as caught:
        begin(store, "p2", ref="our-1")
    assert ("p2", "our-1") == (caught.value.pilot_id, caught.value.ref)
    assert store.load(TENANT, "p2") is None
    begin(store, "p2", tenant="other", ref="our-1")


def test_a03_two_new_pilots_cannot_share_a_ref(store: Store) -> None:
    """Of two pilots begun in one append with the same ref, neither is written."""
    commits = [written(None, started(name, ref="our-1"))[0] for name in ("p1", "p2")]
    with pytest.raises(PilotExists):
        store.append(*commits)
    assert store.load(TENANT, "p1") is None
    begin(store, "p1", ref="our-1")


def test_a04_an_append_grows_everything_by_one(store: Store) -> None:
    """Version, head and history go on together."""
    pilot = advance(store, begin(store))
    loaded = store.load(TENANT, "p1")
    assert loaded is not None
    assert loaded.head is not None
    assert 2 == loaded.version == pilot.version == loaded.head.summary.version
    assert [1, 2] == versions(store)
    assert pilot == stored(store)


def test_a05_an_empty_append_does_nothing(store: Store) -> None:
    """An append without commits changes nothing and calls nobody."""
    called: list[object] = []
    store.append(recorded=called.append)
    assert [] == called


def test_a06_several_events_in_one_commit_keep_their_order(store: Store) -> None:
    """A commit of three events gives three versions, in the order given."""
    first = begin(store)
    events, pilot = [], first
    for number in range(3):
        event = changed(pilot, number=number)
        events.append(event)
        pilot = written(pilot, event)[1]
    store.append(written(first, *events)[0])
    assert [1, 2, 3, 4] == versions(store)
    found = [codec.decode_event(one.body, "").data for one in store.history(TENANT, "p1", after=1)]
    assert [{"set": {"number": number}} for number in range(3)] == found


def test_a07_order_is_by_version_and_not_by_time(store: Store) -> None:
    """Events whose times run backwards come in the order of their versions, ten after nine."""
    pilot = begin(store)
    for number in range(2, 13):
        event = replace(changed(pilot), at=BEGAN - timedelta(days=number))
        commit, pilot = written(pilot, event)
        store.append(commit)
    assert list(range(1, 13)) == versions(store)


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        ({}, [1, 2, 3, 4, 5]),
        ({"after": 0, "upto": 0}, []),
        ({"after": -1}, [1, 2, 3, 4, 5]),
        ({"after": 2}, [3, 4, 5]),
        ({"after": 4}, [5]),
        ({"after": 5}, []),
        ({"after": 6}, []),
        ({"upto": 2}, [1, 2]),
        ({"upto": 6}, [1, 2, 3, 4, 5]),
        ({"upto": -1}, []),
        ({"after": 1, "upto": 3}, [2, 3]),
        ({"after": 3, "upto": 1}, []),
    ],
)
def test_a08_ranges(store: Store, span: dict[str, Any], expected: list[int]) -> None:
    """A history has no other events than those after one version and up to another."""
    advance(store, begin(store), 4)
    assert expected == versions(store, **span)


def test_a08_a_long_history_is_whole(store: Store) -> None:
    """A history of a thousand events, read while half of it was there, comes without gaps or repeats."""
    first = begin(store)
    events, pilot = [], first
    for _ in range(1000):
        events.append(changed(pilot))
        pilot = written(pilot, events[-1])[1]
    store.append(written(first, *events)[0])
    assert list(range(1, 1002)) == versions(store)
    assert list(range(513, 770)) == versions(store, after=512, upto=769)


@pytest.mark.parametrize("names", [("p", "p1"), ("p1", "P1"), ("p1", "p1 "), ("a", "á"), ("é", "e\u0301"), ("%", "_")])
def test_a09_pilots_are_apart(store: Store, names: tuple[str, str]) -> None:
    """Pilots whose ids are prefixes, or look alike, never see each other's data."""
    for name in names:
        begin(store, name, title=name)
    advance(store, begin(store, "between"), 1)
    for name in names:
        pilot = stored(store, name)
        assert pilot is not None
        assert (name, [1]) == (pilot.id, versions(store, name))


def test_a10_tenants_are_apart(store: Store) -> None:
    """The same ids, refs, keys and subjects in two tenants have nothing to do with each other."""
    for tenant in ("one", "two"):
        commit, pilot = written(
            None,
            started("p1", ref="our-1", set={"title": tenant}),
            tenant=tenant,
            receipt=Receipt("k", "f" * 64, tenant.encode()),
            personal=(Personal("s1", f"ref of {tenant}", b"salt"),),
        )
        store.append(commit)
        advance(store, pilot, 1 if tenant == "one" else 2, tenant)
    for tenant, version in (("one", 2), ("two", 3)):
        loaded, receipt = store.load(tenant, "p1", key="k"), store.receipt(tenant, "p1", "k")
        assert loaded is not None
        assert receipt is not None
        assert (version, receipt, tenant.encode()) == (loaded.version, loaded.receipt, receipt.body)
        assert list(range(1, version + 1)) == versions(store, tenant=tenant)
        assert (Personal("s1", f"ref of {tenant}", b"salt"),) == store.personal(tenant, "p1")
        assert ["p1"] == [one.id for one in store.find(Query(tenant)).items]
    assert store.load("three", "p1") is None


def test_a11_everything_survives_a_restart(backend: Backend) -> None:
    """After closing and opening again the store says exactly what it said before."""
    store = backend.open()
    commit, pilot = written(None, started("p1", ref="r"), receipt=RECEIPT, personal=(Personal("s1", "x", b"\0\xff"),))
    store.append(commit)
    advance(store, pilot, 3)
    before = everything(store, "p1"), store.find(Query(TENANT, limit=2000))
    again = backend.reopen(store)
    assert before == (everything(again, "p1"), again.find(Query(TENANT, limit=2000)))
    assert 5 == advance(again, stored(again) or pilot).version


def test_a12_a_closed_store_says_so(store: Store) -> None:
    """Closing twice does nothing; any other use of a closed store is a documented error."""
    commit, pilot = written(None, started("p1"))
    store.append(commit)
    store.close()
    store.close()
    for use in (
        lambda: store.load(TENANT, "p1"),
        lambda: store.append(written(pilot, changed(pilot))[0]),
        lambda: list(store.history(TENANT, "p1")),
        lambda: store.receipt(TENANT, "p1", "k"),
        lambda: store.personal(TENANT, "p1"),
        lambda: store.find(Query(TENANT)),
    ):
        with pytest.raises(StoreUnavailable, match="closed"):
            use()


def test_a15_filters(store: Store) -> None:
    """Each filter finds exactly its pilots, and several filters all hold."""
    words = {"a1": {"organisation": "UU", "programme": "north"}, "a2": {"organisation": "HvA"}, "a3": {}}
    pilots = {}
    for name, data in words.items():
        workflow = "plain@2" if name == "a3" else "plain@1"
        pilots[name] = begin(store, name, tenant="t", ref=f"ref {name}", workflow=workflow, set=data)
    commit, pilots["a1"] = written(pilots["a1"], moved(pilots["a1"], "talking_to", "talks"), tenant="t")
    store.append(commit)
    for track, state in (("acme", "agreed"), ("beta", "in_talks")):
        commit, pilots["a2"] = written(pilots["a2"], opened(pilots["a2"], track, state), tenant="t")
        store.append(commit)

    def found(**filters: Any) -> list[str]:
        return [one.id for one in store.find(Query("t", **filters)).items]

    assert ["a1", "a2", "a3"] == found() == found(workflow="plain")
    assert ["a1", "a2"] == found(workflow="plain@1")
    assert ["a3"] == found(workflow="plain@2") == found(ref="ref a3")
    assert ["a1"] == found(state="talking_to") == found(phase="talks") == found(programme="north")
    assert ["a2"] == found(organisation="HvA") == found(track_state="agreed") == found(track_state="in_talks")
    assert ["a1", "a2"] == found(updated_after=pilots["a3"].updated_at)
    assert ["a2"] == found(updated_after=pilots["a1"].updated_at)
    assert ["a2"] == found(workflow="plain@1", state="exploring", track_state="agreed", organisation="HvA")
    assert [] == found(state="talking_to", organisation="HvA")


@pytest.mark.parametrize(
    "filters",
    [
        {"track_state": "inXtalks"},
        {"track_state": "IN_TALKS"},
        {"track_state": "in_talk"},
        {"track_state": 'in_talks","agreed'},
        {"track_state": "%"},
        {"track_state": ""},
        {"state": "EXPLORING"},
        {"state": "exploring "},
        {"organisation": "%"},
        {"organisation": "' OR 1=1 --"},
        {"workflow": "plai_"},
        {"workflow": "plain@12"},
        {"ref": ""},
        {"after": "p1"},
    ],
)
def test_a15_filters_are_exact(store: Store, filters: dict[str, Any]) -> None:
    """Wild cards, other case, parts, spaces and quotes find nothing."""
    pilot = begin(store, tenant="t", ref="r")
    for track, state in (("acme", "in_talks"), ("beta", "agreed")):
        commit, pilot = written(pilot, opened(pilot, track, state), tenant="t")
        store.append(commit)
    assert store.find(Query("t", **filters)) == Page(())


def test_a15_pages_neither_skip_nor_repeat(store: Store) -> None:
    """Pilots come in order of id, page by page, each once, also while others are added."""
    names = sorted(f"{number * 7 % 40:02}é" for number in range(40))
    for name in names:
        begin(store, name, tenant="t")
    found: list[str] = []
    after: str | None = None
    while True:
        page = store.find(Query("t", limit=7, after=after))
        found += [one.id for one in page.items]
        begin(store, f"!{len(found)}", tenant="t")
        if page.next is None:
            break
        after = page.next
    assert names == found


def test_a15_the_last_page_says_so(store: Store) -> None:
    """A page that holds all that is left has no next, also where it is just full."""
    for name in ("a", "b"):
        begin(store, name, tenant="t")
    assert store.find(Query("t", limit=2)).next is None
    assert "a" == store.find(Query("t", limit=1)).next


@pytest.mark.parametrize(
    "query",
    [
        Query("t", limit=0),
        Query("t", limit=-1),
        Query("t", limit=10**30),
        Query("t", workflow="plain@"),
        Query("t", workflow="plain@x"),
        Query("t", workflow="plain@01"),
        Query("t", updated_after=datetime(2026, 1, 5)),  # noqa: DTZ001  # the naive moment is what is refused
    ],
)
def test_a15_a_question_without_an_answer_is_refused(store: Store, query: Query) -> None:
    """A limit below one or beyond all numbers, half a version and a naive moment are bad arguments."""
    begin(store, tenant="t")
    with pytest.raises(BadArgument):
        store.find(query)


def test_a16_absent_null_and_empty_stay_apart(store: Store) -> None:
    """A missing value, null, an empty text, list and mapping come back as what they were."""
    data: dict[str, Any] = {"title": "", "null": None, "list": [], "map": {}, "organisation": "", "programme": None}
    begin(store, tenant="t", set=data)
    pilot = stored(store, tenant="t")
    assert pilot is not None
    assert {"title": "", "null": None, "list": (), "map": {}, "organisation": "", "programme": None} == pilot.data
    (summary,) = store.find(Query("t", organisation="")).items
    assert ("", None, None, ()) == (summary.organisation, summary.programme, summary.ref, summary.track_states)


def test_a17_pages_and_filters_agree_on_counts(store: Store) -> None:
    """For every filter the pages hold as many pilots as match."""
    for number in range(10):
        begin(store, f"p{number}", tenant="t", state="even" if number % 2 == 0 else "odd")
    for state, expected in ((None, 10), ("even", 5), ("none", 0)):
        counted, after = 0, None
        while True:
            page = store.find(Query("t", limit=3, after=after, state=state))
            counted, after = counted + len(page.items), page.next
            if after is None:
                break
        assert expected == counted


# -- one read ------------------------------------------------------------------------------------------------------


def test_a_head_that_the_caller_has_is_not_sent(store: Store) -> None:
    """With the version that it has the caller gets no head, with any other it does."""
    advance(store, begin(store))
    for have, expected in ((2, False), (1, True), (3, True), (None, True)):
        loaded = store.load(TENANT, "p1", have=have)
        assert loaded is not None
        assert (2, expected) == (loaded.version, loaded.head is not None)


def test_one_read_gives_head_and_receipt(store: Store) -> None:
    """A load with a key gives its receipt beside the head, and with another key none."""
    commit, _ = written(None, started("p1"), receipt=RECEIPT)
    store.append(commit)
    for key, expected in ((RECEIPT.key, RECEIPT), ("other", None), (None, None)):
        loaded = store.load(TENANT, "p1", key=key)
        assert loaded is not None
        assert (expected, commit.head) == (loaded.receipt, loaded.head)


# -- B: atomicity --------------------------------------------------------------------------------------------------


def test_b01_a_conflict_in_the_last_commit_undoes_the_first(store: Store) -> None:
    """Of several commits in one append none is written where one does not fit."""
    one, other = begin(store, "p1"), begin(store, "p2")
    advance(store, other)
    before = everything(store, "p1", "p2", "p3")
    commits = [
        written(one, changed(one), receipt=RECEIPT, personal=(Personal("s1", "r", b"s"),))[0],
        written(None, started("p3"))[0],
        written(other, changed(other))[0],
    ]
    with pytest.raises(Conflict) as caught:
        store.append(*commits)
    assert ("p2", 1, 2) == (caught.value.pilot_id, caught.value.expected, caught.value.actual)
    assert before == everything(store, "p1", "p2", "p3")
    store.append(*commits[:2])


@pytest.mark.parametrize("raised", [ValueError("no"), KeyboardInterrupt(), SystemExit(3)])
def test_b01_what_a_callback_raises_undoes_everything(store: Store, raised: BaseException) -> None:
    """An exception of the callback leaves the store as it was, is raised on as it is, and hinders nobody after."""
    pilot = begin(store)
    before = everything(store, "p1", "p2")

    def recorded(_: object) -> None:
        raise raised

    commits = [written(pilot, changed(pilot), receipt=RECEIPT)[0], written(None, started("p2", ref="r"))[0]]
    with pytest.raises(type(raised)) as caught:
        store.append(*commits, recorded=recorded)
    assert raised is caught.value
    assert before == everything(store, "p1", "p2")
    store.append(*commits)
    assert [1, 2] == versions(store)


def test_b01_a_callback_is_called_once_before_anybody_sees(backend: Backend) -> None:
    """The callback is called once per append, before another client can see what is written."""
    store = backend.open()
    seen: list[int] = []
    if store.durable:
        other = backend.second(store)
        commits = [written(None, started(name))[0] for name in ("p1", "p2")]
        store.append(*commits, recorded=lambda _: seen.append(len(versions(other))))
        assert ([0], [1]) == (seen, versions(other))
    else:
        store.append(written(None, started("p1"))[0], recorded=lambda _: seen.append(1))
        assert [1] == seen


def test_b01_writing_from_a_callback_is_refused(store: Store) -> None:
    """A callback that appends to the same store is told so at once, and its append is undone with the outer one."""
    with pytest.raises(Reentered):
        store.append(written(None, started("p1"))[0], recorded=lambda _: store.append(written(None, started("p2"))[0]))
    assert [None, None] == [store.load(TENANT, name) for name in ("p1", "p2")]
    begin(store)


@pytest.mark.parametrize("wrong", ["gap", "repeat", "none", "twice", "head", "version", "workflow"])
def test_b04_commits_that_make_no_sense_are_refused_whole(store: Store, wrong: str) -> None:
    """Versions with a gap or repeated, no events, a pilot twice, another head, no version: nothing is written."""
    good, pilot = written(None, started("p1"))
    entry, (other, _) = good.entries[0], written(None, started("p2"))
    commits: dict[str, tuple[Commit, ...]] = {
        "gap": (Commit(TENANT, "p1", 0, (entry, Entry(3, "x", b"{}", "d")), good.head),),
        "repeat": (Commit(TENANT, "p1", 0, (entry, entry), good.head),),
        "none": (Commit(TENANT, "p1", 0, (), good.head),),
        "twice": (good, written(pilot, changed(pilot))[0]),
        "head": (other, Commit(TENANT, "p1", 0, good.entries, other.head)),
        "version": (Commit(TENANT, "p1", 0, good.entries, written(pilot, changed(pilot))[0].head),),
    }
    nameless = replace(good.head.summary, workflow="plain")
    commits["workflow"] = (evolve(good, head=evolve(good.head, summary=nameless)),)
    with pytest.raises(BadArgument):
        store.append(*commits[wrong])
    assert [None, None] == [store.load(TENANT, name) for name in ("p1", "p2")]


# -- C: concurrency ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("expected", [1, 3, 10])
def test_c01_c02_another_version_is_a_conflict(store: Store, expected: int) -> None:
    """A version that has passed, or is yet to come, is refused with the actual one, and nothing is written."""
    pilot = replace(advance(store, begin(store)), version=expected)
    before = everything(store, "p1")
    with pytest.raises(Conflict) as caught:
        store.append(written(pilot, changed(pilot))[0])
    assert ("p1", expected, 2) == (caught.value.pilot_id, caught.value.expected, caught.value.actual)
    assert before == everything(store, "p1")


def test_c02_a_version_of_nobody_is_a_conflict(store: Store) -> None:
    """Going on with a pilot that does not exist is a conflict with version 0."""
    _, pilot = written(None, started("p1"))
    with pytest.raises(Conflict) as caught:
        store.append(written(pilot, changed(pilot))[0])
    assert (1, 0) == (caught.value.expected, caught.value.actual)
    assert store.load(TENANT, "p1") is None


@pytest.mark.parametrize("writers", [2, 32])
def test_c03_one_winner(store: Store, writers: int) -> None:
    """Of many writers at one version exactly one wins, and the others are told the version that won."""
    pilot = begin(store)
    barrier, outcomes = Barrier(writers), list[object]()

    def write(number: int) -> None:
        commit, _ = written(pilot, changed(pilot, winner=number))
        barrier.wait()
        try:
            store.append(commit)
        except ProeftuinError as error:
            outcomes.append(error)
        else:
            outcomes.append(number)

    threads = [Thread(target=write, args=(number,)) for number in range(writers)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    winners = [one for one in outcomes if isinstance(one, int)]
    assert (writers, 1) == (len(outcomes), len(winners))
    assert {(1, 2)} == {(one.expected, one.actual) for one in outcomes if isinstance(one, Conflict)}
    final = stored(store)
    assert final is not None
    assert (2, winners[0]) == (final.version, final.data["winner"])


def test_c04_c05_no_update_is_lost(store: Store) -> None:
    """Four writers that read, change and retry fifty times each leave two hundred changes, without a gap."""
    begin(store)

    def write() -> None:
        done = 0
        while done < 50:
            pilot = stored(store)
            assert pilot is not None
            try:
                store.append(written(pilot, changed(pilot, count=pilot.data.get("count", 0) + 1))[0])
            except Conflict:
                continue
            done += 1

    threads = [Thread(target=write) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    final = stored(store)
    assert final is not None
    assert (201, 200) == (final.version, final.data["count"])
    assert list(range(1, 202)) == versions(store)
    assert [] == list(verify(store, TENANT, "p1", replay=replay))


def test_c11_an_acknowledged_write_is_seen_at_once(backend: Backend) -> None:
    """What was acknowledged is read by the same client and by a second one."""
    store = backend.open()
    other = backend.second(store)
    pilot = begin(store)
    for _ in range(20):
        pilot = advance(store, pilot)
        assert pilot == stored(store) == stored(other)


def test_c15_readers_do_not_mind_writers(store: Store) -> None:
    """While others write, every load shows a head that belongs to its version, and a history that reaches it."""
    pilot = begin(store)
    done, faults = [False], list[object]()

    def read() -> None:
        while not done[0]:
            loaded = store.load(TENANT, "p1")
            if loaded is None or loaded.head is None:
                faults.append(loaded)
            else:
                head = codec.decode_pilot(loaded.head.body)
                if (head.version, head.digest) != (loaded.version, loaded.head.digest):
                    faults.append(head)
                if len(versions(store, upto=loaded.version)) != loaded.version:
                    faults.append(loaded.version)

    readers = [Thread(target=read) for _ in range(3)]
    for one in readers:
        one.start()
    advance(store, pilot, 100)
    done[0] = True
    for one in readers:
        one.join()
    assert [] == faults


# -- D: fidelity ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("year", [1, 1970, 2038, 9999])
@pytest.mark.parametrize("micro", [0, 1, 999_999])
def test_d01_moments_come_back_to_the_microsecond(store: Store, year: int, micro: int) -> None:
    """The moments that `find` shows and compares are exact, from the year 1 to 9999."""
    at = datetime(year, 12, 31, 23, 59, 59, micro, tzinfo=UTC)
    event = replace(started("p1"), at=at)
    store.append(written(None, event, tenant="t")[0])
    (summary,) = store.find(Query("t")).items
    assert (at, at) == (summary.created_at, summary.updated_at)
    assert store.find(Query("t", updated_after=at)) == Page(())
    assert 1 == len(store.find(Query("t", updated_after=at - timedelta(microseconds=1))).items)


def test_d08_names_have_one_length_everywhere(store: Store) -> None:
    """Ids, refs, keys and tenants of 255 characters are kept, longer or empty ones are refused and never cut."""
    longest = "é" * 255
    commit, pilot = written(None, started(longest, ref=longest), receipt=Receipt(longest, "f", b""), tenant=longest)
    store.append(commit)
    assert pilot == stored(store, longest, longest)
    assert Receipt(longest, "f", b"") == store.receipt(longest, longest, longest)
    for bad in ("", "é" * 256, "nul\0", "half \ud800"):
        for place in ("tenant", "id", "ref", "key"):
            with pytest.raises(BadArgument):
                _write_named(store, place, bad)
        assert [longest] == [one.id for one in store.find(Query(longest)).items]


def _write_named(store: Store, place: str, name: str) -> None:
    good, _ = written(None, started("p9"))
    summary = good.head.summary
    tenant = name if place == "tenant" else TENANT
    pilot_id = name if place == "id" else "p9"
    summary = replace(summary, id=pilot_id, ref=name if place == "ref" else None)
    head = evolve(good.head, summary=summary)
    receipt = Receipt(name, "f", b"") if place == "key" else None
    store.append(Commit(tenant, pilot_id, 0, good.entries, head, receipt))


def test_d11_bytes_come_back(store: Store) -> None:
    """Bodies and salts of all byte values, and of a megabyte, are kept as they are, not looked at."""
    good, _ = written(None, started("p1"))
    every = bytes(range(256))
    for name, body in (("p1", every), ("p2", b""), ("p3", every * 4096)):
        head = type(good.head)(body, 1, "d" * 64, replace(good.head.summary, id=name))
        entry = Entry(1, "any", body, "d" * 64)
        commit = Commit(TENANT, name, 0, (entry,), head, Receipt("k", "f", body), (Personal("s1", "r", body),))
        store.append(commit)
        loaded = store.load(TENANT, name, key="k")
        assert loaded is not None
        assert (head, commit.receipt) == (loaded.head, loaded.receipt)
        assert ([entry], commit.personal) == (list(store.history(TENANT, name)), store.personal(TENANT, name))


def test_d10_subjects_come_in_order(store: Store) -> None:
    """Subjects come back in the order in which they were issued, the tenth after the ninth, over several commits."""
    issued = tuple(Personal(f"s{number}", f"ref {number}", b"salt") for number in range(1, 13))
    commit, pilot = written(None, started("p1"), personal=issued[:5])
    store.append(commit)
    store.append(written(pilot, changed(pilot), personal=issued[5:])[0])
    assert issued == store.personal(TENANT, "p1")


# -- H: keys -------------------------------------------------------------------------------------------------------


def test_h01_a_used_key_is_a_conflict(store: Store) -> None:
    """A second receipt under a key of the same pilot is a conflict, and the first one stays."""
    commit, pilot = written(None, started("p1"), receipt=RECEIPT)
    store.append(commit)
    pilot = advance(store, pilot)
    before = everything(store, "p1")
    again, _ = written(pilot, changed(pilot), receipt=Receipt(RECEIPT.key, "other", b"other"))
    with pytest.raises(Conflict) as caught:
        store.append(again)
    assert (2, 2) == (caught.value.expected, caught.value.actual)
    assert before == everything(store, "p1")


def test_h03_one_of_many_with_the_same_key_wins(store: Store) -> None:
    """Of twenty commits with the same key at once one is written, and its receipt is what all find afterwards."""
    pilot = begin(store)
    barrier, won = Barrier(20), list[int]()

    def write(number: int) -> None:
        commit, _ = written(pilot, changed(pilot), receipt=Receipt("k", "f", b"%d" % number))
        barrier.wait()
        try:
            store.append(commit)
        except Conflict:
            return
        won.append(number)

    threads = [Thread(target=write, args=(number,)) for number in range(20)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert 1 == len(won)
    assert Receipt("k", "f", b"%d" % won[0]) == store.receipt(TENANT, "p1", "k")


def test_h04_a_key_belongs_to_its_pilot(store: Store) -> None:
    """The same key on two pilots is two keys."""
    for name in ("p1", "p2"):
        store.append(written(None, started(name), receipt=Receipt("k", name, b""))[0])
    found = [store.receipt(TENANT, name, "k") for name in ("p1", "p2")]
    assert [Receipt("k", "p1", b""), Receipt("k", "p2", b"")] == found


def test_h05_a_lost_race_uses_no_key(store: Store) -> None:
    """A key whose commit was refused can be used again."""
    pilot = begin(store)
    advanced = advance(store, pilot)
    with pytest.raises(Conflict):
        store.append(written(pilot, changed(pilot), receipt=RECEIPT)[0])
    assert store.receipt(TENANT, "p1", RECEIPT.key) is None
    store.append(written(advanced, changed(advanced), receipt=RECEIPT)[0])


def test_h08_keys_are_compared_exactly(store: Store) -> None:
    """Keys that differ in case, accent, width, normal form or a space are different."""
    keys = ("abc", "ABC", "abc ", " abc", "ábc", "a\u0301bc", "ß", "ss", "\uff41bc", "abc\n", "😀", "1", "01")
    pilot = begin(store)
    for key in keys:
        commit, pilot = written(pilot, changed(pilot), receipt=Receipt(key, "f", key.encode()))
        store.append(commit)
    assert [key.encode() for key in keys] == [
        found.body for key in keys if (found := store.receipt(TENANT, "p1", key)) is not None
    ]


# -- workflows, errors -------------------------------------------------------------------------------------------


def test_a_workflow_is_kept_once(store: Store) -> None:
    """A definition comes back byte for byte, again it changes nothing, and another one of its name is refused."""
    assert isinstance(store, Definitions)
    assert store.get_workflow("plain", 1) is None
    for body in (b"one\xff", b"one\xff"):
        store.put_workflow("plain", 1, "h" * 64, body)
    with pytest.raises(BadArgument, match="plain@1"):
        store.put_workflow("plain", 1, "i" * 64, b"two")
    store.put_workflow("plain", 2, "i" * 64, b"two")
    assert [b"one\xff", b"two", None] == [store.get_workflow("plain", number) for number in (1, 2, 3)]


def test_i05_errors_of_a_store_can_be_pickled(store: Store) -> None:
    """The errors that a store raised come out of a pickle as they went in."""
    pilot = begin(store, ref="r")
    ahead = replace(pilot, version=5)
    for commit in (written(None, started("p1"))[0], written(ahead, changed(ahead))[0]):
        with pytest.raises(ProeftuinError) as caught:
            store.append(commit)
        again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301  # our own bytes
        assert (type(caught.value), str(caught.value)) == (type(again), str(again))
        assert vars(caught.value) == vars(again)
