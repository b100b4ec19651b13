"""Twelve changes that people make to a published workflow, on `existing-contract`, and what is told of each."""

import pytest

from proeftuin import Change, diff
from proeftuin.core.diff import worst
from proeftuin.core.guards import BUILT_IN
from proeftuin.core.lint import lint
from proeftuin.definitions import Catalogue
from tests.twelve import TWELVE, version_two

CLOCKS = ("parked", "invitation", "talks", "willing", "placing", "delivery")
EXPECTED = {
    "label": ("cosmetic", ["changed states.engaging.label words"]),
    "new state": (
        "widening",
        ["added states.trying new", "added edges.try_out new-trigger", "added edges.go_on new-trigger"],
    ),
    "removed state": (
        "narrowing",
        [
            "changed edges.start_implementation.advise advice",
            "changed edges.conclude[1].require guard-changed",
            "removed tracks.supplier.states.parked gone",
            "changed tracks.supplier.edges.reinvite.from place-gone",
            "removed tracks.supplier.edges.park trigger-gone",
            "removed tracks.supplier.edges.unpark trigger-gone",
            "removed clocks.parked gone",
        ],
    ),
    "renamed trigger": ("narrowing", ["renamed edges.begin_evaluation renamed"]),
    "stricter guard": ("narrowing", ["changed edges.open_supplier_talks.require guard-more"]),
    "new required field": ("narrowing", ["added records.lesson.fields.learned_on must-be-given"]),
    "changed clock": ("narrowing", ["changed clocks.invitation.due days"]),
    "changed join": ("narrowing", ["changed edges.start_implementation.require guard-changed"]),
    "new signature": ("narrowing", ["changed tracks.supplier.edges.sign_agreement.sign signature-more"]),
    "track kind split": (
        "narrowing",
        [
            "changed edges.start_implementation.require guard-changed",
            "changed edges.start_implementation.advise advice",
            "added tracks.asked new",
            "added tracks.proposing new",
            "removed tracks.supplier gone",
            *(f"changed clocks.{name}.since days" for name in CLOCKS),
        ],
    ),
    "role removed": ("narrowing", ["removed roles.requester gone", "changed groups.everyone role-gone"]),
    "final state added": ("widening", ["added states.given_up new", "added edges.give_up new-trigger"]),
}


def line(one: Change) -> str:
    return f"{one.kind} {one.path} {one.reason}"


@pytest.mark.parametrize("name", TWELVE)
def test_each_of_twelve_changes_is_classed_and_placed(name: str) -> None:
    """A change leaves a file without faults, and all that differs in it is told, and no more."""
    new = version_two(TWELVE[name])
    changes = diff(Catalogue().get("existing-contract@1"), new)
    assert () == tuple(fault for fault in lint(new, BUILT_IN) if fault.level == "error")
    assert EXPECTED[name] == (worst(changes), [line(one) for one in changes])


def test_there_are_twelve() -> None:
    """Each of the twelve changes is in the table."""
    assert set(EXPECTED) == set(TWELVE)
    assert 12 == len(TWELVE)
