"""`publish`, and what `lint --locked` then says."""

import json
import shutil
from pathlib import Path

import pytest

from proeftuin.definitions.catalogue import LOCK, bundled_folder
from tests.unit.cli.running import COORDINATOR, Run
from tests.unit.engines import FLOW
from tests.versioning import EDITED


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A published file in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    Path("talks.yaml").write_text(FLOW, encoding="utf-8")


def test_it_says_what_it_published(run: Run) -> None:
    """What is new is listed, for people and for scripts; published again, nothing is."""
    answer = run("publish", "talks.yaml")
    assert (0, True) == (answer.code, "+ talks@1  " in answer.out)
    assert [] == run("publish", "talks.yaml", "--json").json
    assert "Alles was al gepubliceerd." in run("publish", "talks.yaml", "--lang", "nl").out
    Path(LOCK).unlink()
    (told,) = run("publish", "talks.yaml", "--json").json
    assert ("workflow", "talks", 1, 64) == (told["kind"], told["name"], told["version"], len(told["hash"]))


def test_lint_locked_judges_what_lint_alone_lets_pass(run: Run) -> None:
    """An edited file passes `lint`, fails `lint --locked` with exit code 1, and is not published over what is there."""
    run("publish", "talks.yaml")
    assert 0 == run("lint", "--locked", "talks.yaml").code
    Path("talks.yaml").write_text(EDITED, encoding="utf-8")
    assert 0 == run("lint", "talks.yaml").code
    answer = run("lint", "--locked", "talks.yaml")
    assert (1, True) == (answer.code, "talks.yaml:1:1: error: changed-version: talks@1 " in answer.out)
    told = run("lint", "--locked", "--json", "talks.yaml").json
    assert ["changed-version"] == [one["code"] for one in told["faults"] if one["level"] == "error"]
    before = Path(LOCK).read_bytes()
    assert 1 == run("publish", "talks.yaml").code
    assert before == Path(LOCK).read_bytes()


def test_no_command_takes_a_published_file_that_was_edited(run: Run) -> None:
    """A command that is given an edited file ends with exit code 1, and says what changed."""
    run("publish", "talks.yaml")
    Path("talks.yaml").write_text(EDITED, encoding="utf-8")
    Path("rows.csv").write_text("pilot,date,trigger,workflow\nP-1,2026-01-05,start,talks\n", encoding="utf-8")
    assert 0 == run("init", "--store", "sqlite:///one.db").code
    answer = run("import", "--from", "rows.csv", "--workflow", "talks.yaml", "--store", "sqlite:///one.db")
    assert (1, True) == (answer.code, "changed-version" in answer.err)


def test_the_bundled_folder_is_as_it_was_published(run: Run) -> None:
    """The gate of the project: every bundled file is what its line says, and one that is edited is told."""
    assert 0 == run("lint", "--locked", f"{bundled_folder()}").code
    shutil.copytree(bundled_folder(), "workflows")
    file = Path("workflows", "programme", "v1.yaml")
    file.write_text(file.read_text(encoding="utf-8").replace("en: ", "en: A ", 1), encoding="utf-8")
    answer = run("lint", "--locked", "workflows")
    assert (1, True) == (answer.code, f"{file}:1:1: error: changed-version: programme@1 " in answer.out)


@pytest.mark.parametrize("path", ["nowhere.yaml", "."])
def test_where_there_is_nothing_to_publish_that_is_said(run: Run, path: str) -> None:
    """A path without a workflow file is a mistake in the command."""
    Path("talks.yaml").unlink()
    answer = run("publish", path, "--json")
    assert (2, 2) == (answer.code, json.loads(answer.err)["exit"])


def test_rows_that_begin_by_an_edited_file_are_refused(run: Run) -> None:
    """A sheet that would begin a pilot by an edited, unpublished file is refused row by row, with what to do."""
    assert 0 == run("init", "--store", "sqlite:///two.db").code
    rows = "pilot,date,trigger,workflow,actor,role,title\nP-1,2026-01-05,start,talks,anna,lead,Canteen\n"
    Path("rows.csv").write_text(rows, encoding="utf-8")
    given = ("import", "--from", "rows.csv", "--workflow", "talks.yaml", "--store", "sqlite:///two.db")
    assert 0 == run(*given).code
    Path("talks.yaml").write_text(EDITED, encoding="utf-8")
    Path("rows.csv").write_text(rows.replace("P-1", "P-2"), encoding="utf-8")
    answer = run(*given)
    assert (1, True) == (answer.code, "give the change the next version" in " ".join(answer.out.split()))
    assert 0 == run("list", "--store", "sqlite:///two.db", *COORDINATOR).code


def test_without_a_path_it_says_what_to_name(run: Run) -> None:
    """Where there is no folder of workflows, and no path was given, the answer is what to name."""
    answer = run("publish")
    assert (2, True) == (answer.code, "name a workflow file" in answer.err)
    assert "noem een workflowbestand" in run("publish", "--lang", "nl").err
