from pathlib import Path

from tests.imports import imported, of

ADAPTER = Path(__file__).parents[1]
PUBLIC = {"proeftuin", "proeftuin.spi", "proeftuin.spi.checks", "proeftuin.errors", "proeftuin.testing"}
HELPERS = {
    "tests",
    "tests.conftest",
    "tests.forked",
    "tests.imports",
    "tests.telemetry",
    "tests.unit.engines",
    "tests.unit.test_engine_races",
    "tests.unit.ticking",
}


def test_only_public_doors_are_used() -> None:
    """Of proeftuin nothing is imported but what everybody may import, by the adapter as by its tests."""
    modules = {one for path in ADAPTER.rglob("*.py") for one in imported(path)}
    assert {"proeftuin", "proeftuin.spi", "proeftuin.errors"} <= of("proeftuin", modules) <= PUBLIC
    assert of("tests", modules) <= HELPERS


def test_opentelemetry_has_one_door_and_no_sdk() -> None:
    """One file knows OpenTelemetry, and of it the API alone."""
    files = {path.name: of("opentelemetry", imported(path)) for path in (ADAPTER / "src").rglob("*.py")}
    assert ["_api.py"] == [name for name, modules in files.items() if modules]
    assert [] == [one for one in files["_api.py"] if one.startswith("opentelemetry.sdk")]


def test_files_stay_short() -> None:
    """No file of the adapter has over 400 lines."""
    files = list(ADAPTER.rglob("*.py"))
    assert [] == [path.name for path in files if len(path.read_text(encoding="utf-8").splitlines()) > 400]
