import json
import subprocess
import sys
from pathlib import Path

from tests.domain.life import Life, person
from tests.scale import scaled
from tests.stores import path_url

ROOT = Path(__file__).parents[2]
THREADS = 8
TERMS = {"places": {"employment": 2}, "from": "2026-01-05"}


def process(url: str, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.faults.firing", url, *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_sixteen_threads_in_two_processes_fire_at_one_pilot(tmp_path: Path) -> None:
    """Per version exactly one command wins, the others get a conflict with a later one, and no lesson is lost."""
    wins = scaled(6)
    url = path_url(tmp_path / "pilots.db")
    life = Life(url=url)
    first = life.pilot.version
    racers = [process(url, "race", str(THREADS), str(wins)) for _ in range(2)]
    for one in racers:
        assert one.stdout is not None
        assert "ready\n" == one.stdout.readline()
    for number, one in enumerate(racers):
        assert one.stdin is not None
        one.stdin.write(f"{number}\n")
        one.stdin.flush()
    told = [outcome for one in racers for outcome in json.loads(one.communicate()[0])]

    assert [] == [one for one in told if one[0] == "error"]
    won = {one[1]: one[2] for one in told if one[0] == "won"}
    total = 2 * THREADS * wins
    assert list(range(first + 1, first + total + 1)) == sorted(won)
    assert [] == [one for one in told if one[0] == "lost" and not one[1] < one[2] <= first + total]
    assert [won[version] for version in sorted(won)] == [one.data["text"] for one in life.pilot.records("lesson")]
    assert () == life.engine.verify()
    life.engine.close()


def test_a_process_judges_on_what_another_has_just_signed(tmp_path: Path) -> None:
    """A refusal asked of a second process, right after the first one signed, is judged on what is now stored."""
    url = path_url(tmp_path / "pilots.db")
    life = Life(url=url)
    life.reach("engaging")
    life.supplier("alpha", "willing")
    other = process(url, "ask")
    assert other.stdin is not None
    assert other.stdout is not None

    def asked(line: str) -> list[str]:
        assert other.stdin is not None
        assert other.stdout is not None
        other.stdin.write(f"{line}\n")
        other.stdin.flush()
        codes: list[str] = json.loads(other.stdout.readline())
        return codes

    assert "missing-signature" in asked("coordinator start_implementation")
    for role in ("client_owner", "supplier_lead@alpha"):
        assert "missing-signature" in asked("coordinator start_implementation")
        life.engine.fire(life.id, "sign_agreement", actor=person(role), track="alpha", data=TERMS)
    after = asked("coordinator start_implementation")
    other.stdin.close()
    other.wait()
    other.stdout.close()
    assert "missing-signature" not in after
    assert "missing-roles" in after
    life.engine.close()
