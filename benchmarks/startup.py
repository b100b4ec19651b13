"""What it costs to begin: importing the engine, and the command's shortest answer."""

from collections.abc import Iterator

from benchmarks.measure import Ratio, processes_in_turns

OPEN = "from proeftuin import Engine; Engine.open('memory://').close()"


def ratios() -> Iterator[Ratio]:
    """Give the ratios of starting up; a bare interpreter is taken off where only an import is compared."""
    bare, ours, floor = processes_in_turns([("-c", "pass"), ("-c", OPEN), ("-c", "import transitions")])
    yield Ratio("import Engine and open memory://", ours - bare, floor - bare, must=5, aim=4, unit="ms")
    bare, version = processes_in_turns([("-c", "pass"), ("-m", "proeftuin", "--version")])
    yield Ratio("proeftuin --version, against python -c pass", version, bare, must=5, aim=5, unit="ms")
