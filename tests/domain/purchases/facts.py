"""The states of `small-purchases`, how they follow on each other, and what its pilots have: section 3.1.3."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from tests.domain.domain import Fact, Kind
from tests.domain.facts import COMMON, TOLD, row

PHASES = {
    "exploring": "exploration",
    "committing": "commitment",
    "curating": "supplier_talks",
    "live": "implementation",
    "evaluating": "evaluation",
    "closed": "closed",
}
AHEAD = {
    "exploring": ("committing", "closed"),
    "committing": ("curating", "closed"),
    "curating": ("live", "closed"),
    "live": ("evaluating", "closed"),
    "evaluating": ("curating", "live", "closed"),
    "closed": (),
}
DETAILS: Mapping[str, Any] = {"title": "Gifts and flowers", "organisation": "Gemeente Voorbeeld"}


def _opened(key: str) -> Mapping[str, Any]:
    return {"title": key.title()}


CATEGORY = Kind(
    ahead={"draft": ("open",), "open": ("refresh",), "refresh": ("open",)},
    ways={"draft": (), "open": ("draft",), "refresh": ("draft", "open")},
    opened=_opened,
    party_from="nobody",
)


def met(kind: str, *roles: str) -> Mapping[str, object]:
    """An activity with people in these roles."""
    return {"type": kind, "date": "2026-02-02", "present": tuple(map(row, roles))}


def listed(enterprise: str, track: str = "alpha", **more: object) -> Fact:
    """An enterprise that a category lists since the second of February."""
    data = {"enterprise": enterprise, "evidence": "register", "conflict_of_interest": False}
    return ("listing", track, data, more)


def bought(supplier: str, amount: str = "100", day: str = "2026-02-16", track: str = "alpha") -> Fact:
    """A purchase of the sixteenth of February."""
    data = {"supplier": supplier, "amount_ex_vat": amount, "date": day, "group": "HR", "chosen_by": "requester"}
    return ("purchase", track, data, {})


FACTS: Mapping[str, Fact] = {
    **COMMON,
    "interview": ("activity", None, met("interview", "requester", "coordinator"), {}),
    "without_requester": ("activity", None, met("interview", "hr", "coordinator"), {}),
    "announced": ("activity", None, met("communication", "requester"), {}),
    "sponsorship": ("sponsorship", None, {"date": "2026-02-02"}, {}),
    "proposed": ("proposal", "alpha", {"enterprise": "Bloom"}, {}),
    "proposed_other": ("proposal", "alpha", {"enterprise": "Moss"}, {}),
    "proposed_elsewhere": ("proposal", "beta", {"enterprise": "Bloom"}, {}),
    "bloom": listed("Bloom"),
    "leaf": listed("Leaf"),
    "root": listed("Root"),
    "stem": listed("Stem"),
    "seed": listed("Seed"),
    "moss": listed("Moss"),
    "bloom_again": listed(" BLOOM"),
    "bloom_elsewhere": listed("Bloom", "beta"),
    "gone": listed("Bloom", until=date(2026, 2, 9), ended=date(2026, 2, 9)),
    "bought": bought("Bloom"),
    "bought_elsewhere": bought("Florist Jansen"),
    "much": bought("Bloom", "4950"),
    "much_long_ago": bought("Bloom", "4950", "2025-03-02"),
    "much_elsewhere": bought("Florist Jansen", "4950"),
    "much_for_beta": bought("Bloom", "4950", track="beta"),
}

__all__ = ["AHEAD", "CATEGORY", "DETAILS", "FACTS", "PHASES", "TOLD"]
