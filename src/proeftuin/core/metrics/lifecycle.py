"""Metrics of the pilots themselves: where they are and how long, how they ended, how long each phase took."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from proeftuin.core.metrics._base import Definition, Facts, Share, said
from proeftuin.core.pilot import Pilot

OPEN_PHASES = ("exploration", "commitment", "supplier_talks", "implementation", "evaluation")
CLOSED = "closed"
RUNNING = "running"
NONE = "none"


def _phases(facts: Facts) -> Iterator[Share]:
    yield Share(1, facts.phase or NONE)


def _outcomes(facts: Facts) -> Iterator[Share]:
    yield Share(1, (facts.pilot.outcome or NONE) if facts.closed else RUNNING)


def _held(pilot: Pilot, begin: date, end: date) -> int:
    """Return on how many days between two a pilot was on hold."""
    held = ((max(one.since, begin), end if one.until is None else min(one.until, end)) for one in pilot.pauses)
    return sum(max(0, (until - since).days) for since, until in held)


def _lead_times(facts: Facts) -> Iterator[Share]:
    """Give how long each phase took that the pilot has left, all its rounds together, without the days on hold."""
    days: dict[str, int] = {}
    for one, after in pairwise(facts.stops):
        spent = (after.since - one.since).days - _held(facts.pilot, one.since, after.since)
        days[one.phase or NONE] = days.get(one.phase or NONE, 0) + spent
    days.pop(facts.phase or NONE, None)
    return (Share(spent, phase) for phase, spent in days.items())


def _ages(facts: Facts) -> Iterator[Share]:
    """Give how long an open pilot has been in its state, without the days on hold."""
    if facts.stops and not facts.closed:
        since, day = facts.stops[-1].since, facts.day
        yield Share((day - since).days - _held(facts.pilot, since, day), facts.state)


LIFECYCLE = (
    Definition(
        "pilots_by_phase",
        "pilots",
        _phases,
        said("Pilots per phase", "Proeftuinen per fase"),
        parts=(*OPEN_PHASES, CLOSED),
        open_parts=True,
        adds=True,
    ),
    Definition(
        "pilots_by_outcome",
        "pilots",
        _outcomes,
        said("Pilots per outcome", "Proeftuinen per uitkomst"),
        parts=(RUNNING, "embedded", "follow_up", "ended", "stopped"),
        open_parts=True,
        adds=True,
    ),
    Definition(
        "lead_time",
        "days",
        _lead_times,
        said("Days per phase", "Dagen per fase"),
        shape="median",
        parts=OPEN_PHASES,
        note=said(
            "The median over pilots that have left the phase, without days on hold; n is how many.",
            "De mediaan over proeftuinen die de fase achter zich hebben, zonder dagen in pauze; n is hoeveel.",
        ),
    ),
    Definition(
        "days_in_state",
        "days",
        _ages,
        said("Days in the present state", "Dagen in de huidige status"),
        shape="median",
        open_parts=True,
        note=said(
            "The median over open pilots that are in the state, without days on hold; n is how many.",
            "De mediaan over lopende proeftuinen die in de status zijn, zonder dagen in pauze; n is hoeveel.",
        ),
    ),
)
