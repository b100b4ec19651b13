"""What came of a simulation: one row per pilot, and the figures that are made of the rows."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from attrs import asdict, frozen

from proeftuin.core.metrics import measure
from proeftuin.core.pilot import Pilot
from proeftuin.core.settings import Settings
from proeftuin.core.workflow import Workflow
from proeftuin.simulation._draws import Dice
from proeftuin.simulation._estimates import Estimate, average, middle, quantile, share, total
from proeftuin.simulation._seen import Seen

SETTINGS = Settings()
METRICS = ("persons_placed", "placements_active", "jobs_25_5")
RUNNING = "running"
QUARTER = 3


@frozen
class Row:
    """One simulated pilot.

    Attributes:
        phases: per phase how many days it lay in it, of those that it left.
        lies: the phase in which it lies now.
        reached: per state the day on which it first came there.
        outcome: how it was closed, or `running`.
        stalls: how often it fell still; `still` how many days that lasted together.
        results: per metric its value on each of the days of the figures.
    """

    number: int
    pilot_id: str
    began: date
    phases: Mapping[str, int]
    lies: str
    reached: Mapping[str, date]
    outcome: str
    stalls: int
    still: int
    reminders: int
    escalations: int
    calls: int
    results: Mapping[str, tuple[float, ...]]


@frozen
class Phase:
    """How long pilots lie in a phase, in days.

    Attributes:
        days: the median of those that left it; `ninth` is what nine in ten of those stay below.
        left, lies: how many left it, and how many lie in it at the end: their time is not in the median.
    """

    days: Estimate
    ninth: float | None
    left: int
    lies: int


@frozen
class Figures:
    """The figures of a simulation.

    Attributes:
        phases: lead times, per phase.
        reached: per state, the share of the pilots that came there.
        outcomes: per outcome, the share of the pilots that ended so; `running` for those that have not ended.
        dates: per day and metric, the sum over all pilots.
        stalled: the share of the pilots that fell still at least once.
        stalls: how often a pilot fell still, on average; `still` how many days it was still, altogether.
        reminders, escalations, calls: how many a pilot had, on average.
        waited: how many days a call was waited for, on average.
    """

    pilots: int
    phases: Mapping[str, Phase]
    reached: Mapping[str, Estimate]
    outcomes: Mapping[str, Estimate]
    dates: Mapping[date, Mapping[str, Estimate]]
    stalled: Estimate
    stalls: Estimate
    still: Estimate
    reminders: Estimate
    escalations: Estimate
    calls: Estimate
    waited: float | None

    def as_dict(self) -> dict[str, Any]:
        """Return all of it as plain values."""
        found = asdict(self)
        found["dates"] = {day.isoformat(): one for day, one in found["dates"].items()}
        return found


def days_of(begins: date, ends: date) -> tuple[date, ...]:
    """Return the days of the figures: the last of each quarter, and the last of all."""
    last = ends - timedelta(days=1)
    found, day = [], begins
    while day <= last:
        month = (day.month - 1) // QUARTER * QUARTER + QUARTER + 1
        after = date(day.year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
        found.append(min(after - timedelta(days=1), last))
        day = after
    return tuple(found)


def row_of(seen: Seen, pilot: Pilot, workflow: Workflow, days: Sequence[date], now: datetime) -> Row:
    """Return the row of a pilot, as it is on the last of the days."""
    phases: Counter[str] = Counter()
    reached: dict[str, date] = {}
    spells = zip(seen.moves, [*(on for _, _, on in seen.moves[1:]), None], strict=True)
    for (state, phase, since), until in spells:
        reached.setdefault(state, since)
        if until is not None:
            phases[phase] += (until - since).days
    phases.pop(seen.phase, None)
    results = {
        name: tuple(
            float(measure([(workflow, pilot)], [name], now=now, as_of=day, settings=SETTINGS)[name].exact or 0)
            for day in days
        )
        for name in (METRICS if pilot.counts.get("placement") else ())
    }
    return Row(
        number=seen.number,
        pilot_id=pilot.id,
        began=seen.began,
        phases=dict(phases),
        lies=seen.phase,
        reached=reached,
        outcome=seen.outcome or RUNNING,
        stalls=len(seen.quiet),
        still=sum(((until or days[-1]) - since).days for since, until in seen.quiet),
        reminders=seen.reminders,
        escalations=seen.escalations,
        calls=seen.calls,
        results={name: results.get(name, (0.0,) * len(days)) for name in METRICS},
    )


def figures(
    rows: Sequence[Row], workflow: Workflow, days: Sequence[date], waited: Sequence[int], dice: Dice
) -> Figures:
    """Return the figures of rows."""

    def mean(name: str) -> Estimate:
        return average([float(getattr(one, name)) for one in rows], dice.source("figures", name))

    count = len(rows)
    outcomes = Counter(one.outcome for one in rows)
    return Figures(
        pilots=count,
        phases=dict(_phases(rows, workflow, dice)),
        reached={name: share(sum(name in one.reached for one in rows), count) for name in workflow.states},
        outcomes={name: share(outcomes[name], count) for name in sorted(outcomes)},
        dates={
            day: {
                name: total([one.results[name][place] for one in rows], dice.source("figures", name, day))
                for name in METRICS
            }
            for place, day in enumerate(days)
        },
        stalled=share(sum(one.stalls > 0 for one in rows), count),
        stalls=mean("stalls"),
        still=mean("still"),
        reminders=mean("reminders"),
        escalations=mean("escalations"),
        calls=mean("calls"),
        waited=round(sum(waited) / len(waited) / 86_400, 2) if waited else None,
    )


def _phases(rows: Iterable[Row], workflow: Workflow, dice: Dice) -> Iterator[tuple[str, Phase]]:
    rows = tuple(rows)
    open_states = (one for one in workflow.states.values() if not one.final and one.phase is not None)
    for phase in dict.fromkeys(str(one.phase) for one in open_states):
        days = [float(one.phases[phase]) for one in rows if phase in one.phases]
        lies = sum(one.lies == phase for one in rows)
        ninth = quantile(days, 0.9)
        yield phase, Phase(middle(days, dice.source("figures", "phase", phase)), ninth, len(days), lies)


@frozen
class Effect:
    """What the weekly call changed: pilot by pilot, with calls less without, on average over all pilots.

    Attributes:
        stalls, still: how often a pilot falls still, and how many days it is.
        results: per metric, on the last day.
        reached: per state, how much larger the share is that came there.
    """

    pilots: int
    stalls: Estimate
    still: Estimate
    results: Mapping[str, Estimate]
    reached: Mapping[str, Estimate]


def effect(with_calls: Sequence[Row], without: Sequence[Row], states: Iterable[str], dice: Dice) -> Effect:
    """Return the effect of the calls, over the pilots that began in both."""
    other = {one.number: one for one in without}
    pairs = [(one, other[one.number]) for one in with_calls if one.number in other]

    def less(name: str, values: Iterable[float]) -> Estimate:
        return average(list(values), dice.source("effect", name))

    return Effect(
        pilots=len(pairs),
        stalls=less("stalls", (float(one.stalls - two.stalls) for one, two in pairs)),
        still=less("still", (float(one.still - two.still) for one, two in pairs)),
        results={
            name: less(name, (one.results[name][-1] - two.results[name][-1] for one, two in pairs)) for name in METRICS
        },
        reached={
            state: less(state, (float((state in one.reached) - (state in two.reached)) for one, two in pairs))
            for state in states
        },
    )
