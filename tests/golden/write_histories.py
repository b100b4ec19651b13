"""Writes the histories that later versions are held against: `python -m tests.golden.write_histories`.

Each is the export of what a scenario plays: those that are bundled, and one of the workflow that none of them is about.
What is there already is never written again.
"""

import gzip
from pathlib import Path

from proeftuin import Engine
from proeftuin.definitions import scenario_folder
from proeftuin.scenario import Player, load_scenario

HISTORIES = Path(__file__).parent / "histories"
PROGRAMME = Path(__file__).parent / "programme.yaml"


def main() -> None:
    """Write the histories that are not there yet."""
    HISTORIES.mkdir(exist_ok=True)
    for file in (*sorted(scenario_folder().glob("*.yaml")), PROGRAMME):
        target = HISTORIES / f"{file.stem}.jsonl.gz"
        if target.exists():
            continue
        player = Player(load_scenario(file), lambda **given: Engine.open("memory://", **given))
        with player.engine as engine:
            assert all(outcome.ok for outcome in player.run()), file
            text = "".join(line if line.endswith("\n") else f"{line}\n" for line in engine.export_pilots())
        target.write_bytes(gzip.compress(text.encode(), mtime=0))


if __name__ == "__main__":
    main()
