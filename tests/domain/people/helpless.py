"""The codes that nothing helps against, where people are at work."""

from collections.abc import Mapping

from tests.domain.domain import Case
from tests.domain.people.refusals import HR, PERSON, ROWS, Begin
from tests.domain.remedy import Order


def at_work(parted: Begin) -> Mapping[str, Case]:
    """`parted` has a placement at alpha, and beta has withdrawn."""
    bundle = {**PERSON, "kind": "bundled", "contributions": ROWS}
    return {
        "privacy-violation of a participant": lambda: (
            parted(),
            Order(HR, "start_placement", {"offence": "theft"}, "alpha"),
        ),
        "wrong-state of a partner": lambda: (parted(), Order("hr", "start_placement", bundle, "alpha")),
    }
