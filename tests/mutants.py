"""How many changed versions of the code were noticed by a test: `make mutants` prints it, and fails below the floor."""

import json
import sys
from pathlib import Path

FLOOR = 85  # percent


def main(stats: Path) -> int:
    """Print the score of a run, and return the exit code."""
    counts = json.loads(stats.read_text(encoding="utf-8"))
    noticed = counts["killed"] + counts["timeout"] + counts["segfault"]
    tried = noticed + counts["survived"] + counts["suspicious"] + counts["no_tests"]
    if not tried:
        sys.stderr.write("no mutant was tried; do the names in MUTANTS fit?\n")
        return 1
    score = 100 * noticed / tried
    sys.stdout.write(f"{noticed} of {tried} changes were noticed by a test: {score:.1f} %, at least {FLOOR} %\n")
    return int(score < FLOOR)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
