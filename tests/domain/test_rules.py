"""A bundled workflow does what the tables of the domain say: row by row, and nothing beside them."""

from collections.abc import Callable, Iterator
from functools import cache

import pytest

from proeftuin.definitions import Catalogue
from tests.domain.domain import Domain, each
from tests.domain.domains import DOMAINS
from tests.domain.fields import field_complaints
from tests.domain.judging import ROW_CHECKS, Bench, closing, elsewhere, strangers
from tests.domain.relations import relations
from tests.domain.rows import Row


@cache
def bench(domain: Domain) -> Bench:
    return Bench(domain, domain.table)


def name(one: object) -> str:
    words = f"{one.id}-{one.trigger}" if isinstance(one, Row) else getattr(one, "__name__", str(one))
    return words.replace(" ", "-")


ROWS = each(DOMAINS, lambda domain: iter(domain.rows))
TRIGGERS = each(DOMAINS, lambda domain: iter(domain.by_trigger))


@pytest.mark.parametrize(("domain", "row"), ROWS, ids=name)
@pytest.mark.parametrize("check", ROW_CHECKS, ids=name)
def test_each_row_of_the_domain_holds(domain: Domain, row: Row, check: Callable[[Bench, Row], Iterator[str]]) -> None:
    """What a row says of who, from where, to where, on what conditions and with what effect is what `decide` does."""
    assert [] == list(check(bench(domain), row))


@pytest.mark.parametrize(("domain", "trigger"), TRIGGERS, ids=str)
def test_elsewhere_is_not_yet_or_never(domain: Domain, trigger: str) -> None:
    """From a state that no row names a trigger is refused: not yet, with a first step; or never, and alone."""
    assert [] == list(elsewhere(bench(domain), domain.by_trigger[trigger]))


@pytest.mark.parametrize(("domain", "trigger"), TRIGGERS, ids=str)
def test_after_closing_only_what_is_listed_goes_on(domain: Domain, trigger: str) -> None:
    """A closed pilot takes follow-up facts and answers, and moves no more."""
    assert [] == list(closing(bench(domain), domain.by_trigger[trigger]))


@pytest.mark.parametrize("domain", DOMAINS, ids=str)
def test_relations_and_exclusions(domain: Domain) -> None:
    """Starter, adder, excluded roles and the two signers are told apart by what they did, not only by their role."""
    assert [] == list(relations(bench(domain)))


@pytest.mark.parametrize("domain", DOMAINS, ids=str)
def test_nothing_beside_the_tables(domain: Domain) -> None:
    """The workflow has the triggers, roles, sides, states and phases of the domain, and no others."""
    assert [] == list(strangers(bench(domain), domain.workflow))


@pytest.mark.parametrize("domain", DOMAINS, ids=str)
def test_fields_of_every_trigger(domain: Domain) -> None:
    """Every trigger takes exactly the listed data: what is required, which choices there are, what is past."""
    assert [] == list(field_complaints(domain, domain.workflow))


def test_every_bundled_workflow_has_its_tables() -> None:
    """No workflow is shipped that no tables are about, and none has two."""
    assert sorted(one.name for one in DOMAINS) == sorted(Catalogue().names())
