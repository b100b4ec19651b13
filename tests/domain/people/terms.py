"""The terms of people at work: until the first placement, while a supplier delivers, and how long people stay."""

from collections.abc import Mapping

from tests.domain.common.terms import day, kept, on_track
from tests.domain.domain import Term


def terms(kind: str, first: str) -> Mapping[str, Term]:
    """The terms on a kind of track that begins in the state `first`."""
    return {
        "placing": Term(
            on_track(kind, first, "agreed"),
            (
                (45, "reminded", "contract_manager"),
                (60, "placing_overdue", ""),
                (60, "escalated", "client_owner"),
            ),
        ),
        "delivery": Term(
            on_track(kind, first, "delivering"),
            ((14, "delivery_quiet", ""), (15, "reminded", "coordinator"), (28, "escalated", "client_owner")),
        ),
        "retention": Term(
            {"kept": kept("placement", start=day(0))},
            ((98, "reminded", "supervisor"), (189, "reminded", "supervisor"), (371, "reminded", "supervisor")),
            apart=True,
            shifts=False,
        ),
    }
