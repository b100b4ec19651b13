"""`notify`: whom it tells, what it sends, and what it says is wrong."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from proeftuin import Engine
from tests.digests.posts import Office, office
from tests.unit.cli.running import Run, lead
from tests.unit.engines import Clock

SHEET = "who,address,language\nlead-1,anna@city.example,en\n@client_owner,board@city.example,\n"


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    """A file of addresses."""
    file = tmp_path / "people.csv"
    file.write_text(SHEET, encoding="utf-8")
    return file


@pytest.fixture
def day(store: Path) -> str:
    """A day on which the coordinator of a pilot is told something, and so is a role that nobody has."""
    clock = Clock()
    with Engine.open(f"sqlite:///{store}", time=clock) as engine:
        pilot = engine.start("existing-contract", actor=lead(), data={"title": "Catering", "organisation": "DJI"}).pilot
        data = {"person": "lead-1", "duty": "coordinator"}
        engine.fire(pilot.id, "assign", actor=lead(), data=data)
        clock.pass_(days=22)
        engine.tick()
        assert engine.notices(clock.now().date())
    return clock.now().date().isoformat()


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """A mail server, named by the environment."""
    with office() as made:
        monkeypatch.setenv("PROEFTUIN_SMTP", f"smtp+plain://127.0.0.1:{made.port}")
        yield made


@pytest.fixture
def notify(run: Run, sheet: Path) -> Run:
    """The command with its addresses and its sender."""
    return lambda *more: run("notify", "--addresses", str(sheet), "--sender", "pilots@city.example", *more)


def test_each_person_gets_mail(notify: Run, day: str, post: Office) -> None:
    """Who gets mail, and how much it tells, is said, and it is sent; a role without an address is told."""
    answer = notify("--day", day, "--link", "https://hr.example/{pilot}")
    assert 0 == answer.code
    assert "+ lead-1: sent, 1 thing\n" in answer.out
    assert ["anna@city.example"] in [one.rcpt_tos for one in post.got]
    assert f"1 message about your pilots, {date.fromisoformat(day).day} March 2026" in [
        one["Subject"] for one in post.messages
    ]


def test_a_dry_run_sends_nothing(notify: Run, day: str, post: Office) -> None:
    """With `--dry-run` it is said who would get what, in Dutch where asked, and no server is needed."""
    assert "+ lead-1: zou verstuurd worden, 1 melding\n" in notify("--day", day, "--dry-run", "--lang", "nl").out
    told = notify("--day", day, "--dry-run", "--json").json
    assert ("lead-1" in told["sent"], [], day, True) == (True, told["failed"], told["day"], told["dry_run"])
    assert [] == post.got


def test_who_has_no_address_is_told(notify: Run, day: str, sheet: Path) -> None:
    """A person who is not in the file is named, with the file to add a line to."""
    sheet.write_text("who,address\n", encoding="utf-8")
    assert "- lead-1: has no address; add a line to" in notify("--day", day, "--dry-run").out


def test_a_message_that_fails_exits_with_1(notify: Run, day: str, post: Office) -> None:
    """What the server does not take is told in words and in JSON, and the command exits with 1."""
    post.unknown = {"anna@city.example"}
    answer = notify("--day", day)
    assert 1 == answer.code
    assert "x lead-1: not sent." in answer.out
    assert "The same command sends again" in answer.out
    assert "lead-1" == notify("--day", day, "--json").json["failed"][0]["who"]


def test_a_day_without_news_is_told(notify: Run, store: Path, post: Office) -> None:
    """Where there is nothing to tell, today as well, that is said."""
    del store
    assert "There is nothing to tell of" in notify().out
    assert [] == post.got


def test_an_old_spreadsheet_is_read(notify: Run, day: str, sheet: Path, post: Office) -> None:
    """A sheet with semicolons, a byte order mark and empty lines is read as well."""
    sheet.write_bytes("\ufeffwho;address;language\r\n\r\nlead-1; anna@city.example ;nl\r\n;;\r\n".encode())
    assert 0 == notify("--day", day).code
    assert "nl" == post.messages[0]["Content-Language"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "who,address\nlead-1,anna@city.example\nlead-1,b@city.example\n",
            "line 3: who is missing, or stands there twice",
        ),
        ("who,address\n,anna@city.example\n", "line 2: who is missing"),
        ("who,address\nlead-1,MARKER\n", "line 2: the address is none"),
        ("who,address,language\nlead-1,a@b.example,fr\n", "line 2: the language is nl or en"),
        ("name,mail\nlead-1,a@b.example\n", "it must be a CSV file with the headings"),
        ("", "it must be a CSV file with the headings"),
        ('who,address\n"lead-1,a@b.example\n', "it must be a CSV file with the headings"),
        ("who,address\nlead-1,\xff@b.example\n", "it must be a CSV file with the headings"),
    ],
)
def test_a_fault_in_the_file_is_told_by_its_line(notify: Run, store: Path, sheet: Path, text: str, told: str) -> None:
    """What makes no sense in the file of addresses is told with its line, without the address, and nothing is sent."""
    del store
    sheet.write_bytes(text.encode("latin-1"))
    answer = notify("--dry-run")
    assert 2 == answer.code
    assert told in " ".join(answer.err.split())
    assert "MARKER" not in answer.err


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ((), "say by which mail server"),
        (("--day", "yesterday"), "yesterday is no day"),
        (("--smtp", "http://us:MARKER@x"), "smtp: write smtp://"),
        (("--link", "http://x"), "link: write https://"),
    ],
)
def test_a_command_that_is_wrong_is_told(
    notify: Run, store: Path, monkeypatch: pytest.MonkeyPatch, more: tuple[str, ...], told: str
) -> None:
    """A missing server, and a day, server or link that is none, are each told, and no password is."""
    del store
    monkeypatch.delenv("PROEFTUIN_SMTP", raising=False)
    answer = notify(*more)
    assert 2 == answer.code
    assert told in answer.err
    assert "MARKER" not in answer.err


def test_a_file_that_is_not_there_is_told(run: Run, store: Path) -> None:
    """Without the file of addresses the command exits as for any file."""
    del store
    answer = run("notify", "--addresses", "nowhere.csv", "--sender", "a@b.example", "--dry-run")
    assert 5 == answer.code
    assert "nowhere.csv" in answer.err
