"""Metrics of how a pilot is kept going: signs of life, silences, what was learned and told.

Source: De Normaalste Zaak and PIANOo: spurring on and monitoring are the heart of it once the paper is done.
"""

from collections.abc import Iterator
from datetime import timedelta

from proeftuin.core.metrics._base import ONE_DAY, Definition, Facts, Share, holding, said, telling
from proeftuin.core.metrics.lifecycle import CLOSED, NONE, OPEN_PHASES

STALLED = "stalled"
WEEK = 7


def _weeks(facts: Facts) -> Iterator[Share]:
    """Give each whole calendar week in which the pilot ran, and whether somebody checked in."""
    stops = facts.stops
    if not stops:
        return
    end = stops[-1].since if facts.closed else facts.day + ONE_DAY
    # Day 1 is a Monday, so week 0 is that of days 1 to 7.
    weeks = set(range(-((1 - stops[0].since.toordinal()) // WEEK), (end.toordinal() - 1) // WEEK))
    for one in facts.pilot.pauses:
        until = end if one.until is None else one.until
        if one.since < until:
            weeks.difference_update(range((one.since.toordinal() - 1) // WEEK, (until.toordinal() - 2) // WEEK + 1))
    checked = {(one.dated.toordinal() - 1) // WEEK for one in facts.happened("check_in")}
    if weeks:
        yield Share(len(weeks & checked), of=len(weeks))


def _stalls(facts: Facts) -> Iterator[Share]:
    return (Share(1) for one in facts.pilot.episodes if one.signal == STALLED and one.since <= facts.day)


def _nudges(facts: Facts) -> Iterator[Share]:
    """Give each reminder long enough ago, and whether a person did something in time after it."""
    within = timedelta(facts.settings.whole("nudge_days", facts.day))
    for one in facts.pilot.nudges:
        if one.on + within <= facts.day:
            yield Share(int(one.answered is not None and one.answered <= one.on + within), of=1)


def _stories(facts: Facts) -> Iterator[Share]:
    return (Share(1) for one in facts.kept("story") if one.ended is None)


def _lessons(facts: Facts) -> Iterator[Share]:
    return (Share(1) for _ in facts.kept("lesson"))


def _lessons_by_phase(facts: Facts) -> Iterator[Share]:
    """Give each lesson in the phase in which the pilot was when it was recorded."""
    for one in facts.kept("lesson"):
        phases = [stop.phase for stop in facts.stops if stop.since <= one.on]
        yield Share(1, (phases[-1] if phases else facts.phase) or NONE)


def _exchanges(facts: Facts) -> Iterator[Share]:
    return (Share(1) for one in facts.happened("activity") if one.data.get("type") == "exchange")


MONITORING = (
    Definition(
        "checkin_rate",
        "percent",
        _weeks,
        said("Weeks with a check-in", "Weken met een teken van leven"),
        shape="ratio",
        note=said(
            "Of the calendar weeks in which the pilot ran from Monday to Sunday, and was on hold on no day.",
            "Van de kalenderweken waarin de proeftuin van maandag tot zondag liep, en op geen dag gepauzeerd was.",
        ),
        reports=telling("check_in"),
    ),
    Definition("stall_episodes", "episodes", _stalls, said("Times fallen still", "Keren stilgevallen")),
    Definition(
        "nudge_success",
        "percent",
        _nudges,
        said("Reminders that helped", "Herinneringen die hielpen"),
        shape="ratio",
        note=said(
            "Of the days on which the clock for a sign of life told somebody, at least 14 days ago: after how many a"
            " person did something within 14 days.",
            "Van de dagen waarop de termijn voor een teken van leven iemand iets meldde, minstens 14 dagen geleden: na"
            " hoeveel er binnen 14 dagen iemand iets deed.",
        ),
        reports=lambda facts: any(one.on <= facts.day for one in facts.pilot.nudges),
    ),
    Definition(
        "stories",
        "stories",
        _stories,
        said("Stories shared", "Gedeelde verhalen"),
        note=said(
            "With a consent that stands; a story that was withdrawn counts on no day any more.",
            "Met toestemming die geldt; een verhaal dat is ingetrokken, telt voor geen enkele dag meer mee.",
        ),
        reports=holding("story"),
    ),
    Definition("lessons", "lessons", _lessons, said("Lessons", "Lessen"), reports=holding("lesson")),
    Definition(
        "lessons_by_phase",
        "lessons",
        _lessons_by_phase,
        said("Lessons per phase", "Lessen per fase"),
        parts=(*OPEN_PHASES, CLOSED),
        open_parts=True,
        adds=True,
        reports=holding("lesson"),
    ),
    Definition(
        "exchanges",
        "exchanges",
        _exchanges,
        said("Exchanges of knowledge held", "Gehouden kennisuitwisselingen"),
        reports=telling("activity"),
    ),
)
