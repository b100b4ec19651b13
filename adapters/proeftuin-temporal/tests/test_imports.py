from pathlib import Path

import proeftuin_temporal
from tests.imports import imported, of

ADAPTER = Path(__file__).parents[1]
PUBLIC = {
    "proeftuin",
    "proeftuin.definitions",
    "proeftuin.scenario",
    "proeftuin.spi",
    "proeftuin.storage",
}
HELPERS = {
    "tests.forked",
    "tests.imports",
    "tests.serving",
    "tests.temporal",
    "tests.unit.engines",
    "tests.unit.ticking",
}


def test_only_public_doors_are_used() -> None:
    """Of proeftuin nothing is imported but what everybody may import, by the adapter as by its tests."""
    modules = {one for path in ADAPTER.rglob("*.py") for one in imported(path)}
    assert {"proeftuin", "proeftuin.spi"} <= of("proeftuin", modules) <= PUBLIC
    assert of("tests", modules) <= HELPERS


def test_what_decides_knows_nothing_of_temporal() -> None:
    """The value of a pilot, and what a command makes of it, import nothing of Temporal's."""
    for name in ("_asking.py", "_life.py", "_rules.py"):
        path = ADAPTER / "src/proeftuin_temporal" / name
        assert set() == of("temporalio", imported(path))


def test_what_is_offered_is_in_order() -> None:
    """The public names are sorted, and all of them are there."""
    assert sorted(proeftuin_temporal.__all__) == proeftuin_temporal.__all__
    assert all(hasattr(proeftuin_temporal, name) for name in proeftuin_temporal.__all__)


def test_files_stay_short() -> None:
    """No file of the adapter has over 400 lines."""
    files = list(ADAPTER.rglob("*.py"))
    assert [] == [path.name for path in files if len(path.read_text(encoding="utf-8").splitlines()) > 400]
