"""The list of cases itself: numbered, claimed in one sentence, and skipped only as is agreed."""

import re
from pathlib import Path

import pytest

from proeftuin.testing.case import GROUPS, Case
from proeftuin.testing.cases import CASES, MODULES
from proeftuin.testing.rules import RULES, Rule

ROOT = Path(__file__).parents[3]

# What a store may leave out, and the cases that are then not asked; nothing else may be.
SKIPPED = {
    "Bulk": {"A20"},
    "Erases": {"L01", "L02", "L03", "L04", "L05", "L07", "L08"},
    "Definitions": {"A18"},
    "Delivers": {
        *(f"E0{n}" for n in range(1, 8)),
        *(f"F{n:02}" for n in range(1, 13)),
        *(f"G0{n}" for n in range(1, 10)),
        "L05",
    },
    "Hosted": {"B05", "B06", "B07"},
    "Streams": {"B12"},
    "Timed": {f"T0{n}" for n in range(1, 7)},
    "Wakes": {f"W0{n}" for n in range(1, 5)},
    "durable": {"A11"},
    "outlives": {"B08", "B09", "L07"},
    "files": {"L01"},
    "multi_process": {"C14"},
}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_case_says_what_it_proves(case: Case) -> None:
    """Each case has a number in a known group, and one sentence that ends in a full stop."""
    assert re.fullmatch(r"[A-Z]\d\d", case.id)
    assert case.group in GROUPS
    assert re.fullmatch(r"[A-Z].*\.", case.claim)
    assert re.search(r"[.!?]\s+[A-Z]", case.claim) is None


def test_names_are_not_used_twice() -> None:
    """No two cases have the same name, and they are in the order of their numbers."""
    assert len(CASES) == len({str(one) for one in CASES})
    assert sorted(one.id for one in CASES) == [one.id for one in CASES]
    assert len(CASES) == sum(isinstance(one, Case) for module in MODULES for one in vars(module).values())


def test_only_what_is_agreed_can_be_left_out() -> None:
    """Which cases may be skipped, and through which part or flag, is exactly what is agreed."""
    found: dict[str, set[str]] = {}
    for one in CASES:
        for need in one.needs:
            found.setdefault(need, set()).add(one.id)
    assert SKIPPED == found
    assert set() == {one.id for one in CASES if not one.needs} & set().union(*SKIPPED.values())


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.title)
def test_each_rule_is_proved_and_explained(rule: Rule) -> None:
    """Each rule has cases, and a heading of its own on the page that explains them."""
    assert rule in {one.rule for one in CASES}
    page = (ROOT / "docs" / "write-a-store.md").read_text(encoding="utf-8")
    assert f"\n### {rule.title}\n" in page
