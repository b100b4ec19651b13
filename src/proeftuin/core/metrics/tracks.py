"""Metrics of tracks: where suppliers, procurements, contracts and categories are, and how suppliers answered."""

from collections.abc import Iterator

from proeftuin.core.frozen import FrozenDict
from proeftuin.core.metrics._base import Definition, Facts, Share, said

SUPPLIER = "supplier"
WITH_AGREEMENT = ("agreed", "delivering", "completed", "withdrawn")
ANSWERED = (*WITH_AGREEMENT, "declined", "lapsed")
RESPONSES = ("identified", "invited", "talking", "willing", *ANSWERED, "parked")


def _responses(facts: Facts) -> Iterator[Share]:
    for key, state in facts.tracks.items():
        if facts.pilot.tracks[key].kind == SUPPLIER:
            yield Share(1, state, track=key)


def _states(facts: Facts) -> Iterator[Share]:
    for key, state in facts.tracks.items():
        yield Share(1, f"{facts.pilot.tracks[key].kind}.{state}", track=key)


def _has_tracks(facts: Facts) -> bool:
    return bool(facts.tracks)


TRACKS = (
    Definition(
        "track_response",
        "tracks",
        _responses,
        said("What suppliers answered", "Wat leveranciers antwoordden"),
        parts=RESPONSES,
        adds=True,
        rates=FrozenDict(agreement_rate=(WITH_AGREEMENT, ANSWERED)),
        note=said(
            "Each supplier in the state that it is in; the agreement rate is of those that agreed (and what came after)"
            ", declined or let it lapse.",
            "Elke leverancier in de stand waarin die is; het aandeel afspraken is van wie afsprak (en wat daarna kwam)"
            ", bedankte of het liet verlopen.",
        ),
        reports=_has_tracks,
    ),
    Definition(
        "tracks_by_state",
        "tracks",
        _states,
        said("Tracks per state", "Sporen per stand"),
        open_parts=True,
        adds=True,
        reports=_has_tracks,
    ),
)
