"""What it costs to begin: importing the engine, and the command's shortest answer."""

from collections.abc import Iterator

from benchmarks.measure import Ratio, processes_in_turns

OPEN = "from proeftuin import Engine; Engine.open('memory://').close()"


def ratios() -> Iterator[Ratio]:
    """Give the ratios of starting up: whole processes, and the imports alone with the bare interpreter taken off."""
    bare, ours, floor, version = processes_in_turns(
        [("-c", "pass"), ("-c", OPEN), ("-c", "import transitions"), ("-m", "proeftuin", "--version")]
    )
    yield Ratio("Engine on memory://, against import transitions", ours, floor, must=5, aim=4, unit="ms")
    yield Ratio("  the same without the interpreter's own start", ours - bare, floor - bare, must=5, aim=4, unit="ms")
    yield Ratio("proeftuin --version, against python -c pass", version, bare, must=5, aim=5, unit="ms")
