"""The states of `existing-contract`, how they follow on each other, and what its pilots have: section 3.1.1."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from tests.domain.domain import Kind
from tests.domain.facts import COMMON, MOVED, PEOPLE
from tests.domain.facts import TOLD as COMMON_TOLD

PHASES = {
    "exploring": "exploration",
    "committing": "commitment",
    "engaging": "supplier_talks",
    "implementing": "implementation",
    "evaluating": "evaluation",
    "closed": "closed",
}
AHEAD = {
    "exploring": ("committing", "closed"),
    "committing": ("engaging", "closed"),
    "engaging": ("implementing", "closed"),
    "implementing": ("evaluating", "closed"),
    "evaluating": ("implementing", "engaging", "closed"),
    "closed": (),
}
UNDECIDED = ("identified", "invited", "talking", "willing", "parked")
DONE = ("completed", "declined", "lapsed", "withdrawn")
DETAILS: Mapping[str, Any] = {
    "title": "Catering",
    "organisation": "DJI",
    "category": "catering",
    "target_group": ("other",),
}


def _opened(key: str) -> Mapping[str, Any]:
    return {"supplier": key.title(), "origin": "client"}


SUPPLIER = Kind(
    ahead={
        "identified": ("invited",),
        "invited": ("talking", "declined", "lapsed", "parked"),
        "talking": ("willing", "declined", "lapsed", "parked"),
        "willing": ("agreed", "declined", "parked"),
        "agreed": ("delivering", "withdrawn"),
        "delivering": ("completed", "withdrawn"),
        "completed": (),
        "parked": ("invited", "talking", "willing"),
        "declined": ("invited",),
        "lapsed": ("invited",),
        "withdrawn": (),
    },
    ways={
        "identified": (),
        "invited": ("identified",),
        "talking": ("identified", "invited"),
        "willing": ("identified", "invited", "talking"),
        "agreed": ("identified", "invited", "talking", "willing"),
        "delivering": ("identified", "invited", "talking", "willing", "agreed"),
        "completed": ("identified", "invited", "talking", "willing", "agreed", "delivering"),
        "parked": ("identified", "invited", "talking"),
        "declined": ("identified", "invited"),
        "lapsed": ("identified", "invited"),
        "withdrawn": ("identified", "invited", "talking", "willing", "agreed"),
    },
    opened=_opened,
)
FACTS = {**COMMON, **PEOPLE}
TOLD: Mapping[str, tuple[str, date, tuple[str, ...], tuple[str, ...]]] = {
    **COMMON_TOLD,
    "told_answer": ("invitation:alpha", MOVED, ("coordinator",), ()),
}
