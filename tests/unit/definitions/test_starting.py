"""The file to start with: a workflow as it is, and one with every comment made true."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from proeftuin.core.workflow import Workflow
from proeftuin.definitions import Catalogue, dump, lint_workflow, load_workflow, on_top, starting_file
from proeftuin.definitions._starting import flow
from proeftuin.definitions._tree import compose

DATA = Path(__file__).parents[2] / "data"
BASES = [
    *map(Catalogue().get, Catalogue().ids()),
    *(load_workflow(DATA / f"{name}.yaml") for name in ("small", "every")),
]
PIECE = re.compile(r"^#(?=\S|  )", re.MULTILINE)


@cache
def known(base: Workflow) -> frozenset[tuple[str, str]]:
    """What lint has against a base itself."""
    return frozenset((one.code, one.text) for one in lint_workflow(f"{dump(base).decode()}\n"))


def silent(text: str, base: Workflow) -> bool:
    """Whether a text has no fault but those that its base has too."""
    return {(one.code, one.text) for one in lint_workflow(text, bases=[base])} <= known(base)


@pytest.mark.parametrize("base", BASES, ids=lambda one: one.id)
@pytest.mark.parametrize("lang", ["en", "nl"])
def test_it_is_a_workflow_and_so_are_its_comments(base: Workflow, lang: str) -> None:
    """The file is its base under another name; with its pieces uncommented it adds a check that a step asks for."""
    text = starting_file("ours", base, base.id, lang=lang)
    assert silent(text, base)
    plain = on_top(text, bases=[base])
    assert plain is not None
    assert () == plain.differences
    whole = PIECE.sub("", text)
    assert silent(whole, base)
    top = on_top(whole, bases=[base])
    assert top is not None
    named = {(one.what, one.kind, one.name) for one in top.differences}
    assert {
        ("added", "role", "lawyer"),
        ("added", "record", "legal_check"),
        ("added", "code", "missing-legal-check"),
    } <= named
    changed = [one for one in top.differences if (one.what, one.kind) == ("changed", "trigger")]
    assert [("require",)] == [one.keys for one in changed]
    assert ("changed", "clock") not in {(one.what, one.kind) for one in top.differences}


def test_it_names_all_that_there_is() -> None:
    """Every role, state, trigger, record, kind of track and term of the base is listed, with its label."""
    base = Catalogue().get("existing-contract@1")
    prose = " ".join(re.findall(r"^# (?:\. )?(.*)$", starting_file("ours", base, base.id, lang="nl"), re.MULTILINE))
    every: dict[str, Any] = {**base.roles, **base.states, **base.records, **base.tracks, **base.clocks}
    for name, one in every.items():
        assert f"{name} ({one.label['nl']})" in prose
    edges = [*base.edges, *base.tracks["supplier"].edges]
    assert [] == [edge.trigger for edge in edges if not re.search(rf"[ ,]{edge.trigger}[ ,]", prose)]


def test_it_takes_no_name_that_is_taken() -> None:
    """On top of a file that was made from such a start, the pieces have other names."""
    base = BASES[0]
    first = load_workflow(PIECE.sub("", starting_file("ours", base, base.id)), bases=[base])
    text = PIECE.sub("", starting_file("theirs", first, first.id))
    assert silent(text, first)
    top = on_top(text, bases=[first])
    assert top is not None
    assert {"lawyer_2", "legal_check_2", "record_legal_check_2", "missing-legal-check-2"} <= {
        one.name for one in top.differences
    }


@pytest.mark.parametrize(
    "value",
    [
        {"a": 1, "b": [True, None, "x y"], "c": {"d": "28 days", "e": "3 working days before due"}},
        "yes", "no", "On", "null", "~", "1", "0.5", "2024-01-01", "", " x", "x ", "a: b", "a #b", "- a", "{a}", "[b]",
        "'", '"', "a\nb", "\u00e9\u00e9n", "Europe/Amsterdam", "1 000", "1e5", "0x1", "any_open", "a, b", "12 days",
        "!x", "&x", "*x", "%x",
    ],
)  # fmt: skip
def test_what_is_written_is_what_is_read(value: object) -> None:
    """A plain value on one line is read as the same value again."""
    tree = compose(f"x: {flow(value)}\n")
    assert ([], {"x": value}) == (tree.faults, tree.value)
