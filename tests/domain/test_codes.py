"""Every code of the domain comes about in a test, and is lifted by what it says, or says that nothing would."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from proeftuin.core.texts import TEXTS
from tests.domain.domains import DOMAINS
from tests.domain.refusals import reachable, uses
from tests.domain.remedy import HELPLESS

TESTS = Path(__file__).parents[1]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Sections 3.1.4 and 3.9 of the domain, written down from there.
REFUSALS = _words(
    """
    forbidden-role wrong-state paused missing-commitment missing-pair missing-inventory missing-route missing-owner
    missing-plan missing-goals missing-roles missing-signature unilateral capacity-exceeded overlap
    nothing-implemented open-tracks missing-report missing-lessons standstill-running objection-open equal-treatment
    instrument-after-publication label-without-equivalent no-direct-award not-eligible choice-out-of-bounds no-choice
    limit-exceeded missing-communication privacy-violation future-dated commitment-withdrawn instrument-missing
    missing-embedding missing-handover missing-calendar missing-requester missing-budget-holder missing-placement-plan
    placements-active category-not-open limit-reached not-additive unknown-potential missing-counterpart unknown-field
    missing-field bad-value guard-error bad-reference unknown-trigger unknown-track track-exists
    """
)
WARNINGS = _words(
    """
    endorsement-missing mission-link-missing undecided-tracks off-target-choice splitting-suspected no-story
    active-placements no-next-step coalition-of-one no-contract-manager open-obstacles
    """
)

# Ours, where the domain asks for something and names no code for it.
OURS = {
    "instrument-conflict": "3.4: `none` stands beside no other instrument",
    "findings-unpublished": "TN3: findings are published with the documents",
    "proof-expired": "the ledger of social return: evidence with validity",
    "stuck-twice": "3.5: stuck twice in a row offers what may help",
}

# What no case on a pilot and no helpless one brings about: by the engine alone, or by a figure.
ELSEWHERE = {
    "paused": "domain/test_missing.py::test_a_pause_is_lifted_by_resuming",
    "wrong-state": "domain/test_missing.py::test_not_yet_is_a_way_there",
    "limit-reached": "domain/test_missing.py::test_a_full_pilot_says_what_to_finish",
    "guard-error": "unit/test_engine_guards.py::test_a_guard_that_raises_fails_closed",
    "not-additive": "unit/core/metrics/test_social_return.py::test_amounts_of_two_tables_do_not_add_up",
    "unknown-potential": "unit/core/metrics/test_jobs.py::test_potential_of_another_category_is_refused",
}


@cache
def guards() -> frozenset[str]:
    """The codes that `test_what_a_guard_says_lifts_its_blocker` brings about, and lifts."""
    return frozenset(use.code for domain in DOMAINS for use in reachable(domain) if use.code in domain.cases[use.label])


@cache
def helpless() -> frozenset[str]:
    """The codes that `test_nothing_helps_is_said_so` brings about."""
    return frozenset(name.partition(" ")[0] for domain in DOMAINS for name in domain.helpless)


@cache
def rows() -> frozenset[str]:
    """The codes that the rows of a domain name: `test_each_row_of_the_domain_holds` brings them about."""
    return frozenset(code for domain in DOMAINS for row in domain.rows for check in row.checks for code in check.codes)


def places(code: str) -> Iterator[str]:
    """The tests that bring a code about and see what becomes of it."""
    if code in guards():
        yield "domain/test_missing.py::test_what_a_guard_says_lifts_its_blocker"
    if code in helpless():
        yield "domain/test_missing.py::test_nothing_helps_is_said_so"
    if code in ELSEWHERE:
        yield ELSEWHERE[code]


def exists(place: str) -> bool:
    file, _, name = place.partition("::")
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    return name in {one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)}


@pytest.mark.parametrize("code", sorted(REFUSALS | WARNINGS))
def test_every_code_comes_about_and_is_lifted(code: str) -> None:
    """A test brings the code about, and does what it says, or shows that nothing helps."""
    found = tuple(places(code))
    assert found, f"no test brings {code} about"
    assert all(exists(place) for place in found), found


@pytest.mark.parametrize("code", sorted(REFUSALS | WARNINGS))
def test_what_is_not_lifted_is_what_the_design_lists(code: str) -> None:
    """A code is lifted by its remedies in a test, unless it is one that the design lists as without any."""
    assert code in guards() or code in ELSEWHERE or code in HELPLESS


def test_no_code_is_unknown() -> None:
    """What the workflows and their tables use are the codes of the domain, and those of ours that say why."""
    used = {use.code for domain in DOMAINS for use in uses(domain.workflow)} | rows() | helpless()
    assert used - REFUSALS - WARNINGS == set(OURS)


def test_every_code_has_words() -> None:
    """Each code has its text in the library or in a workflow file that uses it."""
    own = {code for domain in DOMAINS for code in domain.workflow.codes}
    assert set() == (REFUSALS | WARNINGS | set(OURS)) - own - set(TEXTS)
