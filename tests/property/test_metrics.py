"""Figures of made-up portfolios: pooled in any order and any parts they are the same, and some can only grow."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from proeftuin.core.metrics import METRICS, Metric
from proeftuin.core.pilot import Episode, Nudge, Pause, Pilot, Record
from proeftuin.core.structs import replace
from tests.unit.core.metrics.people import ago, all_of, one, one_pilot, placed, stop
from tests.unit.core.small import record

KINDS = ("day_activity", "training", "work_experience", "secondment", "employment", "bundled")
PHASES = ("exploration", "commitment", "supplier_talks", "implementation", "evaluation")
NAMES = tuple(METRICS)
GROWING = ("placements_started", "persons_placed", "stall_episodes", "lessons", "exchanges")

days = st.integers(0, 120)
hours = st.sampled_from(("8", "10", "16", "20", "25.5", "28", "32", "36", "0.5"))


@st.composite
def placements(draw: st.DrawFn, number: int) -> Record:
    first = draw(days)
    last = draw(st.none() | st.integers(-10, first))
    facts: dict[str, Any] = {
        "participant": f"s{draw(st.integers(1, 6))}",
        "kind": draw(st.sampled_from(KINDS)),
        "weekly_hours": draw(hours),
        "paid": draw(st.booleans()),
        "counts_for_banenafspraak": draw(st.sampled_from(("yes", "no", "unknown"))),
        "track": draw(st.sampled_from(("a", "b"))),
    }
    if draw(st.booleans()):
        facts["baseline"] = draw(hours)
    if draw(st.booleans()):
        changed = [{"from": ago(draw(days)).isoformat(), "weekly_hours": draw(hours)} for _ in range(2)]
        facts["hours"] = [{"from": ago(first).isoformat(), "weekly_hours": facts["weekly_hours"]}, *changed]
    return placed(number, -first, None if last is None else -last, **facts)


@st.composite
def portfolio_pilots(draw: st.DrawFn, number: int) -> Pilot:
    held: list[Record] = [draw(placements(place)) for place in range(draw(st.integers(0, 6)))]
    held += [record("lesson", place, since=ago(draw(days))) for place in range(draw(st.integers(0, 2)))]
    held += [record("check_in", place, since=ago(draw(days))) for place in range(draw(st.integers(0, 4)))]
    held += [
        record("activity", place, since=ago(draw(days)), type="exchange") for place in range(draw(st.integers(0, 2)))
    ]
    answers = st.sampled_from(("same_or_better", "worse", "left", "unknown"))
    for place, each in enumerate([each for each in held if each.type == "placement"]):
        held.append(
            record("retention", place, since=ago(draw(days)), placement=each.id, weeks=13, answer=draw(answers))
        )
    moves = sorted(draw(st.lists(days, max_size=5)), reverse=True)
    path = [stop(phase, day, phase) for phase, day in zip(PHASES[1:], moves, strict=False)]
    path += [stop(draw(st.sampled_from(("agreed", "declined"))), draw(days), track=key) for key in ("a", "b")]
    begin = draw(days)
    data = {"organisation": draw(st.sampled_from("XYZ")), "category": "catering"}
    return one_pilot(
        *held,
        id=f"p{number}",
        began=120,
        path=path,
        data=data,
        told={key: {"contract_jobs": draw(hours)} for key in draw(st.lists(st.sampled_from("ab"), unique=True))},
        pauses=(Pause(ago(begin), ago(draw(st.integers(0, begin)))),) if draw(st.booleans()) else (),
        episodes=tuple(Episode("stalled", "check_in", ago(draw(days))) for _ in range(draw(st.integers(0, 2)))),
        nudges=tuple(Nudge(ago(draw(days)), ago(draw(days))) for _ in range(draw(st.integers(0, 3)))),
    )


portfolios = st.integers(0, 6).flatmap(lambda size: st.tuples(*(portfolio_pilots(number) for number in range(size))))


def whole(pilots: Sequence[Pilot], **more: Any) -> dict[str, Metric]:
    return dict(all_of(pilots, *NAMES, **more))


def numbers(metric: Metric) -> dict[str, Fraction]:
    """The exact sums of a figure; of a ratio both, part by part."""
    found = {"reported": Fraction(metric.coverage[0]), "asked": Fraction(metric.coverage[1])}
    if metric.unit == "percent":
        for name, ratio in metric.ratios.items():
            above, below = ratio.split("/")
            found |= {f"{name} above": Fraction(above), f"{name} below": Fraction(below)}
        if metric.numerator is not None and metric.denominator is not None:
            found |= {"above": metric.numerator, "below": metric.denominator}
    elif isinstance(metric.value, dict):
        found |= {name: Fraction(value) for name, value in metric.value.items()}
    elif metric.exact is not None:
        found["exact"] = metric.exact
    return found


@given(portfolios, st.randoms(use_true_random=False))
def test_the_order_of_pilots_does_not_matter(pilots: tuple[Pilot, ...], random: Any) -> None:
    """Every figure of a portfolio is the same in whatever order its pilots come."""
    mixed = list(pilots)
    random.shuffle(mixed)
    assert whole(pilots) == whole(mixed)


@given(portfolios, st.integers(1, 3), days)
def test_any_parts_add_up_to_the_whole(pilots: tuple[Pilot, ...], parts: int, day: int) -> None:
    """The sums behind each figure are those of the parts of a portfolio together, whatever the parts, on any day."""
    together = whole(pilots, as_of=ago(day))
    split = [whole(pilots[place::parts], as_of=ago(day)) for place in range(parts)]
    for name in NAMES:
        if METRICS[name].shape in {"median", "distinct"}:
            continue
        summed: dict[str, Fraction] = {}
        for one_part in split:
            for key, number in numbers(one_part[name]).items():
                summed[key] = summed.get(key, Fraction(0)) + number
        assert {key: number for key, number in numbers(together[name]).items() if number} == {
            key: number for key, number in summed.items() if number
        }, name


@given(portfolios)
def test_jobs_do_not_depend_on_which_pilot_they_are_in(pilots: tuple[Pilot, ...]) -> None:
    """Each placement in a pilot of its own makes as many jobs as all of them in one."""
    held = [record_ for pilot in pilots for record_ in pilot.kept.get("placement", ())]
    apart = [one_pilot(each, id=f"q{place}", began=120) for place, each in enumerate(held)]
    unlike = [replace(each, id=f"placement-{place}") for place, each in enumerate(held)]
    for name in ("jobs_25_5", "jobs_banenafspraak", "paid_hours_jobs", "placements_started", "placements_active"):
        assert one(apart, name).exact == one([one_pilot(*unlike, began=120)], name).exact == one(pilots, name).exact


@given(portfolios)
def test_groups_add_up_to_the_total(pilots: tuple[Pilot, ...]) -> None:
    """Of what is counted the groups of a breakdown add up to its total, which is the number without a breakdown."""
    for name in ("placements_started", "placements_active", "persons_placed", "lessons", "pilots_by_phase"):
        found = one(pilots, name, by=["organisation"])
        assert found.total == sum(found.value.values())
    assert one(pilots, "placements_started").value == one(pilots, "placements_started", by=["kind"]).total


@given(portfolios, days, days)
def test_what_has_happened_stays(pilots: tuple[Pilot, ...], one_day: int, other: int) -> None:
    """What counts everything up to a day is never less on a later one, and neither is any stage of the funnel."""
    earlier, later = sorted((ago(one_day), ago(other)))
    before, after = (all_of(pilots, *GROWING, "stage_funnel", as_of=day) for day in (earlier, later))
    assert [] == [name for name in GROWING if before[name].value > after[name].value]
    assert all(after["stage_funnel"].value[stage] >= number for stage, number in before["stage_funnel"].value.items())


@given(portfolios)
def test_every_pilot_is_in_one_phase_on_every_day(pilots: tuple[Pilot, ...]) -> None:
    """Phases, outcomes and the states of suppliers each add up to how many there are."""
    for day in range(0, 121, 15):
        found = all_of(
            pilots, "pilots_by_phase", "pilots_by_outcome", "track_response", "tracks_by_state", as_of=ago(day)
        )
        assert (
            len(pilots)
            == sum(found["pilots_by_phase"].value.values())
            == sum(found["pilots_by_outcome"].value.values())
        )
        tracks = sum(one.track is not None and one.since <= ago(day) for pilot in pilots for one in pilot.path)
        assert tracks == sum(found["track_response"].value.values()) == sum(found["tracks_by_state"].value.values())


@given(portfolios)
def test_hiding_small_numbers_changes_no_other(pilots: tuple[Pilot, ...]) -> None:
    """A number that is shown to whoever is outside is the one that the team sees, and ratios of hidden ones are not."""
    team, outside = whole(pilots), whole(pilots, suppress=True)
    for name in NAMES:
        pairs = pairwise((outside[name].value, team[name].value))
        for shown, known in pairs:
            values = shown.items() if isinstance(shown, dict) else [("", shown)]
            for part, number in values:
                assert number in {"<5", "withheld", known[part] if isinstance(known, dict) else known}, name
        if isinstance(outside[name].value, dict) and "withheld" in outside[name].value.values():
            assert {} == outside[name].ratios
