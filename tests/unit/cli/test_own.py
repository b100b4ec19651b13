"""A workflow of one's own: `workflow new`, and what `lint` tells of it."""

import re
from pathlib import Path

import pytest

from proeftuin.definitions import bundled_files, load_workflow
from tests.unit.cli.running import Run


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are written into a folder of their own."""
    monkeypatch.chdir(tmp_path)


def test_a_file_to_start_with(run: Run) -> None:
    """`workflow new` writes NAME.yaml, says what to do next, and what it says works."""
    answer = run("workflow", "new", "ours", "--extends", "existing-contract@1")
    assert (0, True) == (answer.code, "ours.yaml is there, on top of existing-contract@1" in answer.out)
    assert "ours@1" == load_workflow(Path("ours.yaml")).id
    for line in re.findall(r"^ +proeftuin (.*?)  ", answer.out, re.MULTILINE):
        assert 0 == run(*line.split()).code
    assert "ours.yaml, the same as existing-contract@1" in run("lint", "ours.yaml").out


def test_a_file_in_dutch_and_elsewhere(run: Run) -> None:
    """With --lang the comments are Dutch, with --out it goes elsewhere, and scripts get JSON."""
    Path("deep").mkdir()
    told = run("workflow", "new", "ons", "--out", "deep/x.yaml", "--lang", "nl", "--json").json
    assert {"file": "deep/x.yaml", "workflow": "ons", "extends": "existing-contract@1"} == told
    assert "Wie er zijn." in Path("deep/x.yaml").read_text(encoding="utf-8")


def test_a_file_on_top_of_a_file(run: Run) -> None:
    """A file beside it may be the base, by its name; one in another folder may not."""
    assert 0 == run("workflow", "new", "ours").code
    assert 0 == run("workflow", "new", "town", "--extends", "./ours.yaml").code
    assert "\nextends: ours.yaml\n" in Path("town.yaml").read_text(encoding="utf-8")
    assert 0 == run("lint", "town.yaml").code
    Path("deep").mkdir()
    answer = run("workflow", "new", "far", "--extends", "ours.yaml", "--out", "deep/far.yaml")
    assert (2, True) == (answer.code, "in the same folder" in answer.err)


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        (("Ours",), 2, "no name of a workflow"),
        (("../ours",), 2, "no name of a workflow"),
        (("existing-contract",), 2, "a name of its own"),
        (("ours", "--extends", "nowhere@1"), 3, "no workflow nowhere@1"),
        (("ours", "--extends", "common@1"), 3, "no workflow common@1"),
        (("ours", "--extends", "nowhere.yaml"), 2, "no file nowhere.yaml"),
        (("ours", "--out", "nowhere/ours.yaml"), 5, "nowhere"),
        (("there",), 2, "there is a file there.yaml already"),
    ],
)
def test_what_cannot_be_written(run: Run, arguments: tuple[str, ...], code: int, text: str) -> None:
    """A bad name, an unknown base, or a file in the way is told, and no file is touched."""
    Path("there.yaml").write_text("mine\n", encoding="utf-8")
    answer = run("workflow", "new", *arguments)
    assert (code, True) == (answer.code, text in answer.err)
    assert [Path("there.yaml")] == list(Path().iterdir())
    assert "mine\n" == Path("there.yaml").read_text(encoding="utf-8")


def test_lint_tells_what_differs_from_the_base(run: Run) -> None:
    """What a file adds, changes and leaves out of the workflow below it is told by name, in words or as JSON."""
    Path("ours.yaml").write_text(
        "format: 1\nworkflow: ours\nversion: 1\nextends: existing-contract@1\nwithout: [snooze]\n"
        "label: {nl: Onze contracten}\n"
        "roles: {lawyer: {side: client, label: {en: Lawyer, nl: Jurist}}, coordinator: {label: {nl: Aanjager}}}\n"
        "edges: [{trigger: record_sponsorship, from: any_open, allow: [lawyer], records: [{add: sponsorship}]}]\n",
        encoding="utf-8",
    )
    out = " ".join(run("lint", "ours.yaml").out.split())
    assert "ours.yaml, on top of existing-contract@1 added: role lawyer" in out
    assert "changed: its label; role coordinator (label); trigger record_sponsorship (allow)" in out
    assert "left out: trigger snooze" in out
    assert "weggelaten: handeling snooze" in run("lint", "ours.yaml", "--lang", "nl").out
    (top,) = run("lint", "ours.yaml", "--json").json["on_top"]
    assert ("ours.yaml", "existing-contract@1", "ours@1") == (top["file"], top["base"], top["workflow"])
    assert {"what": "left-out", "kind": "trigger", "name": "snooze", "keys": []} in top["differences"]


def test_lint_of_what_builds_on_no_workflow_tells_no_differences(run: Run) -> None:
    """The bundled workflows, which share bases, are linted without a word about those."""
    folder = next(iter(bundled_files().values())).parents[1]
    answer = run("lint", str(folder))
    assert (0, "") == (answer.code, answer.out)
    assert [] == run("lint", str(folder), "--json").json["on_top"]
