"""The pytest plugin, in runs of pytest of its own."""

import json
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

import proeftuin.storage.sql.sqlite
import proeftuin.testing.covering_session  # noqa: F401  # so that the runs inside need not load them anew
from proeftuin import load_workflow
from proeftuin.testing import Lab
from tests.unit.engines import FLOW
from tests.unit.test_public import loaded

pytest_plugins = ["pytester"]

PLUGIN = ("-p", "proeftuin.testing.plugin", "-p", "no:cacheprovider")
COVER = (*PLUGIN, "--proeftuin-cov=talks.yaml")

LIFE = """
import pytest

START = {"title": "A"}

@pytest.fixture
def lab_workflow():
    return "talks.yaml"

def test_one(lab):
    lab.start("lead", START)
    lab.fire("lead", "talk")
    with lab.refused("missing-note"):
        lab.fire("board", "finish")

def test_two(lab):
    lab.start("facilitator", START)
    lab.fire("lead", "talk")
"""


@pytest.fixture(autouse=True, scope="module")
def _loaded() -> None:
    """What is loaded before a run inside stays loaded after it, so the library is loaded once."""
    with Lab(load_workflow(FLOW)) as lab:
        lab.start("lead", {"title": "A"})
        with lab.refused("wrong-state", "missing-note"):
            lab.fire("board", "finish")


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """The runs inside have this plugin alone, whatever else is installed, and report alike wherever they run."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    for name in ("CI", "BUILD_NUMBER"):  # under these pytest repeats a whole message in its summary
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """A project with a workflow and tests of its own."""
    pytester.makefile(".yaml", talks=FLOW)
    pytester.makepyfile(test_life=LIFE)
    return pytester


def test_it_is_an_entry_point() -> None:
    """The installed package tells pytest of its plugin."""
    found = entry_points(group="pytest11")["proeftuin"]
    assert "proeftuin.testing.plugin" == found.value


def test_loading_it_loads_nothing_of_the_library() -> None:
    """Where no test asks for a lab, neither the engine nor any library but pytest is imported."""
    found = loaded("import proeftuin.testing.plugin")
    own = {one for one in found if one.split(".")[0] == "proeftuin"}
    assert {"proeftuin", "proeftuin.testing", "proeftuin.testing.plugin"} == own
    assert set() == found & {"attrs", "cattrs", "hypothesis", "msgspec", "ruamel", "sqlalchemy", "transitions"}


def test_a_test_asks_for_the_lab(project: pytest.Pytester) -> None:
    """A test that has `lab` as an argument gets one of its own, under the workflow of its project."""
    project.runpytest(*PLUGIN).assert_outcomes(passed=2)


def test_a_mark_makes_another_lab(pytester: pytest.Pytester) -> None:
    """The mark names workflow, day and store, and is known to pytest."""
    pytester.makefile(".yaml", talks=FLOW)
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.lab("talks.yaml", at="2027-03-01", store="sqlite:///{}.db")
        def test_marked(lab):
            assert "talks@1" == lab.workflow.id
            assert "2027-03-01" == lab.day()
            assert lab.engine.start("talks", actor=lab.person("lead"), data={"title": "A"})

        def test_bare(lab):
            assert "existing-contract@1" == lab.workflow.id
        """
    )
    pytester.runpytest(*PLUGIN, "--strict-markers").assert_outcomes(passed=2)
    assert 1 == len(list(pytester.path.glob("*.db")))


def test_one_option_moves_all_labs_to_a_store(project: pytest.Pytester) -> None:
    """With `--proeftuin-store` the same tests run on another store."""
    project.runpytest(*PLUGIN, "--proeftuin-store=sqlite:///{}.db", "-k", "two").assert_outcomes(passed=1)
    assert 1 == len(list(project.path.glob("*.db")))


def test_a_test_that_fails_shows_the_timeline(pytester: pytest.Pytester) -> None:
    """What happened to the pilot stands below the report of a plain assertion, and is not repeated below `expect`."""
    pytester.makepyfile(
        """
        START = {"title": "Canteen", "organisation": "Voorbeeld"}

        def test_plain(lab):
            lab.start("coordinator", START)
            assert not lab.pilot.tracks == {}

        def test_expect(lab):
            lab.start("coordinator", START)
            lab.expect(state="closed")

        def test_before(lab):
            assert not lab

        def test_other():
            assert False
        """
    )
    result = pytester.runpytest(*PLUGIN)
    result.assert_outcomes(failed=4)
    told = result.stdout.str()
    assert 2 == told.count("Pilot begun: Canteen, Voorbeeld")
    assert "state: expected closed, came exploring" in told
    assert "lab_looking.py" not in told  # the lab's own frames are left out


# -- coverage ------------------------------------------------------------------------------------------------------


def test_coverage_tells_what_was_exercised_and_what_was_not(project: pytest.Pytester) -> None:
    """The report counts states, edges and guards, and lists what no test reached."""
    result = project.runpytest(*COVER)
    result.assert_outcomes(passed=2)
    result.stdout.re_match_lines(
        [
            r"=+ lifecycle coverage: talks@1 \([0-9a-f]{12}\) =+",
            r"states +2 of 5 .*",
            r"guards +\d+ of \d+ .*",
            r"not exercised, states:",
            r"  closed",
            r"  supplier: seen, agreed",
            r"guards that never passed:",
            r"  talk: has no-note",
            r"  finish: has missing-note",
        ]
    )


def figures(project: pytest.Pytester, *options: str) -> list[dict[str, object]]:
    """The report of a run as JSON."""
    project.runpytest(*options, "--proeftuin-cov-json=cov.json")
    found: list[dict[str, object]] = json.loads(Path(project.path, "cov.json").read_text(encoding="utf-8"))
    return found


def test_workers_tell_what_they_saw(project: pytest.Pytester) -> None:
    """Dealt out over two processes the tests exercise what they do in one."""
    alone = figures(project, *COVER)
    assert 1 == len(alone)
    assert 0 < float(str(alone[0]["percent"])) < 100
    assert alone == figures(project, *COVER, "-p", "xdist", "-n2", "--dist=load")


@pytest.mark.parametrize(("least", "code"), [("1", 0), ("99.9", 1)])
def test_a_run_fails_below_the_threshold(project: pytest.Pytester, least: str, code: int) -> None:
    """Below so many percent the run fails, though all of its tests passed, and says so."""
    result = project.runpytest(*COVER, f"--proeftuin-cov-fail-under={least}")
    assert code == result.ret
    assert bool(code) == ("FAIL talks@1" in result.stdout.str())


@pytest.mark.parametrize("least", ["nan", "-1", "100.1", "inf", "eighty", ""])
def test_a_threshold_is_a_number_of_percent(project: pytest.Pytester, least: str) -> None:
    """What is no number from 0 to 100 ends the run before it begins, and is told; below `nan` nothing would lie."""
    result = project.runpytest(*COVER, f"--proeftuin-cov-fail-under={least}")
    assert pytest.ExitCode.USAGE_ERROR == result.ret
    result.stderr.fnmatch_lines([f"*--proeftuin-cov-fail-under: {least!r} is no number from 0 to 100"])


def test_a_report_that_cannot_be_written_takes_nothing_with_it(project: pytest.Pytester) -> None:
    """Where there is no folder for the file the run fails and says so, and what it found is told all the same."""
    result = project.runpytest(*COVER, "--proeftuin-cov-json=nowhere/cov.json")
    assert pytest.ExitCode.TESTS_FAILED == result.ret
    result.stdout.re_match_lines(
        [r"states +2 of 5 .*", r"FAIL nowhere/cov.json cannot be written \(FileNotFoundError\).*"]
    )


@pytest.mark.parametrize("name", ["talks", "talks@1"])
def test_a_name_counts_whatever_is_met_under_it(project: pytest.Pytester, name: str) -> None:
    """A workflow that is not bundled is named as well as its file is."""
    found = figures(project, *PLUGIN, f"--proeftuin-cov={name}")
    assert figures(project, *COVER) == found


def test_a_changed_copy_does_not_count(project: pytest.Pytester) -> None:
    """Tests of a workflow with the same name and other content say nothing of this one."""
    project.makefile(".yaml", other=FLOW.replace("en: Talking", "en: In talks"))
    result = project.runpytest(*PLUGIN, "--proeftuin-cov=other.yaml", "--proeftuin-cov-fail-under=1")
    assert pytest.ExitCode.TESTS_FAILED == result.ret
    result.stdout.fnmatch_lines(["states * 0 of 5 *", "FAIL talks@1: 0.0% is below 1%"])


def test_a_file_of_json_is_known_as_a_file(pytester: pytest.Pytester) -> None:
    """A workflow in JSON is read as one in YAML is, and not taken for a name."""
    result = pytester.runpytest(*PLUGIN, "--proeftuin-cov=nowhere.json")
    assert pytest.ExitCode.USAGE_ERROR == result.ret
    assert "there is no such file" in result.stderr.str()


def test_a_workflow_that_no_test_used_is_told(project: pytest.Pytester) -> None:
    """A misspelt name is told, and lies below any threshold."""
    result = project.runpytest(*PLUGIN, "--proeftuin-cov=tolks", "--proeftuin-cov-fail-under=1")
    assert pytest.ExitCode.TESTS_FAILED == result.ret
    result.stdout.fnmatch_lines(["*lifecycle coverage: tolks*", "no test used a workflow of this name"])


@pytest.mark.parametrize(("text", "told"), [("format: 1\n", "--proeftuin-cov: "), (None, "--proeftuin-cov: ")])
def test_a_file_that_cannot_be_read_is_told(pytester: pytest.Pytester, text: str | None, told: str) -> None:
    """A file with faults, or none at all, ends the run before it begins."""
    if text is not None:
        pytester.makefile(".yaml", bad=text)
    result = pytester.runpytest(*PLUGIN, "--proeftuin-cov=bad.yaml")
    assert pytest.ExitCode.USAGE_ERROR == result.ret
    assert told in result.stderr.str()


def test_without_coverage_nothing_watches(project: pytest.Pytester) -> None:
    """Where it is not asked for, none of its code is loaded."""
    project.makepyfile(
        test_off="""
        import sys

        def test_off(lab):
            assert not [one for one in sys.modules if one.startswith("proeftuin.testing.covering")]
        """
    )
    command = [sys.executable, "-m", "pytest", *PLUGIN, "test_off.py"]
    assert 0 == project.run(*command).ret
