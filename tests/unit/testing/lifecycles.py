"""A small lifecycle that has a bit of everything, for the tests of generated paths and lives."""

from pathlib import Path

ROOT = Path(__file__).parents[3]
FLOW = (ROOT / "tests" / "data" / "talks.yaml").read_text(encoding="utf-8")
