"""Whatever is taken out of a workflow, the tables notice: each edge, guard, role, op, condition and field in turn."""

from collections.abc import Iterator
from functools import cache

import pytest

from tests.domain.domain import Domain, each
from tests.domain.domains import DOMAINS
from tests.domain.fields import field_complaints
from tests.domain.mutants import Mutant, mutants
from tests.domain.relations import complaints


@cache
def removed(domain: Domain) -> tuple[Mutant, ...]:
    return tuple(mutants(domain.workflow))


def places(domain: Domain) -> Iterator[str]:
    return iter(dict.fromkeys(one.place for one in removed(domain)))


def unnoticed(domain: Domain, mutant: Mutant) -> bool:
    """Whether no table has anything against a mutant; the tables that it is most likely to break are asked first."""
    asked = [
        complaints(domain, mutant.workflow, mutant.trigger),
        field_complaints(domain, mutant.workflow, mutant.trigger),
    ]
    if mutant.kind in {"field", "data"} or mutant.trigger == "start":
        asked.reverse()
    return not any(next(one, None) for one in asked)


@pytest.mark.parametrize(("domain", "where"), each(DOMAINS, places), ids=str)
def test_every_removal_is_noticed(domain: Domain, where: str) -> None:
    """Each thing that is removed from this place of the resolved workflow gives at least one complaint."""
    here = [one for one in removed(domain) if one.place == where and one.name not in domain.equivalent]
    assert [] == [one.name for one in here if unnoticed(domain, one)]


@pytest.mark.parametrize("domain", DOMAINS, ids=str)
def test_equivalent_removals_exist(domain: Domain) -> None:
    """What is listed as making no difference is tried, and makes none: the list cannot outlive its cause."""
    listed = {one.name: unnoticed(domain, one) for one in removed(domain) if one.name in domain.equivalent}
    assert dict.fromkeys(domain.equivalent, True) == listed


@pytest.mark.parametrize("domain", DOMAINS, ids=str)
def test_every_kind_of_thing_is_removed(domain: Domain) -> None:
    """Edges, guards, roles, ops, holds, outcomes, cycles, conditions and presets are all among what is removed."""
    edges = (*domain.workflow.edges, *(edge for kind in domain.workflow.tracks.values() for edge in kind.edges))
    single = ("hold", "outcome", "cycle", "paused", "starts", "snooze", "refuse", "falls")
    several = ("require", "advise", "allow", "sign", "records", "when", "set", "data")
    used = {part for part in (*single, *several) for edge in edges if getattr(edge, part)}
    assert used | {"edge", "role", "field", "op part"} <= {one.kind for one in removed(domain)}
