"""Pages and counts: complete, each pilot once, while others write; and by an index, whatever is asked."""

import re
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from random import Random
from typing import Any

import pytest

from proeftuin.core.structs import replace
from proeftuin.spi import Commit, Query, Store, Timing
from proeftuin.storage.sql import SqlStore
from proeftuin.testing.commits import BEGAN, changed, moved, opened, started, stored, written
from tests.property import kinds
from tests.scale import RELEASE, scaled

KINDS = ("memory", "sqlite", "postgresql", "mariadb")
SERVED = ("sqlite", "postgresql", "mariadb")
WRITERS, CROWD = 4, 120
MANY = 1_000_000 if RELEASE else 4_000
STATES = (("exploring", "exploration"), ("engaging", "supplier_talks"), ("closed", "closed"))


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A new store of each kind."""
    with ExitStack() as stack:
        yield kinds.opened(f"{request.param}", stack, tmp_path)


def commits(random: Random, count: int, name: str = "p") -> Iterator[Commit]:
    """New pilots that differ in everything that `find` looks at."""
    for number in range(count):
        state, phase = random.choice(STATES)
        words = {"organisation": f"O{random.randrange(9)}", "programme": random.choice([None, "x" * 300, "y"])}
        data = {"workflow": f"{random.choice('ab')}@{random.choice((1, 2))}", "ref": f"{name} {number}", "state": state}
        begun = started(f"{name}{number:07}", set=words, phase=phase, **data)
        commit, pilot = written(None, replace(begun, at=BEGAN.replace(hour=random.randrange(24))))
        if random.random() < 0.3:
            track = written(pilot, opened(pilot, "acme", random.choice(("seen", "agreed"))))[0]
            commit = Commit("default", pilot.id, 0, (*commit.entries, *track.entries), track.head)
        yield commit


def fill(store: Store, random: Random, count: int, name: str = "p") -> None:
    made = commits(random, count, name)
    while some := [one for one, _ in zip(made, range(250), strict=False)]:
        store.append(*some)


def pages(store: Store, limit: int, **filters: Any) -> list[str]:
    """The ids of all pages, one behind the other."""
    found: list[str] = []
    after: str | None = None
    while True:
        page = store.find(Query("default", limit=limit, after=after, **filters))
        found += [one.id for one in page.items]
        if page.next is None:
            return found
        after = page.next


FILTERS: tuple[dict[str, Any], ...] = (
    {},
    {"workflow": "a"},
    {"workflow": "a@2"},
    {"state": "exploring"},
    {"phase": "closed"},
    {"track_state": "agreed"},
    {"organisation": "O3"},
    {"programme": "x" * 300},
    {"ref": "p 7"},
    {"updated_after": BEGAN.replace(hour=20)},
    {"workflow": "b", "state": "engaging", "organisation": "O1"},
    {"state": "no such"},
)


def test_count_is_the_length_of_find(store: Store) -> None:
    """For every filter, and some together, the counts by phase and state are those of what is found."""
    fill(store, Random(3), 300)
    for filters in FILTERS:
        found = [one for one in store.find(Query("default", limit=1000, **filters)).items]  # noqa: C416  # summaries to look into
        places = sorted({(one.phase, one.state) for one in found})
        told = [(*place, sum((one.phase, one.state) == place for one in found)) for place in places]
        assert told == [(one.phase, one.state, one.pilots) for one in store.count(Query("default", **filters))]
        for limit in (1, 7, 300):
            assert [one.id for one in found] == pages(store, limit, **filters)


def test_no_page_skips_or_repeats_while_four_write(store: Store) -> None:
    """Every pilot that was there before and fits throughout is given once, whatever four writers begin and move."""
    fill(store, Random(5), CROWD)
    staying = [f"p{number:07}" for number in range(0, CROWD, 2)]
    moving = [f"p{number:07}" for number in range(1, CROWD, 2)]
    done, faults = threading.Event(), list[BaseException]()

    def write(number: int) -> None:
        random, begun = Random(number), 0
        try:
            while not done.is_set():
                if begun < 60 and random.random() < 0.5:
                    begun += 1
                    store.append(written(None, started(f"p{random.randrange(CROWD):07}-{number}-{begun}"))[0])
                else:
                    pilot = stored(store, random.choice(moving[number::WRITERS]))
                    assert pilot is not None
                    state, phase = random.choice(STATES)
                    store.append(written(pilot, moved(pilot, state, phase))[0])
        except BaseException as error:  # noqa: BLE001  # told by the test itself
            faults.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
    for one in threads:
        one.start()
    try:
        for number in range(scaled(8)):
            found = pages(store, (7, 30, 50)[number % 3])
            assert sorted(set(found)) == found
            assert [] == [one for one in (*staying, *moving) if one not in found]
            fitting = pages(store, 9, organisation="O3")
            assert [one for one in fitting if one in staying] == [
                one.id for one in store.find(Query("default", organisation="O3", limit=1000)).items if one.id in staying
            ]
    finally:
        done.set()
        for one in threads:
            one.join()
    assert [] == faults


# -- plans -------------------------------------------------------------------------------------------------------------

# By which index each filter is answered; that of `track_state` looks at all pilots of the tenant, in their own order.
SINGLE = ("workflow", "state", "phase", "organisation", "programme", "ref", "updated_after", "overdue")
WANTED: dict[str, Any] = {
    "workflow": "rare",
    "state": "rare",
    "phase": "rare",
    "organisation": "rare",
    "programme": "rare",
    "ref": "rare 0",
    "updated_after": BEGAN.replace(year=2030),
    "track_state": "agreed",
    "overdue": BEGAN.replace(year=2030),
}
DUE = Timing(BEGAN, BEGAN, "counted")


@pytest.fixture(scope="module", params=SERVED)
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStore]:
    """A store with thousands of pilots, or a million, of which a few are rare; its statistics are made."""
    with ExitStack() as stack:
        store = kinds.opened(f"{request.param}", stack, tmp_path_factory.mktemp("plans"))
        assert isinstance(store, SqlStore)
        fill(store, Random(7), MANY)
        words = {"set": {"organisation": "rare", "programme": "rare"}, "state": "rare", "phase": "rare"}
        for number in range(3):
            begun = started(f"rare{number}", workflow="rare@9", ref=f"rare {number}", **words)
            commit = written(None, replace(begun, at=BEGAN.replace(year=2031)))[0]
            store.append(replace(commit, head=replace(commit.head, timing=DUE)))
        connection: Any = store._connections.take()
        try:
            for statement in {"sqlite": ["ANALYZE"], "postgresql": ["ANALYZE"]}.get(
                f"{request.param}", ["ANALYZE TABLE pilots"]
            ):
                cursor = connection.cursor()
                cursor.execute(statement)
                cursor.close()
        finally:
            store._connections.give(connection)
        yield store


def plan(store: SqlStore, statement: Any, values: dict[str, Any]) -> str:
    """What the database says about how it would answer."""
    words = "EXPLAIN QUERY PLAN" if store._database.one_writer else "EXPLAIN"
    explained = type(statement)(f"{words} {statement}")
    explained.pick = statement.pick
    return " ".join(str(row) for row in store._all(explained, values))


def plans(store: SqlStore, name: str) -> dict[str, str]:
    from proeftuin.storage.sql.rows import filters_of  # noqa: PLC0415  # what the store itself asks with

    filters = filters_of(Query("default", **{name: WANTED[name]}))
    values = {"at_tenant": "default", "limit": 101, **filters}
    statements = store._statements
    return {
        "find": plan(store, statements.find(*filters), values),
        "count": plan(store, statements.count(*filters), values),
    }


@pytest.mark.parametrize("name", SINGLE)
def test_each_filter_has_an_index(filled: SqlStore, name: str) -> None:
    """Among thousands of pilots what a filter asks for is found by an index, and no table is read through."""
    for asked, said in plans(filled, name).items():
        assert re.search(r"pilots_by_\w+|pilots_pkey|sqlite_autoindex_pilots|PRIMARY", said), f"{asked}: {said}"
        assert not re.search(r"Seq Scan|SCAN pilots(?! USING)|'ALL'", said), f"{asked}: {said}"


def test_a_state_of_a_track_has_none(filled: SqlStore) -> None:
    """Where a track is can be asked, and is answered by looking at the pilots of the tenant one by one."""
    for said in plans(filled, "track_state").values():
        assert "track" not in re.sub(r"(instr|strpos|track_states)\S*", "", said)
        assert not re.search(r"pilots_by_track", said)


def test_a_page_far_in_is_found_like_the_first(store: Store) -> None:
    """A page behind any pilot begins right behind it, whether that pilot is still there or never was."""
    fill(store, Random(9), 50)
    ids = pages(store, 50)
    for place, name in enumerate(ids):
        page = store.find(Query("default", after=name, limit=3))
        assert ids[place + 1 : place + 4] == [one.id for one in page.items]
        between = store.find(Query("default", after=f"{name}!", limit=3))
        assert ids[place + 1 : place + 4] == [one.id for one in between.items]


def test_changes_are_found_by_their_moment(store: Store) -> None:
    """What was changed after a moment is found by it, to the microsecond."""
    pilot = stored_after(store)
    at = pilot.updated_at
    assert [pilot.id] == [one.id for one in store.find(Query("default", updated_after=at.replace(microsecond=0))).items]
    assert () == store.find(Query("default", updated_after=at)).items


def stored_after(store: Store) -> Any:
    commit, pilot = written(None, started("p1"))
    store.append(commit)
    commit, pilot = written(pilot, changed(pilot, note="x"))
    store.append(commit)
    return pilot
