"""A portfolio as a value: what came of many pilots, and what each of them waits for.

Pilots are gone through once; of all but the quietest only sums are kept. So a portfolio of any size takes the memory of
its groups, and of as many waiting pilots as were asked for.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from attrs import frozen

from proeftuin import door
from proeftuin.core.frozen import EMPTY, FrozenDict
from proeftuin.core.metrics import METRICS, Facts, Meter, Metric, Target, Targets, begins
from proeftuin.core.pilot import Pilot
from proeftuin.core.settings import Settings
from proeftuin.core.workflow import Workflow
from proeftuin.figures import Filters, Ids, listed, looked_at, measured, missing, without
from proeftuin.gathering import Missed
from proeftuin.reading import Reader, Seen, every
from proeftuin.waiting import Quietest, Shows, Waiting, everything, waiting

ONE_DAY = timedelta(days=1)
NAMES = (
    "pilots_by_phase", "pilots_by_outcome", "lead_time", "days_in_state", "stall_episodes", "checkin_rate",
    "nudge_success",
    "tracks_by_state", "track_response", "places_agreed", "placements_active", "persons_placed", "stage_funnel",
    "jobs_25_5", "jobs_banenafspraak", "retention_w", "instruments_in_use", "sroi_value", "sroi_fulfilment",
    "social_spend", "social_share_value", "social_share_count", "choice_coverage", "stories", "lessons",
    "lessons_by_phase", "exchanges",
)  # fmt: skip


@frozen
class Eyes:
    """What somebody sees of a portfolio.

    Attributes:
        among: the workflows of whose pilots the figures are; None means all.
        told: those whose pilots are also shown one by one.
        suppress: whether small groups are hidden.
        shows: cuts a move to what may be seen of it.
        sees: tells which terms are seen.
    """

    among: Collection[str] | None = None
    told: Collection[str] | None = None
    suppress: bool = False
    shows: Shows = everything
    sees: Seen = every


@frozen
class Portfolio:
    """What came of pilots, as of a day, and what they wait for now.

    Attributes:
        at: the moment at which it was made.
        as_of: the day that the figures hold for.
        pilots: how many had begun by then; the phases add up to it.
        figures: per name; each with its coverage, and the number of its definition.
        targets: what goals want, and what there is of it.
        overdue: on how many a term is due now; None where ids or a day were asked for, or pilots are not shown.
        open: how many are open now; None where pilots are not shown.
        waiting: the quietest of these, as many as were asked for; none for an earlier day.
        flow: `pilots_by_phase` at the end of each month before the day, as many as were asked for, and on the day.
        missing: how many pilots all of this is without, as they could not be read.
        unreadable: the ids of these; none where pilots are not shown.
    """

    at: datetime
    as_of: date
    pilots: int
    figures: Mapping[str, Metric]
    targets: tuple[Target, ...]
    overdue: int | None
    open: int | None
    waiting: tuple[Waiting, ...]
    flow: tuple[Metric, ...] = ()
    missing: int = 0
    unreadable: tuple[str, ...] = ()


def portfolio(
    reader: Reader,
    *,
    pilots: Ids = None,
    as_of: date | str | None = None,
    since: date | str | None = None,
    limit: int = 100,
    months: int = 0,
    filters: Filters = EMPTY,
    eyes: Eyes = Eyes(),  # a frozen value
) -> Portfolio:
    """Return a portfolio as somebody sees it; the other arguments are those of `Engine.portfolio`."""
    wanted, missed = listed(pilots), Missed()
    now, settings, day, first = reader.now(), reader.settings, door.as_of(as_of), door.day("since", since)
    targets, quiet, flow = Targets(), Quietest(door.count("limit", limit)), Flow(door.count("months", months))

    def noted() -> Iterator[tuple[Workflow, Pilot]]:
        for workflow, pilot in looked_at(reader, wanted, filters, eyes.among, missed):
            if eyes.told is None or workflow.id in eyes.told:
                quiet.add(workflow, pilot)
            today = day or now.astimezone(reader.shown(workflow.id).zone).date()
            targets.add(Facts(workflow, pilot, today, begins(first, today), settings))
            flow.add(workflow, pilot, today, settings)
            yield workflow, pilot

    figures = _measured(noted(), eyes, now=now, settings=settings, as_of=day, since=first)
    held, lost = figures["pilots_by_phase"], missing(reader, missed, eyes.among)
    return Portfolio(
        at=now,
        as_of=held.as_of,
        pilots=held.coverage[1],
        figures=FrozenDict({name: without(one, lost) for name, one in figures.items()}),
        targets=tuple(targets.all(held.as_of, settings, _smallest(settings, held.as_of, eyes))),
        overdue=_overdue(reader, filters, eyes, missed) if day is None and wanted is None else None,
        open=None if eyes.told is not None and not eyes.told else quiet.open,
        waiting=() if day is not None else tuple(_waiting(reader, quiet, now, eyes.shows)),
        flow=tuple(without(one, lost) for one in flow.all(settings)),
        missing=lost,
        unreadable=tuple(name for name, one in missed.items() if eyes.told is None or one in eyes.told),
    )


class Flow:
    """How many pilots lay in each phase at the end of months gone by, as pilots are added.

    Args:
        months: how many; the day of the first pilot is the day that they lead to.
    """

    def __init__(self, months: int) -> None:
        self._months = months
        self._meters: dict[date, Meter] = {}

    def add(self, workflow: Workflow, pilot: Pilot, day: date, settings: Settings) -> None:
        """Add one pilot."""
        if self._months and not self._meters:
            self._meters = {one: Meter(METRICS["pilots_by_phase"]) for one in (*_ends(day, self._months), day)}
        for one, meter in self._meters.items():
            meter.add(Facts(workflow, pilot, one, one, settings))

    def all(self, settings: Settings) -> Iterator[Metric]:
        """Give the figures, the earliest day first."""
        return (meter.metric(day, day, settings, None) for day, meter in self._meters.items())


def _ends(day: date, months: int) -> list[date]:
    """Return the last days of so many months before a day, in order."""
    ends: list[date] = []
    first = day.replace(day=1)
    while len(ends) < months and first > date.min:
        ends.append(first - ONE_DAY)
        first = ends[-1].replace(day=1)
    return ends[::-1]


def _measured(found: Iterator[tuple[Workflow, Pilot]], eyes: Eyes, **asked: Any) -> Mapping[str, Metric]:  # noqa: ANN401  # those of `measured`
    """Return the figures of a portfolio; one that cannot be given tells why."""
    return measured(found, NAMES, suppress=eyes.suppress, lenient=True, **asked)


def _smallest(settings: Settings, day: date, eyes: Eyes) -> int | None:
    """Return the size under which a group is hidden, None where none is."""
    return settings.whole("small_cell", day) if eyes.suppress else None


def _waiting(reader: Reader, quiet: Quietest, now: datetime, shows: Shows) -> Iterator[Waiting]:
    for stored in reader.looked_at(quiet.ids(), EMPTY):
        yield waiting(reader.table(stored), reader.ahead(stored, now), now, reader.settings, shows)


def _overdue(reader: Reader, filters: Filters, eyes: Eyes, missed: Missed) -> int | None:
    """Return on how many a term is due, of those that can be read."""
    if eyes.told is not None and not eyes.told:
        return None
    found = reader.each(**{**filters, "overdue": True, "seen": eyes.sees})
    return sum(one.id not in missed and (eyes.told is None or one.workflow in eyes.told) for one in found)
