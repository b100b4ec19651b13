"""What keepers do by command: `export`, `import`, `checkpoint`, `verify`, `erase`, `counts`, `tenants`, `db scrub`."""

import io
import json
import sqlite3
import stat
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest

from proeftuin import Engine
from proeftuin.cli import whole
from tests.unit.cli.running import COORDINATOR, Run
from tests.unit.intake.sheets import mended

PERSONAL = ("--personal", "--as", "fg-1", "--reason", "moving")
TWO = ("--store", "sqlite:///two.db")


@pytest.fixture(scope="session")
def fifteen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with fifteen pilots, to copy."""
    from proeftuin.intake import take_in  # noqa: PLC0415  # used here alone

    file = tmp_path_factory.mktemp("fifteen") / "fifteen.db"
    with Engine.open(f"sqlite:///{file}") as engine:
        take_in(engine, mended())
    return file


@pytest.fixture
def pilots(run: Run, fifteen: Path, stores: Path, tmp_path: Path) -> Path:
    """Fifteen pilots in the folder in which the command runs, and an empty store beside them."""
    copyfile(stores / "empty.db", tmp_path / "two.db")
    return Path(copyfile(fifteen, tmp_path / "proeftuin.db"))


def test_pilots_move_from_store_to_store(run: Run, pilots: Path, tmp_path: Path) -> None:
    """What was exported is imported with the same digests, is passed over the second time, and is told each time."""
    out = run("export", "--out", "all.jsonl", *PERSONAL)
    assert (0, True) == (out.code, "15 pilots, whole, in all.jsonl" in out.out)
    assert 0 == run("checkpoint", "--out", "marks.jsonl").code
    dry = run("import", "--from", "all.jsonl", "--dry-run", *TWO)
    assert (0, True, True) == (dry.code, "15 pilots are new" in dry.out, "Nothing was written." in dry.out)
    assert "+ 15 pilots written, from all.jsonl" in run("import", "--from", "all.jsonl", *TWO).out
    assert "15 were there already" in run("import", "--from", "all.jsonl", *TWO).out
    assert (0, "Everything is whole: 15 pilots.\n") == (
        run("verify", "--against", "marks.jsonl", *TWO).code,
        run("verify", *TWO).out,
    )
    assert ["all.jsonl", "marks.jsonl", "proeftuin.db", "two.db"] == sorted(file.name for file in tmp_path.iterdir())


def test_an_export_goes_through_a_pipe(run: Run, pilots: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`-` is the standard output and the standard input, with nothing else between the lines."""
    text = run("export", "PT-01", "PT-02", "--out", "-").out
    assert {"export", "pilots"} == {
        "export" if "export" in one else "pilots"
        for one in (json.loads(text.splitlines()[0]), json.loads(text.splitlines()[-1]))
    }
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    assert {"file": "-", "pilots": 2, "known": 0, "differing": [], "written": True} == run(
        "import", "--from", "-", "--json", *TWO
    ).json
    assert {"PT-01", "PT-02"} == {one["ref"] for one in run("list", "--json", *TWO).json["items"]}


def test_who_takes_part_stays_behind_unless_asked_for(run: Run, pilots: Path, tmp_path: Path) -> None:
    """An export holds no ref of a participant by default; one that does can be read by its owner alone."""
    run("export", "--out", "plain.jsonl")
    run("export", "--out", "full.jsonl", *PERSONAL)
    held = {name: "deelnemer-pt02-1" in (tmp_path / name).read_text() for name in ("plain.jsonl", "full.jsonl")}
    assert {"plain.jsonl": False, "full.jsonl": True} == held
    assert 0o600 == stat.S_IMODE((tmp_path / "full.jsonl").stat().st_mode)
    assert {"file": "one.jsonl", "format": "jsonl", "pilots": 1, "personal": False} == run(
        "export", "PT-01", "--out", "one.jsonl", "--json"
    ).json


def test_an_export_that_was_cut_or_changed_writes_nothing(run: Run, pilots: Path, tmp_path: Path) -> None:
    """A file is checked to its end before anything is written, and a fault is told with its line and 1."""
    run("export", "--out", "all.jsonl")
    whole_text = (tmp_path / "all.jsonl").read_bytes()
    faulty = {
        "cut": whole_text[:-80],
        "changed": whole_text.replace(b"Kantoor", b"Kontoor", 1),
        "odd": whole_text[:-9] + b"\xff\n",
    }
    for name, content in faulty.items():
        (tmp_path / f"{name}.jsonl").write_bytes(content)
        answer = run("import", "--from", f"{name}.jsonl", *TWO)
        assert (1, "") == (answer.code, answer.out)
        assert f"{name}.jsonl: line " in answer.err
        assert "Nothing was written." in answer.err
    assert 0 == run("counts", "--json", *TWO).json["pilots"]
    assert "faulty-file" == run("import", "--from", "cut.jsonl", "--json", *TWO).problem["error"]


def test_a_pilot_with_another_history_is_left_alone(run: Run, pilots: Path) -> None:
    """Where an id is taken by another history nothing is written but with `--partly`, and the exit code is 4."""
    run("export", "PT-07", "--out", "early.jsonl")
    run("import", "--from", "early.jsonl", *TWO)
    run("fire", "PT-07", "add_lesson", "text=there", *COORDINATOR, *TWO)
    run("fire", "PT-07", "add_lesson", "text=here", *COORDINATOR)
    run("export", "--out", "all.jsonl")
    first = run("import", "--from", "all.jsonl", *TWO)
    assert (4, True, 1) == (first.code, "1 was left alone" in first.out, run("counts", "--json", *TWO).json["pilots"])
    partly = run("import", "--from", "all.jsonl", "--partly", *TWO)
    assert (4, True, 15) == (
        partly.code,
        "14 pilots written" in partly.out,
        run("counts", "--json", *TWO).json["pilots"],
    )


def test_a_file_is_there_whole_or_not_at_all(
    run: Run, pilots: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that fails half-way leaves the one of last time as it was, and nothing beside it."""
    (tmp_path / "all.jsonl").write_text("of last time")
    before = sorted(file.name for file in tmp_path.iterdir())

    def broken(lines: Any) -> Any:
        yield from list(lines)[:4]
        raise OSError(28, "No space left on device", "all.jsonl")

    monkeypatch.setattr(whole, "watched", broken)
    answer = run("checkpoint", "--out", "all.jsonl")
    assert (5, "error: all.jsonl: No space left on device\n") == (answer.code, answer.err)
    assert ("of last time", before) == (
        (tmp_path / "all.jsonl").read_text(),
        sorted(file.name for file in tmp_path.iterdir()),
    )


def test_a_folder_that_is_not_there_is_told_by_the_name_that_was_given(run: Run, pilots: Path) -> None:
    """The name of the file that is written first is nobody's business."""
    answer = run("export", "--out", "nowhere/all.jsonl")
    assert (5, "error: nowhere/all.jsonl: No such file or directory\n") == (answer.code, answer.err)


def test_what_is_no_file_is_written_in_its_place(run: Run, pilots: Path) -> None:
    """A device takes what is written, and is still a device."""
    assert 0 == run("checkpoint", "--out", "/dev/null").code
    assert Path("/dev/null").is_char_device()


def test_a_rewritten_history_is_noticed_with_a_checkpoint_alone(run: Run, pilots: Path, tmp_path: Path) -> None:
    """A pilot that is gone leaves a whole store, and a checkpoint from before tells of it with 1."""
    marked = run("checkpoint", "--out", "marks.jsonl", "--json").json
    assert ("marks.jsonl", 15, 64) == (marked["file"], marked["pilots"], len(marked["hash"]))
    assert marked["hash"] in (tmp_path / "marks.jsonl").read_text()
    gone = run("show", "PT-07", "--json").json["id"]
    with sqlite3.connect(pilots) as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            columns = {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
            for column in columns & {"pilot_id", "id"}:
                connection.execute(f"DELETE FROM {table} WHERE {column} = ?", (gone,))  # noqa: S608  # our own names
    connection.close()
    assert (0, "Everything is whole: 14 pilots.\n") == (run("verify").code, run("verify").out)
    answer = run("verify", "--against", "marks.jsonl")
    assert (1, True) == (answer.code, "the history was cut" in " ".join(answer.out.split()))


@pytest.mark.parametrize(("content", "code"), [(None, 2), ("{}\n", 1), ("\x00\ufffd", 1)])
def test_a_checkpoint_that_is_none_is_told(
    run: Run, pilots: Path, tmp_path: Path, content: str | None, code: int
) -> None:
    """A file that is not there is wrong usage, and one that is no checkpoint a fault of the file."""
    if content is not None:
        (tmp_path / "marks.jsonl").write_text(content)
    answer = run("verify", "--against", "marks.jsonl")
    assert (code, True) == (answer.code, "marks.jsonl" in answer.err)


def test_a_participant_is_forgotten(run: Run, pilots: Path) -> None:
    """A ref is gone from the store and its file, the history says by whom and why, and again is nothing to do."""
    erase = ("erase", "deelnemer-pt02-1", "--by", "fg-1", "--reason", "on request")
    assert b"deelnemer-pt02-1" in pilots.read_bytes()
    first = run(*erase)
    assert (0, True) == (first.code, "forgotten in 1 pilot:" in first.out)
    assert "deelnemer" not in first.out
    assert b"deelnemer-pt02-1" not in pilots.read_bytes()
    assert "known in no pilot" in run(*erase).out
    assert {"pilots": [], "scrubbed": True} == run(*erase, "--json").json
    told = run("history", "PT-02", "--json").json[-1]
    assert ("data.erased", "fg-1", "on request") == (told["type"], told["actor"], told["data"]["reason"])
    assert "Everything is whole" in run("verify").out


def test_who_is_forgotten_need_not_stand_in_the_history_of_the_shell(
    run: Run, pilots: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`-` reads the ref from the standard input."""
    monkeypatch.setattr("sys.stdin", io.StringIO("deelnemer-pt09-1\n"))
    assert 1 == len(run("erase", "-", "--by", "fg-1", "--reason", "on request", "--json").json["pilots"])


def test_only_the_privacy_officer_has_somebody_forgotten(run: Run, pilots: Path) -> None:
    """Another role is refused in words, a reason is needed, and it may not name who it is about."""
    erase = ("erase", "deelnemer-pt02-1", "--by", "anna")
    answer = run(*erase, "--reason", "on request", "--role", "coordinator")
    assert (1, True) == (answer.code, "Only the privacy officer may" in answer.err)
    assert 2 == run(*erase).code
    named = run(*erase, "--reason", "deelnemer-pt02-1 asks")
    assert (2, False) == (named.code, "deelnemer" in named.err)
    assert b"deelnemer-pt02-1" in run("export", "--out", "-", *PERSONAL).out.encode()


def test_pilots_are_counted_in_the_order_of_their_life(run: Run, pilots: Path) -> None:
    """Counts come per phase and state, in words and in order, with their sum; filters hold."""
    lines = [line.split() for line in run("counts").out.splitlines()]
    assert ["2", "2", "2", "4", "1", "4", "15"] == [line[-1] for line in lines[1:]]
    assert ("Verkenning", "Verkennen") == tuple(run("counts", "--lang", "nl").out.splitlines()[1].split()[:2])
    one = {"counts": [{"phase": "exploration", "state": "exploring", "pilots": 2}], "pilots": 2}
    assert one == run("counts", "--phase", "exploration", "--json").json
    assert "There are no pilots that fit." in run("counts", "--organisation", "Nobody").out


def test_tenants_share_a_store_and_nothing_else(run: Run, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each tenant sees its own pilots, whether named by option or by environment, and the store tells who there are."""
    start = ("start", "existing-contract", "title=t", "organisation=o", "--ref", "C-1", *COORDINATOR)
    assert "There are no pilots that fit." in run("tenants").out
    for tenant in ("north", "south"):
        assert 0 == run(*start, "--tenant", tenant).code
    assert (["north", "south"], "north\nsouth\n") == (run("tenants", "--json").json, run("tenants").out)
    assert ([], 1) == (run("list", "--json").json["items"], run("counts", "--json", "--tenant", "south").json["pilots"])
    monkeypatch.setenv("PROEFTUIN_TENANT", "north")
    assert 1 == len(run("list", "--json").json["items"])


def test_the_files_of_a_store_are_scrubbed_by_command(run: Run, pilots: Path) -> None:
    """`db scrub` writes the files anew, and a store that cannot erase says so."""
    assert "gone from its files too" in " ".join(run("db", "scrub").out.split())
    assert {"store": "sqlite:///proeftuin.db", "scrubbed": True} == run("db", "scrub", "--json").json
    assert 5 == run("db", "scrub", "--store", "sqlite:///nowhere.db").code


def test_progress_is_told_on_a_terminal_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On a terminal the number of lines is told now and then, and wiped at the end; elsewhere nothing is."""
    lines = ["x"] * (2 * whole.EACH)
    assert lines == list(whole.watched(lines))
    assert "" == capsys.readouterr().err
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert lines == list(whole.watched(lines))
    assert capsys.readouterr().err.startswith(f"\r{whole.EACH}\r{2 * whole.EACH}\r ")


def test_a_checkpoint_goes_through_a_pipe(run: Run, pilots: Path) -> None:
    """`-` writes the lines alone, each of them JSON."""
    lines = [json.loads(line) for line in run("checkpoint", "--out", "-").out.splitlines()]
    assert (1, 15, 15) == (lines[0]["checkpoint"], len(lines[1:-1]), lines[-1]["pilots"])


# -- as somebody sees it -----------------------------------------------------------------------------------------------

FOR_SUPPLIER = ("--as", "account-1", "--role", "supplier_lead", "--party", "groenrijk")
FOR_FACILITATOR = ("--as", "help-1", "--role", "facilitator")


def test_a_supplier_is_shown_its_own(run: Run, pilots: Path) -> None:
    """With a supplier's role every command that shows a pilot leaves out what is another's, and figures."""
    whole_pilot, own = (run("show", "PT-03", "--json", *who).json for who in ((), FOR_SUPPLIER))
    assert ({"groenrijk"}, {}) == (set(own["tracks"]), own["metrics"])
    assert whole_pilot["metrics"]
    assert {"groenrijk", None} == {one["track"] for one in run("history", "PT-03", "--json", *FOR_SUPPLIER).json}
    elsewhere = run("show", "PT-01", "--json", *FOR_SUPPLIER).json
    assert ({}, {}) == (elsewhere["tracks"], elsewhere["metrics"])
    others = set(run("show", "PT-01", "--json").json["tracks"])
    diagram = run("diagram", "--pilot", "PT-01", *FOR_SUPPLIER).out
    assert others
    assert not any(one in diagram for one in others)


def test_a_facilitator_is_shown_no_placements(run: Run, pilots: Path) -> None:
    """With the facilitator's role placements are in no list, history or export, and small figures are hidden."""
    shown = run("show", "PT-03", "--json", *FOR_FACILITATOR).json
    assert not shown["kept"]["placement"]
    assert run("show", "PT-03", "--json").json["kept"]["placement"]
    told = run("history", "PT-03", "--each", *FOR_FACILITATOR).out
    assert ("Placement" in run("history", "PT-03", "--each").out, "Placement" in told) == (True, False)
    assert 0 == run("export", "PT-03", "--seen", "--out", "seen.jsonl", *FOR_FACILITATOR).code
    assert "participant" not in Path("seen.jsonl").read_text(encoding="utf-8")


def test_a_monitor_is_shown_no_pilot(run: Run, pilots: Path) -> None:
    """To a monitor there is nothing to show, list or count."""
    monitor = ("--as", "m", "--role", "monitor")
    assert 3 == run("show", "PT-03", *monitor).code
    assert [] == run("list", "--json", *monitor).json["items"]
    assert 0 == run("counts", "--json", *monitor).json["pilots"]
    assert run("counts", "--json").json == run("counts", "--json", *FOR_FACILITATOR).json


def test_an_export_of_what_is_seen_is_not_for_another_store(run: Run, pilots: Path) -> None:
    """It says how many it wrote, goes through a pipe, needs a role, and does not go with the refs of participants."""
    first = run("export", "--seen", "--out", "seen.jsonl", *COORDINATOR)
    assert "+ 15 pilots, as far as this role sees them, in seen.jsonl" in first.out
    told = {"file": "b.jsonl", "format": "jsonl", "pilots": 15, "personal": False}
    assert told == run("export", "--seen", "--out", "b.jsonl", "--json", *COORDINATOR).json
    lines = run("export", "PT-01", "--seen", "--out", "-", *COORDINATOR).out.splitlines()
    assert ["PT-01"] == [json.loads(one)["body"]["ref"] for one in lines]
    assert 2 == run("export", "--seen", "--out", "c.jsonl").code
    assert 2 == run("export", "--seen", "--personal", "--out", "c.jsonl", *COORDINATOR).code
    assert 1 == run("import", "--from", "seen.jsonl", *TWO).code
