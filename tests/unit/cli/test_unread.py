"""What commands on many pilots say where one cannot be read: the others are told, it is named, a script knows."""

import json
import sqlite3
from pathlib import Path

import pytest

from tests.unit.cli.running import COORDINATOR, Run

UNREAD = "not complete: 1 pilot could not be read, and is not in it; `proeftuin verify` names every place"


@pytest.fixture
def spoilt(run: Run, pilot: str, tmp_path: Path) -> str:
    """A store in which a second pilot follows a workflow that was damaged; the id of it."""
    run("start", "programme", "title=Cohort", "organisation=DJI", *COORDINATOR)
    found = {one["title"]: one["id"] for one in run("list", "--json").json["items"]}
    with sqlite3.connect(tmp_path / "proeftuin.db") as connection:
        connection.execute("UPDATE workflows SET body = x'00' WHERE name = 'programme'")
        connection.execute("UPDATE pilots SET overdue_at = 1 WHERE workflow = 'programme'")
    connection.close()
    assert pilot in found.values()
    return str(found["Cohort"])


ASKS = [
    ("agenda", *COORDINATOR),
    ("metrics", "pilots_by_phase"),
    ("metrics", "pilots_by_phase", *COORDINATOR),
    ("portfolio",),
    ("portfolio", *COORDINATOR),
    ("calendar", "--out", "a.ics"),
    ("report", "--out", "a.html"),
    ("report", "--out", "b.html", *COORDINATOR),
]


@pytest.mark.parametrize("arguments", ASKS)
def test_a_damaged_pilot_is_named_and_the_others_are_told(run: Run, spoilt: str, arguments: tuple[str, ...]) -> None:
    """The answer is there, the error output names who is not in it and what to run, and the exit code says so."""
    for form in ((), ("--json",)):
        answer = run(*arguments, *form)
        said = [" ".join(answer.err.splitlines()[1:]), answer.err.splitlines()[0]]
        assert (1, [UNREAD, f"{spoilt}: cannot be read"]) == (answer.code, said)
        assert bool(answer.out)
        assert not form or json.loads(answer.out)


@pytest.mark.parametrize("arguments", ASKS)
def test_where_all_can_be_read_nothing_is_said(run: Run, pilot: str, arguments: tuple[str, ...]) -> None:
    """Without damage the error output is empty, and the exit code is 0."""
    answer = run(*arguments)
    assert (0, "", True) == (answer.code, answer.err, bool(pilot))


def test_who_sees_figures_alone_is_not_told_which_pilot_it_is(run: Run, spoilt: str) -> None:
    """A monitor is told that the figures are without one, in the figures and beside them, and no id."""
    for name in ("metrics", "portfolio"):
        answer = run(name, "--csv", "--as", "monitor-1", "--role", "monitor")
        assert (1, UNREAD, False) == (answer.code, " ".join(answer.err.split()), spoilt in answer.out + answer.err)
        assert "1 pilot that cannot be read is not in it." in answer.out


def test_figures_of_programs_say_what_they_are_without(run: Run, spoilt: str) -> None:
    """As JSON a figure holds how many pilots are missing, and a portfolio and an agenda name them."""
    assert 1 == run("metrics", "pilots_by_phase", "--json").json["pilots_by_phase"]["missing"]
    found = run("portfolio", "--json").json
    assert (1, 1, [spoilt]) == (found["pilots"], found["missing"], found["unreadable"])
    assert [spoilt] == run("agenda", "--json", *COORDINATOR).json["unreadable"]


@pytest.mark.parametrize("who", [(), COORDINATOR])
def test_overdue_pilots_are_listed_and_counted_with_one_that_cannot_be_read(
    run: Run, spoilt: str, who: tuple[str, ...]
) -> None:
    """Where nobody can say whether a term is due on it, a pilot stands in the list with the words that say why."""
    answer = run("list", "--overdue", *who)
    assert (0, 1) == (answer.code, answer.out.count("cannot be read"))
    assert spoilt in [one["id"] for one in run("list", "--overdue", "--json", *who).json["items"]]
    assert 0 == run("counts", "--overdue", *who).code


def test_a_report_says_on_its_front_what_it_is_without(run: Run, spoilt: str, tmp_path: Path) -> None:
    """The report has a page of the pilot that can be read, and its front names the other one; a monitor reads no id."""
    run("report", "--out", "a.html", "--lang", "en")
    text = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert ("Not complete: 1 pilot that cannot be read is missing here." in text, "Catering" in text) == (True, True)
    assert f"Missing: {spoilt}; `proeftuin verify` tells what is wrong." in text
    run("report", "--out", "b.html", "--lang", "en", "--as", "monitor-1", "--role", "monitor")
    text = (tmp_path / "b.html").read_text(encoding="utf-8")
    assert ("Not complete: 1 pilot" in text, spoilt in text) == (True, False)
