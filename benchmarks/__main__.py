"""Print every ratio: `make bench`."""

import platform

from benchmarks import core, startup


def main() -> None:
    """Measure and print."""
    print(f"Python {platform.python_version()}; ratios, best of interleaved rounds; smaller is better")
    for part in (core, startup):
        for ratio in part.ratios():
            print(ratio, flush=True)


if __name__ == "__main__":
    main()
