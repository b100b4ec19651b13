"""Writers that are killed: what was acknowledged is there, and nothing is half.

`kill -9` leaves the page cache alive, so this proves nothing about a power cut; that promise is SQLite's, and the store
holds it to it by reading `synchronous=FULL` back on each connection.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


def kill(path: Path, *options: str) -> Any:
    command = [sys.executable, "-m", "tests.faults.killing", str(path), *options]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert 0 == done.returncode, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("driver", "kills"),
    [
        ("store", 250),
        ("engine", 250),
        pytest.param("store", 5000, marks=pytest.mark.release),
        pytest.param("engine", 5000, marks=pytest.mark.release),
    ],
)
def test_killed_at_any_moment_nothing_acknowledged_is_lost(tmp_path: Path, driver: str, kills: int) -> None:
    """After each kill every acknowledged version is stored, at most one more, and log, chain, head and keys agree."""
    found = kill(tmp_path / "pilots.db", "--driver", driver, "--kills", str(kills))
    assert [] == found["faults"]
    assert (kills, True) == (found["kills"], found["acked"] > kills / 2)


def test_killed_at_each_statement_nothing_is_half(tmp_path: Path) -> None:
    """A writer that dies before or after any statement leaves all of a commit or nothing, and COMMIT decides which."""
    found = kill(tmp_path / "pilots.db", "--points")
    assert [] == found["faults"]
    assert len(found["points"]) > 20
    assert 2 == found["ahead"]
