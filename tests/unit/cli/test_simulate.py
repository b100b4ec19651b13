import json
from pathlib import Path
from typing import Any

import pytest

from proeftuin import Engine
from proeftuin.cli.words import WORDS
from tests.unit.cli.running import Run
from tests.unit.simulation.behaving import COMMITTING, EXPLORING, SUPPLIERS, quick

EXISTING = "existing-contract"


@pytest.fixture
def behaviour(run: Run, tmp_path: Path) -> str:
    """A behaviour file in the folder in which the command runs."""
    del run  # has moved there
    (tmp_path / "quick.yaml").write_text(quick(EXPLORING, COMMITTING) + SUPPLIERS, encoding="utf-8")
    return "quick.yaml"


def test_it_says_first_that_it_is_a_simulation(run: Run, behaviour: str) -> None:
    """The table opens by saying that none of it happened, and ends with what it rests on; nothing is kept."""
    answer = run("simulate", EXISTING, "--pilots", "3", "--seed", "2", "--behaviour", behaviour)
    assert (0, "") == (answer.code, answer.err)
    lines = answer.out.splitlines()
    assert "Simulation: none of this happened." == lines[0]
    told = " ".join(answer.out.split())
    assert "3 pilots under existing-contract@1, from 2026-01-05 until 2027-01-04, seed 2, with a weekly call" in told
    assert "facilitators: 1" in told
    assert "Talking with suppliers 100% (44% .. 100%)" in told
    assert "not ended yet 100% (44% .. 100%)" in told
    assert "It rests on what quick assumes." in told
    assert not Path("proeftuin.db").exists()


def test_it_speaks_dutch_too(run: Run, behaviour: str) -> None:
    """Every line of it is there in Dutch, and all of its words are translated."""
    answer = run("simulate", EXISTING, "--pilots", "1", "--behaviour", behaviour, "--no-calls", "--lang", "nl")
    assert "Simulatie: niets hiervan is gebeurd." == answer.out.splitlines()[0]
    assert "zonder belletjes" in answer.out
    assert "nog niet ten einde" in answer.out
    assert [] == [name for name, (one, two) in WORDS.items() if name.startswith("s-") and not (one and two)]


def test_figures_and_histories_are_written(run: Run, behaviour: str, tmp_path: Path) -> None:
    """Figures are written as JSON with their label, and histories as lines that another store takes in."""
    options = ("--pilots", "2", "--behaviour", behaviour, "--until", "2026-06-01", "--start", "2026-02-02")
    answer = run("simulate", EXISTING, *options, "--json", "out.json", "--history", "out.jsonl")
    assert 0 == answer.code
    found: dict[str, Any] = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert ("simulation", 2, True) == (found["label"], found["pilots"], found["weekly_call"])
    assert ("2026-02-02", "2026-06-01") == (found["begins"], found["ends"])
    with Engine.open("memory://") as other, (tmp_path / "out.jsonl").open(encoding="utf-8") as lines:
        assert 2 == other.import_pilots(lines).pilots
    piped = run("simulate", EXISTING, *options, "--json", "-")
    assert found == piped.json


def test_a_comparison_shows_what_the_calls_changed(run: Run, behaviour: str) -> None:
    """With --compare the same pilots live twice, and what differs is shown under a head of its own."""
    answer = run("simulate", EXISTING, "--pilots", "2", "--behaviour", behaviour, "--compare", "--json", "both.json")
    assert "What the weekly call changed" in answer.out
    assert "The same 2 pilots, lived twice." == answer.out.splitlines()[-1]
    found = json.loads(Path("both.json").read_text(encoding="utf-8"))
    assert (True, False) == (found["with_calls"]["weekly_call"], found["without"]["weekly_call"])


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        ((EXISTING, "--behaviour", "absent.yaml"), 2, "there is no file absent.yaml"),
        (("absent.yaml",), 2, "there is no file absent.yaml"),
        (("absent",), 3, "there is no workflow absent"),
        ((EXISTING, "--until", "soon"), 2, "soon is no day, as in 2026-03-31"),
        ((EXISTING, "--until", "2020-01-01"), 2, "must be after 2026-01-05"),
        ((EXISTING, "--start", "9999-12-01", "--until", "9999-12-31"), 2, "start: must lie in the years 2 to 5000"),
        ((EXISTING, "--start", "0001-01-01", "--until", "0001-03-01"), 2, "start: must lie in the years 2 to 5000"),
        ((EXISTING, "--until", "5001-01-01"), 2, "until: must lie in the years 2 to 5000"),
        ((EXISTING, "--pilots", "0"), 2, "Must be >= 1"),
    ],
)
def test_what_is_asked_wrongly_is_told(run: Run, arguments: tuple[str, ...], code: int, text: str) -> None:
    """A file, a workflow, a day or a number that cannot be used is told, with its exit code."""
    answer = run("simulate", *arguments)
    assert code == answer.code
    assert text in " ".join(answer.err.split())


def test_faults_of_a_behaviour_are_told_with_file_and_line(run: Run, behaviour: str) -> None:
    """A behaviour with faults is refused with every fault at its place."""
    text = Path(behaviour).read_text(encoding="utf-8").replace("by: board", "by: bord").replace("call: 0%", "call: 0")
    Path("wrong.yaml").write_text(text, encoding="utf-8")
    answer = run("simulate", EXISTING, "--behaviour", "wrong.yaml")
    assert 1 == answer.code
    assert "wrong.yaml:11:32: bad-share: a percentage" in answer.err
    assert "unknown-role: there is no role `bord`; did you mean `board`?" in answer.err


def test_progress_is_shown_to_who_sees_it(run: Run, behaviour: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal the error output shows how far it is, and the answer is the same as without."""
    arguments = ("simulate", EXISTING, "--pilots", "1", "--behaviour", behaviour)
    plain = run(*arguments)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    shown = run(*arguments)
    assert (plain.code, plain.out) == (shown.code, shown.out)
    assert "simulating" in shown.err
    assert "100%" in shown.err
