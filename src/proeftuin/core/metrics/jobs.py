"""Metrics of hours: how many jobs they make, and how many they could.

Source of 25.5 hours a week for one counted job: werkgeverslijn.nl, FAQ banenafspraak (2016); kept as a dated setting.
The official count uses paid hours. These figures use contract hours, so each is labelled indicative.

Source of what part of the jobs in catering and cleaning could suit: De Normaalste Zaak and PIANOo, Handreiking
Partnership en inkoopkracht (2020); of other categories nobody says it, so it is refused there.
"""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from itertools import pairwise

from proeftuin.core.frozen import FrozenDict
from proeftuin.core.metrics._base import ONE_DAY, Definition, Facts, Share, exact, holding, said
from proeftuin.core.metrics._refusals import unknown_potential
from proeftuin.core.metrics.placements import of_placement
from proeftuin.core.pilot import Record

INDICATIVE = said(
    "Indicative: from contract hours; the official count uses paid hours.",
    "Indicatief: op basis van contracturen; de officiële telling gebruikt verloonde uren.",
)
SOURCE = "werkgeverslijn.nl, FAQ banenafspraak, 10-11-2016"


def hours_on(placement: Record, day: date) -> Fraction:
    """Return the weekly contract hours of a placement on a day, after every change of hours up to it."""
    row = placement.row("hours", day)
    return exact((placement.data if row is None else row)["weekly_hours"])


def _paid(facts: Facts) -> Iterator[Share]:
    for one in facts.active:
        if one.data.get("paid") is True:
            yield of_placement(one, hours_on(one, facts.day))


def _counted(facts: Facts) -> Iterator[Share]:
    for one in facts.active:
        counts = one.data.get("counts_for_banenafspraak")
        if one.data.get("paid") is True and counts in {"yes", "unknown"}:
            yield of_placement(one, hours_on(one, facts.day), "unknown" if counts == "unknown" else "")


def _baselines(facts: Facts) -> dict[str | None, Fraction]:
    """Return the baseline of each track that has one, in hours a week: the last told with a placement on it.

    A placement that goes on from another has only a copy, which is of the track that it came from.
    """
    told = [one for one in facts.kept("placement") if one.first is None and one.data.get("baseline") is not None]
    return {one.track: exact(one.data["baseline"]) for one in sorted(told, key=lambda one: one.on)}


def _extra(facts: Facts) -> Iterator[Share]:
    """Give hours beyond the baseline, of tracks that have one; and how many tracks have, and have placements at all."""
    baselines = _baselines(facts)
    for share in _counted(facts):
        if share.part == "" and share.track in baselines:
            yield share
    for track, hours in baselines.items():
        yield Share(-hours, track=track)
        yield Share(1, "with_baseline", track=track)
    for track in dict.fromkeys(one.track for one in facts.kept("placement")):
        yield Share(1, "with_placements", track=track)


def _paid_hours(facts: Facts) -> Iterator[Share]:
    """Give weekly hours on average over the period: of each day in it what the contract then said."""
    days = (facts.day - facts.since).days + 1
    for one in facts.kept("placement"):
        if one.data.get("paid") is True:
            begin, end = max(one.since, facts.since), facts.day + ONE_DAY
            if one.until is not None:
                end = min(end, one.until)
            if begin < end:
                yield of_placement(one, _hours_between(one, begin, end) / days)


def _hours_between(placement: Record, begin: date, end: date) -> Fraction:
    """Return the sum over days of the weekly hours, from a day up to but not on another."""
    changes = sorted({date.fromisoformat(one["from"]) for one in placement.data.get("hours", ())})
    edges = [begin, *(one for one in changes if begin < one < end), end]
    spells = ((after - day).days * hours_on(placement, day) for day, after in pairwise(edges))
    return sum(spells, Fraction(0))


def _potential(facts: Facts, *, high: bool) -> Iterator[Share]:
    category = str(facts.pilot.data.get("category") or "")
    rate = facts.settings.potential(category, facts.day)
    if rate is None:
        raise unknown_potential(facts, category or "-", facts.settings.potentials)
    share = exact(rate.high if high else rate.low) / 100
    for key in facts.tracks:
        jobs = facts.pilot.tracks[key].data.get("contract_jobs")
        if jobs is not None:
            yield Share(exact(jobs) * share, track=key)


def _low(facts: Facts) -> Iterator[Share]:
    return _potential(facts, high=False)


def _high(facts: Facts) -> Iterator[Share]:
    return _potential(facts, high=True)


def _tells_jobs(facts: Facts) -> bool:
    return any("contract_jobs" in facts.pilot.tracks[key].data for key in facts.tracks)


_RANGE = said(
    "One end of a range: how many jobs in the contract could suit, not how many will.",
    "Eén kant van een bandbreedte: hoeveel banen in het contract geschikt kunnen zijn, niet hoeveel het er worden.",
)

JOBS = (
    Definition(
        "jobs_25_5",
        "jobs",
        _paid,
        said("Jobs of 25.5 hours", "Banen van 25,5 uur"),
        divisor="job_hours",
        note=INDICATIVE,
        reports=holding("placement"),
        of_persons=True,
        source=SOURCE,
    ),
    Definition(
        "jobs_banenafspraak",
        "jobs",
        _counted,
        said("Jobs for the Jobs Agreement", "Banen voor de banenafspraak"),
        divisor="job_hours",
        beside=FrozenDict(unknown="jobs"),
        note=said(
            f"{INDICATIVE['en']} A job counts once: for the client or for the supplier, not for both.",
            f"{INDICATIVE['nl']} Een baan telt één keer: voor opdrachtgever of opdrachtnemer, niet voor beide.",
        ),
        reports=holding("placement"),
        of_persons=True,
        source=SOURCE,
    ),
    Definition(
        "jobs_extra",
        "jobs",
        _extra,
        said("Jobs for the Jobs Agreement beyond the baseline", "Banen voor de banenafspraak boven de nulmeting"),
        divisor="job_hours",
        beside=FrozenDict(with_baseline="tracks", with_placements="tracks"),
        note=said(
            f"{INDICATIVE['en']} Of suppliers that told their baseline alone.",
            f"{INDICATIVE['nl']} Alleen van leveranciers die hun nulmeting hebben opgegeven.",
        ),
        reports=lambda facts: bool(_baselines(facts)),
        of_persons=True,
        source=SOURCE,
    ),
    Definition(
        "paid_hours_jobs",
        "jobs",
        _paid_hours,
        said("Jobs of 25.5 hours over the period", "Banen van 25,5 uur over de periode"),
        divisor="job_hours",
        over_period=True,
        note=INDICATIVE,
        reports=holding("placement"),
        of_persons=True,
        source=SOURCE,
    ),
    *(
        Definition(
            f"potential_{end}",
            "jobs",
            shares,
            said(f"Jobs in the contract that could suit, {word}", f"Mogelijk geschikte banen in het contract, {woord}"),
            note=_RANGE,
            reports=_tells_jobs,
            source="De Normaalste Zaak, PIANOo: Partnership en inkoopkracht (2020); catering and cleaning alone",
        )
        for end, shares, word, woord in (("low", _low, "at least", "minstens"), ("high", _high, "at most", "hoogstens"))
    ),
)
