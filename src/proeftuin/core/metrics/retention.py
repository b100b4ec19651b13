"""Who still works, so many weeks after the start. Sustained placement is the point, not the inflow alone."""

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from proeftuin.core.frozen import FrozenDict
from proeftuin.core.metrics._base import Definition, Facts, Share, holding, said
from proeftuin.core.metrics.placements import of_placement

if TYPE_CHECKING:
    from proeftuin.core.pilot import Record

WEEKS = (13, 26, 52)
KEPT, UNKNOWN = "same_or_better", "unknown"


def _answers(facts: Facts) -> dict[tuple[str, str], str]:
    """Return the last answer per placement, under the id of the first that it goes on from, and number of weeks."""
    first = {one.id: one.first or one.id for one in facts.pilot.kept.get("placement", ())}
    found: dict[tuple[str, str], str] = {}
    for one in sorted(facts.kept("retention"), key=lambda one: one.on):
        placement = str(one.data.get("placement"))
        if one.ended is None:
            found[first.get(placement, placement), str(one.data.get("weeks"))] = str(one.data.get("answer"))
    return found


def _retention(facts: Facts) -> Iterator[Share]:
    """Give, per number of weeks, each placement that began so long ago; one that another went on from is the same."""
    answers = _answers(facts)
    begun: dict[str, Record] = {}
    for one in facts.kept("placement"):
        begun.setdefault(one.first or one.id, one)
    for name, one in begun.items():
        for weeks in WEEKS:
            if one.since + timedelta(weeks=weeks) <= facts.day:
                answer = answers.get((name, str(weeks)), UNKNOWN)
                if answer == UNKNOWN:
                    yield of_placement(one, 1, f"{UNKNOWN}_{weeks}")
                else:
                    yield of_placement(one, int(answer == KEPT), str(weeks), 1)


RETENTION = (
    Definition(
        "retention_w",
        "percent",
        _retention,
        said("Still at work, in the same place or better", "Nog aan het werk, op dezelfde plek of beter"),
        shape="ratio",
        parts=tuple(str(one) for one in WEEKS),
        beside=FrozenDict({f"{UNKNOWN}_{one}": "placements" for one in WEEKS}),
        note=said(
            "After 13, 26 and 52 weeks, of the placements that began so long ago and of which the answer is known.",
            "Na 13, 26 en 52 weken, van de plaatsingen die zo lang geleden begonnen en waarvan het antwoord bekend is.",
        ),
        reports=holding("placement"),
        of_persons=True,
    ),
)
