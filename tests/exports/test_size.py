"""Exports of many pilots: as streams, so that their number is no matter of memory."""

import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from proeftuin import Fire
from proeftuin.spi import Store
from proeftuin.storage import open_store
from tests.faults.test_moving import ROOM
from tests.scale import RELEASE
from tests.unit.engines import LEAD, engine, sqlite_url, start

PILOTS = 20_000 if RELEASE else 2_000
MEASURING = """
import resource, sys
from proeftuin import Engine
from proeftuin.exports import FORMATS, write_export
with Engine.open(sys.argv[1], workflows=[], cache=50) as engine:
    for one in FORMATS:
        sheet = {"sheet": "events"} if one == "csv" else {}
        with open(sys.argv[2], "wb") as file:
            assert write_export(engine, file, format=one, **sheet) == int(sys.argv[3])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
"""


def many(store: Store, count: int) -> None:
    """Pilots that are soon made, each with a record and some text."""
    on = engine(store)
    for number in range(count):
        start(on, id=f"p{number:05}")
    on.fire_many(Fire(f"p{number:05}", "note", LEAD, {"text": "x" * 200}) for number in range(count))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="counts memory as Linux does")
def test_memory_does_not_grow_with_the_number_of_pilots(tmp_path: Path) -> None:
    """Ten times as many pilots are written in all formats, one after the other, in hardly more memory."""
    used = []
    for count in (PILOTS // 10, PILOTS):
        url = sqlite_url(tmp_path, f"many-{count}.db")
        with closing(open_store(url)) as store:
            many(store, count)
        command = [sys.executable, "-c", MEASURING, url, str(tmp_path / "out"), str(count)]
        done = subprocess.run(command, check=True, capture_output=True, cwd=Path(__file__).parents[2])
        used.append(json.loads(done.stdout))
    assert used[1] - used[0] < ROOM, used
