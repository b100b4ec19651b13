import sys
from pathlib import Path

import pytest
from icalendar import Calendar

from proeftuin.cli import exits
from proeftuin.cli.agenda import _when
from proeftuin.cli.screen import Screen
from tests.unit.cli.running import BOARD, COORDINATOR, SUPPLIER, Run

HEADS = {"To do, 7 days ahead", "Who to call", "On the horizon"}
LEAD = ("--as", "lead-1", "--role", "coordinator")


@pytest.fixture
def busy(run: Run, pilot: str) -> str:
    """A pilot that was begun today, with a step and a goal; the step is of the coordinator."""
    plan = ("fire", pilot, "plan_step", "what=Ask the kitchen", "who=lead-1", "due=2020-01-06", *LEAD)
    aim = ("fire", pilot, "set_goal", "kind=horizon", "text=All locations", "review=2099-01-01", *LEAD)
    ring = ("fire", pilot, "check_in", "date=2020-01-02", "mood=stuck", *LEAD)
    assert [0, 0, 0] == [run(*one).code for one in (plan, aim, ring)]
    return pilot


def test_the_agenda_is_a_table_for_people(run: Run, busy: str) -> None:
    """What is due, whom to call and the horizon are shown under each other, in words, within the screen."""
    del busy
    answer = run("agenda", *LEAD)
    assert (exits.OK, "") == (answer.code, answer.err)
    lines = answer.out.splitlines()
    assert ["To do, 7 days ahead", "Who to call", "On the horizon"] == [one for one in lines if one in HEADS]
    assert "days late" in answer.out
    words = " ".join(answer.out.split())
    for told in (
        "Next step: Ask the kitchen yourself",
        "Catering Sign of life Coordinator",
        "Catering Stuck lead-1",
        "2099-01-01 Catering All locations -",
    ):
        assert told in words
    assert 80 >= max(map(len, lines))


def test_the_agenda_speaks_dutch(run: Run, busy: str) -> None:
    """With the language set, heads, labels and days are Dutch."""
    del busy
    words = " ".join(run("agenda", *LEAD, "--lang", "nl", "--days", "8").out.split())
    for told in (
        "Te doen, 8 dagen vooruit",
        "dagen te laat",
        "Volgende stap",
        "Catering Levensteken Projectleider",
        "Zit vast",
        "Aan de horizon",
    ):
        assert told in words


def test_the_agenda_is_data_for_scripts(run: Run, busy: str) -> None:
    """As JSON the agenda holds the same, with days as text and labels in both languages."""
    found = run("agenda", *LEAD, "--json").json
    assert {"actor", "at", "days", "actions", "calls", "horizon", "unreadable"} == set(found)
    step, life = found["actions"]
    assert (busy, "step", "2020-01-06", "Ask the kitchen", []) == (
        step["pilot_id"], step["kind"], step["due"], step["text"], step["roles"],
    )  # fmt: skip
    assert ("check_in", "clock", "Levensteken", ["coordinator"]) == (
        life["key"], life["kind"], life["label"]["nl"], life["roles"],
    )  # fmt: skip
    assert [("stuck", ["lead-1"])] == [(one["mood"], one["who"]) for one in found["calls"]]
    assert ["2099-01-01"] == [one["day"] for one in found["horizon"]]


@pytest.mark.parametrize(
    ("days", "english", "dutch"),
    [
        (-2, "2 days late", "2 dagen te laat"),
        (-1, "1 day late", "1 dag te laat"),
        (0, "today", "vandaag"),
        (1, "tomorrow", "morgen"),
        (7, "in 7 days", "over 7 dagen"),
    ],
)
def test_how_far_away_a_day_is_said_in_words(days: int, english: str, dutch: str) -> None:
    """A day behind us is late, and one ahead is so many days away."""
    assert [english, dutch] == [_when(Screen(lang=lang), days) for lang in ("en", "nl")]


def test_an_agenda_with_nothing_in_it_says_so(run: Run, pilot: str) -> None:
    """Who has nothing to do is told so, and parts with nothing in them are left out."""
    del pilot
    answer = run("agenda", *SUPPLIER)
    assert (0, "To do, 7 days ahead\nNothing is due.\n") == (answer.code, answer.out)
    assert "Nothing is due." in run("agenda", *COORDINATOR, "--days", "3").out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), exits.USAGE),
        (("--as", "lead-1"), exits.USAGE),
        ((*LEAD, "--days", "-1"), exits.USAGE),
        ((*LEAD, "--days", "soon"), exits.USAGE),
        ((*LEAD, "--store", "sqlite:///nowhere.db"), exits.STORE),
    ],
)
def test_an_agenda_that_cannot_be_made(run: Run, pilot: str, arguments: tuple[str, ...], code: int) -> None:
    """Who it is for must be said, the days must be a number, and the store must be there."""
    del pilot
    answer = run("agenda", *arguments)
    assert (code, "") == (answer.code, answer.out)
    assert answer.err


def test_the_calendar_is_written_to_a_file(run: Run, pilot: str, tmp_path: Path) -> None:
    """The due days ahead are written to a file that a calendar can read, and how many is told."""
    answer = run("calendar", "--out", "deadlines.ics")
    assert (0, "+ 1 due day ahead, in deadlines.ics\n", "") == (answer.code, answer.out, answer.err)
    (event,) = Calendar.from_ical((tmp_path / "deadlines.ics").read_bytes()).walk("VEVENT")
    assert (f"{pilot}-check_in@proeftuin", "Catering: Sign of life") == (event["UID"], event["SUMMARY"])
    assert {"file": "d.ics", "events": 1} == run("calendar", "--out", "d.ics", "--json").json
    assert run("calendar", "--out", "d.ics", "--lang", "nl").out.startswith("+ 1 termijn die")
    assert "Levensteken" in (tmp_path / "d.ics").read_text(encoding="utf-8")


def test_the_calendar_goes_to_the_standard_output(run: Run, pilot: str) -> None:
    """With - the file itself is written out, and nothing else."""
    del pilot
    answer = run("calendar", "--out", "-")
    assert answer.out.startswith("BEGIN:VCALENDAR\r\n")
    assert answer.out.endswith("END:VCALENDAR\r\n")


def test_the_calendar_of_somebody_holds_what_they_may_see(run: Run, pilot: str) -> None:
    """With a role the calendar is cut to what this person may see."""
    del pilot
    assert [1, 0] == [run("calendar", "--out", "d.ics", "--json", *one).json["events"] for one in (BOARD, SUPPLIER)]


def test_a_calendar_that_cannot_be_written(run: Run, pilot: str) -> None:
    """Where it is to go must be said, and be a place that can be written to."""
    del pilot
    assert exits.USAGE == run("calendar").code
    assert exits.STORE == run("calendar", "--out", "nowhere/d.ics").code


def test_a_calendar_needs_its_library(run: Run, pilot: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the library is not installed the command says how to get it, and writes nothing."""
    del pilot
    monkeypatch.setitem(sys.modules, "icalendar", None)
    answer = run("calendar", "--out", "d.ics")
    assert (exits.USAGE, False) == (answer.code, Path("d.ics").exists())
    assert "pip install proeftuin[calendar]" in answer.err
