"""`proeftuin diff`: two versions of a workflow, in words, as JSON and as a diagram."""

import re
from pathlib import Path

import attrs
import pytest

from proeftuin import Engine
from proeftuin.core.diff._texts import REASONS
from proeftuin.core.frozen import FrozenDict
from proeftuin.definitions import Catalogue, dump
from tests.twelve import TWELVE, version_two
from tests.unit.cli.running import Run, lead

OLD = "existing-contract@1"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are written into a folder of their own."""
    monkeypatch.chdir(tmp_path)


def written(name: str) -> str:
    """A file with one of the twelve changes."""
    file = Path(f"{name.replace(' ', '-')}.json")
    file.write_bytes(dump(version_two(TWELVE[name])))
    return str(file)


def test_each_change_is_told_under_its_effect(run: Run) -> None:
    """The whole is told first, and then every change with its place and reason, the heaviest first."""
    file = written("removed state")
    out = run("diff", OLD, file).out
    assert out.startswith("existing-contract@1 -> existing-contract@2: narrowing, so what was allowed may")
    assert ["narrowing (6)", "widening (1)"] == re.findall(r"^\w+ \(\d+\)$", out, re.MULTILINE)
    flat = " ".join(out.split())
    assert "tracks.supplier.states.parked removed: pilots may have it or use it; say what becomes of it" in flat
    assert "edges.start_implementation.advise changed: it warns of something else, and refuses nothing" in flat
    dutch = " ".join(run("diff", OLD, file, "--lang", "nl").out.split())
    assert "beperkend (6) edges.conclude[1].require gewijzigd: tracks_done vraagt iets anders" in dutch


def test_nothing_differs_between_a_version_and_itself(run: Run) -> None:
    """A name alone means the highest version, and the same on both sides differs in nothing."""
    answer = run("diff", OLD, "existing-contract")
    assert (0, f"{OLD} -> {OLD}: nothing differs\n") == (answer.code, answer.out)


def test_scripts_get_every_change(run: Run) -> None:
    """As JSON the effect of the whole is told, and each change with its reason as a word and as a text."""
    told = run("diff", OLD, written("renamed trigger"), "--json").json
    assert (OLD, "existing-contract@2", "narrowing") == (told["old"], told["new"], told["effect"])
    assert [
        {
            "path": "edges.begin_evaluation",
            "kind": "renamed",
            "effect": "narrowing",
            "reason": "renamed",
            "names": ["start_evaluation"],
            "text": REASONS["renamed"]["en"].replace("{names}", "start_evaluation"),
        }
    ] == [{**one, "text": one["text"].removeprefix("renamed: ")} for one in told["changes"]]
    assert None is run("diff", OLD, OLD, "--json").json["effect"]


def test_a_diagram_shows_both_versions_in_one(run: Run) -> None:
    """`--diagram` writes the drawing instead, as it is or as JSON."""
    file = written("new state")
    drawn = run("diff", OLD, file, "--diagram").out
    assert drawn.startswith("flowchart TB\n")
    assert drawn == run("diff", OLD, file, "--diagram", "--json").json["diagram"]


def test_a_version_that_pilots_follow_comes_from_their_store(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """With --store or PROEFTUIN_STORE a version is the one that the store holds; others are looked for as ever."""
    known = Catalogue().get(OLD)
    held = attrs.evolve(known, label=FrozenDict(en="As it was held", nl="Zoals het bewaard is"))
    with Engine.open("sqlite:///held.db", workflows=[held]) as engine:
        engine.start(OLD, actor=lead(), data={"title": "T", "organisation": "O"})
    assert "label changed" in run("diff", OLD, "tender@1", "--store", "sqlite:///held.db").out
    Path("file.json").write_bytes(dump(known))
    told = run("diff", OLD, "file.json", "--store", "sqlite:///held.db", "--json").json
    assert ["label"] == [one["path"] for one in told["changes"]]
    assert [] == run("diff", OLD, "file.json", "--json").json["changes"]
    with monkeypatch.context() as named:
        named.setenv("PROEFTUIN_STORE", "sqlite:///held.db")
        assert told == run("diff", OLD, "file.json", "--json").json
    assert "nothing differs" in run("diff", "tender", "tender@1", "--store", "sqlite:///held.db").out
    none = run("diff", OLD, f"tender@{'9' * 5000}", "--store", "sqlite:///held.db")
    assert (3, True) == (none.code, "there is no workflow tender@999" in none.err)


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        ((OLD, "nowhere.yaml"), 2, "there is no file nowhere.yaml"),
        ((OLD, "nowhere@1"), 3, "there is no workflow nowhere@1"),
        ((OLD, "existing-contract@9"), 3, "there is no workflow existing-contract@9"),
        ((OLD, "tender@1", "--store", "sqlite:///none.db"), 5, "there is no store at sqlite:///none.db"),
        ((OLD,), 2, "usage"),
    ],
)
def test_what_cannot_be_compared(run: Run, arguments: tuple[str, ...], code: int, text: str) -> None:
    """A version that is not there is told with its name, and nothing is made."""
    answer = run("diff", *arguments)
    assert (code, True) == (answer.code, text in answer.err or text == "usage")
    assert [] == list(Path().iterdir())
