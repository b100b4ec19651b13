"""Writers that are killed: what was acknowledged is there, and nothing is half.

`kill -9` leaves the page cache alive, so this proves nothing about a power cut; that promise is the database's, and the
store holds it to it by reading the settings back on each connection that it opens.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.faults.conftest import KINDS

ROOT = Path(__file__).parents[2]

KILLS = {"sqlite": 500, "postgresql": 100, "mariadb": 100}

TABLES = {"pilots", "events", "receipts", "personal"}


def kill(url: str, *options: str) -> Any:
    command = [sys.executable, "-m", "tests.faults.killing", url, *options]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert 0 == done.returncode, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("driver", ["store", "engine"])
@pytest.mark.parametrize(
    ("kind", "kills"),
    [
        *((kind, KILLS[kind]) for kind in KINDS),
        *(pytest.param(kind, 10 * KILLS[kind], marks=pytest.mark.release) for kind in KINDS),
    ],
)
def test_killed_at_any_moment_nothing_acknowledged_is_lost(url: str, driver: str, kills: int) -> None:
    """After each kill every acknowledged version is stored, at most one more, and log, chain, head and keys agree."""
    found = kill(url, "--driver", driver, "--kills", str(kills))
    assert [] == found["faults"]
    assert (kills, True) == (found["kills"], found["acked"] >= kills * 4 / 5)


@pytest.mark.parametrize("driver", ["store", "twins"])
def test_killed_at_each_statement_nothing_is_half(kind: str, url: str, driver: str) -> None:
    """A writer that dies before or after any statement leaves all of an append or nothing, and COMMIT decides which."""
    found = kill(url, "--driver", driver, "--points")
    assert [] == found["faults"]
    every = [statement for append in found["appends"] for statement in append]
    assert {"before": every, "after": every} == found["points"]
    assert [TABLES] * 2 == [tables(append) for append in found["appends"]]
    if kind == "postgresql" and driver == "store":
        assert found["appends"] == [[statement] for statement in found["ahead"]]
    else:
        assert ["COMMIT"] * 2 == found["ahead"]


def tables(append: list[str]) -> set[str]:
    """What the statements of an append write to."""
    return {table for statement in append for table in statement.split()[1:]}
