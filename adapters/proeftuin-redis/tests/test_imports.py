from pathlib import Path

from tests.imports import imported, of

ADAPTER = Path(__file__).parents[1]
PUBLIC = {"proeftuin", "proeftuin.spi", "proeftuin.spi.checks", "proeftuin.errors", "proeftuin.testing"}
HELPERS = {
    "tests.conftest",
    "tests.faults.storm",
    "tests.forked",
    "tests.imports",
    "tests.own_servers",
    "tests.redis_wire",
    "tests.scale",
    "tests.servers",
    "tests.versioning",
    "tests.serving",
}


def test_only_public_doors_are_used() -> None:
    """Of proeftuin nothing is imported but what everybody may import, by the adapter as by its tests."""
    modules = {one for path in ADAPTER.rglob("*.py") for one in imported(path)}
    assert {"proeftuin.spi", "proeftuin.errors"} <= of("proeftuin", modules) <= PUBLIC
    assert of("tests", modules) <= HELPERS


def test_the_driver_has_one_door() -> None:
    """Only the wire sends anything to Redis, and only the faults know the driver's errors beside it."""
    files = {path.name for path in (ADAPTER / "src").rglob("*.py") if of("redis", imported(path))}
    assert {"_faults.py", "_wire.py"} == files


def test_files_and_scripts_stay_short() -> None:
    """No file of the adapter has over 400 lines, be it Python or Lua."""
    files = [path for kind in ("*.py", "*.lua") for path in ADAPTER.rglob(kind)]
    assert [] == [path.name for path in files if len(path.read_text(encoding="utf-8").splitlines()) > 400]


def test_no_question_walks_over_the_keys() -> None:
    """No script asks Redis for all its keys, nor for whatever key fits a pattern."""
    scripts = [path.read_text(encoding="utf-8") for path in (ADAPTER / "src").rglob("*.lua")]
    assert 5 == len(scripts)
    assert [] == [word for word in ("KEYS", "SCAN", "RANDOMKEY") for text in scripts if f"call('{word}'" in text]
