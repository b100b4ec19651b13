import json
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from proeftuin.cli import files
from proeftuin.core.faults import Fault
from proeftuin.definitions import scenario_folder
from proeftuin.hooks import GROUP
from tests.unit.cli.running import COORDINATOR, Run

STORY = scenario_folder() / "dji-sodexo.yaml"


def test_the_demo_tells_a_whole_life(run: Run, tmp_path: Path) -> None:
    """The demo tells the story, pauses to explain, gives timeline, options and figures, and leaves its files."""
    answer = run("demo")
    assert (0, "") == (answer.code, answer.err)
    assert [] == _badly_laid_out(answer.out, 80)
    parts = (
        "DJI and Sodexo",
        "x Procurement officer: Invite (sodexo)",
        "The tale pauses: what can be done on 2019-02-06",
        "Every no is a to-do list",
        "-> Assign a duty with duty Commissioning owner  [assign duty=client_owner]",
        "The tale goes on",
        "... signed; waits for Account manager of the supplier",
        "Jobs of 25.5 hours           2.20",
        "= Justice <5",
        "The pilot's timeline",
        "Closed, outcome: Structurally embedded",
        "What can be done now, and why not the rest",
        "proeftuin verify --store sqlite:///proeftuin-demo.db",
    )
    places = [answer.out.index(part) for part in parts]
    assert sorted(places) == places
    assert ["proeftuin-demo.db", "proeftuin-demo.mmd"] == sorted(path.name for path in tmp_path.iterdir())
    assert "Closed · now" in (tmp_path / "proeftuin-demo.mmd").read_text(encoding="utf-8")


def _badly_laid_out(out: str, columns: int) -> list[str]:
    """The lines that hold colours, are wider than the screen, or end in blanks."""
    return [line for line in out.splitlines() if len(line) > columns or line != line.rstrip() or "\x1b" in line]


def test_the_demo_speaks_dutch(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With `--lang nl` the story, the reasons, the timeline and the diagram are Dutch, on a wide screen too."""
    monkeypatch.setenv("COLUMNS", "120")
    out = run("demo", "--lang", "nl").out
    assert [] == _badly_laid_out(out, 120)
    for part in (
        "Het verhaal pauzeert",
        "Nu uitnodigen is om twee redenen te vroeg",
        "Kijk zelf",
        "Structureel geborgd",
    ):
        assert part in out
    english = ("The tale", "Figures", "refused", "Not yet", "Look for", "Closed", " by ", " waits ", "asks:")
    assert [] == [word for word in english if word in out]
    assert "Afgesloten · nu" in (tmp_path / "proeftuin-demo.mmd").read_text(encoding="utf-8")


def test_the_demo_replaces_only_its_own(run: Run, tmp_path: Path) -> None:
    """A second demo replaces the first; a store, or a file, that it did not make is left alone."""
    assert 0 == run("demo", "--json").code
    assert 0 == run("demo", "--json").code
    run("init", "--store", "sqlite:///mine.db")
    (tmp_path / "text.db").write_text("mine")
    for name in ("mine.db", "text.db"):
        before = (tmp_path / name).read_bytes()
        answer = run("demo", "--store", f"sqlite:///{name}")
        assert (2, True) == (answer.code, "was not made by the demo" in answer.err)
        assert before == (tmp_path / name).read_bytes()
    (tmp_path / "new.mmd").write_text("mine")
    assert "new.mmd was not made by the demo" in run("demo", "--store", "sqlite:///new.db").err
    assert ("mine", False) == ((tmp_path / "new.mmd").read_text(), (tmp_path / "new.db").exists())


def test_the_demo_leaves_a_store_in_which_somebody_else_works(run: Run) -> None:
    """A demo's file that holds another pilot too is no longer the demo's."""
    store = ("--store", "sqlite:///proeftuin-demo.db")
    run("demo", "--json")
    run("start", "existing-contract", "title=t", "organisation=o", *COORDINATOR, *store)
    assert 2 == run("demo").code
    assert 2 == len(run("list", "--json", *store).json["items"])


def test_what_the_demo_leaves_can_be_looked_at(run: Run) -> None:
    """The commands that the demo names at its end work on what it left."""
    store = ("--store", "sqlite:///proeftuin-demo.db")
    made = run("demo", "--json").json
    assert ("dji-sodexo-1", "closed", True) == (made["pilot"], made["state"], made["ok"])
    assert 0 == run("verify", *store).code
    assert "Conclude the pilot: Evaluating -> Closed" in " ".join(run("history", "dji-sodexo", *store).out.split())
    assert 0 == run("options", "dji-sodexo", *store).code
    assert "Persons placed               16" in run("show", "dji-sodexo", *store).out


def test_play_tells_a_scenario_and_keeps_it_where_asked(run: Run, tmp_path: Path) -> None:
    """A scenario plays in memory by default, and twice over into one store where one is named."""
    answer = run("play", str(STORY))
    assert (0, "") == (answer.code, answer.err)
    assert "steps, all as expected" in answer.out
    assert [] == list(tmp_path.iterdir())
    for _ in range(2):
        assert 0 == run("play", str(STORY), "--store", "sqlite:///played.db", "--lang", "nl").code
    assert 2 == len(run("list", "--json", "--store", "sqlite:///played.db").json["items"])


def test_play_as_json_gives_each_step(run: Run) -> None:
    """Scripts get every step with what came of it."""
    played = run("play", str(STORY), "--json").json
    assert (True, "dji-sodexo") == (played["ok"], played["scenario"])
    refused = next(one for one in played["steps"] if one["refused"])
    assert ("invite", {"wrong-state", "missing-commitment"}) == (refused["trigger"], set(refused["refused"]))
    assert {"<5"} == {value for one in played["steps"] if one["answer"] for value in one["answer"]["value"].values()}


def test_play_tells_what_clocks_did(run: Run) -> None:
    """Between the steps stands what became due, taken together; a look at what nobody did is told by its note."""
    out = run("play", str(scenario_folder() / "eight-suppliers.yaml")).out
    assert "  ~ Answer to the invitation, reminder to Contract manager  (5x)\n" in out
    assert "  ~ waste: Lapse: Invited -> Lapsed without an answer\n" in out
    assert "2026-03-15" not in out
    assert "\n2026-03-30 On the twenty-eighth day" in out


def test_play_as_json_tells_what_clocks_did(run: Run) -> None:
    """As JSON each step holds what clocks did since the one before: which term, whom it told, what it moved."""
    steps = run("play", str(scenario_folder() / "stalled.yaml"), "--json").json["steps"]
    first = {"type": "clock.reminded", "on": "2026-01-22", "track": None, "clock": "check_in", "roles": ["coordinator"]}
    assert first == next(one["due"] for one in steps if one["due"])[0]
    kinds = {due["type"] for one in steps for due in one["due"]}
    assert {
        "clock.reminded",
        "clock.escalated",
        "signal.raised",
        "signal.cleared",
        "clock.fired",
        "track.moved",
    } == kinds


def test_play_stops_at_what_comes_out_differently(run: Run, tmp_path: Path) -> None:
    """A scenario that expects something else exits with 1, and tells the line, what was expected and what came."""
    file = tmp_path / "wrong.yaml"
    file.write_text(
        "scenario: wrong\nworkflow: existing-contract\n"
        "actors:\n  ann: {id: ann, roles: [coordinator]}\n"
        "steps:\n"
        "  - {at: 2026-01-05, by: ann, start: {title: t, organisation: o}, then: {state: closed}}\n"
        "  - {at: 2026-01-06, by: ann, fire: add_lesson, data: {text: never reached}}\n"
    )
    answer = run("play", str(file))
    assert 1 == answer.code
    for part in ("step 1 came out differently", "wrong.yaml:6", "expected closed", "came exploring"):
        assert part in answer.err
    assert (1, False) == ((again := run("play", str(file), "--json")).code, again.json["ok"])
    file.write_text("scenario: wrong\n")
    assert 1 == run("play", str(file)).code


def test_lint_checks_workflows_and_scenarios(run: Run, tmp_path: Path) -> None:
    """A folder is searched for both kinds, and faults come as file:line:column, or as JSON."""
    assert 0 == run("lint", str(STORY.parent.parent)).code
    folder = tmp_path / "workflows" / "mine"
    folder.mkdir(parents=True)
    (folder / "v1.yaml").write_text("format: 1\nworkflow: mine\nbogus: 1\n")
    scenario = tmp_path / "workflows" / "scenarios" / "x.yaml"
    scenario.parent.mkdir()
    scenario.write_text("scenario: x\nworkflow: nope\nactors: {}\nsteps:\n  - {at: 2026-01-05, then: {state: a}}\n")
    answer = run("lint", "workflows")
    assert 1 == answer.code
    assert "workflows/mine/v1.yaml:3:1: error: unknown-key" in answer.out
    assert "x.yaml:1:1: error: unknown-workflow: there is no workflow `nope`" in answer.out
    assert "in 2 files" in answer.err
    told = run("lint", "workflows", "--json").json
    assert {"error"} == {one["level"] for one in told["faults"]}
    scenario.write_text("scenario: x\nbogus: 1\n")
    assert "x.yaml:2:1: error: scenario-error" in run("lint", str(scenario)).out
    scenario.write_text("scenario: x\nbogus: 1\n", encoding="utf-8-sig")
    assert "x.yaml:2:1: error: scenario-error" in run("lint", str(scenario)).out, "it begins with a byte order mark"


def test_lint_counts_warnings_only_when_strict(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file with warnings alone passes, and fails with --strict."""
    (tmp_path / "v1.yaml").write_text("format: 1\n")
    monkeypatch.setattr(
        files, "lint_workflow", lambda file, **_: (Fault("odd", "odd", (), "warning", str(file), 1, 1),)
    )
    assert (0, 1) == (run("lint", "v1.yaml").code, run("lint", "v1.yaml", "--strict").code)
    assert json.loads(run("lint", "v1.yaml", "--json").out)["faults"][0]["level"] == "warning"


@pytest.mark.parametrize("words", [("play", str(STORY)), ("demo",), ("demo", "--json")])
def test_a_story_calls_no_hook(run: Run, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]) -> None:
    """What is only played tells nobody, and does not even load the hooks that are installed."""
    points = [EntryPoint("mine", "no.such.module:hook", GROUP)]
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: points if group == GROUP else [])
    assert 0 == run(*words).code
