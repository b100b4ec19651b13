"""The ten properties of the domain, section 3.8: which tests hold each, and what breaks it on purpose.

A test is named as `file::function` below `tests/`. The invariants are looked at after every step of random lives under
every bundled workflow, by `test_no_life_breaks_a_promise`; a sabotage breaks one of them, and must be noticed.
"""

import ast
from pathlib import Path

import pytest
from attrs import frozen

from proeftuin.definitions import Catalogue
from tests.property.sabotage import EVERY, SABOTAGES
from tests.property.test_lifecycles_machine import NAMES

TESTS = Path(__file__).parents[1]
LIVES = "property/test_lifecycles_machine.py::test_no_life_breaks_a_promise"


@frozen
class Property:
    """One property.

    Attributes:
        text: what holds.
        invariants: looked at in random lives.
        sabotages: what breaks them.
        tests: what holds it besides.
    """

    text: str
    invariants: tuple[str, ...]
    sabotages: tuple[str, ...]
    tests: tuple[str, ...] = ()


PROPERTIES: dict[int, Property] = {
    1: Property(
        "replaying the events gives the same; the order of events on different tracks does not matter",
        ("replay_gives_the_same", "tracks_do_not_wait"),
        ("wrong pilots", "moves leave a mark"),
        (
            "property/test_replay.py::test_all_readings_of_a_history_agree_on_an_ordinary_pilot",
            "property/test_order.py::test_two_suppliers_do_not_depend_on_whose_turn_it_is",
            "property/test_portfolio.py::test_each_pilot_of_a_portfolio_is_the_fold_of_its_history",
        ),
    ),
    2: Property(
        "nobody comes to talks, tenders or curating without a commitment by who may give it, not by the coordinator",
        ("commitment_comes_first", "commitment_by_the_board"),
        ("commitment", "talks without a decision", "tenders without a decision", "a choice without a sponsor"),
        ("domain/test_rules.py::test_relations_and_exclusions",),
    ),
    3: Property(
        "active placements of a kind never exceed the places in the version current at that moment",
        ("places_are_not_exceeded", "places_by_the_agreement"),
        ("capacity", "amended below"),
    ),
    4: Property(
        "a refused command changes neither state nor metrics nor clocks",
        ("a_refusal_changes_nothing",),
        ("refusals write",),
        ("property/test_refusals.py::test_a_refused_command_changes_no_byte_of_an_ordinary_pilot",),
    ),
    5: Property(
        "phase counts add up to the pilots, and track states to the tracks",
        ("counts_add_up", "every_pilot_is_counted_once"),
        ("one is not found", "one is not counted"),
    ),
    6: Property(
        "jobs are total hours by 25.5, whatever the partition into pilots; a bundled job counts once",
        ("jobs_are_hours", "jobs_by_any_partition"),
        ("wrong jobs", "wrong jobs of a part"),
        (
            "property/test_jobs.py::test_jobs_do_not_depend_on_the_pilots",
            "property/test_jobs.py::test_wrong_jobs_are_noticed",
        ),
    ),
    7: Property(
        "a second tick sends nothing twice; a late one gives the same signals as daily ones, and reminds once",
        ("ticking_again_does_nothing", "late_is_as_daily", "no_term_comes_unawares"),
        ("ticks write", "several due are left", "what begins is overlooked", "progress begins nothing"),
        (
            "property/test_ticks.py::test_four_engines_that_tick_at_once_do_what_one_does",
            "domain/test_terms.py::test_each_clock_looked_at_late",
        ),
    ),
    8: Property(
        "no accepted data holds a key that is not listed; to erase a participant leaves every figure as it was",
        ("only_known_keys_are_kept",),
        ("fields are added", "erasing forgets"),
    ),
    9: Property(
        "pausing and resuming on one day changes no deadline; a hold of a day or more restarts the check-in",
        ("a_short_hold_moves_nothing",),
        ("short holds count", "holds never count"),
        ("domain/test_terms.py::test_a_hold_moves_each_clock_but_those_that_never_shift",),
    ),
    10: Property(
        "every state has a way out, and every refusal says what would help, or that nothing would",
        ("there_is_always_a_way",),
        ("no remedies", "no way out"),
        (
            "domain/test_missing.py::test_what_a_guard_says_lifts_its_blocker",
            "domain/test_missing.py::test_not_yet_is_a_way_there",
            "property/test_lifecycles.py::test_every_path_can_be_walked",
        ),
    ),
}


def test_there_are_ten() -> None:
    """Each property has its number, an invariant and a sabotage."""
    assert list(range(1, 11)) == list(PROPERTIES)
    assert all(one.invariants and one.sabotages for one in PROPERTIES.values())


def test_every_invariant_is_of_a_property() -> None:
    """What random lives are held against is what the properties say, and nothing of it is left out."""
    assert sorted(one.__name__ for one in EVERY) == sorted(
        name for one in PROPERTIES.values() for name in one.invariants
    )
    assert sorted(Catalogue().names()) == sorted(NAMES)


@pytest.mark.parametrize("number", PROPERTIES)
def test_a_property_is_broken_by_its_sabotages(number: int) -> None:
    """Each sabotage of a property breaks one of its invariants, and each invariant has one that breaks it."""
    one = PROPERTIES[number]
    assert set(one.invariants) == {SABOTAGES[name].promise.__name__ for name in one.sabotages}


def test_no_sabotage_is_of_no_property() -> None:
    """Every way in which something is broken on purpose belongs to a property."""
    assert sorted(SABOTAGES) == sorted(name for one in PROPERTIES.values() for name in one.sabotages)


@pytest.mark.parametrize("place", [LIVES, *(place for one in PROPERTIES.values() for place in one.tests)])
def test_the_tests_that_are_named_exist(place: str) -> None:
    """A test that is renamed or lost is noticed here."""
    file, _, name = place.partition("::")
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    assert name in {one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)}
