"""Pilots at a moment, made by hand, and what they measure."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from proeftuin.core.metrics import Metric, measure
from proeftuin.core.pilot import Pilot, Record, Stop
from proeftuin.core.settings import Settings
from proeftuin.core.structs import force_setattr
from tests.unit.core.small import NOW, TODAY, a_pilot, a_track, record, small

WORKFLOW = small(metrics=("placements_started", "persons_placed"))
PAID: dict[str, Any] = {"paid": True, "counts_for_banenafspraak": "yes"}


def ago(days: int) -> date:
    """The day so many days before today."""
    return TODAY - timedelta(days)


def placed(number: int, first: int = -9, last: int | None = None, **data: Any) -> Record:
    """A placement of subject `s<number>` from so many days after today on, up to but not on `last`."""
    until = None if last is None else TODAY + timedelta(last)
    track, cycle = data.pop("track", None), data.pop("cycle", 1)
    facts = {"participant": f"s{number}", "kind": "employment", "weekly_hours": "25.5", **data}
    return record("placement", number, track=track, cycle=cycle, since=TODAY + timedelta(first), until=until, **facts)


def stop(state: str, days: int, phase: str | None = None, *, track: str | None = None) -> Stop:
    """A state come to so many days ago."""
    return Stop(state, ago(days), state if track is None and phase is None else phase, track)


def one_pilot(*records: Record, began: int = 99, path: Iterable[Stop] = (), **changes: Any) -> Pilot:
    """A pilot that began so many days ago, and whose tracks and moves are those of its path."""
    stops = (Stop("first", ago(began), "exploration"), *path)
    data = changes.pop("data", {})
    kinds = changes.pop("kinds", {})
    told = changes.pop("told", {})
    keys = dict.fromkeys(one.track for one in stops if one.track is not None)
    tracks = [a_track(key, kind=kinds.get(key, "supplier")) for key in keys]
    pilot = a_pilot(*records, tracks=tracks, data=data, path=stops, cycle_since=ago(began), **changes)
    for key, facts in told.items():
        track = pilot.tracks[key]
        (visit,) = track.trail
        force_setattr(visit, "data", facts)
    return pilot


def pilots(*held: Iterable[Record], **data: Any) -> list[Pilot]:
    """Pilots p1, p2, ... each holding these records; data is a tuple of one value per pilot."""
    made = []
    for place, records in enumerate(held):
        facts = {name: values[place] for name, values in data.items() if values[place] is not None}
        made.append(one_pilot(*records, id=f"p{place + 1}", data=facts))
    return made


def all_of(found: Iterable[Pilot], *names: str, **more: Any) -> Mapping[str, Metric]:
    """Metrics over pilots, today unless told otherwise."""
    settings = more.pop("settings", Settings())
    workflow = more.pop("workflow", WORKFLOW)
    return measure([(workflow, one) for one in found], names, now=NOW, settings=settings, **more)


def one(found: Iterable[Pilot] | Pilot, name: str, **more: Any) -> Metric:
    """One metric over pilots."""
    return all_of([found] if isinstance(found, Pilot) else found, name, **more)[name]


def shared(metric: Metric) -> tuple[object, str]:
    """A ratio as it is shown, and its two numbers."""
    return metric.value, f"{metric.numerator}/{metric.denominator}"
