"""The diagram of what differs between two versions of a workflow."""

import re
from pathlib import Path

import attrs
import pytest

from proeftuin import Workflow, load_workflow
from proeftuin.core.frozen import EMPTY, FrozenDict
from proeftuin.definitions import Catalogue
from proeftuin.views import diff_diagram
from tests.twelve import TWELVE, version_two

EVERY = load_workflow(Path(__file__).parents[2] / "data" / "every.yaml")
LABEL = r"(?:[^\W_]|[ ,.()'/?!\u00b7-]|#[0-9]+;)+"
ID = r"(?:pilot|track\d+)_(?:\d+|begin)"
LINES = [
    r"flowchart TB",
    rf"    accTitle: {LABEL}",
    rf'    subgraph (?:pilot|track\d+)\["{LABEL}"\]',
    rf'        {ID}(?:\(|\(\[|\(\()"{LABEL}"(?:\)|\]\)|\)\))',
    rf'        {ID} (?:-->|==>|-\.->)\|"{LABEL}"\| {ID}',
    r"    end",
    r"    classDef (?:added|removed|changed) [a-z#0-9:, -]+",
    rf"    class {ID}(?:,{ID})* (?:added|removed|changed)",
    r"    linkStyle \d+(?:,\d+)* [a-z:0-9 -]+",
]


def drawn(new: Workflow, lang: str = "en") -> list[str]:
    return diff_diagram(Catalogue().get("existing-contract@1"), new, lang=lang).splitlines()


@pytest.mark.parametrize("lang", ["en", "nl"])
@pytest.mark.parametrize("name", TWELVE)
def test_every_line_is_one_that_mermaid_knows(name: str, lang: str) -> None:
    """Whatever differs, each line has one of the forms of a flowchart, and each id of a class or arrow is a state's."""
    lines = drawn(version_two(TWELVE[name]), lang)
    assert [] == [line for line in lines if not any(re.fullmatch(form, line) for form in LINES)]
    named = set(re.findall(rf"\b{ID}\b", "\n".join(lines)))
    assert named == {line.split("(")[0].strip() for line in lines if re.match(rf"        {ID}\(", line)}
    arrows = [line for line in lines if re.search(r"(?:-->|==>|-\.->)\|", line)]
    styled = [int(one) for line in lines if "linkStyle" in line for one in line.split()[1].split(",")]
    assert styled == [number for number, line in enumerate(arrows) if "#126; " in line]


def test_what_is_new_is_thick_and_has_a_plus() -> None:
    """A new state, and every way there and away, are drawn thick, and their labels say `+ new`."""
    lines = drawn(version_two(TWELVE["new state"]))
    (state,) = (line.split("(")[0].strip() for line in lines if "Trying it out" in line)
    assert f'        {state}("Trying it out · #43; new")' in lines
    assert f"    class {state} added" in lines
    ways = [line for line in lines if f" {state}" in line and "|" in line]
    assert ["==>", "==>", "==>"] == [line.split()[1].partition("|")[0] for line in ways]
    assert all("#43; new" in line for line in ways)
    assert "stroke-width:4px" in next(line for line in lines if "classDef added" in line)


def test_what_is_gone_is_dotted_and_has_a_minus() -> None:
    """A state that is gone, and the ways that are, stay in the drawing, dotted, and their labels say `- gone`."""
    lines = drawn(version_two(TWELVE["removed state"]), "nl")
    (state,) = (line.split("(")[0].strip() for line in lines if "Geparkeerd" in line)
    assert f'        {state}("Geparkeerd · - weg")' in lines
    assert f"    class {state} removed" in lines
    ways = [line for line in lines if state in line and "|" in line]
    assert {"-.->"} == {line.split()[1].partition("|")[0] for line in ways}
    assert all("· - weg" in line for line in ways)


def test_what_changed_is_dashed_and_has_a_tilde() -> None:
    """A trigger that asks for more, and a state with another label, are dashed, and their labels say `~ changed`."""
    lines = drawn(version_two(TWELVE["stricter guard"]))
    assert any("Open the talks with suppliers · #126; changed" in line for line in lines)
    assert any(line.startswith("    linkStyle ") and "dasharray" in line for line in lines)
    lines = drawn(version_two(TWELVE["label"]))
    assert any('"Talks · #126; changed"' in line for line in lines)
    assert "stroke-dasharray" in next(line for line in lines if "classDef changed" in line)


def test_what_is_the_same_has_no_mark() -> None:
    """Two versions that do not differ are drawn without styles or signs, and words of a trigger are no mark either."""
    lines = drawn(Catalogue().get("existing-contract@1"))
    assert not any("classDef" in line or "linkStyle" in line or "·" in line for line in lines)
    edges = tuple(attrs.evolve(edge, label=FrozenDict(en="Other", nl="Anders")) for edge in EVERY.edges)
    assert "#126;" not in diff_diagram(EVERY, attrs.evolve(EVERY, edges=edges))


def test_a_kind_of_track_that_comes_or_goes_is_drawn_whole() -> None:
    """All states and ways of a kind of track that only one version has are new, or gone."""
    without = attrs.evolve(EVERY, tracks=EMPTY)
    for old, new, style, arrow in ((without, EVERY, "added", "==>"), (EVERY, without, "removed", "-.->")):
        lines = diff_diagram(old, new).splitlines()
        group = lines[lines.index('    subgraph track1["Seller"]') :]
        group = group[: group.index("    end")]
        states = [line.split("(")[0].strip() for line in group if re.match(r"        track1_\d+\(", line)]
        assert f"    class {','.join(states)} {style}" in lines
        assert {arrow} == {line.split()[1].partition("|")[0] for line in group if "|" in line}
