"""The bundled workflow does what the tables of the domain say: row by row, and nothing beside them."""

from collections.abc import Callable, Iterator

import pytest

from proeftuin.core.table import Table, compile_workflow
from proeftuin.definitions import Catalogue
from tests.domain.fields import field_complaints
from tests.domain.judging import ROW_CHECKS, by_trigger, closing, elsewhere, relations, strangers
from tests.domain.rules import TABLE, Row

WORKFLOW = Catalogue().get("existing-contract")
TRIGGERS = tuple(by_trigger())


@pytest.fixture(scope="module")
def table() -> Table:
    return compile_workflow(WORKFLOW)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.id}-{row.trigger}".replace(" ", "-"))
@pytest.mark.parametrize("check", ROW_CHECKS, ids=lambda check: check.__name__)
def test_each_row_of_the_domain_holds(table: Table, row: Row, check: Callable[[Table, Row], Iterator[str]]) -> None:
    """What a row says of who, from where, to where, on what conditions and with what effect is what `decide` does."""
    assert [] == list(check(table, row))


@pytest.mark.parametrize("trigger", TRIGGERS)
def test_elsewhere_is_not_yet_or_never(table: Table, trigger: str) -> None:
    """From a state that no row names a trigger is refused: not yet, with a first step; or never, and alone."""
    assert [] == list(elsewhere(table, by_trigger()[trigger]))


@pytest.mark.parametrize("trigger", TRIGGERS)
def test_after_closing_only_what_is_listed_goes_on(table: Table, trigger: str) -> None:
    """A closed pilot takes follow-up facts and answers, and moves no more."""
    assert [] == list(closing(table, by_trigger()[trigger]))


def test_relations_and_exclusions(table: Table) -> None:
    """Starter, adder, excluded roles and the two signers are told apart by what they did, not only by their role."""
    assert [] == list(relations(table))


def test_nothing_beside_the_tables() -> None:
    """The workflow has the triggers, roles, sides, states and phases of the domain, and no others."""
    assert [] == list(strangers(WORKFLOW))


def test_fields_of_every_trigger() -> None:
    """Every trigger takes exactly the listed data: what is required, which choices there are, what is past."""
    assert [] == list(field_complaints(WORKFLOW))
