"""How many changed versions of the core are noticed by a test: `make mutants` prints it, and fails below a floor.

A change is tried with the tests of the folder that is there for it, those alone that reach it: with all of the suite a
change that nobody notices would take minutes, and there are some twenty thousand places to change.
"""

import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from attrs import frozen

NEEDED = ("src", "tests", "workflows", "docs", "conftest.py", "pyproject.toml", "README.md")
HOME, SOURCES = Path("build/mutants"), Path("src")
NOTICED, MISSED = ("killed", "timeout", "segfault"), ("survived", "suspicious", "no_tests")


@frozen
class Part:
    """Places to change, and the tests that are there for them."""

    name: str
    places: str
    tests: str
    but: tuple[str, ...] = ()

    def modules(self) -> Iterator[str]:
        """Give the modules that these places are in."""
        for path in SOURCES.rglob("*.py"):
            if fnmatchcase(f"{path}", self.places) and not any(fnmatchcase(f"{path}", one) for one in self.but):
                yield ".".join(path.relative_to(SOURCES).with_suffix("").parts)

    def asked(self, names: Iterable[str]) -> list[str]:
        """Return those of the patterns of names that places here may fit."""
        modules = [f"{name}." for name in self.modules()]
        starts = {one: re.split(r"[*?[]", one)[0] for one in names}  # up to the first wildcard
        return [
            one
            for one, start in starts.items()
            if any(name.startswith(start) or start.startswith(name) for name in modules)
        ]

    def settings(self) -> str:
        """Return what `pyproject.toml` says of it."""
        lines = {
            "only_mutate": [self.places],
            "do_not_mutate": self.but,
            "pytest_add_cli_args_test_selection": [self.tests],
        }
        return "".join(f"{name} = {json.dumps(value)}\n" for name, value in lines.items())


MIGRATION = "src/proeftuin/core/migration/*"
PARTS = (
    Part("core", "src/proeftuin/core/*", "tests/unit/core", but=(MIGRATION,)),
    Part("migration", MIGRATION, "tests/versions"),
)


def tried(part: Part, names: Sequence[str], workers: str) -> Counter[str]:
    """Change the places of a part that have these names, one at a time; return how often what came of it."""
    folder = HOME / part.name
    folder.mkdir(parents=True)
    for one in map(Path, NEEDED):
        (shutil.copytree if one.is_dir() else shutil.copy)(one, folder / one)
    settings = folder / "pyproject.toml"
    title = "[tool.mutmut]\n"
    text = settings.read_text(encoding="utf-8").replace(title, title + part.settings())
    settings.write_text(text, encoding="utf-8")
    program = Path(sys.executable).with_name("mutmut")
    subprocess.run([program, "run", "--max-children", workers, *names], cwd=folder, check=True)
    subprocess.run([program, "export-cicd-stats"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return Counter(json.loads((folder / "mutants" / "mutmut-cicd-stats.json").read_text(encoding="utf-8")))


def main(workers: str, floor: int, names: Sequence[str]) -> int:
    """Try what has these names, print the score, and return the exit code: a failure below so many percent."""
    shutil.rmtree(HOME, ignore_errors=True)
    counts = Counter[str]()
    for part in PARTS:
        if asked := part.asked(names):
            counts += tried(part, asked, workers)
    noticed = sum(counts[one] for one in NOTICED)
    if not (total := noticed + sum(counts[one] for one in MISSED)):
        sys.stderr.write("nothing was changed; do the names in MUTANTS fit?\n")
        return 1
    score = 100 * noticed / total
    sys.stdout.write(f"{noticed} of {total} changes were noticed by a test: {score:.1f} %, at least {floor} %\n")
    return int(score < floor)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), sys.argv[3:]))
