import json
import subprocess
import sys
from pathlib import Path

from proeftuin.core.evolve import replay
from proeftuin.storage import open_store
from proeftuin.storage.verify import verify
from tests.scale import scaled
from tests.stores import TENANT, advance, begin, changed, path_url, stored, versions, written

ROOT = Path(__file__).parents[2]
PROCESSES, THREADS = 2, 8


def test_two_processes_of_eight_threads_lose_no_update(tmp_path: Path) -> None:
    """Per version exactly one writer of sixteen wins, the others get a conflict with a later one, and all is kept."""
    wins = scaled(12)
    url = path_url(tmp_path / "pilots.db")
    store = open_store(url)
    begin(store)
    store.close()
    command = [sys.executable, "-m", "tests.faults.contending", url, str(THREADS), str(wins)]
    racers = [
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(PROCESSES)
    ]
    for one in racers:
        assert one.stdout is not None
        assert "ready\n" == one.stdout.readline()
    for number, one in enumerate(racers):
        assert one.stdin is not None
        one.stdin.write(f"{number}\n")
        one.stdin.flush()
    told = [outcome for one in racers for outcome in json.loads(one.communicate()[0])]

    total = PROCESSES * THREADS * wins
    won = {outcome[1]: outcome[2] for outcome in told if outcome[0] == "won"}
    lost = [outcome[1:] for outcome in told if outcome[0] == "lost"]
    assert len(told) == total + len(lost)
    assert list(range(2, total + 2)) == sorted(won)
    assert [] == [one for one in lost if not one[0] < one[1] <= total + 1]

    store = open_store(url)
    final = stored(store)
    assert final is not None
    assert (total + 1, total, won[total + 1]) == (final.version, final.data["count"], final.data["winner"])
    assert list(range(1, total + 2)) == versions(store)
    assert [] == list(verify(store, TENANT, replay=replay))
    store.close()


def test_what_another_process_wrote_is_seen_by_the_next_read(tmp_path: Path) -> None:
    """A second process reads, judges and loses on what is stored now, not on what it saw before."""
    url = path_url(tmp_path / "pilots.db")
    store = open_store(url)
    pilot = begin(store)
    code = f"""
from proeftuin.storage import open_store
from tests.stores import advance, stored
store = open_store({url!r})
advance(store, stored(store), 3)
store.close()
"""
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
    current = stored(store)
    assert current is not None
    assert 4 == current.version
    loaded = store.load(TENANT, "p1", have=pilot.version)
    assert loaded is not None
    assert loaded.head is not None
    store.append(written(current, changed(current))[0])
    assert 6 == advance(store, stored(store) or pilot).version
    store.close()
