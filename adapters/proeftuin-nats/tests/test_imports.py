from pathlib import Path

from tests.imports import imported, of

ADAPTER = Path(__file__).parents[1]
PUBLIC = {
    "proeftuin",
    "proeftuin.cli",
    "proeftuin.cloudevent",
    "proeftuin.delivery",
    "proeftuin.errors",
    "proeftuin.sinks",
    "proeftuin.spi",
    "proeftuin.testing",
    "proeftuin.testing.sinks",
}
HELPERS = {
    "tests.conftest",
    "tests.imports",
    "tests.nats_bus",
    "tests.own_servers",
    "tests.scale",
    "tests.servers",
    "tests.sinks.parcels",
    "tests.unit.engines",
}


def test_only_public_doors_are_used() -> None:
    """Of proeftuin nothing is imported but what everybody may import, by the adapter as by its tests."""
    modules = {one for path in ADAPTER.rglob("*.py") for one in imported(path)}
    assert {"proeftuin.spi", "proeftuin.errors"} <= of("proeftuin", modules) <= PUBLIC
    assert of("tests", modules) <= HELPERS


def test_the_driver_has_one_door() -> None:
    """Only the wire speaks with NATS, and only the faults know the driver's errors beside it."""
    files = {path.name for path in (ADAPTER / "src").rglob("*.py") if of("nats", imported(path))}
    assert {"_faults.py", "_wire.py"} == files


def test_files_stay_short() -> None:
    """No file of the adapter has over 400 lines."""
    files = ADAPTER.rglob("*.py")
    assert [] == [path.name for path in files if len(path.read_text(encoding="utf-8").splitlines()) > 400]
