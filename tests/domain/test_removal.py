"""Whatever is taken out of the workflow, the tables notice: each edge, guard, role, op, condition and field in turn."""

import pytest

from proeftuin.definitions import Catalogue
from tests.domain.fields import field_complaints
from tests.domain.judging import complaints
from tests.domain.mutants import Mutant, mutants

WORKFLOW = Catalogue().get("existing-contract")

# What can be removed without any pilot behaving otherwise, and why it stands in the file all the same.
EQUIVALENT = {
    "pilot.conclude#6 guard parameter has state": "a withdrawn story leaves the head, so a story that is there is open",
    "pilot.conclude#7 guard parameter has state": "a withdrawn story leaves the head, so a story that is there is open",
    "pilot.resume#10 paused allowed": "resuming is judged by the hold alone; the file lists it with what goes on",
    "supplier.decline#5 when reason": "the other edge does the same for whom it admits; overlapping edges are lint's",
    "supplier.amend_agreement#12 op part end agreement same track": "an op of a track ends what is on it anyhow",
    "records.agreement.number by_engine": "the op that numbers takes the field out of the data",
    "records.placement.contributions min": "the guard on bundles wants two suppliers as well",
}
ALL = tuple(mutants(WORKFLOW))


def place(mutant: Mutant) -> str:
    """Where in the file something was removed: an edge, a record type, or another declaration."""
    return ".".join(mutant.name.partition(" ")[0].split(".")[:2])


PLACES = tuple(dict.fromkeys(place(one) for one in ALL))


def unnoticed(mutant: Mutant) -> bool:
    """Whether no table has anything against a mutant; the tables that it is most likely to break are asked first."""
    asked = [complaints(mutant.workflow, mutant.trigger), field_complaints(mutant.workflow, mutant.trigger)]
    if mutant.kind in {"field", "data"} or mutant.trigger == "start":
        asked.reverse()
    return not any(next(one, None) for one in asked)


@pytest.mark.parametrize("where", PLACES)
def test_every_removal_is_noticed(where: str) -> None:
    """Each thing that is removed from this place of the workflow file gives at least one complaint."""
    assert [] == [one.name for one in ALL if place(one) == where and one.name not in EQUIVALENT and unnoticed(one)]


def test_equivalent_removals_exist() -> None:
    """What is listed as making no difference is really tried, so that the list cannot outlive what it is about."""
    assert set(EQUIVALENT) <= {one.name for one in ALL}


def test_every_kind_of_thing_is_removed() -> None:
    """Edges, guards, roles, ops, holds, outcomes, cycles, conditions and presets are all among what is removed."""
    kinds = {one.kind for one in ALL}
    expected = {
        "edge",
        "require",
        "advise",
        "allow",
        "sign",
        "role",
        "records",
        "paused",
        "when",
        "set",
        "cycle",
        "outcome",
    }
    assert expected <= kinds
