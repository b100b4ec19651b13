"""Another version under running pilots, by command: judged, applied, undone, in words and as JSON."""

import gzip
from pathlib import Path

import pytest

from proeftuin.cli import migrate
from tests.unit.cli.running import Run
from tests.versions.offers import ANSWER, FLOW

AS = ("--as", "ada", "--reason", "new rules")
LEAD = ("--as", "lead-1", "--role", "lead")
TWO = FLOW.replace("version: 1", "version: 2").replace(ANSWER, ANSWER.replace("28 days", "20 days"))


@pytest.fixture
def kept(run: Run, store: Path) -> None:
    """A store with two pilots, and the file of the next version beside it."""
    del store  # it is empty, and here
    Path("one.yaml").write_text(FLOW, encoding="utf-8")
    Path("two.yaml").write_text(TWO, encoding="utf-8")
    for name in ("p", "q"):
        answer = run("start", "./one.yaml", "title=Lunches", "--id", name, *LEAD)
        assert 0 == answer.code, answer.err
    assert 0 == run("fire", "p", "ask", *LEAD).code


@pytest.mark.usefixtures("kept")
def test_it_judges_plans_and_moves(run: Run) -> None:
    """What is open is told and written down; completed it moves the pilots, and moves them back."""
    asked = run("migrate", "two.yaml", "--from", "1", "--out", "plan.yaml")
    assert (1, True, True) == (asked.code, "The term answer" in asked.out, "2 pilots can go on" in asked.out)
    text = Path("plan.yaml").read_text(encoding="utf-8")
    Path("plan.yaml").write_text(text.replace("undecided  # changed", "keep"), encoding="utf-8")
    move = ("migrate", "two.yaml", "--from", "1", "--plan", "plan.yaml")
    assert 0 == run(*move).code
    assert 2 == run(*move, "--apply").code, "nobody said who, and why"
    assert 2 == run(*move, "--apply", "--undo", *AS).code
    for way in ("--apply", "--undo"):
        assert 2 == run(*move, way, *AS, "--out", "other.yaml").code, "no plan would be written"
    assert {"done": 2, "left": 0, "gone_on": 0} == run(*move, "--apply", *AS, "--json").json
    assert "Goes on under offers@2: new rules" in run("history", "p").out
    assert 0 == run("fire", "q", "ask", *LEAD).code
    back = run(*move, "--undo", *AS, "--lang", "nl")
    assert (1, True) == (back.code, "1 proeftuin teruggebracht" in back.out)
    assert "offers@1" in run("show", "p").out


@pytest.mark.usefixtures("kept")
def test_what_needs_a_decision_is_named(run: Run) -> None:
    """Each pilot that cannot go on yet is named with the reason, in words and in JSON."""
    changed = TWO.replace("asked:", "wanted:").replace("asked", "wanted")
    Path("two.yaml").write_text(changed, encoding="utf-8")
    asked = run("migrate", "two.yaml", "--from", "1")
    assert (1, True) == (asked.code, 'The new version has no state "asked"' in asked.out)
    told = run("migrate", "two.yaml", "--from", "1", "--json")
    assert [{"pilot": "p", "verdict": "decide", "codes": ["state-gone"]}] == told.json["pilots"]
    assert {"fine": 1, "decide": 1} == told.json["counts"]
    assert "1 pilot needs a decision" in asked.out


@pytest.mark.usefixtures("kept")
def test_of_many_pilots_the_first_are_named_and_the_rest_counted(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where more pilots are in the way than are shown, it is said how many more there are."""
    Path("two.yaml").write_text(TWO.replace("asked:", "wanted:").replace("asked", "wanted"), encoding="utf-8")
    assert 0 == run("fire", "q", "ask", *LEAD).code
    assert "more)" not in run("migrate", "two.yaml", "--from", "1").out
    monkeypatch.setattr(migrate, "FEW", 1)
    assert "(and 1 more)" in run("migrate", "two.yaml", "--from", "1").out


@pytest.mark.usefixtures("kept")
def test_a_plan_that_is_there_is_left_alone(run: Run) -> None:
    """A plan that somebody may have completed is never written over, whatever is asked."""
    Path("plan.yaml").write_text("ours", encoding="utf-8")
    answer = run("migrate", "two.yaml", "--from", "1", "--out", "plan.yaml")
    assert (2, True) == (answer.code, "there is a file plan.yaml already" in answer.err)
    assert "ours" == Path("plan.yaml").read_text(encoding="utf-8")


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("migrate", "two.yaml", "--from", "2"), "two.yaml is version 2 itself"),
        (("migrate", "three.yaml", "--from", "1"), "there is no file three.yaml"),
        (("migrate", "two.yaml", "--from", "1", "--plan", "plan.yaml"), "there is no file plan.yaml"),
        (("replay", "--histories", "one.yaml", "--workflow", "three.yaml"), "there is no file three.yaml"),
        (("replay", "--histories", "none", "--workflow", "two.yaml"), "none holds no histories"),
    ],
)
def test_what_is_given_wrongly_is_named(run: Run, arguments: tuple[str, ...], says: str) -> None:
    """A version to itself and a file that is not there are told in the words of the command."""
    answer = run(*arguments)
    assert (2, True) == (answer.code, says in answer.err), answer.err


@pytest.mark.usefixtures("kept")
def test_that_nobody_runs_is_said(run: Run) -> None:
    """Where no pilot follows the old version this is told, and is no fault."""
    Path("three.yaml").write_text(FLOW.replace("version: 1", "version: 3"), encoding="utf-8")
    assert 0 == run("start", "./three.yaml", "title=Lunches", "--id", "r", *LEAD).code
    Path("two.yaml").write_text(FLOW.replace("version: 1", "version: 4"), encoding="utf-8")
    assert 0 == run("migrate", "two.yaml", "--from", "3", "--apply", *AS).code
    answer = run("migrate", "two.yaml", "--from", "3", "--lang", "nl")
    assert (0, "onder offers@3 loopt geen proeftuin") == (answer.code, answer.out.strip())
    assert "Workflowbeheerder" in run("history", "r", "--lang", "nl").out


@pytest.mark.usefixtures("kept")
def test_histories_of_another_workflow_prove_nothing(run: Run) -> None:
    """Histories of which none can be compared are an error, and a file that holds no histories is named."""
    assert 0 == run("export", "--out", "histories.jsonl").code
    Path("other.yaml").write_text(FLOW.replace("workflow: offers", "workflow: others"), encoding="utf-8")
    answer = run("replay", "--histories", "histories.jsonl", "--workflow", "other.yaml")
    assert (2, True) == (answer.code, "follows a version of others" in answer.err)
    answer = run("replay", "--histories", "one.yaml", "--workflow", "two.yaml")
    assert (1, True) == (answer.code, "one.yaml: line 1" in answer.err), answer.err


@pytest.mark.usefixtures("kept")
def test_histories_that_cannot_be_read_are_named(run: Run) -> None:
    """A file that is no text, and one that was packed and is damaged, is told by its name."""
    assert 0 == run("export", "--out", "histories.jsonl").code
    packed = gzip.compress(Path("histories.jsonl").read_bytes())
    wrong = {
        "latin.jsonl": b"caf\xe9\n",
        "cut.jsonl.gz": packed[:-12],
        "junk.jsonl.gz": packed[:10] + b"zzzzzzzzzz",
        "bare.jsonl.gz": b"hello",
    }
    for name, raw in wrong.items():
        Path(name).write_bytes(raw)
        answer = run("replay", "--histories", name, "--workflow", "two.yaml")
        assert (1, "", True) == (answer.code, answer.out, answer.err.startswith(f"error: {name}: ")), answer.err
