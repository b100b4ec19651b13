"""The terms of `existing-contract`: section 3.1.5, each clock on exactly its days."""

from collections.abc import Mapping

from tests.domain.common.terms import TERMS as COMMON
from tests.domain.common.terms import day, on_track
from tests.domain.domain import Term
from tests.domain.people.terms import terms


def _supplier(state: str, **data: object) -> Mapping[str, object]:
    return on_track("supplier", "identified", state, **data)


TERMS: Mapping[str, Term] = {
    **COMMON,
    **terms("supplier", "identified"),
    "parked": Term(_supplier("parked", until=day(30)), ((30, "reminded", "coordinator"),)),
    "invitation": Term(_supplier("invited"), ((14, "reminded", "contract_manager"), (28, "lapsed", "")), moves=True),
    "talks": Term(_supplier("talking"), ((28, "reminded", "coordinator"), (42, "lapsed", "")), moves=True),
    "willing": Term(
        _supplier("willing"),
        ((60, "reminded", "coordinator"), (75, "escalated", "client_owner"), (90, "agreement_overdue", "")),
    ),
}
