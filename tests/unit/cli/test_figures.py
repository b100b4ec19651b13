"""`metrics` and `portfolio`: figures over pilots, as a table, as JSON and as CSV."""

import csv
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from shutil import copyfile

import pytest

from proeftuin import Engine
from proeftuin.cli.demo_pilots import moved
from proeftuin.definitions import sample_tables, scenario_folder
from proeftuin.scenario import Player, load_scenario
from tests.unit.cli.running import COORDINATOR, Run

AS_OF = ("--as-of", "2027-01-15")


def store_of(story: str, folder: Path) -> Path:
    """A store in which a bundled story was played."""
    file = folder / f"{story}.db"
    player = Player(load_scenario(scenario_folder() / f"{story}.yaml"), partial(Engine.open, f"sqlite:///{file}"))
    with player.engine:
        assert all(outcome.ok for outcome in player.run())
    return file


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the fifteen pilots of a programme."""
    return store_of("fifteen-pilots", tmp_path_factory.mktemp("fifteen"))


@pytest.fixture
def fifteen(run: Run, played: Path, tmp_path: Path) -> Run:
    """The command, in a folder with that store."""
    copyfile(played, tmp_path / "proeftuin.db")
    return run


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(text.splitlines()))


def test_a_portfolio_is_told_part_by_part(fifteen: Run) -> None:
    """The day, the phases, the jobs with coverage and definition, the goals; indicative figures say that they are."""
    out = fifteen("portfolio", *AS_OF).out
    for part in (
        "As of 2027-01-15. Pilots: 15.",
        "Exploration",
        "14.86",
        "7 of 15",
        "What goals want",
        "18.00",
        "82.57",
        "Indicative: from contract hours",
        "at most 17",
    ):
        assert part in out
    assert "Stand op 2027-01-15. Proeftuinen: 15." in fifteen("portfolio", *AS_OF, "--lang", "nl").out


def test_a_portfolio_tells_what_pilots_wait_for(fifteen: Run) -> None:
    """For today each waiting pilot is told, with reasons and who can lift them, as many as were asked for."""
    out = fifteen("portfolio", "--limit", "20").out
    assert ("What pilots wait for" in out, "missing-inventory" in out, "nothing stands in the way" in out) == (
        True,
    ) * 3
    few = fifteen("portfolio", "--limit", "1", "--lang", "nl").out
    assert "Nog 10 proeftuinen lopen; --limit toont er meer." in few
    assert "What pilots wait for" not in fifteen("portfolio", *AS_OF).out


def test_a_portfolio_as_json(fifteen: Run) -> None:
    """Scripts get figures by name, with numerators and denominators, and what pilots wait for."""
    then = fifteen("portfolio", *AS_OF, "--json").json
    jobs = then["figures"]["jobs_25_5"]
    assert ("2027-01-15", "14.86", [7, 15], []) == (then["as_of"], jobs["value"], jobs["coverage"], then["waiting"])
    found = fifteen("portfolio", "--json").json
    rate = found["figures"]["checkin_rate"]
    assert {"numerator", "denominator", "definition", "source"} <= set(rate)
    assert {"pilot_id", "trigger", "hindrances", "days"} <= set(found["waiting"][0])


def test_a_portfolio_as_csv(fifteen: Run) -> None:
    """A spreadsheet gets one table: figures, targets, and what each pilot waits for with who can do it."""
    rows = table(fifteen("portfolio", "--csv", *AS_OF).out)
    assert {"figure", "target"} == {row["section"] for row in rows}
    phases = {row["part"]: row["value"] for row in rows if row["figure"] == "pilots_by_phase"}
    assert ("2", "4", 15) == (phases["exploration"], phases["closed"], sum(map(int, phases.values())))
    jobs = next(row for row in rows if row["figure"] == "jobs_25_5" and row["section"] == "figure")
    assert ("14.86", "jobs", "7", "15", "1") == (
        jobs["value"], jobs["unit"], jobs["reported"], jobs["pilots"], jobs["definition"],
    )  # fmt: skip
    now = table(fifteen("portfolio", "--csv").out)
    waiting = next(row for row in now if row["part"] == "missing-inventory")
    assert "HR professional" in waiting["part_label"]
    assert waiting["note"]
    assert ["18.00", "14.86"] == [row["value"] for row in rows if row["section"] == "target"]


def test_a_monitor_gets_figures_without_small_groups(fifteen: Run) -> None:
    """With a role outside the pilot team nothing small is shown, and no pilot by itself."""
    out = fifteen("portfolio", "--role", "monitor", "--organisation", "Gemeente Noord", *AS_OF).out
    assert ("<5" in out, "Open:" in out, "What pilots wait for" in out) == (True, False, False)
    cells = fifteen("metrics", "placements_active", "--by", "organisation", "--role", "monitor", *AS_OF).out
    assert ("withheld" in cells, "17" in cells) == (True, True)


def test_figures_are_of_the_pilots_that_are_named(fifteen: Run) -> None:
    """Ids or filters say which pilots; names say which figures, and --all gives every one."""
    pilot = fifteen("list", "--organisation", "Gemeente Noord", "--json").json["items"][0]["id"]
    one = fifteen("metrics", "jobs_25_5", "--pilot", pilot, *AS_OF, "--json").json
    assert "0.63" == one["jobs_25_5"]["value"]
    both = fifteen("metrics", "jobs_25_5", "--programme", "Samen aan de slag", *AS_OF, "--json").json
    assert ("14.86", ["jobs_25_5"]) == (both["jobs_25_5"]["value"], list(both))
    assert "Jobs of 25.5 hours" in fifteen("metrics").out
    every = fifteen("metrics", "--all", "--json").json
    assert ("unknown-potential", None) == (every["potential_low"]["refused"]["code"], every["potential_low"]["value"])


def test_a_part_a_breakdown_and_a_period_can_be_asked_for(fifteen: Run) -> None:
    """One part of a figure, a field to break down by, and a period are asked for by option."""
    out = fifteen("metrics", "stage_funnel", "--of", "employment", "--by", "category", *AS_OF).out
    assert ("catering" in out, "17" in out) == (True, True)
    period = fifteen("metrics", "paid_hours_jobs", "--since", "2026-12-01", "--as-of", "2026-12-31").out
    assert (
        "Figures over a period run from 2026-12-01 up to and including 2026-12-31." in period,
        "14.86" in period,
    ) == (
        True,
        True,
    )


def test_figures_as_csv(fifteen: Run) -> None:
    """A spreadsheet gets a row per number, with what it rests on."""
    (row,) = table(fifteen("metrics", "checkin_rate", *AS_OF, "--csv").out)
    assert ("checkin_rate", "0.00", "%", "0") == (row["figure"], row["value"], row["unit"], row["numerator"])


def test_a_figure_that_cannot_be_given_is_refused(fifteen: Run) -> None:
    """A figure that was named and cannot be given is a refusal, with its reason; beside others it says why."""
    answer = fifteen("metrics", "potential_low")
    assert (1, "") == (answer.code, answer.out)
    assert "How many jobs could suit is known for catering" in " ".join(answer.err.split())
    every = " ".join(
        fifteen("metrics", "--all", "--pilot", fifteen("list", "--json").json["items"][0]["id"]).out.split()
    )
    assert "Jobs in the contract that could suit" in every


def test_without_pilots_there_is_nothing_to_show(run: Run, store: Path) -> None:
    """An empty store declares no figures, and says how to ask for some."""
    assert "No figures were asked for" in run("metrics").out
    assert "As of" in run("portfolio").out
    del store


def test_value_tables_are_given_by_file_or_sample(run: Run, store: Path, tmp_path: Path) -> None:
    """A value table is a file or the name of a sample; what is no table is refused with its faults."""
    copyfile(sample_tables()["sample-utrecht-new"], tmp_path / "ours.yaml")
    for named in ("sample-utrecht-new", "ours.yaml"):
        assert 0 == run("metrics", "sroi_value", "--table", named).code
    answer = run("metrics", "sroi_value", "--table", "gone.yaml")
    assert (1, True) == (answer.code, "gone.yaml:1:1: no-such-file" in answer.err)
    del store


def test_two_forms_at_once_are_refused(run: Run, pilot: str) -> None:
    """CSV and JSON together make no sense."""
    answer = run("metrics", "persons_placed", "--csv", "--json")
    assert (2, "give --csv or --json, not both") == (answer.code, run("portfolio", "--csv", "--json").problem["detail"])
    assert 0 == run("show", pilot, *COORDINATOR[2:]).code


def test_lint_knows_value_tables(run: Run, tmp_path: Path) -> None:
    """A value table is checked as one, by itself or in a folder `tables`, with the place of each fault."""
    folder = tmp_path / "tables"
    folder.mkdir()
    copyfile(sample_tables()["sample-utrecht-new"], folder / "ours.yaml")
    assert (0, True) == (run("lint", str(tmp_path)).code, "1 file" in run("lint", str(tmp_path)).err)
    (folder / "ours.yaml").write_text("format: 1\ntable: ours\n", encoding="utf-8")
    answer = run("lint", str(folder / "ours.yaml"))
    assert (1, 4) == (answer.code, answer.out.count("missing-key"))


def test_social_return_is_valued_by_the_tables_that_are_given(run: Run, tmp_path: Path) -> None:
    """Without its table an effort has no value, and a pilot says so; with tables it has, one table at a time."""
    story = moved(load_scenario(scenario_folder() / "hhnk-tender.yaml"), datetime.now(UTC).date() - timedelta(1))
    player = Player(story, partial(Engine.open, f"sqlite:///{tmp_path}/proeftuin.db"))
    with player.engine:
        assert all(outcome.ok for outcome in player.run())
    shown = " ".join(run("show", player.pilots[0], "--lang", "nl").out.split())
    assert "Instrumenten in gebruik 6" in shown
    assert 'waardetabel "sample-utrecht-new" is hier niet bekend' in shown
    utrecht, rijnland = ("--table", "sample-utrecht-new"), ("--table", "sample-holland-rijnland")
    by_track = run("metrics", "sroi_value", *utrecht, *rijnland, "--by", "track").out
    assert ("54166.67" in by_track, "20000.00" in by_track) == (True, True)
    assert "sample-utrecht-new (2020-01-01, sample)" in " ".join(by_track.split())
    refused = run("metrics", "sroi_value", *utrecht, *utrecht, *rijnland)
    assert (1, True) == (refused.code, "not-additive" in refused.err)
