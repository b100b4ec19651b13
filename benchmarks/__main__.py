"""Print figures: `make bench` for those of a few minutes, `python -m benchmarks PART ...` for some of them or more.

`ticks=1000000` measures that part among so many pilots.
"""

import platform
import sys
from importlib import import_module

# Each part, and what its figures are. Two take minutes, and are only measured when named: `growth` builds a store of a
# million pilots, and `throughput` draws a picture for the documentation.
TIMES = "how many times the floor's time ours takes: smaller is better"
SHARES = "our rate as a share of the other's, 0.60 being 60 of ours to 100: larger is better"
PARTS = {
    "core": TIMES,
    "startup": TIMES,
    "stores": SHARES,
    "servers": SHARES,
    "peers": SHARES,
    "bulk": SHARES,
    "simulate": SHARES,
    "ticks": SHARES,
    "migration": TIMES,
    "portfolio": TIMES,
    "board": TIMES,
    "report": TIMES,
    "delivery": SHARES,
    "aio": SHARES,
    "throughput": SHARES,
    "growth": TIMES,
}
SMALL = tuple(name for name in PARTS if name not in {"throughput", "growth"})


def main(names: tuple[str, ...]) -> None:
    """Measure and print the parts of these names."""
    sizes = dict(name.partition("=")[::2] for name in names)
    unknown = set(sizes) - set(PARTS)
    if unknown:
        raise SystemExit(f"there is no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    print(f"Python {platform.python_version()}; the best of rounds that run in turns, unless a line says otherwise")
    for name, size in sizes.items():
        print(f"\n{name}: {PARTS[name]}")
        given = (int(size),) if size else ()
        for figure in import_module(f"benchmarks.{name}").ratios(*given):
            print(figure, flush=True)


if __name__ == "__main__":
    main(tuple(sys.argv[1:]) or SMALL)
