"""The catalogue: workflows by name and version, bundled or given."""

import subprocess
import sys
from pathlib import Path

import pytest

from proeftuin.definitions import Catalogue, bundled_files, catalogue, load_workflow, scenario_folder
from proeftuin.errors import BadArgument, DefinitionError, UnknownWorkflow

SMALL = Path(__file__).parents[2] / "data" / "small.yaml"
TEXT = SMALL.read_text(encoding="utf-8")


@pytest.fixture
def bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of bundled workflows of our own."""
    for version in (1, 2, 10):
        file = tmp_path / "small" / f"v{version}.yaml"
        file.parent.mkdir(exist_ok=True)
        file.write_text(TEXT.replace("version: 1", f"version: {version}"), encoding="utf-8")
    monkeypatch.setattr(catalogue, "bundled_folder", lambda: tmp_path)
    return tmp_path


def test_the_bundled_workflows_are_found_and_loaded() -> None:
    """Every workflow that comes with the library loads under its own name and version."""
    known = Catalogue()
    assert "existing-contract" in known.names()
    assert [known.get(name).id for name in known.ids()] == list(known.ids())


def test_the_bundled_scenarios_have_a_folder() -> None:
    """The bundled scenario files are in one folder."""
    assert list(scenario_folder().glob("*.yaml"))


def test_a_name_gives_the_highest_version(bundle: Path) -> None:
    """A bare name gives the highest version by number, a name with a version that one."""
    known = Catalogue()
    assert ("small@1", "small@2", "small@10") == known.ids()
    assert ("small@10", "small@2") == (known.get("small").id, known.get("small@2").id)
    assert known.get("small") is Catalogue().get("small@10")


def test_a_bundled_file_is_read_when_it_is_asked_for(bundle: Path) -> None:
    """A bundled file with faults stops nobody who does not ask for it."""
    (bundle / "other").mkdir()
    (bundle / "other" / "v1.yaml").write_text("nonsense\n", encoding="utf-8")
    known = Catalogue()
    assert ("other", "small") == known.names()
    with pytest.raises(DefinitionError):
        known.get("other")


def test_files_by_other_names_are_no_workflows(bundle: Path) -> None:
    """Only files named by a version in folders named by a workflow are taken for workflows."""
    for path in (
        "small/v1.yml",
        "small/v0.yaml",
        "small/v1b.yaml",
        "small/vx.yaml",
        "Small/v1.yaml",
        "v1.yaml",
        "x/y/v1.yaml",
    ):
        (bundle / path).parent.mkdir(exist_ok=True, parents=True)
        (bundle / path).write_text("nonsense\n", encoding="utf-8")
    assert {("small", 1), ("small", 2), ("small", 10)} == set(bundled_files())


def test_a_bundled_file_in_the_wrong_place_is_refused(bundle: Path) -> None:
    """A bundled file must hold the workflow and version that its place says."""
    (bundle / "small" / "v3.yaml").write_text(TEXT, encoding="utf-8")
    with pytest.raises(DefinitionError, match="misplaced"):
        Catalogue().get("small@3")


def test_without_bundled_workflows_there_are_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation without workflow files has an empty catalogue."""
    monkeypatch.setattr(catalogue, "bundled_folder", lambda: tmp_path / "nowhere")
    assert () == Catalogue().names()


def test_given_workflows_are_the_only_ones() -> None:
    """Files, texts and workflows that are given stand instead of the bundled ones."""
    second = load_workflow(TEXT.replace("version: 1", "version: 2"))
    known = Catalogue([SMALL, second, TEXT])
    assert ("small",) == known.names()
    assert ("small@1", "small@2") == known.ids()
    assert known.get("small") is second


def test_a_given_file_is_read_at_once() -> None:
    """A given file with faults is refused when the catalogue is made."""
    with pytest.raises(DefinitionError):
        Catalogue(["nowhere.yaml"])


def test_two_different_workflows_of_one_version_are_refused() -> None:
    """The same name and version cannot stand for two contents."""
    with pytest.raises(BadArgument, match="small@1"):
        Catalogue([SMALL, TEXT.replace("en: Small", "en: Smaller")])


@pytest.mark.parametrize(
    "name",
    [
        "other", "small@3", "small@0", "small@01", "small@", "@1", "small@1@1", "small@x", "", "SMALL", "sm\u0430ll",
        "../small", "small/v1", "small/v1.yaml", "/etc/passwd", "..", ".", "%2e%2e/small", "small\0", "small\n", "CON",
        "C:\\small", "small@1/../../x", "x" * 100_000,
    ],
)  # fmt: skip
def test_an_unknown_name_is_looked_up_and_nothing_is_read(name: str, bundle: Path) -> None:
    """A name that is not known is refused with those that are, and opens no file, however it is spelt."""
    with pytest.raises(UnknownWorkflow) as caught:
        Catalogue().get(name)
    assert caught.value.known in {("small",), ("small@1", "small@2", "small@10")}


def test_names_open_no_files() -> None:
    """Looking up hostile names opens not one file."""
    code = (
        "import sys\n"
        "from proeftuin.definitions import Catalogue\n"
        "known, opened = Catalogue(), []\n"
        "sys.addaudithook(lambda event, args: opened.append(args) if event == 'open' else None)\n"
        "for name in ('../existing-contract', '/etc/passwd', 'existing-contract/v1.yaml', 'x'):\n"
        "    try:\n        known.get(name)\n"
        "    except LookupError:\n        pass\n"
        "print(len(opened))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "0\n" == done.stdout
