"""Metrics of places and placements: how many, of whom, how far they came."""

from collections.abc import Iterator, Mapping

from proeftuin.core.frozen import FrozenDict
from proeftuin.core.metrics._base import Amount, Definition, Facts, Share, holding, said
from proeftuin.core.pilot import Record

STAGES: Mapping[str, tuple[str, ...]] = FrozenDict(
    day_activity=("day_activity", "training"), work_experience=("work_experience",), employment=("employment",)
)
KINDS = ("day_activity", "training", "work_experience", "secondment", "employment", "bundled")

BOUND = said(
    "Over several pilots an upper bound: the same person may have another reference in each.",
    "Over meer proeftuinen een bovengrens: dezelfde persoon kan in elk een andere verwijzing hebben.",
)


def of_placement(placement: Record, amount: Amount, part: str = "", of: Amount = 0) -> Share:
    """Return what a placement adds: it rests on its participant."""
    data = placement.data
    return Share(amount, part, data.get("participant"), data.get("kind"), placement.track, of)


def _started(facts: Facts) -> Iterator[Share]:
    return (of_placement(one, 1) for one in facts.kept("placement"))


def _active(facts: Facts) -> Iterator[Share]:
    return (of_placement(one, 1) for one in facts.active)


def _stages(facts: Facts) -> Iterator[Share]:
    for one in facts.kept("placement"):
        for stage, kinds in STAGES.items():
            if one.data.get("kind") in kinds:
                yield of_placement(one, 1, stage)


def _places(facts: Facts) -> Iterator[Share]:
    for one in facts.open("agreement"):
        for kind, places in one.data.get("places", {}).items():
            yield Share(places, kind, kind=kind, track=one.track)


PLACEMENTS = (
    Definition(
        "placements_started",
        "placements",
        _started,
        said("Placements started", "Plaatsingen gestart"),
        reports=holding("placement"),
        of_persons=True,
    ),
    Definition(
        "placements_active",
        "placements",
        _active,
        said("Placements active", "Lopende plaatsingen"),
        reports=holding("placement"),
        of_persons=True,
    ),
    Definition(
        "persons_placed",
        "persons",
        _started,
        said("Persons placed", "Geplaatste personen"),
        distinct=True,
        note=BOUND,
        reports=holding("placement"),
        of_persons=True,
    ),
    Definition(
        "stage_funnel",
        "persons",
        _stages,
        said("Persons who reached a stage", "Personen die een fase bereikten"),
        parts=tuple(STAGES),
        distinct=True,
        rates=FrozenDict({stage: ((stage,), ("day_activity",)) for stage in ("work_experience", "employment")}),
        note=BOUND,
        reports=holding("placement"),
        of_persons=True,
        source="De Normaalste Zaak, DJI and Sodexo: day activity, then work experience, then a job",
    ),
    Definition(
        "places_agreed",
        "places",
        _places,
        said("Places agreed", "Afgesproken plekken"),
        parts=KINDS,
        adds=True,
        reports=holding("agreement"),
    ),
)
