"""Pilots as files by command: `export --format`."""

import csv
import io
import sys
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest

from proeftuin import Actor, Engine
from proeftuin.cli.whole import whole_file
from proeftuin.exports import FORMATS
from proeftuin.exports._export import Export
from tests.unit.cli.running import Run

BEGINS = {
    "jsonl": b'{"at":', "xes": b"<?xml", "ocel": b'{"objectTypes"', "csv": b"pilot,", "xlsx": b"PK", "ics": b"BEGIN:",
}  # fmt: skip
LEAD = Actor("anna", roles={"coordinator"})
pytestmark = pytest.mark.usefixtures("pilots")


@pytest.fixture(scope="session")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with two pilots of two organisations, to copy."""
    file = tmp_path_factory.mktemp("two") / "two.db"
    with Engine.open(f"sqlite:///{file}") as engine:
        for name, title, place in (("canteen", "=1+1", "West"), ("garden", "Garden", "Oost")):
            data = {"title": title, "organisation": place}
            engine.start("existing-contract", actor=LEAD, data=data, id=name)
    return file


@pytest.fixture
def pilots(run: Run, two: Path, tmp_path: Path) -> None:  # it makes what the command finds
    """Two pilots in the folder in which the command runs."""
    copyfile(two, tmp_path / "proeftuin.db")


@pytest.mark.parametrize("format_", FORMATS)
def test_each_format_is_a_file_and_a_stream(run: Run, tmp_path: Path, format_: str) -> None:
    """A format is written to a file, and told; to the standard output it is written alone."""
    answer = run("export", "--format", format_, "--out", "out")
    assert (0, "2 pilots") == (answer.code, answer.out[2:10])
    written = (tmp_path / "out").read_bytes()
    assert written.startswith(BEGINS[format_])
    told = run("export", "--format", format_, "--out", "again", "--json").json
    assert {"file": "again", "format": format_, "pilots": 2, "personal": False} == told
    if format_ != "xlsx":  # no text, and the output is captured as text here
        assert run("export", "--format", format_, "--out", "-").out.encode().startswith(BEGINS[format_])


def test_pilots_are_chosen_by_name_or_by_filter(run: Run) -> None:
    """A name, the beginning of one and the filters of `list` choose which pilots; a name and a filter are too much."""

    def chosen(*given: str) -> list[str]:
        return [row["pilot"] for row in csv.DictReader(io.StringIO(run("export", *EXPORT, *given).out))]

    assert ["canteen", "garden"] == chosen()
    assert ["canteen"] == chosen("canteen") == chosen("cant") == chosen("--organisation", "West")
    assert [] == chosen("--organisation", "Nobody")
    answer = run("export", *EXPORT, "canteen", "--state", "exploring")
    assert (2, True) == (answer.code, "not both" in answer.err)


EXPORT = ("--format", "csv", "--out", "-")


def test_sheets_are_in_the_language_that_was_asked_for(run: Run) -> None:
    """Another sheet is asked for by its word, its cells are in either language, and no cell is a formula."""
    rows = list(csv.DictReader(io.StringIO(run("export", *EXPORT).out)))
    assert ("'=1+1", "Exploring") == (rows[0]["title"], rows[0]["state"])
    (row, *_) = csv.DictReader(io.StringIO(run("export", *EXPORT, "--sheet", "events", "--lang", "nl").out))
    assert "Projectleider" == row["role"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (("--format", "pdf"), "Choose from"),
        (("--format", "csv", "--sheet", "nothing"), "there are: pilots, tracks"),
        (("--format", "xes", "--sheet", "pilots"), "goes with csv"),
        (("--format", "jsonl", "--people"), "names them anyway"),
        (("--format", "xes", "--personal", "--as", "f", "--reason", "r"), "whole pilots alone"),
        (("--personal",), "say who does it and why"),
        (("--seen", "--format", "csv", "--as", "m", "--role", "monitor"), "--seen goes with jsonl alone"),
        (("--reason", "r"), "--reason goes with --personal alone"),
        (("--seen",), "say who acts"),
    ],
)
def test_what_makes_no_sense_is_told(run: Run, tmp_path: Path, given: tuple[str, ...], words: str) -> None:
    """Options that do not go together, and words that are none, are told with what to do, and nothing is written."""
    answer = run("export", "--out", "out", *given)
    assert (2, True) == (answer.code, words in " ".join(answer.err.split())), answer.err
    assert ["proeftuin.db"] == [one.name for one in tmp_path.iterdir()]


def test_a_workbook_is_not_shown_on_a_screen(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is no text is not written to a terminal."""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    answer = run("export", "--format", "xlsx", "--out", "-")
    assert (2, True) == (answer.code, "no text to look at" in answer.err)


def test_a_terminal_is_given_no_control_characters(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a terminal would obey is shown as a question mark; a file or a pipe gets it as it was told."""
    with Engine.open(f"sqlite:///{tmp_path / 'proeftuin.db'}") as engine:
        data = {"title": "a\x1b]0;b\x07c\x9bd\ne", "organisation": "West"}
        engine.start("existing-contract", actor=LEAD, data=data, id="hostile")
    assert "a\x1b]0;b\x07c\x9bd\ne" in run("export", *EXPORT, "hostile").out
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    shown = run("export", *EXPORT, "hostile").out
    assert "a?]0;b?c?d\ne" in shown
    assert shown.endswith("\r\n")


def test_a_terminal_is_not_sent_back_to_the_start_of_its_line(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A return that ends no line is shown as a question mark too: what follows it would cover what was told."""
    with Engine.open(f"sqlite:///{tmp_path / 'proeftuin.db'}") as engine:
        data = {"title": "true\rforged", "organisation": "West"}
        engine.start("existing-contract", actor=LEAD, data=data, id="cover")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    shown = run("export", *EXPORT, "cover").out
    assert (True, 2) == ("true?forged" in shown, shown.count("\r"))


def test_no_letter_is_lost_on_a_terminal(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A letter of several bytes that two pieces of a stream share is shown whole."""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    raw = "\N{EURO SIGN}".encode()
    with whole_file("-") as file:
        file.writelines([raw[:1], raw[1:]])
    assert "\N{EURO SIGN}" == capsys.readouterr().out


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("failure", [OSError(28, "No space left on device", "out"), KeyboardInterrupt()])
def test_a_file_is_there_whole_or_not_at_all(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format_: str, failure: BaseException
) -> None:
    """An export that fails or is stopped half-way leaves the file of last time as it was, and nothing beside it."""
    (tmp_path / "out").write_text("of last time")
    before = sorted(file.name for file in tmp_path.iterdir())

    def broken(self: Export, found: Any) -> Any:
        del self  # as the method that it takes the place of
        yield next(iter(found))
        raise failure

    monkeypatch.setattr(Export, "_counted", broken)
    assert run("export", "--format", format_, "--out", "out").code in {5, 130}
    assert "of last time" == (tmp_path / "out").read_text()
    assert before == sorted(file.name for file in tmp_path.iterdir())


def test_a_role_sees_its_own(run: Run) -> None:
    """With a role a format holds what that person sees, and the answer says so."""
    answer = run("export", "--format", "ocel", "--out", "out", "--as", "m", "--role", "monitor")
    assert (0, True) == (answer.code, "0 pilots, as far as this role sees them" in answer.out)


def test_a_bar_is_shown_to_who_looks(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal a bar shows how far it is, beside what is written and gone when it is done."""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    answer = run("export", *EXPORT)
    assert (0, 3) == (answer.code, len(answer.out.splitlines()))
