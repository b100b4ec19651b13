"""Simulations: the same seed gives the same bytes, and every history is a real one."""

import csv
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from proeftuin import Engine, codec
from proeftuin.codec import summary
from proeftuin.core.evolve import FOLD, replay
from proeftuin.simulation import Simulated, simulate
from tests.scale import RELEASE
from tests.stores import TENANT

EXISTING = "existing-contract"
SEEDS = range(11, 16) if RELEASE else range(11, 12)
PILOTS = 2_000 if RELEASE else 200  # before a release 10,000 in all; five simulations hold less at once than one
SMALL = 4
RUN = """
import sys
from proeftuin.simulation import simulate
found = simulate("existing-contract", pilots=int(sys.argv[1]), seed=int(sys.argv[2]), calls=sys.argv[3] == "yes")
sys.stdout.write(found.as_json())
sys.stdout.writelines(found.export())
"""


def elsewhere(seed: int, hash_seed: str, *, calls: bool = True) -> str:
    """Return a digest of all that a simulation gives, in a process of its own."""
    command = [sys.executable, "-c", RUN, f"{SMALL}", f"{seed}", "yes" if calls else "no"]
    done = subprocess.run(command, capture_output=True, check=True, env=os.environ | {"PYTHONHASHSEED": hash_seed})
    return hashlib.sha256(done.stdout).hexdigest()


def test_the_same_seed_gives_the_same_bytes() -> None:
    """Figures and histories are the same in every process, however it hashes, and another seed gives others."""
    one, two = elsewhere(7, "1"), elsewhere(7, "2")
    assert one == two
    assert one != elsewhere(8, "1")
    assert one != elsewhere(7, "1", calls=False)


@pytest.fixture(scope="module", params=SEEDS)
def portfolio(request: pytest.FixtureRequest) -> Iterator[Simulated]:
    until = None if RELEASE else date(2027, 9, 1)
    with simulate(EXISTING, pilots=PILOTS, seed=request.param, calls=RELEASE, until=until) as found:
        yield found


@pytest.mark.timeout(3600 if RELEASE else 300)
def test_each_simulated_pilot_is_the_fold_of_its_history(portfolio: Simulated) -> None:
    """Every history of a simulated portfolio folds into the stored head and line, and its chain is whole."""
    engine, store = portfolio.engine, portfolio.engine._store
    lines = {one.id: one for one in engine.each()}
    assert len(lines) == len(portfolio.rows) + portfolio.follow_ups
    assert PILOTS == len(portfolio.rows)
    for pilot_id, line in lines.items():
        pilot, loaded = replay(engine.history(pilot_id)), store.load(TENANT, pilot_id)
        assert pilot is not None
        assert loaded is not None
        assert loaded.head is not None
        assert pilot == codec.decode_pilot(loaded.head.body)
        assert (FOLD, summary(pilot)) == (loaded.head.fold, line)
    assert () == engine.verify()


def test_a_simulated_portfolio_is_of_many_kinds(portfolio: Simulated) -> None:
    """In it pilots lie in every state, are closed in several ways, and clocks have reminded, raised and fired."""
    engine = portfolio.engine
    assert {"exploring", "committing", "engaging", "implementing", "evaluating", "closed"} == {
        state for row in portfolio.rows for state in row.reached
    }
    assert len({row.outcome for row in portfolio.rows}) > 2
    types = {event.type for row in portfolio.rows[:60] for event in engine.history(row.pilot_id)}
    assert {"clock.reminded", "clock.escalated", "clock.fired", "signal.raised", "signature.added"} <= types


def test_no_term_was_passed_by(portfolio: Simulated) -> None:
    """When a simulation ends, nothing that fell due before has been left undone."""
    zone = ZoneInfo(portfolio.engine.workflow(portfolio.workflow).timezone)
    end = datetime.combine(portfolio.ends, time.min, zone)
    store = portfolio.engine._store
    heads = [loaded.head for row in portfolio.rows if (loaded := store.load(TENANT, row.pilot_id)) is not None]
    terms = [head.timing.due for head in heads if head is not None]
    assert [] == [due for due in terms if due is not None and due < end]
    assert sum(due is not None for due in terms) > PILOTS / 2


@pytest.mark.parametrize("seed", range(2))
def test_an_exported_simulation_is_taken_in_whole(seed: int, tmp_path: Path) -> None:
    """What a simulation exports another store takes in, byte for byte, and finds whole."""
    with simulate(EXISTING, pilots=3, seed=seed, calls=seed % 2 == 0) as found:
        lines = list(found.export())
    with Engine.open(f"sqlite:///{tmp_path / 'other.db'}") as other:
        assert 3 == other.import_pilots(lines).pilots
        assert () == other.verify()
        assert lines[1:-2][:40] == list(other.export_pilots())[1:-2][:40]


@pytest.mark.release
@pytest.mark.parametrize("weekly_call", ["yes", "no"])
def test_the_runs_that_the_page_tells_of_come_out_so(weekly_call: str) -> None:
    """Each of the twenty runs of fifteen pilots that are kept beside the page gives its figures again."""
    with (Path(__file__).parents[2] / "docs" / "fifteen-pilots.csv").open(encoding="utf-8") as kept:
        rows = [row for row in csv.DictReader(kept) if row["weekly_call"] == weekly_call]
    assert 20 == len(rows)
    for row in rows:
        with simulate(EXISTING, pilots=15, seed=int(row["seed"]), calls=weekly_call == "yes") as found:
            came = found.figures.dates[date(2027, 12, 31)]
            assert {name: f"{one.value:.2f}" for name, one in came.items()} == {name: row[name] for name in came}
