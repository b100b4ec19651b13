"""`report`: the file that it writes, and what it says of that."""

from pathlib import Path

import pytest

from tests.unit.cli.running import Run


@pytest.mark.usefixtures("pilot")
def test_a_report_is_written(run: Run, tmp_path: Path) -> None:
    """The report goes to the file that was named, in the language that was asked, with how many pages it has."""
    made = run("report", "--out", "report.html", "--lang", "nl", "--json")
    assert (0, {"file": "report.html", "pilots": 1}) == (made.code, made.json)
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert ('lang="nl"' in text, text.count("<article")) == (True, 1)


@pytest.mark.usefixtures("pilot")
def test_a_day_that_is_none_is_told(run: Run, tmp_path: Path) -> None:
    """A day that cannot be read is refused by name, and no file is left behind."""
    made = run("report", "--out", "report.html", "--at", "soon")
    assert (2, True) == (made.code, "as_of" in made.err)
    assert not list(tmp_path.glob("*report.html*"))
