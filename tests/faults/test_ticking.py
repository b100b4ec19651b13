"""tick on a file and on servers: four processes at once, killed at any statement, and how much of a store it reads."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from proeftuin import Settings
from proeftuin.spi import Store, Timing
from proeftuin.storage import open_store
from proeftuin.storage.sql import SqlStore
from proeftuin.storage.sql.statements import Statement
from proeftuin.storage.sql.timing import TimingStatements
from proeftuin.testing.expect import present
from proeftuin.timekeeping import Timekeeper
from tests.faults.conftest import impatient
from tests.faults.speaking import several
from tests.scale import RELEASE
from tests.unit.ticking import BEGAN, Play, moment

ROOT = Path(__file__).parents[2]
PROCESSES = 4
DAYS = (9, 15, 22, 29, 36, 60)
CROWD = 1_000_000 if RELEASE else 5_000
DUE = 1_000 if RELEASE else 20


def test_four_processes_at_once_do_everything_once(url: str) -> None:
    """Ticked by four processes at the same moments, each pilot comes to what one process would have made of it."""
    patient = impatient(url, 60)
    play = Play(open_store(patient))
    pilots = [play.asked() for _ in range(30)]
    with several(PROCESSES, "tests.faults.ticking", patient, "race") as racers:
        rounds = []
        for number in DAYS:
            for one in racers:
                one.tell(number)
            rounds.append([json.loads(one.hear()) for one in racers])
    alone = Play(open_store("memory://"))
    expected = alone.asked()
    works = [alone.tick(number) for number in DAYS]
    assert [len(pilots) * work for work in works] == [sum(done for done, _ in found) for found in rounds]
    assert 0 == sum(failed for found in rounds for _, failed in found)
    assert [] == [one for one in pilots if play.told(one) != alone.told(expected)]
    assert {alone.engine.get(expected).tracks["acme"]} == {play.engine.get(one).tracks["acme"] for one in pilots}
    assert () == play.engine.verify()
    play.store.close()


def test_killed_at_any_statement_the_next_tick_makes_it_whole(url: str) -> None:
    """A tick that dies anywhere leaves all of a commit or nothing, and the next one comes to the same end."""
    command = [sys.executable, "-m", "tests.faults.ticking", url, "die"]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert 0 == done.returncode, done.stderr
    found = json.loads(done.stdout)
    assert [] == found["faults"]
    assert len(found["died"]) > 1


# -- how much is read ----------------------------------------------------------------------------------------------


def crowd(store: SqlStore, pilot: str, count: int) -> None:
    """Copy the row of a pilot so often, each with a due day of its own, all of them years ahead."""
    columns = [one.name for one in store._statements.tables.pilots.c]
    put = {"id": "'copy-' || n", "ref": "NULL", "due_at": "4000000000000000 + n", "overdue_at": "4000000000000000 + n"}
    if store._statements.dialect.name == "mariadb":
        put["id"] = "concat('copy-', n)"
    taken = ", ".join(put.get(name, name) for name in columns)
    numbers = f"WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count})"  # noqa: S608  # our own names
    into = f"INSERT INTO pilots ({', '.join(columns)})"
    chosen = f"SELECT {taken} FROM pilots, numbers WHERE id = '{pilot}'"  # noqa: S608  # our own names
    if store._statements.dialect.name == "mariadb":
        run(store, f"SET SESSION max_recursive_iterations = {count + 1}")
        run(store, f"{into} {numbers} {chosen}")
    else:
        run(store, f"{numbers} {into} {chosen}")
    run(store, "ANALYZE TABLE pilots" if store._statements.dialect.name == "mariadb" else "ANALYZE")


def run(store: SqlStore, text: str) -> None:
    connection = store._connections.take()
    store._database.run(connection, Statement(text), {})
    connection.commit()
    store._connections.give(connection)


def plan(store: SqlStore, asked: Statement, **values: object) -> str:
    """How the database answers a question; PostgreSQL tells what it did."""
    words = {"sqlite": "EXPLAIN QUERY PLAN", "postgresql": "EXPLAIN (ANALYZE)", "mariadb": "EXPLAIN"}
    explained = Statement(f"{words[store._statements.dialect.name]} {asked}")
    explained.pick = asked.pick
    connection = store._connections.take()
    given = {"at_tenant": "default", "limit": 100, **values}
    told = store._database.run(connection, explained, given).fetchall()
    connection.rollback()
    store._connections.give(connection)
    return "\n".join(f"{row[-1] if len(row) != 10 else row}" for row in told)


@pytest.fixture
def crowded(url: str) -> Iterator[Play]:
    """A store with many pilots, of which a few are due."""
    play = Play(open_store(url))
    assert isinstance(play.store, SqlStore)
    pilots = [play.start() for _ in range(DUE)]
    crowd(play.store, pilots[0], CROWD)
    yield play
    play.store.close()


def test_a_tick_reads_what_is_due_and_no_more(crowded: Play, kind: str) -> None:
    """Of thousands of pilots the index gives those that are due, without a scan, a sort or a row too many."""
    store = crowded.store
    assert isinstance(store, SqlStore)
    texts = TimingStatements(store._statements)
    now = int(moment(9).timestamp()) * 1_000_000
    told = plan(store, texts.due, now=now, after_at=-(2**63), after_id="")
    assert "pilots_by_due" in told
    if kind == "sqlite":
        assert told.startswith("SEARCH pilots USING COVERING INDEX pilots_by_due (tenant=? AND due_at>? AND due_at<?)")
        assert "TEMP" not in told
    if kind == "postgresql":
        assert "Rows Removed" not in told
        assert "Sort" not in told
        assert f"rows={min(DUE, 100)}" in told.splitlines()[0].split("actual", 1)[1].replace(".00", "")
    assert DUE == crowded.tick(9)
    assert 0 == crowded.tick(9)


def test_a_tick_finds_that_all_were_counted_without_reading_them(crowded: Play, kind: str) -> None:
    """Which calendars there are takes a step down the index for each, and the pilots of one come from it in order."""
    store = crowded.store
    assert isinstance(store, SqlStore)
    texts = TimingStatements(store._statements)
    calendars, timed = plan(store, texts.calendars), plan(store, texts.timed_on, calendar="weekdays", after="")
    if kind == "sqlite":
        assert 2 == calendars.count("SEARCH pilots USING COVERING INDEX pilots_by_calendar")
        assert timed.startswith(
            "SEARCH pilots USING COVERING INDEX pilots_by_calendar (tenant=? AND calendar=? AND id>?)"
        )
    if kind == "postgresql":
        used = {line.split(" using ")[1].split()[0] for line in calendars.splitlines() if " using " in line}
        assert ({"pilots_by_calendar"}, False) == (used, "Seq Scan" in calendars)
    assert "Seq Scan" not in timed
    assert "SCAN pilots" not in calendars + timed
    assert () == found(store, *Timekeeper(None, Settings(), forgets=True).marks())
    assert 10 == len(found(store, "-", limit=10))


def found(store: SqlStore, *calendars: str, limit: int = 100) -> tuple[str, ...]:
    return store.untimed("default", calendars, limit=limit)


def test_pilots_of_several_calendars_come_in_one_order(store: Store) -> None:
    """Those that nobody of today counted are given in order of id, whatever they were counted on, page by page."""
    assert isinstance(store, SqlStore)
    play = Play(store)
    pilots = sorted(play.start(id=f"q{number}") for number in range(12))
    for number, pilot in enumerate(pilots):
        assert store.retime("default", pilot, 1, Timing(BEGAN, None, ("a", "", "weekdays", "ü")[number % 4]))
    pages, after = list[str](), None
    while page := store.untimed("default", ["weekdays", "-"], limit=4, after=after):
        pages += page
        after = page[-1]
    assert [name for number, name in enumerate(pilots) if number % 4 != 2] == pages
    assert present(store.load("default", pilots[0])).version == 1
