"""Personal data by command: `export --personal`, `privacy log`, and for how many months participants are known."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copyfile

import pytest

from proeftuin import Actor, Engine
from tests.unit.cli.running import COORDINATOR, Run
from tests.unit.engines import BOARD, LEAD, Clock, engine, start
from tests.unit.engines import placed as placed_in

OFFICER = ("--as", "fg-1")
EXPORT = ("export", "--out", "full.jsonl", "--personal")
WHY = ("--reason", "a new server")
REF = "deelnemer-0001"


@pytest.fixture
def placed(run: Run, stores: Path, tmp_path: Path) -> str:
    """A store with one pilot, closed two years ago but for a month, in which somebody was placed; returns its id."""
    del run  # has moved there
    copyfile(stores / "empty.db", tmp_path / "proeftuin.db")
    began = datetime.now(UTC) - timedelta(days=700)
    with engine("sqlite:///proeftuin.db", time=Clock(began)) as on:
        pilot = start(on)
        on.fire(pilot, "identify", actor=LEAD, track="acme")
        placed_in(on, pilot, REF, start=began.date())
        on.fire(pilot, "note", actor=LEAD, data={"text": "done"})
        on.fire(pilot, "talk", actor=LEAD)
        on.fire(pilot, "finish", actor=BOARD)
    return pilot


@pytest.mark.parametrize("given", [(), OFFICER, WHY, ("--role", "privacy_officer", *WHY)])
def test_refs_are_exported_by_somebody_for_a_reason(run: Run, store: Path, given: tuple[str, ...]) -> None:
    """Without both it is wrong usage, which says what to give, and there is no file."""
    answer = run(*EXPORT, *given)
    assert (2, True) == (answer.code, "--as ID --reason TEXT" in answer.err)
    assert not Path("full.jsonl").exists()


def test_another_role_exports_no_refs(run: Run, store: Path) -> None:
    """Whoever says to be somebody else is refused."""
    answer = run(*EXPORT, *COORDINATOR, *WHY)
    assert (1, True) == (answer.code, "Only the privacy officer may export" in answer.err)


def test_an_export_of_no_pilots_holds_no_refs(run: Run, store: Path) -> None:
    """Where nothing was chosen, nothing is said of refs that are in the file."""
    answer = run(*EXPORT, *OFFICER, *WHY)
    assert (0, "+ 0 pilots, whole, in full.jsonl\n") == (answer.code, answer.out)


def test_the_log_is_shown(run: Run, placed: str) -> None:
    """Who did what, whose ref it was, when and why, in a table or as JSON, in either language, cut as asked."""
    assert "Nothing was noted.\n" == run("privacy", "log", *OFFICER).out
    assert 0 == run(*EXPORT, *OFFICER, *WHY).code
    assert REF in Path("full.jsonl").read_text(encoding="utf-8")
    assert 0 == run("erase", REF, "--by", "fg-1", "--reason", "by letter").code
    shown = run("privacy", "log", placed, *OFFICER).out
    for word in ("ref exported s1", "a new server", "forgotten s1", "by letter", "fg-1"):
        assert word in shown
    assert "verwijzing" in run("privacy", "log", *OFFICER, "--lang", "nl").out
    told = run("privacy", "log", "--json", *OFFICER).json
    assert [("exported", ["s1"], "a new server"), ("erased", ["s1"], "by letter")] == [
        (one["what"], one["subjects"], one["reason"]) for one in told
    ]
    today = datetime.now(UTC).date()
    assert 2 == len(run("privacy", "log", "--json", "--since", str(today - timedelta(days=1)), *OFFICER).json)
    assert [] == run("privacy", "log", "--json", "--since", str(today + timedelta(days=2)), *OFFICER).json
    assert REF not in shown + str(told)


def test_only_the_privacy_officer_is_shown_the_log(run: Run, placed: str) -> None:
    """Another role is refused, and a day that is none is wrong usage."""
    answer = run("privacy", "log", *OFFICER, "--role", "coordinator")
    assert (1, True) == (answer.code, "Only the privacy officer may read" in answer.err)
    assert 2 == run("privacy", "log", *OFFICER, "--since", "yesterday").code
    assert 3 == run("privacy", "log", "nowhere", *OFFICER).code


def test_the_command_knows_for_how_long_participants_are_known(
    run: Run, placed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tick forgets after the usual two years, or after as many months as the organisation says."""
    assert 0 == run("tick").code
    assert REF == _ref(placed)
    monkeypatch.setenv("PROEFTUIN_RETENTION_MONTHS", "36")
    assert 0 == run("tick").code
    assert REF == _ref(placed)
    assert 0 == run("tick", "--retention-months", "12").code
    assert None is _ref(placed)
    assert "the time after closing is over" in run("privacy", "log", *OFFICER).out


@pytest.mark.parametrize("months", ["0", "-1", "1000000"])
def test_there_is_no_shorter_time_than_a_month(run: Run, store: Path, months: str) -> None:
    """No months, or fewer, are wrong usage, as is a number of seven digits: nobody is forgotten by a slip."""
    answer = run("tick", "--retention-months", months)
    assert (2, True) == (answer.code, "no number of months" in answer.err)


def _ref(pilot: str) -> str | None:
    with Engine.open("sqlite:///proeftuin.db") as on:
        assert on.get(pilot).state == "closed"
        return on.look_up(pilot, "s1", actor=Actor("fg-1", roles={"privacy_officer"}), reason="to see")
