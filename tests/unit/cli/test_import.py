"""`import` of a spreadsheet, as a programme manager meets it."""

from pathlib import Path

import pytest

from proeftuin.intake import take_in
from tests.unit.cli.running import Run
from tests.unit.intake.sheets import SAMPLE, begun, done, engine, mended, sheet


def _sheet(folder: Path, content: bytes) -> str:
    (folder / "pilots.csv").write_bytes(content)
    return "pilots.csv"


def test_the_sample_is_told_row_by_row(run: Run, store: Path) -> None:
    """Rows that hold are told in stretches, each mistake at its row with what to do, and then what was written."""
    answer = run("import", "--from", str(SAMPLE))
    assert (1, "") == (answer.code, answer.err)
    lines = answer.out.splitlines()
    assert "row  pilot  verdict" == lines[0].strip()
    assert "    128  PT-05  refused: Start the evaluation" in lines
    assert "123-127  PT-05  accepted" in lines
    assert "129-138  PT-05  not reached" in lines
    told = " ".join(answer.out.split())
    assert "-> Complete the exploration [complete_exploration]" in told
    assert 'Did you mean "schoonschip"? unknown-track' in told
    assert "Nothing was written." in told
    assert "--partly" not in told
    assert [] == run("list", "--json").json["items"]


def test_the_same_in_dutch(run: Run, store: Path) -> None:
    """In Dutch the verdicts, the reasons and the remedies are Dutch."""
    told = " ".join(run("import", "--from", str(SAMPLE), "--lang", "nl").out.split())
    assert "PT-10 geweigerd: Principebesluit vastleggen - Met uw rol kan dit hier niet." in told
    assert '"uren per week" is geen getal.' in told
    assert "Er is niets geschreven." in told


def test_what_holds_can_be_written_alone(run: Run, store: Path, tmp_path: Path) -> None:
    """Where rows are refused the hint says so, and `--partly` writes the pilots that hold; the exit code stays 1."""
    file = _sheet(tmp_path, mended({1, 49}))
    assert "write the 4 pilots that hold with --partly" in " ".join(run("import", "--from", file).out.split())
    partly = run("import", "--from", file, "--partly")
    assert (1, True) == (partly.code, "+ 4 pilots written" in partly.out)
    assert 4 == run("counts", "--json").json["pilots"]


def test_a_sheet_that_holds_is_written_once(run: Run, store: Path, tmp_path: Path) -> None:
    """First a dry run, then the import, then the same again: only the second writes, and all exit with 0."""
    file = _sheet(tmp_path, mended())
    dry = run("import", "--from", file, "--dry-run")
    assert (0, True) == (dry.code, "Without --dry-run 15 pilots could be written." in " ".join(dry.out.split()))
    assert 0 == run("counts", "--json").json["pilots"]
    assert (0, True) == ((done_ := run("import", "--from", file)).code, "+ 15 pilots written" in done_.out)
    again = run("import", "--from", file)
    assert (0, True) == (again.code, "275 rows: there already 275." in again.out)
    assert "Everything is whole: 15 pilots." in run("verify").out


def test_a_script_gets_every_row(run: Run, store: Path) -> None:
    """In JSON each row has its number, verdict, codes, texts and remedies, and the counts add up."""
    answer = run("import", "--from", str(SAMPLE), "--json")
    found = answer.json
    assert (1, False, []) == (answer.code, found["ok"], found["written"])
    assert 276 == len(found["rows"])
    assert 275 == sum(found["counts"].values())
    row = next(one for one in found["rows"] if one["row"] == 128)
    assert ("PT-05", "refused", "start_evaluation") == (row["pilot"], row["verdict"], row["trigger"])
    assert "complete_exploration" == row["blockers"][0]["missing"][0]["trigger"]
    assert row["blockers"][0]["text"].startswith("Not yet:")


def test_each_row_can_be_told(run: Run, store: Path, tmp_path: Path) -> None:
    """With `--each` every row has a line that says what it does."""
    file = _sheet(tmp_path, sheet(begun(), done("add_lesson", text="x"), done("add_lesson", text="y")))
    lines = [line.strip() for line in run("import", "--from", file, "--each", "--dry-run").out.splitlines()]
    assert ["2  P-1    accepted: Start a pilot", "3  P-1    accepted: Write down a lesson"] == lines[1:3]


def test_a_signature_that_is_missing_at_the_end_is_told(run: Run, store: Path, tmp_path: Path) -> None:
    """A pilot whose rows end between two signatures is written, and who is to sign is named."""
    rows = mended().decode().splitlines(keepends=True)
    file = _sheet(tmp_path, "".join([rows[0], *rows[34:57]]).encode())
    told = " ".join(run("import", "--from", file).out.split())
    assert "accepted: Sign the agreement (blinkend) ... signed; waits for Account manager of the supplier" in told


def test_a_workflow_of_ones_own_can_be_named(run: Run, store: Path, tmp_path: Path) -> None:
    """Rows may follow a workflow file that is given, and a file that is not there is wrong usage."""
    (tmp_path / "mine.yaml").write_text(
        "format: 1\nworkflow: mine\nversion: 1\nlabel: {en: Mine, nl: Mijn}\n"
        "roles: {ann: {label: {en: Ann, nl: Ann}}}\n"
        "start: {to: begun, allow: [ann], data: {title: {type: text, label: {en: Title, nl: Titel}}}}\n"
        "states:\n  begun: {phase: exploration, label: {en: Begun, nl: Begonnen}}\n"
        "  done: {phase: closed, final: true, label: {en: Done, nl: Klaar}}\n"
        "edges:\n  - {trigger: finish, from: begun, to: done, allow: [ann], label: {en: Finish, nl: Afronden}}\n"
    )
    rows = "pilot,date,trigger,workflow,actor,role\nM-1,2026-01-05,start,mine,a,ann\nM-1,2026-01-06,finish,,a,ann\n"
    file = _sheet(tmp_path, rows.encode())
    assert 0 == run("import", "--from", file, "--workflow", "mine.yaml").code
    assert "Done" in run("counts").out
    assert 2 == run("import", "--from", file, "--workflow", "other.yaml").code


@pytest.mark.parametrize(("content", "code"), [(b"PK\x03\x04", "workbook"), (b"", "empty-sheet")])
def test_what_is_no_sheet_is_refused(run: Run, store: Path, tmp_path: Path, content: bytes, code: str) -> None:
    """A workbook and an empty file are told as findings in row 1."""
    answer = run("import", "--from", _sheet(tmp_path, content))
    assert (1, True) == (answer.code, code in answer.out)


def test_a_file_that_is_not_there_is_wrong_usage(run: Run, store: Path) -> None:
    """A mistyped name exits with 2, before the store is looked at."""
    answer = run("import", "--from", "nowhere.csv")
    assert (2, "error: there is no file nowhere.csv\n") == (answer.code, answer.err)


def test_pilots_that_were_taken_meanwhile_are_a_conflict(
    run: Run, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where somebody begins a pilot between the judgement and the writing that is told, and the exit code is 4."""
    from attrs import evolve  # noqa: PLC0415  # used here alone

    with engine() as one:
        report = evolve(take_in(one, sheet(begun()), dry_run=True), taken=("P-1",))
    monkeypatch.setattr("proeftuin.intake.take_in", lambda *_, **__: report)
    answer = run("import", "--from", _sheet(tmp_path, sheet(begun())))
    assert (4, True) == (answer.code, "begun by somebody else meanwhile, and left alone: P-1" in answer.out)
