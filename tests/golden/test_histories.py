"""Golden histories: whatever becomes of a workflow, what was recorded before would have gone the same."""

import gzip
import json
from pathlib import Path

import pytest

from proeftuin import Engine
from proeftuin.cli import main
from proeftuin.definitions import Catalogue, bundled_files
from proeftuin.rehearsing import rehearse
from tests.golden.write_histories import HISTORIES
from tests.versions.changes import CHANGES, changed
from tests.versions.pilots import lived

FILES = sorted(HISTORIES.glob("*.jsonl.gz"))
DIFFERENCES = {
    "removed state": "no-such-move",
    "renamed trigger": "role",
    "stricter guard": "guard",
    "changed clock": "clock",
    "new required field": "field",
    "changed join": "guard",
    "new signature": "role",
    "track kind split": "no-such-move",
    "role removed": "field",
}
"""What differs first, where anything does; the others let every recorded history go as it went."""


def lines(file: Path) -> list[str]:
    return gzip.decompress(file.read_bytes()).decode().splitlines(keepends=True)


@pytest.mark.parametrize("file", FILES, ids=[one.name.partition(".")[0] for one in FILES])
def test_what_was_recorded_would_go_the_same(file: Path) -> None:
    """Under the newest version of its workflow every golden history goes as it went."""
    catalogue = Catalogue()
    found = [one for name in catalogue.names() for one in rehearse(lines(file), catalogue.get(name))]
    assert found
    assert [] == [difference for _, difference in found if difference is not None]


def test_every_published_version_has_a_history() -> None:
    """There is a golden history of each bundled version of a workflow."""
    told = set()
    for file in FILES:
        with Engine.open("memory://") as engine:
            engine.import_pilots(lines(file))
            told |= {one.workflow for one in engine.each()}
    assert {f"{name}@{version}" for name, version in bundled_files()} == told


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_told_where_it_bites_first(name: str) -> None:
    """Each of twelve changes differs from recorded histories in what it changes, or lets them all go as they went."""
    version = changed(CHANGES[name].edit)
    texts = [*(lines(file) for file in FILES), lived()[0]]
    found = [one for text in texts for _, one in rehearse(text, version)]
    told = {one.what for one in found if one is not None}
    assert told == ({DIFFERENCES[name]} if name in DIFFERENCES else set())


def test_the_command_tells_the_first_difference(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It exits with 1 where a history would have gone differently, and names the pilot, the event and why."""
    file = tmp_path / "two.yaml"
    plain = {"format": 1, "workflow": "existing-contract", "version": 2, "extends": "existing-contract@1"}
    changes = {
        "label": {"en": "Shorter"},
        "clocks": {"check_in": {"signal": {"stalled": "20 days", "tell": ["facilitator"]}}},
    }
    file.write_text(json.dumps({**plain, **changes}) + "\n", encoding="utf-8")
    assert 1 == main(["replay", "--histories", str(HISTORIES), "--workflow", str(file), "--json"])
    told = json.loads(capsys.readouterr().out)
    assert told["differences"]
    assert {"clock"} == {one["what"] for one in told["differences"]}
    assert 0 == main(
        ["replay", "--histories", str(HISTORIES), "--workflow", str(bundled_files()["existing-contract", 1])]
    )
    assert 2 == main(["replay", "--histories", str(tmp_path / "nothing"), "--workflow", str(file)])
