"""Metrics of places and placements.

Source of 25.5 hours a week for one counted job: werkgeverslijn.nl, FAQ banenafspraak (2016); kept as a dated setting.
Contract hours stand in for paid hours, so jobs are labelled indicative.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction

from proeftuin.core.frozen import FrozenDict
from proeftuin.core.metrics._base import Definition, Share
from proeftuin.core.pilot import Pilot, Record

STAGES: Mapping[str, tuple[str, ...]] = FrozenDict(
    day_activity=("day_activity", "training"), work_experience=("work_experience",), employment=("employment",)
)
ONE = Fraction(1)


def hours_on(placement: Record, day: date) -> Fraction:
    """Return the weekly contract hours of a placement on a day, after every change of hours up to it."""
    rows = [row for row in placement.data.get("hours", ()) if date.fromisoformat(row["from"]) <= day]
    latest = max(enumerate(rows), key=lambda one: (one[1]["from"], one[0]), default=None)
    return Fraction(latest[1]["weekly_hours"] if latest else placement.data["weekly_hours"])


def _share(placement: Record, amount: Fraction, part: str = "") -> Share:
    data = placement.data
    return Share(amount, part, data.get("participant"), data.get("kind"), placement.track)


def _started(pilot: Pilot, day: date) -> Iterator[Share]:
    return (_share(one, ONE) for one in pilot.kept.get("placement", ()) if one.since <= day)


def _active(pilot: Pilot, day: date) -> Iterator[Share]:
    return (_share(one, ONE) for one in pilot.records("placement", active_on=day))


def _stages(pilot: Pilot, day: date) -> Iterator[Share]:
    for one in pilot.kept.get("placement", ()):
        for stage, kinds in STAGES.items():
            if one.since <= day and one.data.get("kind") in kinds:
                yield _share(one, ONE, stage)


def _paid_hours(pilot: Pilot, day: date) -> Iterator[Share]:
    for one in pilot.records("placement", active_on=day):
        if one.data.get("paid") is True:
            yield _share(one, hours_on(one, day))


def _counted_hours(pilot: Pilot, day: date) -> Iterator[Share]:
    for one in pilot.records("placement", active_on=day):
        counts = one.data.get("counts_for_banenafspraak")
        if one.data.get("paid") is True and counts in {"yes", "unknown"}:
            yield _share(one, hours_on(one, day), "unknown" if counts == "unknown" else "")


def _places(pilot: Pilot, day: date) -> Iterator[Share]:
    for one in pilot.kept.get("agreement", ()):
        if one.on <= day and (one.ended is None or day < one.ended):
            for kind, places in one.data.get("places", {}).items():
                yield Share(Fraction(places), kind, kind=kind, track=one.track)


_INDICATIVE = FrozenDict(
    en="Indicative: from contract hours; the official count uses paid hours.",
    nl="Indicatief: op basis van contracturen; de officiële telling gebruikt verloonde uren.",
)
_BOUND = FrozenDict(
    en="Over several pilots an upper bound: the same person may have another reference in each.",
    nl="Over meer proeftuinen een bovengrens: dezelfde persoon kan in elk een andere verwijzing hebben.",
)

METRICS: Mapping[str, Definition] = FrozenDict(
    {
        one.name: one
        for one in (
            Definition(
                "placements_started",
                "placements",
                _started,
                FrozenDict(en="Placements started", nl="Plaatsingen gestart"),
            ),
            Definition(
                "placements_active", "placements", _active, FrozenDict(en="Placements active", nl="Lopende plaatsingen")
            ),
            Definition(
                "persons_placed",
                "persons",
                _started,
                FrozenDict(en="Persons placed", nl="Geplaatste personen"),
                distinct=True,
                note=_BOUND,
            ),
            Definition(
                "stage_funnel",
                "persons",
                _stages,
                FrozenDict(en="Persons who reached a stage", nl="Personen die een fase bereikten"),
                parts=tuple(STAGES),
                distinct=True,
            ),
            Definition(
                "jobs_25_5",
                "jobs",
                _paid_hours,
                FrozenDict(en="Jobs of 25.5 hours", nl="Banen van 25,5 uur"),
                divisor="job_hours",
                note=_INDICATIVE,
            ),
            Definition(
                "jobs_banenafspraak",
                "jobs",
                _counted_hours,
                FrozenDict(en="Jobs for the Jobs Agreement", nl="Banen voor de banenafspraak"),
                divisor="job_hours",
                extra=("unknown",),
                note=_INDICATIVE,
            ),
            Definition(
                "places_agreed",
                "places",
                _places,
                FrozenDict(en="Places agreed", nl="Afgesproken plekken"),
                parts=("day_activity", "training", "work_experience", "secondment", "employment", "bundled"),
                source="agreement",
            ),
        )
    }
)
