import sqlite3
from datetime import UTC, datetime, timedelta
from importlib import import_module
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path

import pytest

from proeftuin import Engine
from proeftuin.cli.app import COMMANDS
from proeftuin.definitions import bundled_files
from proeftuin.scenario import ScenarioTime
from tests.unit.cli.running import BOARD, COORDINATOR, SUPPLIER, Run, lead


def test_help_names_every_command_and_exit_code(run: Run) -> None:
    """The help lists all commands, what each is for, and what the exit codes mean."""
    answer = run("--help")
    assert 0 == answer.code
    assert [] == [name for name in COMMANDS if f"│ {name} " not in answer.out]
    assert "130 stopped" in " ".join(answer.out.split())


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_says_the_same_of_itself(run: Run, name: str) -> None:
    """The line in the overview is the first line of the command's own docstring and of its help."""
    home, line = COMMANDS[name]
    module, _, function = home.partition(":")
    spoken = getattr(import_module(f"proeftuin.cli.{module}"), function).__doc__ or ""
    assert line == spoken.splitlines()[0]
    assert line.split(".")[0][:40] in " ".join(run(name, "--help").out.split())


def test_init_makes_a_store_and_says_what_is_next(run: Run, tmp_path: Path) -> None:
    """A first `init` makes the file and names the commands to go on with; a second one finds it."""
    first = run("init")
    assert (0, True) == (first.code, (tmp_path / "proeftuin.db").is_file())
    assert "proeftuin start existing-contract" in first.out
    assert "already, with 0 pilots" in run("init").out
    assert {"store": "sqlite:///proeftuin.db", "created": False, "pilots": 0} == run("init", "--json").json


def test_start_tells_the_id_and_the_next_step(run: Run, store: Path) -> None:
    """A new pilot is told by title and id, and the hint uses the ref that was given."""
    answer = run("start", "existing-contract", "title=Groen", "organisation=UU", "--ref", "C-9", *COORDINATOR)
    assert 0 == answer.code
    assert "begun: Groen, pilot " in answer.out
    assert "proeftuin options C-9" in answer.out


def test_start_takes_a_list_as_words_or_as_json(run: Run, store: Path) -> None:
    """A list field may be typed as words with commas, or as JSON."""
    for number, typed in enumerate(("target_group=justice,wajong", 'target_group=["justice", "wajong"]')):
        pilot = f"p-{number}"
        run("start", "existing-contract", "title=t", "organisation=o", typed, "--id", pilot, *COORDINATOR)
        assert ["justice", "wajong"] == run("show", pilot, "--json").json["data"]["target_group"]


def test_start_follows_a_workflow_file(run: Run, store: Path, tmp_path: Path) -> None:
    """A workflow file may be named instead of a bundled workflow, and its pilots go on without the file."""
    file = tmp_path / "mine.yaml"
    file.write_text(
        "format: 1\nworkflow: mine\nversion: 1\nlabel: {en: Mine, nl: Mijn}\n"
        "roles: {ann: {label: {en: Ann, nl: Ann}}}\n"
        "start: {to: begun, allow: [ann], data: {title: {type: text, label: {en: Title, nl: Titel}}}}\n"
        "states:\n  begun: {phase: exploration, label: {en: Begun, nl: Begonnen}}\n"
        "  done: {phase: closed, final: true, label: {en: Done, nl: Klaar}}\n"
        "edges:\n  - {trigger: finish, from: begun, to: done, allow: [ann], label: {en: Finish, nl: Afronden}}\n"
    )
    started = run("start", str(file), "title=x", "--id", "m-1", "--as", "a", "--role", "ann")
    assert (0, "") == (started.code, started.err)
    file.unlink()
    assert "Finish: Begun -> Done" in run("fire", "m-1", "finish", "--as", "a", "--role", "ann").out


def test_fire_tells_what_happened_and_what_to_think_of(run: Run, pilot: str) -> None:
    """An accepted command is told in words, its warnings behind it."""
    assert "+ Lesson: Talk earlier" in run("fire", pilot, "add_lesson", "text=Talk earlier", *COORDINATOR).out
    answer = run("fire", pilot, "check_in", "date=2026-01-05", "mood=wobbling", *COORDINATOR)
    assert 0 == answer.code
    assert "note:" in answer.out


def test_fire_types_fields_as_the_trigger_takes_them(run: Run, pilot: str) -> None:
    """Lists of rows come as JSON, booleans and integers as words; decimals stay text."""
    rows = '[{"person": "ann", "role": "hr"}]'
    logged = run(
        "fire", pilot, "log_activity", "type=coffee", "date=2026-01-05", f"present={rows}", "--json", *COORDINATOR
    )
    assert [{"person": "ann", "role": "hr"}] == logged.json["events"][0]["data"]["fields"]["present"]
    goal = ("kind=short", "text=Two", "due=2026-02-01", "fixed=ja", "target=2.50")
    added = run("fire", pilot, "set_goal", *goal, "--json", *COORDINATOR).json["events"][0]["data"]["fields"]
    assert (True, "2.50") == (added["fixed"], added["target"])


def test_fire_reads_data_as_json_from_everywhere(
    run: Run, pilot: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`--data` takes JSON itself, a file, or stdin; a number with a point is kept exactly."""
    (tmp_path / "lesson.json").write_text('{"text": "from a file"}')
    monkeypatch.setattr("sys.stdin", StringIO('{"text": "from stdin"}'))
    for given in ('{"text": "itself"}', "@lesson.json", "-"):
        assert 0 == run("fire", pilot, "add_lesson", "--data", given, *COORDINATOR).code
    goal = '{"kind": "horizon", "text": "All", "target": 25.50}'
    assert 0 == run("fire", pilot, "set_goal", "--data", goal, *COORDINATOR).code
    kept = run("show", pilot, "--json").json["kept"]
    assert ["itself", "from a file", "from stdin"] == [one["data"]["text"] for one in kept["lesson"]]
    assert "25.50" == kept["goal"][0]["data"]["target"]


def test_what_is_no_text_on_the_standard_input_is_refused(
    run: Run, pilot: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bytes that are no UTF-8 are told in a line, whether they are read as JSON or as a ref."""
    fire = ("fire", pilot, "add_lesson", "--data", "-", *COORDINATOR)
    commands = [
        (fire, b"\xff{}"),
        (fire, b'{"text": "caf\xe9"}'),
        (("erase", "-", "--by", "f", "--reason", "x"), b"\xff"),
    ]
    codes = []
    for command, given in commands:
        monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(given), encoding="utf-8"))
        codes.append(run(*command).code)
    assert [2, 1, 2] == codes


def test_a_key_acts_once(run: Run, pilot: str) -> None:
    """The same command under one key is done once, and says so the second time."""
    command = ("fire", pilot, "add_lesson", "text=once", "--key", "k-1", *COORDINATOR)
    run(*command)
    again = run(*command)
    assert (0, True) == (again.code, "nothing was done twice" in again.out)
    assert 1 == len(run("show", pilot, "--json").json["kept"]["lesson"])


def test_a_pending_signature_names_who_is_to_sign(run: Run, pilot: str) -> None:
    """After the first of two signatures the other role is named, by `fire` and by `show`."""
    _until_willing(run, pilot)
    owner = ("--as", "owner-1", "--role", "client_owner")
    signed = run(
        "fire", pilot, "sign_agreement", "--track", "sodexo", 'places={"day_activity": 2}', "from=2026-01-05", *owner
    )
    assert "signed; waits for Account manager of the supplier" in signed.out
    shown = run("show", pilot).out
    assert "Waiting for a signature" in shown
    assert "Commissioning owner              owner-1" in shown
    assert "Account manager of the supplier  ..." in shown
    done = run("fire", pilot, "sign_agreement", "--track", "sodexo", *SUPPLIER)
    assert "Willing -> Agreed" in done.out


def test_options_for_one_role_tell_moves_reasons_and_records(run: Run, pilot: str) -> None:
    """The options of a role come as what can be done, what not yet with its reasons, and what can be recorded."""
    answer = run("options", "C-1", *COORDINATOR)
    parts = [answer.out.index(head) for head in ("Can be done now", "Not yet, and why", "Can be recorded")]
    assert sorted(parts) == parts
    assert "missing-inventory" in answer.out
    assert "[add_evidence type=inventory]" in answer.out
    assert "proeftuin why C-1 " in answer.out


def test_options_without_a_role_name_who_may(run: Run, pilot: str) -> None:
    """Without a role the options of everybody are shown once each, with the roles that have them."""
    answer = run("options", pilot)
    assert "record_decision" in answer.out
    names = {one["trigger"]: one["roles"] for one in run("options", pilot, "--json").json}
    assert ["board"] == names["record_decision"]
    assert {"coordinator", "client_owner"} == set(names["pause"])


def test_options_show_each_track_by_itself(run: Run, pilot: str) -> None:
    """What can be done on one supplier's track is shown for the other's too, and `why` is offered with the track."""
    _until_willing(run, pilot)
    for key in ("green", "blue"):
        run("fire", pilot, "identify", "--track", key, f"supplier={key}", *COORDINATOR)
    for who in ((), COORDINATOR):
        told = run("options", pilot, "--json", *who).json
        assert ["blue", "green"] == [one["track"] for one in told if one["trigger"] == "invite"]
    hint = run("options", "C-1", "--track", "green", "--role", "procurement").out.splitlines()[-1]
    assert hint.endswith("proeftuin why C-1 start_talk --track green")


def test_options_all_show_what_is_forbidden_too(run: Run, pilot: str) -> None:
    """`--all` also gives what the role may never do, with the reason."""
    few = run("options", pilot, "--json", *COORDINATOR).json
    every = run("options", pilot, "--all", "--json", *COORDINATOR).json
    assert len(few) < len(every)
    assert "forbidden-role" in {blocker["code"] for one in every for blocker in one["blockers"]}


def test_why_gives_every_reason_with_what_to_do(run: Run, pilot: str) -> None:
    """`why` tells each blocker's text, its code, and what to type to lift it; and exits with 1."""
    answer = run("why", pilot, "open_supplier_talks", *COORDINATOR)
    assert 1 == answer.code
    for code in ("wrong-state", "missing-commitment", "missing-owner", "missing-plan", "missing-goals"):
        assert code in answer.out
    assert "-> Assign a duty with duty Commissioning owner  [assign duty=client_owner]" in answer.out


def test_to_who_sees_nothing_of_a_pilot_nothing_is_told(run: Run, pilot: str) -> None:
    """Asked for a role that does not see the pilot, no command tells that there is one, nor its whole id."""
    for words in (("show",), ("options", "--all"), ("why", "open_supplier_talks")):
        answers = [run(words[0], name, *words[1:], "--role", "monitor") for name in (pilot, "nowhere")]
        assert [3, 3] == [one.code for one in answers]
        assert answers[0].err.replace(pilot, "nowhere") == answers[1].err


def test_why_without_a_role_asks_for_one_that_may(run: Run, pilot: str) -> None:
    """Nobody named, `why` answers for a role that the trigger is for, and says which."""
    answer = run("why", pilot, "record_decision")
    assert (0, True) == (answer.code, "asked as Board" in answer.out)
    assert "date*, reference*" in answer.out


def test_why_judges_the_data_that_is_given(run: Run, pilot: str) -> None:
    """With data, `why` is a dry run: what is wrong with the data is told too, and nothing is written."""
    answer = run("why", pilot, "record_decision", "date=2999-01-01", *BOARD, "--json")
    assert {"future-dated", "missing-field"} == {one["code"] for one in answer.json["blockers"]}
    assert 1 == run("show", pilot, "--json").json["version"]


def test_why_knows_what_was_meant(run: Run, pilot: str) -> None:
    """A trigger that does not exist is answered with the one that is closest."""
    assert "did you mean open_supplier_talks?" in run("why", pilot, "opensuppliertalks").out
    assert "did you mean add_lesson" in run("fire", pilot, "add_leson", "text=x", *COORDINATOR).err


def test_show_tells_how_a_pilot_stands(run: Run, pilot: str) -> None:
    """`show` gives title, state, tracks, duties, what is kept, and figures."""
    run("fire", pilot, "propose", "--track", "sodexo", "supplier=Sodexo", *SUPPLIER)
    run("fire", pilot, "assign", "duty=client_owner", "person=owner-1", *COORDINATOR)
    run("fire", pilot, "pause", "reason=Summer", f"resume_by={_in_days(30)}", *COORDINATOR)
    answer = run("show", pilot)
    assert 0 == answer.code
    for part in (
        "Catering, DJI",
        "Exploring, on hold",
        "sodexo  Supplier  In view",
        "owner-1",
        "Assignment 1",
        "Persons placed",
    ):
        assert part in answer.out


def test_show_json_is_the_pilot_with_its_metrics(run: Run, pilot: str) -> None:
    """Scripts get the whole pilot, and its figures by name."""
    shown = run("show", pilot, "--json").json
    assert (pilot, "exploring", 0) == (shown["id"], shown["state"], shown["metrics"]["persons_placed"]["value"])


def test_history_takes_alike_rows_together_unless_asked(run: Run, pilot: str) -> None:
    """Three lessons in a row are one line, three with `--each`, and three events as JSON."""
    for text in ("one", "two", "three"):
        run("fire", pilot, "add_lesson", f"text={text}", *COORDINATOR)
    assert "Lesson: one, two, three (3x)" in run("history", pilot).out
    assert 3 == run("history", pilot, "--each").out.count("Lesson: ")
    assert ["record.added"] * 3 == [one["type"] for one in run("history", pilot, "--after", "1", "--json").json]


def test_a_chain_is_one_story(run: Run, pilot: str) -> None:
    """What a pilot came from and what came of it are shown with it, and told as one on request."""
    assert "What follows on what" not in run("show", pilot).out
    moved = run("fire", pilot, "reroute", "workflow=small-purchases", "rationale=It fits", *COORDINATOR, "--json").json
    other = moved["started"]
    for one in (pilot, other):
        shown = run("show", one)
        assert "What follows on what" in shown.out
        assert [pilot, other] == [each["pilot"] for each in run("show", one, "--json").json["chain"]]
        assert 1 == shown.out.count("Catering *")
        told = run("history", one, "--chain")
        heads = [
            told.out.index(f"Catering ({label})") for label in ("Existing contracts", "Small products and services")
        ]
        assert sorted(heads) == heads
        assert "rationale It fits" in told.out
        events = run("history", one, "--chain", "--json").json
        assert [pilot, other] == list(dict.fromkeys(each["pilot_id"] for each in events))
    assert "Small products" not in run("history", pilot).out


def test_list_filters_and_goes_on(run: Run, pilot: str) -> None:
    """`list` shows titles and states, keeps to its filters, and says how to see more."""
    run("start", "existing-contract", "title=Groen", "organisation=UU", *COORDINATOR)
    every = run("list").out
    assert ("Catering" in every, "Groen" in every) == (True, True)
    assert "Groen" not in run("list", "--organisation", "DJI").out
    assert "There are no pilots that fit." in run("list", "--state", "closed").out
    page = run("list", "--limit", "1")
    assert f"more: the same command with --after {pilot}" in page.out
    after = run("list", "--after", pilot, "--json").json
    assert ["Groen"] == [one["title"] for one in after["items"]]


def test_list_tells_the_day_of_a_change_in_the_zone_of_the_workflow(run: Run, store: Path) -> None:
    """A change in the evening in Greenwich is listed on the next day in Amsterdam, on which its history has it."""
    evening = ScenarioTime(datetime(2026, 3, 1, 23, 30, tzinfo=UTC))
    with Engine.open(f"sqlite:///{store}", time=evening) as on:
        on.start("existing-contract", actor=lead(), data={"title": "Catering", "organisation": "DJI"}, id="canteen")
    assert ["2026-03-02"] == [one["on"] for one in run("history", "canteen", "--json").json]
    assert ("2026-03-02" in run("list").out, "2026-03-01" in run("list").out) == (True, False)


def test_a_damaged_pilot_is_listed_without_its_title(run: Run, pilot: str, tmp_path: Path) -> None:
    """A pilot that cannot be read stands in the list by what is known of it, and keeps no other one from it."""
    run("start", "existing-contract", "title=Green", "organisation=DJI", *COORDINATOR)
    with sqlite3.connect(tmp_path / "proeftuin.db") as connection:
        connection.execute("UPDATE pilots SET body = x'00' WHERE id = ?", (pilot,))
    connection.close()
    for who in ((), COORDINATOR):
        assert ["", "Green"] == [one["title"] for one in run("list", "--json", *who).json["items"]]


def test_a_damaged_workflow_is_told_in_the_list_for_its_own_pilots(run: Run, pilot: str, tmp_path: Path) -> None:
    """The pilots of a workflow that cannot be read are marked in the list, and counted by its own words."""
    run("start", "programme", "title=Cohort", "organisation=DJI", *COORDINATOR)
    with sqlite3.connect(tmp_path / "proeftuin.db") as connection:
        connection.execute("UPDATE workflows SET body = x'00' WHERE name = 'programme'")
    connection.close()
    for who, title in (((), "Cohort (cannot be read)"), (COORDINATOR, "(cannot be read)")):
        out = run("list", *who).out
        assert (title in out, "Catering" in out, 1) == (True, True, out.count("cannot be read"))
    assert "2" in run("counts").out
    assert {pilot} < {one["id"] for one in run("list", "--json").json["items"]}


def test_a_pilot_is_found_by_ref_and_by_the_beginning_of_its_id(run: Run, pilot: str) -> None:
    """The full id, the host's ref and a unique beginning of the id name the same pilot."""
    for named in (pilot, "C-1", pilot[:12]):
        assert pilot == run("show", named, "--json").json["id"]


def test_verify_says_that_all_is_whole(run: Run, pilot: str) -> None:
    """An untouched store verifies, as a whole and pilot by pilot."""
    assert (0, "Everything is whole: 1 pilot.\n") == (run("verify").code, run("verify").out)
    assert 0 == run("verify", pilot).code
    assert {"pilots": 1, "findings": []} == run("verify", "--json").json


def test_verify_finds_what_was_changed(run: Run, pilot: str, tmp_path: Path) -> None:
    """An event changed behind the library's back is named with its place, and the exit code is 1."""
    with sqlite3.connect(tmp_path / "proeftuin.db") as connection:
        connection.execute("UPDATE events SET body = CAST(replace(CAST(body AS TEXT), 'Catering', 'Cleaning') AS BLOB)")
    connection.close()
    answer = run("verify")
    assert 1 == answer.code
    assert "event 1" in answer.out
    assert [pilot] == [one["pilot"] for one in run("verify", "--json").json["findings"]]


def test_verify_takes_a_pilot_that_cannot_be_read(run: Run, pilot: str, tmp_path: Path) -> None:
    """Of a pilot with a head that nobody can read, the place is told, without the advice to verify it."""
    with sqlite3.connect(tmp_path / "proeftuin.db") as connection:
        connection.execute("UPDATE pilots SET body = ?", (b"{}",))
    connection.close()
    answer = run("verify", pilot)
    assert (1, False) == (answer.code, "names every place" in answer.out)
    assert f"{pilot}, head: the head of pilot '{pilot}' cannot be read" in " ".join(answer.out.split())
    assert "names every place" in run("show", pilot).err


def test_workflows_lists_what_is_bundled(run: Run) -> None:
    """The bundled workflow is listed with label, states and tracks, in either language."""
    assert "existing-contract@1" in run("workflows").out
    assert "Verkennen" in run("workflows", "--lang", "nl").out
    assert "existing-contract" in [one["workflow"] for one in run("workflows", "--json").json]


def test_diagram_of_a_workflow_and_of_a_pilot(run: Run, pilot: str, tmp_path: Path) -> None:
    """A diagram is drawn of a name, a file, or a pilot with its path."""
    named = run("diagram", "existing-contract", "--lang", "nl").out
    assert named.startswith("stateDiagram-v2\n")
    assert "Verkennen" in named
    assert "Exploring · now" in run("diagram", "--pilot", "C-1").out
    assert "stateDiagram-v2" in run("diagram", "existing-contract@1", "--json").json["diagram"]
    assert "Exploring" in run("diagram", str(_bundled())).out
    assert tmp_path.is_dir()


def test_a_sheet_is_in_dutch_unless_asked_otherwise(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sheet is one page of HTML, in Dutch; in English where the command or the environment says so."""
    assert '<html lang="nl">' in run("diagram", "existing-contract", "--sheet").out
    assert '<html lang="en">' in run("diagram", str(_bundled()), "--sheet", "--lang", "en").out
    assert "Bestaande contracten" in run("diagram", "existing-contract", "--sheet", "--json").json["sheet"]
    monkeypatch.setenv("PROEFTUIN_LANG", "en")
    assert '<html lang="en">' in run("diagram", "existing-contract", "--sheet").out
    assert 2 == run("diagram", "--pilot", "C-1", "--sheet").code


def test_dutch_is_spoken_throughout(run: Run, pilot: str) -> None:
    """With `--lang nl`, or the environment, answers, reasons and remedies are Dutch."""
    assert "Nog niet, en waarom" in run("options", pilot, "--lang", "nl", *COORDINATOR).out
    why = run("why", pilot, "open_supplier_talks", "--lang", "nl")
    assert ("nu niet" in why.out, "Taak toewijzen" in why.out) == (True, True)
    refused = run("fire", pilot, "complete_exploration", "--lang", "nl", *COORDINATOR)
    assert "geweigerd: Verkenning afronden" in refused.err


def test_the_environment_gives_store_language_and_actor(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Store, language and actor may come from the environment, so that they need not be typed each time."""
    for name, value in {"STORE": "sqlite:///mine.db", "LANG": "nl", "AS": "ann", "ROLE": "coordinator hr"}.items():
        monkeypatch.setenv(f"PROEFTUIN_{name}", value)
    assert "sqlite:///mine.db" in run("init").out
    answer = run("start", "existing-contract", "title=t", "organisation=o")
    assert (0, True) == (answer.code, "begonnen: t" in answer.out)


def _bundled() -> Path:
    return bundled_files()["existing-contract", 1]


def _in_days(days: int) -> str:
    return (datetime.now(UTC).date() + timedelta(days=days)).isoformat()


def _until_willing(run: Run, pilot: str) -> None:
    """Bring the track of sodexo to where an agreement can be signed."""
    people = '[{"person": "a", "role": "hr"}, {"person": "b", "role": "procurement"}]'
    both = '[{"person": "a", "role": "hr"}, {"person": "b", "role": "supplier_lead", "party": "sodexo"}]'
    steps = (
        ("propose", "--track", "sodexo", "supplier=Sodexo", *SUPPLIER),
        ("log_activity", "type=workshop", "date=2026-01-05", f"present={people}", *COORDINATOR),
        ("add_evidence", "type=inventory", "date=2026-01-05", "reference=D-1", *COORDINATOR),
        ("choose_route", "route=existing-contract", "rationale=It fits", *COORDINATOR),
        ("complete_exploration", *COORDINATOR),
        ("record_decision", "date=2026-01-05", "reference=B-1", *BOARD),
        ("assign", "duty=client_owner", "person=owner-1", *COORDINATOR),
        ("add_evidence", "type=action_plan", "date=2026-01-05", "reference=D-2", *COORDINATOR),
        ("set_goal", "kind=short", "text=Two", f"due={_in_days(20)}", *COORDINATOR),
        ("set_goal", "kind=horizon", "text=All", *COORDINATOR),
        ("open_supplier_talks", *COORDINATOR),
        ("invite", "--track", "sodexo", *COORDINATOR),
        ("start_talk", "--track", "sodexo", "date=2026-01-05", f"present={both}", *COORDINATOR),
        ("express_willingness", "--track", "sodexo", *SUPPLIER),
    )
    for step in steps:
        answer = run("fire", pilot, *step)
        assert (0, "") == (answer.code, answer.err), step
