"""What is installed, be it from the wheel or in place: the gate `wheel` runs these on the built wheel alone."""

from importlib.metadata import distribution, entry_points
from importlib.resources import files
from pathlib import Path

import pytest

import proeftuin
from proeftuin import Engine, load_workflow
from proeftuin.definitions import lint_locked
from proeftuin.definitions.catalogue import Catalogue, bundled_files, bundled_folder, scenario_folder

HOME = Path(proeftuin.__file__).parent
FROM_WHEEL = "site-packages" in HOME.parts


@pytest.mark.parametrize(
    "path",
    [
        "py.typed",
        "definitions/workflow.schema.json",
        "storage/sql/migrations/env.py",
        "storage/sql/migrations/script.py.mako",
        "storage/sql/migrations/versions/0001_first_tables.py",
    ],
)
def test_what_is_no_module_is_there_too(path: str) -> None:
    """Types, the schema of workflow files and the migrations are installed with the code."""
    assert files("proeftuin").joinpath(path).is_file()


def test_the_bundled_workflows_are_found_and_whole() -> None:
    """Each bundled workflow is found, loads without a fault, is what was published, and has scenarios beside it."""
    assert ("existing-contract", 1) in bundled_files()
    assert [] == [path for path in bundled_files().values() if load_workflow(path).hash == ""]
    assert "existing-contract@1" in Catalogue().ids()
    assert [] != list(scenario_folder().glob("*.yaml"))
    assert () == lint_locked(bundled_folder())


def test_a_database_can_be_made_from_what_is_installed(tmp_path: Path) -> None:
    """The migrations that are installed make a database that an engine can use."""
    with Engine.open(f"sqlite:///{tmp_path / 'pilots.db'}") as engine:
        assert () == engine.find().items


def test_the_command_and_the_stores_are_announced() -> None:
    """The command and both stores are found through their entry points."""
    (script,) = entry_points(group="console_scripts", name="proeftuin")
    assert "proeftuin.cli:main" == script.value
    assert {"memory", "sqlite"} <= {point.name for point in entry_points(group="proeftuin.stores")}
    assert all(callable(point.load()) for point in entry_points(group="proeftuin.stores"))


def test_the_metadata_says_what_it_needs() -> None:
    """The version, the licence and the Python that is needed are in the metadata, and every extra is declared."""
    metadata = distribution("proeftuin").metadata
    assert (proeftuin.__version__, ">=3.11", "MIT") == (
        metadata["Version"],
        metadata["Requires-Python"],
        metadata["License-Expression"],
    )
    assert {"cli", "sql", "testing", "suite", "dev"} <= set(metadata.get_all("Provides-Extra") or ())


@pytest.mark.skipif(not FROM_WHEEL, reason="installed in place: there is no list of files")
def test_the_wheel_holds_the_package_and_nothing_else() -> None:
    """The wheel holds the package with the workflows inside it, and no tests, docs or folders of the checkout."""
    listed = [Path(str(one)) for one in distribution("proeftuin").files or ()]
    outside = {one.parts[0] for one in listed if one.parts[0] != "proeftuin" and ".." not in one.parts}
    assert {"proeftuin"} == {one.partition("-")[0] for one in outside}
    assert HOME / "workflows" == bundled_folder()
    assert Path("proeftuin/workflows/existing-contract/v1.yaml") in listed
    assert not any(one.name.startswith("test_") for one in listed)
