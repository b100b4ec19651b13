"""Every exit code, and what is said with it: a user's mistake is never answered with a traceback."""

import json
import sqlite3
from pathlib import Path

import pytest

from proeftuin.cli import exits
from proeftuin.errors import BadArgument, StoreBusy
from tests.unit.cli.running import COORDINATOR, SUPPLIER, Run

LESSON = ("add_lesson", "text=x")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("fire", "C-1", "complete_exploration", *COORDINATOR), "refused: Complete the exploration"),
        (("fire", "C-1", "record_decision", *COORDINATOR), "Your role may not do this here"),
        (("fire", "C-1", "express_willingness", *SUPPLIER), "say which track"),
        (("fire", "C-1", "add_lesson", "text=x", "--on", "2999-01-01", *COORDINATOR), "lies after today"),
        (("start", "existing-contract", "title=x", *COORDINATOR), "Organisation is required"),
        (("start", "existing-contract", "title=x", "organisation=y", *SUPPLIER), "Your role may not do this"),
    ],
)
def test_refused_is_1_and_says_why(run: Run, pilot: str, arguments: tuple[str, ...], said: str) -> None:
    """A refusal exits with 1, tells its reasons on stderr, and nothing on stdout."""
    answer = run(*arguments)
    assert (1, "") == (answer.code, answer.out)
    assert said in answer.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("bogus",), "Unknown command"),
        (("--bogus",), "--bogus"),
        (("fire", "C-1"), "requires"),
        (("fire", "C-1", *LESSON, "--bogus", "1", *COORDINATOR), "--bogus"),
        (("fire", "C-1", *LESSON), "say who acts"),
        (("fire", "C-1", *LESSON, "--as", "ann"), "say who acts"),
        (("fire", "C-1", *LESSON, "--expect", "many", *COORDINATOR), "many"),
        (("fire", "C-1", "add_lesson", "text", *COORDINATOR), "no field=value"),
        (("fire", "C-1", "add_lesson", "=x", *COORDINATOR), "no field=value"),
        (("fire", "C-1", *LESSON, "text=y", *COORDINATOR), "given twice"),
        (("fire", "C-1", *LESSON, "--data", '{"text": "y"}', *COORDINATOR), "given twice"),
        (("fire", "C-1", "add_lesson", "--data", "{", *COORDINATOR), "no JSON that can be used"),
        (("fire", "C-1", "add_lesson", "--data", "[1]", *COORDINATOR), "must be a JSON object"),
        (("fire", "C-1", "add_lesson", "--data", '{"text": NaN}', *COORDINATOR), "NaN"),
        (("fire", "C-1", "add_lesson", "--data", '{"text": 1, "text": 2}', *COORDINATOR), "twice"),
        (("fire", "C-1", "add_lesson", "--data", "[" * 100_000, *COORDINATOR), "too deep"),
        (("fire", "C-1", "add_lesson", "--data", "@nowhere.json", *COORDINATOR), "no file nowhere.json"),
        (("fire", "C-1", "add_lesson", "text=x", "tags=[1,", *COORDINATOR), "tags is no JSON"),
        (("fire", "C-1", *LESSON, "--on", "yesterday", *COORDINATOR), "YYYY-MM-DD"),
        (("fire", "C-1", *LESSON, "--key", "", *COORDINATOR), "key"),
        (("list", "--lang", "de"), '"de"'),
        (("list", "--limit", "0"), "limit"),
        (("list", "--store", "pilots.db"), "sqlite:///pilots.db"),
        (("list", "--store", "sqlite:///proeftuin.db?no_such_option=1"), "no_such_option"),
        (("options", "C-1", "--track", "zzz"), "there is no track zzz here"),
        (("diagram",), "name a workflow"),
        (("diagram", "existing-contract", "--pilot", "C-1"), "name a workflow"),
        (("diagram", "nowhere.yaml"), "no file nowhere.yaml"),
        (("play", "nowhere.yaml"), "no file nowhere.yaml"),
        (("lint",), "no workflow files"),
        (("lint", "nowhere"), "no file nowhere"),
        (("lint", "."), "no workflow files"),
        (("demo", "--store", "memory://"), "needs a file"),
    ],
)
def test_wrong_usage_is_2_and_says_what_is_wrong(run: Run, pilot: str, arguments: tuple[str, ...], said: str) -> None:
    """A command that is given wrongly exits with 2, and the message names what is wrong."""
    answer = run(*arguments)
    assert (2, "") == (answer.code, answer.out)
    assert said in " ".join(answer.err.split())
    assert answer.err.startswith("error: ")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("show", "nope"), 'no pilot "nope"'),
        (("show", ""), 'no pilot ""'),
        (("fire", "nope", *LESSON, *COORDINATOR), 'no pilot "nope"'),
        (("verify", "nope"), 'no pilot "nope"'),
        (("start", "nope", *COORDINATOR), "known are: existing-contract"),
        (("diagram", "existing-contract@99"), "no workflow existing-contract@99"),
    ],
)
def test_unknown_is_3(run: Run, pilot: str, arguments: tuple[str, ...], said: str) -> None:
    """A pilot or workflow that does not exist exits with 3."""
    answer = run(*arguments)
    assert (3, True) == (answer.code, said in answer.err)


def test_the_beginning_of_two_ids_is_2(run: Run, store: Path) -> None:
    """A beginning that two ids share is wrong usage, and both are named."""
    for number in ("1", "2"):
        run("start", "existing-contract", "title=t", "organisation=o", "--id", f"twin-{number}", *COORDINATOR)
    answer = run("show", "twin")
    assert 2 == answer.code
    assert "2 pilots begin with twin: twin-1, twin-2" in answer.err


def test_conflicts_are_4(run: Run, pilot: str) -> None:
    """Another version, a taken id, a taken ref and a reused key exit with 4."""
    start = ("start", "existing-contract", "title=t", "organisation=o", *COORDINATOR)
    run("fire", pilot, *LESSON, "--key", "k-1", *COORDINATOR)
    for arguments, said in (
        (("fire", pilot, *LESSON, "--expect", "99", *COORDINATOR), "at version 2, not 99"),
        ((*start, "--ref", "C-1"), "with the ref C-1"),
        ((*start, "--id", pilot), f"a pilot {pilot} already"),
        (("fire", pilot, "add_lesson", "text=y", "--key", "k-1", *COORDINATOR), "key k-1 was used"),
    ):
        answer = run(*arguments)
        assert (4, True) == (answer.code, said in answer.err), answer


def test_a_store_that_cannot_be_used_is_5(run: Run, tmp_path: Path) -> None:
    """No file, no database, a foreign database, an unknown kind of store and an unwritable place exit with 5."""
    (tmp_path / "text.db").write_text("no database, but long enough to be looked at" * 10)
    with sqlite3.connect(tmp_path / "other.db") as connection:
        connection.execute("CREATE TABLE pilots (name TEXT)")
    connection.close()
    for url in (
        "sqlite:///nowhere.db",
        "sqlite:///text.db",
        "sqlite:///other.db",
        "nothing://here",
        "sqlite:///no/such/x.db",
    ):
        answer = run("list", "--store", url)
        assert (5, "") == (answer.code, answer.out), url
        assert answer.err.startswith("error: ")
    assert ["other.db", "text.db"] == sorted(path.name for path in tmp_path.iterdir())


def test_a_mistyped_store_leaves_no_empty_one_behind(run: Run, tmp_path: Path) -> None:
    """Only `init` makes a store: another command on a file that is not there says so, in the language asked for."""
    assert "`proeftuin init`" in run("list").err
    assert "er is geen opslag" in run("list", "--lang", "nl").err
    assert "no-store" == run("list", "--json").problem["error"]
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("arguments", "code", "error"),
    [
        (("fire", "C-1", "complete_exploration", *COORDINATOR), 1, "refused"),
        (("bogus",), 2, "usage"),
        (("fire", "C-1", *LESSON), 2, "usage"),
        (("show", "nope"), 3, "unknown-pilot"),
        (("start", "nope", *COORDINATOR), 3, "unknown-workflow"),
        (("fire", "C-1", *LESSON, "--expect", "9", *COORDINATOR), 4, "conflict"),
        (("list", "--store", "nothing://here"), 5, "store-unavailable"),
    ],
)
def test_errors_are_json_for_scripts(run: Run, pilot: str, arguments: tuple[str, ...], code: int, error: str) -> None:
    """With `--json` every error is one JSON object on stderr, with its code and the exit code."""
    answer = run(*arguments, "--json")
    assert (code, "") == (answer.code, answer.out)
    assert (error, code) == (answer.problem["error"], answer.problem["exit"])


def test_a_refusal_as_json_is_a_problem_with_remedies(run: Run, pilot: str) -> None:
    """A refusal in JSON is the RFC 9457 problem of the library, in the language asked for."""
    problem = run("fire", pilot, "complete_exploration", "--json", "--lang", "nl", *COORDINATOR).problem
    assert ("Geweigerd", 409) == (problem["title"], problem["status"])
    assert {"missing-pair", "missing-inventory", "missing-route"} == {one["code"] for one in problem["blockers"]}
    assert all(one["missing"] for one in problem["blockers"])


def test_a_workflow_file_with_faults_is_1(run: Run, store: Path, tmp_path: Path) -> None:
    """A faulty workflow file exits with 1 and names each fault with file, line and column, as JSON too."""
    file = tmp_path / "v1.yaml"
    file.write_text("format: 1\nworkflow: mine\n")
    answer = run("start", str(file), *COORDINATOR)
    assert (1, True) == (answer.code, "v1.yaml:1:1" in answer.err)
    problem = run("diagram", str(file), "--json").problem
    assert ("definition-error", True) == (problem["error"], len(problem["faults"]) > 1)


def test_messages_know_every_language() -> None:
    """What the library says in English alone is passed on as it is, and what the command says exists in both."""
    assert "must be text" in exits.message(BadArgument("ref", "must be text"), "nl")
    assert exits.STORE == exits.exit_code(StoreBusy("busy"))
    assert exits.STORE == exits.exit_code(PermissionError(13, "Permission denied", "x.db"))
    assert "x.db: Permission denied" == exits.message(PermissionError(13, "Permission denied", "x.db"), "en")
    assert 2 == json.loads(exits.problem(exits.Usage("who"), "nl"))["exit"]
    assert "geef aan wie handelt" in exits.message(exits.Usage("who"), "nl")


def test_terminals_are_spared_what_cannot_be_read(run: Run, pilot: str) -> None:
    """Escape codes, markup and turns of direction in what people wrote reach no terminal."""
    nasty = "red \x1b[31m[bold]not bold[/bold] \u202egnp.exe \x07"
    assert 0 == run("fire", pilot, "update_details", f"title=a {nasty[:4]}[bold]x[/bold]\u202e", *COORDINATOR).code
    run("fire", pilot, "add_lesson", "--data", json.dumps({"text": nasty}), *COORDINATOR)
    for command in (("show", pilot), ("history", pilot), ("list",), ("diagram", "--pilot", pilot)):
        out = run(*command).out
        assert not {"\x1b", "\u202e", "\x07"} & set(out)
    assert "[bold]x[/bold]" in run("show", pilot).out
    wrong = run("show", f"{nasty}")
    assert not {"\x1b", "\u202e", "\x07"} & set(wrong.err)


def test_what_scripts_get_is_harmless_on_a_terminal(run: Run, store: Path) -> None:
    """JSON and CSV hold no control character as such, whatever people wrote; JSON is read back as it was."""
    title, control = "a\x9b31mRed\x7f", {chr(code) for code in (*range(10), *range(14, 32), *range(127, 160))}
    told = (f"title={title}", "organisation=Acme\x1b[2J\x9b2J", "--id", "red")
    assert 0 == run("start", "existing-contract", *told, *COORDINATOR).code
    shown, wrong = run("show", "red", "--json"), run("show", title[:8], "--json")
    assert (title, title[:8]) == (shown.json["data"]["title"], wrong.problem["pilot_id"])
    figures = run("metrics", "lessons", "--by", "organisation", "--csv").out
    assert "Acme[2J2J" in figures
    assert set() == control & set(shown.out + wrong.err + figures)


@pytest.mark.parametrize("day", ["20260101", "2026-W01-4", "2026W014", "2026-1-1"])
@pytest.mark.parametrize(
    "arguments",
    [
        ("metrics", "--as-of", "DAY"),
        ("metrics", "--since", "DAY"),
        ("portfolio", "--as-of", "DAY"),
        ("report", "--out", "report.html", "--as-of", "DAY"),
        ("timeline", "C-1", "--as-of", "DAY"),
        ("timeline", "--as-of", "DAY"),
        ("fire", "C-1", *LESSON, "--on", "DAY", *COORDINATOR),
        ("privacy", "log", "--since", "DAY", "--as", "anna", "--role", "privacy_officer"),
        ("notify", "--day", "DAY", "--dry-run", "--addresses", "to.csv", "--sender", "a@x.example"),
        ("simulate", "existing-contract", "--start", "DAY"),
        ("simulate", "existing-contract", "--until", "DAY"),
        ("agenda", *COORDINATOR, "--closed", "DAY"),
        ("agenda", *COORDINATOR, "--closed", "2026-01-01..DAY"),
    ],
)
def test_a_day_is_written_in_one_way(run: Run, pilot: str, day: str, arguments: tuple[str, ...]) -> None:
    """A day in another form of ISO 8601 is told, in every command alike, and not taken for one."""
    answer = run(*(one.replace("DAY", day) for one in arguments))
    assert (2, "") == (answer.code, answer.out)
    assert any(one in answer.err for one in ("YYYY-MM-DD", "is no day", "day of closure"))
