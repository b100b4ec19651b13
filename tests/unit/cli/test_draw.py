"""`proeftuin diagram` and `proeftuin timeline`, as pictures."""

import sqlite3
import sys
from pathlib import Path

import pytest

from tests.unit.cli.running import COORDINATOR, SUPPLIER, Run
from tests.unit.cli.test_time import damage

PNG = b"\x89PNG\r\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("diagram", "existing-contract", "--format", "svg"), "Lifecycle: Existing contracts"),
        (("diagram", "--pilot", "C-1", "--format", "svg"), "Pilot Catering"),
        (("diagram", "existing-contract", "--pilots"), "Pilots in each state: Existing contracts"),
        (("timeline", "C-1"), "The life of Catering"),
        (("timeline",), "The life of 1 pilot"),
        (("timeline", "--workflow", "tender"), "The lives of 0 pilots"),
        (("timeline", "C-1", "--lang", "nl"), "De levensloop van Catering"),
    ],
)
def test_a_picture_is_written_to_the_standard_output(
    run: Run, pilot: str, arguments: tuple[str, ...], told: str
) -> None:
    """What is drawn comes as SVG, with its title in the language asked for."""
    answer = run(*arguments)
    assert (0, "") == (answer.code, answer.err)
    assert (answer.out[:5], answer.out[-6:], f">{told}</title>" in answer.out) == ("<svg ", "</svg>", True)


@pytest.mark.parametrize("arguments", [("diagram", "existing-contract"), ("diagram", "--pilot", "C-1"), ("timeline",)])
def test_the_form_follows_from_the_name_of_the_file(
    run: Run, pilot: str, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    """A file gets the form that its name says, and the command says where it is."""
    for name, begins in (("a.svg", b"<svg "), ("a.png", PNG), ("B.SVG", b"<svg ")):
        answer = run(*arguments, "--out", name)
        assert (0, f"+ drawn, in {name}\n") == (answer.code, answer.out)
        assert (tmp_path / name).read_bytes().startswith(begins)
    assert {"file": "a.svg"} == run(*arguments, "--out", "a.svg", "--json").json


def test_text_can_be_written_to_a_file_too(run: Run, tmp_path: Path) -> None:
    """Mermaid text and a sheet go into the file that was named."""
    assert 0 == run("diagram", "existing-contract", "--out", "a.mmd").code
    assert 0 == run("diagram", "existing-contract", "--sheet", "--out", "a.html").code
    assert (tmp_path / "a.mmd").read_text(encoding="utf-8") == run("diagram", "existing-contract").out
    assert "<html" in (tmp_path / "a.html").read_text(encoding="utf-8")


def test_as_json_a_picture_has_its_words_and_its_table(run: Run, pilot: str) -> None:
    """JSON holds the SVG, what it says in words, and each row of its table."""
    found = run("timeline", "C-1", "--json").json
    assert {"svg", "title", "text", "rows"} == set(found)
    assert ["\u25cf Exploring"] == [one["Row"] for one in found["rows"] if one["What"] == "Exploring"]
    assert ["Exploring", "1"] == list(
        run("diagram", "existing-contract", "--pilots", "--json").json["rows"][0].values()
    )[:2]


def test_a_life_is_drawn_as_of_a_day(run: Run, pilot: str) -> None:
    """With `--as-of` nothing later is drawn, and what is due is told of today alone."""
    due = [one["What"] for one in run("timeline", "C-1", "--json").json["rows"] if one["Row"] == "Due"]
    assert "Sign of life" in due
    early = run("timeline", "C-1", "--as-of", "2020-01-01", "--json").json
    assert [] == early["rows"]


@pytest.mark.parametrize("arguments", [("timeline",), ("diagram", "existing-contract", "--pilots")])
@pytest.mark.parametrize("who", [(), COORDINATOR])
def test_a_damaged_pilot_is_told_and_the_others_are_drawn(
    run: Run, pilot: str, tmp_path: Path, arguments: tuple[str, ...], who: tuple[str, ...]
) -> None:
    """A drawing of many is made without a pilot that cannot be read; that is told, and the exit code says so too."""
    run("start", "existing-contract", "title=Green", "organisation=DJI", *COORDINATOR)
    whole = run(*arguments, *who)
    damage(tmp_path / "proeftuin.db", pilot)
    answer = run(*arguments, *who)
    assert (0, 1) == (whole.code, answer.code)
    assert (answer.out[:5], answer.out != whole.out) == ("<svg ", True)
    first, last = answer.err.splitlines()
    assert first.startswith(f"{pilot}: the head of pilot {pilot!r} cannot be read: ")
    assert "1 pilot could not be read, and is not drawn" == last


def test_a_pilot_whose_workflow_is_damaged_has_no_life_to_draw(run: Run, pilot: str, tmp_path: Path) -> None:
    """Of a pilot that follows what cannot be read no life is drawn, and of the others it is."""
    run("start", "programme", "title=Cohort", "organisation=DJI", *COORDINATOR)
    with sqlite3.connect(tmp_path / "proeftuin.db") as connection:
        connection.execute("UPDATE workflows SET body = x'00' WHERE name = 'programme'")
    connection.close()
    answer = run("timeline", "--json")
    assert (1, "The life of 1 pilot") == (answer.code, answer.json["title"])
    assert "workflow programme@1 cannot be read" in answer.err


def test_only_what_somebody_may_see_is_drawn(run: Run, pilot: str) -> None:
    """With a role only what this person may see is drawn: a supplier is not told what a pilot waits for."""
    drawn = [run("diagram", "--pilot", "C-1", "--format", "svg", *who).out for who in (COORDINATOR, SUPPLIER)]
    assert (True, False) == tuple("Next: Complete the" in one for one in drawn)
    lives = [run("timeline", "C-1", "--json", *who).json["rows"] for who in (COORDINATOR, SUPPLIER)]
    assert (True, False) == tuple("Due" in {one["Row"] for one in rows} for rows in lives)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("diagram", "existing-contract", "--pilots", "--format", "mermaid"), "svg or png"),
        (("diagram", "existing-contract", "--sheet", "--format", "svg"), "leave --format out"),
        (("diagram", "existing-contract", "--pilots", "--out", "a.mmd"), "svg or png"),
        (("diagram", "existing-contract", "--out", "a.pdf"), "ends in none of .svg, .png, .mmd"),
        (("timeline", "C-1", "--out", "a.jpeg"), "ends in none of .svg, .png, .mmd"),
        (("timeline", "C-1", "--out", "a.mmd"), "drawn as svg or png"),
        (("diagram", "--pilot", "C-1", "--pilots"), "one at a time"),
        (("diagram", "existing-contract", "--sheet", "--pilots"), "one at a time"),
        (("timeline", "C-1", "--format", "png", "--json"), "give a file with --out"),
        (("timeline", "C-1", "--as-of", "soon"), "as_of: must be a date, or its text YYYY-MM-DD"),
        (("timeline", "C-1", "--as-of", "9999-11-30"), "as_of: must lie in the year 5000 or before"),
        (("timeline", "--as-of", "9999-12-20"), "as_of: must lie in the year 5000 or before"),
    ],
)
def test_what_cannot_be_drawn_is_told(run: Run, pilot: str, arguments: tuple[str, ...], told: str) -> None:
    """A form that does not go with what is drawn is refused, with what to do."""
    answer = run(*arguments)
    assert (2, True) == (answer.code, told in " ".join(answer.err.split()))


def test_a_png_is_not_written_to_a_screen(run: Run, pilot: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes go to a file or a pipe; on a terminal they would be noise."""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert 2 == run("timeline", "C-1", "--format", "png").code


def test_a_file_that_cannot_be_written_is_told(run: Run, pilot: str) -> None:
    """A folder that is not there is told by its name."""
    answer = run("timeline", "C-1", "--out", "nowhere/a.svg")
    assert (5, True) == (answer.code, "nowhere/a.svg" in answer.err)
